import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Module } from '../module.js';

/** What a cell carries from step to step, each [B, units]. */
export type RecurrentState = {
  readonly hidden: Tensor2D;
  /** The LSTM's. */
  readonly cell?: Tensor2D;
  /** Of the layer below, in a stack. */
  readonly below?: RecurrentState;
};

/**
 * One step of a recurrence, in two parts: what the input adds to the gates, which needs no state and is one product
 * for all steps at once, and the step proper.
 */
export abstract class RecurrentCell extends Module {
  /** Width of the hidden state. */
  abstract readonly units: number;
  /** Width of the gates before their activations, G. */
  abstract readonly gates: number;
  /** Width of all that `stateFrom` takes: of every layer in a stack. */
  abstract readonly stateWidth: number;

  /** @param inputs [..., D] @returns [..., G] */
  abstract project<T extends Tensor>(inputs: T): T;

  /**
   * @param projected [B, G]
   * @param read what the gates read of the hidden state, [B, units]: all of it if absent, less under dropout. A stack
   *   has no use for it
   */
  abstract step(projected: Tensor2D, state: RecurrentState, read?: Tensor2D): RecurrentState;

  /** A state whose hidden parts are given; the rest is zero. @param hidden [B, stateWidth] */
  abstract stateFrom(hidden: Tensor2D): RecurrentState;

  zeroState(batch: number): RecurrentState {
    return this.stateFrom(tf.zeros([batch, this.stateWidth]));
  }
}
