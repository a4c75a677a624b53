import { compile, RandomStream, randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectGradients } from '../../training/test/model-gradient.js';
import { toCaptionBatch } from '../src/batches.js';
import {
  type CaptionBatch,
  type CaptioningConfig,
  CaptionModel,
  captionBatchSizes,
  type EncodedCaption,
} from '../src/index.js';
import { imageShape } from '../src/model.js';
import { attentions, noDropout, smallConfig, tinyEncoder, tinyFeatures } from './small-captioner.js';

beforeAll(async () => void (await useBackend()));

const VOCABULARY = 11;
const caption = (image: number, tokens: number[]): EncodedCaption => ({
  image,
  tokens: Int32Array.from(tokens),
});
const captions = [caption(0, [9, 4]), caption(1, [5, 5, 6, 10]), caption(2, [8])];

const wirings = attentions.flatMap((attention) => [
  { attention, encoder: tinyEncoder, gate: true, values: 0 },
  { attention, encoder: tinyFeatures, gate: false, values: 5 },
]);
type Wiring = Partial<(typeof wirings)[number]> & Partial<CaptioningConfig['network']>;

const options = {
  labelSmoothing: 0,
  doublyStochastic: 0,
  reinforce: { weight: 0.5, entropy: 0.1, softShare: 0.5 },
};

function batchOf(
  encoder: CaptioningConfig['encoder'],
  of: readonly EncodedCaption[],
  ofImage?: number,
): CaptionBatch {
  const shape = imageShape(encoder);
  const size = shape.reduce((a, b) => a * b);
  const images = {
    count: 3,
    views: 1,
    read: (numbers: readonly number[]) => {
      const values = numbers.flatMap((n) => {
        const draw = randomSource(n + 1);
        return Array.from({ length: size }, () => 2 * draw() - 1);
      });
      return tf.tensor<tf.Rank>(values, [numbers.length, ...shape]) as tf.Tensor3D;
    },
  };
  return toCaptionBatch(of, images, { begin: 2, end: 3 }, ofImage);
}

function withModel<T>(
  { encoder = tinyEncoder, ...network }: Wiring,
  use: (model: CaptionModel, batch: (of: readonly EncodedCaption[], ofImage?: number) => CaptionBatch) => T,
): T {
  const config = smallConfig({ dropout: noDropout, ...network }, encoder);
  const model = new CaptionModel(config, VOCABULARY, randomSource(5));
  const result = tf.tidy(() => use(model, (...of) => batchOf(encoder, ...of)) as tf.TensorContainer) as T;
  model.dispose();
  return result;
}

const value = (tensor: tf.Tensor) => tensor.dataSync()[0] as number;
const stream = (seed: number) => new RandomStream(tf.tensor1d([seed, 1], 'int32'));
const nameOf = ({ attention, encoder }: (typeof wirings)[number]) => `${attention}, ${encoder.kind}`;

describe.each(wirings.map((wiring) => ({ ...wiring, name: nameOf(wiring) })))(
  '$name',
  ({ name: _, ...wiring }) => {
    test('the loss of a batch is that of its captions, each token counted once; padding changes nothing', () => {
      withModel(wiring, (model, batch) => {
        for (const changes of [{}, { labelSmoothing: 0.1 }, { doublyStochastic: 0.7 }]) {
          const lossOf = (of: CaptionBatch) => value(model.loss(of, { ...options, ...changes }));
          const sums = captions.map((one) => lossOf(batch([one])) * (one.tokens.length + 1));
          const tokens = captions.reduce((sum, { tokens }) => sum + tokens.length + 1, 0);
          const expected = sums.reduce((a, b) => a + b) / tokens;
          const whole = batch(captions);
          expect(lossOf(whole)).toBeCloseTo(expected, 5);
          const longer = (tensor: tf.Tensor3D) =>
            tf.pad(tensor, [
              [0, 2],
              [0, 0],
              [0, 0],
            ]);
          const padded = { ...whole, inputs: longer(whole.inputs), targets: longer(whole.targets) };
          expect(lossOf(padded)).toBeCloseTo(expected, 5);
        }
      });
    });

    test('the loss is minus the log-probabilities of the steps, word by word, also of many beams of an image', () => {
      withModel(wiring, (model, batch) => {
        for (const one of captions) {
          const { images, inputs, targets } = batch([one]);
          const { memory, state: first } = model.encode(images);
          const beams = 2;
          let state = { hidden: tf.tile(first.hidden, [beams, 1]), cell: tf.tile(first.cell, [beams, 1]) };
          const places = memory.values.shape[1];
          const steps = [...targets.dataSync()].map((target, i) => {
            const token = inputs.dataSync()[i] as number;
            const step = model.step(tf.tensor1d([token, token], 'int32'), state, memory);
            state = step.state;
            expect(step.weights.shape).toEqual([beams, places + 1]);
            const [row, gate] = tf.split(step.weights, [places, 1], 1) as [tf.Tensor2D, tf.Tensor2D];
            expect(value(tf.sum(row))).toBeCloseTo(wiring.attention === 'none' ? 0 : beams, 5);
            if (wiring.attention === 'hard') expect(value(tf.max(row))).toBe(1);
            if (!wiring.gate) expect(value(gate)).toBe(1);
            else expect(value(tf.sum(gate))).toBeLessThan(beams);
            return tf.logSoftmax(step.logits).arraySync()[1]?.[target] as number;
          });
          const mean = -steps.reduce((a, b) => a + b) / steps.length;
          expect(value(model.loss({ images, inputs, targets }, options))).toBeCloseTo(mean, 5);
        }
      });
    });

    test('captions that share an image learn as from copies of it', () => {
      withModel(wiring, (model, batch) => {
        const of = [0, 0, 2, 2].map((image, i) => caption(image, [5 + i, 4, 9].slice(i % 3)));
        const advantages = tf.tensor1d([1, -1, 0.5, -0.5]);
        const learn = (one: CaptionBatch) =>
          tf.variableGrads(() =>
            model.loss(
              { ...one, advantages: tf.reshape(advantages, one.inputs.shape.slice(1) as [number, number]) },
              { ...options, doublyStochastic: 0.3 },
            ),
          );
        const [shared, copied] = [learn(batch(of, 2)), learn(batch(of))];
        expect(value(shared.value)).toBeCloseTo(value(copied.value), 5);
        for (const [name, gradient] of Object.entries(copied.grads)) {
          const difference = tf.max(tf.abs(tf.sub(gradient, shared.grads[name] as tf.Tensor)));
          expect(value(difference), name).toBeLessThan(1e-5);
        }
      });
    });

    test('every parameter has a gradient in training', () => {
      withModel(wiring, (model, batch) => {
        const of = batch(captions);
        expectGradients(model, () => model.loss(of, { ...options, doublyStochastic: 0.3 }, stream(4)));
      });
    });

    test('compiled for sizes that it has not seen, the loss is the same as op by op', () => {
      withModel({ ...wiring, dropout: { features: 0.2, embedding: 0.2, readout: 0.2 } }, (model, batch) => {
        const loss = (of: CaptionBatch, seed: tf.Tensor1D) =>
          tf.tidy(() => ({
            loss: model.loss(of, { ...options, doublyStochastic: 0.3 }, new RandomStream(seed)),
          }));
        const sizes = [captionBatchSizes(smallConfig({}, wiring.encoder)), [2]];
        const compiled = compile(loss, { sizes });
        for (const of of [captions, captions.slice(1, 2)]) {
          const seed = tf.tensor1d([3, of.length], 'int32');
          // The baseline moves with every call: each must find it as the other did.
          const baseline = model.namedParameters().get('baseline.average');
          const reset = () => baseline?.assign(tf.scalar(-7));
          reset();
          const whole = value(compiled(batch(of), seed).loss);
          reset();
          expect(whole).toBeCloseTo(value(loss(batch(of), seed).loss), 4);
        }
        compiled.dispose();
      });
    });
  },
);

test('an advantage is how much a caption counts: none is learnt from at 0, all alike at 1', () => {
  withModel({ attention: 'soft' }, (model, batch) => {
    const of = batch(captions);
    const loss = (advantages: number[]) =>
      value(model.loss({ ...of, advantages: tf.tensor2d(advantages, [3, 1]) }, options));
    expect(loss([1, 1, 1])).toBeCloseTo(value(model.loss(of, options)), 5);
    expect(loss([0, 0, 0])).toBe(0);
    const [one, other] = [loss([2, 0, 0]), loss([0, 0, -1])];
    expect(loss([2, 0, -1])).toBeCloseTo(one + other, 5);
    expect(one).toBeGreaterThan(0);
    expect(other).toBeLessThan(0);
  });
});

test('with advantages, what cannot be drawn has no share of the probability', () => {
  withModel({ attention: 'soft' }, (model, batch) => {
    const of = { ...batch(captions), advantages: tf.ones<tf.Rank.R2>([3, 1]) };
    const used = new Set([3, ...captions.flatMap(({ tokens }) => [...tokens])]);
    const others = Array.from({ length: VOCABULARY }, (_, token) => token).filter(
      (token) => !used.has(token),
    );
    const losses = [[], others.slice(0, 2), others].map((forbidden) =>
      value(model.loss(of, { ...options, forbidden })),
    );
    expect(losses[1]).toBeLessThan(losses[0] as number);
    expect(losses[2]).toBeLessThan(losses[1] as number);
    expect(losses[2]).toBeGreaterThan(0);
  });
});

describe('hard attention', () => {
  test('draws its places: the same seed is the same loss, and without draws it is soft attention', () => {
    withModel({ attention: 'hard' }, (hard, batch) => {
      const of = batch(captions);
      const drawn = (softShare: number, seed: number) => {
        const reinforce = { weight: 0, entropy: 0, softShare };
        return value(hard.loss(of, { ...options, reinforce }, stream(seed)));
      };
      expect(drawn(0, 1)).toBe(drawn(0, 1));
      expect(drawn(0, 1)).not.toBe(drawn(0, 2));
      withModel({ attention: 'soft' }, (soft) => {
        expect(drawn(1, 1)).toBeCloseTo(value(soft.loss(of, options, stream(1))), 5);
      });
    });
  });

  test('moves its baseline towards the log-probability of a caption, in training alone', () => {
    withModel({ attention: 'hard' }, (model, batch) => {
      const baseline = () => value(model.namedParameters().get('baseline.average') as tf.Variable);
      const of = batch([captions[1] as EncodedCaption]);
      model.loss(of, options);
      expect(baseline()).toBe(0);
      const plain = { ...options, reinforce: { weight: 0, entropy: 0, softShare: 1 } };
      const loss = value(model.loss(of, plain, stream(1)));
      expect(baseline()).toBeCloseTo(-0.1 * loss * 5, 4);
    });
  });
});

test('soft attention asks that every place is looked at, as equation 14 has it', () => {
  withModel({ attention: 'soft' }, (model, batch) => {
    const of = batch([captions[0] as EncodedCaption]);
    const { memory, state: first } = model.encode(of.images);
    let [state, seen] = [first, tf.zeros([1, 4])];
    for (const token of of.inputs.dataSync()) {
      const step = model.step(tf.tensor1d([token], 'int32'), state, memory);
      state = step.state;
      seen = tf.add(seen, tf.slice(step.weights, [0, 0], [1, 4]));
    }
    const missing = value(tf.sum(tf.square(tf.sub(1, seen))));
    const [without, withIt] = [0, 2].map((doublyStochastic) =>
      value(model.loss(of, { ...options, doublyStochastic })),
    ) as [number, number];
    expect((withIt - without) * 3).toBeCloseTo(2 * missing, 4);
  });
});

test('dropout draws from its stream: the same seed is the same loss, another seed another, none is without', () => {
  withModel({ dropout: { features: 0.3, embedding: 0.3, readout: 0.3 } }, (model, batch) => {
    const of = batch(captions);
    const drawn = (seed: number) => value(model.loss(of, options, stream(seed)));
    expect(drawn(1)).toBe(drawn(1));
    expect(drawn(1)).not.toBe(drawn(2));
    expect(value(model.loss(of, options))).not.toBe(drawn(1));
  });
});
