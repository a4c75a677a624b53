import { Embedding, Linear, type StepOutput, sequenceCrossEntropy, zeros } from '@heed/attention-core';
import { dropout, type RandomStream, tanh } from '@heed/backend';
import type { Vocabulary } from '@heed/text';
import type { Rank, Scalar, Tensor1D, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type AbsEncoder, createAbsEncoder, embedWindow } from './abs-encoders.js';
import type { AbsConfig } from './config.js';
import { type ExtractionVector, extractionFeatures, extractionScores } from './extraction.js';
import {
  type ArticleMemory,
  type EncodedArticle,
  isWord,
  type LossOptions,
  type SummarizationBatch,
  SummarizationModel,
  type WindowState,
} from './model.js';

/**
 * ABS, a neural language model with an encoder of the article (Rush et al. 2015, section 3.1):
 *
 *     p(y_{i+1} | y_c, x) ∝ exp(V h + W enc(x, y_c)),  h = tanh(U [E y_{i-C+1}; …; E y_i])
 *
 * and ABS+, whose search adds features of what is copied (section 5).
 */
export class AbsModel extends SummarizationModel<WindowState> {
  override readonly window: number;
  readonly attends: boolean;
  private readonly article: Embedding;
  private readonly headline: Embedding;
  private readonly hidden: Linear;
  private readonly encoder: AbsEncoder;
  private readonly output: Linear;
  private readonly extraction: Variable<Rank.R1> | undefined;

  constructor(
    private readonly config: AbsConfig,
    private readonly vocabulary: Vocabulary,
    random: () => number,
  ) {
    super(random);
    const { embedding, units, window, extraction } = config;
    const { size } = vocabulary;
    this.window = window;
    this.article = this.child('embedding', new Embedding(size, units, random));
    this.headline = this.child('headline_embedding', new Embedding(size, embedding, random));
    this.hidden = this.child('hidden', new Linear(window * embedding, units, random));
    this.encoder = this.child('encoder', createAbsEncoder(config, size, random));
    this.output = this.child('output', new Linear(2 * units, size, random));
    this.attends = this.encoder.attends;
    this.extraction = extraction ? this.buffer('extraction', [extractionFeatures.length], zeros) : undefined;
  }

  /** Weights of the features of extraction, of ABS+. */
  get extractionWeights(): ExtractionVector | undefined {
    return this.extraction && Array.from(this.extraction.dataSync());
  }

  /** @throws if it is not ABS+ */
  setExtractionWeights(weights: ExtractionVector): void {
    const { extraction } = this;
    if (!extraction) throw new Error('the network has no features of extraction (network.extraction)');
    tf.tidy(() => extraction.assign(tf.tensor1d([...weights])));
  }

  encode(article: Tensor2D, random?: RandomStream): EncodedArticle<WindowState> {
    const batch = article.shape[1];
    const words = tf.transpose(article) as Tensor2D;
    const embedded = dropout(this.article.lookUp(article), this.config.dropout.embedding, random);
    const mask = tf.expandDims(tf.cast(isWord(article), 'float32'), 2);
    const memory = this.encoder.memory(tf.mul(embedded, mask) as Tensor3D, isWord(words) as Tensor2D);
    return {
      memory: { ...memory, ...(this.extraction && { article: words }) },
      state: { window: this.begins([batch, this.window]) },
    };
  }

  loss(
    { article, inputs, targets }: SummarizationBatch,
    { smoothing }: LossOptions,
    random?: RandomStream,
  ): Scalar {
    const { memory } = this.encode(article, random);
    const { logits } = this.predict(this.windows(inputs), memory, random);
    const flat = tf.reshape(tf.transpose(targets), [targets.size]) as Tensor1D;
    const mask = tf.cast(isWord(flat), 'float32') as Tensor1D;
    return sequenceCrossEntropy(logits, flat, mask, smoothing);
  }

  step(tokens: Tensor1D, state: WindowState, memory: ArticleMemory): StepOutput<WindowState> {
    const [rows, words] = state.window.shape;
    const kept = tf.slice(state.window, [0, 1], [rows, words - 1]);
    const window: Tensor2D = tf.concat([kept, tf.expandDims<Tensor2D>(tokens, 1)], 1);
    const { logits, weights } = this.predict(window, memory);
    const { article } = memory;
    const given = { state: { window }, weights: weights ?? tf.zeros([rows, memory.values.shape[1]]) };
    if (!this.extraction || !article) return { logits, ...given };
    const extracted = extractionScores(this.extraction, window, article, this.vocabulary.size);
    return { scores: tf.add(tf.logSoftmax(logits), extracted), ...given };
  }

  private predict(
    window: Tensor2D,
    memory: ArticleMemory,
    random?: RandomStream,
  ): { logits: Tensor2D; weights?: Tensor2D } {
    const words = dropout(embedWindow(this.headline, window), this.config.dropout.embedding, random);
    const { context, ...attended } = this.encoder.read(window, memory);
    const features: Tensor2D = tf.concat([tanh(this.hidden.apply(words)), context], 1);
    return { logits: this.output.apply(dropout(features, this.config.dropout.hidden, random)), ...attended };
  }

  /** The C words before each target, those of a headline side by side. @param inputs [T, B] @returns [B · T, C] */
  private windows(inputs: Tensor2D): Tensor2D {
    const [steps, batch] = inputs.shape;
    const padded = tf.transpose(tf.concat([this.begins([this.window - 1, batch]), inputs], 0));
    const words = Array.from({ length: this.window }, (_, place) =>
      tf.slice(padded, [0, place], [batch, steps]),
    );
    return tf.reshape(tf.stack(words, 2), [batch * steps, this.window]);
  }

  private begins(shape: [number, number]): Tensor2D {
    return tf.fill(shape, this.vocabulary.specials.begin, 'int32');
  }
}
