import type { Rank, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { uniform } from '../initializers.js';
import { Linear } from '../linear.js';
import { RecurrentCell, type RecurrentState } from './recurrent-cell.js';

export interface SingleCellOptions {
  /** How many gates there are, a candidate among them. */
  readonly gates: number;
  /** How many of them the recurrent kernel is for. Default: all. */
  readonly recurrentGates?: number;
  /** Of the input's product. Default true. */
  readonly bias?: boolean;
}

/** A cell of one layer: what the input adds to its gates, W x + b, and the kernel of what the state adds, U. */
export abstract class SingleCell extends RecurrentCell {
  readonly gates: number;
  readonly stateWidth: number;
  protected readonly recurrentKernel: Variable<Rank.R2>;
  private readonly input: Linear;

  constructor(
    inputs: number,
    readonly units: number,
    random: () => number,
    { gates, recurrentGates = gates, bias = true }: SingleCellOptions,
  ) {
    super(random);
    this.gates = gates * units;
    this.stateWidth = units;
    this.input = this.child('input', new Linear(inputs, this.gates, random, { bias }));
    const shape: [number, number] = [units, recurrentGates * units];
    this.recurrentKernel = this.parameter('recurrent_kernel', shape, uniform(units ** -0.5));
  }

  project<T extends Tensor>(inputs: T): T {
    return this.input.apply(inputs);
  }

  stateFrom(hidden: Tensor2D): RecurrentState {
    return { hidden };
  }
}
