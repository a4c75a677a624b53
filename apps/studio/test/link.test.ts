import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatLink, parseLink } from '../src/page/link.js';
import { wholeNumber } from '../src/page/whole-number.js';

test('a link holds whatever text it is given', () => {
  const fields = fc.dictionary(fc.stringMatching(/^[a-z]+$/u), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(fc.constantFrom('translation', 'trace'), fields, (tab, given) => {
      expect(parseLink(formatLink({ tab, fields: given }))).toEqual({ tab, fields: { ...given } });
    }),
  );
});

test('an address that is no link has no fields', () => {
  expect(parseLink('')).toEqual({ tab: '', fields: {} });
  expect(parseLink('#translation')).toEqual({ tab: 'translation', fields: {} });
  expect(parseLink('#translation?text=a?b').fields).toEqual({ text: 'a?b' });
});

test('a seed is a whole number or the other one', () => {
  expect([
    wholeNumber('7', 1),
    wholeNumber('1e9', 1),
    wholeNumber('-3', 1),
    wholeNumber(undefined, 1),
  ]).toEqual([7, 1, 1, 1]);
});
