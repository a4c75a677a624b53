import { describe, expect, it } from 'vitest';
import { bootstrapInterval, captionBleu, corpusCaptionBleu, referenceSets } from '../src/index.js';
import { golden } from './caption-golden.js';

describe('corpusCaptionBleu', () => {
  it.each(golden.corpora)(
    "of the corpus '$name' equals pycocoevalcap's",
    ({ hypotheses, references, bleu }) => {
      const { score, scores } = corpusCaptionBleu(hypotheses, referenceSets(references));
      expect(scores).toHaveLength(4);
      for (const [n, expected] of bleu.entries()) expect(scores[n]).toBeCloseTo(100 * expected, 6);
      expect(score).toBe(scores[3]);
    },
  );

  it('says how it was measured', () => {
    expect(corpusCaptionBleu(['a'], [['a'], ['b']], { tokenize: 'none' }).signature).toMatch(
      /^nrefs:2\|case:mixed\|tok:none\|smooth:none\|version:heed-/u,
    );
  });

  it('takes tokens as they are if told so', () => {
    const [plain, cut] = (['none', 'ptb'] as const).map(
      (tokenize) => corpusCaptionBleu(['A dog .'], [['a dog']], { tokenize }).scores[0],
    );
    expect(plain).toBeCloseTo(100 / 3, 5);
    expect(cut).toBeCloseTo(100, 5);
  });

  it('can be resampled', () => {
    const { hypotheses, references } = golden.corpora[0]!;
    const sets = referenceSets(references);
    const interval = bootstrapInterval(hypotheses, sets, { metric: captionBleu(1), samples: 200 });
    expect(interval.score).toBe(corpusCaptionBleu(hypotheses, sets).scores[0]);
    expect(interval.low).toBeLessThan(interval.high);
  });
});
