import { type AttentionMechanism, createAttention, Linear, RecurrentEncoder } from '@heed/attention-core';
import { dropout, type RandomStream } from '@heed/backend';
import type { Rank, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { batchFirst, type Compared, Comparison, rowsOf } from './comparison.js';
import type { NetworkConfig } from './config.js';
import type { ReadPair, ReadSentence } from './pair-encoder.js';

/** Far below any output of an LSTM. */
const LOW = -1e9;

/**
 * Each word beside what it attends to in the other sentence, and how the two differ, read once more by an LSTM of both
 * directions (Chen et al. 2017, sections 3.2 and 3.3).
 */
export class Alignment extends Comparison {
  readonly width: number;
  private readonly attention: AttentionMechanism;
  private readonly project: Linear;
  private readonly composition: RecurrentEncoder;
  private readonly rate: number;

  /** @param width of the LSTMs' outputs */
  constructor(
    { units, dropout: { encoder: rate } }: Pick<NetworkConfig, 'units' | 'dropout'>,
    width: number,
    random: () => number,
  ) {
    super(random);
    // e_ij = ā_iᵀ b̄_j: equation 11.
    this.attention = this.child(
      'attention',
      createAttention({ score: 'dot', queryWidth: width, valueWidth: width, units: width }, random),
    );
    this.project = this.child('project', new Linear(4 * width, units, random));
    const options = {
      cell: 'lstm',
      inputs: units,
      units,
      layers: 1,
      bidirectional: true,
      dropout: 0,
    } as const;
    this.composition = this.child('composition', new RecurrentEncoder(options, random));
    this.width = 4 * this.composition.width;
    this.rate = rate;
  }

  apply({ premise, hypothesis }: ReadPair, random?: RandomStream): Compared {
    const ofPremise = this.compare(premise, hypothesis, random);
    const ofHypothesis = this.compare(hypothesis, premise, random);
    // v = [v_a,ave; v_a,max; v_b,ave; v_b,max]: equation 20.
    return {
      features: tf.concat([ofPremise.pooled, ofHypothesis.pooled], 1),
      weights: ofHypothesis.weights,
    };
  }

  /** @returns pooled [B, 2 widths], weights [T, B, S] */
  private compare(
    { outputs, mask }: ReadSentence,
    other: ReadSentence,
    random: RandomStream | undefined,
  ): { pooled: Tensor2D; weights: Tensor3D } {
    const [steps, batch, width] = outputs.shape;
    const memory = this.attention.memory(batchFirst(other.outputs), rowsOf(other.mask));
    const places = memory.mask.shape[1];
    const queries = tf.reshape<Rank.R2>(batchFirst(outputs), [batch * steps, width]);
    // ã_i = Σ_j softmax(e_i)_j b̄_j: equations 12 and 13.
    const attended = this.attention.attend(queries, memory);
    const aligned = batchFirst(tf.reshape<Rank.R3>(attended.context, [batch, steps, width]));
    // m = [ā; ã; ā - ã; ā ⊙ ã]: equations 14 and 15.
    const compared = tf.concat(
      [outputs, aligned, tf.sub(outputs, aligned), tf.mul(outputs, aligned)],
      2,
    ) as Tensor3D;
    const projected = dropout(tf.relu(this.project.apply(compared)), this.rate, random);
    const composed = this.composition.apply(projected, mask, random).outputs;
    return {
      pooled: pool(composed, mask),
      weights: batchFirst(tf.reshape<Rank.R3>(attended.weights, [batch, steps, places])),
    };
  }
}

/** Mean and maximum over the words: equations 18 and 19. @returns [B, 2k] */
function pool(outputs: Tensor3D, mask: Tensor3D): Tensor2D {
  const valid = tf.cast(mask, 'float32');
  const mean = tf.div<Tensor2D>(tf.sum(tf.mul(outputs, valid), 0), tf.sum(valid, 0));
  const highest = tf.max<Tensor2D>(tf.where(mask, outputs, tf.fill(outputs.shape, LOW)), 0);
  return tf.concat([mean, highest], 1);
}
