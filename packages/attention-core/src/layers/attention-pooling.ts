import { tanh } from '@heed/backend';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { maskScores } from '../attention/normalizer.js';
import {
  type LayerArgs,
  type LayerCallOptions,
  type LayerTensors,
  refuseInModel,
  type Shape,
} from './layer-call.js';
import { isSymbolic, maskInput } from './mask-layer.js';

export interface AttentionPoolingArgs extends LayerArgs {
  /** Width of the inner layer. */
  readonly units: number;
  /** Give the weights as a second output, [B, S]. */
  readonly returnAttentionScores?: boolean;
}

/**
 * A sequence [B, S, D] as one vector [B, D], for classification: the sum of its places, each weighted by how well it fits
 * a learned query (Yang et al. 2016, section 2.2, equations 5 to 7):
 *
 *     u_t = tanh(W h_t + b),  α_t = softmax(u_t · u),  s = Σ α_t h_t
 *
 * Masked places, such as an embedding's padding with `maskZero`, have no weight; of nothing but these the sum is 0. On
 * tensors their mask is given, `apply(input, { mask })`; in a model it comes with the input, through a small layer before
 * this one.
 */
export class AttentionPooling extends layers.Layer {
  /** @nocollapse */
  static className = 'HeedAttentionPooling';
  private readonly units: number;
  private readonly returnAttentionScores: boolean;
  private weightsByName: Record<'kernel' | 'bias' | 'query', { read(): Tensor }> | undefined;

  /** Of the last call: there must be as many masks as outputs. */
  private givesScores: boolean;

  constructor({ units, returnAttentionScores = false, ...args }: AttentionPoolingArgs) {
    super(args);
    this.units = units;
    this.returnAttentionScores = returnAttentionScores;
    this.givesScores = returnAttentionScores;
    this.supportsMasking = true;
  }

  override apply(inputs: LayerTensors, options: LayerCallOptions = {}): LayerTensors {
    if (!isSymbolic(inputs)) return super.apply(inputs, { ...options });
    refuseInModel(options, this.returnAttentionScores);
    const [input, mask] = [inputs].flat() as [SymbolicTensor, SymbolicTensor?];
    return super.apply([input, mask ?? maskInput(input)]);
  }

  override build(inputShape: Shape | Shape[]): void {
    const { units } = this;
    const width = valuesShape(inputShape).at(-1) as number;
    const glorot = () => initializers.glorotUniform({});
    this.weightsByName = {
      kernel: this.addWeight('kernel', [width, units], 'float32', glorot()),
      bias: this.addWeight('bias', [units], 'float32', initializers.zeros()),
      query: this.addWeight('query', [units, 1], 'float32', glorot()),
    };
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[], kwargs: LayerCallOptions = {}): Tensor | Tensor[] {
    const { mask, returnAttentionScores = this.returnAttentionScores } = kwargs;
    this.givesScores = returnAttentionScores;
    return tf.tidy(() => {
      const [values, ofModel] = [inputs].flat() as [Tensor3D, Tensor?];
      const [batch, places, width] = values.shape;
      const read = (name: 'kernel' | 'bias' | 'query') => this.weightsByName?.[name].read() as Tensor2D;
      const flat = tf.reshape<tf.Rank.R2>(values, [batch * places, width]);
      const inner = tanh(tf.add<Tensor2D>(tf.matMul(flat, read('kernel')), read('bias')));
      const scores = tf.reshape<tf.Rank.R2>(tf.matMul(inner, read('query')), [batch, places]);
      const valid = ofModel ?? (Array.isArray(mask) ? mask[0] : mask);
      const weights = valid ? maskedSoftmax(scores, tf.cast(valid, 'bool')) : tf.softmax(scores);
      const pooled = tf.squeeze(tf.matMul(tf.expandDims(weights, 1), values), [1]);
      return returnAttentionScores ? [pooled, weights] : pooled;
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [batch, places, width] = valuesShape(inputShape) as [number | null, number | null, number];
    const output = [batch, width];
    return this.returnAttentionScores ? [output, [batch, places]] : output;
  }

  /** One vector is left, which has no padding. */
  override computeMask(): Tensor | Tensor[] {
    const none = null as unknown as Tensor;
    return this.givesScores ? [none, none] : none;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      units: this.units,
      returnAttentionScores: this.returnAttentionScores,
    };
  }
}

const maskedSoftmax = (scores: Tensor2D, mask: Tensor): Tensor2D =>
  tf.mul(tf.softmax(maskScores(scores, mask)), tf.cast(mask, 'float32'));

const valuesShape = (inputShape: Shape | Shape[]): Shape =>
  (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;

tf.serialization.registerClass(AttentionPooling);
