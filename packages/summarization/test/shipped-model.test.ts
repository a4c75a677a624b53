import { fileURLToPath } from 'node:url';
import { useBackend } from '@heed/backend';
import { beforeAll, expect, test } from 'vitest';
import { Summarizer } from '../src/index.js';

beforeAll(async () => void (await useBackend()));

test('the shipped model makes headlines of what their articles are about, and looks at the words that it copies', async () => {
  const summarizer = await Summarizer.load(
    fileURLToPath(new URL('../../pretrained/summarization-arxiv', import.meta.url)),
  );
  const { text, attention } = await summarizer.summarize(
    'Mobile robots in warehouses must plan paths that do not collide. We present a distributed algorithm in which every ' +
      'robot plans alone and negotiates with its neighbours where paths cross.',
  );
  console.log(text);
  expect(text).toMatch(/robot/);
  const { input, output, weights } = attention!;
  const robots = output.tokens.findIndex((word) => word.startsWith('robot'));
  const row = weights[robots] as readonly number[];
  expect(input.tokens[row.indexOf(Math.max(...row))]).toMatch(/^(mobile|robots?)$/i);
  summarizer.dispose();
});
