import {
  CopyMechanism,
  coverageLoss,
  createDecoder,
  type Decoder,
  type DecoderState,
  Embedding,
  type Encoded,
  Linear,
  RecurrentEncoder,
  type StepOutput,
  sequenceCrossEntropy,
} from '@heed/attention-core';
import { dropout, type RandomStream } from '@heed/backend';
import type { Vocabulary } from '@heed/text';
import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { decoderAttends, type RasConfig, type RecurrentConfig } from './config.js';
import {
  type ArticleMemory,
  type EncodedArticle,
  isWord,
  type LossOptions,
  type SummarizationBatch,
  SummarizationModel,
} from './model.js';
import { RasDecoder } from './ras-decoder.js';

/** What the two recurrent networks differ in. */
interface Parts {
  readonly embedding: number;
  readonly embeddingDropout: number;
  readonly attends: boolean;
  /** Of embedded words; absent where the decoder makes do with those. */
  readonly encoder?: RecurrentEncoder;
  readonly decoder: Decoder;
  /** Width of what the next word is scored from; of the shared embedding where absent. */
  readonly scored?: number;
  readonly copying?: CopyMechanism;
}

function rasParts(config: RasConfig, longest: number, random: () => number): Parts {
  const { units } = config;
  return {
    embedding: units,
    embeddingDropout: config.dropout.embedding,
    attends: true,
    decoder: new RasDecoder(config, longest, random),
    scored: 2 * units,
  };
}

function recurrentParts(config: RecurrentConfig, random: () => number): Parts {
  const { cell, embedding, encoderUnits, encoderLayers, bidirectional, decoderUnits, dropout } = config;
  const encoder = new RecurrentEncoder(
    {
      ...{ cell, inputs: embedding, units: encoderUnits, layers: encoderLayers, bidirectional },
      dropout: dropout.encoder,
    },
    random,
  );
  const decoder = createDecoder(
    config.decoder,
    {
      ...config,
      units: decoderUnits,
      layers: config.decoderLayers,
      valueWidth: encoder.width,
      dropout: dropout.readout,
    },
    random,
  );
  const hiddenWidth = config.decoder === 'luong' ? embedding : decoderUnits;
  return {
    ...{ embedding, embeddingDropout: dropout.embedding, attends: decoderAttends(config), encoder, decoder },
    ...(!config.sharedEmbedding && { scored: embedding }),
    ...(config.copy && {
      copying: new CopyMechanism({ hiddenWidth, contextWidth: encoder.width, embedding }, random),
    }),
  };
}

/**
 * Encoder and decoder, both recurrent, with a pointer-generator and coverage (See et al. 2017) or without; or RAS (Chopra et
 * al. 2016), whose decoder reads embedded words.
 */
export class RecurrentModel extends SummarizationModel<DecoderState> {
  readonly attends: boolean;
  private readonly parts: Parts;
  private readonly article: Embedding;
  private readonly headline: Embedding;
  private readonly output: Linear | undefined;
  private readonly copying: CopyMechanism | undefined;

  /** @param longest the most words of an article: as many may be unknown, and have ids after the vocabulary's */
  constructor(
    network: RasConfig | RecurrentConfig,
    private readonly vocabulary: Vocabulary,
    private readonly longest: number,
    random: () => number,
  ) {
    super(random);
    this.parts =
      network.kind === 'ras' ? rasParts(network, longest, random) : recurrentParts(network, random);
    const { embedding, encoder, decoder, scored, copying } = this.parts;
    const { size } = vocabulary;
    this.attends = this.parts.attends;
    this.article = this.child('embedding', new Embedding(size, embedding, random));
    this.headline =
      scored === undefined
        ? this.article
        : this.child('headline_embedding', new Embedding(size, embedding, random));
    this.output = scored === undefined ? undefined : this.child('output', new Linear(scored, size, random));
    if (encoder) this.child('encoder', encoder);
    this.child('decoder', decoder);
    this.copying = copying && this.child('copying', copying);
  }

  encode(article: Tensor2D, random?: RandomStream): EncodedArticle<DecoderState> {
    const [steps, batch] = article.shape;
    const { encoder, decoder } = this.parts;
    const embedded = this.embed(this.article, article, random) as Tensor3D;
    const encoded: Encoded = encoder
      ? encoder.apply(embedded, tf.reshape<Rank.R3>(isWord(article), [steps, batch, 1]), random)
      : { outputs: embedded, final: [] };
    const words = tf.transpose(article) as Tensor2D;
    const memory = decoder.memory(encoded, isWord(words) as Tensor2D);
    return {
      memory: { ...memory, ...(this.copying && { article: words }) },
      state: decoder.initialState(encoded, memory),
    };
  }

  loss(
    { article, inputs, targets }: SummarizationBatch,
    { smoothing, coverage }: LossOptions,
    random?: RandomStream,
  ): Scalar {
    const { decoder } = this.parts;
    const [steps, batch] = inputs.shape;
    const {
      memory: { article: words, ...memory },
      state,
    } = this.encode(article, random);
    const embedded = this.embed(this.headline, inputs, random) as Tensor3D;
    const output = decoder.unroll(embedded, state, memory, random);
    const rows = (tensor: Tensor) =>
      tf.reshape<Rank.R2>(tensor, [steps * batch, tensor.shape.at(-1) as number]);
    const read = { hidden: rows(output.hidden), context: rows(output.context) };
    const logits = this.score(decoder.readout(read, rows(embedded), random));
    const flat = tf.reshape(targets, [steps * batch]) as Tensor1D;
    const mask = tf.cast(isWord(flat), 'float32') as Tensor1D;
    const weights = output.weights as Tensor3D | undefined;
    const wordLoss =
      this.copying && words && weights
        ? meanOf(
            this.copying.crossEntropy(
              logits,
              rows(weights),
              this.copying.probability(read, rows(embedded)),
              tf.tile(words, [steps, 1]),
              flat,
            ),
            mask,
          )
        : sequenceCrossEntropy(logits, flat, mask, smoothing);
    if (!coverage || !weights) return wordLoss;
    const covered = coverageLoss(weights, tf.reshape<Rank.R2>(mask, [steps, batch]));
    return tf.add(wordLoss, tf.mul(coverage, covered));
  }

  step(tokens: Tensor1D, state: DecoderState, memory: ArticleMemory): StepOutput<DecoderState> {
    const { decoder } = this.parts;
    const { article, ...read } = memory;
    const embedded = this.headline.lookUp(this.known(tokens)) as Tensor2D;
    const next = decoder.step(decoder.project(embedded), state, read, { decoding: true });
    const { output } = next;
    const logits = this.score(decoder.readout(output, embedded));
    const weights = output.weights ?? tf.zeros([tokens.shape[0], read.values.shape[1]]);
    if (!this.copying || !article) return { logits, state: next.state, weights };
    const extended = this.vocabulary.size + this.longest;
    const generate = this.copying.probability(output, embedded);
    const scores = this.copying.logProbabilities(logits, weights, generate, { tokens: article, extended });
    return { scores, state: next.state, weights };
  }

  private embed(embedding: Embedding, ids: Tensor2D, random: RandomStream | undefined): Tensor {
    return dropout(embedding.lookUp(this.known(ids)), this.parts.embeddingDropout, random);
  }

  /** Ids with unknown in the place of those beyond the vocabulary. */
  private known<T extends Tensor>(ids: T): T {
    const { size, specials } = this.vocabulary;
    const isKnown = tf.less(ids, tf.scalar(size, 'int32'));
    return tf.where(isKnown, ids, tf.fill(ids.shape, specials.unknown, 'int32')) as T;
  }

  private score(features: Tensor2D): Tensor2D {
    return this.output ? this.output.apply(features) : this.headline.score(features);
  }
}

const meanOf = (losses: Tensor1D, mask: Tensor1D): Scalar =>
  tf.div(tf.sum(tf.mul(losses, mask)), tf.sum(mask));
