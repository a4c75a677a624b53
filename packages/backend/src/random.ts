import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { hasTensorFlowOps, runOp, typeOf } from './run-op.js';

/** A generator of numbers in [0, 1) on the JavaScript side, repeatable from its seed. */
export function randomSource(seed: number): () => number {
  const generator = xoroshiro128plus(seed | 0);
  return () => uniformFloat64(generator);
}

/**
 * Random tensors that depend on a seed and on their place in the sequence alone: the same stream gives the same
 * tensors in another run, and inside a compiled function, where the seed is an input, each call gives others.
 */
export class RandomStream {
  private drawn = 0;

  /** @param seed int32 [2]: the run's seed and, say, the number of the step */
  constructor(private readonly seed: Tensor1D) {}

  /** Uniform in [0, 1), float32. Counter-based (Philox, Salmon et al. 2011) on libtensorflow. */
  uniform(shape: number[]): Tensor {
    const place = this.drawn++;
    if (!hasTensorFlowOps()) {
      const [run, step] = this.seed.dataSync() as unknown as [number, number];
      const next = randomSource(
        Math.imul(run, 0x9e3779b1) ^ Math.imul(step, 0x85ebca6b) ^ Math.imul(place + 1, 0xc2b2ae35),
      );
      return tf.tensor(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => Math.fround(next()) % 1),
        shape,
      );
    }
    const seed = tf.add(this.seed, tf.tensor1d([Math.imul(place, 0x9e3779b1), 0], 'int32'));
    const attributes = { dtype: typeOf('float32'), T: typeOf('int32'), Tseed: typeOf('int32') };
    return runOp('StatelessRandomUniform', attributes, [tf.tensor1d(shape, 'int32'), seed]);
  }
}

/**
 * Inverted dropout (Srivastava et al. 2014): each value is 0 with probability `rate`, else divided by `1 - rate`.
 *
 * @param random absent outside of training, when nothing is dropped
 * @param shape of the mask, which is broadcast: sizes of 1 drop whole axes alike
 */
export function dropout<T extends Tensor>(
  x: T,
  rate: number,
  random: RandomStream | undefined,
  shape: number[] = x.shape,
): T {
  if (!random || rate === 0) return x;
  const kept = tf.greaterEqual(random.uniform(shape), rate);
  return tf.mul(x, tf.mul(tf.cast(kept, 'float32'), rate < 1 ? 1 / (1 - rate) : 0)) as T;
}
