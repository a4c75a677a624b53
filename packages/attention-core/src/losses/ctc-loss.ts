import { scan } from '@heed/backend';
import type { Rank, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { IMPOSSIBLE, logAdd } from '../log-probability.js';

export interface CtcInputs {
  /** [T, B, V] */
  readonly logits: Tensor3D;
  /** [T, B, 1] bool: where there is a frame */
  readonly mask: Tensor3D;
  /** [U, B] int32 */
  readonly targets: Tensor2D;
  /** [U, B] bool: where there is a token, at least one a column */
  readonly targetMask: Tensor2D;
  /** The token that stands for none. */
  readonly blank: number;
}

/**
 * Connectionist temporal classification (Graves et al. 2006): minus the log-probability of the targets, summed over all
 * alignments with the frames, by the forward-backward algorithm (sections 4.1 and 4.2). A row whose targets do not fit
 * into its frames has a loss of 0 and no gradient; one with NaN among its logits a loss of NaN.
 *
 * @returns [B], in nats
 */
export function ctcLoss({ logits, mask, targets, targetMask, blank }: CtcInputs): Tensor1D {
  const alignment = tf.customGrad((input, save) => {
    // A logarithm of 0 times a 0 would be no number.
    const logProbabilities: Tensor3D = tf.maximum(input as Tensor3D, IMPOSSIBLE);
    const lattice = createLattice(targets, targetMask, logProbabilities.shape[2], blank);
    const byRow = tf.transpose(logProbabilities, [1, 0, 2]) as Tensor3D;
    const emissions = tf.transpose(tf.matMul(byRow, lattice.tokens, false, true), [1, 0, 2]) as Tensor3D;
    const { outputs: after, final } = backward(lattice, emissions, mask);
    const start = tf.slice(final, [0, 0], [final.shape[0], 2]);
    const likelihood = tf.logSumExp(start, 1, true) as Tensor2D;
    const fits = tf.cast(tf.logicalNot(tf.lessEqual(likelihood, IMPOSSIBLE / 2)), 'float32');
    const before = forward(lattice, emissions, mask);
    // How probable it is that a frame stands for a place of the lattice: α β / p (equations 14 and 15).
    const occupied = tf.exp(tf.sub(tf.add(before, after), tf.expandDims(likelihood, 0)));
    const perToken = tf.matMul(
      tf.transpose(tf.mul(occupied, tf.expandDims(fits, 0)), [1, 0, 2]) as Tensor3D,
      lattice.tokens,
    );
    (save as (tensors: tf.Tensor[]) => void)([tf.transpose(perToken, [1, 0, 2])]);
    return {
      value: tf.squeeze(tf.where(tf.cast(fits, 'bool'), tf.neg(likelihood), 0), [1]),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.neg(tf.mul(saved[0] as tf.Tensor, tf.reshape(dy, [1, -1, 1]))),
    };
  });
  return alignment(tf.logSoftmax(logits)) as Tensor1D;
}

/** The targets with blanks around and between: 2U + 1 places, each a token. */
type Lattice = {
  /** [B, L, V]: which token a place has, 1 or 0 */
  readonly tokens: Tensor3D;
  /** [B, L]: 0 where a place may follow the second before it, else `IMPOSSIBLE` */
  readonly skip: Tensor2D;
  /** [B, L] bool: the first blank, from where the first token can be reached as well */
  readonly first: Tensor2D;
  /** [B, L] bool: the last blank, behind the last token of each row */
  readonly last: Tensor2D;
};

function createLattice(targets: Tensor2D, targetMask: Tensor2D, vocabulary: number, blank: number): Lattice {
  const [steps, batch] = targets.shape;
  const places = 2 * steps + 1;
  const rows = tf.transpose(targets);
  const blanks = (count: number) => tf.fill([batch, count], blank, 'int32') as Tensor2D;
  const pairs = tf.reshape<Rank.R2>(tf.stack([rows, blanks(steps)], 2), [batch, 2 * steps]);
  const labels = tf.concat([blanks(1), pairs], 1);
  // Two places back.
  const earlier = tf.concat([blanks(2), tf.slice(labels, [0, 0], [batch, places - 2])], 1);
  const differs = tf.logicalAnd(tf.notEqual(labels, tf.scalar(blank, 'int32')), tf.notEqual(labels, earlier));
  const lengths = tf.sum(tf.cast(targetMask, 'int32'), 0);
  const end = tf.reshape(tf.mul(lengths, tf.scalar(2, 'int32')), [batch, 1]);
  const place = tf.reshape(tf.range(0, places, 1, 'int32'), [1, places]);
  return {
    tokens: tf.cast(tf.oneHot(labels, vocabulary), 'float32') as Tensor3D,
    skip: logarithm(differs as Tensor2D),
    first: tf.equal(place, tf.zerosLike(end)),
    last: tf.equal(place, end),
  };
}

/** 0 where it is true, the logarithm of 0 where it is not. */
const logarithm = (condition: Tensor2D): Tensor2D =>
  tf.mul(tf.sub(1, tf.cast(condition, 'float32')), IMPOSSIBLE);

/** `x` moved by so many places to the right, or, if negative, to the left. @param x [B, L] */
function shifted(x: Tensor2D, by: number): Tensor2D {
  const [batch, places] = x.shape;
  const kept = tf.slice(x, [0, Math.max(0, -by)], [batch, places - Math.abs(by)]);
  const around: [number, number] = by > 0 ? [by, 0] : [0, -by];
  return tf.pad(kept, [[0, 0], around], IMPOSSIBLE) as Tensor2D;
}

type Frame = { readonly emission: Tensor2D; readonly mask: Tensor2D };

/** α: log-probabilities of all beginnings that end in a place, its frame among them (equation 6). @returns [T, B, L] */
function forward({ skip, first }: Lattice, emissions: Tensor3D, mask: Tensor3D): Tensor3D {
  const { outputs } = scan(
    (parameters: { skip: Tensor2D }, reached: Tensor2D, frame: Frame) => {
      const next = logAdd(reached, shifted(reached, 1), tf.add(shifted(reached, 2), parameters.skip));
      const held = tf.where(frame.mask, tf.add(next, frame.emission), reached) as Tensor2D;
      return { state: held, output: held };
    },
    { skip },
    logarithm(first),
    { emission: emissions, mask } as unknown as Frame,
  );
  return outputs as unknown as Tensor3D;
}

/**
 * β: log-probabilities of all endings that begin in a place, its frame not among them, as in equation 10
 * but for that.
 *
 * @returns outputs [T, B, L]; final [B, L]: the same with the first frame
 */
function backward(
  { skip, last }: Lattice,
  emissions: Tensor3D,
  mask: Tensor3D,
): { outputs: Tensor3D; final: Tensor2D } {
  const { outputs, final } = scan(
    (parameters: { skip: Tensor2D }, following: Tensor2D, frame: Frame) => {
      const skipped = shifted(tf.add(following, parameters.skip), -2);
      const rest = logAdd(following, shifted(following, -1), skipped);
      return {
        state: tf.where(frame.mask, tf.add(rest, frame.emission), following) as Tensor2D,
        output: tf.where(frame.mask, rest, tf.fill(rest.shape, IMPOSSIBLE)),
      };
    },
    { skip },
    logarithm(last),
    { emission: emissions, mask } as unknown as Frame,
    { reverse: true },
  );
  return { outputs: outputs as unknown as Tensor3D, final };
}
