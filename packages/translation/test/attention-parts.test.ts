import type { SamplingSchedule } from '@heed/attention-core';
import { useBackend } from '@heed/backend';
import { MemoryCheckpoints } from '@heed/training';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { NetworkConfig } from '../src/config.js';
import { parseTranslationConfig, trainTranslator } from '../src/index.js';
import { characters, smallConfig } from './small-translator.js';

beforeAll(async () => void (await useBackend()));

const location = { filters: 2, width: 3 };
/** Every score, window and normalizer, each in some decoder. */
const networks: Partial<NetworkConfig>[] = [
  { decoder: 'bahdanau', score: 'additive', normalizer: 'sparsemax' },
  { decoder: 'conditional', score: 'normalizedAdditive', normalizer: 'smoothing' },
  { decoder: 'luong', score: 'dot' },
  { decoder: 'luong', score: 'scaledDot', temperature: 0.5 },
  { decoder: 'luong', score: 'general', window: { kind: 'local-p', reach: 2 } },
  { decoder: 'bahdanau', score: 'concat' },
  { decoder: 'luong', score: 'multiHead', heads: 2 },
  { decoder: 'bahdanau', score: 'coverage', window: { kind: 'local-m', reach: 2 } },
  { decoder: 'bahdanau', score: 'concat', window: { kind: 'previous', reach: 2, center: 'expected' } },
  {
    decoder: 'conditional',
    score: 'location',
    location,
    window: { kind: 'previous', reach: 3, center: 'median' },
  },
  { decoder: 'conditional', score: 'normalizedAdditive', normalizer: 'monotonic' },
];

describe.each(networks)('%j', (changes) => {
  test('survives its file, is trained, translates', async () => {
    const before = tf.memory().numTensors;
    const small = smallConfig(changes);
    const learningRate = { peak: 0.02, warmUp: 0, decay: 'none' as const };
    const training = { ...small.training, steps: 2, stepsPerValidation: 2, learningRate };
    const network = { ...small.network, dropout: { embedding: 0, encoder: 0, readout: 0 } };
    const written = { ...small, network, training };
    const config = parseTranslationConfig(JSON.parse(JSON.stringify(written)), 'config.json');
    expect(config).toEqual(written);

    const pairs = ['abc def', 'a', 'fed'].map((source) => ({
      source,
      target: [...source].reverse().join(''),
    }));
    const losses: number[] = [];
    const { translator } = await trainTranslator({
      config,
      train: pairs,
      validation: pairs,
      tokenizer: characters,
      seed: 1,
      store: new MemoryCheckpoints(),
      dataDigest: 'reversed',
      observers: [{ onStep: ({ loss }) => void losses.push(loss) }],
    });
    expect(losses).toHaveLength(2);
    const [first, second] = losses as [number, number];
    // Monotonic attention draws its noise anew.
    if (changes.normalizer !== 'monotonic') expect(second).toBeLessThan(first);
    expect(Number.isFinite(second)).toBe(true);
    // Of another length than the sentences before.
    const found = await translator.translate(['fed abc', 'c']);
    for (const [i, [best]] of found.entries()) {
      expect(best?.score).toBeLessThan(0);
      for (const row of best?.attention?.weights ?? []) {
        expect(row).toHaveLength(best?.attention?.input.tokens.length as number);
        const sum = row.reduce((total, weight) => total + weight, 0);
        expect(sum, `sentence ${i}`).toBeLessThan(1 + 1e-5);
      }
    }
    translator.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

const refused: [changes: Record<string, unknown>, message: RegExp][] = [
  [{ score: 'location' }, /network\.location: belongs to the score location, which needs it/],
  [{ score: 'additive', location }, /network\.location: belongs to the score location/],
  [{ score: 'location', location: { filters: 2, width: 4 } }, /network\.location\.width: expected an odd/],
  [{ score: 'multiHead' }, /network\.heads: belongs to the score multiHead, which needs it/],
  [{ score: 'multiHead', heads: 3 }, /network\.heads: must divide network\.attention, which is 4/],
  [{ score: 'multiHead', heads: 2, temperature: 2 }, /network\.temperature: .*multiHead has a softmax/],
  [{ normalizer: 'sparsemax', temperature: 2 }, /network\.temperature: .*softmax, not to sparsemax/],
  [{ normalizer: 'hard' }, /network\.normalizer: .*"monotonic"/],
  [{ window: { kind: 'local-m', reach: 0 } }, /network\.window\.reach: .*>0/],
  [{ decoder: 'cho', normalizer: 'sparsemax' }, /network\.normalizer: the decoder cho does not attend/],
  [{ score: 'dot', decoderUnits: 7 }, /network\.decoderUnits: the score dot needs .* wide, 10/],
];

test.each(refused)('%j is refused', (changes, message) => {
  const config = smallConfig();
  const json = { ...config, network: { ...config.network, ...changes } };
  expect(() => parseTranslationConfig(json, 'config.json')).toThrow(message);
});

test('with scheduled sampling, a model is trained on words of its own', async () => {
  const pairs = ['abc def', 'fed'].map((source) => ({ source, target: source }));
  const losses = async (scheduledSampling?: SamplingSchedule) => {
    const small = smallConfig({ dropout: { embedding: 0, encoder: 0, readout: 0 } });
    const training = { ...small.training, steps: 2, stepsPerValidation: 2 };
    const found: number[] = [];
    const { translator } = await trainTranslator({
      config: { ...small, training: { ...training, ...(scheduledSampling && { scheduledSampling }) } },
      train: pairs,
      validation: pairs,
      tokenizer: characters,
      seed: 1,
      store: new MemoryCheckpoints(),
      dataDigest: 'copied',
      observers: [{ onStep: ({ loss }) => void found.push(loss) }],
    });
    translator.dispose();
    return found;
  };
  const [without, never, second] = [
    await losses(),
    await losses({ kind: 'linear', start: 1, slope: 1e-9, minimum: 1 }),
    // The target's words at step 1, the model's at step 2.
    await losses({ kind: 'linear', start: 2, slope: 1, minimum: 0 }),
  ];
  expect(never).toEqual(without);
  expect(second[0]).toBe(without[0]);
  expect(second[1]).not.toBe(without[1]);
});
