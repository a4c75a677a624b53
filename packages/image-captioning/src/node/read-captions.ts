import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, extname, isAbsolute, join } from 'node:path';
import { kindOf, readLines, resolveSplit } from '@heed/training/node';
import { parseCaptionTable } from '../data/caption-table.js';
import { type CaptionedImage, type CaptionsByImage, joinCaptions } from '../data/captioned-image.js';
import { parseCocoCaptions } from '../data/coco-captions.js';
import { parseFlickrCaptions } from '../data/flickr-captions.js';
import { syntheticScenes } from '../data/synthetic.js';

/** One split of a data set. */
export interface CaptionedImages {
  readonly images: readonly CaptionedImage[];
  /** SHA-256 (hexadecimal) over the images' names and captions, in order. */
  readonly digest: string;
}

/** A data set whose form has been recognised. */
export interface CaptionedImagesReader {
  readonly splits: readonly string[];
  /** @throws on an unknown split and on the first fault in a file (file and place are named) */
  read(split: string): Promise<CaptionedImages>;
}

/** What names the scenes that are drawn by code. */
const SYNTHETIC = 'synthetic';
const SYNTHETIC_SPLITS: Readonly<Record<string, { count: number; seed: number }>> = {
  train: { count: 20_000, seed: 1 },
  validation: { count: 500, seed: 2 },
  test: { count: 1000, seed: 3 },
};

const IMAGE_FOLDERS = [
  'images',
  'Images',
  'Flicker8k_Dataset',
  'Flickr8k_Dataset',
  'flickr30k-images',
  'flickr30k_images',
];
const TABLES = ['captions.csv', 'captions.tsv', 'captions.txt', 'results.csv'];

/**
 * Recognises the form of captioned images, by looking at `path`, and lists its splits:
 *
 * - `synthetic`: scenes drawn by code, `train`, `validation` and `test`;
 * - a folder with Flickr8k's or Flickr30k's token file, lists of images by split beside it (`Flickr_8k.devImages.txt`),
 *   and the images in a folder in it. Where there is no list of test images, the development images are halved in the
 *   list's order: `validation` to choose by and `held` to report; `dev` is all of them;
 * - a folder with COCO's `annotations/captions_SPLIT2017.json` and the images in `SPLIT2017`; the years of a split are
 *   joined;
 * - a folder with a table `captions.csv` (or .tsv), with columns `image`, `caption` and perhaps `split`, or with a table
 *   a split, `train.csv` and `validation.csv`; what several say of a split is joined. Images are beside it or in `images`.
 *   Where nothing tells splits, each twentieth image is kept for `validation`.
 */
export async function openCaptionedImages(path: string): Promise<CaptionedImagesReader> {
  const kind = await kindOf(path);
  if (kind === 'missing' && path === SYNTHETIC) return openScenes();
  if (kind === 'missing') throw new Error(`${path}: no such folder.`);
  if (kind === 'file')
    throw new Error(`${path}: a file. Expected the folder that holds captions and images.`);
  const names = (await readdir(path)).sort();
  const tokens = names.find((name) => /\.token(\.txt)?$/i.test(name));
  if (tokens) return openFlickr(path, tokens, names);
  const coco = names.includes('annotations') ? join(path, 'annotations') : path;
  const annotations = (await readdir(coco)).filter((name) => /^captions_.*\.json$/.test(name));
  if (annotations.length > 0) return openCoco(path, coco, annotations.sort());
  return openTables(path, names);
}

function readerOf(
  path: string,
  splits: readonly string[],
  read: (split: string) => Promise<readonly CaptionedImage[]> | readonly CaptionedImage[],
): CaptionedImagesReader {
  return {
    splits,
    async read(requested) {
      const images = await read(resolveSplit(requested, splits, path));
      if (images.length === 0) throw new Error(`${path}: no images in the split "${requested}".`);
      return { images, digest: digestOf(images) };
    },
  };
}

function digestOf(images: readonly CaptionedImage[]): string {
  const hash = createHash('sha256');
  for (const { image, captions } of images) {
    hash.update(typeof image === 'string' ? basename(image) : image.pixels);
    for (const caption of captions) hash.update(`\0${caption}`);
    hash.update('\0\0');
  }
  return hash.digest('hex');
}

function openScenes(): CaptionedImagesReader {
  return readerOf(SYNTHETIC, Object.keys(SYNTHETIC_SPLITS), (split) =>
    syntheticScenes(SYNTHETIC_SPLITS[split] as { count: number; seed: number }),
  );
}

/** The images of a split, in the order of its list. @throws if one has no caption */
function listed(
  list: string,
  images: readonly string[],
  captions: CaptionsByImage,
  folder: string,
): CaptionedImage[] {
  return images.map((name, index) => {
    const known = captions.get(name);
    if (known) return { image: join(folder, name), captions: known };
    throw new Error(`${list}, line ${index + 1}: ${name} has no caption.`);
  });
}

async function openFlickr(
  path: string,
  tokens: string,
  names: readonly string[],
): Promise<CaptionedImagesReader> {
  const file = join(path, tokens);
  const captions = parseFlickrCaptions(file, await readLines(file));
  const [first] = captions.keys();
  if (first === undefined) throw new Error(`${file}: no captions in it.`);
  const folder = await imageFolder(path, first);
  const lists = new Map<string, { list: string; images: string[] }>();
  for (const name of names) {
    const split = /(train|dev|val|test)(?:[_.]?images)?\.(?:txt|lst)$/i.exec(name)?.[1]?.toLowerCase();
    if (!split) continue;
    const list = join(path, name);
    const images = (await readLines(list)).map((line) => line.trim()).filter((line) => line !== '');
    lists.set(split, { list, images: images.map((image) => (extname(image) ? image : `${image}.jpg`)) });
  }
  if (lists.size === 0) {
    throw new Error(
      `${path}: no list of the images of a split. Expected files such as Flickr_8k.trainImages.txt beside ${tokens}.`,
    );
  }
  const dev = lists.get('dev') ?? lists.get('val');
  const halved = dev !== undefined && !lists.has('test');
  const half = Math.ceil((dev?.images.length ?? 0) / 2);
  return readerOf(path, [...lists.keys(), ...(halved ? ['validation', 'held'] : [])], (split) => {
    const { list, images } = lists.get(split) ?? (dev as { list: string; images: string[] });
    const all = listed(list, images, captions, folder);
    if (lists.has(split)) return all;
    return split === 'held' ? all.slice(half) : all.slice(0, half);
  });
}

/** Where the images are: in a folder of a known name, or beside the captions. */
async function imageFolder(path: string, image: string): Promise<string> {
  for (const folder of [...IMAGE_FOLDERS.map((name) => join(path, name)), path]) {
    if ((await kindOf(join(folder, image))) === 'file') return folder;
  }
  // The first image of a token file may be one that was never published: a folder by its name will do.
  for (const name of IMAGE_FOLDERS) {
    if ((await kindOf(join(path, name))) === 'folder') return join(path, name);
  }
  throw new Error(
    `${path}: no images. Looked for ${image} in ${IMAGE_FOLDERS.join(', ')} and beside the captions.`,
  );
}

function openCoco(path: string, folder: string, annotations: readonly string[]): CaptionedImagesReader {
  const splits = new Map<string, string[]>();
  for (const name of annotations) {
    const split = name.replace(/^captions_/, '').replace(/\d*\.json$/, '');
    splits.set(split, [...(splits.get(split) ?? []), name]);
  }
  return readerOf(path, [...splits.keys()], async (split) => {
    const captions: CaptionsByImage = new Map();
    for (const name of splits.get(split) as string[]) {
      joinCaptions(captions, await readCoco(path, join(folder, name)));
    }
    return [...captions].map(([image, ofImage]) => ({ image, captions: ofImage }));
  });
}

/** The captions of a file of COCO's, by the paths of their images. */
async function readCoco(path: string, file: string): Promise<CaptionsByImage> {
  const text = (await readLines(file)).join('\n');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: not JSON: ${(error as Error).message}.`);
  }
  const captions = parseCocoCaptions(file, json);
  const [first = ''] = captions.keys();
  const images = basename(file).replace(/^captions_(.*)\.json$/, '$1');
  const found = await imageFolder(join(path, images), first).catch(() => imageFolder(path, first));
  return new Map([...captions].map(([name, ofImage]) => [join(found, name), ofImage]));
}

async function openTables(path: string, names: readonly string[]): Promise<CaptionedImagesReader> {
  const whole = TABLES.find((name) => names.includes(name));
  const tables = whole
    ? [whole]
    : names.filter((name) => /^(train|dev|val|valid|test)\w*\.(csv|tsv)$/.test(name));
  if (tables.length === 0) {
    throw new Error(
      `${path}: no captions. Looked for Flickr's *.token.txt, COCO's annotations/captions_*.json, captions.csv and train.csv.`,
    );
  }
  const splits = new Map<string, CaptionsByImage>();
  for (const name of tables) {
    const file = join(path, name);
    const parts = parseCaptionTable(file, (await readLines(file)).join('\n'));
    for (const [split, captions] of parts) {
      const into = !whole && split === 'all' ? name.slice(0, -extname(name).length) : split;
      splits.set(into, joinCaptions(splits.get(into) ?? new Map(), captions));
    }
  }
  const all = splits.get('all');
  if (all && splits.size === 1) {
    const kept = [...all].filter((_, i) => i % KEPT === KEPT - 1);
    splits.set('train', new Map([...all].filter((_, i) => i % KEPT !== KEPT - 1)));
    splits.set('validation', new Map(kept));
  }
  return readerOf(path, [...splits.keys()], async (split) => {
    const captions = splits.get(split) as CaptionsByImage;
    const relative = [...captions.keys()].find((name) => !isAbsolute(name));
    const folder = relative === undefined ? path : await imageFolder(path, relative);
    return [...captions].map(([name, ofImage]) => ({
      image: isAbsolute(name) ? name : join(folder, name),
      captions: ofImage,
    }));
  });
}

/** Of a table without splits, one image of so many is kept for validation. */
const KEPT = 20;
