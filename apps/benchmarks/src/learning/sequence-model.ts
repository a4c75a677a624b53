import {
  createDecoder,
  type Decoder,
  type DecoderState,
  Embedding,
  FixedVectorDecoder,
  type Memory,
  Module,
  RecurrentEncoder,
  type StepOutput,
  sequenceCrossEntropy,
} from '@heed/attention-core';
import type { RandomStream, SizeTree } from '@heed/backend';
import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { LearningMechanism } from './mechanisms.js';
import type { Example } from './synthetic-task.js';

/** Tokens before the first symbol. */
export const [PADDING, BEGIN, END, FIRST_SYMBOL] = [0, 1, 2, 3] as const;

/** Time first, filled up with padding. */
export type SequenceBatch = {
  /** [S, B] int32 */
  readonly source: Tensor2D;
  /** [T, B] int32: begin, y₁, …, yₙ */
  readonly inputs: Tensor2D;
  /** [T, B] int32: y₁, …, yₙ, end */
  readonly targets: Tensor2D;
};

export const sequenceBatchSizes = {
  source: ['S', 'B'],
  inputs: ['T', 'B'],
  targets: ['T', 'B'],
} as const satisfies SizeTree;

/** Rows of tokens as the columns of a matrix, [longest, rows] int32. */
function columns(rows: readonly (readonly number[])[]): Tensor2D {
  const longest = Math.max(...rows.map(({ length }) => length));
  const byTime = Array.from({ length: longest }, (_, time) => rows.map((row) => row[time] ?? PADDING));
  return tf.tensor2d(byTime, [longest, rows.length], 'int32');
}

const tokensOf = (symbols: readonly number[]) => symbols.map((symbol) => FIRST_SYMBOL + symbol);

export function toSequenceBatch(examples: readonly Example[]): SequenceBatch {
  const targets = examples.map(({ target }) => tokensOf(target));
  return {
    source: columns(examples.map(({ source }) => tokensOf(source))),
    inputs: columns(targets.map((tokens) => [BEGIN, ...tokens])),
    targets: columns(targets.map((tokens) => [...tokens, END])),
  };
}

/**
 * A bidirectional GRU, attention, and a GRU decoder. All widths but the embedding's are one, so that every mechanism
 * fits, and has about as many parameters as the others.
 */
export class SequenceModel extends Module {
  private readonly embedding: Embedding;
  private readonly encoder: RecurrentEncoder;
  private readonly decoder: Decoder;

  /** @param width even, and a multiple of the number of heads */
  constructor(
    symbols: number,
    { decoder, attention }: LearningMechanism,
    private readonly width: number,
    random: () => number,
  ) {
    super(random);
    const [embedding, encoderUnits] = [width / 2, width / 2];
    const shared = { cell: 'gru', layers: 1, bidirectional: true, dropout: 0 } as const;
    this.embedding = this.child('embedding', new Embedding(FIRST_SYMBOL + symbols, embedding, random));
    this.encoder = this.child(
      'encoder',
      new RecurrentEncoder({ ...shared, inputs: embedding, units: encoderUnits }, random),
    );
    const widths = { embedding, units: width, valueWidth: width, encoderUnits, attention: width };
    this.decoder = this.child(
      'decoder',
      createDecoder(decoder, { ...shared, ...widths, ...attention }, random),
    );
  }

  /** @param source [S, B] int32 */
  encode(source: Tensor2D): { memory: Memory; state: DecoderState } {
    const valid = tf.notEqual(source, tf.scalar(PADDING, 'int32'));
    const encoded = this.encoder.apply(
      this.embedding.lookUp(source) as Tensor3D,
      tf.expandDims(valid, 2) as Tensor3D,
    );
    const memory = this.decoder.memory(encoded, tf.transpose(valid) as Tensor2D);
    return { memory, state: this.decoder.initialState(encoded, memory) };
  }

  /** Mean cross-entropy of the target's tokens, in nats. */
  loss({ source, inputs, targets }: SequenceBatch, random: RandomStream): Scalar {
    const { memory, state } = this.encode(source);
    const embedded = this.embedding.lookUp(inputs) as Tensor3D;
    const { hidden, context } = this.decoder.unroll(embedded, state, memory, random);
    const logits = this.score({ hidden: flat(hidden), context: flat(context) }, flat(embedded));
    const wanted = tf.reshape<Rank.R1>(targets, [-1] as unknown as [number]);
    const counted = tf.cast(tf.notEqual(wanted, tf.scalar(PADDING, 'int32')), 'float32');
    return sequenceCrossEntropy(logits, wanted, counted as Tensor1D);
  }

  /** One token on, for search. @param tokens [N] int32 */
  step(tokens: Tensor1D, state: DecoderState, memory: Memory): StepOutput<DecoderState> {
    const embedded = this.embedding.lookUp(tokens) as Tensor2D;
    const projected = flat(this.decoder.project(tf.expandDims(embedded, 0) as Tensor3D));
    const next = this.decoder.step(projected, state, memory, { decoding: true });
    const { output } = next;
    return {
      logits: this.score(output, embedded),
      state: next.state,
      weights: output.weights ?? tf.zeros([projected.shape[0], memory.mask.shape[1]]),
    };
  }

  /** The names of what goes into `step`, see `compile`. */
  stepSizes({ feed, attention }: DecoderState): { state: SizeTree; constants: SizeTree } {
    const { width } = this;
    const places = ['B', this.decoder instanceof FixedVectorDecoder ? 1 : 'S'];
    return {
      state: {
        recurrent: { hidden: ['B', width] },
        ...(feed && { feed: ['B', width / 2] }),
        ...(attention && { attention: { weights: places, coverage: places, steps: ['B', 1] } }),
      },
      constants: { values: [...places, width], keys: [...places, width], mask: places },
    };
  }

  private score(output: Parameters<Decoder['readout']>[0], embedded: Tensor2D): Tensor2D {
    return this.embedding.score(this.decoder.readout(output, embedded));
  }
}

/** [T, B, ·] -> [T B, ·] */
const flat = (tensor: Tensor): Tensor2D => tf.reshape(tensor, [-1, tensor.shape.at(-1) as number]);
