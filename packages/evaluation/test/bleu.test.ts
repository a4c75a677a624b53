import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corpusBleu, sentenceBleu } from '../src/index.js';
import { asOurs, golden } from './golden.js';

describe.each(golden.corpora)('BLEU of the corpus "$name" equals sacrebleu', (row) => {
  it.each(row.bleu)('with $options', ({ options, ...expected }) => {
    const { name, ...actual } = corpusBleu(row.hypotheses, row.references, options);
    expect(name).toBe('BLEU');
    expect(actual.signature).toBe(asOurs(expected.signature));
    expect(actual.counts).toEqual(expected.counts);
    expect(actual.totals).toEqual(expected.totals);
    expect([actual.hypothesisLength, actual.referenceLength]).toEqual([
      expected.hypothesisLength,
      expected.referenceLength,
    ]);
    expect(actual.brevityPenalty).toBeCloseTo(expected.brevityPenalty, 10);
    expect(actual.score).toBeCloseTo(expected.score, 8);
    actual.precisions.forEach((precision, n) => {
      expect(precision).toBeCloseTo(expected.precisions[n]!, 8);
    });
  });

  it('sentence by sentence', () => {
    const scores = row.hypotheses.map((hypothesis, i) =>
      sentenceBleu(
        hypothesis,
        row.references.map((set) => set[i]!),
      ),
    );
    scores.forEach((actual, i) => {
      const expected = row.sentences[i]!;
      expect(actual.score, row.hypotheses[i]).toBeCloseTo(expected.score, 8);
      expect(actual.counts).toEqual(expected.counts);
      expect(actual.signature).toBe(asOurs(expected.signature));
    });
  });
});

describe('corpusBleu', () => {
  it('is 100 for its own reference and never leaves 0 to 100', () => {
    const line = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(fc.array(fc.tuple(line, line), { minLength: 1, maxLength: 5 }), (pairs) => {
        const hypotheses = pairs.map(([hypothesis]) => hypothesis);
        const reference = pairs.map(([, reference]) => reference);
        const { score } = corpusBleu(hypotheses, [reference]);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100 + 1e-9);
        const own = corpusBleu(hypotheses, [reference, hypotheses]);
        if (own.totals[3]! > 0) expect(own.score).toBeCloseTo(100, 8);
      }),
    );
  });

  it('names both counts when a reference set has another length', () => {
    expect(() => corpusBleu(['a', 'b'], [['a', 'b'], ['a']])).toThrow(
      'Reference set 2 has 1 lines but there are 2 hypotheses',
    );
  });

  it('refuses an empty corpus and a missing reference', () => {
    expect(() => corpusBleu([], [[]])).toThrow('at least one hypothesis');
    expect(() => corpusBleu(['a'], [])).toThrow('at least one reference set');
    expect(() => sentenceBleu('a', [])).toThrow('at least one reference set');
  });
});
