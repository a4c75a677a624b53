import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useBackend } from '@heed/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { evaluateSpeechRecognizer, SpeechRecognizer } from '../src/index.js';
import { featuresOf, openRecordings, openSpeech } from '../src/node/index.js';

beforeAll(async () => void (await useBackend()));

const an4 = join(resolve(process.env.HEED_DATA ?? '../shared/data'), 'an4');

const shipped = ['speech-recognition-an4-characters', 'speech-recognition-an4-phonemes'];
/** More than the error rates that the cards give, since these are the first utterances alone. */
const MOST_ERRORS = 12;

describe.skipIf(!existsSync(an4))('AN4’s first test utterances (skipped unless HEED_DATA holds an4)', () => {
  test.each(shipped)('are heard by %s', async (name) => {
    const recognizer = await SpeechRecognizer.load(
      fileURLToPath(new URL(`../../pretrained/${name}`, import.meta.url)),
    );
    const { config } = recognizer;
    const reader = await openSpeech(an4);
    const utterances = (await reader.read('test')).utterances.slice(0, 24);
    const recordings = await openRecordings(utterances, config.symbols, reader);
    const { errorRates } = await evaluateSpeechRecognizer(recognizer, await featuresOf(recordings, config));
    console.log(`${name}: ${errorRates.map((rate) => `${rate.name} ${rate.score.toFixed(1)}`)}`);
    expect(errorRates[0]?.score).toBeLessThan(MOST_ERRORS);
    recognizer.dispose();
  });
});
