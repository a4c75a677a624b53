import { Module, normal, uniform, zeros } from '@heed/attention-core';
import type { Rank, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { EmbeddingConfig } from './config.js';

/** Words to either side of one whose vector is averaged over them (Wang and Jiang 2016, section 2.4: a window of nine). */
const REACH = 4;
/** Of the first vectors of words that a file lacks (Rocktäschel et al. 2016, section 3). */
const LIMIT = 0.05;

/**
 * A vector a word. The vocabulary's first words have learned ones; its last `known` ones have those of a file, fixed or
 * trained on.
 */
export class WordEmbedding extends Module {
  private readonly learned: Variable<Rank.R2> | undefined;
  private readonly known: Variable<Rank.R2> | undefined;
  private readonly firstKnown: number;

  constructor(
    private readonly config: EmbeddingConfig,
    vocabulary: number,
    random: () => number,
  ) {
    super(random);
    const { width, known = 0, fixed, unknown } = config;
    const scale = width ** -0.5;
    this.firstKnown = vocabulary - known;
    this.learned =
      known > 0 && unknown === 'averaged'
        ? undefined
        : this.parameter(
            'learned',
            [this.firstKnown, width],
            known > 0 ? uniform(LIMIT * scale) : normal(scale),
          );
    if (known === 0) return;
    const shape = [known, width];
    this.known = fixed ? this.buffer('known', shape, zeros) : this.parameter('known', shape, zeros);
  }

  /** @param values of the known words, in the order of their ids, [known, width] row by row */
  assignKnown(values: Float32Array): void {
    tf.tidy(() => this.known?.assign(tf.tensor2d(values, this.known.shape)));
  }

  /** @param ids [T, B] int32 @returns [T, B, width] */
  lookUp(ids: Tensor2D): Tensor3D {
    if (!this.known) return this.lookUpLearned(ids);
    const first = tf.scalar(this.firstKnown, 'int32');
    const isKnown = tf.expandDims(tf.greaterEqual(ids, first), 2) as Tensor3D;
    const vectors = this.gather(this.known, tf.maximum(tf.sub(ids, first), tf.scalar(0, 'int32')));
    const last = tf.scalar(this.firstKnown - 1, 'int32');
    const others = this.learned
      ? this.lookUpLearned(tf.minimum(ids, last))
      : averageAround(vectors, tf.cast(isKnown, 'float32') as Tensor3D);
    return tf.where(isKnown, vectors, others);
  }

  /** As `Embedding` does: small values with a factor, so that an optimizer's steps are large enough for them. */
  private lookUpLearned(ids: Tensor2D): Tensor3D {
    return tf.mul(this.gather(this.learned as Tensor2D, ids), Math.sqrt(this.config.width));
  }

  private gather(matrix: Tensor2D, ids: Tensor): Tensor3D {
    const [steps, batch] = ids.shape as [number, number];
    const rows = tf.gather(matrix, tf.reshape(ids, [-1]));
    return tf.reshape<Rank.R3>(rows, [steps, batch, this.config.width]);
  }
}

/**
 * At each step the mean of the vectors around it that count; 0 where none does.
 *
 * @param vectors [T, B, E]
 * @param counts [T, B, 1], 1 or 0
 */
function averageAround(vectors: Tensor3D, counts: Tensor3D): Tensor3D {
  const [steps, batch, width] = vectors.shape;
  const place = tf.range(0, steps, 1, 'int32');
  const distance = tf.abs(tf.sub(tf.expandDims(place, 1), tf.expandDims(place, 0)));
  const near = tf.cast(tf.lessEqual(distance, tf.scalar(REACH, 'int32')), 'float32') as Tensor2D;
  const sum = (x: Tensor3D, size: number) =>
    tf.reshape<Rank.R3>(tf.matMul(near, tf.reshape<Rank.R2>(x, [steps, batch * size])), [steps, batch, size]);
  const number = tf.maximum(sum(counts, 1), 1);
  return tf.div(sum(tf.mul(vectors, counts), width), number);
}
