import type { TensorTree } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { logProbabilities, type SearchStep } from './search-step.js';

/**
 * A model of the target language alone, over the same vocabulary as the step it goes with: as a `SearchStep`, but
 * without attention weights.
 */
export type Scorer<State extends TensorTree, Constants extends TensorTree> = (
  tokens: tf.Tensor1D,
  state: State,
  constants: Constants,
) => { state: State } & ({ logits: tf.Tensor2D } | { scores: tf.Tensor2D });

/**
 * A step whose scores are log p(step) + weight · log p(scorer): shallow fusion (Gulcehre et al. 2015, section 4.1) where
 * the scorer is a language model. Stack it for several. State and constants are `{ step, scorer }`; a scorer that has none
 * takes `{}`.
 *
 * @param weight at least 0
 */
export function withScorer<
  State extends TensorTree,
  Constants extends TensorTree,
  ScorerState extends TensorTree,
  ScorerConstants extends TensorTree,
>(
  step: SearchStep<State, Constants>,
  scorer: Scorer<ScorerState, ScorerConstants>,
  weight: number,
): SearchStep<{ step: State; scorer: ScorerState }, { step: Constants; scorer: ScorerConstants }> {
  if (!(weight >= 0 && Number.isFinite(weight))) {
    throw new Error(`withScorer: weight must be a number of at least 0, got ${weight}`);
  }
  return (tokens, state, constants) => {
    const output = step(tokens, state.step, constants.step);
    const scored = scorer(tokens, state.scorer, constants.scorer);
    const own = logProbabilities(output);
    return {
      // Nothing, not 0 times -Infinity.
      scores: weight === 0 ? own : tf.add(own, tf.mul(logProbabilities(scored), weight)),
      state: { step: output.state, scorer: scored.state },
      weights: output.weights,
    };
  };
}
