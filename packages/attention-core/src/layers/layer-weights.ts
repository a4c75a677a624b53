import * as tf from '@tensorflow/tfjs-core';
import { buildWith, type Module } from '../module.js';

/** A weight of a tf.layers layer, as `addWeight` gives it. */
interface LayerWeight {
  read(): tf.Tensor;
  write(values: tf.Tensor): unknown;
}

/**
 * Builds a module whose variables are weights of a layer, which then trains, saves and loads them.
 *
 * @param addWeight makes one, with a name that is unique in the layer
 */
export function moduleOfWeights<M extends Module>(
  addWeight: (name: string, shape: number[]) => LayerWeight,
  build: () => M,
): M {
  let count = 0;
  return buildWith((name, values, shape) => {
    const weight = addWeight(`${name}_${count++}`, shape);
    const tensor = tf.tensor(values(), shape);
    weight.write(tensor);
    tensor.dispose();
    return weight.read() as tf.Variable;
  }, build);
}
