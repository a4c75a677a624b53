import { stat } from 'node:fs/promises';

/** @throws if the path cannot become a folder, since something else stands there or above it; nothing is made yet */
export async function expectFolder(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`${path}: no folder can be made there (${error.code ?? error.message})`);
  });
  if (found && !found.isDirectory()) throw new Error(`${path}: it is a file, and a folder is expected`);
}
