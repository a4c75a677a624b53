import { type Compiled, compile, type SizeTree, type TensorTree } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { type DrawOptions, draw } from './draw.js';
import { gatherEachRow, mapTensors } from './rows.js';
import type { SearchOptions } from './search-options.js';
import { allowedMask, blockedMask, inside } from './token-masks.js';
import { topK } from './top-k.js';

/** With fewer, the decoders' products take as long in halves as what is won by the rest. */
const FEWEST_ROWS_TO_HALVE = 256;

/**
 * One decoding step for N rows, a row being one beam of one sentence, those of a sentence side by side. It must treat
 * every row by itself, and create tensors only: it is traced once and then run as one graph where the backend has
 * graphs.
 *
 * @param tokens [N] int32: each row's token before the one to predict; begin at first
 * @param state tensors whose first axis is N; reordered among the beams of a sentence after each step
 * @param constants tensors whose first axis is the number of sentences, each shared by the N/B beams of its sentence
 *   (memory, keys, mask): never reordered, only narrowed when sentences leave the batch
 */
export type SearchStep<State extends TensorTree, Constants extends TensorTree> = (
  tokens: tf.Tensor1D,
  state: State,
  constants: Constants,
) => StepOutput<State>;

/**
 * What a step gives: the next state, in the same form, the attention weights [N, S] with which the tokens were
 * predicted, and one of
 * - logits [N, V], which the search normalises (log-probabilities will do as well);
 * - scores [N, V], which are used as they are in the place of log-probabilities. Like those they must be at most 0:
 *   the search stops when no growing hypothesis can win any more, which relies on sums that only fall.
 */
export type StepOutput<State extends TensorTree> = { state: State; weights: tf.Tensor2D } & (
  | { logits: tf.Tensor2D }
  | { scores: tf.Tensor2D }
);

/** [N, V]: what the search adds up for the tokens of each row. */
export function logProbabilities(output: { logits: tf.Tensor2D } | { scores: tf.Tensor2D }): tf.Tensor2D {
  return 'scores' in output ? output.scores : tf.logSoftmax(output.logits);
}

/** What one call of the device takes for B sentences with K beams each. */
type DeviceInputs<State extends TensorTree, Constants extends TensorTree> = {
  /** [B, K] int32 */
  readonly tokens: tf.Tensor2D;
  /** [B, K] int32: the beam, of the K of its sentence, whose state each row continues. */
  readonly parents: tf.Tensor2D;
  /** [B, K, W] int32: tokens that each row must not generate, filled up with -1. */
  readonly blocked: tf.Tensor3D | undefined;
  /** [B, K, W] int32: tokens whose log-probabilities each row must give, filled up with 0. */
  readonly wanted: tf.Tensor3D | undefined;
  /** [B, A] int32: the only tokens that each sentence may generate, filled up with -1. */
  readonly allowed: tf.Tensor2D | undefined;
  /** [B, K]: what each row draws with, where it does: at least 0 and less than 1. */
  readonly uniform: tf.Tensor2D | undefined;
  /** Tensors [B, K, ...] */
  readonly state: State;
  /** Tensors [B, ...] */
  readonly constants: Constants;
};

/** What it gives back: the best tokens of each row, or one that was drawn, and everything the bookkeeping needs. */
export type DeviceOutputs<State extends TensorTree> = {
  /** [N, k] log-probabilities, best first */
  readonly values: tf.Tensor2D;
  /** [N, k] int32 tokens; of a row that draws one, k = 1 */
  readonly candidates: tf.Tensor2D;
  /** [N, W] log-probabilities of the wanted tokens, whether they may be generated or not */
  readonly wanted: tf.Tensor2D | undefined;
  /** [N, S] */
  readonly weights: tf.Tensor2D;
  /** Tensors [B, K, ...] */
  readonly state: State;
};

export interface DeviceStep<State extends TensorTree, Constants extends TensorTree> {
  /** What is `undefined` among the inputs costs nothing: each combination has its own graph. */
  readonly run: Compiled<(inputs: DeviceInputs<State, Constants>) => DeviceOutputs<State>>;
  /** V, known once the step has run. */
  readonly vocabulary: () => number;
}

/**
 * The whole of a step as one device call: states reordered, the model's step, tokens that must not be, best k of each
 * row or one drawn.
 *
 * @param forbidden tokens that are never generated
 * @param end must be a token of the step's vocabulary
 * @param candidates k, or V if that is less; or how one is drawn
 */
export function compileStep<State extends TensorTree, Constants extends TensorTree>(
  step: SearchStep<State, Constants>,
  {
    forbidden,
    end,
    beamSize,
    candidates,
    sizes,
  }: {
    forbidden: readonly number[];
    end: number;
    beamSize: number;
    candidates: number | DrawOptions;
    sizes: SearchOptions['sizes'];
  },
): DeviceStep<State, Constants> {
  let vocabulary = 0;
  const call = (inputs: DeviceInputs<State, Constants>): DeviceOutputs<State> => {
    const { tokens, parents, blocked, wanted, allowed, uniform, state, constants } = inputs;
    const [sentences, beams] = tokens.shape;
    const rows = sentences * beams;
    const continued = mapTensors(state, (tensor) =>
      tf.reshape(gatherEachRow(tensor, parents), [rows, ...tensor.shape.slice(2)]),
    );
    const output = step(tf.reshape<tf.Rank.R1>(tokens, [rows]), continued, constants);
    const { weights } = output;
    const [name, scores] = 'scores' in output ? ['scores', output.scores] : ['logits', output.logits];
    for (const [part, tensor] of Object.entries({ [name]: scores, weights })) {
      if (tensor.rank !== 2 || tensor.shape[0] !== rows) {
        throw new Error(
          `search: the step's ${part} must have the shape [${rows}, ...], got [${tensor.shape}]`,
        );
      }
    }
    const width = scores.shape[1];
    for (const token of [end, ...forbidden]) requireInside(token, width);
    vocabulary = width;

    const masks = [
      ...(blocked ? [blockedMask(tf.reshape(blocked, [rows, blocked.shape[2]]), width)] : []),
      ...(allowed ? [perRow(allowedMask(allowed, width), beams)] : []),
    ];
    const open = masks.reduce((sum, mask) => tf.add<tf.Tensor2D>(sum, mask), scores);
    const chosen =
      typeof candidates === 'number'
        ? topK(open, Math.min(candidates, width), forbidden)
        : draw(open, tf.reshape(uniform as tf.Tensor2D, [rows, 1]), candidates, forbidden);

    // Where the first that is chosen may be improbable, the normaliser needs the best of all.
    const peak =
      allowed || blocked || uniform
        ? tf.expandDims<tf.Tensor2D>(tf.argMax(scores, 1), 1)
        : greatestColumn(scores, firstColumn(chosen.indices), forbidden);
    const normalise = (x: tf.Tensor2D): tf.Tensor2D =>
      name === 'scores' ? nanIfAny(scores, x) : tf.sub(x, logNormalizer(scores, peak));
    return {
      values: normalise(chosen.values),
      candidates: chosen.indices,
      wanted:
        wanted &&
        normalise(gatherEachRow(scores, inside(tf.reshape(wanted, [rows, wanted.shape[2]]), width))),
      // A clone, since a step may give back one of its constants.
      weights: tf.clone(weights),
      state: mapTensors(output.state, (tensor) =>
        tf.clone(tf.reshape(tensor, [sentences, beams, ...tensor.shape.slice(1)])),
      ),
    };
  };
  const perBeam = ['B', beamSize];
  const deviceSizes = sizes && {
    tokens: perBeam,
    parents: perBeam,
    blocked: [...perBeam, 'search:blocked'],
    wanted: [...perBeam, 'search:wanted'],
    allowed: ['B', 'search:allowed'],
    uniform: perBeam,
    state: withBeams(sizes.state, beamSize),
    constants: sizes.constants,
  };
  return {
    run: compile(
      call,
      deviceSizes
        ? {
            sizes: [deviceSizes],
            halves: { rows: 'B', atLeast: Math.max(2, Math.ceil(FEWEST_ROWS_TO_HALVE / beamSize)) },
          }
        : {},
    ),
    vocabulary: () => vocabulary,
  };
}

/** @throws if a token is not one of the step's vocabulary */
export function requireInside(token: number, vocabulary: number): void {
  if (token < vocabulary) return;
  throw new Error(`search: token ${token} is outside the step's vocabulary of ${vocabulary}`);
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
 * log Σ exp z of each row, as z - log p at one of its columns: a softmax is one op.
 *
 * @param z [N, V]
 * @param peak [N, 1] int32, the column of the greatest of each row or near it, whose probability no float32 loses
 * @returns [N, 1], NaN where a row holds one
 */
function logNormalizer(z: tf.Tensor2D, peak: tf.Tensor2D): tf.Tensor2D {
  const probability = gatherEachRow(tf.softmax(z), peak);
  // Beside a NaN, oneDNN's softmax gives all others no probability at all.
  const sound = tf.greater(probability, 0);
  return tf.where(sound, tf.sub<tf.Tensor2D>(gatherEachRow(z, peak), tf.log(probability)), Number.NaN);
}

/** x [N, k], NaN in the rows whose scores [N, V], none above 0, hold one: TopK may pass over it. */
function nanIfAny(scores: tf.Tensor2D, x: tf.Tensor2D): tf.Tensor2D {
  return tf.where<tf.Tensor2D>(tf.isNaN(tf.sum<tf.Tensor2D>(scores, 1, true)), Number.NaN, x);
}

/** [B, V] -> [N, V], N = B K */
function perRow(x: tf.Tensor2D, beams: number): tf.Tensor2D {
  const [sentences, width] = x.shape;
  return tf.reshape(tf.tile(tf.expandDims(x, 1), [1, beams, 1]), [sentences * beams, width]);
}

/** Of each row, of one column and some that all rows have: the one that holds most. @param own [N, 1] @returns [N, 1] */
function greatestColumn(x: tf.Tensor2D, own: tf.Tensor2D, common: readonly number[]): tf.Tensor2D {
  if (common.length === 0) return own;
  const shared = tf.tile(tf.tensor2d([[...common]], undefined, 'int32'), [x.shape[0], 1]);
  const columns = tf.concat([own, shared], 1);
  const greatest = tf.argMax(gatherEachRow(x, columns), 1);
  return gatherEachRow(columns, tf.expandDims<tf.Tensor2D>(greatest, 1));
}

/** [N, k] -> [N, 1] */
function firstColumn(x: tf.Tensor2D): tf.Tensor2D {
  return tf.slice(x, [0, 0], [x.shape[0], 1]);
}
