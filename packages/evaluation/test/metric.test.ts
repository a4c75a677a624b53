import { describe, expect, it } from 'vitest';
import {
  bootstrapInterval,
  corpusBleu,
  corpusCaptionBleu,
  corpusCaptionRougeL,
  corpusChrf,
  corpusCider,
  corpusErrorRate,
  corpusMeteor,
  corpusRouge,
  errorRate,
  pairedBootstrap,
  referenceSets,
} from '../src/index.js';

describe('referenceSets', () => {
  it('turns lists for each hypothesis into sets, with gaps', () => {
    expect(referenceSets([['a', 'b'], ['c']])).toEqual([
      ['a', 'c'],
      ['b', undefined],
    ]);
  });
});

describe.each(
  Object.entries({
    corpusBleu,
    corpusCaptionBleu,
    corpusCaptionRougeL,
    corpusChrf,
    corpusCider,
    corpusMeteor,
    corpusRouge,
  }),
)('%s', (_, metric) => {
  it('names what is wrong with hypotheses and references', () => {
    expect(() => metric([], [[]])).toThrow('give at least one hypothesis');
    expect(() => metric(['a'], [])).toThrow('give at least one reference set');
    expect(() => metric(['a', 'b'], [['a']])).toThrow(
      'Reference set 1 has 1 lines but there are 2 hypotheses',
    );
    expect(() => metric(['a', 'b'], referenceSets([['a'], []]))).toThrow('Hypothesis 2 has no reference');
  });

  it('leaves gaps out and says so', () => {
    const hypotheses = ['a brown dog runs over the snow', 'two children play in the sand'];
    const gap = metric(
      hypotheses,
      referenceSets([['the dogs run over snow'], ['kids play', 'children in the sand']]),
    );
    const filled = metric(
      hypotheses,
      referenceSets([
        ['the dogs run over snow', 'the dogs run over snow'],
        ['kids play', 'children in the sand'],
      ]),
    );
    expect(gap.score).toBeGreaterThan(0);
    expect(gap.score).toBeCloseTo(filled.score, 10);
    expect(gap.signature).toBe(filled.signature.replace('nrefs:2', 'nrefs:var'));
  });
});

describe('error rates', () => {
  it('need one reference for each hypothesis', () => {
    expect(() => corpusErrorRate('word', [], [])).toThrow('WER of an empty corpus is undefined');
    expect(() => corpusErrorRate('phoneme', ['a'], [])).toThrow('has 0 lines but there are 1 hypotheses');
    expect(() => bootstrapInterval(['a'], [['a'], ['b']], { metric: errorRate('word') })).toThrow(
      'WER is defined against one reference',
    );
  });

  it('are better when lower', () => {
    const references = [['a b c d', 'e f g h', 'i j k l']];
    const result = pairedBootstrap(['a x c x', 'x x g', 'i x'], references[0]!, references, {
      metric: errorRate('word'),
      samples: 100,
    });
    expect(result.difference).toBeLessThan(0);
    expect(result.systemBetter).toBe(1);
    expect(result.baselineBetter).toBe(0);
  });
});
