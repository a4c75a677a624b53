import { expect, test } from 'vitest';
import { describeSpans, spansOf } from '../src/page/spans.js';

const time = { seconds: 2, frames: 20 };

test('places in a row are one span, and others between them are in none', () => {
  const spans = spansOf(time, [1, 2, 5, 8, 9]);
  expect(describeSpans(spans)).toBe('0.10 to 0.30 s, 0.50 to 0.60 s and 0.80 to 1.00 s');
  expect(describeSpans(spansOf(time, [0, 1]))).toBe('0.00 to 0.20 s');
  expect(spansOf(time, [])).toEqual([]);
});
