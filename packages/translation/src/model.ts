import {
  createDecoder,
  type Decoder,
  type DecoderState,
  Embedding,
  Linear,
  type Memory,
  Module,
  RecurrentEncoder,
  scheduledInputs,
  sequenceCrossEntropy,
} from '@heed/attention-core';
import { dropout, type RandomStream, type SizeTree } from '@heed/backend';
import { PADDING } from '@heed/training';
import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { attends, type NetworkConfig } from './config.js';

/** Time first; padded with 0. */
export type TranslationBatch = {
  /** [S, B] int32, with the end token */
  readonly source: Tensor2D;
  /** [T, B] int32: begin, y₁, …, yₙ */
  readonly inputs: Tensor2D;
  /** [T, B] int32: y₁, …, yₙ, end */
  readonly targets: Tensor2D;
};

export const translationBatchSizes: SizeTree = {
  source: ['S', 'B'],
  inputs: ['T', 'B'],
  targets: ['T', 'B'],
};

/** A source sentence as the decoder sees it. */
export type EncodedSource = { readonly memory: Memory; readonly state: DecoderState };

/** Encoder, attention, decoder. */
export class TranslationModel extends Module {
  private readonly source: Embedding;
  private readonly target: Embedding;
  private readonly output: Linear | undefined;
  private readonly encoder: RecurrentEncoder;
  private readonly decoder: Decoder;

  constructor(
    private readonly config: NetworkConfig,
    vocabulary: number,
    random: () => number,
  ) {
    super(random);
    const { cell, embedding, encoderUnits, encoderLayers, bidirectional, sharedEmbedding } = config;
    const { decoderUnits: units, decoderLayers: layers } = config;
    this.source = this.child('embedding', new Embedding(vocabulary, embedding, random));
    this.target = sharedEmbedding
      ? this.source
      : this.child('target_embedding', new Embedding(vocabulary, embedding, random));
    this.output = sharedEmbedding
      ? undefined
      : this.child('output', new Linear(embedding, vocabulary, random));
    const encoder = { cell, inputs: embedding, units: encoderUnits, layers: encoderLayers, bidirectional };
    this.encoder = this.child(
      'encoder',
      new RecurrentEncoder({ ...encoder, dropout: config.dropout.encoder }, random),
    );
    this.decoder = this.child(
      'decoder',
      createDecoder(
        config.decoder,
        { ...config, units, layers, valueWidth: this.encoder.width, dropout: config.dropout.readout },
        random,
      ),
    );
  }

  /** Whether the decoder says where it looked. */
  get attends(): boolean {
    return attends(this.config);
  }

  /** @param source [S, B] int32 */
  encode(source: Tensor2D, random?: RandomStream): EncodedSource {
    const [steps, batch] = source.shape;
    const valid = (ids: Tensor) => tf.notEqual(ids, tf.scalar(PADDING, 'int32'));
    const encoded = this.encoder.apply(
      this.embed(this.source, source, random) as Tensor3D,
      tf.reshape<Rank.R3>(valid(source), [steps, batch, 1]),
      random,
    );
    const memory = this.decoder.memory(encoded, valid(tf.transpose(source)) as Tensor2D);
    return { memory, state: this.decoder.initialState(encoded, memory) };
  }

  /**
   * Mean cross-entropy of the target's tokens, in nats.
   *
   * @param ownWords how probable it is that a word is fed which the model itself says, in the place of the target's: a
   *   scalar, for scheduled sampling; absent without it
   */
  loss(
    { source, inputs: target, targets }: TranslationBatch,
    smoothing: number,
    random?: RandomStream,
    ownWords?: Scalar,
  ): Scalar {
    const [steps, batch] = target.shape;
    const { memory, state } = this.encode(source, random);
    const inputs = random && ownWords ? this.ownInputs(target, { memory, state }, ownWords, random) : target;
    const embedded = this.embed(this.target, inputs, random) as Tensor3D;
    const output = this.decoder.unroll(embedded, state, memory, random);
    const rows = (tensor: Tensor) =>
      tf.reshape<Rank.R2>(tensor, [steps * batch, tensor.shape.at(-1) as number]);
    const read = { hidden: rows(output.hidden), context: rows(output.context) };
    const logits = this.score(this.decoder.readout(read, rows(embedded), random));
    const flat = tf.reshape(targets, [steps * batch]) as Tensor1D;
    const mask = tf.cast(tf.notEqual(flat, tf.scalar(PADDING, 'int32')), 'float32') as Tensor1D;
    return sequenceCrossEntropy(logits, flat, mask, smoothing);
  }

  /**
   * One word on, for search.
   *
   * @param tokens [N] int32
   * @returns logits [N, V], weights [N, S]: zeros where nothing attends
   */
  step(
    tokens: Tensor1D,
    state: DecoderState,
    memory: Memory,
  ): { logits: Tensor2D; state: DecoderState; weights: Tensor2D } {
    const embedded = this.target.lookUp(tokens) as Tensor2D;
    const next = this.decoder.step(this.decoder.project(embedded), state, memory, { decoding: true });
    const logits = this.score(this.decoder.readout(next.output, embedded));
    const weights = next.output.weights ?? tf.zeros([tokens.shape[0], memory.values.shape[1]]);
    return { logits, state: next.state, weights };
  }

  private ownInputs(
    words: Tensor2D,
    { memory, state }: EncodedSource,
    probability: Scalar,
    random: RandomStream,
  ): Tensor2D {
    const network = {
      decoder: this.decoder,
      embed: (ids: Tensor1D) => this.target.lookUp(ids) as Tensor2D,
      score: (features: Tensor2D) => this.score(features),
      probability,
    };
    return scheduledInputs(words, state, memory, network, random);
  }

  private embed(embedding: Embedding, ids: Tensor, random: RandomStream | undefined): Tensor {
    return dropout(embedding.lookUp(ids), this.config.dropout.embedding, random);
  }

  private score(features: Tensor2D): Tensor2D {
    return this.output ? this.output.apply(features) : this.target.score(features);
  }
}
