import type { RandomStream } from '@heed/backend';
import type { Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { FeaturesConfig, SpeechConfig } from './config.js';
import { staticWidth } from './features/speech-features.js';

/**
 * Features of which bands of frequencies and spans of time are hidden, others in each recording (Park et al. 2019,
 * section 2, without its warping of time). What is hidden is the mean, which is 0 in features that are normalised. Of
 * each band the deltas are hidden with it.
 *
 * @param frames [T, B, F]
 * @param lengths of the recordings, in frames, [B] int32
 */
export function specAugment(
  frames: Tensor3D,
  lengths: Tensor1D,
  features: FeaturesConfig,
  { frequencyMasks, frequencyWidth, timeMasks, timeShare }: SpeechConfig['training']['specAugment'],
  random: RandomStream,
): Tensor3D {
  const [steps, batch, width] = frames.shape;
  const bands = features.kind === 'log-mel' ? features.filters : features.coefficients;
  const column = (i: number) => i % staticWidth(features);
  // The energy is of no band.
  const bandOf = Float32Array.from({ length: width }, (_, i) => (column(i) < bands ? column(i) : -1));
  const band = tf.tensor3d(bandOf, [1, 1, width]);
  const time = tf.reshape(tf.range(0, steps), [steps, 1, 1]);
  const total = tf.reshape(tf.cast(lengths, 'float32'), [1, batch, 1]);
  const draw = () => random.uniform([1, batch, 1]);
  const hide = (places: Tensor, size: Tensor, end: Tensor): Tensor => {
    const first = tf.floor(tf.mul(draw(), tf.sub(end, size)));
    const inside = tf.logicalAnd(
      tf.greaterEqual(places, first),
      tf.less(places, tf.floor(tf.add(first, size))),
    );
    return tf.sub(1, tf.cast(inside, 'float32'));
  };
  const bandwidth = Math.min(frequencyWidth, bands - 1) + 1;
  const masks = [
    ...Array.from({ length: frequencyMasks }, () =>
      hide(band, tf.floor(tf.mul(draw(), bandwidth)), tf.scalar(bands)),
    ),
    ...Array.from({ length: timeMasks }, () => hide(time, tf.mul(tf.mul(draw(), timeShare), total), total)),
  ];
  return masks.reduce((seen, mask) => tf.mul(seen, mask), frames as Tensor) as Tensor3D;
}
