import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formatSignature, VERSION } from '../src/signature.js';

it("carries the package's version", () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(VERSION).toBe(version);
});

it("has sacrebleu's order of fields", () => {
  expect(formatSignature([['a'], ['b']], { case: 'lc', tok: '13a' }, { samples: 10, seed: 1 })).toBe(
    `nrefs:2|bs:10|seed:1|case:lc|tok:13a|version:heed-${VERSION}`,
  );
});

it('says so when some sentences have fewer references', () => {
  expect(formatSignature([['a'], [undefined]], {})).toBe(`nrefs:var|version:heed-${VERSION}`);
});
