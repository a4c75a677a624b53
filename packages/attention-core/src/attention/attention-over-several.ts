import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Module } from '../module.js';
import type { Attended, AttendOptions, AttentionMechanism } from './attention.js';
import type { Memory } from './memory.js';

/**
 * Reads several memories with one query, each with a mechanism of its own, and lays the contexts side by side (Zoph and
 * Knight 2016, section 4; Libovický and Helcl 2017, section 3).
 */
export class AttentionOverSeveral extends Module {
  constructor(
    private readonly mechanisms: readonly AttentionMechanism[],
    random: () => number,
  ) {
    super(random);
    mechanisms.forEach((mechanism, i) => void this.child(`memory_${i}`, mechanism));
  }

  /**
   * @param query [N, Q]
   * @param memories one a mechanism, made by it
   * @param options one a mechanism
   * @returns context [N, ΣV], and what each mechanism gave
   */
  attend(
    query: Tensor2D,
    memories: readonly Memory[],
    options: readonly AttendOptions[] = [],
  ): { context: Tensor2D; each: Attended[] } {
    if (memories.length !== this.mechanisms.length) {
      throw new Error(`attention over ${this.mechanisms.length} memories was given ${memories.length}`);
    }
    const each = this.mechanisms.map((mechanism, i) =>
      mechanism.attend(query, memories[i] as Memory, options[i]),
    );
    return {
      context: tf.concat(
        each.map(({ context }) => context),
        1,
      ),
      each,
    };
  }
}
