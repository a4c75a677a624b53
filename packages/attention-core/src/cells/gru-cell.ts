import { sigmoid, tanh } from '@heed/backend';
import type { Rank, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { uniform } from '../initializers.js';
import { Linear } from '../linear.js';
import { RecurrentCell, type RecurrentState } from './recurrent-cell.js';

/**
 * Gated recurrent unit (Cho et al. 2014, equations 5 to 8), with the reset gate behind the recurrent product, as in
 * cuDNN and PyTorch:
 *
 *     z = σ(Wz x + Uz h),  r = σ(Wr x + Ur h),  n = tanh(Wn x + r ∘ (Un h + b)),  h' = (1 - z) ∘ n + z ∘ h
 */
export class GruCell extends RecurrentCell {
  readonly gates: number;
  readonly stateWidth: number;
  private readonly input: Linear;
  private readonly recurrentKernel: Variable<Rank.R2>;
  private readonly recurrentBias: Variable<Rank.R1>;

  constructor(
    inputs: number,
    readonly units: number,
    random: () => number,
  ) {
    super(random);
    this.gates = 3 * units;
    this.stateWidth = units;
    const limit = uniform(units ** -0.5);
    this.input = this.child('input', new Linear(inputs, this.gates, random));
    this.recurrentKernel = this.parameter('recurrent_kernel', [units, this.gates], limit);
    this.recurrentBias = this.parameter('recurrent_bias', [this.gates], limit);
  }

  project<T extends Tensor>(inputs: T): T {
    return this.input.apply(inputs);
  }

  step(projected: Tensor2D, { hidden }: RecurrentState): RecurrentState {
    const recurrent = tf.add(tf.matMul(hidden, this.recurrentKernel), this.recurrentBias);
    const sizes = [2 * this.units, this.units];
    const [inputGates, inputCandidate] = tf.split(projected, sizes, 1) as [Tensor2D, Tensor2D];
    const [recurrentGates, recurrentCandidate] = tf.split(recurrent, sizes, 1) as [Tensor2D, Tensor2D];
    const [update, reset] = tf.split(sigmoid(tf.add(inputGates, recurrentGates)), 2, 1) as [
      Tensor2D,
      Tensor2D,
    ];
    const candidate = tanh(tf.add(inputCandidate, tf.mul(reset, recurrentCandidate)));
    return { hidden: tf.add(candidate, tf.mul(update, tf.sub(hidden, candidate))) };
  }

  stateFrom(hidden: Tensor2D): RecurrentState {
    return { hidden };
  }
}
