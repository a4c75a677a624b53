import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ModelFileError, reasonOf } from '../persistence/model-file-error.js';
import {
  checkFileName,
  checkFileSize,
  MAXIMUM_FILE_BYTES,
  type ModelSource,
} from '../persistence/model-source.js';
import { readableFolder } from './write-folder.js';

/** A model's files in a folder. Links that lead out of the folder are not followed. */
export function folderSource(directory: string): ModelSource {
  const location = resolve(directory);
  return {
    location,
    async read(file, maximumBytes = MAXIMUM_FILE_BYTES) {
      checkFileName(location, file);
      return readPlainFile(await readableFolder(location), file, maximumBytes);
    },
    async has(file) {
      checkFileName(location, file);
      const path = join(await readableFolder(location), file);
      return lstat(path).then(
        () => true,
        (error) => {
          if (error.code === 'ENOENT') return false;
          throw new ModelFileError(path, `it could not be read: ${reasonOf(error)}`, { cause: error });
        },
      );
    },
  };
}

/**
 * Reads every file of a folder that `writeFolder` wrote. Folders in it are left out.
 *
 * @throws ModelFileError if there is no such folder, or a file in it cannot be read
 */
export async function readFolder(directory: string): Promise<Record<string, Uint8Array>> {
  const folder = await readableFolder(directory);
  const files: [string, Uint8Array][] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    files.push([entry.name, await readPlainFile(folder, entry.name, MAXIMUM_FILE_BYTES)]);
  }
  return Object.fromEntries(files);
}

async function readPlainFile(folder: string, file: string, maximumBytes: number): Promise<Uint8Array> {
  const where = join(folder, file);
  try {
    const path = await realpath(where);
    if (dirname(path) !== (await realpath(folder))) {
      throw new ModelFileError(where, 'it is a link out of the folder; put the file itself there');
    }
    // Before it is opened: opening a named pipe waits for a writer, a device may never end.
    const found = await stat(path);
    if (!found.isFile()) throw new ModelFileError(where, 'it is not a plain file; put a plain file there');
    checkFileSize(where, found.size, maximumBytes);
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (error) {
    if (error instanceof ModelFileError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const problem = missing ? 'there is no such file' : `it could not be read: ${reasonOf(error)}`;
    throw new ModelFileError(where, `${problem}. A model is one whole folder: fetch or write it again.`, {
      cause: error,
    });
  }
}
