import { corpusBleu } from '@heed/evaluation';
import { expect, test } from 'vitest';
import { scoreByLength } from '../src/score-by-length.js';

const words = (count: number, word: string) =>
  Array.from({ length: count }, (_, i) => `${word}${i}`).join(' ');

test('sentences are scored with those of about their length, and empty classes are left out', () => {
  const lengths = [2, 3, 4, 5, 9, 12];
  const pairs = lengths.map((length) => ({ source: ` ${words(length, 'mot')} `, target: words(8, 'word') }));
  const hypotheses = pairs.map(({ target }, i) => (i < 3 ? target : `${target} too`));
  const scores = scoreByLength(pairs, hypotheses, [3, 5, 6, 9]);
  expect(scores.map(({ fewest, most, sentences, words: mean }) => [fewest, most, sentences, mean])).toEqual([
    [3, 4, 2, 3.5],
    [5, 5, 1, 5],
    [9, 12, 2, 10.5],
  ]);
  expect(scores[0]?.bleu).toBeCloseTo(100, 8);
  const expected = corpusBleu(hypotheses.slice(4), [pairs.slice(4).map(({ target }) => target)]);
  expect(scores[2]?.bleu).toBeCloseTo(expected.score, 8);
  expect(scores[2]?.bleu).toBeLessThan(100);
  for (const { low, bleu, high } of scores) {
    expect(low).toBeLessThanOrEqual(bleu + 1e-8);
    expect(high).toBeGreaterThanOrEqual(bleu - 1e-8);
  }
});
