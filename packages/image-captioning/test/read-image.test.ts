import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ImageFileError, readImage, withPreview } from '../src/node/index.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'heed-images-'));
});
afterAll(() => rm(root, { recursive: true }));

async function keep(name: string, content: Uint8Array | string): Promise<string> {
  const file = join(root, name);
  await writeFile(file, content);
  return file;
}

const plain = (width: number, height: number, background: sharp.Color, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background } });
/** Left half red, right half blue, 8 x 4. */
const halves = () =>
  plain(8, 4, 'red').composite([
    { input: { create: { width: 4, height: 4, channels: 3, background: 'blue' } }, left: 4, top: 0 },
  ]);

const pixel = ({ width, pixels }: { width: number; pixels: Uint8Array }, x: number, y: number) => [
  ...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

function expectColor(found: number[], wanted: readonly number[]): void {
  found.forEach((value, i) => void expect(Math.abs(value - (wanted[i] as number))).toBeLessThanOrEqual(6));
}

const RED = [255, 0, 0];
const BLUE = [0, 0, 255];
const sizes = { size: 8 };

describe('an image is read', () => {
  const exact = {
    jpeg: { quality: 100, chromaSubsampling: '4:4:4' },
    png: {},
    webp: { lossless: true },
    gif: {},
    tiff: { compression: 'lzw' },
  };

  test.each(['jpeg', 'png', 'webp', 'gif', 'tiff'] as const)('as %s', async (format) => {
    const file = await keep(`halves.${format}`, await halves().toFormat(format, exact[format]).toBuffer());
    const picture = await readImage(file, sizes);
    expect(picture).toMatchObject({ width: 8, height: 8, name: `halves.${format}` });
    expect(picture.pixels).toHaveLength(8 * 8 * 3);
    expectColor(pixel(picture, 1, 4), RED);
    expectColor(pixel(picture, 6, 4), BLUE);
    expect(picture.preview).toBeUndefined();
  });

  test('upright, as its EXIF data say', async () => {
    // Orientation 6: the camera was turned, and what is stored as left is at the top.
    const stored = await halves().withMetadata({ orientation: 6 }).jpeg(exact.jpeg).toBuffer();
    const picture = await readImage(await keep('turned.jpg', stored), { size: 8, preview: true });
    expectColor(pixel(picture, 4, 1), RED);
    expectColor(pixel(picture, 4, 6), BLUE);
    expect(picture.preview).toMatchObject({ width: 4, height: 8 });
  });

  test('in grey, in CMYK, with 16 bits and with a palette', async () => {
    const grey = await plain(5, 5, { r: 90, g: 90, b: 90 }).toColourspace('b-w').png().toBuffer();
    expectColor(pixel(await readImage(await keep('grey.png', grey), sizes), 3, 3), [90, 90, 90]);
    const cmyk = await plain(5, 5, 'red').toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(cmyk).metadata()).channels).toBe(4);
    const [r, g, b] = pixel(await readImage(await keep('cmyk.jpg', cmyk), sizes), 3, 3) as [
      number,
      number,
      number,
    ];
    expect(r).toBeGreaterThan(180);
    expect(Math.max(g, b)).toBeLessThan(90);
    const deep = await plain(5, 5, 'blue').toColourspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expectColor(pixel(await readImage(await keep('deep.png', deep), sizes), 3, 3), BLUE);
    const palette = await halves().png({ palette: true }).toBuffer();
    expectColor(pixel(await readImage(await keep('palette.png', palette), sizes), 6, 3), BLUE);
  });

  test('on white where it is transparent', async () => {
    const clear = await plain(5, 5, { r: 255, g: 0, b: 0, alpha: 0 }, 4).png().toBuffer();
    expectColor(pixel(await readImage(await keep('clear.png', clear), sizes), 2, 2), [255, 255, 255]);
    const half = await plain(5, 5, { r: 255, g: 0, b: 0, alpha: 0.5 }, 4).png().toBuffer();
    expectColor(pixel(await readImage(await keep('half.png', half), sizes), 2, 2), [255, 127, 127]);
  });

  test('of a single pixel', async () => {
    const dot = await readImage(await keep('dot.png', await plain(1, 1, 'blue').png().toBuffer()), {
      size: 8,
      preview: true,
    });
    expect(dot.pixels).toHaveLength(192);
    expectColor(pixel(dot, 7, 7), BLUE);
    expect(dot.preview).toMatchObject({ width: 1, height: 1 });
  });

  test('with a preview that is an image of its proportions, and not larger than it', async () => {
    const file = await keep('wide.png', await plain(1200, 300, 'red').png().toBuffer());
    const { preview } = await readImage(file, { size: 8, preview: true });
    expect(preview).toMatchObject({ width: 480, height: 120 });
    const bytes = Buffer.from(preview?.url.replace('data:image/jpeg;base64,', '') ?? '', 'base64');
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 480, height: 120, format: 'jpeg' });
  });
});

test('a preview can be made of pixels', async () => {
  const pixels = new Uint8Array(6 * 2 * 3).fill(200);
  const picture = { width: 6, height: 2, pixels, name: 'drawn' };
  const found = await withPreview(picture);
  expect(found).toMatchObject({ ...picture, preview: { width: 6, height: 2 } });
});

/** A pixel in TIFF, as a colour of a kind that it has a number for. */
function tiffOf(colour: number): Uint8Array {
  const [short, long] = [3, 4];
  const entries = [
    [256, short, 1], // width
    [257, short, 1], // height
    [258, short, 8], // bits
    [262, short, colour],
    [273, long, 8], // where the pixel is
    [277, short, 3], // channels
    [279, long, 3], // its bytes
  ] as const;
  const bytes = new Uint8Array(14 + 12 * entries.length + 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0, 12, 0, 0, 0, 100, 100, 100, 0, entries.length]);
  entries.forEach(([tag, type, value], i) => {
    const at = 14 + 12 * i;
    [tag, type].forEach((number, j) => void view.setUint16(at + 2 * j, number, true));
    [1, value].forEach((number, j) => void view.setUint32(at + 4 + 4 * j, number, true));
  });
  return bytes;
}

describe('a file is refused with its name', () => {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 };
  const create = { width: 64, height: 64, channels: 3 as const, background: 'red', noise };
  const jpeg = () => sharp({ create }).jpeg().toBuffer();

  test.each<[what: string, make: () => Promise<string>, problem: RegExp]>([
    ['that is cut short', async () => keep('cut.jpg', (await jpeg()).subarray(0, 900)), /cannot|can be read/],
    ['that is no image', () => keep('text.jpg', 'not an image'), /not an image that can be read/],
    ['that is empty', () => keep('empty.png', ''), /not an image that can be read/],
    [
      'that is a drawing',
      () => keep('drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'),
      /it is svg: a JPEG, PNG, WebP, GIF, TIFF or AVIF is expected/,
    ],
    [
      'that has its colours in CIELab',
      () => keep('lab.tiff', tiffOf(8)),
      /its colours are "lab", which is not read: save it in RGB, CMYK or grey/,
    ],
    ['that has them in another way', () => keep('other.tiff', tiffOf(10)), /its colours are "multiband"/],
    ['that is not there', async () => join(root, 'none.jpg'), /there is no such file/],
    ['that is a folder', async () => root, /it is a folder/],
  ])('%s', async (_, make, problem) => {
    const file = await make();
    const error = await readImage(file, sizes).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ImageFileError);
    const { message, problem: found } = error as ImageFileError;
    expect(found).toMatch(problem);
    expect(message).toBe(`${file}: ${found}`);
    expect(message).not.toContain('\n');
  });
});
