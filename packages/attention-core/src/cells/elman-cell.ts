import { sigmoid } from '@heed/backend';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { RecurrentState } from './recurrent-cell.js';
import { SingleCell } from './single-cell.js';

/** h' = σ(W x + U h + b) (Elman 1990). */
export class ElmanCell extends SingleCell {
  constructor(inputs: number, units: number, random: () => number) {
    super(inputs, units, random, { gates: 1 });
  }

  step(projected: Tensor2D, { hidden }: RecurrentState, read = hidden): RecurrentState {
    return { hidden: sigmoid(tf.add(projected, tf.matMul(read, this.recurrentKernel))) };
  }
}
