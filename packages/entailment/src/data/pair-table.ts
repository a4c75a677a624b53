import { findColumn, parseTable } from '@heed/training';
import { addPair, type PairsBySplit } from './sentence-pair.js';

/** Of LingNLI and most others; SNLI, MultiNLI and the counterfactual pairs; SICK. */
const PREMISE_COLUMNS = ['premise', 'sentence1', 'sentence_a'];
const HYPOTHESIS_COLUMNS = ['hypothesis', 'sentence2', 'sentence_b'];
const LABEL_COLUMNS = ['gold_label', 'label', 'entailment_label', 'entailment_judgment'];
const SPLIT_COLUMNS = ['semeval_set', 'split'];

/**
 * A table of pairs, one a row, with a header: SNLI's and MultiNLI's, SICK's, LingNLI's, that of the counterfactual
 * pairs, or one with the columns `premise`, `hypothesis`, `label`, and perhaps `split`.
 *
 * @throws if a column or a cell is missing, or a label is none of the three (file and line are named)
 */
export function parsePairTable(file: string, text: string): PairsBySplit {
  const rows = parseTable(file, text, 'sentence pairs');
  const [premise, hypothesis, label, split] = [
    PREMISE_COLUMNS,
    HYPOTHESIS_COLUMNS,
    LABEL_COLUMNS,
    SPLIT_COLUMNS,
  ].map((names) => findColumn(rows, names));
  if (!premise || !hypothesis || !label) {
    throw new Error(
      `${file}: no sentence pairs. Expected a first line that names the columns, "premise", "hypothesis" and "label" ` +
        `among them, and rows below it; found: ${Object.keys(rows[0]?.cells ?? {}).join(', ') || 'nothing'}.`,
    );
  }
  const splits: PairsBySplit = new Map();
  for (const { cells, line } of rows) {
    const pair = {
      premise: cells[premise] as string,
      hypothesis: cells[hypothesis] as string,
      label: cells[label] as string,
      split: split && cells[split],
    };
    addPair(splits, pair, `${file}, line ${line}`);
  }
  return splits;
}
