import {
  ConvolutionalSubsampling,
  type Encoded,
  Module,
  PyramidalEncoder,
  RecurrentEncoder,
} from '@heed/attention-core';
import { dropout, type RandomStream } from '@heed/backend';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { EncoderConfig } from './config.js';

/** How many frames become one place of the memory. */
export function framesPerPlace({ subsampling, layers }: EncoderConfig): number {
  switch (subsampling.kind) {
    case 'none':
      return 1;
    case 'convolutional':
      return subsampling.layers.reduce((product, { stride }) => product * stride, 1);
    case 'pyramidal':
      return 2 ** (layers - 1);
  }
}

/** Frames of features as fewer places to attend to: convolutions or a pyramid, and recurrent layers both ways. */
export class SpeechEncoder extends Module {
  /** Of its outputs. */
  readonly width: number;
  private readonly convolutions: readonly ConvolutionalSubsampling[];
  private readonly recurrent: RecurrentEncoder | PyramidalEncoder;

  /** @param features how many values a frame has */
  constructor(
    private readonly config: EncoderConfig,
    features: number,
    random: () => number,
  ) {
    super(random);
    const { subsampling, cell, units, layers } = config;
    const convolutions = subsampling.kind === 'convolutional' ? subsampling.layers : [];
    this.convolutions = convolutions.map((layer, i) =>
      this.child(
        `convolution_${i}`,
        new ConvolutionalSubsampling({ ...layer, inputs: convolutions[i - 1]?.filters ?? features }, random),
      ),
    );
    const inputs = convolutions.at(-1)?.filters ?? features;
    const options = { cell, inputs, units, layers, bidirectional: true, dropout: config.dropout };
    this.recurrent = this.child(
      'recurrent',
      subsampling.kind === 'pyramidal'
        ? new PyramidalEncoder(options, random)
        : new RecurrentEncoder(options, random),
    );
    this.width = this.recurrent.width;
  }

  /**
   * @param frames [T, B, F]
   * @param mask [T, B, 1] bool
   * @param random draws dropout; absent outside of training
   * @returns outputs [S, B, width] and their mask [S, B, 1], where S is T divided by `framesPerPlace`, rounded up
   */
  apply(frames: Tensor3D, mask: Tensor3D, random?: RandomStream): Encoded & { readonly mask: Tensor3D } {
    let level = { outputs: frames, mask };
    for (const convolution of this.convolutions) {
      const { outputs, mask: fewer } = convolution.apply(level.outputs, level.mask);
      level = { outputs: dropout(outputs, this.config.dropout, random), mask: fewer };
    }
    return { mask: level.mask, ...this.recurrent.apply(level.outputs, level.mask, random) };
  }
}
