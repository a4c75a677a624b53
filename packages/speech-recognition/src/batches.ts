import { randomSource } from '@heed/backend';
import type { Tokenizer } from '@heed/text';
import { bucketedBatches, paddedTokens } from '@heed/training';
import * as tf from '@tensorflow/tfjs-core';
import { bySpeaker } from './by-speaker.js';
import { type FeatureMatrix, JoinedFeatures } from './features/feature-matrix.js';
import type { SpeechBatch, SpeechFrames } from './model.js';

/** A recording as features, and what is to be written of it. */
export interface TranscribedFeatures {
  readonly features: FeatureMatrix;
  /** As `symbolsOf` gives it. */
  readonly symbols: string;
  /** Who speaks, and how fast. */
  readonly speaker: string;
}

/** The same as token ids, without begin and end. */
export interface EncodedUtterance {
  readonly features: FeatureMatrix;
  readonly tokens: Int32Array;
}

/** What a model can be trained on. */
export interface UtteranceLimits {
  /** In tokens. */
  readonly maximumLength: number;
  readonly maximumFrames: number;
  /** How many frames become one place of the memory. */
  readonly framesPerPlace: number;
}

/** How many batches' worth of utterances are sorted by length together: alike in length, and still well mixed. */
const POOL_BATCHES = 10;

/** What CTC needs: a frame a token, and a blank between two that are the same. */
const placesNeeded = (tokens: Int32Array): number =>
  tokens.length + tokens.filter((token, i) => token === tokens[i - 1]).length;

/** Whether an utterance is not empty, not too long, and has as many places as its tokens need. */
function fits({ features, tokens }: EncodedUtterance, limits: UtteranceLimits): boolean {
  const { maximumLength, maximumFrames, framesPerPlace } = limits;
  const hasPlaces = placesNeeded(tokens) <= Math.ceil(features.frames / framesPerPlace);
  return hasPlaces && tokens.length > 0 && tokens.length <= maximumLength && features.frames <= maximumFrames;
}

/** Encodes utterances; those that are empty, too long, or have more tokens than places are left out. */
export function encodeUtterances(
  utterances: readonly TranscribedFeatures[],
  tokenizer: Tokenizer,
  limits: UtteranceLimits,
): { utterances: (TranscribedFeatures & EncodedUtterance)[]; leftOut: number } {
  const fitting = utterances
    .map((utterance) => ({ ...utterance, tokens: Int32Array.from(tokenizer.encode(utterance.symbols).ids) }))
    .filter((utterance) => fits(utterance, limits));
  return { utterances: fitting, leftOut: utterances.length - fitting.length };
}

/**
 * The utterances of one epoch, each followed by up to `most - 1` of its speaker, so that what is said after a pause is learnt
 * too. How many and which ones depends on seed and epoch alone. None gets longer than the limits.
 */
export function joinUtterances(
  utterances: readonly TranscribedFeatures[],
  tokenizer: Tokenizer,
  { most, seed, epoch, ...limits }: UtteranceLimits & { most: number; seed: number; epoch: number },
): EncodedUtterance[] {
  const random = randomSource(Math.imul(seed, 0x9e3779b1) ^ (epoch + 1));
  const below = (limit: number) => Math.floor(random() * limit);
  const speakers = bySpeaker(utterances);
  return utterances.map((first) => {
    const own = speakers.get(first.speaker) as TranscribedFeatures[];
    const others = Array.from({ length: below(most) }, () => own[below(own.length)] as TranscribedFeatures);
    const joined = (parts: readonly TranscribedFeatures[]): EncodedUtterance => ({
      features: new JoinedFeatures(parts.map(({ features }) => features)),
      tokens: Int32Array.from(tokenizer.encode(parts.map(({ symbols }) => symbols).join(' ')).ids),
    });
    while (others.length > 0) {
      const whole = joined([first, ...others]);
      if (fits(whole, limits)) return whole;
      others.pop();
    }
    return joined([first]);
  });
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
