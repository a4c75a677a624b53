import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { Module } from '../module.js';
import type { Memory } from './memory.js';

/** How well each place of a memory matches a query. */
export abstract class Score extends Module {
  /** What the score reads of the memory, prepared once. @param values [B, S, V] @returns [B, S, K] */
  abstract projectKeys(values: Tensor3D): Tensor3D;

  /** @param query [B, Q] @returns [B, S], unmasked */
  abstract score(query: Tensor2D, memory: Memory): Tensor2D;
}
