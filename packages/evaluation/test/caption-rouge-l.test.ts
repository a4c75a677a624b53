import { expect, it } from 'vitest';
import { corpusCaptionRougeL } from '../src/index.js';
import { expectMetric } from './caption-golden.js';

it("equals pycocoevalcap's", () => {
  expectMetric(corpusCaptionRougeL, 'rougeL', 100, 100);
});

it('takes the best precision and the best recall, though of two references', () => {
  const both = corpusCaptionRougeL(['a dog runs'], [['a dog'], ['a dog runs over the snow']]).score;
  const one = corpusCaptionRougeL(['a dog runs'], [['a dog']]).score;
  const other = corpusCaptionRougeL(['a dog runs'], [['a dog runs over the snow']]).score;
  expect(both).toBeGreaterThan(Math.max(one, other));
});
