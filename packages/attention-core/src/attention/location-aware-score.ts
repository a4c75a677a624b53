import type { Rank, Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { glorotUniform } from '../initializers.js';
import { type AdditiveOptions, AdditiveScore } from './additive-score.js';
import type { AttentionState } from './attention-state.js';

export interface LocationOptions {
  /** How many filters run over the last weights. */
  readonly filters: number;
  /** How many places a filter spans; an odd number, so that it has a middle. */
  readonly width: number;
}

/**
 * v · tanh(W query + U values + L f + b),  f = F * α: the additive score, which also sees the weights α of the step
 * before through filters F (Chorowski et al. 2015, equations 8 and 9).
 */
export class LocationAwareScore extends AdditiveScore {
  override readonly usesState = true;
  private readonly filters: Variable<Rank.R2>;
  private readonly location: Variable<Rank.R2>;
  private readonly units: number;

  constructor(options: AdditiveOptions, { filters, width }: LocationOptions, random: () => number) {
    super(options, random);
    if (width % 2 !== 1) throw new Error(`location-aware attention needs filters of odd width, got ${width}`);
    this.units = options.units;
    this.filters = this.parameter('filters', [width, filters], glorotUniform);
    this.location = this.parameter('location', [filters, options.units], glorotUniform);
  }

  protected override withHistory(keys: Tensor, queries: number, state: AttentionState | undefined): Tensor {
    if (!state) throw new Error('location-aware attention needs the state of the step before');
    const [rows, places] = state.weights.shape;
    // F and L are both linear: one product of what a filter spans does for them, far faster than a convolution of one channel.
    const [width] = this.filters.shape;
    const around = tf.pad(state.weights, [
      [0, 0],
      [(width - 1) / 2, (width - 1) / 2],
    ]);
    const spans = tf.add(
      tf.reshape(tf.range(0, places, 1, 'int32'), [places, 1]),
      tf.reshape(tf.range(0, width, 1, 'int32'), [1, width]),
    );
    const spanned = tf.gather(around, tf.reshape<Rank.R1>(spans, [places * width]), 1);
    const seen = tf.matMul(
      tf.reshape<Rank.R2>(spanned, [rows * places, width]),
      tf.matMul(this.filters, this.location),
    );
    return tf.add(keys, tf.reshape(seen, [rows / queries, queries, places, this.units]));
  }
}
