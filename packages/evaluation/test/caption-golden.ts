import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import { type ReferenceSets, referenceSets, type Score } from '../src/index.js';

interface SentenceScores {
  score: number;
  scores: number[];
}

interface CaptionCorpus {
  name: string;
  hypotheses: string[];
  references: string[][];
  bleu: number[];
  rougeL: SentenceScores;
  cider: SentenceScores;
  meteor: SentenceScores;
}

/** What pycocoevalcap gave; golden/make_caption_golden.py writes it. */
export const golden: { tokens: { caption: string; tokens: string }[]; corpora: CaptionCorpus[] } = JSON.parse(
  readFileSync(new URL('golden/captions.json', import.meta.url), 'utf8'),
);

type CorpusMetric = (hypotheses: readonly string[], references: ReferenceSets) => Score;

/** A caption metric gives pycocoevalcap's score times `scale`, and stays within 0 and `most` on any captions. */
export function expectMetric(
  metric: CorpusMetric,
  key: 'rougeL' | 'cider' | 'meteor',
  scale: number,
  most: number,
) {
  for (const { name, hypotheses, references, ...expected } of golden.corpora) {
    const { score, signature } = metric(hypotheses, referenceSets(references));
    expect(score, name).toBeCloseTo(scale * expected[key].score, 6);
    expect(signature).toMatch(/^nrefs:(\d|var)\|case:lc\|tok:ptb\|.*\|version:heed-/u);
  }
  const caption = fc
    .array(fc.constantFrom('a', 'dog', 'dogs', 'runs', 'running', "man's", '.', 'snow'), { maxLength: 8 })
    .map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.array(fc.tuple(caption, caption), { minLength: 1, maxLength: 5 }), (pairs) => {
      const { score } = metric(
        pairs.map(([hypothesis]) => hypothesis),
        [pairs.map(([, reference]) => reference)],
      );
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(most + 1e-9);
    }),
  );
}
