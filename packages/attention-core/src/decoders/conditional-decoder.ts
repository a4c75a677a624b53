import type { RandomStream } from '@heed/backend';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Memory } from '../attention/memory.js';
import { createCell } from '../cells/create-cell.js';
import type { RecurrentCell } from '../cells/recurrent-cell.js';
import type { Encoded } from '../recurrent-encoder.js';
import { AttentionDecoder } from './attention-decoder.js';
import type { Bridge } from './bridge.js';
import type { DecoderOptions, DecoderOutput, DecoderState, StepOptions } from './decoder.js';
import type { Readout } from './readout.js';

/**
 * Step on the word, attend with the state in between, step on the context (Sennrich et al. 2017, Nematus, section 2):
 *
 *     s' = cell(y_{i-1}, s_{i-1}),  c_i = attention(s'),  s_i = cell'(c_i, s'),  readout = tanh(W [s_i; y_{i-1}; c_i])
 *
 * @throws if `layers` is not 1
 */
export class ConditionalDecoder extends AttentionDecoder {
  private readonly first: RecurrentCell;
  private readonly second: RecurrentCell;
  private readonly bridge: Bridge;
  private readonly output: Readout;

  constructor(options: DecoderOptions, random: () => number) {
    super(options, random);
    const { cell, embedding, units, layers } = options;
    if (layers !== 1)
      throw new Error(`conditional decoder: it has two cells, and cannot have ${layers} layers`);
    const { contextWidth } = this;
    this.first = this.child('first', createCell(cell, embedding, units, random));
    this.second = this.child('second', createCell(cell, contextWidth, units, random));
    this.bridge = this.createBridge('average', units, options);
    this.output = this.createReadout('dense', units + embedding + contextWidth, options);
  }

  initialState(encoded: Encoded, memory: Memory): DecoderState {
    const recurrent = this.second.stateFrom(this.bridge.apply(encoded, memory));
    return { recurrent, ...this.initialAttention(memory) };
  }

  project<T extends Tensor>(embedded: T): T {
    return this.first.project(embedded);
  }

  step(
    projected: Tensor2D,
    state: DecoderState,
    memory: Memory,
    options?: StepOptions,
  ): { state: DecoderState; output: DecoderOutput } {
    const between = this.first.step(projected, state.recurrent);
    const { read, next } = this.attend(between, memory, state, options);
    const recurrent = this.second.step(this.second.project(read.context), between);
    return { state: { recurrent, ...next }, output: { hidden: recurrent.hidden, ...read } };
  }

  readout({ hidden, context }: DecoderOutput, embedded: Tensor2D, random?: RandomStream): Tensor2D {
    return this.output.apply([hidden, embedded, context], random);
  }
}
