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
import { Relatedness } from './relatedness.js';
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
  /** [B, 5], see `gradesOf`; for models that say how related sentences are. */
  readonly grades?: Tensor2D;
};

export const pairSizes: SizeTree = { premise: ['S', 'B'], hypothesis: ['T', 'B'] };
export const entailmentBatchSizes: SizeTree = { ...pairSizes, labels: ['B'], grades: ['B', 5] };

/** What a model says of pairs. */
export type Judged = {
  /** [B, 3] */
  readonly logits: Tensor2D;
  /** How related the sentences are, 1 to 5, [B]; of models that say so. */
  readonly relatedness?: Tensor1D;
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
  private readonly relatedness: Relatedness | undefined;

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
    const width = this.hidden?.units ?? features;
    this.output = this.child('output', new Linear(width, entailmentLabels.length, random));
    this.relatedness = config.relatedness
      ? this.child('relatedness', new Relatedness(width, random))
      : undefined;
  }

  /** @param random absent outside of training */
  apply(pair: PairTokens, random?: RandomStream): Judged {
    const { seen, weights } = this.read(pair, random);
    return {
      logits: this.output.apply(seen),
      ...(this.relatedness && { relatedness: this.relatedness.apply(seen) }),
      ...(weights && { weights }),
    };
  }

  /** Mean cross-entropy of the labels, in nats, and of the grades, if it learns those. */
  loss({ labels, grades, ...pair }: EntailmentBatch, smoothing: number, random?: RandomStream): Scalar {
    const { seen } = this.read(pair, random);
    const loss = tf.mean<Scalar>(softmaxCrossEntropy(this.output.apply(seen), labels, smoothing));
    return this.relatedness && grades ? tf.add(loss, this.relatedness.loss(seen, grades)) : loss;
  }

  /** @returns seen [B, ·], what the answers are read from */
  private read(
    pair: PairTokens,
    random: RandomStream | undefined,
  ): { seen: Tensor2D; weights: Tensor3D | undefined } {
    const [premise, hypothesis] = [this.embed(pair.premise, random), this.embed(pair.hypothesis, random)];
    const { weights, features } = this.compare(premise, hypothesis, random);
    // With the same parameters (Rocktäschel et al. 2016, section 2.5).
    const both = this.config.twoWay
      ? tf.concat([features, this.compare(hypothesis, premise, random).features], 1)
      : features;
    const drop = (x: Tensor2D) => dropout(x, this.config.dropout.classifier, random);
    return { seen: drop(this.hidden ? tanh(this.hidden.apply(drop(both))) : both), weights };
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
}
