import type { Rank, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * What ABS+ sees of a next word beside its probability (Rush et al. 2015, section 5), each 1 or 0: whether the word stands in
 * the article; whether it stands there after the word before it; after the two before it; and whether it stands there
 * anywhere before the word before it.
 */
export const extractionFeatures = ['unigram', 'bigram', 'trigram', 'reordering'] as const;

/** A weight, or a count, of each feature, in their order. */
export type ExtractionVector = readonly number[];

/**
 * Σ weightᵢ · featureᵢ of every word of the vocabulary, less what a word can win at most, so that it is at most 0: of
 * headlines of one length, all lose the same.
 *
 * @param weights [4]
 * @param window the headline's last words, [N, C] int32, C at least 2
 * @param article [B, S] int32, N a multiple of B: the beams of an article side by side
 * @returns [N, V]
 */
export function extractionScores(
  weights: Tensor1D,
  window: Tensor2D,
  article: Tensor2D,
  vocabulary: number,
): Tensor2D {
  const [rows, words] = window.shape;
  const [batch, places] = article.shape;
  const source = tf.reshape<Rank.R2>(tf.tile(tf.expandDims(article, 1), [1, rows / batch, 1]), [
    rows,
    places,
  ]);
  const last = tf.slice(window, [0, words - 1], [rows, 1]);
  const before = tf.slice(window, [0, words - 2], [rows, 1]);
  const numbers = tf.expandDims(tf.range(1, places + 1, 1, 'float32'), 0);
  const at = (word: Tensor2D, moved: number) => tf.cast(tf.equal(movedRight(source, moved), word), 'float32');
  const follows = at(last, 1);
  const lastPlace = tf.max(tf.mul(at(last, 0), numbers), 1, true);
  const features: Tensor2D[] = [
    tf.onesLike(follows),
    follows,
    tf.mul(follows, at(before, 2)),
    tf.cast(tf.less(numbers, lastPlace), 'float32'),
  ].map((where) => present(where as Tensor2D, source, vocabulary));
  const [first, ...others] = tf.split(weights, extractionFeatures.length) as [Tensor, ...Tensor[]];
  const sum = others.reduce<Tensor>(
    (total, weight, i) => tf.add(total, tf.mul(features[i + 1] as Tensor2D, weight)),
    tf.mul(features[0] as Tensor2D, first),
  );
  return tf.sub(sum, tf.sum(tf.relu(weights))) as Tensor2D;
}

/** [N, S] with each word as many places later; padding comes in. */
const movedRight = (source: Tensor2D, places: number): Tensor2D =>
  tf.slice(
    tf.pad(source, [
      [0, 0],
      [places, 0],
    ]),
    [0, 0],
    source.shape,
  );

/** Which words stand at some place that counts. @param where [N, S] @returns [N, V], 1 or 0 */
function present(where: Tensor2D, source: Tensor2D, vocabulary: number): Tensor2D {
  const [rows, places] = source.shape;
  const row = tf.tile(tf.reshape(tf.range(0, rows, 1, 'int32'), [rows, 1]), [1, places]);
  const cells = tf.reshape<Rank.R2>(tf.stack([row, source], 2), [rows * places, 2]);
  const counts = tf.scatterND<Rank.R2>(cells, tf.reshape(where, [rows * places]), [rows, vocabulary]);
  return tf.minimum(counts, 1);
}

/** How often each feature is 1 in a headline. */
export function countExtraction(headline: readonly number[], article: ArrayLike<number>): number[] {
  const source = Array.from(article);
  const counts = extractionFeatures.map(() => 0);
  headline.forEach((word, i) => {
    const [last, before] = [headline[i - 1], headline[i - 2]];
    const places = source.flatMap((other, place) => (other === word ? [place] : []));
    const follows = places.filter((place) => last !== undefined && source[place - 1] === last);
    const found = [
      places.length > 0,
      follows.length > 0,
      follows.some((place) => before !== undefined && source[place - 2] === before),
      last !== undefined && places.some((place) => place < source.lastIndexOf(last)),
    ];
    found.forEach((isFound, feature) => {
      if (isFound) counts[feature] = (counts[feature] as number) + 1;
    });
  });
  return counts;
}
