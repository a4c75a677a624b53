import { readFileSync } from 'node:fs';
import { compile, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ctcLoss } from '../src/index.js';
import { expectGradient } from './numeric-gradient.js';

beforeAll(async () => void (await useBackend()));

const BLANK = 0;

type Case = { shape: [number, number, number]; frames: number[]; targets: number[][]; logits: number[] };

/** Time first, as the loss has them; `longer` adds padding. */
function inputsOf({ shape, frames, targets, logits }: Case, longer = 0) {
  const [steps, batch] = shape;
  const most = Math.max(...targets.map(({ length }) => length)) + longer;
  const columns = Array.from({ length: most }, (_, u) => targets.map((row) => row[u] ?? 0));
  const isThere = Array.from({ length: most }, (_, u) => targets.map((row) => (u < row.length ? 1 : 0)));
  const padding: [number, number][] = [
    [0, longer],
    [0, 0],
    [0, 0],
  ];
  return {
    logits: tf.pad(tf.tensor3d(logits, shape), padding, 3) as tf.Tensor3D,
    mask: tf.tensor3d(
      Array.from({ length: steps + longer }, (_, t) => frames.map((of) => [t < of ? 1 : 0])),
      [steps + longer, batch, 1],
      'bool',
    ),
    targets: tf.tensor2d(columns, [most, batch], 'int32'),
    targetMask: tf.tensor2d(isThere, [most, batch], 'bool'),
    blank: BLANK,
  };
}

const golden: Case & { losses: number[]; coefficients: number[]; gradient: number[] } = JSON.parse(
  readFileSync(new URL('golden/ctc.json', import.meta.url), 'utf8'),
);

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs((found[i] as number) - value), `${i}`).toBeLessThan(2e-5);
  });
}

/** What a row of tokens is without repetitions and blanks. */
const collapse = (path: readonly number[]) =>
  path.filter((token, t) => token !== BLANK && token !== path[t - 1]).join();

/** Minus the log-probability of the targets: the sum over every path of so many frames. */
function exhaustive(logProbabilities: readonly (readonly number[])[], target: readonly number[]): number {
  const vocabulary = logProbabilities[0]?.length as number;
  let sum = 0;
  for (let code = 0; code < vocabulary ** logProbabilities.length; code++) {
    const path = logProbabilities.map((_, t) => Math.floor(code / vocabulary ** t) % vocabulary);
    if (collapse(path) !== target.join()) continue;
    sum += Math.exp(path.reduce((total, token, t) => total + (logProbabilities[t]?.[token] as number), 0));
  }
  return -Math.log(sum);
}

describe('ctcLoss', () => {
  it('is the sum over all alignments', () => {
    const shape: [number, number, number] = [5, 1, 4];
    const logits = Array.from({ length: 20 }, (_, i) => 2 * Math.sin(3 * i + 1));
    const rows = tf.logSoftmax(tf.tensor2d(logits, [5, 4])).arraySync();
    for (const target of [[1], [2, 3], [2, 2], [3, 1, 3], [1, 1, 2], [1, 2, 3, 2, 1]]) {
      const found = ctcLoss(inputsOf({ shape, frames: [5], targets: [target], logits })).dataSync();
      expect(found[0]).toBeCloseTo(exhaustive(rows, target), 4);
    }
  });

  it('and its gradient are those of PyTorch, where targets do not fit as well', () => {
    const { logits, ...rest } = inputsOf(golden);
    expectClose(ctcLoss({ logits, ...rest }).dataSync(), golden.losses);
    expect(golden.losses.slice(3).filter((loss) => loss === 0)).toHaveLength(1);
    const weighted = (x: tf.Tensor) =>
      tf.sum(
        tf.mul(ctcLoss({ logits: x as tf.Tensor3D, ...rest }), tf.tensor1d(golden.coefficients)),
      ) as tf.Scalar;
    expectClose(tf.grad(weighted)(logits).dataSync(), golden.gradient);
  });

  it('is the same with longer padding', () => {
    expectClose(ctcLoss(inputsOf(golden, 3)).dataSync(), golden.losses);
  });

  it('has the gradient of its differences', () => {
    const { logits, ...rest } = inputsOf(golden);
    const loss = (x: tf.Tensor) => tf.sum(ctcLoss({ logits: x as tf.Tensor3D, ...rest })) as tf.Scalar;
    expectGradient(loss, logits, 5e-3);
  });

  it('is one graph for all sizes, with its gradient', () => {
    const gradient = compile(
      ({ logits, ...rest }: Omit<ReturnType<typeof inputsOf>, 'blank'>) =>
        tf.tidy(() => {
          const { value, grad } = tf.valueAndGrad((x) =>
            tf.sum(ctcLoss({ logits: x as tf.Tensor3D, ...rest, blank: BLANK })),
          )(logits);
          return { value, grad };
        }),
      {
        sizes: [{ logits: ['T', 'B', 6], mask: ['T', 'B', 1], targets: ['U', 'B'], targetMask: ['U', 'B'] }],
      },
    );
    for (const longer of [0, 2, 5]) {
      const { blank: _, ...inputs } = inputsOf(golden, longer);
      const { value, grad } = gradient(inputs);
      expectClose(value.dataSync(), [golden.losses.reduce((a, b) => a + b)]);
      const eager = tf.grad((x) => tf.sum(ctcLoss({ ...inputs, logits: x as tf.Tensor3D, blank: BLANK })));
      expectClose(grad.dataSync(), [...eager(inputs.logits).dataSync()]);
    }
    gradient.dispose();
  });

  it('takes a token that cannot be, and is NaN where there is no number', () => {
    const given = inputsOf({ shape: [2, 1, 3], frames: [2], targets: [[1]], logits: [0, 1, -60, 0, 1, -60] });
    const lossOf = (token: number) => {
      const logits = tf.tensor3d([0, 1, token, 0, 1, token], [2, 1, 3]);
      const loss = (x: tf.Tensor) => tf.sum(ctcLoss({ ...given, logits: x as tf.Tensor3D })) as tf.Scalar;
      const { value, grad } = tf.valueAndGrad(loss)(logits);
      return [...value.dataSync(), ...grad.dataSync()];
    };
    expectClose(lossOf(Number.NEGATIVE_INFINITY), lossOf(-60));
    expect(lossOf(Number.NaN)[0]).toBeNaN();
    expect(lossOf(Number.POSITIVE_INFINITY)[0]).toBeNaN();
  });

  it('is finite where a target is all but impossible, in long sequences', () => {
    const [steps, vocabulary] = [400, 5];
    const logits = Array.from({ length: steps * vocabulary }, (_, i) =>
      i % vocabulary === 1 ? -60 : 60 * Math.sin(i),
    );
    const inputs = inputsOf({ shape: [steps, 1, vocabulary], frames: [steps], targets: [[1, 1, 1]], logits });
    const loss = ctcLoss(inputs).dataSync()[0] as number;
    expect(Number.isFinite(loss)).toBe(true);
    expect(loss).toBeGreaterThan(100);
  });
});
