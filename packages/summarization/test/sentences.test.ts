import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstSentence, sentences } from '../src/index.js';

test.each([
  ['One. Two? Three! Four', ['One.', 'Two?', 'Three!', 'Four']],
  ['Mr. Smith met Dr. J. Doe. They spoke.', ['Mr. Smith met Dr. J. Doe.', 'They spoke.']],
  ['Trade with the U.S. And Japan fell. It rose.', ['Trade with the U.S. And Japan fell.', 'It rose.']],
  [
    'Smith et al. 2015 do this, e.g. for trees. We do not.',
    ['Smith et al. 2015 do this, e.g. for trees.', 'We do not.'],
  ],
  ['It rose 3.5 pct to 1.2 mln dlrs. Net fell.', ['It rose 3.5 pct to 1.2 mln dlrs.', 'Net fell.']],
  ['Acme Corp. said so. Then Acme Inc. It is new.', ['Acme Corp. said so.', 'Then Acme Inc.', 'It is new.']],
  ['  ', []],
])('%s', (text, expected) => {
  expect(sentences(text)).toEqual(expected);
  expect(firstSentence(text)).toBe(expected[0] ?? '');
});

test('nothing but white space is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(sentences(text).join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
    }),
  );
});
