import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useBackend } from '@heed/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { evaluateSpeechRecognizer, SpeechRecognizer } from '../src/index.js';
import { featuresOf, openRecordings, openSpeech } from '../src/node/index.js';

beforeAll(async () => void (await useBackend()));

const an4 = join(resolve(process.env.HEED_DATA ?? '../shared/data'), 'an4');

/** More than the error rate that the card gives, since these are the first utterances alone. */
const shipped = [
  { name: 'speech-recognition-an4-characters', most: 12 },
  { name: 'speech-recognition-an4-phonemes', most: 12 },
];

describe.skipIf(!existsSync(an4))('AN4’s first test utterances (skipped unless HEED_DATA holds an4)', () => {
  test.each(shipped)('are heard by $name', async ({ name, most }) => {
    const recognizer = await SpeechRecognizer.load(
      fileURLToPath(new URL(`../../pretrained/${name}`, import.meta.url)),
    );
    const { config } = recognizer;
    const reader = await openSpeech(an4);
    const utterances = (await reader.read('test')).utterances.slice(0, 24);
    const recordings = await openRecordings(utterances, config.symbols, reader);
    const { errorRates } = await evaluateSpeechRecognizer(recognizer, await featuresOf(recordings, config));
    console.log(`${name}: ${errorRates.map((rate) => `${rate.name} ${rate.score.toFixed(1)}`)}`);
    expect(errorRates[0]?.score).toBeLessThan(most);
    recognizer.dispose();
  });
});
