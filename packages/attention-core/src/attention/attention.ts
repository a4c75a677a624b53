import type { Rank, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Module } from '../module.js';
import { type AttentionState, nextState } from './attention-state.js';
import { createMemory, type Memory, queriesPerRow } from './memory.js';
import type { Normalizer } from './normalizer.js';
import type { Score } from './score.js';
import { SoftmaxNormalizer } from './softmax-normalizer.js';
import type { Window } from './window.js';

export interface Attended {
  /** The weighted sum of the memory's values, [N, V]. */
  readonly context: Tensor2D;
  /** [N, S] */
  readonly weights: Tensor2D;
  /** What the weights were drawn from, in hard attention, [N, S]. */
  readonly distribution?: Tensor2D;
  /** For the next step, in mechanisms that depend on it. */
  readonly state?: AttentionState;
}

export interface AttendOptions {
  /** What the step before gave, or `initialState`; for mechanisms that depend on it. */
  readonly state?: AttentionState;
  /** Uniform in [0, 1), [N, S]: in training, for mechanisms that `usesNoise`. */
  readonly noise?: Tensor2D;
  /** While an output is searched for: mechanisms that are soft in training only become hard. */
  readonly decoding?: boolean;
}

/** A way to read a memory. */
export abstract class AttentionMechanism extends Module {
  /** Width of the contexts, given that of the values. */
  abstract contextWidth(valueWidth: number): number;
  /** Whether training draws noise for it. */
  abstract readonly usesNoise: boolean;
  /** Whether a step depends on where the one before looked. */
  abstract readonly usesState: boolean;
  /**
   * Prepares what is attended to.
   *
   * @param values [B, S, V]
   * @param mask [B, S] bool
   * @param keys [B, S, ·], what is compared with queries, where that is not the values
   */
  abstract memory(values: Tensor3D, mask: Tensor2D, keys?: Tensor3D): Memory;
  /** What the first step takes as its state; nothing where steps do not depend on each other. */
  abstract initialState(memory: Memory): AttentionState | undefined;
  /** @param query [N, Q], N a multiple of B: the queries of a row of the memory side by side */
  abstract attend(query: Tensor2D, memory: Memory, options?: AttendOptions): Attended;
}

export interface AttentionParts {
  readonly score: Score;
  readonly window?: Window;
  /** Default: softmax. */
  readonly normalizer?: Normalizer;
}

/** score -> window -> normalizer -> context. */
export class Attention extends AttentionMechanism {
  private readonly score: Score;
  private readonly window: Window | undefined;
  private readonly normalizer: Normalizer;
  readonly usesState: boolean;

  constructor({ score, window, normalizer }: AttentionParts, random: () => number) {
    super(random);
    this.score = this.child('score', score);
    this.window = window && this.child('window', window);
    this.normalizer = this.child('normalizer', normalizer ?? new SoftmaxNormalizer(random));
    this.usesState = [this.score, this.window, this.normalizer].some((part) => part?.usesState);
  }

  contextWidth(valueWidth: number): number {
    return valueWidth;
  }

  get usesNoise(): boolean {
    return this.normalizer.usesNoise;
  }

  memory(values: Tensor3D, mask: Tensor2D, keys: Tensor3D = values): Memory {
    return createMemory(values, this.score.projectKeys(keys), mask);
  }

  initialState(memory: Memory): AttentionState | undefined {
    return this.usesState ? this.normalizer.initialState(memory) : undefined;
  }

  attend(query: Tensor2D, memory: Memory, { state, noise, decoding = false }: AttendOptions = {}): Attended {
    const [rows, queries, [batch, places]] = [
      query.shape[0],
      queriesPerRow(query, memory),
      memory.mask.shape,
    ];
    const scores = this.score.score(query, memory, state);
    const view = this.window?.apply(query, memory, state);
    const { weights, distribution, remembered } = this.normalizer.normalize(
      scores,
      view?.mask ?? (tf.expandDims(memory.mask, 1) as Tensor3D),
      {
        ...(state && { state }),
        ...(noise && { noise: tf.reshape<Rank.R3>(noise, [batch, queries, places]) }),
        decoding,
      },
    );
    const final = view?.factor ? tf.mul<Tensor3D>(weights, view.factor) : weights;
    const flat = (x: Tensor3D) => tf.reshape<Rank.R2>(x, [rows, places]);
    return {
      context: tf.reshape<Rank.R2>(tf.matMul(final, memory.values), [rows, memory.values.shape[2]]),
      weights: flat(final),
      ...(distribution && { distribution: flat(distribution) }),
      ...(this.usesState && state && { state: nextState(flat(remembered ?? final), state) }),
    };
  }
}
