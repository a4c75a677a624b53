import { describe, expect, it } from 'vitest';
import { parseTrace } from '../src/index.js';
import { example } from './trace.js';

describe('parseTrace', () => {
  it('gives back what is right', () => {
    const trace = { ...example, score: -1.5, model: 'fr-en' };
    expect(parseTrace(JSON.parse(JSON.stringify(trace)), 'trace.json')).toEqual(trace);
  });

  it('takes rows that rounding moved off 1, and an empty output', () => {
    expect(() =>
      parseTrace({ ...example, weights: [[1, 0.0009, 0], ...example.weights.slice(1)] }, 'x'),
    ).not.toThrow();
    expect(() =>
      parseTrace({ ...example, output: { text: '', tokens: [] }, weights: [] }, 'x'),
    ).not.toThrow();
  });

  it.each([
    ['no object', [], 'Invalid input: expected object'],
    ['another version', { ...example, version: 2 }, 'version: Invalid input: expected 1'],
    ['another task', { ...example, task: 'poetry' }, 'task: Invalid option'],
    ['another input', { ...example, input: { kind: 'smell' } }, 'input.kind: Invalid'],
    ['a field too many', { ...example, extra: 1 }, 'Unrecognized key: "extra"'],
    ['a row too few', { ...example, weights: [[1, 0, 0]] }, 'weights: 1 rows for 3 output tokens'],
    [
      'a short row',
      {
        ...example,
        weights: [
          [1, 0, 0],
          [1, 0],
          [1, 0, 0],
        ],
      },
      'weights[1]: 2 weights for 3 input',
    ],
    [
      'a sum',
      {
        ...example,
        weights: [
          [1, 0, 0],
          [0.5, 0.4, 0],
          [1, 0, 0],
        ],
      },
      'weights[1]: sums to 0.900000',
    ],
    [
      'a weight below 0',
      {
        ...example,
        weights: [
          [1.5, -0.5, 0],
          [1, 0, 0],
          [1, 0, 0],
        ],
      },
      'weights[0][0]: Too big',
    ],
    [
      'no number',
      {
        ...example,
        weights: [
          [Number.NaN, 0, 0],
          [1, 0, 0],
          [1, 0, 0],
        ],
      },
      'weights[0][0]: Invalid',
    ],
    ['an infinite score', { ...example, score: Number.NEGATIVE_INFINITY }, 'score: Invalid'],
  ])('refuses %s in one line', (_, json, message) => {
    const read = () => parseTrace(json, 'trace.json');
    expect(read).toThrow(`trace.json is not an attention trace (version 1): `);
    expect(read).toThrow(message);
    expect(read).toThrow(/^[^\n]*$/);
  });
});
