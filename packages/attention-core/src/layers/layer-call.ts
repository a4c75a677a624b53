import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers';

/** As tf.layers has it: null where a size is open. */
export type Shape = (number | null)[];

/** What every layer of tf.layers takes: name, trainable, inputShape, … */
export type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

export type LayerTensors = Tensor | Tensor[] | SymbolicTensor | SymbolicTensor[];

/** What a call of a layer of attention on tensors may say beside its inputs. */
export interface LayerCallOptions {
  /** For each input, [B, its length]: that of what is attended to says where there is something. */
  readonly mask?: Tensor | (Tensor | null)[] | null;
  readonly returnAttentionScores?: boolean;
}

/** @throws if a call that builds a model gives a mask, or asks for other outputs than the layer was made for */
export function refuseInModel(given: LayerCallOptions, returnAttentionScores: boolean): void {
  if (given.mask)
    throw new Error('in a model masks come with the inputs, as those of an embedding with maskZero do');
  if ((given.returnAttentionScores ?? returnAttentionScores) === returnAttentionScores) return;
  throw new Error(
    'in a model the layer itself says whether it gives its weights: pass returnAttentionScores to its constructor',
  );
}
