import { type Compiled, compile, type SizeTree, type TensorTree } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { mapTensors } from './rows.js';
import type { SearchOptions } from './search-options.js';
import { topK } from './top-k.js';

/**
 * One decoding step for N rows, a row being one beam of one sentence, those of a sentence side by side. It must treat
 * every row by itself, and create tensors only: it is traced once and then run as one graph where the backend has
 * graphs.
 *
 * @param tokens [N] int32: each row's token before the one to predict; begin at first
 * @param state tensors whose first axis is N; reordered among the beams of a sentence after each step
 * @param constants tensors whose first axis is the number of sentences, each shared by the N/B beams of its sentence
 *   (memory, keys, mask): never reordered, only narrowed when sentences leave the batch
 * @returns logits [N, V], which the search normalises (log-probabilities will do as well), the next state, in the same
 *   form, and the attention weights [N, S] with which they were made
 */
export type SearchStep<State extends TensorTree, Constants extends TensorTree> = (
  tokens: tf.Tensor1D,
  state: State,
  constants: Constants,
) => { logits: tf.Tensor2D; state: State; weights: tf.Tensor2D };

/** What one call of the device takes for B sentences with K beams each. */
type DeviceInputs<State extends TensorTree, Constants extends TensorTree> = {
  /** [B, K] int32 */
  readonly tokens: tf.Tensor2D;
  /** [B, K] int32: the row, of all N = B K, whose state each row continues. */
  readonly parents: tf.Tensor2D;
  /** Tensors [B, K, ...] */
  readonly state: State;
  /** Tensors [B, ...] */
  readonly constants: Constants;
};

/** What it gives back: the best tokens of each row and everything the bookkeeping needs. */
export type DeviceOutputs<State extends TensorTree> = {
  /** [N, k] log-probabilities, best first */
  readonly values: tf.Tensor2D;
  /** [N, k] int32 tokens */
  readonly candidates: tf.Tensor2D;
  /** [N, S] */
  readonly weights: tf.Tensor2D;
  /** Tensors [B, K, ...] */
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
    beamSize,
    candidates: k,
    sizes,
  }: {
    forbidden: readonly number[];
    end: number;
    beamSize: number;
    candidates: number;
    sizes: SearchOptions['sizes'];
  },
): DeviceStep<State, Constants> {
  const call = ({ tokens, parents, state, constants }: DeviceInputs<State, Constants>) => {
    const [sentences, beams] = tokens.shape;
    const rows = sentences * beams;
    const order = tf.reshape<tf.Rank.R1>(parents, [rows]);
    const continued = mapTensors(state, (tensor) =>
      tf.gather(tf.reshape(tensor, [rows, ...tensor.shape.slice(2)]), order),
    );
    const output = step(tf.reshape<tf.Rank.R1>(tokens, [rows]), continued, constants);
    const { logits, weights } = output;
    for (const [name, tensor] of Object.entries({ logits, weights })) {
      if (tensor.rank !== 2 || tensor.shape[0] !== rows) {
        throw new Error(
          `search: the step's ${name} must have the shape [${rows}, ...], got [${tensor.shape}]`,
        );
      }
    }
    const width = logits.shape[1];
    for (const token of [end, ...forbidden]) {
      if (token >= width) {
        throw new Error(`search: token ${token} is outside the step's vocabulary of ${width}`);
      }
    }
    const allowed = forbidden.length === 0 ? logits : tf.add(logits, forbiddenMask(forbidden, width));
    const best = topK(allowed as tf.Tensor2D, Math.min(k, width));
    return {
      values: tf.sub(best.values, logNormalizer(logits, best.indices)) as tf.Tensor2D,
      candidates: best.indices,
      // A clone, since a step may give back one of its constants.
      weights: tf.clone(weights),
      state: mapTensors(output.state, (tensor) =>
        tf.clone(tf.reshape(tensor, [sentences, beams, ...tensor.shape.slice(1)])),
      ),
    };
  };
  if (!sizes) return compile(call);
  const perBeam = ['B', beamSize];
  const state = withBeams(sizes.state, beamSize);
  return compile(call, {
    sizes: [{ tokens: perBeam, parents: perBeam, state, constants: sizes.constants }],
  });
}

/** The sizes of tensors [B, ...] as [B, K, ...]. */
function withBeams(sizes: SizeTree, beamSize: number): SizeTree {
  if (!Array.isArray(sizes)) {
    return Object.fromEntries(
      Object.entries(sizes).map(([name, part]) => [name, withBeams(part as SizeTree, beamSize)]),
    );
  }
  if (sizes.every((part) => typeof part === 'object')) return sizes.map((part) => withBeams(part, beamSize));
  return [sizes[0], beamSize, ...sizes.slice(1)];
}

/**
 * log Σ exp z of each row, from the softmax and the row's best token, whose probability is never too small for a
 * logarithm.
 *
 * @param z [N, V]
 * @param tokens [N, k], best first
 * @returns [N, 1]
 */
function logNormalizer(z: tf.Tensor2D, tokens: tf.Tensor2D): tf.Tensor2D {
  const [rows, width] = z.shape;
  const best = tf.minimum(tf.slice(tokens, [0, 0], [rows, 1]), tf.scalar(width - 1, 'int32'));
  const places = tf.add(best, tf.reshape(tf.range(0, rows * width, width, 'int32'), [rows, 1]));
  const ofBest = (x: tf.Tensor2D) =>
    tf.gather(tf.reshape<tf.Rank.R1>(x, [rows * width]), places) as tf.Tensor as tf.Tensor2D;
  return tf.sub(ofBest(z), tf.log(ofBest(tf.softmax(z))));
}

/** [V]: -Infinity for forbidden tokens, 0 for all others. */
function forbiddenMask(forbidden: readonly number[], width: number): tf.Tensor1D {
  const mask = new Float32Array(width);
  for (const token of forbidden) mask[token] = Number.NEGATIVE_INFINITY;
  return tf.tensor1d(mask);
}
