import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../training/test/temporary-folder.js';
import { openArticles, readTrainingArticles } from '../src/node/index.js';

const { at, keep } = temporaryFolder();

const read = async (path: string, split: string) => (await openArticles(path)).read(split);
const one = { text: 'Oil rose. It fell.', headline: 'Oil up' };
const many = (count: number, start = 0) =>
  Array.from({ length: count }, (_, i) => ({
    text: `Article ${start + i} is here. The rest.`,
    headline: `Headline ${start + i}`,
  }));
const table = (articles: readonly { text: string; headline: string }[]) =>
  ['id\ttitle\tabstract', ...articles.map(({ text, headline }, i) => `${i}\t${headline}\t${text}`)].join(
    '\n',
  );

describe('forms', () => {
  test('tables with named columns, and two columns without names', async () => {
    await keep({
      'named.tsv.gz': gzipSync(table([one])),
      'comma.csv': `headline,text\n"Oil, up",Oil rose.\n`,
      'spaced.tsv': `"title"\t abstract\n${one.headline}\t${one.text}\n`,
      'spaced.csv': `" Title" , "Abstract "\n"${one.headline}","${one.text}"\n`,
      'plain.tsv': `${one.text}\t${one.headline}\n\nA b.\tC\n\tno article\n`,
    });
    expect((await read(at('named.tsv.gz'), 'all')).articles).toEqual([one]);
    expect((await read(at('comma.csv'), 'all')).articles).toEqual([
      { text: 'Oil rose.', headline: 'Oil, up' },
    ]);
    for (const name of ['spaced.tsv', 'spaced.csv'])
      expect((await read(at(name), 'all')).articles).toEqual([one]);
    const plain = await read(at('plain.tsv'), 'all');
    expect(plain.articles).toEqual([one, { text: 'A b.', headline: 'C' }]);
    expect([...plain.skipped]).toEqual([['empty article or headline', 1]]);
  });

  test('whose first line is blank', async () => {
    await keep({
      'named.tsv': `\n${table([one])}`,
      'a.jsonl': `\n${JSON.stringify({ article: one.text, headline: one.headline })}\n`,
    });
    for (const name of ['named.tsv', 'a.jsonl'])
      expect((await read(at(name), 'all')).articles).toEqual([one]);
  });

  test('JSON Lines in three spellings, with splits', async () => {
    const lines = [
      { article: one.text, headline: one.headline, split: 'train' },
      { document: one.text, summary: one.headline, split: 'Validation' },
      { abstract: `${one.text}\n  More.`, title: one.headline, split: 'test', id: 3 },
    ];
    await keep({ 'a.jsonl': lines.map((line) => JSON.stringify(line)).join('\n') });
    const reader = await openArticles(at('a.jsonl'));
    expect(reader.splits).toEqual(['train', 'validation', 'test']);
    expect((await reader.read('train')).articles).toEqual([one]);
    expect((await reader.read('dev')).articles).toEqual([one]);
    expect((await reader.read('test')).articles).toEqual([{ ...one, text: `${one.text} More.` }]);
  });

  test("Gigaword's parallel files, and a folder with a file for each split", async () => {
    await keep({
      'giga/train.article.txt.gz': gzipSync('oil rose .\nsales fell .\n'),
      'giga/train.title.txt': 'oil up\nsales down\n',
      'giga/valid.article.filter.txt': 'gold rose .\n',
      'giga/valid.title.filter.txt': 'gold up\n',
      'giga/input.txt': 'tin rose .\n',
      'giga/task1_ref0.txt': 'tin up\n',
      'org/train.src.txt': 'a .\n',
      'org/train.tgt.txt': 'b\n',
      'org/dev.src.txt': 'c .\n',
      'org/dev.tgt.txt': 'd\n',
      'folder/train.tsv': table(many(3)),
      'folder/dev.jsonl': JSON.stringify({ article: 'x', headline: 'y' }),
    });
    expect((await read(at('giga'), 'train')).articles).toEqual([
      { text: 'oil rose .', headline: 'oil up' },
      { text: 'sales fell .', headline: 'sales down' },
    ]);
    expect((await read(at('giga'), 'validation')).articles[0]?.headline).toBe('gold up');
    expect((await read(at('giga'), 'test')).articles[0]?.headline).toBe('tin up');
    expect((await read(at('org'), 'validation')).articles).toEqual([{ text: 'c .', headline: 'd' }]);
    expect((await read(at('folder'), 'train')).articles).toEqual(many(3));
    expect((await read(at('folder'), 'val')).articles).toEqual([{ text: 'x', headline: 'y' }]);
  });

  test('Reuters-21578 in Latin-1, all files together', async () => {
    const story = (split: string, title: string) =>
      Buffer.from(
        `<REUTERS LEWISSPLIT="${split}" NEWID="1"><TEXT><TITLE>${title}</TITLE><BODY>Caf\xe9 ${title}. Reuter</BODY></TEXT></REUTERS>`,
        'latin1',
      );
    await keep({
      'r/reut2-000.sgm.gz': gzipSync(Buffer.concat([story('TRAIN', 'A'), story('TRAIN', 'B')])),
      'r/reut2-001.sgm': Buffer.concat([story('TRAIN', 'C'), story('TEST', 'D')]),
      'r/README.txt': 'x',
    });
    const reader = await openArticles(at('r'));
    expect(reader.splits).toEqual(['train', 'validation', 'test']);
    const [train, validation] = [await reader.read('train'), await reader.read('validation')];
    expect([train.articles.length, validation.articles.length]).toEqual([2, 1]);
    expect((await reader.read('test')).articles).toEqual([{ text: 'Café D.', headline: 'D' }]);
  });

  test('articles made by code', async () => {
    const reader = await openArticles('synthetic');
    expect(reader.splits).toEqual(['train', 'validation', 'test']);
    expect((await reader.read('test')).articles).toHaveLength(500);
  });
});

describe('splits', () => {
  test('articles without one are for training, beside those that are for it', async () => {
    const line = (headline: string, split: string | null = null) =>
      JSON.stringify({ article: 'It is.', headline, split });
    await keep({ 'a.jsonl': [line('One'), line('Two', 'dev'), line('Three', 'train')].join('\n') });
    expect((await openArticles(at('a.jsonl'))).splits).toEqual(['dev', 'train']);
    const { articles } = await read(at('a.jsonl'), 'train');
    expect(articles.map(({ headline }) => headline)).toEqual(['Three', 'One']);
  });

  test('what has none is cut by headline, whatever its order, and whole besides', async () => {
    const articles = [...many(60), ...many(60)];
    await keep({ 'a.tsv': table(articles), 'b.tsv': table(articles.toReversed()) });
    const [a, b] = [await openArticles(at('a.tsv')), await openArticles(at('b.tsv'))];
    expect(a.splits).toEqual(['train', 'validation', 'test', 'all']);
    const sides: Record<string, Set<string>> = {};
    for (const split of ['train', 'validation', 'test']) {
      const [ours, theirs] = [(await a.read(split)).articles, (await b.read(split)).articles];
      expect(theirs.toReversed()).toEqual(ours);
      sides[split] = new Set(ours.map(({ headline }) => headline));
    }
    expect([sides.train?.size, sides.validation?.size, sides.test?.size]).toEqual([54, 3, 3]);
    expect(new Set(Object.values(sides).flatMap((side) => [...side])).size).toBe(60);
    expect((await a.read('all')).articles).toEqual(articles);
  });

  test('training loses what a held-out split has, of any part, and counts it', async () => {
    const held = [
      { text: 'Quite new. Indeed.', headline: 'HEADLINE 3!' },
      { text: 'Article 4 is here! And goes on otherwise.', headline: 'Another' },
    ];
    await keep({
      'one/train.tsv': table(many(6)),
      'one/dev.tsv': table([{ text: 'Of its own.', headline: 'Own' }]),
      'two/train.tsv': table(many(3, 10)),
      'two/val.tsv': table([{ text: 'Own too.', headline: 'Own too' }]),
      'two/test.tsv': table(held),
    });
    const { train, validation } = await readTrainingArticles(`${at('one')},${at('two')}`);
    expect(train.articles.map(({ headline }) => headline)).toEqual(
      [0, 1, 2, 5, 10, 11, 12].map((i) => `Headline ${i}`),
    );
    expect([...train.skipped]).toEqual([['headline or first sentence also in another split', 2]]);
    expect(validation.articles.map(({ headline }) => headline)).toEqual(['Own', 'Own too']);
    const alone = await readTrainingArticles(at('one'));
    expect(alone.train.articles).toHaveLength(6);
    expect(alone.train.digest).not.toBe(train.digest);
  });
});

describe('faults are one error that names the place', () => {
  test.each<[string, string, string | Uint8Array, RegExp]>([
    [
      'a column too few',
      'bad.tsv',
      'just text\n',
      /bad\.tsv, line 1: 1 columns\. Expected article<TAB>headline/,
    ],
    ['a column too many', 'bad.tsv', 'a\tb\na\tb\tc\n', /bad\.tsv, line 2: 3 columns/],
    ['a cell too few', 'bad.tsv', 'title\tabstract\nx\n', /bad\.tsv: not a table of articles: .*line 2/],
    ['a record that is none', 'bad.jsonl', '{"article": "a"}', /bad\.jsonl, line 1: no article\. Expected/],
    [
      'half a record',
      'bad.jsonl',
      '{"article": "a", "headline": "b"}\n{"art',
      /bad\.jsonl, line 2: not JSON/,
    ],
    ['bytes that are no text', 'bad.tsv', new Uint8Array([0x61, 0xff]), /bad\.tsv, line 1: not UTF-8/],
    [
      'a split that is no text',
      'bad.jsonl',
      '{"article": "a", "headline": "b", "split": 3}',
      /bad\.jsonl, line 1: "split" is 3\. Expected a value of type string/,
    ],
    [
      'all records as one',
      'bad.json',
      '[{"article": "a"}]',
      /bad\.json, line 1: a JSON array\. Expected one object/,
    ],
    ['nothing', 'bad.tsv', '', /bad\.tsv: no split "all"\. It is empty\.$/],
    ['no headline', 'bad.tsv', 'a\t\n', /bad\.tsv: no articles in the split "all" \(left out: 1: empty/],
    [
      'half of a packed file',
      'bad.sgm.gz',
      gzipSync('<REUTERS '.repeat(99)).subarray(0, 20),
      /bad\.sgm\.gz: its gzip data end early/,
    ],
    ['no stories', 'bad.sgm', 'hello', /bad\.sgm: no REUTERS element/],
  ])('%s', async (_, name, content, message) => {
    await keep({ [name]: content });
    await expect(read(at(name), 'all')).rejects.toThrow(message);
  });

  test('a split in two forms', async () => {
    await keep({
      'a/train.csv': '',
      'a/train.jsonl': '',
      'b/train.src.txt': '',
      'b/train.tgt.txt': '',
      'b/train.tsv': '',
    });
    await expect(openArticles(at('a'))).rejects.toThrow(
      'a: the split "train" is in train.csv and in train.jsonl. Keep one of the two.',
    );
    await expect(openArticles(at('b'))).rejects.toThrow('is in train.src.txt and in train.tsv.');
  });

  test('files without a partner, folders without articles, and paths that lead nowhere', async () => {
    await keep({
      'alone/train.article.txt': 'a\n',
      'uneven/train.article.txt': 'a\nb\n',
      'uneven/train.title.txt': 'a\n',
      'other/README.md': '',
    });
    await expect(read(at('alone'), 'train')).rejects.toThrow(
      /train\.article\.txt has no headlines beside it: no train\.title\.txt/,
    );
    await expect(read(at('uneven'), 'train')).rejects.toThrow(
      /line 2 of .*train\.article\.txt has no partner/,
    );
    await expect(openArticles(at('other'))).rejects.toThrow(/other: no articles\. .*found: README\.md/);
    await expect(openArticles(at('none'))).rejects.toThrow(/none: no such file or folder/);
    await expect(openArticles(',')).rejects.toThrow(/^,: no path\. Expected one, or several/);
    await expect(read('synthetic', 'dev2')).rejects.toThrow(/synthetic: no split "dev2"\. There are: train/);
  });
});

const shared = process.env.HEED_DATA ?? '../shared/data';

describe.skipIf(!existsSync(shared))(`published data in ${shared} (skipped where they are not)`, () => {
  test('Reuters-21578 has its splits, and what is no article is counted', async () => {
    const { splits, read: readSplit } = await openArticles(join(shared, 'reuters21578'));
    expect(splits).toEqual(['train', 'validation', 'unused', 'test']);
    const test = await readSplit('test');
    for (const { text, headline } of test.articles) {
      expect(text).not.toMatch(/&(lt|amp|gt|#\d+);|\p{Cc}|\bReuter$/u);
      expect(headline).not.toMatch(/&lt;|^\*|\n/);
    }
    expect([...test.skipped.keys()].sort()).toEqual(['no body (a headline alone)', 'unformatted text']);
  });
});
