import { readdir, writeFile } from 'node:fs/promises';
import { useBackend } from '@heed/backend';
import sharp from 'sharp';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { expectSameWhenResumed, recordRun } from '../../training/test/recorded-run.js';
import { temporaryFolder } from '../../training/test/temporary-folder.js';
import { type CaptioningConfig, ImageCaptioner, syntheticScenes } from '../src/index.js';
import {
  readImage,
  type TrainCaptionerInFolderOptions,
  trainImageCaptionerInFolder,
} from '../src/node/index.js';
import { smallConfig, tinyFeatures } from './small-captioner.js';
import { graphFiles } from './tiny-network.js';

beforeAll(async () => void (await useBackend()));

const { at } = temporaryFolder();

/** Scenes as a folder of images with a table, and the network whose features are captioned. */
beforeEach(async () => {
  const rows = ['image,caption,split'];
  for (const [i, { image, captions }] of syntheticScenes({ count: 24, seed: 3 }).entries()) {
    const { width, height, pixels } = image;
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(at(`${i}.png`));
    for (const caption of captions) rows.push(`${i}.png,${caption},${i < 18 ? 'train' : 'val'}`);
  }
  await writeFile(at('captions.csv'), rows.join('\n'));
  for (const [name, content] of Object.entries(graphFiles())) await writeFile(at(name), content);
});

const base = smallConfig({ attention: 'hard' }, tinyFeatures);
const config: CaptioningConfig = {
  ...base,
  training: { ...base.training, steps: 6, batchSize: 8, stepsPerValidation: 2, validationImages: 4 },
};

/** Trains, and records every loss. */
async function run(out: string, changes: Partial<TrainCaptionerInFolderOptions> = {}, stopAfter?: number) {
  const { options, ...recorded } = recordRun(stopAfter);
  const { captioner, ...result } = await trainImageCaptionerInFolder({
    config,
    data: at(),
    features: at(),
    cache: at('cache'),
    out: at(out),
    ...options,
    ...changes,
  });
  captioner.dispose();
  return { ...result, ...recorded };
}

test('stopped and resumed, it ends with the files that it has when it is not stopped, its baseline among them', async () => {
  const { lines, training } = await expectSameWhenResumed(run, at);
  expect(lines.join('\n')).toMatch(/18 training images, 18 captions\n6 validation images/);
  expect(training).toMatchObject({ task: 'image-captioning', data: { images: 18, captions: 18 } });
});

test('the folder is a model that knows its network, and captions an image file', async () => {
  await run('model');
  expect(await readdir(at('model'))).toEqual(expect.arrayContaining(['config.json', 'model.safetensors']));
  const captioner = await ImageCaptioner.load(at('model'), { features: at() });
  const picture = await readImage(at('0.png'), { size: captioner.imageSize, preview: true });
  const { score, attention } = await captioner.caption(picture);
  expect(Number.isFinite(score)).toBe(true);
  expect(attention?.input).toMatchObject({ width: 64, height: 64, name: '0.png' });
  captioner.dispose();
  await writeFile(at('part1.bin'), new Uint8Array(100));
  await expect(ImageCaptioner.load(at('model'), { features: at() })).rejects.toThrow(
    /not the network whose features the model was trained on/,
  );
});

test('another model can be started from, and settings that do not go together are named', async () => {
  await run('first');
  const tuned = await run('tuned', { from: at('first') });
  expect(tuned.losses[0]).not.toBe((await run('again')).losses[0]);
  const { features: _, ...without } = {
    config,
    data: at(),
    features: at(),
    out: at('new'),
    seed: 1,
    resume: false,
    eager: false,
    observers: [],
    report: () => {},
  };
  await expect(trainImageCaptionerInFolder(without)).rejects.toThrow(
    /captions the features of another network: a network. Give the folder/,
  );
  await expect(run('new', { config: smallConfig() })).rejects.toThrow(
    /the configuration has an encoder of its own/,
  );
  await expect(run('first')).rejects.toThrow(/already holds a model/);
  expect(await readdir(at())).not.toContain('new');
});
