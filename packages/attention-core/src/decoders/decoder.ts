import { type RandomStream, scan } from '@heed/backend';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { AttendOptions } from '../attention/attention.js';
import type { AttentionState } from '../attention/attention-state.js';
import type { AttentionOptions } from '../attention/create-attention.js';
import type { Memory } from '../attention/memory.js';
import type { RecurrentState } from '../cells/recurrent-cell.js';
import { Module } from '../module.js';
import type { Encoded } from '../recurrent-encoder.js';
import type { BridgeKind } from './bridge.js';
import { Readout, type ReadoutKind } from './readout.js';

/** What a decoder carries from word to word. */
export type DecoderState = {
  readonly recurrent: RecurrentState;
  /** What is fed into the next step beside the word, in wirings that do, [B, ·]. */
  readonly feed?: Tensor2D;
  /** Where it looked so far, in mechanisms that depend on it. */
  readonly attention?: AttentionState;
};

/** What a step gives to the readout. */
export type DecoderOutput = {
  /** [B, ·] */
  readonly hidden: Tensor2D;
  /** What was read of the memory, [B, V]. */
  readonly context: Tensor2D;
  /** Where, [B, S]; absent where nothing attends. */
  readonly weights?: Tensor2D;
  /** What the weights were drawn from, in hard attention, [B, S]. */
  readonly distribution?: Tensor2D;
};

/** What a step may have beside words and state. */
export type StepOptions = Pick<AttendOptions, 'noise' | 'decoding'>;

export interface DecoderOptions
  extends Pick<AttentionOptions, 'score' | 'location' | 'heads' | 'window' | 'normalizer' | 'temperature'> {
  readonly cell: 'gru' | 'lstm';
  /** Width of the embedded words, E; the readout has it too, so that the embedding can score it. */
  readonly embedding: number;
  readonly units: number;
  readonly layers: number;
  /** Width of the encoder's outputs, V. */
  readonly valueWidth: number;
  /** Width of each of the encoder's final states. */
  readonly encoderUnits: number;
  readonly bidirectional: boolean;
  /** Which cell of a stack asks the attention (the first: Wu et al. 2016, section 3). Default: the last. */
  readonly attendFrom?: 'first' | 'last';
  /** What makes the first hidden state. Default: what the wiring's paper does. */
  readonly bridge?: BridgeKind;
  /** `units` of the attention. */
  readonly attention: number;
  /** Default: what the wiring's paper does; Luong's has none of its own. */
  readonly readout?: ReadoutKind;
  /** On the readout. */
  readonly dropout: number;
}

/** Words one after the other, each from those before it and from what was encoded. */
export abstract class Decoder extends Module {
  /** Whether its attention draws noise in training. */
  readonly usesNoise: boolean = false;

  /** @param encoded time first @param mask [B, S] bool */
  abstract memory(encoded: Encoded, mask: Tensor2D): Memory;

  abstract initialState(encoded: Encoded, memory: Memory): DecoderState;

  /** What the embedded words add to the gates, for all steps at once. @param embedded [..., E] @returns [..., G] */
  abstract project<T extends Tensor>(embedded: T): T;

  /** One word on. @param projected [N, G], and so the state; N a multiple of the memory's rows */
  abstract step(
    projected: Tensor2D,
    state: DecoderState,
    memory: Memory,
    options?: StepOptions,
  ): { state: DecoderState; output: DecoderOutput };

  /**
   * What the next word is scored from.
   * @param output of N steps, each tensor [N, ·]
   * @param embedded the words that went into those steps, [N, E]
   * @returns [N, E]
   */
  abstract readout(output: DecoderOutput, embedded: Tensor2D, random?: RandomStream): Tensor2D;

  /**
   * All steps, given the words: those of the target (teacher forcing), or what `scheduledInputs` makes of them.
   *
   * @param embedded [T, B, E]
   * @param random draws what hard and monotonic attention need in training; absent outside of it
   * @returns each tensor [T, B, ·]
   */
  unroll(embedded: Tensor3D, state: DecoderState, memory: Memory, random?: RandomStream): DecoderOutput {
    const [steps, batch] = embedded.shape;
    const noise = this.usesNoise ? random?.uniform([steps, batch, memory.mask.shape[1]]) : undefined;
    const { outputs } = scan(
      (_, previous: DecoderState, input: { projected: Tensor2D; noise: Tensor2D | undefined }) =>
        this.step(input.projected, previous, memory, input.noise && { noise: input.noise }),
      { weights: this.parameters(), memory },
      state,
      { projected: this.project(embedded), noise } as unknown as {
        projected: Tensor2D;
        noise: Tensor2D | undefined;
      },
    );
    return outputs;
  }

  /** @param kind of the wiring's paper @param inputs how wide what it reads is */
  protected createReadout(
    kind: ReadoutKind,
    inputs: number,
    { readout = kind, embedding, dropout }: DecoderOptions,
  ): Readout {
    return this.child('output', new Readout(readout, { inputs, units: embedding, dropout }, this.random));
  }
}
