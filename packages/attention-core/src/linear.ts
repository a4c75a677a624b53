import type { Rank, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { glorotUniform, type Initializer, zeros } from './initializers.js';
import { Module } from './module.js';

/** What weights begin with; kernels are glorotUniform and biases 0 unless said. */
export interface LinearBeginning {
  readonly kernel?: Initializer;
  readonly bias?: Initializer;
}

/** x·W + b over the last axis. */
export class Linear extends Module {
  private readonly kernel: Variable<Rank.R2>;
  private readonly bias: Variable<Rank.R1> | undefined;

  constructor(
    private readonly inputs: number,
    readonly units: number,
    random: () => number,
    { bias = true, beginning = {} }: { bias?: boolean; beginning?: LinearBeginning } = {},
  ) {
    super(random);
    this.kernel = this.parameter('kernel', [inputs, units], beginning.kernel ?? glorotUniform);
    this.bias = bias ? this.parameter('bias', [units], beginning.bias ?? zeros) : undefined;
  }

  /** @param x [..., inputs] @returns [..., units] */
  apply<T extends Tensor>(x: T): T {
    const flat =
      x.rank === 2
        ? (x as Tensor as Tensor2D)
        : tf.reshape<Rank.R2>(x, [-1, this.inputs] as [number, number]);
    const product = tf.matMul(flat, this.kernel);
    const result = this.bias ? tf.add(product, this.bias) : product;
    return (x.rank === 2 ? result : tf.reshape(result, [...x.shape.slice(0, -1), this.units])) as T;
  }
}
