import type { TensorTree } from '@heed/backend';
import { createBeamSearch } from './beam-search.js';
import type { Hypothesis } from './hypothesis.js';
import type { BeamSearchInputs, SearchOptions } from './search-options.js';
import type { SearchStep } from './search-step.js';

/** A greedy search whose compiled step is kept from one batch to the next. */
export interface GreedySearch<State, Constants> {
  /**
   * One hypothesis a sentence; its score is its log-probability.
   *
   * @throws if the numbers of rows differ, or if a step gives NaN
   */
  search(inputs: BeamSearchInputs<State, Constants>): Promise<Hypothesis[]>;
  /** Unloads the compiled step. */
  dispose(): void;
}

/**
 * Greedy search: the most probable token at every step, until the end token or the maximum length. It is beam
 * search with a beam of one; call it after `useBackend()`.
 *
 * @throws if an option is out of its range
 */
export function createGreedySearch<State extends TensorTree, Constants extends TensorTree>(
  step: SearchStep<State, Constants>,
  options: SearchOptions,
): GreedySearch<State, Constants> {
  const beams = createBeamSearch(step, { ...options, beamSize: 1 });
  return {
    search: async (inputs) => (await beams.search(inputs)).map(([best]) => best!),
    dispose: beams.dispose,
  };
}

/** Greedy search of one batch. For many, `createGreedySearch` keeps the compiled step. */
export async function greedySearch<State extends TensorTree, Constants extends TensorTree>(
  step: SearchStep<State, Constants>,
  inputs: BeamSearchInputs<State, Constants>,
  options: SearchOptions,
): Promise<Hypothesis[]> {
  const greedy = createGreedySearch(step, options);
  try {
    return await greedy.search(inputs);
  } finally {
    greedy.dispose();
  }
}
