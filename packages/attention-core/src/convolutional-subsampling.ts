import type { Rank, Tensor3D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { glorotUniform, zeros } from './initializers.js';
import { Module } from './module.js';
import { padSteps, type Subsampled, subsampleMask } from './subsampling.js';

export interface ConvolutionalSubsamplingOptions {
  /** Width of the inputs, D. */
  readonly inputs: number;
  /** Width of the outputs. */
  readonly filters: number;
  /** How many steps a filter spans; at least `stride`, so that none is passed over. */
  readonly width: number;
  /** How many steps become one. */
  readonly stride: number;
}

/**
 * A strided convolution over time, with rectified outputs, to go before recurrent layers (Amodei et al. 2016). What
 * lies beyond the sequence or is masked counts as zeros.
 */
export class ConvolutionalSubsampling extends Module {
  private readonly kernel: Variable<Rank.R4>;
  private readonly bias: Variable<Rank.R1>;

  /** @throws if the filters are narrower than the stride */
  constructor(
    private readonly options: ConvolutionalSubsamplingOptions,
    random: () => number,
  ) {
    super(random);
    const { inputs, filters, width, stride } = options;
    if (width < stride) {
      throw new Error(
        `filters of width ${width} pass over steps at stride ${stride}: make them at least as wide`,
      );
    }
    this.kernel = this.parameter('kernel', [width, 1, inputs, filters], (_, draw) =>
      glorotUniform([width * inputs, filters], draw),
    );
    this.bias = this.parameter('bias', [filters], zeros);
  }

  /**
   * @param inputs [T, B, D]
   * @param mask [T, B, 1] bool
   * @returns outputs [⌈T / stride⌉, B, filters]
   */
  apply(inputs: Tensor3D, mask: Tensor3D): Subsampled {
    const { width, stride } = this.options;
    const before = Math.floor((width - stride) / 2);
    // So that the last filter begins in the last group of steps, be that full or not.
    const padded = padSteps(tf.mul(inputs, tf.cast(mask, 'float32')), before, width - 1 - before);
    const image = tf.expandDims(padded, 0) as Tensor4D;
    const filtered = tf.squeeze<Tensor3D>(tf.conv2d(image, this.kernel, [stride, 1], 'valid'), [0]);
    return { outputs: tf.relu(tf.add(filtered, this.bias) as Tensor3D), mask: subsampleMask(mask, stride) };
  }
}
