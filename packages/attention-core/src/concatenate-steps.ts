import type { Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Subsampled, stepsOfGroups, subsampleMask } from './subsampling.js';

/**
 * Each `factor` steps as one (Chan et al. 2016, section 3.1, equation 5, between the layers of the encoder). Steps
 * that are masked, or missing at the end, are zeros.
 *
 * @param inputs [T, B, D]
 * @param mask [T, B, 1] bool
 * @returns outputs [⌈T / factor⌉, B, factor · D]
 */
export function concatenateSteps(inputs: Tensor3D, mask: Tensor3D, factor: number): Subsampled {
  const valid: Tensor3D = tf.mul(inputs, tf.cast(mask, 'float32'));
  return { outputs: tf.concat(stepsOfGroups(valid, factor), 2), mask: subsampleMask(mask, factor) };
}
