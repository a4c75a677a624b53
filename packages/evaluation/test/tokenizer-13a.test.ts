import { expect, it } from 'vitest';
import { tokenize13a } from '../src/tokenizer-13a.js';

it.each([
  ['Costs 1,000.5, or 5.', 'Costs 1,000.5 , or 5 .'],
  ['He said &quot;A &amp; B&quot;', 'He said " A & B "'],
  ["it's a well-known 3-D film", "it's a well-known 3 - D film"],
  ['soft-\nware\nline', 'software line'],
  ['«été» – naïve…', '«été» – naïve…'],
  ['', ''],
])('%j', (line, tokens) => {
  expect(tokenize13a(line).join(' ')).toBe(tokens);
});
