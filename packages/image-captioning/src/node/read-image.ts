import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import sharp from 'sharp';
import type { Picture, Preview } from '../picture.js';

/** An image file that is missing, damaged or of a kind that is not read. */
export class ImageFileError extends Error {
  override readonly name = 'ImageFileError';

  constructor(
    file: string,
    /** What is wrong with it, without its name. */
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: ${problem}`, options);
  }
}

/** What libvips calls colours that it cannot turn into sRGB as they are stored. */
const UNREAD_SPACES = ['lab', 'multiband'];
/** What libvips calls the formats that are read: pixels, and not drawings, which may hold anything. */
const FORMATS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif', 'avif'];
const WHITE = '#ffffff';
/** The longer side of what is shown of an image. */
const PREVIEW_SIZE = 480;

export interface ReadImageOptions {
  /** Side of the picture: it is squeezed into a square, as the images of a training are. */
  readonly size: number;
  /** Whether it comes with a preview, for traces. Default false. */
  readonly preview?: boolean;
}

/**
 * Reads a JPEG, PNG, WebP, GIF, TIFF or AVIF file, upright as its EXIF data say, in sRGB whatever its colours are
 * (grey, CMYK, 16 bits), on white where it is transparent.
 *
 * @throws ImageFileError naming the file if it cannot be read or is damaged
 */
export async function readImage(file: string, options: ReadImageOptions): Promise<Picture> {
  return decodeImage(await readImageFile(file), file, options);
}

/** @throws ImageFileError naming the file */
export async function readImageFile(file: string): Promise<Uint8Array> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder, and an image is expected',
      EACCES: 'it may not be read',
    };
    throw new ImageFileError(file, reasons[error.code ?? ''] ?? error.message, { cause: error });
  });
}

/** The same of a file's content. @param file its name, for messages */
export async function decodeImage(
  bytes: Uint8Array,
  file: string,
  { size, preview = false }: ReadImageOptions,
): Promise<Picture> {
  try {
    const image = sharp(bytes, { failOn: 'error' });
    const { format, space } = await image.metadata();
    if (!format || !FORMATS.includes(format)) {
      throw new Error(
        `it is ${format ?? 'of no known format'}: a JPEG, PNG, WebP, GIF, TIFF or AVIF is expected`,
      );
    }
    if (UNREAD_SPACES.includes(space)) {
      throw new Error(`its colours are "${space}", which is not read: save it in RGB, CMYK or grey`);
    }
    const upright = image.rotate().flatten({ background: WHITE }).toColourspace('srgb');
    const { data } = await upright
      .clone()
      .resize(size, size, { fit: 'fill' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    return {
      width: size,
      height: size,
      pixels: new Uint8Array(data.buffer, data.byteOffset, data.length),
      name: basename(file),
      ...(preview && { preview: await encodePreview(upright) }),
    };
  } catch (error) {
    if (error instanceof ImageFileError) throw error;
    const reason = (error as Error).message.split('\n', 1)[0] as string;
    throw new ImageFileError(file, `it is not an image that can be read: ${reason}`, { cause: error });
  }
}

/** The picture with a preview of its own pixels, for traces: what `decodeImage` gives of a file. */
export async function withPreview(picture: Picture): Promise<Picture> {
  const { width, height, pixels } = picture;
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  return { ...picture, preview: await encodePreview(image) };
}

async function encodePreview(image: sharp.Sharp): Promise<Preview> {
  const { data, info } = await image
    .resize(PREVIEW_SIZE, PREVIEW_SIZE, { fit: 'inside', withoutEnlargement: true })
    .toFormat('jpeg', { quality: 85 })
    .toBuffer({ resolveWithObject: true });
  const url = `data:image/jpeg;base64,${data.toString('base64')}`;
  return { width: info.width, height: info.height, url };
}
