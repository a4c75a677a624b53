import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findModels, networkFiles } from '../src/find-models.js';
import { MODEL_FILES } from '../src/models.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-models-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function writeModel(name: string, files: readonly string[]): Promise<void> {
  await mkdir(join(folder, name));
  for (const file of files) await writeFile(join(folder, name, file), '{}');
}

test('the models that are installed are found', () => {
  const names = findModels().map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['translation-fr-en', 'image-captioning-scenes', 'speech-recognition-tones']),
  );
});

test('a folder of models comes before the packages, unless a file is missing there', async () => {
  await writeModel('translation-fr-en', MODEL_FILES);
  await writeModel('image-captioning-scenes', MODEL_FILES.slice(1));
  const folders = Object.fromEntries(
    findModels({ models: folder }).map((found) => [found.name, found.folder]),
  );
  expect(folders['translation-fr-en']).toBe(join(folder, 'translation-fr-en'));
  expect(folders['image-captioning-scenes']).not.toContain(folder);
});

test('models of photos are found where the network is whose features they read', async () => {
  await writeModel('image-captioning-flickr8k', MODEL_FILES);
  const names = (features?: string) =>
    findModels({ models: folder, ...(features !== undefined && { features }) }).map(({ name }) => name);
  expect(names()).not.toContain('image-captioning-flickr8k');
  expect(names(folder)).toContain('image-captioning-flickr8k');
});

test('a network’s files are model.json and its weights; what is missing or damaged is named', async () => {
  const file = join(folder, 'model.json');
  expect(() => networkFiles(folder)).toThrow(`${file}: there is no such file`);
  for (const content of ['{', '{}', '{"weightsManifest":[{"paths":["../secret"]}]}']) {
    await writeFile(file, content);
    expect(() => networkFiles(folder)).toThrow(`${file}: it is not the model.json of a TensorFlow.js model`);
  }
  await writeFile(file, '{"weightsManifest":[{"paths":["a.bin"]},{"paths":["b.bin"]}]}');
  await writeFile(join(folder, 'a.bin'), 'a');
  expect(() => networkFiles(folder)).toThrow(`${join(folder, 'b.bin')}: there is no such file`);
  await writeFile(join(folder, 'b.bin'), 'b');
  expect(networkFiles(folder)).toEqual(['model.json', 'a.bin', 'b.bin']);
});

test('a folder that is not there is an error', () => {
  expect(() => findModels({ models: join(folder, 'no') })).toThrow('no: there is no such folder of models');
});
