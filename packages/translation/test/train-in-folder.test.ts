import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@heed/backend';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TranslationConfig } from '../src/config.js';
import { Translator, translationPresets } from '../src/index.js';
import {
  type TrainInFolderOptions,
  trainTranslatorInFolder,
  writeSyntheticCorpus,
} from '../src/node/index.js';
import { smallConfig } from './small-translator.js';

// On a busy machine.
vi.setConfig({ testTimeout: 600_000 });
beforeAll(async () => void (await useBackend()));

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'heed-training-'));
  await writeSyntheticCorpus(join(root, 'dates'), { train: 60, validation: 5, test: 5, seed: 1 });
});
afterEach(() => rm(root, { recursive: true }));

const config: TranslationConfig = {
  ...smallConfig(),
  training: {
    ...translationPresets.small.training,
    steps: 6,
    batchTokens: 300,
    stepsPerValidation: 2,
    validationSentences: 3,
  },
};

/** Trains, and records every loss. */
async function run(out: string, changes: Partial<TrainInFolderOptions> = {}, stopAfter?: number) {
  const losses: number[] = [];
  const lines: string[] = [];
  const controller = new AbortController();
  const observer = {
    onStep({ step, loss }: { step: number; loss: number }) {
      losses.push(loss);
      if (step === stopAfter) controller.abort();
    },
  };
  const { translator, ...result } = await trainTranslatorInFolder({
    config,
    data: join(root, 'dates'),
    out: join(root, out),
    seed: 1,
    resume: false,
    eager: false,
    observers: [observer],
    signal: controller.signal,
    report: (line) => void lines.push(line),
    ...changes,
  });
  translator.dispose();
  return { ...result, losses, lines };
}

const fileOf = (out: string, file: string) => readFile(join(root, out, file));
const MODEL_FILES = ['config.json', 'model.safetensors', 'tokenizer.json', 'training.json'];

test('the folder is a model that loads and translates, with a checkpoint in it', async () => {
  const { lines, progress } = await run('model');
  expect((await readdir(join(root, 'model'))).sort()).toEqual(['checkpoint', ...MODEL_FILES].sort());
  expect(lines.join('\n')).toMatch(/60 training pairs\n5 validation pairs\n\d+ tokens in the vocabulary/);
  const training = JSON.parse((await fileOf('model', 'training.json')).toString());
  expect(training).toMatchObject({
    task: 'translation',
    seed: 1,
    data: {
      files: ['dates/train.fr', 'dates/train.en'],
      pairs: 60,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
    validation: progress.best,
  });
  const translator = await Translator.load(join(root, 'model'));
  expect(translator.config).toEqual(config);
  const [[best] = []] = await translator.translate(['le 3 mars 1998']);
  expect(Number.isFinite(best?.score)).toBe(true);
  translator.dispose();
});

test('stopped and resumed, it ends with the files that it has when it is not stopped', async () => {
  const whole = await run('whole');
  const first = await run('stopped', {}, 3);
  expect(first.progress.step).toBe(3);
  const second = await run('stopped', { resume: true });
  expect([...first.losses, ...second.losses]).toEqual(whole.losses);
  expect(second.progress.best).toEqual(whole.progress.best);
  for (const file of [
    'config.json',
    'tokenizer.json',
    'model.safetensors',
    'checkpoint/model.safetensors',
    'checkpoint/optimizer.safetensors',
  ]) {
    expect((await fileOf('stopped', file)).equals(await fileOf('whole', file)), file).toBe(true);
  }
});

describe('a folder that holds a training', () => {
  test('is not trained into without resume', async () => {
    await run('model', {}, 1);
    const before = await fileOf('model', 'checkpoint/state.json');
    await expect(run('model')).rejects.toThrow(
      /model already holds a model: give --resume .* or another folder/,
    );
    expect(await fileOf('model', 'checkpoint/state.json')).toEqual(before);
  });

  test.each<[what: string, changes: Partial<TrainInFolderOptions>, message: RegExp]>([
    [
      'another configuration',
      { config: { ...config, training: { ...config.training, clip: 2 } } },
      /config\.training\.clip: 1, and not 2/,
    ],
    ['another seed', { seed: 2 }, /seed: 1, and not 2/],
  ])('is not resumed with %s, and stays as it is', async (_, changes, message) => {
    await run('model', {}, 2);
    const before = await Promise.all(MODEL_FILES.map((file) => fileOf('model', file)));
    await expect(run('model', { resume: true, ...changes })).rejects.toThrow(message);
    expect(await Promise.all(MODEL_FILES.map((file) => fileOf('model', file)))).toEqual(before);
  });

  test('is not resumed with other data, and stays as it is', async () => {
    await run('model', {}, 2);
    const before = await fileOf('model', 'tokenizer.json');
    const file = join(root, 'dates', 'train.fr');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^./, 'Ω'));
    await expect(run('model', { resume: true })).rejects.toThrow(
      /data: "[0-9a-f]{64}", and not "[0-9a-f]{64}"/,
    );
    expect(await fileOf('model', 'tokenizer.json')).toEqual(before);
  });

  test('whose checkpoint is damaged is one clear error', async () => {
    await run('model', {}, 2);
    await writeFile(join(root, 'model', 'checkpoint', 'optimizer.safetensors'), 'not tensors');
    await expect(run('model', { resume: true })).rejects.toThrow(/optimizer\.safetensors: its header claims/);
    await writeFile(join(root, 'model', 'checkpoint', 'state.json'), '{');
    await expect(run('model', { resume: true })).rejects.toThrow(
      /state\.json: as JSON it has an unexpected end/,
    );
  });
});

test('a file where the folder should be, and data that are not there, are errors with their names', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(run('file')).rejects.toThrow(join(root, 'file'));
  await expect(run('model', { data: join(root, 'nothing') })).rejects.toThrow(
    /nothing: no such file or folder/,
  );
  expect(await readdir(root)).not.toContain('model');
});
