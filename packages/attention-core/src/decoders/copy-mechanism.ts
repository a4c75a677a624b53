import { sigmoid, softmaxCrossEntropy } from '@heed/backend';
import type { Rank, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Linear } from '../linear.js';
import { Module } from '../module.js';
import type { DecoderOutput } from './decoder.js';

export interface CopyOptions {
  /** Widths of a decoder's outputs and of its embedded words. */
  readonly hiddenWidth: number;
  readonly contextWidth: number;
  readonly embedding: number;
}

/** What the source of each sentence offers to copy. */
export interface CopySource {
  /**
   * The source's words, [B, S] int32, in a vocabulary that goes on with words of the batch's sources which the model does
   * not know: V, V + 1, …
   */
  readonly tokens: Tensor2D;
  /** Size of that vocabulary, at least V. */
  readonly extended: number;
}

/** So that the logarithm of a word that can be neither generated nor copied is finite. */
const SMALLEST_PROBABILITY = 1e-30;

/**
 * Pointer-generator (See et al. 2017, section 2.2): a word is generated with probability p_gen, or copied from where the
 * attention is. Any attention decoder can have one.
 *
 *     p_gen = σ(w [c; s; y] + b),  P(w) = p_gen P_vocab(w) + (1 - p_gen) Σ_{i: w_i = w} a_i     (equations 8 and 9)
 */
export class CopyMechanism extends Module {
  private readonly gate: Linear;

  constructor({ hiddenWidth, contextWidth, embedding }: CopyOptions, random: () => number) {
    super(random);
    this.gate = this.child('gate', new Linear(contextWidth + hiddenWidth + embedding, 1, random));
  }

  /** p_gen [N, 1]. @param output of N steps @param embedded the words that went into them, [N, E] */
  probability({ hidden, context }: DecoderOutput, embedded: Tensor2D): Tensor2D {
    return sigmoid(this.gate.apply(tf.concat([context, hidden, embedded], 1)));
  }

  /**
   * Log-probabilities of all words, for search. No gradient flows through them: train with `crossEntropy`.
   *
   * @param logits [N, V]
   * @param weights the attention, [N, S], N a multiple of B: the beams of a sentence side by side
   * @param generate p_gen, [N, 1]
   * @returns [N, extended]
   */
  logProbabilities(
    logits: Tensor2D,
    weights: Tensor2D,
    generate: Tensor2D,
    { tokens, extended }: CopySource,
  ): Tensor2D {
    const [rows, places] = weights.shape;
    const [sentences, vocabulary] = [tokens.shape[0], logits.shape[1]];
    const generated = tf.pad(tf.mul<Tensor2D>(tf.softmax(logits), generate), [
      [0, 0],
      [0, extended - vocabulary],
    ]);
    const words = tf.reshape(tf.tile(tokens, [1, rows / sentences]), [rows * places]);
    const row = tf.reshape(tf.tile(tf.reshape(tf.range(0, rows, 1, 'int32'), [rows, 1]), [1, places]), [
      rows * places,
    ]);
    const copied = tf.scatterND<Rank.R2>(
      tf.stack([row, words], 1),
      tf.reshape(tf.mul(weights, tf.sub(1, generate)), [rows * places]),
      [rows, extended],
    );
    return tf.log(tf.maximum<Tensor2D>(tf.add(generated, copied), SMALLEST_PROBABILITY));
  }

  /**
   * -log P of the words that came, in nats.
   *
   * @param logits [N, V]
   * @param weights the attention, [N, S]
   * @param generate p_gen, [N, 1]
   * @param source the source's words for each of the N steps, [N, S] int32
   * @param targets [N] int32, in the extended vocabulary
   * @returns [N]
   */
  crossEntropy(
    logits: Tensor2D,
    weights: Tensor2D,
    generate: Tensor2D,
    source: Tensor2D,
    targets: Tensor1D,
  ): Tensor1D {
    const last = tf.scalar(logits.shape[1] - 1, 'int32');
    const known = tf.cast(tf.lessEqual(targets, last), 'float32');
    const likelihood = tf.exp(tf.neg(softmaxCrossEntropy(logits, tf.minimum(targets, last))));
    const gate = tf.squeeze<Tensor1D>(generate, [1]);
    const matches = tf.cast(tf.equal(source, tf.expandDims(targets, 1)), 'float32');
    const copied = tf.mul(tf.sub(1, gate), tf.sum(tf.mul(weights, matches), 1));
    const total = tf.add(tf.mul(gate, tf.mul(likelihood, known)), copied);
    return tf.neg(tf.log(tf.maximum<Tensor1D>(total, SMALLEST_PROBABILITY)));
  }
}
