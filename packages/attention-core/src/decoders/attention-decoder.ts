import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Attention } from '../attention/attention.js';
import { createAttention } from '../attention/create-attention.js';
import type { Memory } from '../attention/memory.js';
import type { Encoded } from '../recurrent-encoder.js';
import { Decoder, type DecoderOptions } from './decoder.js';

/** A decoder that attends to all of the encoder's outputs. How, is its wiring: a subclass each. */
export abstract class AttentionDecoder extends Decoder {
  protected readonly attention: Attention;

  constructor(options: DecoderOptions, random: () => number) {
    super(random);
    const { score, units, valueWidth, attention, location } = options;
    this.attention = this.child(
      'attention',
      createAttention(
        { score, queryWidth: units, valueWidth, units: attention, ...(location && { location }) },
        random,
      ),
    );
  }

  memory({ outputs }: Encoded, mask: Tensor2D): Memory {
    return this.attention.memory(tf.transpose(outputs, [1, 0, 2]) as Tensor3D, mask);
  }
}

/** The mean of a memory's values over the places that its mask leaves, [B, V]. */
export function meanOfMemory({ values, mask }: Memory): Tensor2D {
  const valid = tf.expandDims(tf.cast(mask, 'float32'), 1) as Tensor3D;
  return tf.squeeze(tf.div(tf.matMul(valid, values), tf.sum(valid, 2, true)), [1]);
}
