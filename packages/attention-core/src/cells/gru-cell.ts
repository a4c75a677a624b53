import { sigmoid, tanh } from '@heed/backend';
import type { Rank, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { uniform } from '../initializers.js';
import type { RecurrentState } from './recurrent-cell.js';
import { SingleCell } from './single-cell.js';

export interface GruOptions {
  /** Whether the reset gate comes after the candidate's recurrent product, the default, or before it. */
  readonly reset?: 'after' | 'before';
}

/**
 * Gated recurrent unit (Cho et al. 2014, equations 5 to 8):
 *
 *     z = σ(Wz x + Uz h),  r = σ(Wr x + Ur h),  h' = (1 - z) ∘ n + z ∘ h
 *
 * with the reset gate after the recurrent product, as in cuDNN, PyTorch and Keras's `reset_after`, or before it, as
 * in the paper:
 *
 *     after:   n = tanh(Wn x + r ∘ (Un h + b))
 *     before:  n = tanh(Wn x + Un (r ∘ h))
 */
export class GruCell extends SingleCell {
  private readonly recurrentBias: Variable<Rank.R1> | undefined;
  private readonly candidateKernel: Variable<Rank.R2> | undefined;

  constructor(inputs: number, units: number, random: () => number, { reset = 'after' }: GruOptions = {}) {
    super(inputs, units, random, { gates: 3, recurrentGates: reset === 'after' ? 3 : 2 });
    const limit = uniform(units ** -0.5);
    if (reset === 'after') this.recurrentBias = this.parameter('recurrent_bias', [this.gates], limit);
    else this.candidateKernel = this.parameter('candidate_kernel', [units, units], limit);
  }

  step(projected: Tensor2D, { hidden }: RecurrentState, read = hidden): RecurrentState {
    const product: Tensor2D = tf.matMul(read, this.recurrentKernel);
    const recurrent: Tensor2D = this.recurrentBias ? tf.add(product, this.recurrentBias) : product;
    const sizes = [2 * this.units, this.units];
    const input = tf.split(projected, sizes, 1) as [Tensor2D, Tensor2D];
    const { candidateKernel } = this;
    if (candidateKernel) {
      return gruState(input, recurrent, hidden, (reset) => tf.matMul(tf.mul(reset, read), candidateKernel));
    }
    const [gates, candidate] = tf.split(recurrent, sizes, 1) as [Tensor2D, Tensor2D];
    return gruState(input, gates, hidden, (reset) => tf.mul(reset, candidate));
  }
}

/**
 * The next state from what the input and the state add, before activations.
 *
 * @param input what the input adds to the gates, update and reset side by side, [B, 2 · units], and to the candidate,
 *   [B, units]
 * @param gates what the state adds to the gates
 * @param memory what it adds to the candidate, given the reset gate, [B, units]
 */
export function gruState(
  [inputGates, inputCandidate]: readonly [Tensor2D, Tensor2D],
  gates: Tensor2D,
  hidden: Tensor2D,
  memory: (reset: Tensor2D) => Tensor2D,
): RecurrentState {
  const [update, reset] = tf.split(sigmoid(tf.add(inputGates, gates)), 2, 1) as [Tensor2D, Tensor2D];
  const candidate = tanh(tf.add(inputCandidate, memory(reset)));
  return { hidden: tf.add(candidate, tf.mul(update, tf.sub(hidden, candidate))) };
}
