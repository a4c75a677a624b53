import { tanh } from '@heed/backend';
import type { Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Memory } from '../attention/memory.js';
import { Linear } from '../linear.js';
import { Module } from '../module.js';
import type { Encoded } from '../recurrent-encoder.js';

/**
 * What the decoder starts from:
 *
 * - `zero`: nothing
 * - `last`: the final hidden states of the encoder's layers as they are, each for the decoder's layer of the same number, of
 *   like width
 * - `mlp`: tanh(W final states)
 * - `backward`: tanh(W ←h_1), the backward layer's, which has just read the first word (Bahdanau et al. 2015, A.2.2)
 * - `average`: tanh(W mean of the encoder's outputs) (Xu et al. 2015, section 3.1.2; Sennrich et al. 2017, section 2)
 */
export type BridgeKind = 'zero' | 'last' | 'mlp' | 'backward' | 'average';

export interface BridgeOptions {
  /** Width of each of the encoder's final states. */
  readonly encoderUnits: number;
  readonly bidirectional: boolean;
  /** Width of the encoder's outputs. */
  readonly valueWidth: number;
  /** Width of the decoder's hidden states, all layers together. */
  readonly stateWidth: number;
  /** Of the decoder. */
  readonly layers: number;
}

/** The decoder's first hidden state, from what was encoded; the memory cell of an LSTM begins at 0. */
export class Bridge extends Module {
  private readonly linear: Linear | undefined;
  private readonly stateWidth: number;
  private readonly layers: number;

  constructor(
    private readonly kind: BridgeKind,
    { encoderUnits, bidirectional, valueWidth, stateWidth, layers }: BridgeOptions,
    random: () => number,
  ) {
    super(random);
    this.stateWidth = stateWidth;
    this.layers = layers;
    const final = encoderUnits * (bidirectional ? 2 : 1);
    if (kind === 'last' && final !== stateWidth / layers) {
      throw new Error(
        `the bridge "last" needs final states as wide as the decoder's, but they are ${final} and ${stateWidth / layers} wide`,
      );
    }
    const widths = { mlp: final, backward: encoderUnits, average: valueWidth };
    this.linear =
      kind === 'zero' || kind === 'last' ? undefined : new Linear(widths[kind], stateWidth, random);
  }

  override namedParameters(): Map<string, Variable> {
    return this.linear?.namedParameters() ?? new Map();
  }

  /** @returns [B, stateWidth] */
  apply(encoded: Encoded, memory: Memory): Tensor2D {
    if (this.kind === 'zero') return tf.zeros([memory.mask.shape[0], this.stateWidth]);
    if (this.kind === 'last') return this.ofLayers(encoded);
    const { forward, backward } = encoded.final.at(-1) as Encoded['final'][number];
    const inputs = {
      mlp: () => finalStates(encoded),
      backward: () => (backward ?? forward).hidden,
      average: () => meanOutput(encoded, memory),
    };
    return tanh((this.linear as Linear).apply(inputs[this.kind]()));
  }

  private ofLayers({ final }: Encoded): Tensor2D {
    if (final.length !== this.layers) {
      throw new Error(
        `the bridge "last" needs as many layers in the encoder as in the decoder, but they have ${final.length} and ${this.layers}`,
      );
    }
    return tf.concat(final.map(hiddenOf), 1);
  }
}

/** What the encoder's last layer ends in, in both directions side by side, [B, units or 2 · units]. */
export const finalStates = ({ final }: Encoded): Tensor2D =>
  hiddenOf(final.at(-1) as Encoded['final'][number]);

const hiddenOf = ({ forward, backward }: Encoded['final'][number]): Tensor2D =>
  backward ? tf.concat([forward.hidden, backward.hidden], 1) : forward.hidden;

/** The mean of the encoder's outputs over the places that the memory's mask leaves, [B, V]. */
function meanOutput({ outputs }: Encoded, { mask }: Memory): Tensor2D {
  const valid = tf.expandDims(tf.cast(mask, 'float32'), 1) as Tensor3D;
  const sum = tf.matMul(valid, tf.transpose(outputs, [1, 0, 2]) as Tensor3D);
  return tf.squeeze(tf.div(sum, tf.sum(valid, 2, true)), [1]);
}
