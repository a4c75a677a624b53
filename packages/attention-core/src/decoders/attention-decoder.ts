import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { AttentionMechanism } from '../attention/attention.js';
import { createAttention } from '../attention/create-attention.js';
import type { Memory } from '../attention/memory.js';
import type { RecurrentState } from '../cells/recurrent-cell.js';
import type { Encoded } from '../recurrent-encoder.js';
import { Bridge, type BridgeKind } from './bridge.js';
import {
  Decoder,
  type DecoderOptions,
  type DecoderOutput,
  type DecoderState,
  type StepOptions,
} from './decoder.js';

/** A decoder that attends to all of the encoder's outputs. How, is its wiring: a subclass each. */
export abstract class AttentionDecoder extends Decoder {
  override readonly usesNoise: boolean;
  protected readonly attention: AttentionMechanism;
  /** Width of what is read of the memory. */
  protected readonly contextWidth: number;
  private readonly attendFrom: 'first' | 'last';

  constructor(options: DecoderOptions, random: () => number) {
    super(random);
    const { units, attention } = options;
    this.attention = this.child(
      'attention',
      createAttention({ ...options, queryWidth: units, units: attention }, random),
    );
    this.contextWidth = this.attention.contextWidth(options.valueWidth);
    this.usesNoise = this.attention.usesNoise;
    this.attendFrom = options.attendFrom ?? 'last';
  }

  memory({ outputs }: Encoded, mask: Tensor2D): Memory {
    return this.attention.memory(tf.transpose(outputs, [1, 0, 2]) as Tensor3D, mask);
  }

  /** What makes the first hidden state. */
  protected createBridge(kind: BridgeKind, stateWidth: number, options: DecoderOptions): Bridge {
    return this.child('bridge', new Bridge(options.bridge ?? kind, { ...options, stateWidth }, this.random));
  }

  /** What goes into the first state beside the recurrent part. */
  protected initialAttention(memory: Memory): Pick<DecoderState, 'attention'> {
    const attention = this.attention.initialState(memory);
    return attention ? { attention } : {};
  }

  /** Reads the memory with the state of a cell, or of the stack's first; gives what goes into the output and into the next state. */
  protected attend(
    cell: RecurrentState,
    memory: Memory,
    { attention }: DecoderState,
    options: StepOptions | undefined,
  ): { read: Omit<DecoderOutput, 'hidden'> & { weights: Tensor2D }; next: Pick<DecoderState, 'attention'> } {
    const { hidden } = this.attendFrom === 'first' ? lowest(cell) : cell;
    const { state, ...read } = this.attention.attend(hidden, memory, {
      ...options,
      ...(attention && { state: attention }),
    });
    return { read, next: state ? { attention: state } : {} };
  }
}

const lowest = (state: RecurrentState): RecurrentState => (state.below ? lowest(state.below) : state);
