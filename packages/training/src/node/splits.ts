import { stat } from 'node:fs/promises';

const VALIDATION_NAMES = ['validation', 'val', 'dev', 'valid'];

/**
 * The split that a name means: `validation`, `val`, `dev` and `valid` mean the same; `test` also means a single split
 * whose name begins with `test`.
 *
 * @param path of the data, for the message
 * @throws if there is no such split, with those there are
 */
export function resolveSplit(requested: string, available: readonly string[], path: string): string {
  if (available.includes(requested)) return requested;
  if (VALIDATION_NAMES.includes(requested)) {
    const validation = VALIDATION_NAMES.find((name) => available.includes(name));
    if (validation) return validation;
  }
  const [test, ...others] = available.filter((name) => name.startsWith('test'));
  if (requested === 'test' && test !== undefined && others.length === 0) return test;
  throw new Error(`${path}: no split "${requested}". There are: ${available.join(', ')}.`);
}

/** What stands at a path. @throws if that cannot be found out */
export async function kindOf(path: string): Promise<'file' | 'folder' | 'missing'> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new Error(`${path}: cannot be read (${error.code ?? error.message}).`);
  });
  if (!found) return 'missing';
  return found.isDirectory() ? 'folder' : 'file';
}
