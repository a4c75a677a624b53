import type { AttentionTrace } from '@heed/visualization';
import { expect, test } from 'vitest';
import { traceRows } from '../src/trace-rows.js';

const traceOf = (input: AttentionTrace['input'], weights: number[][]): AttentionTrace => ({
  version: 1,
  task: 'translation',
  input,
  output: { text: 'A dog', tokens: ['A', 'dog'].slice(0, weights.length) },
  weights,
});

test('a row a weight, with its word, its cell or its time; weights that are 0 have none', () => {
  const words = traceOf({ kind: 'tokens', text: 'Un chien', tokens: ['Un', 'chien'] }, [
    [0.9964, 0.0036],
    [0.25, 0.75],
  ]);
  const picture = traceOf({ kind: 'image', width: 4, height: 4, grid: { rows: 1, columns: 2 } }, [[0, 1]]);
  const sound = traceOf({ kind: 'audio', seconds: 0.4, frames: 2 }, [[0.5, 0.5]]);
  const panels = [words, picture, sound].map((trace) => ({ heading: trace.input.kind, trace }));
  expect(traceRows(panels)).toEqual([
    { panel: 'tokens', output: 1, token: 'A', input: 1, place: 'Un', weight: '1.00' },
    { panel: 'tokens', output: 2, token: 'dog', input: 1, place: 'Un', weight: '0.25' },
    { panel: 'tokens', output: 2, token: 'dog', input: 2, place: 'chien', weight: '0.75' },
    { panel: 'image', output: 1, token: 'A', input: 2, place: '1,2', weight: '1.00' },
    { panel: 'audio', output: 1, token: 'A', input: 1, place: '0.100', weight: '0.50' },
    { panel: 'audio', output: 1, token: 'A', input: 2, place: '0.300', weight: '0.50' },
  ]);
});
