import * as tf from '@tensorflow/tfjs-core';
import { type Compared, Comparison } from './comparison.js';
import type { NetworkConfig } from './config.js';
import type { ReadPair } from './pair-encoder.js';

/**
 * No attention: the last output vector, which in conditional encoding has seen both sentences; both sentences' where
 * they were read apart (Rocktäschel et al. 2016, section 2.2).
 */
export class LastOutputs extends Comparison {
  readonly width: number;
  private readonly both: boolean;

  constructor({ encoding }: Pick<NetworkConfig, 'encoding'>, width: number, random: () => number) {
    super(random);
    this.both = encoding === 'apart';
    this.width = this.both ? 2 * width : width;
  }

  apply({ premise, hypothesis }: ReadPair): Compared {
    return { features: this.both ? tf.concat([premise.last, hypothesis.last], 1) : hypothesis.last };
  }
}
