import {
  type AttentionMechanism,
  createAttention,
  Linear,
  LstmCell,
  type Memory,
  Module,
  repeatRows,
} from '@heed/attention-core';
import { dropout, type RandomStream, scan, sigmoid, tanh } from '@heed/backend';
import type { Rank, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkConfig } from './config.js';

/** What the LSTM carries from word to word, each [N, units]. */
export type CaptionState = { readonly hidden: Tensor2D; readonly cell: Tensor2D };

/** What a step gives to the readout and to the losses, each [N, ·]. */
export type CaptionStep = {
  readonly hidden: Tensor2D;
  /** What was read of the image, gated, [N, V]. */
  readonly context: Tensor2D;
  /** β, [N, 1]; absent without gate. */
  readonly gate?: Tensor2D;
  /** Where it was read, [N, S]; absent where nothing attends. */
  readonly weights?: Tensor2D;
  /** What the place was drawn from, in hard attention, [N, S]. */
  readonly distribution?: Tensor2D;
};

/** The same of all steps, each [T, B, ·]. */
export type CaptionSteps = { readonly [Name in keyof CaptionStep]: Tensor3D };

/** What hard attention draws in training. */
export interface HardDraws {
  /** Uniform in [0, 1), [T, B, S]. */
  readonly noise: Tensor3D;
  /** 1 for captions whose places are drawn, 0 for those that are trained with the expectation, [B, 1]. */
  readonly drawn: Tensor2D;
}

type StepInput = { readonly projected: Tensor2D; readonly noise: Tensor2D | undefined };

/**
 * The decoder of Show, attend and tell (Xu et al. 2015, section 3.1.2), an LSTM that reads the image anew for every
 * word:
 *
 *     h_0, c_0 = tanh(W mean of the places),  α_t = attention(h_{t-1}),  β_t = σ(w · h_{t-1}),  z_t = β_t Σ α_t a
 *     h_t, c_t = LSTM([E y_{t-1}; z_t], h_{t-1}, c_{t-1}),  readout = E y_{t-1} + L_h h_t + L_z z_t   (equation 7)
 */
export class CaptionDecoder extends Module {
  private readonly attention: AttentionMechanism | undefined;
  private readonly initial: Linear;
  private readonly cell: LstmCell;
  private readonly context: Linear;
  private readonly gate: Linear | undefined;
  private readonly readHidden: Linear;
  private readonly readContext: Linear;

  /** @param valueWidth of what is attended to, V */
  constructor(
    private readonly config: NetworkConfig,
    valueWidth: number,
    random: () => number,
  ) {
    super(random);
    const { attention, embedding, units, score, gate } = config;
    const normalizer = attention === 'hard' ? 'hard' : 'softmax';
    this.attention =
      attention === 'none'
        ? undefined
        : this.child(
            'attention',
            createAttention(
              { score: 'additive', queryWidth: units, valueWidth, units: score, normalizer },
              random,
            ),
          );
    this.initial = this.child('initial', new Linear(valueWidth, 2 * units, random));
    this.cell = this.child('cell', new LstmCell(embedding, units, random));
    this.context = this.child('context', new Linear(valueWidth, this.cell.gates, random, { bias: false }));
    this.gate = gate ? this.child('gate', new Linear(units, 1, random)) : undefined;
    this.readHidden = this.child('read_hidden', new Linear(units, embedding, random));
    this.readContext = this.child('read_context', new Linear(valueWidth, embedding, random, { bias: false }));
  }

  /** What is read at every step: the places, or their mean where nothing attends. @param values [B, S, V] */
  memory(values: Tensor3D): Memory {
    if (this.attention) return this.attention.memory(values, everywhere(values));
    const mean = tf.mean<Tensor3D>(values, 1, true);
    return { values: mean, keys: mean, mask: everywhere(mean) };
  }

  initialState({ values }: Memory): CaptionState {
    const [hidden, cell] = tf.split(tanh(this.initial.apply(tf.mean<Tensor2D>(values, 1))), 2, 1) as [
      Tensor2D,
      Tensor2D,
    ];
    return { hidden, cell };
  }

  /** What the embedded words add to the gates, for all steps at once. @param embedded [..., E] @returns [..., G] */
  project<T extends Tensor>(embedded: T): T {
    return this.cell.project(embedded);
  }

  /**
   * One word on.
   *
   * @param projected [N, G], and so the state; N a multiple of the memory's rows
   * @param noise and `drawn`: in the training of hard attention, of this step, [N, S]
   */
  step(
    projected: Tensor2D,
    state: CaptionState,
    memory: Memory,
    noise?: Tensor2D,
    drawn?: Tensor2D,
  ): { state: CaptionState; output: CaptionStep } {
    const { context: seen, ...where } = this.look(state.hidden, memory, noise, drawn);
    const gate = this.gate && sigmoid(this.gate.apply(state.hidden));
    const context = gate ? tf.mul<Tensor2D>(seen, gate) : seen;
    const next = this.cell.step(tf.add(projected, this.context.apply(context)), state) as CaptionState;
    return { state: next, output: { hidden: next.hidden, context, ...(gate && { gate }), ...where } };
  }

  /** All steps, given the words (teacher forcing). @param embedded [T, B, E] */
  unroll(embedded: Tensor3D, state: CaptionState, memory: Memory, draws?: HardDraws): CaptionSteps {
    const { outputs } = scan(
      ({ drawn }, previous: CaptionState, { projected, noise }: StepInput) =>
        this.step(projected, previous, memory, noise, drawn),
      { weights: this.parameters(), memory, drawn: draws?.drawn },
      state,
      { projected: this.project(embedded), noise: draws?.noise } as unknown as StepInput,
    );
    return outputs as unknown as CaptionSteps;
  }

  /**
   * What the next word is scored from.
   *
   * @param output of N steps, each tensor [N, ·]
   * @param embedded the words that went into those steps, [N, E]
   * @param random absent outside of training
   * @returns [N, E]
   */
  readout(
    { hidden, context }: Pick<CaptionStep, 'hidden' | 'context'>,
    embedded: Tensor2D,
    random?: RandomStream,
  ): Tensor2D {
    const read = tf.addN([embedded, this.readHidden.apply(hidden), this.readContext.apply(context)]);
    return dropout(read as Tensor2D, this.config.dropout.readout, random);
  }

  private look(
    hidden: Tensor2D,
    memory: Memory,
    noise: Tensor2D | undefined,
    drawn: Tensor2D | undefined,
  ): Pick<CaptionStep, 'context' | 'weights' | 'distribution'> {
    const [batch, , width] = memory.values.shape;
    const rows = hidden.shape[0];
    if (!this.attention) {
      return { context: repeatRows(tf.reshape(memory.values, [batch, width]), rows / batch) };
    }
    const read = this.attention.attend(hidden, memory, noise && { noise });
    const { context, weights, distribution } = read;
    if (!drawn || !distribution) return { context, weights, ...(distribution && { distribution }) };
    const mixed = tf.add<Tensor2D>(tf.mul(weights, drawn), tf.mul(distribution, tf.sub(1, drawn)));
    const sum = tf.matMul(tf.expandDims<Tensor3D>(mixed, 1), memory.values);
    return { context: tf.reshape<Rank.R2>(sum, [rows, width]), weights: mixed, distribution };
  }
}

/** @param values [B, S, V] @returns [B, S] bool: every place of an image is there */
const everywhere = ({ shape: [batch, places] }: Tensor3D): Tensor2D => tf.ones([batch, places], 'bool');
