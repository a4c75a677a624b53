import {
  type BootstrapInterval,
  bootstrapInterval,
  type CaptionBleuScore,
  captionBleu,
  cider,
  corpusCaptionBleu,
  corpusCaptionRougeL,
  corpusCider,
  corpusMeteor,
  type Metric,
  referenceSets,
  type Score,
} from '@heed/evaluation';
import type { ImageInputs } from './batches.js';
import type { Caption, CaptionOptions, ImageCaptioner } from './image-captioner.js';

export interface CaptioningEvaluation {
  readonly images: number;
  /** BLEU-1 to BLEU-4. */
  readonly bleu: CaptionBleuScore;
  /** Of BLEU-4: 95 % of bootstrap samples lie between. */
  readonly bleuInterval: BootstrapInterval;
  readonly meteor: Score;
  readonly rougeL: Score;
  readonly cider: Score;
  readonly ciderInterval: BootstrapInterval;
  /** The best caption of each image. */
  readonly captions: readonly Caption[];
}

const CHUNK = 64;

/**
 * The best caption of each image.
 *
 * @param numbers which images, by their numbers; all if absent
 * @param onProgress is called with the number of images done
 */
export async function captionInputs(
  captioner: ImageCaptioner,
  images: ImageInputs,
  options: Omit<CaptionOptions, 'nBest'> = {},
  numbers: readonly number[] = Array.from({ length: images.count }, (_, i) => i),
  onProgress: (done: number) => void = () => {},
): Promise<Caption[]> {
  const captions: Caption[] = [];
  for (let first = 0; first < numbers.length; first += CHUNK) {
    const chunk = images.read(numbers.slice(first, first + CHUNK));
    const found = await captioner.captionTensor(chunk, options);
    captions.push(...found.map(([best]) => best as Caption));
    onProgress(captions.length);
  }
  return captions;
}

/**
 * Captions images and scores the result against what people said of them.
 *
 * @param references the captions of each image, as they are written
 * @param onProgress is called with the number of images done
 */
export async function evaluateImageCaptioner(
  captioner: ImageCaptioner,
  images: ImageInputs,
  references: readonly (readonly string[])[],
  options: Omit<CaptionOptions, 'nBest'> = {},
  onProgress: (done: number) => void = () => {},
): Promise<CaptioningEvaluation> {
  if (images.count === 0) throw new Error('evaluation: there are no images');
  if (references.length !== images.count) {
    throw new Error(`evaluation: ${references.length} lists of captions for ${images.count} images`);
  }
  const captions = await captionInputs(captioner, images, options, undefined, onProgress);
  const hypotheses = captions.map(({ text }) => text);
  const sets = referenceSets(references);
  const interval = (metric: Metric) => bootstrapInterval(hypotheses, sets, { metric });
  return {
    images: images.count,
    bleu: corpusCaptionBleu(hypotheses, sets),
    bleuInterval: interval(captionBleu(4)),
    meteor: corpusMeteor(hypotheses, sets),
    rougeL: corpusCaptionRougeL(hypotheses, sets),
    cider: corpusCider(hypotheses, sets),
    ciderInterval: interval(cider(sets)),
    captions,
  };
}
