import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeTokens } from '../src/index.js';

const weights = [
  [0.5, 0.25, 0.25],
  [0, 0.5, 0.5],
  [1, 0, 0],
];

describe('mergeTokens', () => {
  it('adds up what input pieces receive and averages what output pieces give', () => {
    expect(mergeTokens(weights, { inputs: [[0], [1, 2]], outputs: [[0, 1], [2]] })).toEqual([
      [0.25, 0.75],
      [1, 0],
    ]);
  });

  it('leaves out output tokens of no word', () => {
    expect(mergeTokens(weights, { inputs: [[0, 1], [2]], outputs: [[1]] })).toEqual([[0.5, 0.5]]);
  });

  it('keeps rows that sum to 1', () => {
    const cut = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(cut, cut, (inputWords, outputWords) => {
        const group = (words: number[]) =>
          [0, 1, 2]
            .map((word) => words.flatMap((other, token) => (other === word ? [token] : [])))
            .filter((tokens) => tokens.length > 0);
        for (const row of mergeTokens(weights, { inputs: group(inputWords), outputs: group(outputWords) })) {
          expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
        }
      }),
    );
  });

  it.each([
    [{ inputs: [[0], [1]], outputs: [[0]] }, 'Input token 2 belongs to no word'],
    [
      {
        inputs: [
          [0, 1],
          [1, 2],
        ],
        outputs: [[0]],
      },
      'inputs hold 4 tokens of 3',
    ],
    [{ inputs: [[0, 1, 2, 3]], outputs: [[0]] }, 'inputs[0] holds token 3, but there are 3 tokens'],
    [{ inputs: [[0, 1, 2]], outputs: [[0], []] }, 'outputs[1] is empty'],
    [{ inputs: [[0, 1, 2]], outputs: [[-1]] }, 'outputs[0] holds token -1'],
  ])('refuses %j', (groups, message) => {
    expect(() => mergeTokens(weights, groups)).toThrow(message);
  });
});
