import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedCalibrationError, mcNemar, scoreClassification, wilsonInterval } from '../src/index.js';

/** What scikit-learn and statsmodels gave; golden/make_classification_golden.py writes it. */
const golden: {
  cases: {
    name: string;
    gold: string[];
    baseline: string[];
    system: string[];
    labels: string[];
    accuracy: number;
    low: number;
    high: number;
    macroF1: number;
    confusion: number[][];
    precision: number[];
    recall: number[];
    f1: number[];
    support: number[];
    mcnemar: { exact: boolean; statistic: number; pValue: number };
  }[];
  wilson: [successes: number, trials: number, low: number, high: number][];
  calibration: { probabilities: number[][]; gold: number[]; errors: Record<string, number> };
} = JSON.parse(readFileSync(new URL('golden/classification.json', import.meta.url), 'utf8'));

const labels = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('a', 'b', 'c')), {
  minLength: 1,
  maxLength: 30,
});

describe.each(golden.cases)('$name', ({ gold, baseline, system, ...expected }) => {
  it("has scikit-learn's accuracy, F1 and confusion matrix", () => {
    const actual = scoreClassification(system, gold);
    expect(actual.labels).toEqual(expected.labels);
    expect(actual.confusion).toEqual(expected.confusion);
    expect(actual.score).toBeCloseTo(100 * expected.accuracy, 10);
    expect(actual.macroF1).toBeCloseTo(100 * expected.macroF1, 10);
    actual.perLabel.forEach(({ precision, recall, f1, support }, i) => {
      expect(precision).toBeCloseTo(100 * expected.precision[i]!, 10);
      expect(recall).toBeCloseTo(100 * expected.recall[i]!, 10);
      expect(f1).toBeCloseTo(100 * expected.f1[i]!, 10);
      expect(support).toBe(expected.support[i]);
    });
    expect([actual.low, actual.high]).toEqual([
      expect.closeTo(100 * expected.low, 8),
      expect.closeTo(100 * expected.high, 8),
    ]);
    expect(actual.signature).toMatch(/^n:\d+\|labels:\d\|interval:wilson95\|f1:macro\|version:heed-/u);
  });

  it('has the same macro F1 where labels are named that do not occur', () => {
    const { macroF1 } = scoreClassification(system, gold, { labels: [...expected.labels, 'absent'] });
    expect(macroF1).toBeCloseTo(100 * expected.macroF1, 10);
  });

  it("has statsmodels's McNemar test", () => {
    const { exact, statistic, pValue } = expected.mcnemar;
    const actual = mcNemar(baseline, system, gold);
    expect(actual.test).toBe(exact ? 'exact' : 'chi-square');
    expect(actual.statistic).toBeCloseTo(statistic, 10);
    expect(actual.pValue / pValue).toBeCloseTo(1, 10);
  });
});

describe('scoreClassification', () => {
  it('keeps the order of labels that it is given, and those that do not occur', () => {
    const { confusion, labels: order } = scoreClassification(['yes'], ['no'], {
      labels: ['yes', 'no', 'maybe'],
    });
    expect(order).toEqual(['yes', 'no', 'maybe']);
    expect(confusion[1]).toEqual([1, 0, 0]);
  });

  it('refuses an empty corpus, a missing label and an unknown one', () => {
    expect(() => scoreClassification([], [])).toThrow('Accuracy of an empty corpus is undefined');
    expect(() => scoreClassification(['a'], ['a', 'b'])).toThrow('There are 2 true labels but 1 predictions');
    expect(() => scoreClassification(['c'], ['a'], { labels: ['a', 'b'] })).toThrow(
      'Label "c" is none of a, b',
    );
  });

  it('brackets the accuracy', () => {
    fc.assert(
      fc.property(labels, (pairs) => {
        const { score, low, high } = scoreClassification(
          pairs.map(([predicted]) => predicted),
          pairs.map(([, gold]) => gold),
        );
        expect(low).toBeLessThanOrEqual(score + 1e-9);
        expect(high).toBeGreaterThanOrEqual(score - 1e-9);
      }),
    );
  });
});

describe('wilsonInterval', () => {
  it.each(golden.wilson)("of %i of %i equals statsmodels's", (successes, trials, low, high) => {
    const actual = wilsonInterval(successes, trials);
    expect(actual.low).toBeCloseTo(low, 12);
    expect(actual.high).toBeCloseTo(high, 12);
  });

  it('refuses what is no count', () => {
    expect(() => wilsonInterval(0, 0)).toThrow('trials is 0');
    expect(() => wilsonInterval(3, 2)).toThrow('successes is 3');
  });
});

describe('mcNemar', () => {
  it('is the same either way, and finds no difference between a model and itself', () => {
    fc.assert(
      fc.property(labels, (pairs) => {
        const [a, b] = [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
        const gold = a.map(() => 'a');
        expect(mcNemar(a, b, gold).pValue).toBe(mcNemar(b, a, gold).pValue);
        expect(mcNemar(a, a, gold).pValue).toBe(1);
      }),
    );
  });
});

describe('expectedCalibrationError', () => {
  const { probabilities, gold, errors } = golden.calibration;

  it.each(Object.entries(errors))('with %s bins equals the definition', (bins, expected) => {
    const { score, bins: filled } = expectedCalibrationError(probabilities, gold, { bins: Number(bins) });
    expect(score).toBeCloseTo(100 * expected, 10);
    expect(filled.reduce((sum, { count }) => sum + count, 0)).toBe(gold.length);
  });

  it('has 15 bins by default', () => {
    const { score, signature } = expectedCalibrationError(probabilities, gold);
    expect(score).toBeCloseTo(100 * errors['15']!, 10);
    expect(signature).toMatch(/^n:200\|bins:15\|width:equal\|version:heed-/u);
  });

  it('is 0 for one who is sure and right, 100 for one who is sure and wrong', () => {
    expect(expectedCalibrationError([[0, 1]], [1]).score).toBe(0);
    expect(expectedCalibrationError([[0, 1]], [0]).score).toBe(100);
    expect(expectedCalibrationError([Array(200_000).fill(1e-6)], [0]).score).toBeCloseTo(100, 3);
  });

  it('puts a confidence on a border into the bin below, though 0.28 times 25 is more than 7', () => {
    for (let number = 1; number <= 100; number++) {
      for (let k = 1; k <= number; k++) {
        const { bins } = expectedCalibrationError([[k / number]], [0], { bins: number });
        expect(bins.findIndex(({ count }) => count === 1)).toBe(k - 1);
      }
    }
  });

  it('refuses what is no probability, and bins that are no number of them', () => {
    expect(() => expectedCalibrationError([[Number.NaN, 1]], [0])).toThrow('Item 1 has probabilities NaN, 1');
    expect(() => expectedCalibrationError([[0, 1]], [0], { bins: 0 })).toThrow('bins is 0');
  });
});
