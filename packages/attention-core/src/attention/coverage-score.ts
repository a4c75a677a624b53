import type { Rank, Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { glorotUniform } from '../initializers.js';
import { type AdditiveOptions, AdditiveScore } from './additive-score.js';
import type { AttentionState } from './attention-state.js';

/**
 * v · tanh(W query + U values + w c + b): the additive score, which also sees how much weight c each place has had so far
 * (See et al. 2017, equation 11; Tu et al. 2016, section 3.1.1).
 */
export class CoverageScore extends AdditiveScore {
  override readonly usesState = true;
  private readonly covered: Variable<Rank.R1>;

  constructor(options: AdditiveOptions, random: () => number) {
    super(options, random);
    this.covered = this.parameter('covered', [options.units], glorotUniform);
  }

  protected override withHistory(keys: Tensor, queries: number, state: AttentionState | undefined): Tensor {
    if (!state) throw new Error('coverage attention needs the state of the step before');
    const [rows, places] = state.coverage.shape;
    const coverage = tf.reshape(state.coverage, [rows / queries, queries, places, 1]);
    return tf.add(keys, tf.mul(coverage, this.covered));
  }
}
