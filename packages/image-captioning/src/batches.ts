import type { Tokenizer } from '@heed/text';
import { bucketedBatches, paddedTokens } from '@heed/training';
import type { Rank } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { CaptionBatch, ImageTensor } from './model.js';

/** A caption as token ids, without begin and end, and the number of its image. */
export interface EncodedCaption {
  readonly image: number;
  readonly tokens: Int32Array;
}

/** Images in the form in which a model reads them, by their numbers. */
export interface ImageInputs {
  readonly count: number;
  /** Of each image, see `viewOf`. */
  readonly views: number;
  /**
   * @param views of each of these images, which view; its first if absent
   * @returns [images, ...]: the caller's to dispose
   */
  read(images: readonly number[], views?: readonly number[]): ImageTensor;
}

/** How many batches of captions of mean length are sorted by length together. */
const POOL_BATCHES = 100;
const MEAN_LENGTH = 12;

/** Encodes the captions of each image; those that are empty or longer than `maximumLength` tokens are left out. */
export function encodeCaptions(
  captions: readonly (readonly string[])[],
  tokenizer: Tokenizer,
  { maximumLength }: { maximumLength: number },
): { captions: EncodedCaption[]; leftOut: number } {
  const all = captions.flatMap((ofImage, image) =>
    ofImage.map((caption) => ({ image, tokens: Int32Array.from(tokenizer.encode(caption).ids) })),
  );
  const fitting = all.filter(({ tokens }) => tokens.length > 0 && tokens.length <= maximumLength);
  return { captions: fitting, leftOut: all.length - fitting.length };
}

/**
 * The batches of one epoch: all captions once, those of like length together (Xu et al. 2015, section 4.3), in an order
 * that depends on seed and epoch alone.
 */
export function captionBatches(
  captions: readonly EncodedCaption[],
  { batchSize, seed, epoch }: { batchSize: number; seed: number; epoch: number },
): EncodedCaption[][] {
  return bucketedBatches(captions, {
    lengthOf: ({ tokens }) => tokens.length,
    compare: (a, b) => a.tokens.length - b.tokens.length,
    fits: (count) => count <= batchSize,
    poolLength: POOL_BATCHES * batchSize * MEAN_LENGTH,
    seed,
    epoch,
  });
}

/** The batches of one epoch of `count` images: all once, by their numbers, as mixed as captions are. */
export function imageBatches(
  count: number,
  { batchSize, seed, epoch }: { batchSize: number; seed: number; epoch: number },
): number[][] {
  const images = Array.from({ length: count }, (_, image) => image);
  return bucketedBatches(images, {
    lengthOf: () => 1,
    compare: () => 0,
    fits: (held) => held <= batchSize,
    poolLength: count,
    seed,
    epoch,
  });
}

/** @param captions those of an image, `ofImage` of each, one behind another */
export function toCaptionBatch(
  captions: readonly EncodedCaption[],
  images: ImageInputs,
  { begin, end }: { begin: number; end: number },
  ofImage = 1,
): CaptionBatch {
  const tokens = captions.map((caption) => caption.tokens);
  const padded = (ends: { begin?: number; end?: number }) =>
    tf.tidy(() => tf.reshape<Rank.R3>(paddedTokens(tokens, ends), [-1, captions.length / ofImage, ofImage]));
  const firsts = captions.filter((_, i) => i % ofImage === 0);
  return {
    images: images.read(firsts.map(({ image }) => image)),
    inputs: padded({ begin }),
    targets: padded({ end }),
  };
}
