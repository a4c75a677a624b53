import { glorotUniform, LayerNorm, Module, normal } from '@heed/attention-core';
import type { Rank, Tensor3D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

export interface ConvolutionOptions {
  /** Channels that come out. */
  readonly filters: number;
  /** Side of a filter. */
  readonly width: number;
  readonly stride: number;
}

export interface ConvolutionalEncoderOptions {
  /** Side of the images. */
  readonly imageSize: number;
  readonly layers: readonly ConvolutionOptions[];
}

/** Rows, and columns, of the grid that layers make of an image. */
export function gridSide({ imageSize, layers }: ConvolutionalEncoderOptions): number {
  return layers.reduce((side, { stride }) => Math.ceil(side / stride), imageSize);
}

/** A convolution, normalised over the channels of each place (Ba et al. 2016) and rectified. */
class ConvolutionLayer extends Module {
  private readonly kernel: Variable<Rank.R4>;
  private readonly norm: LayerNorm;
  private readonly stride: number;

  constructor(channels: number, { filters, width, stride }: ConvolutionOptions, random: () => number) {
    super(random);
    this.stride = stride;
    this.kernel = this.parameter('kernel', [width, width, channels, filters], (_, draw) =>
      glorotUniform([width * width * channels, filters], draw),
    );
    this.norm = this.child('norm', new LayerNorm(filters, random));
  }

  apply(x: Tensor4D): Tensor4D {
    return tf.relu(this.norm.apply(tf.conv2d(x, this.kernel, this.stride, 'same')));
  }
}

/**
 * A small network of convolutions, for training from nothing together with the decoder. Each place of its grid sees a
 * part of the image alone; what is learnt for its number tells the decoder where that part is.
 */
export class ConvolutionalEncoder extends Module {
  /** Channels of the features, C. */
  readonly width: number;
  private readonly layers: readonly ConvolutionLayer[];
  private readonly places: Variable<Rank.R2>;

  constructor(options: ConvolutionalEncoderOptions, random: () => number) {
    super(random);
    const widths = [RGB, ...options.layers.map(({ filters }) => filters)];
    this.layers = options.layers.map((layer, i) =>
      this.child(`layer_${i}`, new ConvolutionLayer(widths[i] as number, layer, random)),
    );
    this.width = widths.at(-1) as number;
    this.places = this.parameter('places', [gridSide(options) ** 2, this.width], normal(PLACE_DEVIATION));
  }

  /** @param pixels [B, H, W, 3], each -1 to 1 @returns [B, S, C], the grid's places row by row */
  apply(pixels: Tensor4D): Tensor3D {
    const grid = this.layers.reduce((x, layer) => layer.apply(x), pixels);
    const [places, width] = this.places.shape;
    return tf.add(tf.reshape(grid, [pixels.shape[0], places, width]), this.places) as Tensor3D;
  }
}

const RGB = 3;
const PLACE_DEVIATION = 0.1;
