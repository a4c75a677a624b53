import { randomSource } from '@heed/backend';
import type { ImageInputs } from './batches.js';
import { checkPicture, type Picture } from './picture.js';

/** Side of a crop, as a share of the picture's. */
const CROP = 0.8;
/** Where a crop begins, as a share of the room that it has. */
const CORNERS = [
  [0, 0],
  [1, 1],
  [1, 0],
  [0, 1],
] as const;

/** The most views that a picture has: whole and cropped at each corner, as it is and mirrored. */
export const MOST_VIEWS = 2 + 2 * CORNERS.length;

/**
 * A picture seen another way, for training.
 *
 * @param view 0: as it is; from 2 on, a crop at a corner; mirrored where it is odd
 */
export function viewOf(picture: Picture, view: number): Picture {
  if (view === 0) return picture;
  checkPicture(picture);
  const { pixels } = picture;
  const share = view < 2 ? 1 : CROP;
  const width = Math.max(1, Math.round(share * picture.width));
  const height = Math.max(1, Math.round(share * picture.height));
  const crop = Math.max(0, view - 2);
  // Each round of the corners begins at another one: what was mirrored in the last is not in this.
  const corner = (crop + Math.floor(crop / CORNERS.length)) % CORNERS.length;
  const [right, down] = CORNERS[corner] as readonly [number, number];
  const [left, top] = [right * (picture.width - width), down * (picture.height - height)];
  const seen = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = left + (view % 2 === 1 ? width - 1 - x : x);
      const from = ((top + y) * picture.width + column) * 3;
      seen.set(pixels.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { width, height, pixels: seen };
}

/** The images as an epoch sees them: each in one of its views, drawn by seed and epoch. */
export function seenInEpoch(
  images: ImageInputs,
  { seed, epoch }: { readonly seed: number; readonly epoch: number },
): ImageInputs {
  if (images.views === 1) return images;
  const random = randomSource(Math.imul(seed, 0x9e3779b1) ^ (epoch + 1));
  const views = Array.from({ length: images.count }, () => Math.floor(random() * images.views));
  return {
    ...images,
    views: 1,
    read: (numbers) =>
      images.read(
        numbers,
        numbers.map((image) => views[image] as number),
      ),
  };
}
