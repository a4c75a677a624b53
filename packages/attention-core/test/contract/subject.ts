import * as tf from '@tensorflow/tfjs-core';
import type { Module } from '../../src/index.js';
import { normalTensor } from './numerics.js';

/** The axes of a tensor: `B` batch, `S` places of the source, `T` steps of the target, or a fixed width. */
export type Axes = readonly ('B' | 'S' | 'T' | number)[];
export type Sizes = Readonly<Record<'B' | 'S' | 'T', number>>;
export type Tensors = Readonly<Record<string, tf.Tensor>>;

/** A part of a network as the battery sees it: named tensors in, named tensors out. */
export interface Subject<M extends Module> {
  readonly name: string;
  make(random: () => number): M;
  /** The input `mask` is bool, where 1 is valid; all others are float32. */
  readonly inputs: Readonly<Record<string, Axes>> & { readonly mask: Axes };
  /** An output named `weights` is attention over S; its sums are 1 unless `sumsBelowOne`. */
  readonly outputs: Readonly<Record<string, Axes>>;
  readonly sumsBelowOne?: boolean;
  run(module: M, inputs: Tensors): Tensors;
  /** The same outputs, computed one step after the other. */
  stepwise?(module: M, inputs: Tensors): Tensors;
}

export const SIZES: Sizes = { B: 4, S: 5, T: 3 };

const shapeOf = (axes: Axes, sizes: Sizes): number[] =>
  axes.map((axis) => (typeof axis === 'number' ? axis : sizes[axis]));

/** Row 0 is full; the others have holes at the beginning, in the middle and at the end. */
function makeMask({ B, S }: Sizes): tf.Tensor {
  const rows = Array.from({ length: B }, (_, b) => {
    const row = Array.from({ length: S }, (_, s) => b === 0 || (s + 2 * b) % 3 !== 0);
    return row.some(Boolean) ? row : row.map(() => true);
  });
  return tf.tensor2d(rows, [B, S], 'bool');
}

export function makeInputs({ inputs }: Pick<Subject<Module>, 'inputs'>, sizes: Sizes, seed: number): Tensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, axes], i) => [
      name,
      name === 'mask' ? makeMask(sizes) : normalTensor(shapeOf(axes, sizes), seed + i),
    ]),
  );
}

/** The mask in a form that broadcasts over a tensor of these axes; 1 for tensors that are not over S. */
export function validity(axes: Axes, mask: tf.Tensor): tf.Tensor {
  const [b, s] = [axes.indexOf('B'), axes.indexOf('S')];
  if (s < 0) return tf.scalar(1);
  const ordered = tf.transpose(tf.cast(mask, 'float32'), b < s ? [0, 1] : [1, 0]);
  return tf.reshape(
    ordered,
    axes.map((axis) => (axis === 'B' ? mask.shape[0] : axis === 'S' ? mask.shape[1] : 1) as number),
  );
}

/** Makes a loss of the outputs: their sum, each value times its coefficient, which is 0 where masked. */
export function makeCoefficients(
  { outputs }: Pick<Subject<Module>, 'outputs'>,
  sizes: Sizes,
  mask: tf.Tensor,
): Tensors {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, axes], i) => [
      name,
      tf.tidy(() => tf.mul(normalTensor(shapeOf(axes, sizes), 900 + i), validity(axes, mask))),
    ]),
  );
}

/** The outputs, 0 where masked. */
export function validOutputs(
  { outputs }: Pick<Subject<Module>, 'outputs'>,
  values: Tensors,
  mask: tf.Tensor,
): Tensors {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      tf.mul(value, validity(outputs[name] as Axes, mask)),
    ]),
  );
}

export const differentiable = (inputs: Tensors): [string, tf.Tensor][] =>
  Object.entries(inputs).filter(([name]) => name !== 'mask');

/** The loss of the outputs, and its gradients by all parameters and by all inputs under their names. */
export function valueAndGradients<M extends Module>(
  subject: Subject<M>,
  module: M,
  inputs: Tensors,
  coefficients: Tensors,
): { loss: tf.Tensor; gradients: Tensors } {
  const by: [string, tf.Tensor][] = [...module.namedParameters(), ...differentiable(inputs)];
  const loss = () => {
    const outputs = subject.run(module, inputs);
    const terms = Object.entries(coefficients).map(([name, c]) =>
      tf.sum(tf.mul(outputs[name] as tf.Tensor, c)),
    );
    return tf.addN(terms) as tf.Scalar;
  };
  const tensors = by.map(([, tensor]) => tensor);
  const { value, grads } = tf.engine().gradients(loss, tensors, undefined, true);
  return {
    loss: value,
    gradients: Object.fromEntries(by.map(([name, tensor], i) => [name, grads[i] ?? tf.zerosLike(tensor)])),
  };
}
