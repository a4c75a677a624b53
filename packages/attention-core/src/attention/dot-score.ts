import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { dotProducts } from './dot-products.js';
import type { Memory } from './memory.js';
import { Score } from './score.js';

export interface DotOptions {
  readonly queryWidth: number;
  /** Must equal `queryWidth`. */
  readonly valueWidth: number;
  /** Divide by √width, so that the products' variance does not grow with it (Vaswani et al. 2017, section 3.2.1). */
  readonly scaled?: boolean;
}

/** query · value (Luong et al. 2015, section 3.1, "dot"). */
export class DotScore extends Score {
  private readonly scale: number;

  constructor({ queryWidth, valueWidth, scaled = false }: DotOptions, random: () => number) {
    super(random);
    if (queryWidth !== valueWidth) {
      throw new Error(
        `dot attention needs a query as wide as what it is compared with, but they are ${queryWidth} and ${valueWidth} wide`,
      );
    }
    this.scale = scaled ? queryWidth ** -0.5 : 1;
  }

  projectKeys(values: Tensor3D): Tensor3D {
    return values;
  }

  score(query: Tensor2D, memory: Memory): Tensor3D {
    return dotProducts(this.scale === 1 ? query : tf.mul(query, this.scale), memory);
  }
}
