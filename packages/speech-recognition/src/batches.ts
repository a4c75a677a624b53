import type { Tokenizer } from '@heed/text';
import { bucketedBatches, paddedTokens } from '@heed/training';
import * as tf from '@tensorflow/tfjs-core';
import type { FeatureMatrix } from './features/feature-matrix.js';
import type { SpeechBatch, SpeechFrames } from './model.js';

/** A recording as features, and what is to be written of it. */
export interface TranscribedFeatures {
  readonly features: FeatureMatrix;
  /** As `symbolsOf` gives it. */
  readonly symbols: string;
}

/** The same as token ids, without begin and end. */
export interface EncodedUtterance {
  readonly features: FeatureMatrix;
  readonly tokens: Int32Array;
}

/** How many batches' worth of utterances are sorted by length together: alike in length, and still well mixed. */
const POOL_BATCHES = 10;

/** What CTC needs: a frame a token, and a blank between two that are the same. */
const placesNeeded = (tokens: Int32Array): number =>
  tokens.length + tokens.filter((token, i) => token === tokens[i - 1]).length;

export interface EncodeUtterancesOptions {
  /** In tokens. */
  readonly maximumLength: number;
  readonly maximumFrames: number;
  /** How many frames become one place of the memory. */
  readonly framesPerPlace: number;
}

/** Encodes utterances; those that are empty, too long, or have more tokens than places are left out. */
export function encodeUtterances(
  utterances: readonly TranscribedFeatures[],
  tokenizer: Tokenizer,
  { maximumLength, maximumFrames, framesPerPlace }: EncodeUtterancesOptions,
): { utterances: EncodedUtterance[]; leftOut: number } {
  const fitting = utterances
    .map(({ features, symbols }) => ({ features, tokens: Int32Array.from(tokenizer.encode(symbols).ids) }))
    .filter(({ features: { frames }, tokens }) => {
      const fits = placesNeeded(tokens) <= Math.ceil(frames / framesPerPlace);
      return tokens.length > 0 && tokens.length <= maximumLength && frames <= maximumFrames && fits;
    });
  return { utterances: fitting, leftOut: utterances.length - fitting.length };
}

/**
 * The batches of one epoch: all utterances once, those of like length together, in an order that depends on seed and
 * epoch alone. A batch has at most `batchFrames` frames, padding included, and at least one utterance.
 */
export function speechBatches(
  utterances: readonly EncodedUtterance[],
  { batchFrames, seed, epoch }: { batchFrames: number; seed: number; epoch: number },
): EncodedUtterance[][] {
  return bucketedBatches(utterances, {
    lengthOf: ({ features }) => features.frames,
    compare: (a, b) => a.features.frames - b.features.frames,
    fits: (count, longest) => count * longest <= batchFrames,
    poolLength: POOL_BATCHES * batchFrames,
    seed,
    epoch,
  });
}

/** Features of several recordings, padded with zeros. */
export function toSpeechFrames(matrices: readonly FeatureMatrix[]): SpeechFrames {
  const [{ width }] = matrices as readonly [FeatureMatrix, ...FeatureMatrix[]];
  const steps = Math.max(...matrices.map(({ frames }) => frames));
  const values = new Float32Array(steps * matrices.length * width);
  matrices.forEach(({ frames, values: own }, row) => {
    for (let frame = 0; frame < frames; frame++) {
      values.set(own.subarray(frame * width, (frame + 1) * width), (frame * matrices.length + row) * width);
    }
  });
  return {
    frames: tf.tensor3d(values, [steps, matrices.length, width]),
    lengths: tf.tensor1d(
      matrices.map(({ frames }) => frames),
      'int32',
    ),
  };
}

export function toSpeechBatch(
  utterances: readonly EncodedUtterance[],
  { begin, end }: { begin: number; end: number },
): SpeechBatch {
  const tokens = utterances.map((utterance) => utterance.tokens);
  return {
    ...toSpeechFrames(utterances.map(({ features }) => features)),
    inputs: paddedTokens(tokens, { begin }),
    targets: paddedTokens(tokens, { end }),
  };
}
