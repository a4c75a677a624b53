import type { Module } from '@heed/attention-core';
import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { Comparison } from '../src/comparison.js';
import { MatchLstm } from '../src/match-lstm.js';
import { LastAttention, WordByWordAttention } from '../src/pair-attention.js';
import { expectClose } from './expect-close.js';

beforeAll(async () => void (await useBackend()));

type Vector = readonly number[];
const [K, S, T, UNITS] = [3, 4, 5, 2];

const plus = (...vectors: Vector[]): number[] =>
  (vectors[0] as Vector).map((_, i) => vectors.reduce((sum, vector) => sum + (vector[i] as number), 0));
const dot = (a: Vector, b: Vector) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const tanh = (x: Vector) => x.map(Math.tanh);
const sigmoid = (x: Vector) => x.map((value) => 1 / (1 + Math.exp(-value)));
const softmax = (x: Vector) => {
  const sum = x.reduce((total, value) => total + Math.exp(value), 0);
  return x.map((value) => Math.exp(value) / sum);
};
/** Σ weights_j · rows_j */
const mix = (weights: Vector, rows: readonly Vector[]) =>
  plus(...rows.map((row, j) => row.map((value) => value * (weights[j] as number))));

const draw = randomSource(7);
const outputs = (steps: number): number[][] =>
  Array.from({ length: steps }, () => Array.from({ length: K }, () => 2 * draw() - 1));
const [premise, hypothesis] = [outputs(S), outputs(T)];

const sentence = (rows: readonly Vector[]) => ({
  outputs: tf.tensor3d(rows.map((row) => [[...row]])),
  mask: tf.ones<tf.Rank.R3>([rows.length, 1, 1], 'bool'),
  last: tf.tensor2d([[...(rows.at(-1) as Vector)]]),
});

/** x · W + b of a layer by its name, with parameters that are far from their first values. */
function layersOf(module: Module) {
  const parameters = new Map(
    [...module.namedParameters()].map(([name, variable]) => {
      tf.tidy(() =>
        variable.assign(tf.add(variable, tf.randomUniform(variable.shape, -0.5, 0.5, 'float32', 11))),
      );
      return [name, variable.arraySync() as number[][]];
    }),
  );
  const columns = (name: string) => {
    const kernel = parameters.get(name) as number[][];
    return (kernel[0] as number[]).map((_, column) => kernel.map((row) => row[column] as number));
  };
  return {
    columns,
    linear(name: string, x: Vector): number[] {
      const bias = parameters.get(`${name}.bias`) as number[] | undefined;
      return columns(`${name}.kernel`).map((column, i) => dot(x, column) + (bias?.[i] ?? 0));
    },
  };
}

function expectSame(module: Comparison, features: Vector, weights: readonly Vector[]): void {
  tf.tidy(() => {
    const found = module.apply({ premise: sentence(premise), hypothesis: sentence(hypothesis) });
    expectClose(found.features.dataSync(), features);
    const rows = (found.weights as tf.Tensor3D).arraySync().map(([row]) => row as number[]);
    expect(rows.map((row) => row.length)).toEqual(weights.map((row) => row.length));
    expectClose(rows.flat(), weights.flat());
  });
  module.dispose();
}

/** α: w · tanh(W query + U place + b), normalized. */
function attend(
  { columns, linear }: ReturnType<typeof layersOf>,
  query: Vector,
  places: readonly Vector[],
): number[] {
  const [w] = columns('attention.score.v') as [number[]];
  const asked = linear('attention.score.query', query);
  return softmax(places.map((place) => dot(w, tanh(plus(asked, linear('attention.score.keys', place))))));
}

test('word by word: equations 11 to 14, in plain loops', () => {
  const module = new WordByWordAttention(K, randomSource(1));
  const layers = layersOf(module);
  let read: Vector = new Array(K).fill(0);
  const weights = hypothesis.map((hidden) => {
    const alpha = attend(layers, [...hidden, ...read], premise);
    read = plus(mix(alpha, premise), tanh(layers.linear('carry', read)));
    return alpha;
  });
  const last = layers.linear('project_last', hypothesis.at(-1) as Vector);
  expectSame(module, tanh(plus(layers.linear('project_read', read), last)), weights);
});

test('attention of the last output: equations 7 to 10, in plain loops', () => {
  const module = new LastAttention(K, randomSource(2));
  const layers = layersOf(module);
  const end = hypothesis.at(-1) as Vector;
  const alpha = attend(layers, end, premise);
  const read = layers.linear('project_read', mix(alpha, premise));
  expectSame(module, tanh(plus(read, layers.linear('project_last', end))), [alpha]);
});

test('match-LSTM: its recurrence in plain loops', () => {
  const module = new MatchLstm(K, UNITS, randomSource(3));
  const layers = layersOf(module);
  let [hidden, cell]: [Vector, Vector] = [
    [0, 0],
    [0, 0],
  ];
  const recurrent = layers.columns('cell.recurrent_kernel');
  const weights = hypothesis.map((output) => {
    const alpha = attend(layers, [...output, ...hidden], premise);
    const gates = plus(
      layers.linear('cell.input', output),
      layers.linear('attended', mix(alpha, premise)),
      recurrent.map((column) => dot(hidden, column)),
    );
    const part = (n: number) => gates.slice(n * UNITS, (n + 1) * UNITS);
    const [i, f, o] = [sigmoid(part(0)), sigmoid(part(1).map((x) => x + 1)), sigmoid(part(2))];
    const g = tanh(part(3));
    cell = cell.map((before, n) => (f[n] as number) * before + (i[n] as number) * (g[n] as number));
    hidden = tanh(cell).map((value, n) => (o[n] as number) * value);
    return alpha;
  });
  expectSame(module, hidden, weights);
});
