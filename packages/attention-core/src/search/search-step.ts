import { type Compiled, compile, type TensorTree } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { gatherRows, mapTensors } from './rows.js';
import type { SearchOptions } from './search-options.js';
import { topK } from './top-k.js';

/**
 * One decoding step for N rows, a row being one beam of one sentence. It must treat every row by itself, and
 * create tensors only: it is traced once and then run as one graph where the backend has graphs.
 *
 * @param tokens [N] int32: each row's token before the one to predict; begin at first
 * @param state tensors whose first axis is N; reordered among the beams of a sentence after each step
 * @param constants tensors whose first axis is N and which the beams of a sentence share (memory, keys, mask):
 *   never reordered, only narrowed when sentences leave the batch
 * @returns logProbabilities [N, V] (normalised: at most 0), the next state, in the same form, and the attention
 *   weights [N, S] with which they were made
 */
export type SearchStep<State extends TensorTree, Constants extends TensorTree> = (
  tokens: tf.Tensor1D,
  state: State,
  constants: Constants,
) => { logProbabilities: tf.Tensor2D; state: State; weights: tf.Tensor2D };

/** What one call of the device takes. `parents` [N] int32: the row whose state each row continues. */
type DeviceInputs<State extends TensorTree, Constants extends TensorTree> = {
  readonly tokens: tf.Tensor1D;
  readonly parents: tf.Tensor1D;
  readonly state: State;
  readonly constants: Constants;
};

/** What it gives back: the best tokens of each row and everything the bookkeeping needs. */
export type DeviceOutputs<State extends TensorTree> = {
  /** [N, k] log-probabilities, best first */
  readonly values: tf.Tensor2D;
  /** [N, k] int32 tokens */
  readonly candidates: tf.Tensor2D;
  /** [N] NaN where any of the row's log-probabilities is */
  readonly check: tf.Tensor1D;
  /** [N, S] */
  readonly weights: tf.Tensor2D;
  readonly state: State;
};

export type DeviceStep<State extends TensorTree, Constants extends TensorTree> = Compiled<
  (inputs: DeviceInputs<State, Constants>) => DeviceOutputs<State>
>;

/**
 * The whole of a step as one device call: states reordered, the model's step, forbidden tokens, best k of each row.
 *
 * @param forbidden tokens that are never generated
 * @param end must be a token of the step's vocabulary
 */
export function compileStep<State extends TensorTree, Constants extends TensorTree>(
  step: SearchStep<State, Constants>,
  {
    forbidden,
    end,
    candidates: k,
    sizes,
  }: { forbidden: readonly number[]; end: number; candidates: number; sizes: SearchOptions['sizes'] },
): DeviceStep<State, Constants> {
  const call = ({ tokens, parents, state, constants }: DeviceInputs<State, Constants>) => {
    const output = step(tokens, gatherRows(state, parents), constants);
    const { logProbabilities, weights } = output;
    const rows = tokens.shape[0];
    for (const [name, tensor] of Object.entries({ logProbabilities, weights })) {
      if (tensor.rank !== 2 || tensor.shape[0] !== rows) {
        throw new Error(
          `search: the step's ${name} must have the shape [${rows}, ...], got [${tensor.shape}]`,
        );
      }
    }
    const width = logProbabilities.shape[1];
    for (const token of [end, ...forbidden]) {
      if (token >= width) {
        throw new Error(`search: token ${token} is outside the step's vocabulary of ${width}`);
      }
    }
    const allowed =
      forbidden.length === 0 ? logProbabilities : tf.add(logProbabilities, forbiddenMask(forbidden, width));
    const best = topK(allowed as tf.Tensor2D, Math.min(k, width));
    return {
      values: best.values,
      candidates: best.indices,
      check: tf.sum(logProbabilities, 1) as tf.Tensor1D,
      // Clones, since a step may give back a tensor twice, or one of its constants.
      weights: tf.clone(weights),
      state: mapTensors(output.state, tf.clone),
    };
  };
  return compile(call, sizes ? { sizes: [{ tokens: ['N'], parents: ['N'], ...sizes }] } : {});
}

/** [V]: -Infinity for forbidden tokens, 0 for all others. */
function forbiddenMask(forbidden: readonly number[], width: number): tf.Tensor1D {
  const mask = new Float32Array(width);
  for (const token of forbidden) mask[token] = Number.NEGATIVE_INFINITY;
  return tf.tensor1d(mask);
}
