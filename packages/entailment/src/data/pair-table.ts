import { findColumn, parseTable } from '@heed/training';
import { addPair, type PairsBySplit, type RawPair } from './sentence-pair.js';

/** Of LingNLI and most others; SNLI, MultiNLI and the counterfactual pairs; SICK. */
const PREMISE_COLUMNS = ['premise', 'sentence1', 'sentence_a'];
const HYPOTHESIS_COLUMNS = ['hypothesis', 'sentence2', 'sentence_b'];
const LABEL_COLUMNS = ['gold_label', 'label', 'entailment_label', 'entailment_judgment'];
const SPLIT_COLUMNS = ['semeval_set', 'split'];

/** How related a pair of SICK is, and what its annotators said of each direction: `A_neutral_B`, `B_entails_A`. */
const SICK_COLUMNS = ['relatedness_score', 'entailment_ab', 'entailment_ba'] as const;

/**
 * The label of a SICK pair the other way round is made as the labels of all 9,840 of its pairs are, among which a
 * contradiction is one that both directions have.
 */
function saidBySick(cells: Readonly<Record<string, string>>, place: string): NonNullable<RawPair['more']> {
  const [score, forwards, backwards] = SICK_COLUMNS.map((name) => cells[name]) as [string, string, string];
  const relatedness = Number(score);
  if (!(relatedness >= 1 && relatedness <= 5))
    throw new Error(`${place}: the relatedness "${score}". Expected a number from 1 to 5.`);
  const isContradiction = [forwards, backwards].every((said) => said.includes('contradicts'));
  const otherwise = isContradiction ? 'contradiction' : 'neutral';
  return { relatedness, reversed: backwards.includes('entails') ? 'entailment' : otherwise };
}

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
  const isSick = SICK_COLUMNS.every((name) => findColumn(rows, [name]));
  const splits: PairsBySplit = new Map();
  for (const { cells, line } of rows) {
    const pair = {
      premise: cells[premise] as string,
      hypothesis: cells[hypothesis] as string,
      label: cells[label] as string,
      split: split && cells[split],
    };
    const place = `${file}, line ${line}`;
    addPair(splits, isSick ? { ...pair, more: saidBySick(cells, place) } : pair, place);
  }
  return splits;
}
