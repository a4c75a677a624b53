import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { AttentionMechanism } from '../attention/attention.js';
import { createAttention } from '../attention/create-attention.js';
import type { Memory } from '../attention/memory.js';
import type { Encoded } from '../recurrent-encoder.js';
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

  constructor(options: DecoderOptions, random: () => number) {
    super(random);
    const { units, attention } = options;
    this.attention = this.child(
      'attention',
      createAttention({ ...options, queryWidth: units, units: attention }, random),
    );
    this.contextWidth = this.attention.contextWidth(options.valueWidth);
    this.usesNoise = this.attention.usesNoise;
  }

  memory({ outputs }: Encoded, mask: Tensor2D): Memory {
    return this.attention.memory(tf.transpose(outputs, [1, 0, 2]) as Tensor3D, mask);
  }

  /** What goes into the first state beside the recurrent part. */
  protected initialAttention(memory: Memory): Pick<DecoderState, 'attention'> {
    const attention = this.attention.initialState(memory);
    return attention ? { attention } : {};
  }

  /** Reads the memory; gives what goes into the output and into the next state. */
  protected attend(
    query: Tensor2D,
    memory: Memory,
    { attention }: DecoderState,
    options: StepOptions | undefined,
  ): { read: Omit<DecoderOutput, 'hidden'> & { weights: Tensor2D }; next: Pick<DecoderState, 'attention'> } {
    const { state, ...read } = this.attention.attend(query, memory, {
      ...options,
      ...(attention && { state: attention }),
    });
    return { read, next: state ? { attention: state } : {} };
  }
}

/** The mean of a memory's values over the places that its mask leaves, [B, V]. */
export function meanOfMemory({ values, mask }: Memory): Tensor2D {
  const valid = tf.expandDims(tf.cast(mask, 'float32'), 1) as Tensor3D;
  return tf.squeeze(tf.div(tf.matMul(valid, values), tf.sum(valid, 2, true)), [1]);
}
