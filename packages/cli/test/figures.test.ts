import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { heed, heedOnCpu } from './heed.js';

const folder = mkdtempSync(join(tmpdir(), 'heed-cli-figures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (...names: string[]) => readFileSync(join(folder, ...names), 'utf8');

describe('heed figures', () => {
  test.each([
    ['alignments', ['rouge', 'dress'], /Model: translation-fr-en \(seeds 1 and 2\)/],
    ['entailment', ['contradiction', 'guitar'], /Model: entailment-sick \(seeds 2, 3, and 4\)/],
    ['captions', ['soft attention: a ', 'picture-'], /the first 2 of scenes drawn by code/],
    [
      'speech-alignments',
      ['Ten joined', 'data:image'],
      /location-aware, speech-recognition-tones \(seed 1\)/,
    ],
  ])('%s: picture, table and caption, made with what is shipped', async (name, shown, caption) => {
    const out = join(folder, name);
    const { code, stdout, stderr } = await heed(['figures', name, '--out', out]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: [] });
    const files = ['svg', 'csv', 'txt'].map((ending) => join(out, `${name}.${ending}`));
    expect(stdout).toBe(files.map((file) => `${file}\n`).join(''));
    for (const text of shown) expect(read(name, `${name}.svg`)).toContain(text);
    expect(read(name, `${name}.txt`)).toMatch(caption);
    const [header, ...rows] = read(name, `${name}.csv`).trimEnd().split('\n');
    expect(header).toBe('panel,output,token,input,place,weight');
    expect(rows.length).toBeGreaterThan(20);
  });

  test('a figure whose model or data are not here is one error that says what to give, and nothing is written', async () => {
    const out = join(folder, 'none');
    const data = await heedOnCpu(['figures', 'length', '--model', 'fixed-vector=runs/fixed', '--out', out]);
    expect(data).toMatchObject({ code: 1, stdout: '' });
    expect(data.stderr).toEqual(['heed: length: it takes data: --data multi30k=FOLDER is not given']);
    const missing = join(folder, 'missing');
    const model = await heedOnCpu(['figures', 'headline', '--model', `summarization=${missing}`]);
    expect(model).toMatchObject({ code: 1, stderr: [expect.stringContaining(missing)] });
    expect(readdirSync(folder)).not.toContain('none');
  });

  test.each([
    [['figures', 'nothing'], /no figure "nothing": expected one of needle, .*headline/],
    [['figures', 'needle', '--model', 'magic=here'], /no model "magic": expected one of translation, /],
    [['figures', 'needle', '--data', 'magic=here'], /no data "magic": expected one of multi30k, /],
    [['figures', 'needle', '--data', 'multi30k'], /Expected NAME=FOLDER/],
  ])('%s is refused before anything runs', async (args, message) => {
    const { code, stdout, stderr } = await heedOnCpu(args);
    expect(stderr).toEqual([expect.stringMatching(message)]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
