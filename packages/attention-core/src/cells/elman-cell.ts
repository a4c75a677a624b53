import { sigmoid } from '@heed/backend';
import type { Rank, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { uniform } from '../initializers.js';
import { Linear } from '../linear.js';
import { RecurrentCell, type RecurrentState } from './recurrent-cell.js';

/** h' = σ(W x + U h + b) (Elman 1990). */
export class ElmanCell extends RecurrentCell {
  readonly gates: number;
  readonly stateWidth: number;
  private readonly input: Linear;
  private readonly recurrentKernel: Variable<Rank.R2>;

  constructor(
    inputs: number,
    readonly units: number,
    random: () => number,
  ) {
    super(random);
    this.gates = units;
    this.stateWidth = units;
    this.input = this.child('input', new Linear(inputs, units, random));
    this.recurrentKernel = this.parameter('recurrent_kernel', [units, units], uniform(units ** -0.5));
  }

  project<T extends Tensor>(inputs: T): T {
    return this.input.apply(inputs);
  }

  step(projected: Tensor2D, { hidden }: RecurrentState, read = hidden): RecurrentState {
    return { hidden: sigmoid(tf.add(projected, tf.matMul(read, this.recurrentKernel))) };
  }

  stateFrom(hidden: Tensor2D): RecurrentState {
    return { hidden };
  }
}
