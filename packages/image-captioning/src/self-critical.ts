import { captionBleu, cider, referenceSets } from '@heed/evaluation';
import { advantages, type MakeBatch } from '@heed/training';
import * as tf from '@tensorflow/tfjs-core';
import { type EncodedCaption, type ImageInputs, imageBatches, toCaptionBatch } from './batches.js';
import type { ImageCaptioner } from './image-captioner.js';
import type { CaptionBatch } from './model.js';
import { seenInEpoch } from './views.js';

/** A word that captions end with while they are judged: without it, one that stops in the middle costs nothing. */
const END = 'endofcaption';
const ended = (caption: string) => `${caption} ${END}`;

const bleus = ([1, 2, 3, 4] as const).map((order) => captionBleu(order, { tokenize: 'none' }));

/**
 * What a caption of an image is rewarded with: its CIDEr-D, and `bleu` times the mean of its own BLEU-1 to BLEU-4 (0 to 1).
 *
 * @param captions of each image, as `captionWords` gives them; document frequencies are of all of them
 */
export function captionRewards(
  captions: readonly (readonly string[])[],
  bleu: number,
): (image: number, caption: string) => number {
  const references = captions.map((ofImage) => ofImage.map(ended));
  const ciderD = cider(referenceSets(references), { tokenize: 'none' });
  return (image, caption) => {
    const judged = [ended(caption), references[image] as readonly string[]] as const;
    const [reward] = ciderD.count(...judged) as [number];
    if (bleu === 0) return reward;
    const scores = bleus.map((metric) => metric.score(metric.count(...judged)));
    return reward + (bleu * scores.reduce((sum, score) => sum + score, 0)) / (100 * scores.length);
  };
}

export interface SelfCriticalOptions {
  /** Captions of a batch, of all its images together. */
  readonly batchSize: number;
  readonly samples: number;
  /** See `captionRewards`; default 0. */
  readonly bleu?: number;
  readonly maximumLength: number;
  readonly seed: number;
}

/**
 * The batches of self-critical training (Rennie et al. 2017, section 3): captions that the model draws itself, each with
 * how much better it is rewarded than the others of its image (`advantages`, in the place of the paper's greedy caption):
 * by CIDEr-D, and by BLEU where that counts too.
 *
 * @param captions of each image, as `captionWords` gives them
 * @returns the batches of an epoch; what they draw depends on the model, seed and epoch
 */
export function selfCriticalBatches(
  captioner: ImageCaptioner,
  images: ImageInputs,
  captions: readonly (readonly string[])[],
  { batchSize, samples, bleu = 0, maximumLength, seed }: SelfCriticalOptions,
): (epoch: number) => MakeBatch<CaptionBatch>[] {
  const rewardOf = captionRewards(captions, bleu);
  const { begin, end } = captioner.tokenizer.vocabulary.specials;

  return (epoch) => {
    const seen = seenInEpoch(images, { seed, epoch });
    const ofBatch = Math.max(1, Math.floor(batchSize / samples));
    return imageBatches(images.count, { batchSize: ofBatch, seed, epoch }).map((numbers) => async () => {
      const seeds = numbers.map((image) => (epoch + 1) * images.count + image);
      const drawn = await captioner.sampleTensor(seen.read(numbers), { samples, seeds, maximumLength });
      const judged = drawn.flatMap((ofImage, i) => {
        const image = numbers[i] as number;
        const better = advantages(
          ofImage.map((tokens) => rewardOf(image, captioner.tokenizer.decode(tokens))),
        );
        return ofImage.map((tokens, k) => ({
          caption: { image, tokens: Int32Array.from(tokens) } satisfies EncodedCaption,
          advantage: better[k] as number,
        }));
      });
      return {
        ...toCaptionBatch(
          judged.map(({ caption }) => caption),
          seen,
          { begin, end },
          samples,
        ),
        advantages: tf.tensor2d(
          judged.map(({ advantage }) => advantage),
          [numbers.length, samples],
        ),
      };
    });
  };
}
