import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AdamState, applyAdam, compile, useBackend } from '../src/index.js';

beforeAll(async () => {
  // oneDNN keeps the kernels of up to a thousand shapes: memory that grows, and is no leak.
  process.env.TF_ENABLE_ONEDNN_OPTS = '0';
  await useBackend('node');
});

const MEGABYTE = 2 ** 20;
const memory = () => ({ tensors: tf.memory().numTensors, bytes: process.memoryUsage.rss() });
const graphFolders = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`heed-graph-${process.pid}-`));

/** Least squares by Adam: what it reads and assigns is resident. */
function makeStep(state: AdamState) {
  const step = ({ x, y }: { x: tf.Tensor2D; y: tf.Tensor1D }, number: tf.Scalar) =>
    tf.tidy(() => {
      const loss = () =>
        tf.mean(
          tf.square(tf.sub(tf.squeeze(tf.matMul(x, state.parameter as tf.Tensor2D), [1]), y)),
        ) as tf.Scalar;
      const { value, grads } = tf.variableGrads(loss, [state.parameter]);
      applyAdam(state, grads[state.parameter.name] as tf.Tensor, {
        learningRate: tf.scalar(0.01),
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        beta1Power: tf.pow(0.9, number) as tf.Scalar,
        beta2Power: tf.pow(0.999, number) as tf.Scalar,
      });
      return value;
    });
  return compile(step, { sizes: [{ x: ['N', 3], y: ['N'] }, []], resident: true });
}

describe('nothing leaks', () => {
  test('over 10,000 steps of Adam on resident variables, of many sizes', () => {
    const before = tf.memory().numTensors;
    const zeros = (trainable: boolean) => tf.tidy(() => tf.variable(tf.zeros([3, 1]), trainable));
    const state: AdamState = {
      parameter: zeros(true),
      firstMoment: zeros(false),
      secondMoment: zeros(false),
    };
    const step = makeStep(state);
    const run = (first: number, count: number) => {
      for (let n = first; n < first + count; n++) {
        // Large enough that 10,000 of them kept would show.
        const rows = 1000 + (n % 50);
        tf.tidy(() => {
          step({ x: tf.ones([rows, 3]), y: tf.fill([rows], 6) as tf.Tensor1D }, tf.scalar(n)).dataSync();
        });
        if (n % 1000 === 0) step.pull();
      }
    };
    run(1, 1000);
    const warm = memory();
    run(1001, 10_000);
    const now = memory();
    expect(now.tensors).toBe(warm.tensors);
    expect(now.bytes - warm.bytes).toBeLessThan(60 * MEGABYTE);
    expect(step.statistics().graphs).toBe(1);
    expect(graphFolders()).toEqual([]);
    // It did learn: three weights that add up to 6.
    step.pull();
    for (const weight of state.parameter.dataSync()) expect(weight).toBeCloseTo(2, 3);
    step.dispose();
    tf.dispose(Object.values(state));
    expect(tf.memory().numTensors).toBe(before);
  });

  test('over 300 shapes, of which 4 graphs are kept at a time', () => {
    const before = tf.memory().numTensors;
    // A constant of each graph, large enough that 300 of them kept would show.
    const table = tf.ones([8192, 8]);
    const weights = tf.tidy(() => tf.variable(tf.ones([8, 8]))) as tf.Variable<tf.Rank.R2>;
    const compiled = compile(
      (x: tf.Tensor2D) =>
        tf.tidy(() => {
          weights.assign(tf.mul(weights, 1));
          return tf.softmax(tf.add(tf.matMul(x, weights), tf.slice(table, [5, 0], [1, 8])));
        }),
      { capacity: 4 },
    );
    const run = (first: number, count: number) => {
      for (let rows = first; rows < first + count; rows++) {
        tf.tidy(() => {
          const x = tf.ones([rows, 8]) as tf.Tensor2D;
          expect(compiled(x).dataSync()[0]).toBeCloseTo(1 / 8, 6);
          compiled(x);
        });
        expect(compiled.statistics().graphs).toBeLessThanOrEqual(4);
      }
    };
    run(1, 50);
    const warm = memory();
    run(51, 300);
    const now = memory();
    expect(now.tensors).toBe(warm.tensors);
    expect(now.bytes - warm.bytes).toBeLessThan(60 * MEGABYTE);
    expect(graphFolders()).toEqual([]);
    compiled.dispose();
    expect(compiled.statistics().graphs).toBe(0);
    tf.dispose([weights, table]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a process that is killed while it loads a graph', () => {
  const run = (folder: string, ...args: string[]) =>
    spawnSync(
      process.execPath,
      [
        '--conditions=@heed/source',
        '--import',
        import.meta.resolve('tsx'),
        fileURLToPath(new URL('compile-once.ts', import.meta.url)),
        ...args,
      ],
      { env: { ...process.env, TMPDIR: folder, TMP: folder, TEMP: folder }, encoding: 'utf8' },
    );

  test('leaves a folder, which the next one removes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'heed-leaks-'));
    const folders = () => readdirSync(folder).filter((name) => name.startsWith('heed-graph-'));
    try {
      const killed = run(folder, 'killed');
      expect(killed.signal, killed.stderr).toBe('SIGKILL');
      expect(folders()).toEqual([expect.stringMatching(`^heed-graph-${killed.pid}-`)]);
      const next = run(folder);
      expect(next.status, next.stderr).toBe(0);
      expect(folders()).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
