import * as tf from '@tensorflow/tfjs-core';
import type { Constants, RandomModel, ReferenceModel, State } from './random-model.js';

const positions = 4;

/** The source positions of a sentence that are not padding. */
export const sourceLength = (sentence: number) => 2 + (sentence % 3);

/** A random model with true attention weights, which depend on the prefix and leave out the padding. */
export function attending(model: RandomModel): ReferenceModel & { step: RandomModel['step'] } {
  const energy = (row: number, i: number) => 4 * Math.sin(row * (i + 1) * (i + 2));
  const rows = model.table.length / model.logProbabilities(0, []).length;
  const energies = Float32Array.from({ length: rows * positions }, (_, at) =>
    energy(Math.floor(at / positions), at % positions),
  );
  return {
    logProbabilities: (sentence, prefix) => model.logProbabilities(sentence, prefix),
    attention(sentence, prefix) {
      const row = model.row(sentence, prefix);
      const shares = Array.from({ length: sourceLength(sentence) }, (_, i) => Math.exp(energy(row, i)));
      const total = shares.reduce((sum, share) => sum + share, 0);
      return shares.map((share) => share / total);
    },
    step(tokens: tf.Tensor1D, state: State, constants: Constants) {
      const output = model.step(tokens, state, constants);
      const [row, sentence] = tf.split(output.weights, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
      const thirds = tf.floor(tf.div(sentence, 3));
      const length = tf.add(tf.sub(sentence, tf.mul(thirds, 3)), 2);
      const padding = tf.greaterEqual(tf.tensor2d([[0, 1, 2, 3]]), length);
      const table = tf.tensor2d(energies, [rows, positions]);
      const chosen = tf.gather(table, tf.cast(tf.reshape<tf.Rank.R1>(row, [-1]), 'int32')) as tf.Tensor2D;
      const masked = tf.sub(chosen, tf.mul(tf.cast(padding, 'float32'), 1e9)) as tf.Tensor2D;
      return { ...output, weights: tf.softmax(masked) };
    },
  };
}
