import { dropout, type RandomStream, tanh } from '@heed/backend';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Memory } from '../attention/memory.js';
import { createCell } from '../cells/create-cell.js';
import type { RecurrentCell } from '../cells/recurrent-cell.js';
import { Linear } from '../linear.js';
import type { Encoded } from '../recurrent-encoder.js';
import { AttentionDecoder } from './attention-decoder.js';
import type { Bridge } from './bridge.js';
import type { DecoderOptions, DecoderOutput, DecoderState, StepOptions } from './decoder.js';

/**
 * Step on the word and the last attentional vector, then attend with the new state (Luong et al. 2015, section 3,
 * equation 5, and section 3.3, input feeding):
 *
 *     s_i = cell([y_{i-1}; ~h_{i-1}], s_{i-1}),  c_i = attention(s_i),  ~h_i = tanh(W [c_i; s_i])
 */
export class LuongDecoder extends AttentionDecoder {
  private readonly cell: RecurrentCell;
  private readonly feed: Linear;
  private readonly bridge: Bridge;
  private readonly combine: Linear;
  private readonly rate: number;

  constructor(options: DecoderOptions, random: () => number) {
    super(options, random);
    const { cell, embedding, units, layers } = options;
    this.rate = options.dropout;
    this.cell = this.child('cell', createCell(cell, embedding, units, random, layers));
    this.feed = this.child('feed', new Linear(embedding, this.cell.gates, random, { bias: false }));
    this.bridge = this.createBridge('mlp', this.cell.stateWidth, options);
    this.combine = this.child('combine', new Linear(this.contextWidth + units, embedding, random));
  }

  initialState(encoded: Encoded, memory: Memory): DecoderState {
    const recurrent = this.cell.stateFrom(this.bridge.apply(encoded, memory));
    const [batch, width] = [memory.values.shape[0], this.combine.units];
    return { recurrent, feed: tf.zeros([batch, width]), ...this.initialAttention(memory) };
  }

  project<T extends Tensor>(embedded: T): T {
    return this.cell.project(embedded);
  }

  step(
    projected: Tensor2D,
    state: DecoderState,
    memory: Memory,
    options?: StepOptions,
  ): { state: DecoderState; output: DecoderOutput } {
    const gates = tf.add(projected, this.feed.apply(state.feed as Tensor2D)) as Tensor2D;
    const recurrent = this.cell.step(gates, state.recurrent);
    const { read, next } = this.attend(recurrent, memory, state, options);
    const hidden = tanh(this.combine.apply(tf.concat([read.context, recurrent.hidden], 1)));
    return { state: { recurrent, feed: hidden, ...next }, output: { hidden, ...read } };
  }

  readout({ hidden }: DecoderOutput, _embedded: Tensor2D, random?: RandomStream): Tensor2D {
    return dropout(hidden, this.rate, random);
  }
}
