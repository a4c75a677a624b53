import {
  Attention,
  constant,
  Embedding,
  GeneralScore,
  type Initializer,
  type Memory,
  Module,
  neighbours,
  normal,
  repeatRows,
  stepsOfGroups,
  subsampleMask,
  TimeConvolution,
} from '@heed/attention-core';
import { tanh } from '@heed/backend';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { AbsConfig } from './config.js';

/** Embedded words side by side. @param window [N, C] int32 @returns [N, C · D] */
export function embedWindow(embedding: Embedding, window: Tensor2D): Tensor2D {
  const embedded = embedding.lookUp(window);
  const [rows, words, width] = embedded.shape as [number, number, number];
  return tf.reshape(embedded, [rows, words * width]);
}

/** An article as one vector for each word of the headline: enc(x, y_c) (Rush et al. 2015, section 3.2). */
export abstract class AbsEncoder extends Module {
  abstract readonly attends: boolean;

  /** @param embedded words, [S, B, H], zeros where masked @param mask [B, S] bool */
  abstract memory(embedded: Tensor3D, mask: Tensor2D): Memory;

  /**
   * @param window the last words of the headline, [N, C] int32, N a multiple of B
   * @returns context [N, H]; weights [N, S] where it attends
   */
  abstract read(window: Tensor2D, memory: Memory): { context: Tensor2D; weights?: Tensor2D };
}

/** An encoder that does not look at the headline: a memory of one place. */
abstract class FixedEncoder extends AbsEncoder {
  readonly attends = false;

  /** @returns [B, H] */
  protected abstract summary(embedded: Tensor3D, mask: Tensor2D): Tensor2D;

  memory(embedded: Tensor3D, mask: Tensor2D): Memory {
    const values = tf.expandDims(this.summary(embedded, mask), 1) as Tensor3D;
    return { values, keys: values, mask: tf.ones([values.shape[0], 1], 'bool') };
  }

  read(window: Tensor2D, { values }: Memory): { context: Tensor2D } {
    const [batch, , width] = values.shape;
    return { context: repeatRows(tf.reshape(values, [batch, width]), window.shape[0] / batch) };
  }
}

/** enc₁ = Σ x̃ᵢ / M, the mean of the words (equation for "Bag-of-Words Encoder"). */
class BagOfWordsEncoder extends FixedEncoder {
  protected summary(embedded: Tensor3D, mask: Tensor2D): Tensor2D {
    return tf.div(tf.sum(embedded, 0), tf.sum(tf.cast(mask, 'float32'), 1, true));
  }
}

/**
 * enc₂ ("Convolutional Encoder"): L layers of a convolution over 2Q + 1 words and a maximum over two places, and at last the
 * maximum over all places:
 *
 *     x̄ᵢ = W^l x̃_[i-Q, …, i+Q],  x̃ᵢ = tanh(max(x̄_2i-1, x̄_2i)),  enc₂ = maxᵢ x̃ᵢ
 *
 * W^l begins near the identity with a bias that brings the expected maximum back to 0, over two places or, where there is
 * but one layer, over some fifty; and is kept times the root of its fan-in (Karras et al. 2018, section 4.1): begun at random,
 * and moved by Adam in all weights of a unit at once, the maxima saturate within some steps and are the same for every article.
 */
class ConvolutionalEncoder extends FixedEncoder {
  private readonly convolutions: readonly TimeConvolution[];
  private readonly scale: number;

  constructor({ units, reach, layers }: AbsConfig, random: () => number) {
    super(random);
    const width = 2 * reach + 1;
    this.scale = (width * units) ** -0.5;
    const bias = constant(layers === 1 ? -3.5 : -1);
    const beginning = { kernel: nearIdentity(1.5 / this.scale, 0.75), bias };
    const options = { inputs: units, units, width, beginning };
    this.convolutions = Array.from({ length: layers }, (_, i) =>
      this.child(`convolution_${i}`, new TimeConvolution(options, random)),
    );
  }

  protected summary(embedded: Tensor3D, mask: Tensor2D): Tensor2D {
    let places = embedded;
    let valid = tf.expandDims(tf.transpose(mask), 2) as Tensor3D;
    for (const convolution of this.convolutions) {
      // The activation rises: it may as well come before the maximum, which then passes over what is least.
      const all = least(tanh(convolution.apply(tf.mul(places, this.scale))), valid);
      valid = subsampleMask(valid, 2);
      const pooled = stepsOfGroups(tf.add(all, 1) as Tensor3D, 2).reduce((best, next) =>
        tf.maximum(best, next),
      );
      places = tf.mul(tf.sub(pooled, 1), tf.cast(valid, 'float32'));
    }
    return tf.max<Tensor2D>(least(places, valid), 0);
  }
}

/** Every unit passes on the middle step's feature of its own number, `gain` times, and noise. */
const nearIdentity =
  (gain: number, noise: number): Initializer =>
  (shape, random) => {
    const [rows, units] = shape as [number, number];
    const kernel = normal(noise)(shape, random);
    const middle = (rows - units) / 2;
    for (let unit = 0; unit < units; unit++) {
      const place = (middle + unit) * units + unit;
      kernel[place] = (kernel[place] as number) + gain;
    }
    return kernel;
  };

/** -1, of which tanh is above, where masked. */
const least = (x: Tensor3D, mask: Tensor3D): Tensor3D =>
  tf.sub(tf.mul<Tensor3D>(tf.add(x, 1), tf.cast(mask, 'float32')), 1);

/**
 * enc₃ ("Attention-Based Encoder"): the mean of the words around each place, by how well the word there goes with the
 * headline's last words:
 *
 *     ỹ'_c = [G y_{i-C+1}; …; G y_i],  p = softmax(x̃ P ỹ'_c),  x̄ᵢ = Σ_{q = i-Q}^{i+Q} x̃_q / Q,  enc₃ = pᵀ x̄
 */
class AttentionEncoder extends AbsEncoder {
  readonly attends = true;
  private readonly words: Embedding;
  private readonly attention: Attention;
  private readonly reach: number;

  constructor({ embedding, units, window, reach }: AbsConfig, vocabulary: number, random: () => number) {
    super(random);
    this.reach = reach;
    this.words = this.child('words', new Embedding(vocabulary, embedding, random));
    const score = new GeneralScore(window * embedding, units, random);
    this.attention = this.child('attention', new Attention({ score }, random));
  }

  memory(embedded: Tensor3D, mask: Tensor2D): Memory {
    const smoothed = tf.div(tf.addN(neighbours(embedded, this.reach)), this.reach);
    const batchFirst = (x: Tensor) => tf.transpose<Tensor3D>(x as Tensor3D, [1, 0, 2]);
    return this.attention.memory(batchFirst(smoothed), mask, batchFirst(embedded));
  }

  read(window: Tensor2D, memory: Memory): { context: Tensor2D; weights: Tensor2D } {
    const words = embedWindow(this.words, window);
    // Scores begin with a variance near 1 whatever the width; P can make up for it.
    const query: Tensor2D = tf.mul(words, words.shape[1] ** -0.5);
    const { context, weights } = this.attention.attend(query, memory);
    return { context, weights };
  }
}

export function createAbsEncoder(config: AbsConfig, vocabulary: number, random: () => number): AbsEncoder {
  switch (config.encoder) {
    case 'bag-of-words':
      return new BagOfWordsEncoder(random);
    case 'convolutional':
      return new ConvolutionalEncoder(config, random);
    case 'attention':
      return new AttentionEncoder(config, vocabulary, random);
  }
}
