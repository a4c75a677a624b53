import type { Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { padSteps, type Subsampled, subsampleMask } from './subsampling.js';

/**
 * Each `factor` steps as one (Chan et al. 2016, section 3.1, equation 5, between the layers of the encoder). Steps
 * that are masked, or missing at the end, are zeros.
 *
 * Compiled with T an open size, T must be a multiple of the factor: as an argument, [T / factor, factor, B, D].
 *
 * @param inputs [T, B, D]
 * @param mask [T, B, 1] bool
 * @returns outputs [⌈T / factor⌉, B, factor · D]
 */
export function concatenateSteps(inputs: Tensor3D, mask: Tensor3D, factor: number): Subsampled {
  const [steps, batch, width] = inputs.shape;
  const groups = Math.ceil(steps / factor);
  const valid = tf.mul(inputs, tf.cast(mask, 'float32'));
  const grouped = tf.reshape(padSteps(valid, 0, groups * factor - steps), [groups, factor, batch, width]);
  const outputs = tf.reshape<tf.Rank.R3>(tf.transpose(grouped, [0, 2, 1, 3]), [
    groups,
    batch,
    factor * width,
  ]);
  return { outputs, mask: subsampleMask(mask, factor) };
}
