import { readFileSync } from 'node:fs';
import { VERSION } from '../src/signature.js';

interface BleuRow {
  score: number;
  counts: number[];
  totals: number[];
  precisions: number[];
  brevityPenalty: number;
  hypothesisLength: number;
  referenceLength: number;
  signature: string;
}

interface SystemRow {
  score: number;
  mean: number;
  ci: number;
  p_value: number | null;
}

interface Golden {
  sacrebleu: string;
  corpora: {
    name: string;
    hypotheses: string[];
    references: string[][];
    bleu: (BleuRow & { options: { tokenize: '13a' | 'none'; lowercase: boolean } })[];
    chrf: {
      options: { wordOrder: 0 | 2; lowercase: boolean };
      name: string;
      score: number;
      signature: string;
    }[];
    sentences: BleuRow[];
  }[];
  paired: {
    name: string;
    metric: 'BLEU' | 'chrF2';
    signature: string;
    hypotheses: [baseline: string[], system: string[]];
    references: string[][];
    baseline: SystemRow;
    system: SystemRow;
  }[];
}

/** What Python's sacrebleu gave; golden/make_golden.py writes it. */
export const golden: Golden = JSON.parse(
  readFileSync(new URL('golden/sacrebleu.json', import.meta.url), 'utf8'),
);

/** A signature of sacrebleu's with its version replaced by ours: the only difference there should be. */
export function asOurs(signature: string): string {
  return signature.replace(`version:${golden.sacrebleu}`, `version:heed-${VERSION}`);
}

export function corpus(name: string) {
  const found = golden.corpora.find((row) => row.name === name);
  if (found === undefined) throw new Error(`No golden corpus is called "${name}".`);
  return found;
}
