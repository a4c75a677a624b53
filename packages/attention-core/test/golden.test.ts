import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CellKind,
  type CellOptions,
  createAttention,
  createCell,
  LayerNorm,
  type Module,
  MonotonicNormalizer,
  RecurrentEncoder,
  RecurrentLayer,
  type RecurrentLayerOptions,
  type ScoreKind,
  SmoothingNormalizer,
  SparsemaxNormalizer,
} from '../src/index.js';
import { expectNear } from './contract/numerics.js';
import golden from './golden/recurrent-and-attention.json' with { type: 'json' };

beforeAll(async () => void (await useBackend()));

type Stored = { shape: number[]; values: number[] };
const tensorOf = <R extends tf.Rank>({ shape, values }: Stored) =>
  tf.tensor<R>(values as never, shape as never, 'float32');

function setParameters(module: Module, stored: Readonly<Record<string, Stored | undefined>>): void {
  const parameters = module.namedParameters();
  expect([...parameters.keys()].sort()).toEqual(Object.keys(stored).sort());
  for (const [name, parameter] of parameters) parameter.assign(tensorOf(stored[name] as Stored));
}

/** As the golden values have it: twice the last weights have been covered. */
const stateOf = (weights: tf.Tensor2D) => ({
  weights,
  coverage: tf.mul<tf.Tensor2D>(weights, 2),
  steps: tf.ones<tf.Rank.R2>([weights.shape[0], 1]),
});

const makeNormalizer = {
  sparsemax: (random: () => number) => new SparsemaxNormalizer(random),
  smoothing: (random: () => number) => new SmoothingNormalizer(random),
  monotonic: (random: () => number) => new MonotonicNormalizer(random),
};

describe('PyTorch', () => {
  for (const expected of golden.encoders) {
    it(`has the same ${expected.kind} encoder: two layers, both directions, packed`, () => {
      const inputs = tensorOf<tf.Rank.R3>(expected.inputs);
      const [time, batch, width] = inputs.shape;
      const units = expected.hidden.shape[2] as number;
      const encoder = new RecurrentEncoder(
        { cell: expected.kind as CellKind, inputs: width, units, layers: 2, bidirectional: true, dropout: 0 },
        randomSource(1),
      );
      setParameters(encoder, expected.parameters);
      const valid = Array.from({ length: time }, (_, t) => expected.lengths.map((length) => [t < length]));
      const mask = tf.tensor3d(valid as unknown as number[][][], [time, batch, 1], 'bool');

      const { outputs, final } = encoder.apply(inputs, mask);
      const states = final.flatMap(({ forward, backward }) => (backward ? [forward, backward] : []));
      // PyTorch's outputs are 0 where masked.
      expectNear(
        { outputs: tf.mul(outputs, tf.cast(mask, 'float32')) },
        { outputs: tensorOf(expected.outputs) },
        1e-6,
      );
      expectNear(
        { hidden: tf.stack(states.map(({ hidden }) => hidden)) },
        { hidden: tensorOf(expected.hidden) },
        1e-6,
      );
      if (expected.cell) {
        const cell = tf.stack(states.map((state) => state.cell as tf.Tensor));
        expectNear({ cell }, { cell: tensorOf(expected.cell) }, 1e-6);
      }

      const coefficients = tensorOf(expected.coefficients);
      const loss = (x: tf.Tensor) => {
        const { outputs } = encoder.apply(x as tf.Tensor3D, mask);
        return tf.sum(tf.mul(tf.mul(outputs, tf.cast(mask, 'float32')), coefficients)) as tf.Scalar;
      };
      expectNear({ gradient: tf.grad(loss)(inputs) }, { gradient: tensorOf(expected.inputGradient) }, 1e-6);
      encoder.dispose();
    });
  }

  it('has the same layer normalisation', () => {
    const expected = golden.layerNorm;
    const inputs = tensorOf(expected.inputs);
    const norm = new LayerNorm(inputs.shape.at(-1) as number, randomSource(1));
    setParameters(norm, expected.parameters);
    expectNear({ outputs: norm.apply(inputs) }, { outputs: tensorOf(expected.outputs) }, 1e-6);

    const gain = norm.namedParameters().get('gain') as tf.Variable;
    const loss = () => tf.sum(tf.mul(norm.apply(inputs), tensorOf(expected.coefficients))) as tf.Scalar;
    const { grads } = tf.engine().gradients(loss, [inputs, gain]);
    expectNear({ byInput: grads[0] as tf.Tensor }, { byInput: tensorOf(expected.inputGradient) }, 1e-6);
    expectNear({ byGain: grads[1] as tf.Tensor }, { byGain: tensorOf(expected.gainGradient) }, 1e-6);
    norm.dispose();
  });

  for (const expected of golden.cells) {
    it(`computes the same for the equations of a ${expected.name}`, () => {
      const [inputs, first] = [tensorOf<tf.Rank.R3>(expected.inputs), tensorOf<tf.Rank.R2>(expected.first)];
      const [time, batch, width] = inputs.shape;
      const options = expected.options as CellOptions & RecurrentLayerOptions;
      const cell = createCell(expected.kind as CellKind, width, first.shape[1], randomSource(1), 1, options);
      const layer = new RecurrentLayer(cell, randomSource(1), options);
      setParameters(layer, expected.parameters as Record<string, Stored>);
      const mask = tf.ones<tf.Rank.R3>([time, batch, 1], 'bool');
      const run = (x: tf.Tensor) => layer.apply(x as tf.Tensor3D, mask, cell.stateFrom(first)).outputs;

      expectNear({ outputs: run(inputs) }, { outputs: tensorOf(expected.outputs) }, 1e-6);
      const loss = (x: tf.Tensor) => tf.sum(tf.mul(run(x), tensorOf(expected.coefficients))) as tf.Scalar;
      expectNear({ gradient: tf.grad(loss)(inputs) }, { gradient: tensorOf(expected.inputGradient) }, 2e-6);
      layer.dispose();
    });
  }

  for (const expected of golden.attention) {
    it(`has the same ${expected.score} attention`, () => {
      const [query, values] = [tensorOf<tf.Rank.R2>(expected.query), tensorOf<tf.Rank.R3>(expected.values)];
      const last = tensorOf<tf.Rank.R2>(expected.last);
      const score = expected.score as ScoreKind;
      const widths = { queryWidth: query.shape[1], valueWidth: values.shape[2], units: expected.units };
      const parts = {
        ...(score === 'location' && { location: { filters: 2, width: 3 } }),
        ...(score === 'multiHead' && { heads: 2 }),
      };
      const attention = createAttention({ score, ...widths, ...parts }, randomSource(1));
      setParameters(attention, expected.parameters as Record<string, Stored>);
      const mask = tf.tensor2d(expected.mask, undefined, 'bool');
      const attend = (q: tf.Tensor, v: tf.Tensor, before: tf.Tensor) =>
        attention.attend(q as tf.Tensor2D, attention.memory(v as tf.Tensor3D, mask), {
          state: stateOf(before as tf.Tensor2D),
        });

      const { weights, context } = attend(query, values, last);
      expectNear({ weights }, { weights: tensorOf(expected.weights) }, 3e-6);
      expectNear({ context }, { context: tensorOf(expected.context) }, 3e-6);
      const coefficients = tensorOf(expected.coefficients);
      const loss = (q: tf.Tensor, v: tf.Tensor, before: tf.Tensor) =>
        tf.sum(tf.mul(attend(q, v, before).context, coefficients)) as tf.Scalar;
      const inputs: tf.Tensor[] = [query, values, last];
      const { grads } = tf.engine().gradients(() => loss(query, values, last), inputs, undefined, true);
      const [byQuery, byValues, byLast] = grads as [tf.Tensor, tf.Tensor, tf.Tensor | undefined];
      expectNear({ byQuery }, { byQuery: tensorOf(expected.queryGradient) }, 3e-6);
      expectNear({ byValues }, { byValues: tensorOf(expected.valuesGradient) }, 3e-6);
      expect(byLast !== undefined && byLast !== null).toBe(expected.lastGradient !== undefined);
      if (byLast && expected.lastGradient) {
        expectNear({ byLast }, { byLast: tensorOf(expected.lastGradient) }, 3e-6);
      }
      attention.dispose();
    });
  }

  for (const expected of golden.normalizers) {
    it(`has the same ${expected.kind} weights`, () => {
      const normalizer = makeNormalizer[expected.kind as keyof typeof makeNormalizer](randomSource(1));
      setParameters(normalizer, expected.parameters as Record<string, Stored>);
      const [scores, last] = [tensorOf<tf.Rank.R2>(expected.scores), tensorOf<tf.Rank.R2>(expected.last)];
      const [batch, places] = scores.shape;
      const valid = expected.lengths.map((length) => [Array.from({ length: places }, (_, s) => s < length)]);
      const mask = tf.tensor3d(valid, [batch, 1, places], 'bool');
      const normalize = (x: tf.Tensor, before: tf.Tensor) => {
        const context = { state: stateOf(before as tf.Tensor2D) };
        return tf.squeeze(normalizer.normalize(tf.expandDims(x, 1), mask, context).weights, [1]);
      };

      expectNear({ weights: normalize(scores, last) }, { weights: tensorOf(expected.weights) }, 3e-6);
      const loss = () =>
        tf.sum(tf.mul(normalize(scores, last), tensorOf(expected.coefficients))) as tf.Scalar;
      const { grads } = tf.engine().gradients(loss, [scores, last], undefined, true);
      const [byScores, byLast] = grads as [tf.Tensor, tf.Tensor | undefined];
      expectNear({ byScores }, { byScores: tensorOf(expected.scoresGradient) }, 3e-6);
      if (expected.lastGradient) {
        expectNear({ byLast: byLast as tf.Tensor }, { byLast: tensorOf(expected.lastGradient) }, 3e-6);
      }
      normalizer.dispose();
    });
  }
});
