import { join } from 'node:path';
import { cacheFolder } from '@heed/backend/node';
import type { ImageInputs } from '../batches.js';
import type { EncoderConfig } from '../config.js';
import type { CaptionedImage } from '../data/captioned-image.js';
import type { FeatureExtractor } from '../feature-extractor.js';
import { pictureInputs } from '../image-tensors.js';
import { cachedFeatures } from './feature-cache.js';
import { readImage } from './read-image.js';

export interface OpenImagesOptions {
  /** Where features are kept. Default: `features` in heed's cache folder. */
  readonly cache?: string;
  /** Of each image, see `viewOf`. Default 1. */
  readonly views?: number;
  readonly onProgress?: (done: number, images: number) => void;
  /** Stops the reading after the image that is read: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The images of a data set in the form that a model reads: features out of the cache, or pixels, which are held in
 * memory.
 *
 * @param extractor of models that read another network's features
 * @throws ImageFileError naming the first image that cannot be read
 */
export async function openImages(
  images: readonly Pick<CaptionedImage, 'image'>[],
  encoder: EncoderConfig,
  extractor: FeatureExtractor | undefined,
  { cache, views = 1, onProgress = () => {}, signal }: OpenImagesOptions = {},
): Promise<ImageInputs> {
  const sources = images.map(({ image }) => image);
  if (extractor) {
    const folder = cache ?? join(cacheFolder(), 'features');
    return cachedFeatures(extractor, sources, { folder, views, onProgress, signal });
  }
  const pictures = [];
  for (const image of sources) {
    signal?.throwIfAborted();
    pictures.push(typeof image === 'string' ? await readImage(image, { size: encoder.imageSize }) : image);
    onProgress(pictures.length, sources.length);
  }
  return pictureInputs(pictures, encoder.imageSize, views);
}
