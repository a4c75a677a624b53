import { Linear, Module } from '@heed/attention-core';
import { dropout, type RandomStream, type SizeTree, softmaxCrossEntropy, tanh } from '@heed/backend';
import type { Vocabulary } from '@heed/text';
import { PADDING } from '@heed/training';
import type { Rank, Scalar, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Alignment } from './alignment.js';
import type { Compared, Comparison } from './comparison.js';
import type { NetworkConfig } from './config.js';
import { entailmentLabels } from './data/sentence-pair.js';
import { LastOutputs } from './last-outputs.js';
import { MatchLstm } from './match-lstm.js';
import { LastAttention, WordByWordAttention } from './pair-attention.js';
import { createPairEncoder, type EmbeddedSentence, type PairEncoder } from './pair-encoder.js';
import { WordEmbedding } from './word-embedding.js';

/** Sentences time first; padded with 0. */
export type PairTokens = {
  /** [S, B] int32 */
  readonly premise: Tensor2D;
  /** [T, B] int32 */
  readonly hypothesis: Tensor2D;
};

export type EntailmentBatch = PairTokens & {
  /** [B] int32: places in `entailmentLabels` */
  readonly labels: Tensor1D;
};

export const pairSizes: SizeTree = { premise: ['S', 'B'], hypothesis: ['T', 'B'] };
export const entailmentBatchSizes: SizeTree = { ...pairSizes, labels: ['B'] };

/** What a model says of pairs. */
export type Judged = {
  /** [B, 3] */
  readonly logits: Tensor2D;
  /** Where the hypothesis looked in the premise, see `Compared`. */
  readonly weights?: Tensor3D;
};

/**
 * The token that the sentences of a model end with: match-LSTM's NULL, which words attend to that match nothing; undefined
 * where there is none.
 */
export const endToken = (
  { attention }: Pick<NetworkConfig, 'attention'>,
  { specials }: Pick<Vocabulary, 'specials'>,
): number | undefined => (attention === 'match' ? specials.end : undefined);

function createComparison(config: NetworkConfig, width: number, random: () => number): Comparison {
  switch (config.attention) {
    case 'none':
      return new LastOutputs(config, width, random);
    case 'last':
      return new LastAttention(width, random);
    case 'word-by-word':
      return new WordByWordAttention(width, random);
    case 'match':
      return new MatchLstm(width, config.units, random);
    case 'alignment':
      return new Alignment(config, width, random);
  }
}

/** Words, LSTMs, attention, label. */
export class EntailmentModel extends Module {
  readonly embedding: WordEmbedding;
  private readonly projection: Linear | undefined;
  private readonly encoder: PairEncoder;
  private readonly comparison: Comparison;
  private readonly hidden: Linear | undefined;
  private readonly output: Linear;

  constructor(
    private readonly config: NetworkConfig,
    vocabulary: number,
    random: () => number,
  ) {
    super(random);
    const { embedding, projection, twoWay, classifier } = config;
    this.embedding = this.child('embedding', new WordEmbedding(embedding, vocabulary, random));
    this.projection =
      projection > 0 ? this.child('projection', new Linear(embedding.width, projection, random)) : undefined;
    this.encoder = this.child(
      'encoder',
      createPairEncoder(config, this.projection?.units ?? embedding.width, random),
    );
    this.comparison = this.child('comparison', createComparison(config, this.encoder.width, random));
    const features = this.comparison.width * (twoWay ? 2 : 1);
    this.hidden = classifier > 0 ? this.child('hidden', new Linear(features, classifier, random)) : undefined;
    this.output = this.child(
      'output',
      new Linear(this.hidden?.units ?? features, entailmentLabels.length, random),
    );
  }

  /** @param random absent outside of training */
  apply(pair: PairTokens, random?: RandomStream): Judged {
    const [premise, hypothesis] = [this.embed(pair.premise, random), this.embed(pair.hypothesis, random)];
    const { weights, features } = this.compare(premise, hypothesis, random);
    // With the same parameters (Rocktäschel et al. 2016, section 2.5).
    const seen = this.config.twoWay
      ? tf.concat([features, this.compare(hypothesis, premise, random).features], 1)
      : features;
    return { logits: this.classify(seen, random), ...(weights && { weights }) };
  }

  /** Mean cross-entropy of the labels, in nats. */
  loss({ labels, ...pair }: EntailmentBatch, smoothing: number, random?: RandomStream): Scalar {
    return tf.mean(softmaxCrossEntropy(this.apply(pair, random).logits, labels, smoothing));
  }

  private embed(ids: Tensor2D, random: RandomStream | undefined): EmbeddedSentence {
    const [steps, batch] = ids.shape;
    const vectors = dropout(this.embedding.lookUp(ids), this.config.dropout.embedding, random);
    const mask = tf.notEqual(ids, tf.scalar(PADDING, 'int32'));
    return {
      words: this.projection ? this.projection.apply(vectors) : vectors,
      mask: tf.reshape<Rank.R3>(mask, [steps, batch, 1]),
    };
  }

  private compare(
    premise: EmbeddedSentence,
    hypothesis: EmbeddedSentence,
    random: RandomStream | undefined,
  ): Compared {
    return this.comparison.apply(this.encoder.apply(premise, hypothesis, random), random);
  }

  private classify(features: Tensor2D, random: RandomStream | undefined): Tensor2D {
    const drop = (x: Tensor2D) => dropout(x, this.config.dropout.classifier, random);
    const seen = this.hidden ? tanh(this.hidden.apply(drop(features))) : features;
    return this.output.apply(drop(seen));
  }
}
