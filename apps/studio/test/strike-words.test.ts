import type { AttentionTrace } from '@heed/visualization';
import { expect, test } from 'vitest';
import { strikeWords } from '../src/page/tasks/words.js';

const traceOver = (tokens: string[]): AttentionTrace => ({
  version: 1,
  task: 'translation',
  input: { kind: 'tokens', text: '', tokens },
  output: { text: '', tokens: [] },
  weights: [],
});

test('the end of a sentence is none of its words', () => {
  const trace = traceOver(['Un', 'chien', '.', '</s>']);
  expect(strikeWords('Un chien.', trace, [1, 3])).toBe('Un .');
  expect(strikeWords('Un chien.', trace, [3])).toBeUndefined();
});
