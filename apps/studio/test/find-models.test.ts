import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findModels } from '../src/find-models.js';
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
  const folders = Object.fromEntries(findModels(folder).map((found) => [found.name, found.folder]));
  expect(folders['translation-fr-en']).toBe(join(folder, 'translation-fr-en'));
  expect(folders['image-captioning-scenes']).not.toContain(folder);
});

test('a folder that is not there is an error', () => {
  expect(() => findModels(join(folder, 'no'))).toThrow('no: there is no such folder of models');
});
