import {
  Attention,
  Decoder,
  type DecoderOutput,
  type DecoderState,
  DotScore,
  ElmanCell,
  type Encoded,
  Linear,
  LstmCell,
  type Memory,
  normal,
  type RecurrentCell,
  TimeConvolution,
} from '@heed/attention-core';
import { dropout, type RandomStream } from '@heed/backend';
import type { Rank, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { RasConfig } from './config.js';

/**
 * RAS, the recurrent attentive summarizer (Chopra et al. 2016, sections 3.1 and 3.2): words x and the places l where they
 * stand go through a convolution to what is attended to, z; what is read are the words.
 *
 *     z = B * (x + l),  α_t = softmax(z · h_{t-1}),  c_t = Σ α_ti x_i,  h_t = cell([y_{t-1}; c_t], h_{t-1})
 *
 * The next word is scored from h_t and c_t: W₄ h_t + W₅ c_t.
 */
export class RasDecoder extends Decoder {
  private readonly attention: Attention;
  private readonly places: Variable<Rank.R2>;
  private readonly convolution: TimeConvolution;
  private readonly cell: RecurrentCell;
  private readonly context: Linear;

  /** @param places the most words that an article has */
  constructor(
    private readonly config: RasConfig,
    places: number,
    random: () => number,
  ) {
    super(random);
    const { units, width } = config;
    const Cell = config.cell === 'lstm' ? LstmCell : ElmanCell;
    this.places = this.parameter('places', [places, units], normal(0.1));
    this.convolution = this.child(
      'convolution',
      new TimeConvolution({ inputs: units, units, width }, random),
    );
    const score = new DotScore({ queryWidth: units, valueWidth: units }, random);
    this.attention = this.child('attention', new Attention({ score }, random));
    this.cell = this.child('cell', new Cell(units, units, random));
    this.context = this.child('context', new Linear(units, this.cell.gates, random, { bias: false }));
  }

  /** @param encoded the embedded words as `outputs`, [S, B, d] */
  memory({ outputs }: Encoded, mask: Tensor2D): Memory {
    const valid = tf.expandDims(tf.cast(tf.transpose(mask), 'float32'), 2);
    const numbers = tf.range(0, outputs.shape[0], 1, 'int32');
    // Beyond the last place there is none of its own: a graph is traced for longer articles than there are.
    const last = tf.scalar(this.places.shape[0] - 1, 'int32');
    const places = tf.gather(this.places, tf.minimum(numbers, last));
    const placed = tf.add(outputs, tf.expandDims(places, 1));
    const compared = this.convolution.apply(tf.mul<Tensor3D>(placed, valid));
    const batchFirst = (x: Tensor3D) => tf.transpose(x, [1, 0, 2]) as Tensor3D;
    return this.attention.memory(batchFirst(outputs), mask, batchFirst(compared));
  }

  initialState(_encoded: Encoded, memory: Memory): DecoderState {
    return { recurrent: this.cell.zeroState(memory.mask.shape[0]) };
  }

  project<T extends Tensor>(embedded: T): T {
    return this.cell.project(embedded);
  }

  step(
    projected: Tensor2D,
    { recurrent }: DecoderState,
    memory: Memory,
  ): { state: DecoderState; output: DecoderOutput } {
    const { context, weights } = this.attention.attend(recurrent.hidden, memory);
    const next = this.cell.step(tf.add(projected, this.context.apply(context)), recurrent);
    return { state: { recurrent: next }, output: { hidden: next.hidden, context, weights } };
  }

  readout({ hidden, context }: DecoderOutput, _embedded: Tensor2D, random?: RandomStream): Tensor2D {
    return dropout(tf.concat([hidden, context], 1), this.config.dropout.readout, random);
  }
}
