import { type RandomStream, tanh } from '@heed/backend';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Memory, queriesPerRow } from '../attention/memory.js';
import { createCell } from '../cells/create-cell.js';
import type { RecurrentCell } from '../cells/recurrent-cell.js';
import { Linear } from '../linear.js';
import type { Encoded } from '../recurrent-encoder.js';
import { repeatRows } from '../repeat-rows.js';
import { finalStates } from './bridge.js';
import { Decoder, type DecoderOptions, type DecoderOutput, type DecoderState } from './decoder.js';
import type { Readout } from './readout.js';

/**
 * All that the decoder knows of the source is one vector, which is what attention is measured against.
 *
 * - `first`: the vector is the decoder's first state (Sutskever et al. 2014, section 2)
 * - `every`: it goes into each step and into the readout as well (Cho et al. 2014, section 2.2 and appendix A.1.2)
 */
export class FixedVectorDecoder extends Decoder {
  private readonly cell: RecurrentCell;
  private readonly bridge: Linear;
  private readonly context: Linear | undefined;
  private readonly output: Readout;

  constructor(
    options: DecoderOptions,
    random: () => number,
    private readonly seen: 'first' | 'every',
  ) {
    super(random);
    const { cell, embedding, units, layers, encoderUnits, bidirectional, bridge } = options;
    if (bridge) throw new Error(`a decoder without attention has a bridge of its own, not "${bridge}"`);
    const summary = encoderUnits * (bidirectional ? 2 : 1);
    this.cell = this.child('cell', createCell(cell, embedding, units, random, layers));
    this.bridge = this.child('bridge', new Linear(summary, this.cell.stateWidth, random));
    this.context =
      seen === 'every'
        ? this.child('context', new Linear(summary, this.cell.gates, random, { bias: false }))
        : undefined;
    const read = seen === 'every' ? units + embedding + summary : units;
    this.output = this.createReadout('maxout', read, options);
  }

  /** One place that holds the vector, so that states and memory are alike in all decoders. */
  memory(encoded: Encoded, _mask: Tensor2D): Memory {
    const values = tf.expandDims(finalStates(encoded), 1) as Tensor3D;
    return { values, keys: values, mask: tf.ones([values.shape[0], 1], 'bool') };
  }

  initialState(encoded: Encoded, _memory: Memory): DecoderState {
    return { recurrent: this.cell.stateFrom(tanh(this.bridge.apply(finalStates(encoded)))) };
  }

  project<T extends Tensor>(embedded: T): T {
    return this.cell.project(embedded);
  }

  step(
    projected: Tensor2D,
    state: DecoderState,
    memory: Memory,
  ): { state: DecoderState; output: DecoderOutput } {
    const [batch, , width] = memory.values.shape;
    const queries = queriesPerRow(projected, memory);
    const context = repeatRows(tf.reshape(memory.values, [batch, width]), queries);
    const gates = this.context ? tf.add(projected, this.context.apply(context)) : projected;
    const recurrent = this.cell.step(gates as Tensor2D, state.recurrent);
    return { state: { recurrent }, output: { hidden: recurrent.hidden, context } };
  }

  readout({ hidden, context }: DecoderOutput, embedded: Tensor2D, random?: RandomStream): Tensor2D {
    return this.output.apply(this.seen === 'every' ? [hidden, embedded, context] : [hidden], random);
  }
}
