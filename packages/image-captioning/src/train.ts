import { randomSource } from '@heed/backend';
import { corpusCaptionBleu, corpusCider, referenceSets } from '@heed/evaluation';
import { type Tokenizer, trainTokenizer } from '@heed/text';
import {
  type MakeBatch,
  neverWritten,
  reportLeftOut,
  spread,
  type TrainingProgress,
  type TrainTaskOptions,
  trainTask,
} from '@heed/training';
import { captionBatches, encodeCaptions, type ImageInputs, toCaptionBatch } from './batches.js';
import type { CaptioningConfig } from './config.js';
import { captionWords } from './data/captioned-image.js';
import { captionInputs } from './evaluate.js';
import { ImageCaptioner } from './image-captioner.js';
import { type CaptionBatch, CaptionModel, captionBatchSizes } from './model.js';
import { selfCriticalBatches } from './self-critical.js';
import { seenInEpoch } from './views.js';

/** Images, and what people said of each. */
export interface CaptioningData {
  readonly images: ImageInputs;
  /** Of each image, as they are written. */
  readonly captions: readonly (readonly string[])[];
}

export interface TrainImageCaptionerOptions extends TrainTaskOptions<CaptioningConfig> {
  readonly train: CaptioningData;
  readonly validation: CaptioningData;
}

/** Learns the tokenizer that the configuration asks for, of the captions' words. */
export function trainCaptionTokenizer(
  captions: readonly (readonly string[])[],
  options: CaptioningConfig['tokenizer'],
): Tokenizer {
  return trainTokenizer(captions.flat().map(captionWords), options);
}

/**
 * Trains a captioner; the best on the validation images (greedy search), by the configuration's metric, is kept. What
 * it returns captions features, not pictures, where the model reads another network's features: load it with them.
 *
 * @throws DivergedError when the loss is not finite
 */
export async function trainImageCaptioner(
  options: TrainImageCaptionerOptions,
): Promise<{ captioner: ImageCaptioner; progress: TrainingProgress; reason: string }> {
  const { config, seed, tokenizer } = options;
  const { training } = config;
  const { images } = options.train;
  const words = options.train.captions.map((ofImage) => ofImage.map(captionWords));
  const { captions, leftOut } = encodeCaptions(words, tokenizer, training);
  if (captions.length === 0)
    throw new Error(
      `training: none of ${leftOut} captions has 1 to ${training.maximumLength} tokens (training.maximumLength)`,
    );
  const { validation } = options;
  const chosen = spread(
    validation.captions.map((_, i) => i),
    training.validationImages,
  );
  if (chosen.length === 0) throw new Error('training: there are no validation images');
  if (config.ensemble) throw new Error('training: the networks of an ensemble are trained one by one');
  const model = new CaptionModel(config, tokenizer.vocabulary.size, randomSource(seed));
  const captioner = new ImageCaptioner(config, tokenizer, model);
  const { begin, end } = tokenizer.vocabulary.specials;
  const lossOptions = { ...training, forbidden: neverWritten(tokenizer.vocabulary) };
  const ofPeople = (epoch: number): MakeBatch<CaptionBatch>[] => {
    const seen = seenInEpoch(images, { seed, epoch });
    return captionBatches(captions, { ...training, seed, epoch }).map(
      (batch) => () => toCaptionBatch(batch, seen, { begin, end }),
    );
  };
  const { selfCritical } = training;
  // Samples are judged by all captions, however long.
  if (!selfCritical)
    reportLeftOut(options, leftOut, 'captions', `no token, or more than ${training.maximumLength}`);
  const batches = selfCritical
    ? selfCriticalBatches(captioner, images, words, { ...training, ...selfCritical, seed })
    : ofPeople;
  try {
    const { progress, reason } = await trainTask(
      {
        model,
        batches,
        onPolicy: selfCritical !== undefined,
        sizes: captionBatchSizes(config),
        loss: (batch, random) => model.loss(batch, lossOptions, random),
        validate: async () => {
          const found = await captionInputs(captioner, validation.images, { beamSize: 1 }, chosen);
          const references = chosen.map((i) => validation.captions[i] as readonly string[]);
          const [texts, sets] = [found.map(({ text }) => text), referenceSets(references)];
          return { bleu4: corpusCaptionBleu(texts, sets).score, cider: corpusCider(texts, sets).score };
        },
        metric: { name: training.metric, higherIsBetter: true },
      },
      options,
    );
    return { captioner, progress, reason };
  } catch (error) {
    captioner.dispose();
    throw error;
  }
}
