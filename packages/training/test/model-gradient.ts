import type { Module } from '@heed/attention-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

interface ParameterGradient {
  readonly variable: Variable;
  readonly gradient: Tensor;
  readonly square: number;
}

/** How far along the gradient the points are whose difference is taken: close, since maxout has corners. */
const STEP = 1e-3;

const scalarOf = (tensor: Tensor) => tensor.dataSync()[0] as number;

/** Expects that every trained parameter of the model has a gradient; call it in a `tf.tidy`. */
export function expectGradients(model: Module, loss: () => Scalar): ParameterGradient[] {
  const trained = [...model.namedParameters()].filter(([, { trainable }]) => trainable);
  const { grads } = tf.variableGrads(
    loss,
    trained.map(([, variable]) => variable),
  );
  return trained.map(([name, variable]) => {
    const gradient = grads[variable.name] as Tensor | null;
    expect(gradient, name).not.toBeNull();
    const square = scalarOf(tf.sum(tf.square(gradient as Tensor)));
    expect(square, name).toBeGreaterThan(0);
    return { variable, gradient: gradient as Tensor, square };
  });
}

/**
 * Expects, moreover, that the loss rises along the gradient by its length; call it in a `tf.tidy`, which ends the model's
 * life: its parameters stay shifted.
 */
export function expectGradientOfDifferences(model: Module, loss: () => Scalar): void {
  const shifted = expectGradients(model, loss).map((one) => ({ ...one, start: one.variable.clone() }));
  const length = Math.sqrt(shifted.reduce((sum, { square }) => sum + square, 0));
  const at = (by: number) => {
    for (const { variable, start, gradient } of shifted)
      variable.assign(tf.add(start, tf.mul(gradient, by / length)));
    return scalarOf(loss());
  };
  const difference = (at(STEP) - at(-STEP)) / (2 * STEP);
  expect(Math.abs(difference - length), `${difference} and ${length}`).toBeLessThan(1e-3 + 0.01 * length);
}
