import type { ModelSource } from '@heed/attention-core';
import type { TrainingProgress } from '@heed/training';
import { inTrainingFolder, type TrainInFolderOptions, type TrainingFolder } from '@heed/training/node';
import { type CaptioningConfig, parseCaptioningConfig } from '../config.js';
import { type FeatureExtractor, openExtractor } from '../feature-extractor.js';
import type { ImageCaptioner } from '../image-captioner.js';
import { type CaptioningData, trainCaptionTokenizer, trainImageCaptioner } from '../train.js';
import { openImages } from './open-images.js';
import { type CaptionedImages, openCaptionedImages } from './read-captions.js';

/**
 * `data` is what `openCaptionedImages` opens. Of a model to start `from`, it takes the weights, the tokenizer, and the
 * network but for the dropout, which is the configuration's.
 */
export interface TrainCaptionerInFolderOptions extends TrainInFolderOptions<CaptioningConfig> {
  /** The network whose features are captioned, where the configuration has no encoder of its own: its model.json. */
  readonly features?: string | URL | ModelSource;
  /** Where features are kept. Default: `features` in heed's cache folder. */
  readonly cache?: string;
  /** Hears how many images of a split have been read. */
  readonly onImages?: (done: number, images: number) => void;
}

/**
 * Trains a captioner from images and captions on disk into a folder, see `inTrainingFolder`.
 *
 * @throws if the folder already holds a training and `resume` is not asked for, or if one is to be resumed with another
 *   configuration, seed, network or data; nothing of it is touched then
 */
export async function trainImageCaptionerInFolder(
  options: TrainCaptionerInFolderOptions,
): Promise<{ captioner: ImageCaptioner; progress: TrainingProgress; reason: string }> {
  return inTrainingFolder(options, parseCaptioningConfig, startedFrom, (folder) => trainIn(folder, options));
}

async function trainIn(
  { config: wanted, begin }: TrainingFolder<CaptioningConfig>,
  options: TrainCaptionerInFolderOptions,
): Promise<{ captioner: ImageCaptioner; progress: TrainingProgress; reason: string }> {
  const { data, report, features, eager } = options;
  const reader = await openCaptionedImages(data);
  const [train, validation] = [await reader.read('train'), await reader.read('validation')];
  const extractor = await openExtractor(wanted.encoder, features, 'the configuration', { eager });
  const config = withDigest(wanted, extractor);
  try {
    const { views = 1 } = config.training;
    const read = await readInputs(train, config, extractor, options, views);
    const held = await readInputs(validation, config, extractor, options);
    const captions = read.captions.flat().length;
    const told = await begin(
      config,
      { images: train.images.length, captions, sha256: train.digest, validationSha256: validation.digest },
      () => trainCaptionTokenizer(read.captions, config.tokenizer),
    );
    report(`${train.images.length} training images, ${captions} captions`);
    report(`${validation.images.length} validation images`);
    return await trainImageCaptioner({ ...told, train: read, validation: held });
  } finally {
    extractor?.dispose();
  }
}

/** The configuration with the digest of the network whose features are captioned, if there is one. */
function withDigest(config: CaptioningConfig, extractor: FeatureExtractor | undefined): CaptioningConfig {
  const { encoder } = config;
  if (encoder.kind === 'convolutional' || !extractor) return config;
  return { ...config, encoder: { ...encoder, digest: extractor.digest } };
}

async function readInputs(
  { images }: CaptionedImages,
  { encoder }: CaptioningConfig,
  extractor: FeatureExtractor | undefined,
  { cache, onImages, signal }: TrainCaptionerInFolderOptions,
  views = 1,
): Promise<CaptioningData> {
  const where = {
    views,
    signal,
    ...(cache !== undefined && { cache }),
    ...(onImages && { onProgress: onImages }),
  };
  return {
    images: await openImages(images, encoder, extractor, where),
    captions: images.map(({ captions }) => captions),
  };
}

/** What the model is, with what the configuration says of its training and use. */
function startedFrom(
  { encoder, tokenizer, network }: CaptioningConfig,
  wanted: CaptioningConfig,
): CaptioningConfig {
  return { ...wanted, encoder, tokenizer, network: { ...network, dropout: wanted.network.dropout } };
}
