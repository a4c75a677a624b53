import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { ModelFileError, reasonOf } from '../persistence/model-file-error.js';

/**
 * Replaces one file at once: it is written beside its place, synced and renamed, so that whoever reads it finds the
 * old content or the new.
 *
 * @throws ModelFileError if it cannot be written; what was there before is still there then
 */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(fresh, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => {});
    throw new ModelFileError(path, `it could not be written: ${reasonOf(error)}. What was there before is not lost.`, { cause: error });
  }
}
