import {
  type CtcFrames,
  type CtcPrefixState,
  createDecoder,
  ctcLoss,
  ctcPrefixStart,
  type Decoder,
  type DecoderState,
  Embedding,
  type Encoded,
  Linear,
  type Memory,
  Module,
  sequenceCrossEntropy,
} from '@heed/attention-core';
import { dropout, type RandomStream, type SizeTree } from '@heed/backend';
import { PADDING } from '@heed/training';
import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { FeaturesConfig, SpeechConfig } from './config.js';
import { featureWidth } from './features/speech-features.js';
import { specAugment } from './spec-augment.js';
import { SpeechEncoder } from './speech-encoder.js';

/** Of CTC: padding is never written, so that its id is free. */
export const BLANK = PADDING;

/** Recordings as they are heard. */
export type SpeechFrames = {
  /** [T, B, F], padded with zeros */
  readonly frames: Tensor3D;
  /** [B] int32, in frames */
  readonly lengths: Tensor1D;
};

/** Recordings and what is to be written of them, time first, padded with 0. */
export type SpeechBatch = SpeechFrames & {
  /** [U + 1, B] int32: begin, y₁, …, yₙ */
  readonly inputs: Tensor2D;
  /** [U + 1, B] int32: y₁, …, yₙ, end */
  readonly targets: Tensor2D;
};

export const speechFrameSizes = (features: FeaturesConfig): Record<keyof SpeechFrames, SizeTree> => ({
  frames: ['T', 'B', featureWidth(features)],
  lengths: ['B'],
});

export const speechBatchSizes = (features: FeaturesConfig): SizeTree => ({
  ...speechFrameSizes(features),
  inputs: ['U', 'B'],
  targets: ['U', 'B'],
});

/** A recording as the decoder sees it, and what CTC says of it, where that was trained. */
export type EncodedSpeech = {
  readonly memory: Memory;
  readonly state: DecoderState;
  readonly ctc: { readonly state: CtcPrefixState; readonly constants: CtcFrames } | undefined;
};

export type SpeechLossOptions = Pick<
  SpeechConfig['training'],
  'labelSmoothing' | 'ctcWeight' | 'specAugment'
>;

/** Encoder, attention, decoder, and on the encoder a head for CTC (Watanabe et al. 2017). */
export class SpeechModel extends Module {
  private readonly features: FeaturesConfig;
  private readonly config: SpeechConfig['network']['decoder'];
  private readonly encoder: SpeechEncoder;
  private readonly embedding: Embedding;
  private readonly decoder: Decoder;
  private readonly output: Linear;
  private readonly ctc: Linear | undefined;

  constructor(
    { features, network, training }: Pick<SpeechConfig, 'features' | 'network' | 'training'>,
    vocabulary: number,
    random: () => number,
  ) {
    super(random);
    this.features = features;
    this.config = network.decoder;
    this.encoder = this.child('encoder', new SpeechEncoder(network.encoder, featureWidth(features), random));
    const { embedding, dropout: rates } = network.decoder;
    this.embedding = this.child('embedding', new Embedding(vocabulary, embedding, random));
    const decoder = createDecoder(
      'bahdanau',
      {
        ...network.decoder,
        layers: 1,
        valueWidth: this.encoder.width,
        encoderUnits: network.encoder.units,
        bidirectional: true,
        dropout: rates.readout,
      },
      random,
    );
    this.decoder = this.child('decoder', decoder);
    this.output = this.child('output', new Linear(embedding, vocabulary, random));
    this.ctc =
      training.ctcWeight > 0
        ? this.child('ctc', new Linear(this.encoder.width, vocabulary, random))
        : undefined;
  }

  encode({ frames, lengths }: SpeechFrames): EncodedSpeech {
    const { encoded, memory, state } = this.hear(frames, lengths);
    const ctc = this.ctc && ctcPrefixStart(this.ctc.apply(encoded.outputs), encoded.mask, BLANK);
    return { memory, state, ctc };
  }

  /**
   * What training makes small, per token, in nats: λ CTC + (1 - λ) cross-entropy (Watanabe et al. 2017, multi-objective learning).
   *
   * @param random draws what is hidden and dropped; absent outside of training
   */
  loss(
    { frames, lengths, inputs, targets }: SpeechBatch,
    { labelSmoothing, ctcWeight, specAugment: hidden }: SpeechLossOptions,
    random?: RandomStream,
  ): Scalar {
    const [steps, batch] = inputs.shape;
    const heard = random ? specAugment(frames, lengths, this.features, hidden, random) : frames;
    const { encoded, memory, state } = this.hear(heard, lengths, random);
    const rows = (tensor: Tensor) =>
      tf.reshape<Rank.R2>(tensor, [steps * batch, tensor.shape.at(-1) as number]);
    const isToken = (ids: Tensor) => tf.notEqual(ids, tf.scalar(PADDING, 'int32'));
    const embedded = dropout(this.embedding.lookUp(inputs), this.config.dropout.embedding, random);
    const output = this.decoder.unroll(embedded as Tensor3D, state, memory, random);
    const read = { hidden: rows(output.hidden), context: rows(output.context) };
    const logits = this.output.apply(this.decoder.readout(read, rows(embedded), random));
    const flat = tf.reshape(targets, [steps * batch]) as Tensor1D;
    const counted = tf.cast(isToken(flat), 'float32') as Tensor1D;
    const attention = sequenceCrossEntropy(logits, flat, counted, labelSmoothing);
    if (!this.ctc) return attention;
    // Without the end token, which CTC does not write.
    const written = tf.slice(inputs, [1, 0], [steps - 1, batch]);
    const losses = ctcLoss({
      logits: this.ctc.apply(encoded.outputs),
      mask: encoded.mask,
      targets: written,
      targetMask: isToken(written) as Tensor2D,
      blank: BLANK,
    });
    const perToken = tf.div(tf.sum(losses), tf.sum(counted));
    return tf.add(tf.mul(perToken, ctcWeight), tf.mul(attention, 1 - ctcWeight));
  }

  /**
   * One token on, for search.
   *
   * @param tokens [N] int32
   * @returns logits [N, V], weights [N, S]
   */
  step(
    tokens: Tensor1D,
    state: DecoderState,
    memory: Memory,
  ): { logits: Tensor2D; state: DecoderState; weights: Tensor2D } {
    const embedded = this.embedding.lookUp(tokens) as Tensor2D;
    const next = this.decoder.step(this.decoder.project(embedded), state, memory);
    const logits = this.output.apply(this.decoder.readout(next.output, embedded));
    return { logits, state: next.state, weights: next.output.weights as Tensor2D };
  }

  private hear(
    frames: Tensor3D,
    lengths: Tensor1D,
    random?: RandomStream,
  ): { encoded: Encoded & { mask: Tensor3D }; memory: Memory; state: DecoderState } {
    const [steps, batch] = frames.shape;
    const time = tf.reshape(tf.range(0, steps, 1, 'int32'), [steps, 1, 1]);
    const mask = tf.less(time, tf.reshape(lengths, [1, batch, 1])) as Tensor3D;
    const encoded = this.encoder.apply(frames, mask, random);
    const places = tf.transpose(tf.squeeze<Tensor2D>(encoded.mask, [2])) as Tensor2D;
    const memory = this.decoder.memory(encoded, places);
    return { encoded, memory, state: this.decoder.initialState(encoded, memory) };
  }
}
