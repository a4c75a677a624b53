import { describe, expect, it } from 'vitest';
import { bleu, bootstrapInterval, chrf, corpusBleu, pairedBootstrap } from '../src/index.js';
import { asOurs, corpus, golden } from './golden.js';

const { hypotheses: system, references } = corpus('two references');
const { hypotheses: baseline } = corpus('baseline');

describe('pairedBootstrap', () => {
  it.each(golden.paired)('agrees with sacrebleu: $name by $metric', (expected) => {
    const metric = expected.metric === 'BLEU' ? bleu() : chrf();
    const actual = pairedBootstrap(...expected.hypotheses, expected.references, { metric, samples: 5000 });
    expect(actual.signature).toBe(asOurs(expected.signature));
    // The random numbers are not the same, so that what is resampled agrees only so far.
    for (const key of ['baseline', 'system'] as const) {
      expect(actual[key].score).toBeCloseTo(expected[key].score, 8);
      expect(Math.abs(actual[key].mean - expected[key].mean)).toBeLessThan(0.5);
      expect(Math.abs((actual[key].high - actual[key].low) / 2 - expected[key].ci)).toBeLessThan(0.5);
    }
    expect(Math.abs(actual.pValue - expected.system.p_value!)).toBeLessThan(0.03);
  });

  it('finds the better system better, whichever way round they are given', () => {
    const forward = pairedBootstrap(baseline, system, references);
    const backward = pairedBootstrap(system, baseline, references);
    expect(forward.systemBetter).toBeGreaterThan(0.95);
    expect(backward.baselineBetter).toBe(forward.systemBetter);
    expect(backward.difference).toBeCloseTo(-forward.difference, 10);
    expect(backward.pValue).toBe(forward.pValue);
  });

  it('finds no difference between a system and itself', () => {
    const result = pairedBootstrap(system, system, references);
    expect(result).toMatchObject({ difference: 0, systemBetter: 0, baselineBetter: 0 });
    expect(result.pValue).toBe(1);
  });

  it('names both counts when the systems differ in length', () => {
    expect(() => pairedBootstrap(['a', 'b'], ['a'], [['a', 'b']])).toThrow(
      'The baseline has 2 hypotheses and the system 1',
    );
  });
});

describe('bootstrapInterval', () => {
  it('brackets the score and repeats with its seed', () => {
    const interval = bootstrapInterval(system, references, { seed: 7 });
    expect(interval.score).toBe(corpusBleu(system, references).score);
    expect(interval.low).toBeLessThan(interval.score);
    expect(interval.high).toBeGreaterThan(interval.score);
    expect(interval.signature).toContain('bs:1000|seed:7|');
    expect(bootstrapInterval(system, references, { seed: 7 })).toEqual(interval);
    expect(bootstrapInterval(system, references, { seed: 8 }).mean).not.toBe(interval.mean);
  });

  it('is a point where every resample is the same', () => {
    const { score, low, high } = bootstrapInterval(['a b c d', 'a b c d'], [['a b c d', 'a b c d']]);
    expect([low, high]).toEqual([score, score]);
  });

  it('refuses samples and seeds that are not whole numbers', () => {
    expect(() => bootstrapInterval(system, references, { samples: 0 })).toThrow('samples is 0');
    expect(() => bootstrapInterval(system, references, { seed: 1.5 })).toThrow('seed is 1.5');
  });
});
