import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { hasTensorFlowOps, runOp, typeOf } from '../run-op.js';

/** Solves equations with three diagonals: above the main one, it, and below. All are of one shape, [..., S]. */
function solve(above: Tensor, main: Tensor, below: Tensor, right: Tensor): Tensor {
  const attributes = { T: typeOf('float32'), partial_pivoting: { kind: 'bool', value: false } } as const;
  const { rank } = right;
  const diagonals = tf.stack([above, main, below], rank - 1);
  const column = tf.expandDims(right, rank);
  return tf.squeeze(runOp('TridiagonalSolve', attributes, [diagonals, column]), [rank]);
}

/** x_j - a_{j-1} x_{j-1} = b_j, and for the gradient h of b with g of x: h_j - a_j h_{j+1} = g_j */
const solved = tf.customGrad((factors, inputs, save) => {
  const [a, b] = [factors as Tensor, inputs as Tensor];
  const [ones, zeros] = [tf.onesLike(a), tf.zerosLike(a)];
  const x = solve(zeros, ones, tf.neg(shift(a, 1)), b);
  (save as (tensors: Tensor[]) => void)([a, x]);
  return {
    value: x,
    gradFunc: (dy: Tensor, saved: Tensor[]) => {
      const [a, x] = saved as [Tensor, Tensor];
      const h = solve(tf.neg(a), tf.onesLike(a), tf.zerosLike(a), dy);
      return [tf.mul(shift(h, -1), x), h];
    },
  };
});

/**
 * x_j = a_{j-1} x_{j-1} + b_j along the last axis, x_0 = b_0, as one op (TridiagonalSolve) where there is libtensorflow.
 *
 * @param factors a, of any shape @param inputs b, of the same shape
 */
export function linearRecurrence<T extends Tensor>(factors: T, inputs: T): T {
  return (hasTensorFlowOps() ? solved(factors, inputs) : plainLinearRecurrence(factors, inputs)) as T;
}

/** The same from TF.js's own ops, by doubling (Hillis and Steele 1986): like the other it divides by nothing. */
export function plainLinearRecurrence<T extends Tensor>(factors: T, inputs: T): T {
  let [factor, sum] = [shift(factors, 1), inputs as Tensor];
  let by = 1;
  // Once even for a single place, whose factor then has a gradient, 0.
  do {
    sum = tf.add(sum, tf.mul(factor, shift(sum, by)));
    factor = tf.mul(factor, shift(factor, by));
    by *= 2;
  } while (by < (inputs.shape.at(-1) as number));
  return sum as T;
}

/** Each value as many places later along the last axis, or earlier; zeros come in. */
function shift(x: Tensor, by: number): Tensor {
  const around: [number, number][] = x.shape.map(() => [0, 0]);
  around[around.length - 1] = [Math.max(by, 0), Math.max(-by, 0)];
  const begin = x.shape.map(() => 0);
  begin[begin.length - 1] = Math.max(-by, 0);
  return tf.slice(tf.pad(x, around), begin, x.shape);
}
