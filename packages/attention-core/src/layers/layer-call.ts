import type { Tensor } from '@tensorflow/tfjs-core';

/** As tf.layers has it: null where a size is open. */
export type Shape = (number | null)[];

/** What a call of a layer of attention may say beside its inputs. */
export interface LayerCallOptions {
  /** For each input, [B, its length]: that of what is attended to says where there is something. */
  readonly mask?: Tensor | (Tensor | null)[] | null;
  readonly returnAttentionScores?: boolean;
}
