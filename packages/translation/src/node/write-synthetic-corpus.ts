import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { splitByTarget } from '../data/parallel-split.js';
import { syntheticDates } from '../data/synthetic.js';

/**
 * Writes synthetic dates ({@link syntheticDates}) as a corpus in Multi30k's form: `train`, `val` and `test`,
 * each as `.fr` (spelled dates, French and English) and `.en` (ISO dates). No date is in two splits.
 *
 * @param folder made if it does not exist; files of these names are replaced
 * @param options pairs a split; validation and test must be well below the 36,525 dates there are
 */
export async function writeSyntheticCorpus(
  folder: string,
  options: { train: number; validation: number; test: number; seed: number },
): Promise<void> {
  const { train, validation, test, seed } = options;
  const dates = syntheticDates({ count: train + validation + test, seed });
  const split = splitByTarget(dates, { validation, test });
  await mkdir(folder, { recursive: true });
  for (const [name, pairs] of [
    ['train', split.train],
    ['val', split.validation],
    ['test', split.test],
  ] as const) {
    await writeFile(join(folder, `${name}.fr`), pairs.map((pair) => `${pair.source}\n`).join(''));
    await writeFile(join(folder, `${name}.en`), pairs.map((pair) => `${pair.target}\n`).join(''));
  }
}
