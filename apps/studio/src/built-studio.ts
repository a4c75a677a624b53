import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildStudio } from './build-studio.js';
import { findModels, type StudioFiles } from './find-models.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/** Names, sizes and times of all that the page is made of. */
async function keyOf(files: StudioFiles): Promise<string> {
  const packages = await readdir(join(ROOT, 'packages'));
  const folders = [
    ...packages.map((name) => join(ROOT, 'packages', name, 'src')),
    fileURLToPath(new URL('.', import.meta.url)),
    ...findModels(files).map(({ folder }) => folder),
    ...(files.features === undefined ? [] : [files.features]),
  ].filter((folder) => existsSync(folder));
  const listed = await Promise.all(
    folders.map(async (folder) => {
      const files = await readdir(folder, { recursive: true });
      return files.sort().map((file) => join(folder, file));
    }),
  );
  const digest = createHash('sha256');
  for (const file of [join(ROOT, 'pnpm-lock.yaml'), ...listed.flat()]) {
    const { size, mtimeMs } = await stat(file);
    digest.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return digest.digest('hex');
}

/** The folder of the page, built anew if anything that it is made of has changed. */
export async function builtStudio(files: StudioFiles): Promise<string> {
  const out = join(DIST, 'page');
  const keyFile = join(DIST, 'key');
  const key = await keyOf(files);
  const built = await readFile(keyFile, 'utf8').catch(() => undefined);
  if (built === key && existsSync(join(out, 'index.html'))) return out;
  console.log('Building the page …');
  await mkdir(DIST, { recursive: true });
  await buildStudio(out, files);
  await writeFile(keyFile, key);
  return out;
}
