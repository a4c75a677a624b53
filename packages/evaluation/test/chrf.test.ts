import { describe, expect, it } from 'vitest';
import { corpusChrf } from '../src/index.js';
import { asOurs, golden } from './golden.js';

describe.each(golden.corpora)('chrF of the corpus "$name" equals sacrebleu', (row) => {
  it.each(row.chrf)('with $options', ({ options, ...expected }) => {
    const actual = corpusChrf(row.hypotheses, row.references, options);
    expect(actual.name).toBe(expected.name);
    expect(actual.signature).toBe(asOurs(expected.signature));
    expect(actual.score).toBeCloseTo(expected.score, 8);
  });
});

it('names both counts when a reference set has another length', () => {
  expect(() => corpusChrf(['a'], [['a', 'b', 'c']])).toThrow(
    'Reference set 1 has 3 lines but there are 1 hypotheses',
  );
});
