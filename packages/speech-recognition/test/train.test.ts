import { useBackend } from '@heed/backend';
import { MemoryCheckpoints } from '@heed/training';
import { beforeAll, expect, test } from 'vitest';
import {
  alignmentError,
  evaluateSpeechRecognizer,
  isTones,
  type SpeechConfig,
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

test('tones, two hundred steps: most are heard, and when they sound', async () => {
  const { tones } = speechPresets;
  const steps = 200;
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
  const [train, held] = [syntheticTones({ count: 400, seed: 11 }), syntheticTones({ count: 40, seed: 12 })];
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
  const { errorRates, recognitions, seconds } = await evaluateSpeechRecognizer(
    recognizer,
    await read(held, config),
  );
  const [per] = errorRates;
  const { symbols, inside, distance } = alignmentError(held, recognitions, per?.alignments ?? []);
  console.log(
    `tones: loss ${losses[0]?.toFixed(2)} at first, ${losses.at(-1)?.toFixed(2)} at last; PER ${per?.score}`,
  );
  console.log(
    `attention inside ${(100 * inside).toFixed(0)} %, ${(1000 * distance).toFixed(0)} ms from the middle`,
  );
  expect(held.every(isTones)).toBe(true);
  expect(per?.name).toBe('PER');
  expect(per?.score).toBeLessThan(30);
  expect(per?.low).toBeLessThanOrEqual(per?.score as number);
  expect(symbols).toBe(per?.hits);
  expect(inside).toBeGreaterThan(0.5);
  expect(distance).toBeLessThan(0.15);
  expect(seconds).toBeGreaterThan(20);
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
