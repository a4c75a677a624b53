import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { ImageInputs } from './batches.js';
import { checkPicture, type Picture } from './picture.js';
import { viewOf } from './views.js';

/**
 * Pictures as a network reads them; those of another size are resized, without regard to their proportions.
 *
 * @param size side of the images
 * @param range what black and white are
 * @returns [pictures, size, size, 3]
 */
export function picturesToTensor(
  pictures: readonly Picture[],
  size: number,
  [black, white]: readonly [number, number],
): Tensor4D {
  return tf.tidy(() => {
    const images = pictures.map((picture) => {
      checkPicture(picture);
      const { width, height, pixels } = picture;
      const image = tf.tensor3d(new Float32Array(pixels), [height, width, 3]);
      return width === size && height === size ? image : tf.image.resizeBilinear(image, [size, size]);
    });
    return tf.add(tf.mul(tf.stack(images), (white - black) / 255), black) as Tensor4D;
  });
}

/** What black and white are to an encoder of our own. */
export const PLAIN_RANGE = [-1, 1] as const;

/**
 * Pictures in memory, for models with an encoder of their own.
 *
 * @param size side of the images that it reads
 * @param views of each picture
 */
export function pictureInputs(pictures: readonly Picture[], size: number, views = 1): ImageInputs {
  return {
    count: pictures.length,
    views,
    read(images, wanted = []) {
      const chosen = images.map((image, i) => viewOf(pictures[image] as Picture, wanted[i] ?? 0));
      return picturesToTensor(chosen, size, PLAIN_RANGE);
    },
  };
}
