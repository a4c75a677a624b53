import { stat } from 'node:fs/promises';

const VALIDATION_NAMES = ['validation', 'val', 'dev', 'valid', 'trial'];

/**
 * The split that a name means: `validation`, `val`, `dev`, `valid` and SemEval's `trial` mean the same; `test` also
 * means a single split whose name begins with `test`.
 */
export function findSplit(requested: string, available: readonly string[]): string | undefined {
  if (available.includes(requested)) return requested;
  if (VALIDATION_NAMES.includes(requested)) return VALIDATION_NAMES.find((name) => available.includes(name));
  const [test, ...others] = available.filter((name) => name.startsWith('test'));
  return requested === 'test' && others.length === 0 ? test : undefined;
}

/**
 * The same where there must be one.
 *
 * @param path of the data, for the message
 * @throws if there is no such split, with those there are
 */
export function resolveSplit(requested: string, available: readonly string[], path: string): string {
  const found = findSplit(requested, available);
  if (found !== undefined) return found;
  const others = available.length > 0 ? `There are: ${available.join(', ')}.` : 'It is empty.';
  throw new Error(`${path}: no split "${requested}". ${others}`);
}

/**
 * The file of each split in a folder.
 *
 * @param files each with the split that its name tells
 * @throws if a split has two files
 */
export function fileOfEachSplit(
  folder: string,
  files: Iterable<readonly [split: string, name: string]>,
): Map<string, string> {
  const bySplit = new Map<string, string>();
  for (const [split, name] of files) {
    const other = bySplit.get(split);
    if (other !== undefined)
      throw new Error(`${folder}: the split "${split}" is in ${other} and in ${name}. Keep one of the two.`);
    bySplit.set(split, name);
  }
  return bySplit;
}

/**
 * The paths that a data set is joined of: `path,path`, unless something stands at that very path.
 *
 * @throws if there are only commas
 */
export async function joinedPaths(path: string): Promise<readonly [string, ...string[]]> {
  if (!path.includes(',') || (await kindOf(path)) !== 'missing') return [path];
  const [first, ...others] = path
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  if (first === undefined) throw new Error(`${path}: no path. Expected one, or several with commas between.`);
  return [first, ...others];
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
