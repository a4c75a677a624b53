import type { EntailmentConfig } from '@heed/entailment';
import type { Variant } from './variants.js';

/** Where a cell is measured. */
export interface TestSet {
  /** What `openSentencePairs` opens. */
  readonly data: string;
  readonly split: string;
}

/** What a cell is measured with: another of these is another cell. */
export interface CellSetting {
  readonly variant: Variant;
  readonly seed: number;
  /** What it is trained on. */
  readonly data: string;
  readonly embeddings?: string;
  readonly config: EntailmentConfig;
  readonly tests: readonly TestSet[];
}

/** One variant, trained with one seed. */
export interface TableCell extends CellSetting {
  /** In percent, on each of the tests. */
  readonly accuracies: readonly number[];
  /** Of training, measuring included. */
  readonly seconds: number;
}

/** Whether a cell is that of a setting, in whatever order their fields stand. */
export function isCellOf(cell: TableCell, setting: CellSetting): boolean {
  const { accuracies: _, seconds: __, ...rest } = cell;
  return keyOf(rest) === keyOf(setting);
}

const keyOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
