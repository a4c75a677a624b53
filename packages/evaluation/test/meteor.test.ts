import { expect, it } from 'vitest';
import { corpusMeteor, meteor } from '../src/index.js';
import { alignMeteor } from '../src/meteor-alignment.js';
import { tokenizePtb } from '../src/ptb-tokenizer.js';
import { expectMetric, golden } from './caption-golden.js';

it("equals METEOR 1.5's with its exact and stem matchers", () => {
  expectMetric(corpusMeteor, 'meteor', 100, 100);
});

it('scores each caption as METEOR 1.5 does', () => {
  const metric = meteor();
  for (const { hypotheses, references, ...expected } of golden.corpora) {
    hypotheses.forEach((hypothesis, i) => {
      const score = metric.score(metric.count(hypothesis, references[i]!));
      expect(score, hypothesis).toBeCloseTo(100 * expected.meteor.scores[i]!, 8);
    });
  }
});

it('matches each word once, in the fewest pieces', () => {
  const words = (text: string) => tokenizePtb(text);
  const { matches, chunks } = alignMeteor(words('a dog runs to a dog house'), words('a dog house running'));
  expect(chunks).toBe(2);
  expect(matches.map(({ hypothesis, reference, kind }) => [hypothesis, reference, kind])).toEqual([
    [4, 0, 'exact'],
    [5, 1, 'exact'],
    [6, 2, 'exact'],
    [2, 3, 'stem'],
  ]);
});
