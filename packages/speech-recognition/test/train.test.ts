import { fileURLToPath } from 'node:url';
import { useBackend } from '@heed/backend';
import { MemoryCheckpoints } from '@heed/training';
import { beforeAll, expect, test } from 'vitest';
import {
  alignmentError,
  evaluateSpeechRecognizer,
  isTones,
  type SpeechConfig,
  SpeechRecognizer,
  speechPresets,
  syntheticTones,
  type ToneUtterance,
  trainSpeechRecognizer,
  trainSpeechTokenizer,
} from '../src/index.js';
import { featuresOf, openRecordings } from '../src/node/index.js';

beforeAll(async () => void (await useBackend()));

const read = async (utterances: readonly ToneUtterance[], config: SpeechConfig) =>
  featuresOf(await openRecordings(utterances, config.symbols), config);

test('tones, a hundred and fifty steps: most are heard', async () => {
  const { tones } = speechPresets;
  const steps = 150;
  const config: SpeechConfig = {
    ...tones,
    training: {
      ...tones.training,
      steps,
      batchFrames: 1500,
      stepsPerValidation: steps,
      validationUtterances: 10,
      learningRate: { peak: 6e-3, warmUp: 20, decay: 'cosine' },
    },
  };
  const [train, held] = [syntheticTones({ count: 300, seed: 11 }), syntheticTones({ count: 30, seed: 12 })];
  const losses: number[] = [];
  const { recognizer } = await trainSpeechRecognizer({
    config,
    train: await read(train, config),
    validation: await read(held.slice(0, 10), config),
    tokenizer: trainSpeechTokenizer(
      train.map(({ phonemes }) => phonemes),
      config.tokenizer,
    ),
    seed: 1,
    store: new MemoryCheckpoints(),
    dataDigest: 'tones',
    observers: [{ onStep: ({ loss }) => void losses.push(loss) }],
  });
  const { errorRates, seconds } = await evaluateSpeechRecognizer(recognizer, await read(held, config));
  const [per] = errorRates;
  console.log(
    `tones: loss ${losses[0]?.toFixed(2)} at first, ${losses.at(-1)?.toFixed(2)} at last; PER ${per?.score}`,
  );
  expect(per?.name).toBe('PER');
  expect(per?.score).toBeLessThan(40);
  expect(per?.low).toBeLessThanOrEqual(per?.score as number);
  expect(seconds).toBeGreaterThan(15);
  recognizer.dispose();
});

test('the shipped model of tones hears nearly all of them, and attends to each while it sounds', async () => {
  const shipped = fileURLToPath(new URL('../../pretrained/speech-recognition-tones', import.meta.url));
  const recognizer = await SpeechRecognizer.load(shipped);
  const held = syntheticTones({ count: 30, seed: 13 });
  expect(held.every(isTones)).toBe(true);
  const inputs = await read(held, recognizer.config);
  const { errorRates, recognitions } = await evaluateSpeechRecognizer(recognizer, inputs);
  const [per] = errorRates;
  const { symbols, inside, distance } = alignmentError(held, recognitions, per?.alignments ?? []);
  expect(per?.score).toBeLessThan(5);
  expect(symbols).toBe(per?.hits);
  expect(inside).toBeGreaterThan(0.7);
  expect(distance).toBeLessThan(0.08);
  recognizer.dispose();
});

test('what cannot be trained on is an error that names the option', async () => {
  const config = {
    ...speechPresets.tones,
    training: { ...speechPresets.tones.training, maximumSeconds: 0.1 },
  };
  const train = await read(syntheticTones({ count: 2, seed: 1 }), config);
  const tokenizer = trainSpeechTokenizer(['low rise'], config.tokenizer);
  const options = {
    config,
    train,
    validation: train,
    tokenizer,
    seed: 1,
    store: new MemoryCheckpoints(),
    dataDigest: '',
  };
  await expect(trainSpeechRecognizer(options)).rejects.toThrow(
    /none of 2 utterances has 1 to .*maximumSeconds/,
  );
  const fitting = { ...options, config: speechPresets.tones };
  await expect(trainSpeechRecognizer({ ...fitting, validation: [] })).rejects.toThrow(
    /no validation utterances/,
  );
});
