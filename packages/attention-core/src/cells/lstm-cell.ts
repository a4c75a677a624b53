import { sigmoid, tanh } from '@heed/backend';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { RecurrentState } from './recurrent-cell.js';
import { SingleCell } from './single-cell.js';

/**
 * Long short-term memory with a forget gate (Hochreiter and Schmidhuber 1997; Gers et al. 2000):
 *
 *     i, f, o = σ(W x + U h + b),  g = tanh(Wg x + Ug h + bg),  c' = f ∘ c + i ∘ g,  h' = o ∘ tanh(c')
 *
 * One is added to the forget gate (Jozefowicz et al. 2015).
 */
export class LstmCell extends SingleCell {
  constructor(inputs: number, units: number, random: () => number) {
    super(inputs, units, random, { gates: 4 });
  }

  step(projected: Tensor2D, state: RecurrentState, read = state.hidden): RecurrentState {
    return lstmState(tf.add(projected, tf.matMul(read, this.recurrentKernel)), state);
  }

  override stateFrom(hidden: Tensor2D): RecurrentState {
    return { hidden, cell: tf.zerosLike(hidden) };
  }
}

/**
 * The next state from the gates before their activations.
 *
 * @param gates i, f, o, g side by side, [B, 4 · units]
 * @param normalize what is done to the cell before the hidden state is read from it
 */
export function lstmState(
  gates: Tensor2D,
  previous: RecurrentState,
  normalize: (cell: Tensor2D) => Tensor2D = (cell) => cell,
): RecurrentState {
  const [i, f, o, g] = tf.split(gates, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
  const kept = tf.mul(sigmoid(tf.add(f, 1)), previous.cell as Tensor2D);
  const cell = tf.add(kept, tf.mul(sigmoid(i), tanh(g))) as Tensor2D;
  return { hidden: tf.mul(sigmoid(o), tanh(normalize(cell))), cell };
}
