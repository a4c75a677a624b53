import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile, useBackend } from '../src/index.js';
import { hoist } from '../src/node/graph/hoist.js';
import type { NodeBackend } from '../src/node/graph/tensorflow.js';
import { Trace } from '../src/node/graph/trace.js';

beforeAll(async () => void (await useBackend('node')));

const variable = (...values: number[]) => tf.tidy(() => tf.variable(tf.tensor1d(values)));

describe('what depends on variables alone', () => {
  test('is computed anew when a variable changes, and only then', () => {
    const before = tf.memory().numTensors;
    const w = variable(1, 2);
    const compiled = compile((x: tf.Tensor2D) => tf.add(x, tf.exp(w)), { sizes: [['N', 2]] });
    const run = () =>
      tf.tidy(() =>
        Array.from(compiled(tf.tensor2d([[1, 1]])).dataSync(), (value) => Math.round(value * 1e4) / 1e4),
      );
    const level = tf.memory().numTensors;
    expect(run()).toEqual([3.7183, 8.3891]);
    expect(run()).toEqual([3.7183, 8.3891]);
    tf.tidy(() => w.assign(tf.tensor1d([0, 0])));
    expect(run()).toEqual([2, 2]);
    expect(tf.memory().numTensors).toBe(level);
    compiled.dispose();
    w.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('may be the whole of a result', () => {
    const w = variable(4, 9);
    const compiled = compile((x: tf.Tensor1D) => [tf.sqrt(w), x, w]);
    const [root, input, same] = compiled(tf.tensor1d([7])) as [tf.Tensor, tf.Tensor, tf.Tensor];
    expect([...root.dataSync()]).toEqual([2, 3]);
    expect([...input.dataSync()]).toEqual([7]);
    expect([...same.dataSync()]).toEqual([4, 9]);
    // The caller's to dispose; the next call has its own.
    root.dispose();
    const [again] = compiled(tf.tensor1d([7])) as [tf.Tensor];
    expect([...again.dataSync()]).toEqual([2, 3]);
    compiled.dispose();
    tf.dispose([w, again, input, same]);
  });

  test('is not a variable in another shape, whose memory JavaScript may own', () => {
    const w = variable(1, 2);
    const x = tf.tensor2d([[3], [4]]);
    const trace = new Trace(tf.backend() as unknown as NodeBackend, false);
    trace.record(() => tf.mul(x, tf.squeeze(tf.expandDims(tf.reshape(w, [2, 1]), 0), [0])), [x]);
    expect(hoist(trace)).toBe(false);
    tf.dispose([w, x]);
  });

  test('leaves what depends on an argument, or on chance, where it is', () => {
    const w = variable(1, 2);
    const x = tf.tensor1d([3, 4]);
    const trace = new Trace(tf.backend() as unknown as NodeBackend, false);
    trace.record(() => [tf.mul(tf.add(x, 1), tf.neg(w)), tf.multinomial(w, 5)], [x]);
    expect(hoist(trace)).toBe(true);
    const stores = trace.graph.nodes.filter(({ op }) => op === 'AssignVariableOp');
    const ops = stores.map(({ inputs }) => inputs[1]?.split('_')[0]);
    expect(ops).toContain('Neg');
    expect(ops).not.toContain('Mul');
    expect(ops.some((op) => op?.startsWith('Multinomial'))).toBe(false);
    tf.dispose([w, x]);
  });
});
