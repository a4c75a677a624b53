import { expect, it } from 'vitest';
import { cider, corpusCider, pairedBootstrap, referenceSets } from '../src/index.js';
import { expectMetric, golden } from './caption-golden.js';

it("equals pycocoevalcap's", () => {
  expectMetric(corpusCider, 'cider', 1, 10);
});

it('scores each caption as pycocoevalcap does', () => {
  for (const { hypotheses, references, ...expected } of golden.corpora) {
    const metric = cider(referenceSets(references));
    hypotheses.forEach((hypothesis, i) => {
      expect(metric.count(hypothesis, references[i]!)[0]).toBeCloseTo(expected.cider.scores[i]!, 8);
    });
  }
});

it('tells a good captioner from a bad one', () => {
  const { hypotheses, references } = golden.corpora[0]!;
  const sets = referenceSets(references);
  const shuffled = [...hypotheses.slice(1), hypotheses[0]!];
  const { systemBetter } = pairedBootstrap(shuffled, hypotheses, sets, { metric: cider(sets), samples: 100 });
  expect(systemBetter).toBeGreaterThan(0.95);
});
