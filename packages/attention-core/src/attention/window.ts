import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Module } from '../module.js';
import type { AttentionState } from './attention-state.js';
import type { Memory } from './memory.js';
import { withoutGradient } from './without-gradient.js';

export interface WindowOutput {
  /** The memory's mask, narrowed, [B, N/B, S] bool. */
  readonly mask: Tensor3D;
  /** What the weights are multiplied by after they were normalised, [B, N/B, S]. */
  readonly factor?: Tensor3D;
}

/** Narrows where a query may look. Where nothing valid is left of a row, it may look anywhere. */
export abstract class Window extends Module {
  /** Whether it depends on where the mechanism looked before. */
  readonly usesState: boolean = false;

  /**
   * @param query [N, Q], N a multiple of B
   * @param state given if `usesState`
   */
  abstract apply(query: Tensor2D, memory: Memory, state?: AttentionState): WindowOutput;
}

/** 0 … S - 1, as it broadcasts over [B, N/B, S]. */
export const places = ({ mask }: Memory): Tensor3D =>
  tf.reshape<tf.Rank.R3>(tf.range(0, mask.shape[1], 1, 'float32'), [1, 1, mask.shape[1]]);

/**
 * The valid places at most `reach` from the center; all valid ones where there is none.
 *
 * @param center [B, N/B, 1]; no gradient flows to it
 * @returns [B, N/B, S] bool
 */
export function within(center: Tensor3D, reach: number, memory: Memory): Tensor3D {
  return withoutGradient(center, (middle) => {
    const valid = tf.expandDims(memory.mask, 1);
    const near = tf.logicalAnd(valid, tf.lessEqual(tf.abs(tf.sub(places(memory), middle)), reach));
    const isNone = tf.logicalNot(tf.any(near, 2, true));
    return tf.logicalOr(near, tf.logicalAnd(valid, isNone)) as Tensor3D;
  });
}
