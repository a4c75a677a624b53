import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ModelFileError, quote, reasonOf } from '../persistence/model-file-error.js';
import { checkFileName } from '../persistence/model-source.js';
import { writeSynced } from './write-synced.js';

/**
 * Replaces a whole folder by one with these files, at once: they are written to a folder beside it and synced,
 * the old folder is moved away, the new one takes its name, the old one is removed. Wherever this is stopped,
 * `readFolder` and `folderSource` find the old files or the new ones, and the next write tidies up.
 *
 * Only one process may write a folder at a time.
 *
 * @throws ModelFileError if the folder cannot be written, or if it holds anything besides files of these
 *   names, which would be lost; nothing of the old folder is lost then
 */
export async function writeFolder(
  directory: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  const folder = resolve(directory);
  for (const file of Object.keys(files)) checkFileName(folder, file);
  if (folder === process.cwd() || folder === dirname(folder)) {
    throw new ModelFileError(folder, 'the working directory cannot be replaced; name a folder in it');
  }
  const old = beside(folder, OLD);
  const fresh = `${beside(folder, NEW)}${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(folder), { recursive: true });
    await tidy(folder);
    const replaces = await isThere(folder);
    if (replaces) await checkReplaceable(folder, files);

    await mkdir(fresh);
    for (const [file, content] of Object.entries(files)) await writeSynced(join(fresh, file), content);
    await syncDirectory(fresh);

    if (replaces) await rename(folder, old);
    await rename(fresh, folder);
    await syncDirectory(dirname(folder));
  } catch (error) {
    // Should this fail as well, readers find the old folder where it is.
    await tidy(folder).catch(() => {});
    if (error instanceof ModelFileError) throw error;
    const problem = `it could not be written: ${reasonOf(error)}`;
    throw new ModelFileError(folder, `${problem}. Nothing that was there before is lost.`, { cause: error });
  }
  // The new files are in place. If the old folder cannot be removed now, the next write does it.
  await rm(old, { recursive: true, force: true }).catch(() => {});
}

/**
 * The folder to read: `directory`, or what a write that was stopped between its two renames moved away.
 *
 * @throws ModelFileError if there is neither
 */
export async function readableFolder(directory: string): Promise<string> {
  const folder = resolve(directory);
  // Once more at the end: a write that runs meanwhile may have put the new folder in place.
  for (const candidate of [folder, beside(folder, OLD), folder]) {
    const found = await stat(candidate).catch(() => undefined);
    if (found?.isDirectory()) return candidate;
    if (found) throw new ModelFileError(folder, 'it is a file; give the folder that holds the model');
  }
  throw new ModelFileError(folder, 'there is no such folder. Check the path, or train a model into it.');
}

const OLD = '.heed-old';
const NEW = '.heed-new-';

function beside(folder: string, suffix: string): string {
  return join(dirname(folder), `.${basename(folder)}${suffix}`);
}

/** Puts right what a stopped write left behind. */
async function tidy(folder: string): Promise<void> {
  const old = beside(folder, OLD);
  if (await isThere(old)) {
    if (await isThere(folder)) await rm(old, { recursive: true });
    else await rename(old, folder);
  }
  const unfinished = basename(beside(folder, NEW));
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(unfinished) || !/^[0-9a-f]{12}$/.test(name.slice(unfinished.length))) continue;
    await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

async function checkReplaceable(folder: string, files: Readonly<Record<string, unknown>>): Promise<void> {
  const found = await lstat(folder);
  if (!found.isDirectory()) {
    const kind = found.isSymbolicLink() ? 'a symbolic link' : 'a file';
    throw new ModelFileError(folder, `it is ${kind} and will not be replaced; name a folder`);
  }
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile() && Object.hasOwn(files, entry.name)) continue;
    const problem = `it holds ${quote(entry.name)}, which replacing the folder would delete`;
    throw new ModelFileError(folder, `${problem}. Move it away, or choose another folder.`);
  }
}

async function syncDirectory(path: string): Promise<void> {
  // Windows has no way to sync a folder.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
