import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ModelSource, memorySource } from '@heed/attention-core';
import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { captioningPresets, FeatureExtractor, type FeaturesConfig, type Picture } from '../src/index.js';
import { readImage } from '../src/node/index.js';
import { expectedFeatures, graphFiles, graphNetwork, layersNetwork, tinyConfig } from './tiny-network.js';

beforeAll(async () => void (await useBackend()));

function somePicture(size: number, seed: number): Picture {
  const draw = randomSource(seed);
  const pixels = Uint8Array.from({ length: size * size * 3 }, () => 256 * draw());
  return { width: size, height: size, pixels };
}
const pictures = [somePicture(6, 1), somePicture(6, 2)];

describe.each<[kind: string, open: () => Promise<ModelSource> | ModelSource]>([
  ['graph', graphNetwork],
  ['layers', layersNetwork],
])('a %s model', (_, open) => {
  test('gives the features of the node that is asked for, and leaves nothing behind', async () => {
    const network = await open();
    const before = tf.memory().numTensors;
    const config: FeaturesConfig = { ...tinyConfig, pixelRange: [-1, 3] };
    const extractor = await FeatureExtractor.load(network, config);
    const features = extractor.extract(pictures);
    expect(features.shape).toEqual([2, 6, 9]);
    const values = [...features.dataSync()];
    const expected = pictures.flatMap(({ pixels }) => expectedFeatures(pixels, [-1, 3]));
    values.forEach((value, i) => void expect(value).toBeCloseTo(expected[i] as number, 4));
    features.dispose();
    extractor.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('names a node that is not there', async () => {
    await expect(FeatureExtractor.load(await open(), { ...tinyConfig, node: 'nowhere' })).rejects.toThrow(
      /model\.json: .*nowhere/,
    );
  });
});

test('a graph made for images of one size reads those of another, and has more places for it', async () => {
  const extractor = await FeatureExtractor.load(graphNetwork(), {
    ...tinyConfig,
    imageSize: 12,
    rows: 6,
    columns: 4,
  });
  // The first places of the first rows see what the whole of the smaller picture is.
  const large = somePicture(12, 3);
  const corner = Uint8Array.from({ length: 108 }, (_, i) => {
    const [row, column] = [Math.floor(i / 18), i % 18];
    return large.pixels[row * 36 + column] as number;
  });
  const features = extractor.extract([large]);
  const expected = expectedFeatures(corner, tinyConfig.pixelRange);
  const places = features.arraySync()[0] as number[][];
  const seen = [0, 1, 4, 5, 8, 9].flatMap((place) => places[place] as number[]);
  seen.forEach((value, i) => void expect(value).toBeCloseTo(expected[i] as number, 4));
  features.dispose();
  extractor.dispose();
});

test('a picture of another size is resized', async () => {
  const extractor = await FeatureExtractor.load(graphNetwork(), tinyConfig);
  const pixels = new Uint8Array(20 * 9 * 3).fill(51);
  const [small, large] = [
    { width: 6, height: 6, pixels: pixels.slice(0, 108) },
    { width: 20, height: 9, pixels },
  ];
  const features = extractor.extract([small, large]);
  const [one, other] = features.arraySync();
  other?.flat().forEach((value, i) => void expect(value).toBeCloseTo(one?.flat()[i] as number, 4));
  features.dispose();
  expect(() => extractor.extract([{ width: 5, height: 6, pixels: pixels.slice(0, 108) }])).toThrow(
    'the picture: 108 values for 5 x 6 pixels',
  );
  extractor.dispose();
});

describe('the digest', () => {
  const digestOf = async (source: ModelSource, config = tinyConfig) => {
    const extractor = await FeatureExtractor.load(source, config);
    extractor.dispose();
    return extractor.digest;
  };

  test('is that of the files and the node; another network is refused', async () => {
    const digest = await digestOf(graphNetwork());
    expect(await digestOf(graphNetwork(), { ...tinyConfig, digest })).toBe(digest);
    expect(await digestOf(graphNetwork(), { ...tinyConfig, node: 'sums' })).not.toBe(digest);
    const other = { ...graphFiles(), 'part1.bin': new Uint8Array(100) };
    await expect(digestOf(memorySource(other), { ...tinyConfig, digest })).rejects.toThrow(
      /not the network whose features the model was trained on: that is a network/,
    );
  });
});

test('run op by op, it gives the same features', async () => {
  const found = [];
  for (const eager of [false, true]) {
    const extractor = await FeatureExtractor.load(graphNetwork(), tinyConfig, { eager });
    const { kernelNames } = await tf.profile(() => extractor.extract(pictures));
    expect(kernelNames.includes('Conv2D')).toBe(eager);
    const features = extractor.extract(pictures);
    found.push(features.dataSync());
    features.dispose();
    extractor.dispose();
  }
  expect(found[1]).toEqual(found[0]);
});

test('a folder without a network is one clear error', async () => {
  await expect(FeatureExtractor.load('/nowhere', tinyConfig)).rejects.toThrow(
    '/nowhere/model.json: there is no such file. Give the folder or URL of a TensorFlow.js model',
  );
});

test.each<[what: string, changes: Record<string, Uint8Array | string | undefined>, message: RegExp]>([
  ['no topology', { 'model.json': '{}' }, /model\.json: it has no modelTopology/],
  ['a missing shard', { 'part2.bin': undefined }, /part2\.bin: there is no such file/],
  ['a shard that is cut short', { 'part2.bin': new Uint8Array(7) }, /model\.json: /],
])('%s is one clear error', async (_, changes, message) => {
  const files = Object.entries({ ...graphFiles(), ...changes }).flatMap(([name, content]) =>
    content === undefined ? [] : [[name, content] as const],
  );
  const before = tf.memory().numTensors;
  await expect(FeatureExtractor.load(memorySource(Object.fromEntries(files)), tinyConfig)).rejects.toThrow(
    message,
  );
  expect(tf.memory().numTensors).toBe(before);
});

test('a grid of another size than the configuration says is refused', async () => {
  const before = tf.memory().numTensors;
  await expect(FeatureExtractor.load(graphNetwork(), { ...tinyConfig, channels: 8 })).rejects.toThrow(
    'map makes [1,3,2,9]; the configuration says [1, 3, 2, 8]',
  );
  expect(tf.memory().numTensors).toBe(before);
});

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, v, i) => sum + v * (y[i] as number), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const data = process.env.HEED_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const golden = `${data}/mobilenet/golden.json`;

describe.skipIf(!existsSync(golden))(`MobileNet in ${data} (skipped where it is absent: HEED_DATA)`, () => {
  interface Reference {
    readonly mean: number;
    readonly std: number;
    readonly first8: readonly number[];
    readonly centre8: readonly number[];
  }
  test.each(['v1_1.0_224', 'v2_1.0_224'])('%s gives the features that TensorFlow gives', async (name) => {
    const { practical, 'xu2015-soft': xu } = captioningPresets;
    const encoder = (name.startsWith('v1') ? xu : practical).encoder as FeaturesConfig;
    const { images } = JSON.parse(readFileSync(golden, 'utf8')) as {
      images: Record<string, Record<string, Record<string, Reference>>>;
    };
    const extractor = await FeatureExtractor.load(`${data}/mobilenet/${name}`, encoder);
    for (const [file, nodes] of Object.entries(images)) {
      const { mean, std, first8, centre8 } = (nodes[name] as Record<string, Reference>)[
        encoder.node
      ] as Reference;
      const picture = await readImage(`${data}/flickr8k/images/${file}`, { size: 224 });
      const features = extractor.extract([picture]);
      const values = features.dataSync<'float32'>();
      features.dispose();
      const centre =
        (Math.floor(encoder.rows / 2) * encoder.columns + Math.floor(encoder.columns / 2)) * encoder.channels;
      const ours = [...values.subarray(0, 8), ...values.subarray(centre, centre + 8)];
      // Another JPEG decoder gives pixels that differ by a few levels.
      expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length - mean)).toBeLessThan(
        0.05 * std,
      );
      expect(cosine(ours, [...first8, ...centre8])).toBeGreaterThan(0.97);
    }
    extractor.dispose();
  });
});
