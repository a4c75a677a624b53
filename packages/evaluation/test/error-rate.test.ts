import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlignmentChunk, alignSymbols, corpusErrorRate } from '../src/index.js';

interface Row {
  rate: number;
  substitutions: number;
  insertions: number;
  deletions: number;
  hits: number;
  alignments: [AlignmentChunk['type'], number, number, number, number][][];
}

/** What jiwer gave; golden/make_speech_golden.py writes it. */
const golden: { name: string; references: string[]; hypotheses: string[]; word: Row; character: Row }[] =
  JSON.parse(readFileSync(new URL('golden/speech.json', import.meta.url), 'utf8'));

const symbols = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });

describe.each(golden)(
  'error rates of the corpus "$name" equal jiwer\'s',
  ({ references, hypotheses, ...expected }) => {
    it.each(['word', 'character'] as const)('by %s', (unit) => {
      const { rate, alignments, ...counts } = expected[unit];
      const actual = corpusErrorRate(unit, hypotheses, references);
      expect(actual).toMatchObject(counts);
      expect(actual.score).toBeCloseTo(100 * rate, 10);
      expect(actual.alignments.map((chunks) => chunks.map((chunk) => Object.values(chunk)))).toEqual(
        alignments,
      );
      expect(actual.signature).toMatch(
        new RegExp(`^nrefs:1\\|case:mixed\\|unit:${unit}\\|version:heed-`, 'u'),
      );
    });
  },
);

describe('corpusErrorRate', () => {
  it('of phonemes is that of words', () => {
    const [hypotheses, references] = [['HH AH L OW'], ['HH EH L OW W']];
    const { name, score } = corpusErrorRate('phoneme', hypotheses, references);
    expect(name).toBe('PER');
    expect(score).toBe(40);
  });

  it('compares without case if told so', () => {
    expect(corpusErrorRate('word', ['The Cat'], ['the cat']).score).toBe(100);
    expect(corpusErrorRate('word', ['The Cat'], ['the cat'], { lowercase: true }).score).toBe(0);
  });

  it('of a text to itself is 0, and of anything between 0 and what inserting it all makes', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 });
    fc.assert(
      fc.property(text, text, (hypothesis, reference) => {
        expect(corpusErrorRate('character', [reference], [reference]).score).toBe(0);
        const { score, referenceLength } = corpusErrorRate('character', [hypothesis], [reference]);
        const longest = Math.max([...hypothesis].length, referenceLength);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual((100 * longest) / Math.max(1, referenceLength));
      }),
    );
  });

  it('has as many errors the other way round', () => {
    fc.assert(
      fc.property(symbols, symbols, (a, b) => {
        const [forward, backward] = [
          corpusErrorRate('word', [a.join(' ')], [b.join(' ')]),
          corpusErrorRate('word', [b.join(' ')], [a.join(' ')]),
        ].map((rate) => rate.substitutions + rate.insertions + rate.deletions);
        expect(forward).toBe(backward);
      }),
    );
  });
});

describe('alignSymbols', () => {
  it('makes the hypothesis out of the reference', () => {
    fc.assert(
      fc.property(symbols, symbols, (hypothesis, reference) => {
        const rebuilt = alignSymbols(hypothesis, reference).flatMap((chunk) =>
          chunk.type === 'equal'
            ? reference.slice(chunk.referenceStart, chunk.referenceEnd)
            : hypothesis.slice(chunk.hypothesisStart, chunk.hypothesisEnd),
        );
        expect(rebuilt).toEqual(hypothesis);
      }),
    );
  });
});
