import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type EntailmentClassifier,
  type EntailmentConfig,
  evaluateEntailmentClassifier,
  type LabelledPair,
} from '@heed/entailment';
import { openSentencePairs, trainEntailmentInFolder } from '@heed/entailment/node';
import type { TrainingObserver } from '@heed/training';
import { appendJsonLine, readJsonLines } from '@heed/training/node';
import { type CellSetting, isCellOf, type TableCell, type TestSet } from './cells.js';
import { configOf, type Variant } from './variants.js';

export interface TableOptions {
  readonly variants: readonly Variant[];
  /** How many: 1, 2, … */
  readonly seeds: number;
  readonly data: string;
  readonly embeddings?: string;
  readonly tests: readonly TestSet[];
  /** All but the variants' switches. */
  readonly base: EntailmentConfig;
  /** The folder for cells and models. */
  readonly out: string;
  readonly observers: readonly TrainingObserver[];
  /** Takes what is to be read: a line for each cell. */
  readonly report: (line: string) => void;
}

/**
 * Trains every variant over all seeds; cells that are done stand in `cells.jsonl` and are not trained again, and one that
 * was stopped goes on. Call it after `useBackend()`.
 *
 * @returns all cells, seed by seed, so that a run which is stopped has the variants about equally often
 */
export async function runTable(options: TableOptions): Promise<TableCell[]> {
  const { variants, seeds, tests, out, report } = options;
  const path = join(out, 'cells.jsonl');
  await mkdir(out, { recursive: true });
  const known = readJsonLines(path) as TableCell[];
  const measured: (readonly LabelledPair[])[] = [];
  for (const { data, split } of tests)
    measured.push((await (await openSentencePairs(data)).read(split)).pairs);
  const cells: TableCell[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    for (const variant of variants) {
      const setting: CellSetting = {
        variant,
        seed,
        data: options.data,
        ...(options.embeddings !== undefined && { embeddings: options.embeddings }),
        config: configOf(variant, options.base),
        tests,
      };
      const earlier = known.find((cell) => isCellOf(cell, setting));
      const cell = earlier ?? { ...setting, ...(await measure(setting, measured, options)) };
      if (!earlier) appendJsonLine(path, cell);
      cells.push(cell);
      const accuracies = cell.accuracies.map((accuracy) => accuracy.toFixed(1)).join(', ');
      report(`${variant}, seed ${seed}: ${accuracies} (${cell.seconds.toFixed(0)} s)`);
    }
  }
  return cells;
}

async function measure(
  { variant, config, seed, data, embeddings }: CellSetting,
  tests: readonly (readonly LabelledPair[])[],
  { out, observers, report }: TableOptions,
): Promise<Pick<TableCell, 'accuracies' | 'seconds'>> {
  const started = performance.now();
  const { classifier } = await trainEntailmentInFolder({
    config,
    data,
    ...(embeddings !== undefined && { embeddings }),
    out: join(out, `${variant}-${seed}`),
    seed,
    resume: true,
    eager: false,
    observers,
    report: (line) => report(`${variant}, seed ${seed}: ${line}`),
  });
  try {
    const accuracies: number[] = [];
    for (const pairs of tests) accuracies.push(await accuracyOn(classifier, pairs));
    return { accuracies, seconds: (performance.now() - started) / 1000 };
  } finally {
    classifier.dispose();
  }
}

const accuracyOn = async (classifier: EntailmentClassifier, pairs: readonly LabelledPair[]) =>
  (await evaluateEntailmentClassifier(classifier, pairs)).accuracy.score;
