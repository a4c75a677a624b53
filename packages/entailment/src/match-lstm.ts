import { type AttentionMechanism, createAttention, Linear, LstmCell } from '@heed/attention-core';
import { scan } from '@heed/backend';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { batchFirst, type Compared, Comparison, rowsOf } from './comparison.js';
import type { ReadPair } from './pair-encoder.js';

type MatchState = { readonly hidden: Tensor2D; readonly cell: Tensor2D };
type Word = { readonly output: Tensor2D; readonly projected: Tensor2D; readonly mask: Tensor2D };

/**
 * match-LSTM (Wang and Jiang 2016, section 2.3): a third LSTM goes along the hypothesis and reads each word beside what
 * that word attends to in the premise:
 *
 *     e_kj = w · tanh(Wˢ hˢ_j + Wᵗ hᵗ_k + Wᵐ hᵐ_{k-1}),  a_k = Σ_j softmax(e_k)_j hˢ_j,  hᵐ_k = LSTM([a_k; hᵗ_k], hᵐ_{k-1})
 */
export class MatchLstm extends Comparison {
  readonly width: number;
  private readonly attention: AttentionMechanism;
  private readonly cell: LstmCell;
  private readonly attended: Linear;

  /** @param width of the LSTMs' outputs @param units of the third LSTM */
  constructor(width: number, units: number, random: () => number) {
    super(random);
    this.width = units;
    this.attention = this.child(
      'attention',
      createAttention({ score: 'additive', queryWidth: width + units, valueWidth: width, units }, random),
    );
    this.cell = this.child('cell', new LstmCell(width, units, random));
    this.attended = this.child('attended', new Linear(width, this.cell.gates, random, { bias: false }));
  }

  apply({ premise, hypothesis: { outputs, mask } }: ReadPair): Compared {
    const batch = outputs.shape[1];
    const memory = this.attention.memory(batchFirst(premise.outputs), rowsOf(premise.mask));
    const { final, outputs: weights } = scan(
      ({ memory: seen }, state: MatchState, word: Word) => {
        const attended = this.attention.attend(tf.concat([word.output, state.hidden], 1), seen);
        const gates = tf.add<Tensor2D>(word.projected, this.attended.apply(attended.context));
        const next = this.cell.step(gates, state) as MatchState;
        const held = {
          hidden: tf.where(word.mask, next.hidden, state.hidden),
          cell: tf.where(word.mask, next.cell, state.cell),
        };
        return { state: held, output: attended.weights };
      },
      { weights: this.parameters(), memory },
      this.cell.zeroState(batch) as MatchState,
      { output: outputs, projected: this.cell.project(outputs), mask } as unknown as Word,
    );
    return { features: final.hidden, weights: weights as unknown as Tensor3D };
  }
}
