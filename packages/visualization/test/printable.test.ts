import { describe, expect, it } from 'vitest';
import { escapeMarkup, printable, truncate } from '../src/printable.js';

describe('printable', () => {
  it.each([
    ['\x1b[2J\x07', '␛[2J␇'],
    ['a\tb\nc\r\0\x7f', 'a␉b␊c␍␀␡'],
    ['\x9b31m', '\uFFFD31m'],
    ['\ud800x\udc00', '\uFFFDx\uFFFD'],
    ['\ufffe\uffff\u{1fffe}', '\uFFFD\uFFFD\uFFFD'],
    ['a\u202eb\u2066c\u00add', 'abcd'],
    ['line\u2028end', 'line\u2424end'],
    ['été 東京 👩‍👩‍👧 e\u0301', 'été 東京 👩‍👩‍👧 e\u0301'],
  ])('%j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });
});

it('escapeMarkup leaves nothing that means something', () => {
  expect(escapeMarkup(`<a b="c" d='e'>&\x1b`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;␛');
});

describe('truncate', () => {
  it.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['東京都', 5, '東京…'],
    ['東京都', 4, '東…'],
    ['e\u0301e\u0301e\u0301e\u0301', 3, 'e\u0301e\u0301…'],
    ['👩‍👩‍👧👩‍👩‍👧', 3, '👩‍👩‍👧…'],
  ])('%j to %i columns', (text, width, expected) => {
    expect(truncate(text, width)).toBe(expected);
  });
});
