import { randomSource } from '@heed/backend';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { AttentionMechanism } from '../attention/attention.js';
import { type AttentionOptions, createAttention } from '../attention/create-attention.js';
import {
  type LayerArgs,
  type LayerCallOptions,
  type LayerTensors,
  refuseInModel,
  type Shape,
} from './layer-call.js';
import { moduleOfWeights } from './layer-weights.js';
import { isSymbolic, maskInput } from './mask-layer.js';

export interface AttentionLayerArgs
  extends LayerArgs,
    Pick<AttentionOptions, 'score' | 'units' | 'heads' | 'window' | 'normalizer' | 'temperature'> {
  /** Give the weights as a second output, [B, Tq, S]. */
  readonly returnAttentionScores?: boolean;
  /** Of the first values of its weights. Default 1. */
  readonly seed?: number;
}

/**
 * Attention as a layer, in Keras' calling convention: `apply([query, value, key?])`, query [B, Tq, Q], value [B, S, V], key
 * [B, S, ·] (default: the value); gives [B, Tq, V]. Masks, such as an embedding's with `maskZero`, are followed: that of
 * the values says where to look, and outputs are 0 where that of the queries is, or where there is nothing to look at. On
 * tensors they are given, `apply(inputs, { mask })`, one for each input or null; in a model they come with the inputs,
 * through small layers before this one.
 *
 * Any score, window and normalizer that neither depends on where an earlier step looked nor draws.
 */
export class AttentionLayer extends layers.Layer {
  /** @nocollapse */
  static className = 'HeedAttention';
  private readonly args: AttentionLayerArgs;
  private attention: AttentionMechanism | undefined;

  /** Of the last call: there must be as many masks as outputs. */
  private givesScores: boolean;

  constructor(args: AttentionLayerArgs) {
    super(args);
    this.args = args;
    this.givesScores = this.returnAttentionScores;
    this.supportsMasking = true;
  }

  private get returnAttentionScores(): boolean {
    return this.args.returnAttentionScores ?? false;
  }

  override apply(inputs: LayerTensors, options: LayerCallOptions = {}): LayerTensors {
    if (!isSymbolic(inputs)) return super.apply(inputs, { ...options });
    refuseInModel(options, this.returnAttentionScores);
    const given = [inputs].flat();
    if (given.length > WITHOUT_MASKS) return super.apply(given);
    refuseUnlessTwoOrThree(given.length);
    const [query, value, key] = given as [SymbolicTensor, SymbolicTensor, SymbolicTensor?];
    const parts = key && key !== value ? [query, value, key] : [query, value];
    // A model frees an input too early that a layer with two outputs takes twice.
    const distinct = parts.map((part, i) =>
      parts.indexOf(part) === i
        ? part
        : (layers.activation({ activation: 'linear' }).apply(part) as SymbolicTensor),
    );
    return super.apply([...distinct, maskInput(query), maskInput(value)]);
  }

  override build(inputShape: Shape | Shape[]): void {
    const [query, value, key = value] = shapesOf(inputShape).map((shape) => shape.at(-1) as number);
    const random = randomSource(this.args.seed ?? 1);
    this.attention = moduleOfWeights(
      (name, shape) => this.addWeight(name, shape, 'float32', initializers.zeros()),
      () => {
        const widths = { queryWidth: query as number, valueWidth: value as number, keyWidth: key as number };
        const attention = createAttention({ ...this.args, ...widths }, random);
        if (attention.usesState || attention.usesNoise) {
          throw new Error(
            'a layer attends to all queries at once and draws nothing, so its attention can neither be hard or monotonic nor ' +
              'depend on where an earlier step looked: choose other parts, or use createAttention step by step',
          );
        }
        return attention;
      },
    );
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[], kwargs: LayerCallOptions = {}): Tensor | Tensor[] {
    const { mask, returnAttentionScores = this.returnAttentionScores } = kwargs;
    this.givesScores = returnAttentionScores;
    return tf.tidy(() => {
      const { parts, masks } = apart([inputs].flat() as Tensor[]);
      const [query, value, key = value] = parts as [Tensor3D, Tensor3D, Tensor3D?];
      const [queryMask, valueMask] = masks.length > 0 ? masks : listOf(mask);
      const attention = this.attention as AttentionMechanism;
      const [batch, queries, width] = query.shape;
      const places = value.shape[1];
      const valid = (valueMask ? tf.cast(valueMask, 'bool') : tf.ones([batch, places], 'bool')) as Tensor2D;
      const isEmpty = tf.logicalNot(tf.any(valid, 1, true));
      const memory = attention.memory(value, tf.logicalOr<Tensor2D>(valid, isEmpty), key);
      const { context, weights } = attention.attend(
        tf.reshape<tf.Rank.R2>(query, [batch * queries, width]),
        memory,
      );
      const isRead = tf.expandDims(tf.sub(1, tf.cast(isEmpty, 'float32')), 2);
      const output = tf.mul(isRead, tf.reshape(context, [batch, queries, context.shape[1]]));
      const kept = queryMask ? tf.mul(output, tf.expandDims(tf.cast(queryMask, 'float32'), 2)) : output;
      return returnAttentionScores
        ? [kept, tf.mul(isRead, tf.reshape(weights, [batch, queries, places]))]
        : kept;
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [query, value] = shapesOf(inputShape) as [Shape, Shape];
    const { score, units } = this.args;
    const [batch, queries] = query as [number | null, number | null];
    const output = [batch, queries, score === 'multiHead' ? units : (value[2] as number)];
    return this.returnAttentionScores ? [output, [batch, queries, value[1] as number | null]] : output;
  }

  /** The queries' mask goes on with what was read for them. */
  override computeMask(_inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[] {
    const ofQueries = (Array.isArray(mask) ? (mask[0] ?? null) : null) as Tensor;
    return this.givesScores ? [ofQueries, null as unknown as Tensor] : ofQueries;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { score, units, heads, window, normalizer, temperature, returnAttentionScores, seed } = this.args;
    const own = { score, units, heads, window, normalizer, temperature, returnAttentionScores, seed };
    // What is undefined would be read back as null.
    const given = Object.entries(own).filter(([, value]) => value !== undefined);
    return { ...super.getConfig(), ...(Object.fromEntries(given) as tf.serialization.ConfigDict) };
  }
}

/** More inputs than these are those of a model, where the last two are the masks of queries and values. */
const WITHOUT_MASKS = 3;

/** Queries, values and perhaps keys, or their shapes; and of a model, masks. */
function apart<T>(inputs: readonly T[]): { parts: T[]; masks: T[] } {
  const masks = inputs.length > WITHOUT_MASKS ? 2 : 0;
  const parts = inputs.slice(0, inputs.length - masks);
  refuseUnlessTwoOrThree(parts.length);
  return { parts, masks: inputs.slice(parts.length) };
}

function listOf(mask: LayerCallOptions['mask']): readonly (Tensor | null | undefined)[] {
  if (!mask || Array.isArray(mask)) return mask ?? [];
  throw new Error('an attention layer takes a list of masks, one for each input or null');
}

const shapesOf = (inputShape: Shape | Shape[]): Shape[] =>
  apart(Array.isArray(inputShape[0]) ? (inputShape as Shape[]) : [inputShape as Shape]).parts;

function refuseUnlessTwoOrThree(count: number): void {
  if (count === 2 || count === 3) return;
  throw new Error(`an attention layer takes [query, value] or [query, value, key], got ${count} inputs`);
}

tf.serialization.registerClass(AttentionLayer);
