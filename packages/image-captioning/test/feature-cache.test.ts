import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { FeatureExtractor, type Picture, viewOf } from '../src/index.js';
import { cachedFeatures, openImages } from '../src/node/index.js';
import { smallConfig } from './small-captioner.js';
import { expectedFeatures, graphNetwork, tinyConfig } from './tiny-network.js';

beforeAll(async () => void (await useBackend()));

const small = smallConfig();
let root: string;
let extractor: FeatureExtractor;
let made: number;
let images: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'heed-features-'));
  extractor = await FeatureExtractor.load(graphNetwork(), tinyConfig);
  made = 0;
  const extract = extractor.extract.bind(extractor);
  extractor.extract = (pictures) => {
    made += pictures.length;
    return extract(pictures);
  };
  images = await Promise.all(
    [40, 90, 200].map(async (level, i) => {
      const file = join(root, `${i}.png`);
      const raw = Buffer.alloc(108, level);
      await writeFile(
        file,
        await sharp(raw, { raw: { width: 6, height: 6, channels: 3 } })
          .png()
          .toBuffer(),
      );
      return file;
    }),
  );
});
afterEach(async () => {
  extractor.dispose();
  await rm(root, { recursive: true });
});

const open = (of: readonly (string | Picture)[], onProgress?: (done: number, images: number) => void) =>
  cachedFeatures(extractor, of, { folder: join(root, 'cache'), ...(onProgress && { onProgress }) });

test('features are made once, whatever the names of the images, and read as they were made', async () => {
  const heard: number[][] = [];
  const first = await open(images, (...progress) => void heard.push(progress));
  expect(heard).toEqual([1, 2, 3].map((done) => [done, 3]));
  expect(made).toBe(3);
  const copy = join(root, 'copy.png');
  await copyFile(images[1] as string, copy);
  await open([copy, ...images.slice(2)]);
  expect(made).toBe(3);
  const read = first.read([2, 0]);
  expect(read.shape).toEqual([2, 6, 9]);
  const expected = [200, 40].flatMap((level) => expectedFeatures(new Uint8Array(108).fill(level), [0, 1]));
  [...read.dataSync()].forEach((value, i) => {
    // Half precision: 11 bits.
    expect(Math.abs(value - (expected[i] as number))).toBeLessThanOrEqual(2 ** -11 * Math.abs(value) + 1e-6);
  });
  read.dispose();
});

test('after a stop it goes on with what is missing', async () => {
  await open(images.slice(0, 2));
  expect(made).toBe(2);
  await open(images);
  expect(made).toBe(3);
});

test('a signal stops the making of features, and the reading of images', async () => {
  for (const network of [extractor, undefined]) {
    const controller = new AbortController();
    const read: number[] = [];
    const opened = openImages(
      images.map((image) => ({ image })),
      network ? tinyConfig : small.encoder,
      network,
      {
        cache: join(root, 'cache'),
        signal: controller.signal,
        onProgress(done) {
          read.push(done);
          controller.abort();
        },
      },
    );
    await expect(opened).rejects.toThrow('aborted');
    expect(read).toEqual([1]);
  }
});

test('views of an image have their features; only those that are missing are made', async () => {
  const pixels = Uint8Array.from({ length: 108 }, (_, i) => (41 * i) % 251);
  const picture = { width: 6, height: 6, pixels };
  await open([picture]);
  const features = await cachedFeatures(extractor, [picture], { folder: join(root, 'cache'), views: 3 });
  expect([made, features.count, features.views]).toEqual([3, 1, 3]);
  const seen = [0, 1, 2].map((view) => {
    const [ours, again] = [features.read([0], [view]), extractor.extract([viewOf(picture, view)])];
    const expected = [...again.dataSync()];
    const values = [...ours.dataSync()];
    values.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] as number))).toBeLessThanOrEqual(
        2 ** -10 * Math.abs(value) + 1e-6,
      );
    });
    tf.dispose([ours, again]);
    return `${values}`;
  });
  expect(new Set(seen).size).toBe(3);
});

test('pixels have features too, and each network, size and range has its own', async () => {
  const picture = { width: 6, height: 6, pixels: new Uint8Array(108).fill(9) };
  expect((await open([picture])).count).toBe(1);
  for (const change of [{ node: 'sums' }, { imageSize: 12, rows: 6, columns: 4 }, { pixelRange: [-1, 1] }]) {
    const config = { ...tinyConfig, ...change } as typeof tinyConfig;
    const other = await FeatureExtractor.load(graphNetwork(), config);
    await cachedFeatures(other, [picture], { folder: join(root, 'cache') });
    other.dispose();
  }
  expect(await readdir(join(root, 'cache'))).toHaveLength(4);
});

test('an image that cannot be read, and features that were damaged, are errors with their file', async () => {
  const bad = join(root, 'bad.png');
  await writeFile(bad, 'no image');
  await expect(open([...images, bad])).rejects.toThrow(`${bad}: it is not an image that can be read`);
  const features = await open(images.slice(0, 1));
  const [folder] = await readdir(join(root, 'cache'));
  for (const name of await readdir(join(root, 'cache', folder as string))) {
    await writeFile(join(root, 'cache', folder as string, name), 'no features');
  }
  expect(() => features.read([0])).toThrow(/\.safetensors: not the features of an image\. Remove the file/);
});
