import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Memory, queriesPerRow } from './memory.js';
import { Score } from './score.js';

/** query · value (Luong et al. 2015, section 3.1, "dot"). The widths of query and values must be equal. */
export class DotScore extends Score {
  constructor(queryWidth: number, valueWidth: number, random: () => number) {
    super(random);
    if (queryWidth !== valueWidth) {
      throw new Error(
        `dot attention needs a query as wide as the values, but they are ${queryWidth} and ${valueWidth} wide`,
      );
    }
  }

  projectKeys(values: Tensor3D): Tensor3D {
    return values;
  }

  score(query: Tensor2D, memory: Memory): Tensor3D {
    const [batch, , width] = memory.keys.shape;
    const queries = tf.reshape<tf.Rank.R3>(query, [batch, queriesPerRow(query, memory), width]);
    return tf.matMul(queries, memory.keys, false, true);
  }
}
