import { randomSource } from '@heed/backend';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import type { AttentionMechanism } from '../attention/attention.js';
import { type AttentionOptions, createAttention } from '../attention/create-attention.js';
import type { LayerCallOptions, Shape } from './layer-call.js';
import { moduleOfWeights } from './layer-weights.js';

export interface AttentionLayerArgs
  extends Pick<AttentionOptions, 'score' | 'units' | 'heads' | 'window' | 'normalizer' | 'temperature'> {
  readonly name?: string;
  /** Give the weights as a second output, [B, Tq, S]. */
  readonly returnAttentionScores?: boolean;
  /** Of the first values of its weights. Default 1. */
  readonly seed?: number;
}

/**
 * Attention as a layer, in Keras' calling convention: `apply([query, value, key?])`, query [B, Tq, Q], value [B, S, V], key
 * [B, S, ·] (default: the value); gives [B, Tq, V]. Masks, such as an embedding's with `maskZero`, are followed: that of
 * the values says where to look, and outputs are 0 where that of the queries is.
 *
 * Any score, window and normalizer that does not depend on where an earlier step looked.
 */
export class AttentionLayer extends layers.Layer {
  /** @nocollapse */
  static className = 'HeedAttention';
  private readonly args: AttentionLayerArgs;
  private attention: AttentionMechanism | undefined;

  /** Of the last call: there must be as many masks as outputs. */
  private givesScores: boolean;

  constructor(args: AttentionLayerArgs) {
    super(args.name === undefined ? {} : { name: args.name });
    this.args = args;
    this.givesScores = args.returnAttentionScores ?? false;
    this.supportsMasking = true;
  }

  override build(inputShape: Shape | Shape[]): void {
    const [query, value, key = value] = shapesOf(inputShape).map((shape) => shape.at(-1) as number);
    const { returnAttentionScores: _, seed = 1, ...options } = this.args;
    const random = randomSource(seed);
    this.attention = moduleOfWeights(
      (name, shape) => this.addWeight(name, shape, 'float32', initializers.zeros()),
      () =>
        createAttention(
          { ...options, queryWidth: query as number, valueWidth: value as number, keyWidth: key as number },
          random,
        ),
    );
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[], kwargs: LayerCallOptions = {}): Tensor | Tensor[] {
    const { mask, returnAttentionScores = this.args.returnAttentionScores ?? false } = kwargs;
    this.givesScores = returnAttentionScores;
    return tf.tidy(() => {
      const [query, value, key = value] = tensorsOf(inputs);
      const [queryMask, valueMask] = Array.isArray(mask) ? mask : [null, null];
      const attention = this.attention as AttentionMechanism;
      const [batch, queries, width] = query.shape;
      const places = value.shape[1];
      const valid = valueMask ? tf.cast(valueMask, 'bool') : tf.ones([batch, places], 'bool');
      const memory = attention.memory(value, valid as Tensor2D, key);
      if (attention.initialState(memory)) {
        throw new Error(
          'a layer attends to all queries at once, so its attention cannot depend on where an earlier step looked: ' +
            'choose other parts, or use createAttention step by step',
        );
      }
      const { context, weights } = attention.attend(
        tf.reshape<tf.Rank.R2>(query, [batch * queries, width]),
        memory,
      );
      const output = tf.reshape(context, [batch, queries, context.shape[1]]);
      const kept = queryMask ? tf.mul(output, tf.expandDims(tf.cast(queryMask, 'float32'), 2)) : output;
      return returnAttentionScores ? [kept, tf.reshape(weights, [batch, queries, places])] : kept;
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [query, value] = shapesOf(inputShape) as [Shape, Shape];
    const { score, units, returnAttentionScores } = this.args;
    const [batch, queries] = query as [number | null, number | null];
    const output = [batch, queries, score === 'multiHead' ? units : (value[2] as number)];
    return returnAttentionScores ? [output, [batch, queries, value[1] as number | null]] : output;
  }

  /** The queries' mask goes on with what was read for them. */
  override computeMask(_inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[] {
    const ofQueries = (Array.isArray(mask) ? (mask[0] ?? null) : null) as Tensor;
    return this.givesScores ? [ofQueries, null as unknown as Tensor] : ofQueries;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      ...(this.args as unknown as tf.serialization.ConfigDict),
      name: this.name,
    };
  }
}

function shapesOf(inputShape: Shape | Shape[]): Shape[] {
  const shapes = Array.isArray(inputShape[0]) ? (inputShape as Shape[]) : [inputShape as Shape];
  refuseUnlessTwoOrThree(shapes.length);
  return shapes;
}

function tensorsOf(inputs: Tensor | Tensor[]): [Tensor3D, Tensor3D, Tensor3D?] {
  const tensors = Array.isArray(inputs) ? inputs : [inputs];
  refuseUnlessTwoOrThree(tensors.length);
  return tensors as [Tensor3D, Tensor3D, Tensor3D?];
}

function refuseUnlessTwoOrThree(count: number): void {
  if (count === 2 || count === 3) return;
  throw new Error(`an attention layer takes [query, value] or [query, value, key], got ${count} inputs`);
}

tf.serialization.registerClass(AttentionLayer);
