import { scan } from '@heed/backend';
import type { Rank, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { IMPOSSIBLE, logAdd } from '../log-probability.js';
import type { Scorer } from './with-scorer.js';

const SMALLEST = 1e-37;

/** What CTC says of each frame, shared by the beams of a sentence. */
export type CtcFrames = {
  /** [B, S, V]: where there is no frame, the blank is certain */
  readonly logProbabilities: Tensor3D;
};

/** How probable a prefix is, by the frames that it was written in. */
export type CtcPrefixState = {
  /** Log-probability that the frames before each one are the prefix, and the last of them a token, [N, S]. */
  readonly endsInToken: Tensor2D;
  /** The same where the last of them is a blank, or there is none, [N, S]. */
  readonly endsInBlank: Tensor2D;
  /** Log-probability that all frames are the prefix, [N, 1]. */
  readonly whole: Tensor2D;
  /** Log-probability that all frames begin with the prefix, [N, 1]. */
  readonly prefix: Tensor2D;
  /** The last token of the prefix, [N, 1] int32; the blank at first. */
  readonly last: Tensor2D;
};

/**
 * What `ctcPrefixScorer` starts from.
 *
 * @param logits [S, B, V]
 * @param mask [S, B, 1] bool
 * @param blank the token that stands for none
 */
export function ctcPrefixStart(
  logits: Tensor3D,
  mask: Tensor3D,
  blank: number,
): { state: CtcPrefixState; constants: CtcFrames } {
  const [, batch, vocabulary] = logits.shape;
  const isBlank = tf.oneHot(tf.scalar(blank, 'int32'), vocabulary);
  const nothing = tf.mul(tf.sub(1, tf.cast(isBlank, 'float32')), IMPOSSIBLE);
  const byFrame = tf.where(mask, tf.maximum(tf.logSoftmax(logits), IMPOSSIBLE), nothing);
  const logProbabilities = tf.transpose(byFrame, [1, 0, 2]) as Tensor3D;
  const blanks = blanksOf(logProbabilities, blank);
  const none: Tensor2D = tf.fill([batch, 1], blank, 'int32');
  return {
    constants: { logProbabilities },
    state: {
      endsInToken: tf.fill(blanks.shape, IMPOSSIBLE),
      endsInBlank: tf.cumsum(blanks, 1, true),
      whole: tf.sum(blanks, 1, true),
      prefix: tf.zeros([batch, 1]),
      last: none,
    },
  };
}

/**
 * The prefix scores of CTC as a scorer beside a decoder, log p(token | prefix), each a sum over all alignments (Graves
 * 2008, section 7.5.2; Watanabe et al. 2017, algorithm 2). The tokens that follow a prefix, the end token among them,
 * share all of its probability.
 */
export function ctcPrefixScorer({
  begin,
  end,
  blank,
}: {
  readonly begin: number;
  readonly end: number;
  readonly blank: number;
}): Scorer<CtcPrefixState, CtcFrames> {
  return (tokens, before, { logProbabilities }) => {
    const vocabulary = logProbabilities.shape[2];
    const grown = extended(before, tokens, logProbabilities, blank);
    const isFirst = tf.expandDims(tf.equal(tokens, tf.scalar(begin, 'int32')), 1);
    const state = Object.fromEntries(
      Object.entries(before).map(([name, value]) => [
        name,
        tf.where(isFirst, value, grown[name as keyof CtcPrefixState]),
      ]),
    ) as CtcPrefixState;
    const { endsInToken, endsInBlank, whole, prefix, last } = state;

    const next = follow(logAdd(endsInToken, endsInBlank), logProbabilities);
    // The same token again needs a blank between.
    const isLast = tf.oneHot(tf.squeeze<Tensor1D>(last, [1]), vocabulary);
    const again = tf.logSumExp(tf.add(endsInBlank, tokenOf(isLast, logProbabilities)), 1, true);
    const column = (token: number) => tf.cast(tf.oneHot(tf.scalar(token, 'int32'), vocabulary), 'bool');
    const scores = [
      [tf.cast(isLast, 'bool'), again] as const,
      [column(end), whole] as const,
      [column(blank), tf.scalar(IMPOSSIBLE)] as const,
    ].reduce((all, [where, value]) => tf.where(where, value, all), next as tf.Tensor);
    return { state, scores: tf.minimum<Tensor2D>(tf.sub(scores, prefix), 0) };
  };
}

/** The state of a prefix with a token more. */
function extended(
  { endsInToken, endsInBlank, last }: CtcPrefixState,
  tokens: Tensor1D,
  logProbabilities: Tensor3D,
  blank: number,
): CtcPrefixState {
  const [rows, frames] = endsInToken.shape;
  const isToken = tf.oneHot(tokens, logProbabilities.shape[2]);
  const repeats = tf.equal(last, tf.expandDims(tokens, 1));
  const ready = tf.where(repeats, endsInBlank, logAdd(endsInToken, endsInBlank)) as Tensor2D;
  const token = tokenOf(isToken, logProbabilities);
  const blanks = blanksOf(logProbabilities, blank);
  const perRow = tf.tile(tf.expandDims(blanks, 1), [1, rows / blanks.shape[0], 1]);
  type Frame = { readonly ready: Tensor1D; readonly token: Tensor1D; readonly blank: Tensor1D };
  type Ends = { readonly inToken: Tensor1D; readonly inBlank: Tensor1D };
  const nowhere: Tensor1D = tf.fill([rows], IMPOSSIBLE);
  const { outputs, final } = scan(
    (_, ends: Ends, frame: Frame) => {
      const inToken = tf.add(logAdd(ends.inToken, frame.ready), frame.token) as Tensor1D;
      const inBlank = tf.add(logAdd(ends.inToken, ends.inBlank), frame.blank) as Tensor1D;
      return { state: { inToken, inBlank }, output: ends };
    },
    {},
    { inToken: nowhere, inBlank: nowhere } as Ends,
    {
      ready: tf.transpose(ready),
      token: tf.transpose(token),
      blank: tf.transpose(tf.reshape<Rank.R2>(perRow, [rows, frames])),
    } as unknown as Frame,
  );
  const { inToken, inBlank } = outputs as unknown as Record<keyof Ends, Tensor2D>;
  return {
    endsInToken: tf.transpose(inToken),
    endsInBlank: tf.transpose(inBlank),
    whole: tf.expandDims(logAdd(final.inToken, final.inBlank), 1),
    prefix: tf.logSumExp(tf.add(ready, token), 1, true),
    last: tf.expandDims(tokens, 1),
  };
}

/** log Σ over frames of what came before each of them and every token in it. @param ready [N, S] @returns [N, V] */
function follow(ready: Tensor2D, logProbabilities: Tensor3D): Tensor2D {
  const [batch, frames, vocabulary] = logProbabilities.shape;
  const rows = ready.shape[0];
  const most = tf.max(ready, 1, true);
  const shares = tf.reshape<Rank.R3>(tf.exp(tf.sub(ready, most)), [batch, rows / batch, frames]);
  const sums = tf.reshape<Rank.R2>(tf.matMul(shares, tf.exp(logProbabilities)), [rows, vocabulary]);
  return tf.add(tf.log(tf.maximum(sums, SMALLEST)), most);
}

/** @param isToken [N, V], one 1 a row @returns [N, S] */
function tokenOf(isToken: tf.Tensor, logProbabilities: Tensor3D): Tensor2D {
  const [batch, frames, vocabulary] = logProbabilities.shape;
  const rows = isToken.shape[0] as number;
  const chosen = tf.reshape<Rank.R3>(tf.cast(isToken, 'float32'), [batch, rows / batch, vocabulary]);
  return tf.reshape(tf.matMul(chosen, logProbabilities, false, true), [rows, frames]);
}

/** @returns [B, S] */
function blanksOf(logProbabilities: Tensor3D, blank: number): Tensor2D {
  const [batch, frames] = logProbabilities.shape;
  return tf.squeeze(tf.slice(logProbabilities, [0, 0, blank], [batch, frames, 1]), [2]);
}
