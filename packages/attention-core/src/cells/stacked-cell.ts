import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { RecurrentCell, type RecurrentState } from './recurrent-cell.js';

/** Two cells as one, the upper reading the lower's hidden state; stacks of more nest to the bottom. */
export class StackedCell extends RecurrentCell {
  readonly units: number;
  readonly gates: number;
  readonly stateWidth: number;
  private readonly lower: RecurrentCell;
  private readonly upper: RecurrentCell;

  constructor(lower: RecurrentCell, upper: RecurrentCell, random: () => number) {
    super(random);
    this.lower = this.child('lower', lower);
    this.upper = this.child('upper', upper);
    this.units = upper.units;
    this.gates = lower.gates;
    this.stateWidth = lower.stateWidth + upper.stateWidth;
  }

  project<T extends Tensor>(inputs: T): T {
    return this.lower.project(inputs);
  }

  step(projected: Tensor2D, state: RecurrentState): RecurrentState {
    const below = this.lower.step(projected, state.below as RecurrentState);
    return { ...this.upper.step(this.upper.project(below.hidden), state), below };
  }

  stateFrom(hidden: Tensor2D): RecurrentState {
    const sizes = [this.lower.stateWidth, this.upper.stateWidth];
    const [lower, upper] = tf.split(hidden, sizes, 1) as [Tensor2D, Tensor2D];
    return { ...this.upper.stateFrom(upper), below: this.lower.stateFrom(lower) };
  }
}
