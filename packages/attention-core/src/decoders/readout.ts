import { dropout, type RandomStream, tanh } from '@heed/backend';
import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Linear } from '../linear.js';
import { Module } from '../module.js';
import { maxout } from './maxout.js';

/** maxout(W x) (Bahdanau et al. 2015, A.2.2), or tanh(W x). */
export type ReadoutKind = 'maxout' | 'dense';

/** What the next word is scored from, of what a step knows. */
export class Readout extends Module {
  private readonly linear: Linear;
  private readonly rate: number;

  constructor(
    private readonly kind: ReadoutKind,
    { inputs, units, dropout: rate }: { inputs: number; units: number; dropout: number },
    random: () => number,
  ) {
    super(random);
    this.linear = new Linear(inputs, kind === 'maxout' ? 2 * units : units, random);
    this.rate = rate;
  }

  override namedParameters(): Map<string, Variable> {
    return this.linear.namedParameters();
  }

  /** @param parts each [N, ·], `inputs` wide together @param random absent outside of training @returns [N, units] */
  apply(parts: readonly Tensor2D[], random?: RandomStream): Tensor2D {
    const summed = this.linear.apply(parts.length === 1 ? (parts[0] as Tensor2D) : tf.concat([...parts], 1));
    return dropout(this.kind === 'maxout' ? maxout(summed) : tanh(summed), this.rate, random);
  }
}
