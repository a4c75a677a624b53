import { type ModelSource, memorySource } from '@heed/attention-core';
import * as tf from '@tensorflow/tfjs-core';
import type { FeaturesConfig } from '../src/index.js';
import { tinyFeatures } from './small-captioner.js';

export const tinyConfig = tinyFeatures as FeaturesConfig;

/** What the network's one convolution multiplies by: [2, 3, 3, 9]. */
const KERNEL = Float32Array.from({ length: 2 * 3 * 3 * 9 }, (_, i) => ((i * 7) % 11) / 11 - 0.5);

const base64 = (text: string) => btoa(text);
const float = { type: 'DT_FLOAT' };
const dims = (sizes: readonly number[]) => ({ dim: sizes.map((size) => ({ size: `${size}` })) });

/** A convolution of 2 x 3 pixels with as large strides, and a rectifier: 3 x 2 places of an image of 6 pixels. */
const graph = {
  node: [
    { name: 'input', op: 'Placeholder', attr: { dtype: float, shape: { shape: dims([-1, 6, 6, 3]) } } },
    {
      name: 'kernel',
      op: 'Const',
      attr: { dtype: float, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: dims([2, 3, 3, 9]) } } },
    },
    {
      name: 'sums',
      op: 'Conv2D',
      input: ['input', 'kernel'],
      attr: {
        T: float,
        strides: { list: { i: ['1', '2', '3', '1'] } },
        dilations: { list: { i: ['1', '1', '1', '1'] } },
        padding: { s: base64('VALID') },
        data_format: { s: base64('NHWC') },
      },
    },
    { name: 'map', op: 'Relu', input: ['sums'], attr: { T: float } },
  ],
  library: {},
  versions: { producer: 1 },
};

export const graphFiles = (): Record<string, Uint8Array | string> => ({
  'model.json': JSON.stringify({
    format: 'graph-model',
    modelTopology: graph,
    weightsManifest: [
      {
        paths: ['part1.bin', 'part2.bin'],
        weights: [{ name: 'kernel', shape: [2, 3, 3, 9], dtype: 'float32' }],
      },
    ],
  }),
  'part1.bin': new Uint8Array(KERNEL.buffer, 0, 100),
  'part2.bin': new Uint8Array(KERNEL.buffer, 100),
});

export const graphNetwork = (): ModelSource => memorySource(graphFiles());

/** The same as a layers model. */
export async function layersNetwork(): Promise<ModelSource> {
  const { layers, sequential } = await import('@tensorflow/tfjs-layers');
  const convolution = layers.conv2d({
    name: 'map',
    inputShape: [6, 6, 3],
    filters: 9,
    kernelSize: [2, 3],
    strides: [2, 3],
    useBias: false,
    activation: 'relu',
  });
  const model = sequential({ layers: [convolution, layers.flatten({ name: 'flat' })] });
  const kernel = tf.tensor4d(KERNEL, [2, 3, 3, 9]);
  model.setWeights([kernel]);
  kernel.dispose();
  let files: Record<string, Uint8Array | string> = {};
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      files = {
        'model.json': JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }),
        'weights.bin': new Uint8Array(weightData as ArrayBuffer),
      };
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  model.dispose();
  return memorySource(files);
}

/** What the network makes of pixels, computed one by one: [3, 2, 9] row by row. */
export function expectedFeatures(pixels: Uint8Array, [black, white]: readonly [number, number]): number[] {
  const value = (row: number, column: number, channel: number) =>
    black + ((pixels[(row * 6 + column) * 3 + channel] as number) / 255) * (white - black);
  const features: number[] = [];
  for (let place = 0; place < 6; place++) {
    for (let filter = 0; filter < 9; filter++) {
      let sum = 0;
      for (let y = 0; y < 2; y++) {
        for (let x = 0; x < 3; x++) {
          for (let channel = 0; channel < 3; channel++) {
            const weight = KERNEL[((y * 3 + x) * 3 + channel) * 9 + filter] as number;
            sum += weight * value(2 * Math.floor(place / 2) + y, 3 * (place % 2) + x, channel);
          }
        }
      }
      features.push(Math.max(0, sum));
    }
  }
  return features;
}
