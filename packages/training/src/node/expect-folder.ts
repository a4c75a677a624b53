import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * @throws if the path cannot become a folder, since something else stands there or above it, or if nothing may be written
 *   there; nothing is made yet
 */
export async function expectFolder(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`${path}: no folder can be made there (${error.code ?? error.message})`);
  });
  if (found && !found.isDirectory()) throw new Error(`${path}: it is a file, and a folder is expected`);
  for (let place = resolve(path); ; place = dirname(place)) {
    const reason = await access(place, constants.W_OK).then(
      () => undefined,
      ({ code, message }: NodeJS.ErrnoException) => (code === 'ENOENT' ? code : message),
    );
    if (reason === undefined) return;
    if (reason !== 'ENOENT' || place === dirname(place))
      throw new Error(`${path}: no folder can be made or written there: ${reason}`);
  }
}
