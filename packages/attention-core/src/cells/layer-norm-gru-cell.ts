import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { LayerNorm } from '../layer-norm.js';
import { gruState } from './gru-cell.js';
import type { RecurrentState } from './recurrent-cell.js';
import { SingleCell } from './single-cell.js';

/**
 * `GruCell` with layer normalisation of what the input and what the state adds, the gates apart from the candidate
 * (Ba et al. 2016, supplementary material; z is what the paper has as 1 - z, to be as in `GruCell`):
 *
 *     (z, r) = σ(LN(W x) + LN(U h)),  n = tanh(LN(Wn x) + r ∘ LN(Un h)),  h' = (1 - z) ∘ n + z ∘ h
 *
 * The biases are those of the normalisations.
 */
export class LayerNormGruCell extends SingleCell {
  private readonly inputNorms: GateNorms;
  private readonly recurrentNorms: GateNorms;

  constructor(inputs: number, units: number, random: () => number) {
    super(inputs, units, random, { gates: 3, bias: false });
    const norms = (of: string) => ({
      gates: this.child(`${of}_gates_norm`, new LayerNorm(2 * units, random)),
      candidate: this.child(`${of}_candidate_norm`, new LayerNorm(units, random)),
    });
    this.inputNorms = norms('input');
    this.recurrentNorms = norms('recurrent');
  }

  override project<T extends Tensor>(inputs: T): T {
    return tf.concat(this.normalize(super.project(inputs), this.inputNorms), inputs.rank - 1) as T;
  }

  step(projected: Tensor2D, { hidden }: RecurrentState, read = hidden): RecurrentState {
    const product = tf.matMul(read, this.recurrentKernel) as Tensor2D;
    const [gates, candidate] = this.normalize(product, this.recurrentNorms);
    return gruState(this.split(projected), gates, hidden, (reset) => tf.mul(reset, candidate));
  }

  private split<T extends Tensor>(x: T): [T, T] {
    return tf.split(x, [2 * this.units, this.units], x.rank - 1) as [T, T];
  }

  private normalize<T extends Tensor>(x: T, norms: GateNorms): [T, T] {
    const [gates, candidate] = this.split(x);
    return [norms.gates.apply(gates), norms.candidate.apply(candidate)];
  }
}

interface GateNorms {
  readonly gates: LayerNorm;
  readonly candidate: LayerNorm;
}
