import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors } from '@heed/attention-core';
import { replaceFile } from '@heed/attention-core/node';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { ImageInputs } from '../batches.js';
import type { CaptionedImage } from '../data/captioned-image.js';
import type { FeatureExtractor } from '../feature-extractor.js';
import type { Picture } from '../picture.js';
import { viewOf } from '../views.js';
import { decodeImage, readImageFile } from './read-image.js';

const TENSOR = 'features';

export interface FeatureCacheOptions {
  /** Where features are kept: a folder in it for each network, node, and size and range of its images. */
  readonly folder: string;
  /** Of each image. Default 1. */
  readonly views?: number;
  /** Hears how many images have been looked at. */
  readonly onProgress?: (done: number, images: number) => void;
  /** Stops the making after the image that is looked at: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

const hex = (content: Uint8Array | string) => createHash('sha256').update(content).digest('hex');

/**
 * The features of images, made once and kept on disk as float16, a file an image and view, named by the digest of
 * the image: what is there already is not made again, also after a stop.
 *
 * @throws ImageFileError naming the first image that cannot be read
 */
export async function cachedFeatures(
  extractor: FeatureExtractor,
  images: readonly CaptionedImage['image'][],
  { folder, views = 1, onProgress = () => {}, signal }: FeatureCacheOptions,
): Promise<ImageInputs> {
  const { rows, columns, channels, imageSize } = extractor.config;
  const place = join(folder, hex(extractor.identity).slice(0, 16));
  await mkdir(place, { recursive: true });
  const files: string[][] = [];
  const make = async (picture: Picture, file: string) => {
    const features = extractor.extract([picture]);
    const values = (await features.data()) as Float32Array;
    features.dispose();
    const tensor = { dtype: 'F16' as const, shape: [rows, columns, channels], values };
    await replaceFile(file, encodeSafetensors(new Map([[TENSOR, tensor]])));
  };
  for (const image of images) {
    signal?.throwIfAborted();
    const bytes = typeof image === 'string' ? await readImageFile(image) : image.pixels;
    const digest = hex(bytes);
    const ofImage = Array.from({ length: views }, (_, view) =>
      join(place, `${digest}${view === 0 ? '' : `.${view}`}.safetensors`),
    );
    files.push(ofImage);
    if (!ofImage.every((file) => existsSync(file))) {
      const picture =
        typeof image === 'string' ? await decodeImage(bytes, image, { size: imageSize }) : image;
      for (const [view, file] of ofImage.entries())
        if (!existsSync(file)) await make(viewOf(picture, view), file);
    }
    onProgress(files.length, images.length);
  }
  return {
    count: files.length,
    views,
    read(numbers, wanted = []): Tensor3D {
      const size = rows * columns * channels;
      const values = new Float32Array(numbers.length * size);
      numbers.forEach((number, i) => {
        values.set(readFeatures(files[number]?.[wanted[i] ?? 0] as string, size), i * size);
      });
      return tf.tensor3d(values, [numbers.length, rows * columns, channels]);
    },
  };
}

/** @throws if the file was damaged, with what to do */
function readFeatures(file: string, size: number): Float32Array {
  try {
    const values = decodeSafetensors(readFileSync(file), file).tensors.get(TENSOR)?.values;
    if (values instanceof Float32Array && values.length === size) return values;
    throw new Error(`expected ${size} values`);
  } catch (cause) {
    throw new Error(`${file}: not the features of an image. Remove the file: they are made anew then.`, {
      cause,
    });
  }
}
