import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSafetensors, ModelFileError, type StoredTensor } from '@heed/attention-core';
import { describe, expect, test } from 'vitest';
import type { Checkpoint, TrainingProgress } from '../src/index.js';
import { folderCheckpoints } from '../src/node/index.js';
import { temporaryFolder } from './temporary-folder.js';

const { at } = temporaryFolder();

const tensor = (...values: number[]): StoredTensor => ({
  dtype: 'F32',
  shape: [values.length],
  values: Float32Array.from(values),
});

const someProgress: TrainingProgress = {
  step: 40,
  epoch: 3,
  batch: 7,
  best: { step: 30, metrics: { bleu: 41.5, chrf: 60 } },
  validationsSinceBest: 1,
  trainingSeconds: 12.25,
};

const checkpointAt = (step: number): Checkpoint => ({
  weights: new Map([['encoder.kernel', tensor(step, -0.1, 1e-30)]]),
  optimizer: new Map([['encoder.kernel/velocity', tensor(0.5, step, 3)]]),
  progress: { ...someProgress, step },
  identity: { seed: 1, config: { network: { cell: 'gru' } }, data: 'abc' },
});

const storeIn = (folder: string) =>
  folderCheckpoints(folder, ({ step, best }) => ({ task: 'test', step, best }));

test('what is saved is what is loaded, bit for bit', async () => {
  const folder = at('new', 'model');
  await storeIn(folder).saveLast(checkpointAt(40));
  expect(await storeIn(folder).load()).toEqual(checkpointAt(40));
});

test('before the first validation there is no best', async () => {
  const checkpoint = { ...checkpointAt(2), progress: { ...someProgress, best: undefined } };
  await storeIn(at()).saveLast(checkpoint);
  expect(await storeIn(at()).load()).toEqual(checkpoint);
});

test('a metric that is not a number leaves the checkpoint readable', async () => {
  const best = { step: 30, metrics: { bleu: 41.5, chrf: Number.NaN } };
  const checkpoint = { ...checkpointAt(40), progress: { ...someProgress, step: 40, best } };
  await storeIn(at()).saveLast(checkpoint);
  expect(await storeIn(at()).load()).toEqual(checkpoint);
});

test('the last one is loaded, and only it is kept', async () => {
  const store = storeIn(at());
  for (const step of [1, 2, 3]) await store.saveLast(checkpointAt(step));
  expect((await store.load())?.progress.step).toBe(3);
  expect(await readdir(at())).toEqual(['checkpoint']);
  expect((await readdir(at('checkpoint'))).sort()).toEqual([
    'model.safetensors',
    'optimizer.safetensors',
    'state.json',
  ]);
});

test('an empty folder and none at all have no checkpoint', async () => {
  await expect(storeIn(at()).loadBest()).rejects.toThrow(/model\.safetensors: there is no such file/);
  expect(await storeIn(at()).load()).toBeUndefined();
  expect(await storeIn(at('nothing')).load()).toBeUndefined();
});

test('the best model is the folder itself, described by training.json', async () => {
  const store = storeIn(at('model'));
  await store.saveBest(checkpointAt(20).weights, someProgress);
  await store.saveLast(checkpointAt(40));
  const { tensors } = decodeSafetensors(await readFile(at('model', 'model.safetensors')), 'model');
  expect(tensors).toEqual(checkpointAt(20).weights);
  expect(await store.loadBest()).toEqual(checkpointAt(20).weights);
  expect(JSON.parse(await readFile(at('model', 'training.json'), 'utf8'))).toEqual({
    task: 'test',
    step: 40,
    best: { step: 30, metrics: { bleu: 41.5, chrf: 60 } },
  });
  expect((await store.load())?.weights).toEqual(checkpointAt(40).weights);
});

describe('a damaged checkpoint is one clear error', () => {
  const file = (name: string) => at('checkpoint', name);
  const progress = { ...someProgress };
  const state = (changes: Record<string, unknown>) =>
    JSON.stringify({ progress: { ...progress, ...changes }, identity: {} });

  const damages: [string, () => Promise<unknown>, RegExp][] = [
    [
      'state.json is not JSON',
      () => writeFile(file('state.json'), '{ "progress": '),
      /state\.json: as JSON it has an unexpected end/,
    ],
    [
      'state.json is empty',
      () => writeFile(file('state.json'), ''),
      /state\.json: as JSON it has an unexpected end/,
    ],
    ['state.json is a list', () => writeFile(file('state.json'), '[]'), /state\.json: .*expected object/],
    [
      'state.json has a negative step',
      () => writeFile(file('state.json'), state({ step: -1 })),
      /state\.json: [\s\S]*progress\.step/,
    ],
    [
      'state.json has a batch of text',
      () => writeFile(file('state.json'), state({ batch: '7' })),
      /state\.json: [\s\S]*progress\.batch/,
    ],
    [
      'state.json has half an epoch',
      () => writeFile(file('state.json'), state({ epoch: 0.5 })),
      /state\.json: [\s\S]*progress\.epoch/,
    ],
    [
      'state.json has a score of text',
      () => writeFile(file('state.json'), state({ best: { step: 1, metrics: { bleu: 'x' } } })),
      /state\.json: [\s\S]*progress\.best\.metrics\.bleu/,
    ],
    [
      'the weights are cut short',
      () => truncate(file('model.safetensors'), 100),
      /model\.safetensors: .*(cut short|cover|header claims)/,
    ],
    [
      'the weights are empty',
      () => truncate(file('model.safetensors'), 0),
      /model\.safetensors: it has 0 bytes/,
    ],
    [
      "the optimizer's state is cut short",
      () => truncate(file('optimizer.safetensors'), 90),
      /optimizer\.safetensors: /,
    ],
    [
      "the optimizer's state is gone",
      () => rm(file('optimizer.safetensors')),
      /optimizer\.safetensors: there is no such file/,
    ],
    [
      'the weights are gone',
      () => rm(file('model.safetensors')),
      /model\.safetensors: there is no such file/,
    ],
  ];

  test.each(damages)('%s', async (_, damage, message) => {
    const store = storeIn(at());
    await store.saveLast(checkpointAt(1));
    await damage();
    await expect(store.load()).rejects.toThrow(message);
  });
});

describe('a save that fails leaves what was there', () => {
  test('a value that cannot be stored', async () => {
    const store = storeIn(at());
    await store.saveLast(checkpointAt(1));
    const bad = { ...checkpointAt(2), optimizer: new Map([['kernel/velocity', tensor(Number.NaN)]]) };
    await expect(store.saveLast(bad)).rejects.toThrow('kernel/velocity');
    expect(await store.load()).toEqual(checkpointAt(1));
  });

  test('a foreign file in the folder, which must not be deleted', async () => {
    const store = storeIn(at());
    await store.saveLast(checkpointAt(1));
    await writeFile(at('checkpoint', 'notes.txt'), 'mine');
    await expect(store.saveLast(checkpointAt(2))).rejects.toThrow(/notes\.txt/);
    expect(await store.load()).toEqual(checkpointAt(1));
    expect(await readFile(at('checkpoint', 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('a file where the folder should be', async () => {
    await writeFile(at('model'), '');
    const store = storeIn(at('model'));
    await expect(store.saveLast(checkpointAt(1))).rejects.toThrow(ModelFileError);
    await expect(store.saveBest(checkpointAt(1).weights, someProgress)).rejects.toThrow(/model/);
  });

  test('a folder where the best model should be', async () => {
    const store = storeIn(at());
    await mkdir(at('model.safetensors'));
    await expect(store.saveBest(checkpointAt(1).weights, someProgress)).rejects.toThrow(ModelFileError);
    expect(await readdir(at())).toEqual(['model.safetensors']);
  });

  test('a write that was cut off half-way is overlooked, and tidied up by the next', async () => {
    const store = storeIn(at());
    await store.saveLast(checkpointAt(1));
    const half = at('.checkpoint.heed-new-0123456789ab');
    await mkdir(half);
    await writeFile(join(half, 'model.safetensors'), 'half');
    expect(await store.load()).toEqual(checkpointAt(1));
    await store.saveLast(checkpointAt(2));
    expect(await readdir(at())).toEqual(['checkpoint']);
    expect(await store.load()).toEqual(checkpointAt(2));
  });
});
