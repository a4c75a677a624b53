import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { copyTask } from '../src/learning/copy-task.js';
import { datesTask } from '../src/learning/dates-task.js';
import { needleTask } from '../src/learning/needle-task.js';
import { reverseTask } from '../src/learning/reverse-task.js';
import { sortTask } from '../src/learning/sort-task.js';
import { drawDifferent, type Example, type SyntheticTask } from '../src/learning/synthetic-task.js';

const NEEDLES = 3;
const counts = { training: 60, heldOut: 20 };
const seeds = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const sizes = fc
  .tuple(
    fc.integer({ min: NEEDLES, max: 6 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 12, max: 20 }),
  )
  .map(([least, more, half]) => ({ symbols: 2 * half, lengths: [least, least + more] as const }));

/** The answers, found another way. */
const solutions: Record<string, (source: readonly number[], symbols: number) => readonly number[]> = {
  copy: (source) => source,
  reverse: (source) => source.map((_, i) => source[source.length - 1 - i] as number),
  sort: (source, symbols) => Array.from({ length: symbols }, (_, i) => i).filter((i) => source.includes(i)),
  needle: (source, symbols) => source.filter((s) => s >= symbols / 2).map((s) => s - symbols / 2),
};

const sequenceTasks: Record<
  string,
  (given: { symbols: number; lengths: readonly [number, number] }) => SyntheticTask
> = {
  copy: copyTask,
  reverse: reverseTask,
  sort: sortTask,
  needle: (given) => needleTask({ ...given, needles: NEEDLES }),
};

describe.each(Object.keys(sequenceTasks))('%s', (name) => {
  const create = sequenceTasks[name] as (typeof sequenceTasks)[string];

  test('every answer is right, every length as asked, and nothing held out is trained on', () => {
    fc.assert(
      fc.property(sizes, seeds, (given, seed) => {
        const { training, heldOut, longer = [] } = create(given).data(counts, seed);
        expect([training.length, heldOut.length, longer.length]).toEqual([60, 20, 20]);
        const [least, most] = given.lengths;
        for (const { source, target } of [...training, ...heldOut, ...longer]) {
          expect(target).toEqual(solutions[name]?.(source, given.symbols));
          expect(Math.min(...source)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...source)).toBeLessThan(given.symbols);
        }
        for (const { source } of [...training, ...heldOut]) {
          expect(source.length).toBeGreaterThanOrEqual(least);
          expect(source.length).toBeLessThanOrEqual(most);
        }
        expect(new Set(longer.map(({ source }) => source.length))).toEqual(new Set([2 * most]));
        const trained = new Set(training.map(({ source }) => `${source}`));
        expect(heldOut.filter(({ source }) => trained.has(`${source}`))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  test('all lengths occur', () => {
    const { training } = create({ symbols: 40, lengths: [4, 7] }).data({ training: 300, heldOut: 1 }, 1);
    expect(new Set(training.map(({ source }) => source.length))).toEqual(new Set([4, 5, 6, 7]));
  });
});

test('a haystack has as many needles as asked, anywhere', () => {
  const task = needleTask({ symbols: 20, lengths: [9, 9], needles: 2 });
  const { training } = task.data({ training: 500, heldOut: 1 }, 1);
  expect(new Set(training.map(({ target }) => target.length))).toEqual(new Set([2]));
  const places = training.flatMap(({ source }) => source.flatMap((s, place) => (s >= 10 ? [place] : [])));
  expect(new Set(places)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8]));
});

test('dates: as many as asked, each an answer of ten characters, with semicolons between', () => {
  const task = datesTask({ lengths: [2, 3] });
  const { training, heldOut, longer } = task.data({ training: 2000, heldOut: 100 }, 1);
  expect([training.length, heldOut.length, longer?.length]).toEqual([2000, 100, 100]);
  expect(new Set(training.map(({ target }) => target.length))).toEqual(new Set([21, 32]));
  expect(new Set(longer?.map(({ target }) => target.length))).toEqual(new Set([65]));
  expect(new Set(training.flatMap(({ target }) => target)).size).toBe(12);
  const separator = (training[0] as Example).target[10];
  const places = ({ target }: Example) => target.flatMap((symbol, i) => (symbol === separator ? [i] : []));
  for (const example of training) {
    expect(places(example)).toEqual([10, 21].slice(0, places(example).length));
    expect(example.source.filter((symbol) => symbol === separator)).toHaveLength(places(example).length);
    expect(Math.max(...example.source)).toBeLessThan(task.symbols);
  }
});

test('the same seed gives the same examples, another one others', () => {
  for (const task of [copyTask({ symbols: 9, lengths: [3, 9] }), datesTask({ lengths: [1, 2] })]) {
    const data = task.data(counts, 5);
    expect(task.data(counts, 5)).toEqual(data);
    expect(task.data(counts, 6)).not.toEqual(data);
  }
});

test('different numbers are different, and all of them can come', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 0, max: 8 }),
      seeds,
      (count, more, seed) => {
        let state = seed;
        const random = () => {
          state = (Math.imul(state, 1664525) + 1013904223) | 0;
          return (state >>> 0) / 2 ** 32;
        };
        const drawn = drawDifferent(count, count + more, random);
        expect(new Set(drawn).size).toBe(count);
        if (more === 0) expect(drawn.toSorted((a, b) => a - b)).toEqual(drawn.map((_, i) => i));
      },
    ),
  );
  expect(() => drawDifferent(4, 3, () => 0)).toThrow('only 3 different numbers');
});
