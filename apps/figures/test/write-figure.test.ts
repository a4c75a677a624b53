import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { writeFigure } from '../src/write-figure.js';

const folder = mkdtempSync(join(tmpdir(), 'heed-figures-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a figure is a picture, a table that can be read back whatever is in it, and a caption', async () => {
  const row = fc.record({ panel: fc.string({ unit: 'grapheme' }), weight: fc.integer().map(String) });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (rows) => {
      const out = join(folder, 'new', 'folder');
      const paths = await writeFigure(out, 'some', { svg: '<svg/>', rows, caption: 'A caption.' });
      expect(paths).toEqual(['svg', 'csv', 'txt'].map((ending) => join(out, `some.${ending}`)));
      const [svg, csv, caption] = paths.map((path) => readFileSync(path, 'utf8')) as [string, string, string];
      expect([svg, caption]).toEqual(['<svg/>', 'A caption.\n']);
      expect(parse(csv, { columns: true })).toEqual(rows);
    }),
    { numRuns: 20 },
  );
});

test('a folder that cannot be made is an error that names it', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const drawn = { svg: '', rows: [], caption: '' };
  await expect(writeFigure(join(file, 'below'), 'some', drawn)).rejects.toThrow(file);
  expect(existsSync(join(file, 'below'))).toBe(false);
});
