import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitByKey } from '../src/index.js';

const items = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), id: fc.nat() }), {
  maxLength: 40,
});
const sizes = fc.record({ validation: fc.nat({ max: 12 }), test: fc.nat({ max: 12 }) });

test('every item is on one side, all of a key together, and no side is too large', () => {
  fc.assert(
    fc.property(items, sizes, (all, wanted) => {
      const split = splitByKey(all, ({ key }) => key, wanted);
      const sides = [split.train, split.validation, split.test];
      expect(
        sides
          .flat()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(all.map(({ id }) => id).sort());
      for (const key of ['a', 'b', 'c', 'd', 'e']) {
        expect(sides.filter((side) => side.some((item) => item.key === key)).length).toBeLessThan(2);
      }
      expect(split.validation.length).toBeLessThanOrEqual(wanted.validation);
      expect(split.test.length).toBeLessThanOrEqual(wanted.test);
    }),
  );
});

test('the order of the items does not matter to the cut, and stays within a side', () => {
  const all = Array.from({ length: 200 }, (_, id) => ({ key: `key ${id % 150}`, id }));
  const cut = (given: typeof all) => splitByKey(given, ({ key }) => key, { validation: 20, test: 30 });
  const [forward, backward] = [cut(all), cut(all.toReversed())];
  expect(backward.test.toReversed()).toEqual(forward.test);
  expect([forward.validation.length, forward.test.length]).toEqual([20, 30]);
});
