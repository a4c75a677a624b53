import {
  doublyStochasticLoss,
  Embedding,
  Linear,
  type Memory,
  Module,
  MovingBaseline,
  reinforceLoss,
  repeatRows,
} from '@heed/attention-core';
import { dropout, type RandomStream, type SizeTree, softmaxCrossEntropy } from '@heed/backend';
import { PADDING } from '@heed/training';
import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { CaptionDecoder, type CaptionState, type CaptionSteps } from './caption-decoder.js';
import type { CaptioningConfig, EncoderConfig } from './config.js';
import { ConvolutionalEncoder, gridSide } from './convolutional-encoder.js';

/** What a model reads of images: features [B, S, C], or pixels [B, H, W, 3], -1 to 1. */
export type ImageTensor = Tensor3D | Tensor4D;

/** Images, and of each equally many captions, K; these time first, padded with 0. */
export type CaptionBatch = {
  readonly images: ImageTensor;
  /** [T, B, K] int32: begin, y₁, …, yₙ */
  readonly inputs: Tensor3D;
  /** [T, B, K] int32: y₁, …, yₙ, end */
  readonly targets: Tensor3D;
  /** Of captions that the model drew itself, how much better each is than the others of its image, [B, K]. */
  readonly advantages?: Tensor2D;
};

/** Rows and columns of what is attended to. */
export function gridOf(encoder: EncoderConfig): { rows: number; columns: number } {
  if (encoder.kind === 'features') return { rows: encoder.rows, columns: encoder.columns };
  const side = gridSide(encoder);
  return { rows: side, columns: side };
}

/** The shape of one image as the model reads it. */
export function imageShape(encoder: EncoderConfig): number[] {
  return encoder.kind === 'features'
    ? [encoder.rows * encoder.columns, encoder.channels]
    : [encoder.imageSize, encoder.imageSize, 3];
}

export const captionBatchSizes = ({
  encoder,
  training,
}: Pick<CaptioningConfig, 'encoder' | 'training'>): SizeTree => {
  const ofImage = training.selfCritical?.samples ?? 1;
  return {
    images: ['B', ...imageShape(encoder)],
    inputs: ['T', 'B', ofImage],
    targets: ['T', 'B', ofImage],
    ...(training.selfCritical && { advantages: ['B', ofImage] }),
  };
};

export type CaptionLossOptions = Pick<
  CaptioningConfig['training'],
  'labelSmoothing' | 'doublyStochastic' | 'reinforce'
> & {
  /** Tokens that captions with advantages cannot have: what is pushed away must not gather where nothing is drawn. */
  readonly forbidden?: readonly number[];
};

/** An image as the decoder sees it. */
export type EncodedImage = { readonly memory: Memory; readonly state: CaptionState };

/** Logits in which the forbidden tokens have no probability. */
function allowed(logits: Tensor2D, forbidden: readonly number[] = []): Tensor2D {
  if (forbidden.length === 0) return logits;
  const { shape } = logits;
  const penalty = Float32Array.from({ length: shape[1] }, (_, token) =>
    forbidden.includes(token) ? -1e9 : 0,
  );
  return tf.add(logits, tf.tensor2d(penalty, [1, shape[1]]));
}

/** Encoder, attention, decoder. */
export class CaptionModel extends Module {
  private readonly config: CaptioningConfig['network'];
  private readonly encoder: ConvolutionalEncoder | undefined;
  private readonly values: Linear | undefined;
  private readonly embedding: Embedding;
  private readonly decoder: CaptionDecoder;
  private readonly output: Linear;
  private readonly baseline: MovingBaseline | undefined;

  constructor(
    { encoder, network }: Pick<CaptioningConfig, 'encoder' | 'network'>,
    vocabulary: number,
    random: () => number,
  ) {
    super(random);
    this.config = network;
    this.encoder =
      encoder.kind === 'convolutional'
        ? this.child('encoder', new ConvolutionalEncoder(encoder, random))
        : undefined;
    const channels = encoder.kind === 'features' ? encoder.channels : (this.encoder?.width as number);
    this.values =
      network.values > 0 ? this.child('values', new Linear(channels, network.values, random)) : undefined;
    this.embedding = this.child('embedding', new Embedding(vocabulary, network.embedding, random));
    const decoder = new CaptionDecoder(network, this.values?.units ?? channels, random);
    this.decoder = this.child('decoder', decoder);
    this.output = this.child('output', new Linear(network.embedding, vocabulary, random));
    this.baseline =
      network.attention === 'hard' ? this.child('baseline', new MovingBaseline(random)) : undefined;
  }

  encode(images: ImageTensor, random?: RandomStream): EncodedImage {
    const features = this.encoder ? this.encoder.apply(images as Tensor4D) : (images as Tensor3D);
    const [batch, , channels] = features.shape;
    // Whole channels: what is dropped at one place is not read at the next.
    const seen = dropout(features, this.config.dropout.features, random, [batch, 1, channels]);
    const memory = this.decoder.memory(this.values ? tf.relu(this.values.apply(seen)) : seen);
    return { memory, state: this.decoder.initialState(memory) };
  }

  /**
   * What training makes small: the mean cross-entropy of the tokens, in nats, and per token of it the penalties of
   * sections 4.1 and 4.2.1, which the paper sums up by sentence. Of captions with advantages, the cross-entropy of each
   * counts as much as its advantage: the gradient is REINFORCE's.
   *
   * @param random absent outside of training, when hard attention draws nothing but looks where it is most probable
   */
  loss(
    { images, inputs, targets, advantages }: CaptionBatch,
    options: CaptionLossOptions,
    random?: RandomStream,
  ): Scalar {
    const [steps, imageCount, ofImage] = inputs.shape;
    const batch = imageCount * ofImage;
    const { memory, state: first } = this.encode(images, random);
    const state = { hidden: repeatRows(first.hidden, ofImage), cell: repeatRows(first.cell, ofImage) };
    const embedded = this.embed(tf.reshape(inputs, [steps, batch]), random) as Tensor3D;
    const draws = random && this.baseline && this.draw([steps, batch, memory.mask.shape[1]], options, random);
    const output = this.decoder.unroll(embedded, state, memory, draws);
    const rows = (tensor: Tensor) =>
      tf.reshape<Rank.R2>(tensor, [steps * batch, tensor.shape.at(-1) as number]);
    const read = { hidden: rows(output.hidden), context: rows(output.context) };
    const logits = allowed(
      this.output.apply(this.decoder.readout(read, rows(embedded), random)),
      advantages && options.forbidden,
    );
    const flat = tf.reshape(targets, [steps * batch]) as Tensor1D;
    const counted = tf.cast(tf.notEqual(flat, tf.scalar(PADDING, 'int32')), 'float32');
    const mask = tf.reshape<Rank.R2>(counted, [steps, batch]);
    const losses = tf.reshape<Rank.R2>(softmaxCrossEntropy(logits, flat, options.labelSmoothing), [
      steps,
      batch,
    ]);
    const ofCaptions = tf.sum<Tensor1D>(tf.mul(losses, mask), 0);
    const penalty = this.penalty(output, mask, ofCaptions, options, draws?.drawn);
    const learnt = tf.sum(advantages ? tf.mul(ofCaptions, tf.reshape(advantages, [batch])) : ofCaptions);
    const total = penalty ? tf.add(learnt, tf.mul(penalty, batch)) : learnt;
    return tf.div(total, tf.sum(mask));
  }

  /**
   * One word on, for search.
   *
   * @param tokens [N] int32
   * @returns logits [N, V]; weights [N, S + 1]: the places', zeros where nothing attends, and last the gate
   */
  step(
    tokens: Tensor1D,
    state: CaptionState,
    memory: Memory,
  ): { logits: Tensor2D; state: CaptionState; weights: Tensor2D } {
    const embedded = this.embedding.lookUp(tokens) as Tensor2D;
    const next = this.decoder.step(this.decoder.project(embedded), state, memory);
    const { weights, gate } = next.output;
    const [rows, places] = [tokens.shape[0], memory.values.shape[1]];
    const parts = [weights ?? tf.zeros<Rank.R2>([rows, places]), gate ?? tf.ones<Rank.R2>([rows, 1])];
    const logits = this.output.apply(this.decoder.readout(next.output, embedded));
    return { logits, state: next.state, weights: tf.concat(parts, 1) };
  }

  private embed(ids: Tensor, random: RandomStream | undefined): Tensor {
    return dropout(this.embedding.lookUp(ids), this.config.dropout.embedding, random);
  }

  private draw(
    [steps, batch, places]: [number, number, number],
    { reinforce }: CaptionLossOptions,
    random: RandomStream,
  ): { noise: Tensor3D; drawn: Tensor2D } {
    const drawn = tf.greaterEqual(random.uniform([batch, 1]), reinforce.softShare);
    return {
      noise: random.uniform([steps, batch, places]) as Tensor3D,
      drawn: tf.cast(drawn, 'float32') as Tensor2D,
    };
  }

  /** What a caption's attention costs, on average; undefined where it costs nothing. */
  private penalty(
    { weights, distribution }: CaptionSteps,
    mask: Tensor2D,
    ofCaptions: Tensor1D,
    { doublyStochastic, reinforce }: CaptionLossOptions,
    drawn: Tensor2D | undefined,
  ): Scalar | undefined {
    const terms: Scalar[] = [];
    if (weights && doublyStochastic > 0) {
      const everywhere = tf.ones<Rank.R2>([weights.shape[1], weights.shape[2]]);
      const uneven = doublyStochasticLoss(distribution ?? weights, mask, everywhere);
      terms.push(tf.mul(uneven, doublyStochastic));
    }
    if (weights && distribution && drawn && this.baseline) {
      const rewards = tf.neg(ofCaptions) as Tensor1D;
      const choices = reinforceLoss({
        weights,
        distribution,
        targetMask: tf.mul<Tensor2D>(mask, tf.transpose(drawn)),
        rewards,
        baseline: this.baseline.value,
        entropy: reinforce.entropy,
      });
      this.baseline.update(rewards);
      terms.push(tf.mul(choices, reinforce.weight));
    }
    return terms.length > 0 ? (tf.addN(terms) as Scalar) : undefined;
  }
}
