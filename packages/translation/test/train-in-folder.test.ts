import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { decodeSafetensors, encodeSafetensors } from '@heed/attention-core';
import { useBackend } from '@heed/backend';
import { ensembleWeights, type TrainingObserver } from '@heed/training';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectSameWhenResumed, recordRun } from '../../training/test/recorded-run.js';
import { temporaryFolder } from '../../training/test/temporary-folder.js';
import type { TranslationConfig } from '../src/config.js';
import { Translator, translationPresets } from '../src/index.js';
import {
  type TrainTranslatorInFolderOptions,
  trainTranslatorInFolder,
  writeSyntheticCorpus,
} from '../src/node/index.js';
import { smallConfig } from './small-translator.js';

beforeAll(async () => void (await useBackend()));

const { at } = temporaryFolder();

beforeEach(async () => {
  await writeSyntheticCorpus(at('dates'), { train: 60, validation: 5, test: 5, seed: 1 });
});

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
async function run(out: string, changes: Partial<TrainTranslatorInFolderOptions> = {}, stopAfter?: number) {
  const { options, ...recorded } = recordRun(stopAfter);
  const { translator, ...result } = await trainTranslatorInFolder({
    config,
    data: at('dates'),
    out: at(out),
    ...options,
    ...changes,
  });
  translator.dispose();
  return { ...result, ...recorded };
}

const fileOf = (out: string, file: string) => readFile(at(out, file));
const weightsOf = async (out: string) =>
  decodeSafetensors(await fileOf(out, 'model.safetensors'), out).tensors;
const MODEL_FILES = ['config.json', 'model.safetensors', 'tokenizer.json', 'training.json'];

test('the folder is a model that loads and translates, with a checkpoint in it', async () => {
  const { lines, progress } = await run('model');
  expect((await readdir(at('model'))).sort()).toEqual(['checkpoint', ...MODEL_FILES].sort());
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
  const translator = await Translator.load(at('model'));
  expect(translator.config).toEqual(config);
  const [[best] = []] = await translator.translate(['le 3 mars 1998']);
  expect(Number.isFinite(best?.score)).toBe(true);
  translator.dispose();
});

test('started from a model, it goes on with its weights, its tokenizer and its network, also after a stop', async () => {
  await run('first');
  // Another corpus has other letters, and the wanted configuration another width and another dropout.
  await writeSyntheticCorpus(at('others'), { train: 40, validation: 5, test: 5, seed: 9 });
  const dropout = { embedding: 0, encoder: 0, readout: 0.5 };
  const learningRate = { peak: 1e-7, warmUp: 0, decay: 'none' } as const;
  const wanted = {
    ...config,
    network: { ...config.network, decoderUnits: 9, dropout },
    training: { ...config.training, learningRate },
  };
  const changes = { from: at('first'), data: at('others'), config: wanted };
  const whole = await run('tuned', changes);
  const [before, after] = [await weightsOf('first'), await weightsOf('tuned')];
  expect([...after.keys()]).toEqual([...before.keys()]);
  for (const [name, { values }] of after) {
    const start = before.get(name)?.values as ArrayLike<number>;
    Array.from(values).forEach((value, i) => void expect(value).toBeCloseTo(start[i] as number, 5));
  }
  const found = JSON.parse((await fileOf('tuned', 'config.json')).toString());
  expect(found.network).toEqual({ ...config.network, dropout });
  expect((await fileOf('tuned', 'tokenizer.json')).equals(await fileOf('first', 'tokenizer.json'))).toBe(
    true,
  );
  expect(JSON.parse((await fileOf('tuned', 'training.json')).toString()).from).toBe(at('first'));

  await run('stopped', changes, 3);
  const resumed = await run('stopped', { ...changes, resume: true });
  expect(resumed.losses).toEqual(whole.losses.slice(3));
  const earlier = { data: at('others'), config: found as TranslationConfig, resume: true };
  await run('again', changes, 3);
  expect((await run('again', earlier)).losses).toEqual(whole.losses.slice(3));
  expect(JSON.parse((await fileOf('again', 'training.json')).toString())).toMatchObject({
    from: at('first'),
    validation: whole.progress.best,
  });
});

test('stopped and resumed, it ends with the files that it has when it is not stopped, and leaves nothing behind', async () => {
  await expectSameWhenResumed(run, at);
});

test('killed in its first steps, it goes on from what it began with: the seed, and the model it started from', async () => {
  await run('first');
  const changes = { from: at('first'), seed: 3 };
  const whole = await run('whole', changes);
  const killed: TrainingObserver = {
    onStep() {
      throw new Error('killed');
    },
  };
  const dies = { ...changes, observers: [killed] };
  await expect(run('killed', dies)).rejects.toThrow('killed');
  await expect(run('killed', { resume: true })).rejects.toThrow('seed: 3, and not 1');
  const resumed = await run('killed', { seed: 3, resume: true });
  expect(resumed.losses).toEqual(whole.losses);
  await expect(run('again', dies)).rejects.toThrow('killed');
  expect((await run('again', changes)).losses).toEqual(whole.losses);
});

test('from an ensemble, it starts with the first of its networks', async () => {
  await run('first');
  const [single, model] = [
    await weightsOf('first'),
    JSON.parse((await fileOf('first', 'config.json')).toString()),
  ];
  await cp(at('first'), at('both'), { recursive: true });
  await rm(at('both/checkpoint'), { recursive: true });
  await writeFile(at('both/config.json'), JSON.stringify({ ...model, ensemble: [model.network] }));
  await writeFile(at('both/model.safetensors'), encodeSafetensors(ensembleWeights([single, single])));
  const [alone, together] = [
    await run('alone', { from: at('first') }),
    await run('together', { from: at('both') }),
  ];
  expect(together.losses).toEqual(alone.losses);
  expect(together.lines).toContainEqual(
    expect.stringMatching(/both is 2 networks together: starting from the first/),
  );
});

test('after an error the folder is free, and where nothing was trained there is none', async () => {
  const tooShort = { ...config, training: { ...config.training, maximumLength: 1 } };
  await expect(run('model', { config: tooShort })).rejects.toThrow('none of 60 pairs');
  await run('model');
  await expect(run('none', { data: at('nowhere') })).rejects.toThrow('nowhere');
  await expect(readdir(at('none'))).rejects.toThrow('ENOENT');
});

test('killed before its first checkpoint, it begins again with the model it was to start from', async () => {
  await run('first');
  const whole = await run('whole', { from: at('first') });
  await run('killed', { from: at('first') }, 1);
  await rm(at('killed/checkpoint'), { recursive: true });
  await rm(at('killed/model.safetensors'), { force: true });
  expect((await run('killed', { resume: true })).losses).toEqual(whole.losses);
});

test('a model without a checkpoint is not trained from the first step in its own place', async () => {
  await run('packed');
  await rm(at('packed/checkpoint'), { recursive: true });
  const before = await Promise.all(MODEL_FILES.map((file) => fileOf('packed', file)));
  await expect(run('packed', { resume: true })).rejects.toThrow(
    /packed holds a trained model without a checkpoint to go on from: give --from .*packed, and another folder/,
  );
  expect(await Promise.all(MODEL_FILES.map((file) => fileOf('packed', file)))).toEqual(before);
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

  test.each<[what: string, changes: Partial<TrainTranslatorInFolderOptions>, message: RegExp]>([
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

  test('is not resumed from another model than it was started from', async () => {
    await run('first', {}, 2);
    await run('second', { from: at('first') }, 2);
    const before = await fileOf('second', 'training.json');
    for (const [out, told] of Object.entries({ first: 'null', second: `"${at('first')}"` })) {
      await expect(run(out, { from: at('second'), resume: true })).rejects.toThrow(
        `from: ${told}, and not "${at('second')}"`,
      );
    }
    expect(await fileOf('second', 'training.json')).toEqual(before);
  });

  test('is not resumed with other data, and stays as it is', async () => {
    await run('model', {}, 2);
    const before = await fileOf('model', 'tokenizer.json');
    const file = at('dates', 'train.fr');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^./, 'Ω'));
    await expect(run('model', { resume: true })).rejects.toThrow(
      /data: "[0-9a-f]{64}", and not "[0-9a-f]{64}"/,
    );
    expect(await fileOf('model', 'tokenizer.json')).toEqual(before);
  });

  test('is not resumed with other validation data', async () => {
    await run('model', {}, 2);
    const file = at('dates', 'val.fr');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^./, 'Ω'));
    await expect(run('model', { resume: true })).rejects.toThrow(
      /validation data: "[0-9a-f]{64}", and not "[0-9a-f]{64}"/,
    );
  });

  test('whose checkpoint is damaged is one clear error', async () => {
    await run('model', {}, 2);
    await writeFile(at('model', 'checkpoint', 'optimizer.safetensors'), 'not tensors');
    await expect(run('model', { resume: true })).rejects.toThrow(/optimizer\.safetensors: its header claims/);
    await writeFile(at('model', 'checkpoint', 'state.json'), '{');
    await expect(run('model', { resume: true })).rejects.toThrow(
      /state\.json: as JSON it has an unexpected end/,
    );
  });
});

test('a file where the folder should be, and data that are not there, are errors with their names', async () => {
  await writeFile(at('file'), '');
  await expect(run('file')).rejects.toThrow(at('file'));
  await expect(run('model', { data: at('nothing') })).rejects.toThrow(/nothing: no such file or folder/);
  expect(await readdir(at())).not.toContain('model');
});
