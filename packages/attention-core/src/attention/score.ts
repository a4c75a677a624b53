import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { Module } from '../module.js';
import type { AttentionState } from './attention-state.js';
import type { Memory } from './memory.js';

/** How well each place of a memory matches a query. */
export abstract class Score extends Module {
  /** Whether it depends on where the mechanism looked before. */
  readonly usesState: boolean = false;

  /** What the score reads of the memory, prepared once. @param values [B, S, V] @returns [B, S, K] */
  abstract projectKeys(values: Tensor3D): Tensor3D;

  /**
   * @param query [N, Q], N a multiple of B: the queries of a row of the memory side by side
   * @param state given if `usesState`
   * @returns [B, N/B, S], unmasked
   */
  abstract score(query: Tensor2D, memory: Memory, state?: AttentionState): Tensor3D;
}
