import type { RandomStream } from '@heed/backend';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { concatenateSteps } from './concatenate-steps.js';
import { Module } from './module.js';
import { type Encoded, RecurrentEncoder, type RecurrentEncoderOptions } from './recurrent-encoder.js';

/**
 * Recurrent layers of which each above the first reads two steps of the one below as one, so that the outputs are
 * 2^(layers - 1) times fewer than the inputs (Chan et al. 2016, section 3.1, equation 5).
 */
export class PyramidalEncoder extends Module {
  /** Width of the outputs. */
  readonly width: number;
  private readonly layers: readonly RecurrentEncoder[];

  constructor(options: Omit<RecurrentEncoderOptions, 'residualFrom'>, random: () => number) {
    super(random);
    this.width = options.bidirectional ? 2 * options.units : options.units;
    this.layers = Array.from({ length: options.layers }, (_, i) => {
      const inputs = i === 0 ? options.inputs : 2 * this.width;
      return this.child(`level_${i}`, new RecurrentEncoder({ ...options, inputs, layers: 1 }, random));
    });
  }

  /**
   * @param inputs [T, B, D]
   * @param mask [T, B, 1] bool
   * @param random draws dropout and zoneout; absent outside of training
   * @returns outputs [T', B, width] and their mask [T', B, 1], where T' is T halved and rounded up at each layer
   *   above the first
   */
  apply(inputs: Tensor3D, mask: Tensor3D, random?: RandomStream): Encoded & { readonly mask: Tensor3D } {
    let level = { outputs: inputs, mask };
    const final = this.layers.flatMap((layer, i) => {
      if (i > 0) level = concatenateSteps(level.outputs, level.mask, 2);
      const encoded = layer.apply(level.outputs, level.mask, random);
      level = { outputs: encoded.outputs, mask: level.mask };
      return encoded.final;
    });
    return { ...level, final };
  }
}
