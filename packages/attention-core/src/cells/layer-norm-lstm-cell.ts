import type { Rank, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { uniform } from '../initializers.js';
import { LayerNorm } from '../layer-norm.js';
import { Linear } from '../linear.js';
import { lstmState } from './lstm-cell.js';
import { RecurrentCell, type RecurrentState } from './recurrent-cell.js';

/**
 * `LstmCell` with layer normalisation of what the input adds, of what the state adds and of the cell's reading
 * (Ba et al. 2016, supplementary material):
 *
 *     i, f, o, g = LN(W x) + LN(U h),  c' = σ(f) ∘ c + σ(i) ∘ tanh(g),  h' = σ(o) ∘ tanh(LN(c'))
 *
 * The biases are those of the normalisations. One is added to the forget gate, as in `LstmCell`.
 */
export class LayerNormLstmCell extends RecurrentCell {
  readonly gates: number;
  readonly stateWidth: number;
  private readonly input: Linear;
  private readonly recurrentKernel: Variable<Rank.R2>;
  private readonly inputNorm: LayerNorm;
  private readonly recurrentNorm: LayerNorm;
  private readonly cellNorm: LayerNorm;

  constructor(
    inputs: number,
    readonly units: number,
    random: () => number,
  ) {
    super(random);
    this.gates = 4 * units;
    this.stateWidth = units;
    this.input = this.child('input', new Linear(inputs, this.gates, random, { bias: false }));
    this.recurrentKernel = this.parameter('recurrent_kernel', [units, this.gates], uniform(units ** -0.5));
    this.inputNorm = this.child('input_norm', new LayerNorm(this.gates, random));
    this.recurrentNorm = this.child('recurrent_norm', new LayerNorm(this.gates, random));
    this.cellNorm = this.child('cell_norm', new LayerNorm(units, random));
  }

  project<T extends Tensor>(inputs: T): T {
    return this.inputNorm.apply(this.input.apply(inputs));
  }

  step(projected: Tensor2D, state: RecurrentState, read = state.hidden): RecurrentState {
    const recurrent = this.recurrentNorm.apply(tf.matMul(read, this.recurrentKernel));
    return lstmState(tf.add(projected, recurrent), state, (cell) => this.cellNorm.apply(cell));
  }

  stateFrom(hidden: Tensor2D): RecurrentState {
    return { hidden, cell: tf.zerosLike(hidden) };
  }
}
