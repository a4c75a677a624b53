import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { LayerNorm } from '../layer-norm.js';
import { lstmState } from './lstm-cell.js';
import type { RecurrentState } from './recurrent-cell.js';
import { SingleCell } from './single-cell.js';

/**
 * `LstmCell` with layer normalisation of what the input adds, of what the state adds and of the cell's reading
 * (Ba et al. 2016, supplementary material):
 *
 *     i, f, o, g = LN(W x) + LN(U h),  c' = σ(f) ∘ c + σ(i) ∘ tanh(g),  h' = σ(o) ∘ tanh(LN(c'))
 *
 * The biases are those of the normalisations. One is added to the forget gate, as in `LstmCell`.
 */
export class LayerNormLstmCell extends SingleCell {
  private readonly inputNorm: LayerNorm;
  private readonly recurrentNorm: LayerNorm;
  private readonly cellNorm: LayerNorm;

  constructor(inputs: number, units: number, random: () => number) {
    super(inputs, units, random, { gates: 4, bias: false });
    this.inputNorm = this.child('input_norm', new LayerNorm(this.gates, random));
    this.recurrentNorm = this.child('recurrent_norm', new LayerNorm(this.gates, random));
    this.cellNorm = this.child('cell_norm', new LayerNorm(units, random));
  }

  override project<T extends Tensor>(inputs: T): T {
    return this.inputNorm.apply(super.project(inputs));
  }

  step(projected: Tensor2D, state: RecurrentState, read = state.hidden): RecurrentState {
    const recurrent = this.recurrentNorm.apply(tf.matMul(read, this.recurrentKernel));
    return lstmState(tf.add(projected, recurrent), state, (cell) => this.cellNorm.apply(cell));
  }

  override stateFrom(hidden: Tensor2D): RecurrentState {
    return { hidden, cell: tf.zerosLike(hidden) };
  }
}
