import type { AttentionTrace } from '@heed/visualization';
import { expect, test } from 'vitest';
import { alignmentError } from '../src/index.js';

/** A recording of a second in ten places, each row's weight at one of them. */
const attention = (peaks: readonly number[]): { attention: AttentionTrace<'audio'> } => ({
  attention: {
    version: 1,
    task: 'speech-recognition',
    input: { kind: 'audio', seconds: 1, frames: 10 },
    output: { text: '', tokens: peaks.map(String) },
    weights: peaks.map((peak) => Array.from({ length: 10 }, (_, place) => (place === peak ? 1 : 0))),
  },
});
const equal = (reference: number, hypothesis: number, count: number) => ({
  type: 'equal' as const,
  referenceStart: reference,
  referenceEnd: reference + count,
  hypothesisStart: hypothesis,
  hypothesisEnd: hypothesis + count,
});

test('peaks are compared with the sounds of the symbols that are right, and with no others', () => {
  const spans = [
    { start: 0.1, end: 0.2 },
    { start: 0.4, end: 0.6 },
    { start: 0.8, end: 0.9 },
  ];
  // The first is in its sound, the second was inserted, the third is 0.25 s late; the last sound was missed.
  const found = alignmentError([{ spans }], [attention([1, 3, 7])], [[equal(0, 0, 1), equal(1, 2, 1)]]);
  expect(found.symbols).toBe(2);
  expect(found.inside).toBe(0.5);
  expect(found.distance).toBeCloseTo((0 + 0.25) / 2, 6);
  expect(alignmentError([{ spans }], [attention([])], [[]])).toEqual({ symbols: 0, inside: 0, distance: 0 });
});
