import type { RandomStream } from '@heed/backend';
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
import type { Readout } from './readout.js';

/**
 * Attend with the previous state, then step on the word and the context (Bahdanau et al. 2015, appendix A.2.2):
 *
 *     c_i = attention(s_{i-1}),  s_i = cell([y_{i-1}; c_i], s_{i-1}),  readout = maxout(W [s_{i-1}; y_{i-1}; c_i])
 */
export class BahdanauDecoder extends AttentionDecoder {
  private readonly cell: RecurrentCell;
  private readonly context: Linear;
  private readonly bridge: Bridge;
  private readonly output: Readout;

  constructor(options: DecoderOptions, random: () => number) {
    super(options, random);
    const { cell, embedding, units, layers } = options;
    const { contextWidth } = this;
    this.cell = this.child('cell', createCell(cell, embedding, units, random, layers));
    this.context = this.child('context', new Linear(contextWidth, this.cell.gates, random, { bias: false }));
    this.bridge = this.createBridge('backward', this.cell.stateWidth, options);
    this.output = this.createReadout('maxout', units + embedding + contextWidth, options);
  }

  initialState(encoded: Encoded, memory: Memory): DecoderState {
    const recurrent = this.cell.stateFrom(this.bridge.apply(encoded, memory));
    return { recurrent, ...this.initialAttention(memory) };
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
    const { recurrent } = state;
    const { read, next } = this.attend(recurrent, memory, state, options);
    const stepped = this.cell.step(tf.add(projected, this.context.apply(read.context)), recurrent);
    return { state: { recurrent: stepped, ...next }, output: { hidden: recurrent.hidden, ...read } };
  }

  readout({ hidden, context }: DecoderOutput, embedded: Tensor2D, random?: RandomStream): Tensor2D {
    return this.output.apply([hidden, embedded, context], random);
  }
}
