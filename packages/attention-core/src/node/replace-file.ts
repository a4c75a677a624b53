import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { ModelFileError, reasonOf } from '../persistence/model-file-error.js';
import { writeSynced } from './write-synced.js';

/**
 * Replaces one file at once: it is written beside its place, synced and renamed, so that whoever reads it finds the
 * old content or the new.
 *
 * @throws ModelFileError if it cannot be written; what was there before is still there then
 */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeSynced(fresh, content);
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => {});
    throw new ModelFileError(
      path,
      `it could not be written: ${reasonOf(error)}. What was there before is not lost.`,
      { cause: error },
    );
  }
}
