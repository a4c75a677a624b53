import type { Picture } from '@heed/image-captioning';

const LARGEST = 50 * 2 ** 20;
/** The longer side of what is shown. */
const PREVIEW_SIZE = 480;

/**
 * Reads a picture as the browser understands it, on white where it is transparent.
 *
 * @param size side of the square that it is squeezed into, as the images of a training are
 * @throws Error naming the file if it is no picture
 */
export async function readPicture(file: File, size: number): Promise<Picture> {
  if (file.size > LARGEST)
    throw new Error(`${file.name} has ${file.size} bytes; at most ${LARGEST} are read`);
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(`${file.name} is not a picture that this browser can read`);
  });
  const scale = Math.min(1, PREVIEW_SIZE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const pixels = withoutAlpha(drawn(bitmap, size, size).getImageData(0, 0, size, size).data);
  const url = drawn(bitmap, width, height).canvas.toDataURL('image/jpeg', 0.85);
  bitmap.close();
  return { width: size, height: size, pixels, name: file.name, preview: { width, height, url } };
}

/** A picture with a preview of its own pixels, so that traces carry it. */
export function withPreview(picture: Picture): Picture & Required<Pick<Picture, 'preview'>> {
  const { width, height, pixels } = picture;
  const context = contextOf(width, height);
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    image.data.set(pixels.subarray(3 * i, 3 * i + 3), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return { ...picture, preview: { width, height, url: context.canvas.toDataURL('image/png') } };
}

function drawn(bitmap: ImageBitmap, width: number, height: number): CanvasRenderingContext2D {
  const context = contextOf(width, height);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return context;
}

function contextOf(width: number, height: number): CanvasRenderingContext2D {
  const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
  if (!context) throw new Error('this browser gives no canvas to draw on');
  return context;
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0; i < rgba.length / 4; i++) rgb.set(rgba.subarray(4 * i, 4 * i + 3), 3 * i);
  return rgb;
}
