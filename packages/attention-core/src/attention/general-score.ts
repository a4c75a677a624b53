import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { Linear } from '../linear.js';
import { dotProducts } from './dot-products.js';
import type { Memory } from './memory.js';
import { Score } from './score.js';

/** query · W values (Luong et al. 2015, section 3.1, "general"). */
export class GeneralScore extends Score {
  private readonly keys: Linear;

  constructor(queryWidth: number, valueWidth: number, random: () => number) {
    super(random);
    this.keys = this.child('keys', new Linear(valueWidth, queryWidth, random, { bias: false }));
  }

  projectKeys(values: Tensor3D): Tensor3D {
    return this.keys.apply(values);
  }

  score(query: Tensor2D, memory: Memory): Tensor3D {
    return dotProducts(query, memory);
  }
}
