import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bootstrapInterval,
  corpusRouge,
  porterStem,
  type RougeOptions,
  type RougeType,
  type RougeValues,
  rouge,
} from '../src/index.js';

/** What rouge-score and NLTK gave; golden/make_rouge_golden.py writes it. */
const golden: {
  stems: [word: string, stem: string][];
  corpora: {
    name: string;
    hypotheses: string[];
    references: string[][];
    scores: {
      options: RougeOptions;
      means: Record<RougeType, RougeValues>;
      f1: Record<RougeType, number[]>;
      aggregate: { low: number; high: number };
    }[];
  }[];
} = JSON.parse(readFileSync(new URL('golden/rouge.json', import.meta.url), 'utf8'));

const TYPES = ['rouge1', 'rouge2', 'rougeL'] as const;

describe.each(golden.corpora)(
  'ROUGE of the corpus with $name equals rouge-score',
  ({ hypotheses, references, scores }) => {
    it.each(scores)('with $options', ({ options, means, f1 }) => {
      const actual = corpusRouge(hypotheses, references, options);
      for (const type of TYPES) {
        for (const measure of ['precision', 'recall', 'f1'] as const) {
          expect(actual[type][measure], `${type} ${measure}`).toBeCloseTo(100 * means[type][measure], 10);
        }
        const metric = rouge(type, 'f1', options);
        hypotheses.forEach((hypothesis, i) => {
          const counts = metric.count(
            hypothesis,
            references.map((set) => set[i]!),
          );
          expect(metric.score(counts), hypothesis).toBeCloseTo(100 * f1[type][i]!, 10);
        });
      }
      expect(actual.score).toBe(actual.rougeL.f1);
      expect(actual.signature).toMatch(
        new RegExp(
          `^nrefs:${references.length}\\|case:lc\\|tok:rouge\\|stem:${options.stemmer ? 'porter' : 'no'}` +
            `\\|bytes:${options.byteLimit ?? 'all'}\\|version:heed-`,
          'u',
        ),
      );
    });

    it("has rouge-score's interval, but for the random numbers", () => {
      const { options, aggregate } = scores[0]!;
      const metric = rouge('rouge1', 'f1', options);
      const { low, high } = bootstrapInterval(hypotheses, references, { metric, samples: 5000 });
      expect(Math.abs(low - 100 * aggregate.low)).toBeLessThan(1);
      expect(Math.abs(high - 100 * aggregate.high)).toBeLessThan(1);
    });
  },
);

describe('rouge', () => {
  it('stays in 0 to 100, and precision one way is recall the other', () => {
    const text = fc
      .array(fc.constantFrom('bank', 'banks', 'cuts', 'rates', 'é', '.'), { maxLength: 10 })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [forward, backward] = [corpusRouge([a], [[b]]), corpusRouge([b], [[a]])];
        for (const type of TYPES) {
          expect(forward[type].precision).toBeCloseTo(backward[type].recall, 10);
          expect(forward[type].f1).toBeCloseTo(backward[type].f1, 10);
          expect(forward[type].f1).toBeGreaterThanOrEqual(0);
          expect(forward[type].f1).toBeLessThanOrEqual(100 + 1e-9);
        }
      }),
    );
  });

  it('reads no byte beyond the limit, though it be within a letter', () => {
    expect(corpusRouge(['aaa é bbb'], [['aaa bbb']], { byteLimit: 5 }).rouge1.recall).toBe(50);
    expect(() => corpusRouge(['a'], [['a']], { byteLimit: 0 })).toThrow('byteLimit is 0');
  });
});

describe('porterStem', () => {
  it("equals NLTK's", () => {
    expect(golden.stems.map(([word]) => [word, porterStem(word)])).toEqual(golden.stems);
  });

  it('never makes a word longer by more than one letter', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{1,15}$/u), (word) => {
        expect(porterStem(word).length).toBeLessThanOrEqual(word.length + 1);
      }),
    );
  });
});
