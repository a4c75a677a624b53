import { collectWeights } from '@heed/attention-core';
import { useBackend } from '@heed/backend';
import { MemoryCheckpoints, type StepReport } from '@heed/training';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type CaptioningConfig,
  captioningPresets,
  evaluateImageCaptioner,
  parseCaptioningConfig,
  pictureInputs,
  type Scene,
  syntheticScenes,
  trainCaptionTokenizer,
  trainImageCaptioner,
} from '../src/index.js';
import { attentions, noDropout, smallConfig } from './small-captioner.js';

beforeAll(async () => void (await useBackend()));

const [train, held] = [syntheticScenes({ count: 300, seed: 1 }), syntheticScenes({ count: 24, seed: 2 })];
const dataOf = (scenes: readonly Scene[], { encoder, training }: CaptioningConfig) => ({
  images: pictureInputs(
    scenes.map(({ image }) => image),
    encoder.imageSize,
    training.views,
  ),
  captions: scenes.map(({ captions }) => captions),
});

async function run(
  config: CaptioningConfig,
  changes: Partial<Parameters<typeof trainImageCaptioner>[0]> = {},
) {
  const reports: StepReport[] = [];
  const { captioner, progress } = await trainImageCaptioner({
    config,
    train: dataOf(train, config),
    validation: dataOf(held, config),
    tokenizer: trainCaptionTokenizer(
      train.map(({ captions }) => captions),
      config.tokenizer,
    ),
    seed: 1,
    store: new MemoryCheckpoints(),
    dataDigest: 'scenes',
    observers: [{ onStep: (report) => void reports.push(report) }],
    ...changes,
  });
  return { captioner, progress, losses: reports.map(({ loss }) => loss) };
}

const short = (config: CaptioningConfig, steps: number): CaptioningConfig => ({
  ...config,
  training: {
    ...config.training,
    steps,
    batchSize: 16,
    stepsPerValidation: steps,
    validationImages: 6,
    learningRate: { peak: 5e-3, warmUp: 5, decay: 'none' },
  },
});
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;

test('scenes, a few dozen steps: the loss falls, captions have the form of captions, and can be scored', async () => {
  const { scenes } = captioningPresets;
  const steps = 60;
  const small = { ...scenes, network: { ...scenes.network, units: 48, embedding: 24, score: 24 } };
  const { captioner, losses } = await run(short(small, steps));
  const [first, last] = [mean(losses.slice(0, 5)), mean(losses.slice(-10))];
  console.log(`scenes: loss ${first.toFixed(3)} at first, ${last.toFixed(3)} after ${steps} steps`);
  expect(last).toBeLessThan(0.6 * first);
  const { images, captions: references } = dataOf(held, captioner.config);
  const { captions, bleu, cider, ciderInterval } = await evaluateImageCaptioner(
    captioner,
    images,
    references,
  );
  for (const { text, attention } of captions) {
    expect(text).toMatch(/^a .*(circle|square|triangle|cross)/);
    expect(attention?.weights).toHaveLength(text.split(' ').length);
  }
  expect(bleu.scores[0]).toBeGreaterThan(40);
  expect(ciderInterval.low).toBeLessThanOrEqual(cider.score);
  expect(ciderInterval.signature).toContain('bs:1000|seed:12345');
  captioner.dispose();
});

describe.each(attentions)('a training of a few steps, %s attention', (attention) => {
  const dropout = { features: 0.1, embedding: 0.1, readout: 0.1 };
  const base = smallConfig({ attention, dropout });
  const config = short(
    { ...base, training: { ...base.training, reinforce: { weight: 0.1, entropy: 0.01, softShare: 0.5 } } },
    5,
  );
  const losses = async (changes: Parameters<typeof run>[1] = {}) => {
    const result = await run(config, changes);
    result.captioner.dispose();
    return result;
  };

  test('is the same for the same seed and op by op, another for another, and leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    const [one, other, eager] = [await losses(), await losses({ seed: 2 }), await losses({ eager: true })];
    expect(Object.keys(one.progress.best?.metrics ?? {})).toEqual(['bleu4', 'cider']);
    expect(other.losses).not.toEqual(one.losses);
    eager.losses.forEach((loss, i) => {
      expect(Math.abs(loss - (one.losses[i] as number))).toBeLessThan(1e-3 * Math.abs(loss));
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('self-critical training writes better captions than the model that it starts from, and repeats', async () => {
  const { scenes } = captioningPresets;
  const small = short({ ...scenes, network: { ...scenes.network, units: 48, embedding: 24, score: 24 } }, 80);
  const before = tf.memory().numTensors;
  const taught = await run(small);
  const { images, captions: references } = dataOf(held, small);
  const ciderOf = async (captioner: typeof taught.captioner) =>
    (await evaluateImageCaptioner(captioner, images, references)).cider.score;
  const start = await ciderOf(taught.captioner);
  const weights = collectWeights(taught.captioner.model.namedParameters(), 'F32');
  taught.captioner.dispose();
  const critical: CaptioningConfig = {
    ...small,
    training: {
      ...small.training,
      steps: 40,
      batchSize: 40,
      stepsPerValidation: 20,
      selfCritical: { samples: 5 },
      learningRate: { peak: 1e-3, warmUp: 0, decay: 'none' },
    },
  };
  const one = await run(critical, { weights });
  const end = await ciderOf(one.captioner);
  console.log(`scenes: CIDEr-D ${start.toFixed(2)}, after 40 self-critical steps ${end.toFixed(2)}`);
  expect(end).toBeGreaterThan(start);
  one.captioner.dispose();
  const few = { ...critical, training: { ...critical.training, steps: 3, stepsPerValidation: 3 } };
  const again = await run(few, { weights });
  again.losses.forEach((loss, i) => {
    expect(loss).toBeCloseTo(one.losses[i] as number, 4);
  });
  again.captioner.dispose();
  expect(tf.memory().numTensors).toBe(before);
  const hard = { ...small.network, attention: 'hard' };
  expect(() => parseCaptioningConfig({ ...critical, network: hard }, 'c.json')).toThrow(
    'c.json: training.selfCritical: hard attention',
  );
  const dropping = { ...small.network, dropout: { features: 0, embedding: 0.1, readout: 0 } };
  expect(() => parseCaptioningConfig({ ...critical, network: dropping }, 'c.json')).toThrow(
    'training.selfCritical: captions are drawn without dropout',
  );
});

test('data of which nothing is left are refused, with the reason', async () => {
  const config = short(smallConfig({ dropout: noDropout }), 2);
  const before = tf.memory().numTensors;
  const impossible = { ...config, training: { ...config.training, maximumLength: 3 } };
  await expect(run(impossible)).rejects.toThrow('none of 300 captions has 1 to 3 tokens');
  const empty = { images: pictureInputs([], 12), captions: [] };
  await expect(run(config, { validation: empty })).rejects.toThrow('there are no validation images');
  const ensemble = { ...config, ensemble: [config.network] };
  await expect(run(ensemble)).rejects.toThrow('an ensemble are trained one by one');
  const weights = new Map();
  await expect(run(config, { weights })).rejects.toThrow(/the model to start from: does not fit/);
  expect(tf.memory().numTensors).toBe(before);
});

test('every preset is a configuration; one that is not names its field', () => {
  for (const [name, preset] of Object.entries(captioningPresets)) {
    expect(parseCaptioningConfig(JSON.parse(JSON.stringify(preset)), name)).toEqual(preset);
  }
  const { practical } = captioningPresets;
  const bad = { ...practical, network: { ...practical.network, gate: 'yes' } };
  expect(() => parseCaptioningConfig(bad, 'mine.json')).toThrow(/^mine\.json: network\.gate: /);
  expect(captioningPresets['xu2015-hard'].network.attention).toBe('hard');
  expect(captioningPresets['no-attention'].encoder).toEqual(practical.encoder);
});
