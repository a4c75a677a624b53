import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { useBackend } from '@heed/backend';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { expectSameWhenResumed, recordRun } from '../../training/test/recorded-run.js';
import { temporaryFolder } from '../../training/test/temporary-folder.js';
import { type SpeechConfig, SpeechRecognizer, syntheticTones } from '../src/index.js';
import {
  readAudio,
  type TrainSpeechInFolderOptions,
  trainSpeechRecognizerInFolder,
  writeWav,
} from '../src/node/index.js';
import { smallConfig } from './small-recognizer.js';

beforeAll(async () => void (await useBackend()));

const { at } = temporaryFolder();

/** Tones as a folder of recordings with a table, of which the words are known and a dictionary says the rest. */
beforeEach(async () => {
  await mkdir(at('wav'));
  const rows = ['audio,transcript,speaker,split'];
  for (const [i, { audio, phonemes }] of syntheticTones({ count: 14, seed: 3, symbols: [1, 3] }).entries()) {
    await writeWav(at('wav', `${i}.wav`), audio);
    rows.push(`${i}.wav,${phonemes},s${i % 3},${i < 10 ? 'train' : 'val'}`);
  }
  await writeFile(at('speech.csv'), rows.join('\n'));
  const words = ['low', 'middle', 'high', 'top', 'rise', 'fall', 'soar', 'dive'];
  await writeFile(at('some.dict'), words.map((word) => `${word.toUpperCase()}  ${word}`).join('\n'));
});

const base = smallConfig();
const config: SpeechConfig = {
  ...base,
  features: { ...base.features, normalization: 'speaker' },
  training: {
    ...base.training,
    steps: 6,
    batchFrames: 300,
    speeds: [0.9, 1],
    specAugment: { frequencyMasks: 1, frequencyWidth: 3, timeMasks: 1, timeShare: 0.1 },
    stepsPerValidation: 2,
    validationUtterances: 2,
  },
};

/** Trains, and records every loss. */
async function run(out: string, changes: Partial<TrainSpeechInFolderOptions> = {}, stopAfter?: number) {
  const { options, ...recorded } = recordRun(stopAfter);
  const { recognizer, ...result } = await trainSpeechRecognizerInFolder({
    config,
    data: at(),
    dictionary: at('some.dict'),
    out: at(out),
    ...options,
    ...changes,
  });
  recognizer.dispose();
  return { ...result, ...recorded };
}

test('stopped and resumed, it ends with the files that it has when it is not stopped, and leaves nothing behind', async () => {
  const { lines, training } = await expectSameWhenResumed(run, at);
  expect(lines.join('\n')).toMatch(/10 training utterances, 0 minutes\n4 validation utterances/);
  expect(training).toMatchObject({ task: 'speech-recognition', data: { utterances: 10 } });
});

test('the folder is a model that recognises a file, and another training can start from it', async () => {
  await run('model', { config: { ...config, training: { ...config.training, steps: 2 } } });
  expect(await readdir(at('model'))).toEqual(expect.arrayContaining(['config.json', 'model.safetensors']));
  const recognizer = await SpeechRecognizer.load(at('model'));
  const { score, attention } = await recognizer.recognize(await readAudio(at('wav', '0.wav')));
  expect(Number.isFinite(score)).toBe(true);
  expect(attention).toMatchObject({ input: { name: '0.wav' }, model: 'model' });
  recognizer.dispose();
  const [fresh, tuned] = [await run('again'), await run('tuned', { from: at('model') })];
  expect(tuned.losses[0]).not.toBe(fresh.losses[0]);
  await expect(run('model')).rejects.toThrow(/already holds a model/);
});

test('a word that the dictionary lacks, and a recording that is damaged, are errors before anything is written', async () => {
  await writeFile(at('some.dict'), 'LOW  low');
  await expect(run('new')).rejects.toThrow(/some\.dict: ".*" is not in it/);
  const { dictionary: _, ...without } = { dictionary: '' };
  await expect(run('new', { ...without, dictionary: at('none') })).rejects.toThrow(
    /none: no such dictionary/,
  );
  await writeFile(at('wav', '3.wav'), 'no sound');
  await expect(run('new', { config: { ...config, symbols: 'text' } })).rejects.toThrow(
    /3\.wav: it is not sound/,
  );
  expect(await readdir(at())).not.toContain('new');
});

test('a recording that is too short at a speed is left out, and told', async () => {
  await writeWav(at('wav', '3.wav'), { samples: new Float32Array(400).fill(0.1) });
  const { lines } = await run('new', {
    eager: true,
    config: { ...config, training: { ...config.training, speeds: [1, 1.1], steps: 1 } },
  });
  expect(lines).toContain('1 utterances left out (too short when they are spoken faster)');
});

test('a training goes on only with what its dictionary made of the words', async () => {
  await run('model', { eager: true }, 1);
  const words = await readFile(at('some.dict'), 'utf8');
  await writeFile(at('other.dict'), words.replaceAll('  ', '  deep-'));
  await expect(run('model', { resume: true, dictionary: at('other.dict') })).rejects.toThrow(
    /cannot go on with other settings: (validation )?data: /,
  );
  await writeFile(at('more.dict'), `${words}\nUNHEARD  low`);
  await run('model', { eager: true, resume: true, dictionary: at('more.dict') }, 2);
});

test('a signal ends it before its first step, and nothing is left of it', async () => {
  const controller = new AbortController();
  const reading = { signal: controller.signal, onUtterances: () => controller.abort() };
  await expect(run('new', reading)).rejects.toThrow('aborted');
  expect(await readdir(at())).not.toContain('new');
});
