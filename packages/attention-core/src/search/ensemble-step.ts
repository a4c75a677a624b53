import type { TensorTree } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { logProbabilities, type SearchStep } from './search-step.js';

/**
 * One step of several models that share their vocabularies and source positions, whose states and constants stand in
 * arrays, one entry a model. The attention weights are the models' mean. Where any gives scores, so does the ensemble.
 *
 * @param mean what is averaged: the probabilities (as in Sockeye's and Marian's "linear") or the log-probabilities
 *   ("log_linear": the geometric mean, normalised by the search)
 * @throws if there are no steps
 */
export function ensembleStep<State extends TensorTree, Constants extends TensorTree>(
  steps: readonly SearchStep<State, Constants>[],
  { mean = 'probabilities' }: { readonly mean?: 'probabilities' | 'logProbabilities' } = {},
): SearchStep<State[], Constants[]> {
  if (steps.length === 0) throw new Error('ensembleStep: at least one step is needed');
  return (tokens, states, constants) => {
    const outputs = steps.map((step, model) => step(tokens, states[model]!, constants[model]!));
    const [only, ...others] = outputs;
    if (only && others.length === 0) return { ...only, state: [only.state] };
    const logs = outputs.map(logProbabilities);
    const averaged = mean === 'probabilities' ? logOfMean(logs) : meanOf(logs);
    return {
      ...(outputs.some((output) => 'scores' in output) ? { scores: averaged } : { logits: averaged }),
      state: outputs.map(({ state }) => state),
      weights: meanOf(outputs.map(({ weights }) => weights)),
    };
  };
}

/** log of the mean of what these are the logarithms of, however small that is. */
function logOfMean(logs: tf.Tensor2D[]): tf.Tensor2D {
  const greatest = logs.reduce((most, x) => tf.maximum(most, x));
  // Where all are -Infinity, so is their difference's logarithm.
  const top = tf.maximum<tf.Tensor2D>(greatest, tf.scalar(LOWEST));
  return tf.add(top, tf.log(meanOf(logs.map((x) => tf.exp(tf.sub<tf.Tensor2D>(x, top))))));
}

/** Below any log-probability, and still finite. */
const LOWEST = -1e30;

function meanOf(tensors: tf.Tensor2D[]): tf.Tensor2D {
  return tf.div(tf.addN(tensors), tensors.length);
}
