import type { Tensor, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Linear, type LinearBeginning } from './linear.js';
import { Module } from './module.js';
import { padSteps } from './subsampling.js';

/**
 * What stands around each step: `x` moved by -reach, …, 0, …, reach steps, with zeros from beyond the ends.
 *
 * @param x [T, ...]
 * @returns 2 · reach + 1 tensors, each [T, ...], the earliest first
 */
export function neighbours<T extends Tensor>(x: T, reach: number): T[] {
  const padded = padSteps(x, reach, reach);
  const rest = x.shape.slice(1);
  return Array.from(
    { length: 2 * reach + 1 },
    (_, start) => tf.slice(padded, [start, ...rest.map(() => 0)], x.shape) as T,
  );
}

export interface TimeConvolutionOptions {
  readonly inputs: number;
  readonly units: number;
  /** How many steps a filter spans; an odd number, so that it has a middle. */
  readonly width: number;
  /** Of the kernel [width · inputs, units], the earliest step's rows first, and of the bias [units]. */
  readonly beginning?: LinearBeginning;
}

/** W [x_{t-r}; …; x_t; …; x_{t+r}] + b of every step t, r = (width - 1) / 2, with zeros beyond the ends. */
export class TimeConvolution extends Module {
  private readonly linear: Linear;
  private readonly reach: number;

  constructor({ inputs, units, width, beginning = {} }: TimeConvolutionOptions, random: () => number) {
    super(random);
    if (width % 2 !== 1) throw new Error(`a convolution over time needs filters of odd width, got ${width}`);
    this.reach = (width - 1) / 2;
    this.linear = new Linear(width * inputs, units, random, { beginning });
  }

  override namedParameters(): Map<string, Variable> {
    return this.linear.namedParameters();
  }

  /** @param x [T, B, inputs], zeros where masked @returns [T, B, units] */
  apply(x: Tensor3D): Tensor3D {
    return this.linear.apply(tf.concat(neighbours(x, this.reach), 2));
  }
}
