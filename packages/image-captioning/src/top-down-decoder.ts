import { Linear, LstmCell, type Memory, type RecurrentState } from '@heed/attention-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { CaptionDecoder, type CaptionState, type CaptionStep } from './caption-decoder.js';
import type { NetworkConfig } from './config.js';

/** With what the second LSTM carries. */
type TopDownState = CaptionState & {
  readonly language: RecurrentState;
  /** What the mean of all places adds to the first one's gates, at every step the same, [N, G]. */
  readonly image: Tensor2D;
};

/**
 * Top-down attention (Anderson et al. 2018, section 3.2): one LSTM looks, knowing the word, the image as a whole and what
 * the other, which speaks, came to:
 *
 *     h¹_t = LSTM¹([h²_{t-1}; mean of the places; E y_{t-1}], h¹_{t-1}),  v_t = attention(h¹_t)
 *     h²_t = LSTM²([v_t; h¹_t], h²_{t-1})
 *
 * The first state, the gate and the readout, of h² and v, are those of Show, attend and tell.
 */
export class TopDownDecoder extends CaptionDecoder {
  private readonly language: LstmCell;
  private readonly spoken: Linear;

  constructor(config: NetworkConfig, valueWidth: number, random: () => number) {
    super(config, valueWidth, random);
    const { units } = config;
    this.language = this.child('language', new LstmCell(valueWidth + units, units, random));
    this.spoken = this.child('spoken', new Linear(units, this.cell.gates, random, { bias: false }));
  }

  override initialState(memory: Memory): TopDownState {
    const looks = super.initialState(memory);
    const image = this.context.apply(tf.mean<Tensor2D>(memory.values, 1));
    return { ...looks, language: this.language.zeroState(looks.hidden.shape[0]), image };
  }

  override step(
    projected: Tensor2D,
    state: TopDownState,
    memory: Memory,
    noise?: Tensor2D,
    drawn?: Tensor2D,
  ): { state: TopDownState; output: CaptionStep } {
    const { language, image } = state;
    const inputs: Tensor2D = tf.addN([projected, image, this.spoken.apply(language.hidden)]);
    const looks = this.cell.step(inputs, state) as CaptionState;
    const read = this.read(looks.hidden, memory, noise, drawn);
    const known: Tensor2D = tf.concat([read.context, looks.hidden], 1);
    const speaks = this.language.step(this.language.project(known), language);
    return {
      state: { ...looks, language: speaks, image },
      output: { hidden: speaks.hidden, ...read },
    };
  }
}
