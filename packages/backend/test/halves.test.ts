import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile, dropout, RandomStream, randomSource, scan, useBackend } from '../src/index.js';
import { addHalves } from '../src/node/graph/halves.js';
import { preferLightOps } from '../src/node/graph/light-ops.js';
import type { NodeBackend } from '../src/node/graph/tensorflow.js';
import { Trace } from '../src/node/graph/trace.js';

beforeAll(async () => void (await useBackend('node')));

const random = randomSource(3);
const values = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => 2 * random() - 1),
    shape,
  );

const largestDifference = (a: tf.Tensor, b: tf.Tensor) =>
  tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number);

/** Weights of 1,024 x 1,100 are large, those of 6 x 6 are not. */
const weights = () => ({
  small: tf.tidy(() => tf.variable(values(6, 6) as tf.Tensor2D)),
  large: tf.tidy(() => tf.variable(values(1024, 1100) as tf.Tensor2D)),
});

type Inputs = { x: tf.Tensor2D; beams: tf.Tensor3D; ids: tf.Tensor1D; mask: tf.Tensor2D };

/** Rows that know nothing of each other: [B, ...], and [B K, ...] of K = 3. */
const work =
  ({ small, large }: ReturnType<typeof weights>) =>
  ({ x, beams, ids, mask }: Inputs) => {
    const rows = x.shape[0];
    const row = tf.tanh(tf.matMul(x, small));
    const perBeam = tf.reshape(tf.add(beams, tf.expandDims(row, 1)), [rows * 3, 6]) as tf.Tensor2D;
    const masked = tf.softmax(tf.where(mask, row, tf.scalar(-1e30)));
    const wide = tf.matMul(
      tf.tile(perBeam, [1, 170]).pad([
        [0, 0],
        [0, 4],
      ]) as tf.Tensor2D,
      large,
    );
    return {
      masked,
      wide,
      next: { beams: tf.reshape(tf.mul(perBeam, 2), [rows, 3, 6]), ids: tf.add(ids, tf.scalar(1, 'int32')) },
    };
  };

const inputsOf = (rows: number): Inputs => ({
  x: values(rows, 6) as tf.Tensor2D,
  beams: values(rows, 3, 6) as tf.Tensor3D,
  ids: tf.range(0, rows, 1, 'int32'),
  mask: tf.greater(values(rows, 6), -0.5) as tf.Tensor2D,
});

const sizes = [{ x: ['B', 6], beams: ['B', 3, 6], ids: ['B'], mask: ['B', 6] }];

describe('halves of the rows', () => {
  test('give what all rows together give, whatever their number, and leak nothing', () => {
    const parameters = weights();
    const plain = work(parameters);
    const compiled = compile(plain, { sizes, halves: { rows: 'B', atLeast: 2 } });
    tf.tidy(() => void compiled(inputsOf(2)));
    const level = tf.memory().numTensors;
    for (const rows of [1, 2, 3, 4, 7, 64]) {
      tf.tidy(() => {
        const inputs = inputsOf(rows);
        const [actual, expected] = [compiled(inputs), plain(inputs)];
        expect(largestDifference(actual.masked, expected.masked)).toBeLessThan(1e-6);
        expect(largestDifference(actual.wide, expected.wide)).toBeLessThan(1e-4);
        expect(actual.wide.shape).toEqual([rows * 3, 1100]);
        expect(largestDifference(actual.next.beams, expected.next.beams)).toBeLessThan(1e-6);
        expect([...actual.next.ids.dataSync()]).toEqual([...expected.next.ids.dataSync()]);
      });
    }
    expect(tf.memory().numTensors).toBe(level);
    compiled.dispose();
    tf.dispose([parameters.small, parameters.large]);
  });

  test.skipIf(availableParallelism() < 2)('share weights alone, and read large ones once', () => {
    const parameters = weights();
    const inputs = inputsOf(5);
    const trace = new Trace(tf.backend() as unknown as NodeBackend, false);
    trace.record(() => work(parameters)(inputs), Object.values(inputs));
    preferLightOps(trace);
    const count = (op: string) => trace.graph.nodes.filter((node) => node.op === op).length;
    const [products, softmaxes] = [count('MatMul'), count('LogSoftmax')];
    expect(addHalves(trace)).toHaveLength(trace.outputs.length);
    expect([products, softmaxes]).toEqual([2, 1]);
    expect([count('MatMul') - products, count('LogSoftmax') - softmaxes]).toEqual([3, 2]);
    tf.dispose([parameters.small, parameters.large, ...Object.values(inputs)]);
  });

  test('multiply a vector for each row alike, however much there is to multiply', () => {
    const read = ({ x, memory }: { x: tf.Tensor4D; memory: tf.Tensor4D }) => {
      const scores = tf.matMul(x, memory, false, true) as tf.Tensor4D;
      return { scores, read: tf.matMul(scores, memory) };
    };
    const open = [{ x: ['B', 8, 1, 32], memory: ['B', 8, 'S', 32] }];
    const compiled = compile(read, { sizes: open, halves: { rows: 'B', atLeast: 2 } });
    for (const [rows, places] of [
      [32, 16],
      [32, 64],
      [31, 80],
      [2, 900],
      [32, 128],
    ] as const) {
      tf.tidy(() => {
        const inputs = {
          x: values(rows, 8, 1, 32) as tf.Tensor4D,
          memory: values(rows, 8, places, 32) as tf.Tensor4D,
        };
        const [actual, expected] = [compiled(inputs), read(inputs)];
        expect(largestDifference(actual.scores, expected.scores)).toBeLessThan(1e-5);
        expect(largestDifference(actual.read, expected.read)).toBeLessThan(2e-3);
      });
    }
    compiled.dispose();
  });

  test('are left out where there is a loop, a random number, or a result that has no rows', () => {
    const [x, xs, seed] = [values(4, 2), values(3, 4, 2), tf.tensor1d([1, 2], 'int32')];
    const sum = (state: tf.Tensor, each: tf.Tensor) => ({ state: tf.add(state, each), output: each });
    const records: [() => tf.Tensor | tf.Tensor[], tf.Tensor[]][] = [
      [() => scan((_, state: tf.Tensor, each: tf.Tensor) => sum(state, each), {}, x, xs).final, [x, xs]],
      [() => [tf.neg(x), tf.tensor1d([1, 2])], [x]],
      [() => dropout(x, 0.5, new RandomStream(seed)), [x, seed]],
    ];
    for (const [fn, inputs] of records) {
      const trace = new Trace(tf.backend() as unknown as NodeBackend, false);
      trace.record(fn, inputs);
      expect(addHalves(trace)).toBeUndefined();
    }
    tf.dispose([x, xs, seed]);
  });

  test('are refused without rows', () => {
    const negate = (x: tf.Tensor2D) => tf.neg(x);
    expect(() => compile(negate, { halves: { rows: 'B', atLeast: 2 } })).toThrow('halves need `sizes`');
    expect(() => compile(negate, { sizes: [['B', 2]], halves: { rows: 'B', atLeast: 1 } })).toThrow('1 rows');
    const other = compile(negate, { sizes: [['T', 'B']], halves: { rows: 'B', atLeast: 2 } });
    tf.tidy(() => {
      expect(() => other(tf.zeros([2, 3]))).toThrow('0 is [T, B], but for halves its first size');
    });
    other.dispose();
  });
});
