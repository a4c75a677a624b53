import type { Picture } from '../picture.js';

/** An image and what people said of it. */
export interface CaptionedImage {
  /** A file's path, or the pixels themselves. */
  readonly image: string | Picture;
  /** As they are written. */
  readonly captions: readonly string[];
}

/**
 * A caption as captioning models are trained on it and give it: in lower case, words alone, a space between them, as
 * in Karpathy's splits of Flickr8k and COCO.
 */
export function captionWords(caption: string): string {
  return caption
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’`´]/gu, "'")
    .replace(/[^\p{L}\p{M}\p{N}'-]+/gu, ' ')
    .replace(/(^|\s)['-]+|['-]+(?=\s|$)/gu, ' ')
    .trim()
    .replace(/\s+/gu, ' ');
}

/** Captions by image, in the order in which the images first come. */
export type CaptionsByImage = Map<string, string[]>;

/** Adds a caption to those of its image. */
export function addCaption(captions: CaptionsByImage, image: string, caption: string): void {
  const known = captions.get(image);
  if (known) known.push(caption);
  else captions.set(image, [caption]);
}

/** Adds the captions of other images, or more of the same, to those that there are. */
export function joinCaptions(captions: CaptionsByImage, others: CaptionsByImage): CaptionsByImage {
  for (const [image, ofImage] of others) for (const caption of ofImage) addCaption(captions, image, caption);
  return captions;
}
