import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../training/test/temporary-folder.js';
import { openParallelCorpus, readParallelCorpus, readTrainingCorpus } from '../src/node/read-corpus.js';

const { at, keep } = temporaryFolder();

/** Writes files into the temporary folder; names that end in .gz are packed. */
async function write(files: Record<string, string | Uint8Array>): Promise<string> {
  const packed = Object.entries(files).map(([name, content]) => [
    name,
    name.endsWith('.gz') && typeof content === 'string' ? gzipSync(content) : content,
  ]);
  await keep(Object.fromEntries(packed));
  return at();
}

const MULTI30K = {
  'train.fr.gz': 'Un chien.\nDeux chats.\n',
  'train.en.gz': 'A dog.\nTwo cats.\n',
  'val.fr.gz': 'Une fille.\n',
  'val.en.gz': 'A girl.\n',
  'test_2016_flickr.fr.gz': 'Un homme.\n',
  'test_2016_flickr.en.gz': 'A man.\n',
  'test_2017_flickr.fr.gz': 'La mer.\n',
  'test_2017_flickr.en.gz': 'The sea.\n',
};

describe("a folder in Multi30k's form", () => {
  test('is read split by split', async () => {
    await write(MULTI30K);
    const { splits } = await openParallelCorpus(at());
    expect(splits).toEqual(['test_2016_flickr', 'test_2017_flickr', 'train', 'val']);
    const train = await readParallelCorpus(at(), 'train');
    expect(train).toMatchObject({
      pairs: [
        { source: 'Un chien.', target: 'A dog.' },
        { source: 'Deux chats.', target: 'Two cats.' },
      ],
      skipped: [],
      files: [at('train.fr.gz'), at('train.en.gz')],
    });
    for (const alias of ['validation', 'val', 'dev']) {
      expect((await readParallelCorpus(at(), alias)).pairs).toEqual([
        { source: 'Une fille.', target: 'A girl.' },
      ]);
    }
  });

  test('can be read the other way round', async () => {
    await write(MULTI30K);
    const { pairs } = await readParallelCorpus(at(), 'val', { source: 'en', target: 'fr' });
    expect(pairs).toEqual([{ source: 'A girl.', target: 'Une fille.' }]);
  });

  test('names the splits when the one asked for is missing or not unique', async () => {
    await write(MULTI30K);
    const splits = 'There are: test_2016_flickr, test_2017_flickr, train, val.';
    await expect(readParallelCorpus(at(), 'tset')).rejects.toThrow(`no split "tset". ${splits}`);
    await expect(readParallelCorpus(at(), 'test')).rejects.toThrow(`no split "test". ${splits}`);
  });

  test('takes unpacked files, a byte order mark, CRLF, a missing last line ending, packed files by content', async () => {
    await write({
      'train.fr': '\ufeffUn chien.\r\nDeux chats.',
      'train.en': gzipSync('A dog.\nTwo cats.\n'),
    });
    const { pairs } = await readParallelCorpus(at(), 'train');
    expect(pairs).toEqual([
      { source: 'Un chien.', target: 'A dog.' },
      { source: 'Deux chats.', target: 'Two cats.' },
    ]);
  });

  test('of unequal length says which line has no partner', async () => {
    await write({ 'train.fr': 'a\nb\nc\n', 'train.en': 'A\nB\n' });
    await expect(readParallelCorpus(at(), 'train')).rejects.toThrow(
      /train\.fr has 3 lines and .*train\.en has 2: line 3 of .*train\.fr has no partner/,
    );
  });

  test('skips and counts empty lines in training, refuses them in evaluation', async () => {
    const lines = { fr: 'a\n\nc\nd\n', en: 'A\nB\n \t\nD\n' };
    await write({ 'train.fr': lines.fr, 'train.en': lines.en, 'val.fr': lines.fr, 'val.en': lines.en });
    const train = await readParallelCorpus(at(), 'train');
    expect(train.pairs.map((pair) => pair.target)).toEqual(['A', 'D']);
    expect(train.skipped).toEqual([{ reason: 'empty source or target', count: 2 }]);
    await expect(readParallelCorpus(at(), 'val')).rejects.toThrow(
      /val\.en, line 2: empty source or target \(2 such lines\).*"val"/,
    );
  });

  test('with one language missing says which file was looked for', async () => {
    await write({ 'train.fr.gz': 'a\n' });
    await expect(readParallelCorpus(at(), 'train')).rejects.toThrow(
      'the split "train" lacks its en side: no train.en and no train.en.gz',
    );
  });

  test('trains beside a test split that has but one language', async () => {
    await write({ ...MULTI30K, 'test_secret.fr': 'Un chat.\n' });
    expect((await openParallelCorpus(at())).splits).not.toContain('test_secret');
    expect((await readTrainingCorpus(at())).pairs).not.toHaveLength(0);
    await expect(readParallelCorpus(at(), 'test_secret')).rejects.toThrow('lacks its en side');
  });

  test.each([
    [{ 'train.csv': '', 'train.jsonl': '' }, 'train.csv and in train.jsonl'],
    [{ 'train.fr': '', 'train.en': '', 'train.tsv.gz': '' }, 'train.tsv.gz and in train.fr'],
    [{ 'train.en': '', 'train.fr': '', 'train.fr.gz': '' }, 'train.fr and in train.fr.gz'],
  ])('with a split in two forms names both: %o', async (files, both) => {
    await write(files);
    await expect(openParallelCorpus(at())).rejects.toThrow(`the split "train" is in ${both}.`);
  });

  test('may hold a TSV or JSON Lines file a split', async () => {
    await write({ 'train.tsv': 'a\tA\n', 'dev.jsonl.gz': '{"fr":"b","en":"B"}\n' });
    expect((await readParallelCorpus(at(), 'train')).pairs).toEqual([{ source: 'a', target: 'A' }]);
    expect((await readParallelCorpus(at(), 'validation')).pairs).toEqual([{ source: 'b', target: 'B' }]);
  });
});

describe('bytes', () => {
  test('that are not UTF-8 are named by line and offset', async () => {
    await write({ 'train.fr': Buffer.from('a\nb\nétang\n', 'latin1'), 'train.en': 'A\nB\nC\n' });
    await expect(readParallelCorpus(at(), 'train')).rejects.toThrow(
      /train\.fr, line 3: not UTF-8 \(byte 0xe9 at offset 4\).*iconv -f ISO-8859-1/,
    );
  });

  test('in UTF-16 are named so, with and without a byte order mark', async () => {
    await write({
      'a.tsv': Buffer.from('\ufeffa\tA\n', 'utf16le'),
      'b.tsv': Buffer.from('a\tA\n', 'utf16le'),
    });
    await expect(readParallelCorpus(at('a.tsv'), 'all')).rejects.toThrow(/line 1.*iconv -f UTF-16/);
    await expect(readParallelCorpus(at('b.tsv'), 'all')).rejects.toThrow(/line 1: a NUL/);
  });

  test('of a truncated or damaged gzip are an error, never part of the data', async () => {
    const text = Array.from({ length: 500 }, (_, index) => `s${index * 7919}\tt${index * 104729}\n`).join('');
    const packed = gzipSync(text);
    const damaged = Buffer.from(packed);
    damaged.fill(0x55, 40, 60);
    await write({ 'short.tsv.gz': packed.subarray(0, packed.length >> 1), 'damaged.tsv.gz': damaged });
    await expect(readParallelCorpus(at('short.tsv.gz'), 'all')).rejects.toThrow(
      /short\.tsv\.gz: its gzip data end early/,
    );
    await expect(readParallelCorpus(at('damaged.tsv.gz'), 'all')).rejects.toThrow(
      /damaged\.tsv\.gz: damaged gzip data/,
    );
  });

  test('of any kind give pairs or one clear error', async () => {
    const file = at('any.tsv');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (bytes) => {
        await writeFile(file, bytes);
        const outcome = await readParallelCorpus(file, 'all').catch((error: Error) => error.message);
        if (typeof outcome === 'string') expect(outcome).toMatch(/any\.tsv(, line \d+)?: /);
        else expect(outcome.pairs.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a TSV file', () => {
  const lines = Array.from({ length: 200 }, (_, index) => `f${index}\te${index % 120}\n`);

  test('is cut by target sentence, the same way every time', async () => {
    await write({ 'my-pairs.tsv.gz': lines.join(''), 'shuffled.tsv': [...lines].reverse().join('') });
    const corpus = await openParallelCorpus(at('my-pairs.tsv.gz'));
    expect([corpus.name, corpus.splits]).toEqual(['my-pairs', ['train', 'validation', 'all']]);
    const [train, validation, all] = await Promise.all(corpus.splits.map((split) => corpus.read(split)));
    expect([train, validation, all].map((split) => split!.pairs.length)).toEqual([196, 4, 200]);
    const trained = new Set(train!.pairs.map((pair) => pair.target));
    expect(validation!.pairs.filter((pair) => trained.has(pair.target))).toEqual([]);
    const shuffled = await readParallelCorpus(at('shuffled.tsv'), 'val');
    expect(new Set(shuffled.pairs.map((pair) => pair.source))).toEqual(
      new Set(validation!.pairs.map((pair) => pair.source)),
    );
  });

  test('may name its columns', async () => {
    await write({ 'a.tsv': 'Source\tTarget\nx\ty\n', 'b.tsv': 'id\ten\tfr\n1\tA\ta\n' });
    expect((await readParallelCorpus(at('a.tsv'), 'all')).pairs).toEqual([{ source: 'x', target: 'y' }]);
    expect((await readParallelCorpus(at('b.tsv'), 'all')).pairs).toEqual([{ source: 'a', target: 'A' }]);
  });

  test('may name the split of each pair, as CSV and JSON Lines may', async () => {
    const rows = [
      ['a', 'A', 'train'],
      ['b', 'B', 'val'],
      ['c', 'C', ''],
      ['d', 'D', 'Test'],
    ] as const;
    const object = ([fr, en, split]: readonly string[]) => JSON.stringify({ fr, en, split });
    await write({
      'a.tsv': ['fr\ten\tsplit', ...rows.map((row) => row.join('\t'))].join('\n'),
      'b.csv': ['source,target,split', ...rows.map((row) => row.map((cell) => `"${cell}"`).join(','))].join(
        '\n',
      ),
      'c.jsonl': rows.map(object).join('\n'),
      'd/train.csv': 'fr,en\n"a, b","A ""B"""\n',
      'd/val.csv': 'fr,en\nc,C\n',
    });
    for (const file of ['a.tsv', 'b.csv', 'c.jsonl']) {
      const { splits } = await openParallelCorpus(at(file));
      expect([...splits].sort()).toEqual(['test', 'train', 'val']);
      const sources = async (split: string) =>
        (await readParallelCorpus(at(file), split)).pairs.map(({ source }) => source).join('');
      expect([await sources('train'), await sources('validation'), await sources('test')]).toEqual([
        'ac',
        'b',
        'd',
      ]);
    }
    expect((await readParallelCorpus(at('d'), 'train')).pairs).toEqual([{ source: 'a, b', target: 'A "B"' }]);
    await write({ 'e.csv': 'de,en\na,A\n' });
    await expect(readParallelCorpus(at('e.csv'), 'train')).rejects.toThrow(
      /e\.csv: no sentence pairs.*found: de, en/,
    );
  });

  test('whose header is of other languages, or which is too small to be cut, is an error', async () => {
    await write({ 'a.tsv': 'de\ten\nHund\tdog\n', 'b.tsv': 'oui\tyes\nnon\tno\n', 'c.tsv': 'x\ty\n' });
    await expect(readParallelCorpus(at('a.tsv'), 'train')).rejects.toThrow(
      /a\.tsv, line 1: the columns are called de and en, .* are fr and en\. Set its "languages"/,
    );
    expect((await readParallelCorpus(at('b.tsv'), 'all')).pairs).toHaveLength(2);
    await write({
      'names.tsv': 'French\tenglish\nchien\tdog\n',
      'quoted.tsv': '"de"\t"en"\n"Hund"\t"dog"\n',
    });
    for (const [name, columns] of Object.entries({ names: 'French and english', quoted: 'de and en' })) {
      await expect(readParallelCorpus(at(`${name}.tsv`), 'train')).rejects.toThrow(
        `${name}.tsv, line 1: the columns are called ${columns}, `,
      );
    }
    await expect(readParallelCorpus(at('c.tsv'), 'train')).rejects.toThrow(
      /too few pairs of different targets \(1 in all\)/,
    );
  });

  test('without a tab, or with columns that nothing names, is an error with its line', async () => {
    await write({ 'a.tsv': 'x\ty\nno tab here\n', 'b.tsv': 'x\ty\na\tb\tc\n' });
    await expect(readParallelCorpus(at('a.tsv'), 'train')).rejects.toThrow(
      /a\.tsv, line 2: no tab in "no tab here"/,
    );
    await expect(readParallelCorpus(at('b.tsv'), 'train')).rejects.toThrow(/b\.tsv, line 2: 3 columns/);
  });

  test('passes over blank lines, skips empty cells, and counts them once', async () => {
    await write({ 'a.tsv': `x\ty\n\na\t\n\tb\n${lines.join('')}` });
    const skipped = [{ reason: 'empty source or target', count: 2 }];
    for (const [split, expected] of [
      ['all', skipped],
      ['train', skipped],
      ['validation', []],
    ] as const) {
      expect((await readParallelCorpus(at('a.tsv'), split)).skipped).toEqual(expected);
    }
  });

  test('may have blank lines where it is for evaluation, as JSON Lines may', async () => {
    await write({
      'val.tsv': 'b\tB\n\nc\tC\n\n',
      'test.jsonl': '\n{"fr":"d","en":"D"}\n\n',
      'of-splits/splits.csv': 'fr,en,split\na,A,val\n\nb,B,test\n',
      'of-splits/splits.jsonl': '{"fr":"a","en":"A","split":"val"}\n\n{"fr":"b","en":"B","split":"test"}\n',
    });
    expect((await readParallelCorpus(at(), 'val')).pairs).toHaveLength(2);
    expect((await readParallelCorpus(at(), 'test')).pairs).toEqual([{ source: 'd', target: 'D' }]);
    for (const name of ['csv', 'jsonl'])
      expect((await openParallelCorpus(at('of-splits', `splits.${name}`))).splits).toEqual(['val', 'test']);
  });

  test('has its header on the first line that is not blank', async () => {
    await write({ 'a.tsv': '\nid\ten\tfr\n1\tA\ta\n', 'b.jsonl': '\n{"fr":"a","en":"A"}\n' });
    for (const name of ['a.tsv', 'b.jsonl'])
      expect((await readParallelCorpus(at(name), 'all')).pairs).toEqual([{ source: 'a', target: 'A' }]);
  });

  test('whose header stands in quotes has cells in quotes', async () => {
    await write({ 'a.tsv': '"source"\t"target"\n"a ""b"""\t"A"\n', 'b.tsv': 'fr\ten\n"a"\t"A"\n' });
    expect((await readParallelCorpus(at('a.tsv'), 'all')).pairs).toEqual([{ source: 'a "b"', target: 'A' }]);
    expect((await readParallelCorpus(at('b.tsv'), 'all')).pairs).toEqual([{ source: '"a"', target: '"A"' }]);
  });

  test.each([
    ['a cell too many', 'source\ttarget\na\tA\nb\tB\tc\n', /a\.tsv, line 3: 3 columns\. Expected 2, as many/],
    ['a cell too few', 'id\tsource\ttarget\n1\ta\n', /a\.tsv, line 2: 2 columns\. Expected 3, as many/],
    [
      'two columns of one name',
      'source\ttarget\tsource\na\tA\tb\n',
      /a\.tsv: two columns are called "source"/,
    ],
  ])('with a header and %s is an error', async (_, content, message) => {
    await write({ 'a.tsv': content });
    await expect(readParallelCorpus(at('a.tsv'), 'all')).rejects.toThrow(message);
  });

  test('is told from JSON Lines by its ending, or else by its first character', async () => {
    await write({ 'a.tsv': '{x}\ty\n', 'b.txt': '{"fr":"x","en":"y"}\n', 'c.txt': 'x\ty\n' });
    const sources = ['a.tsv', 'b.txt', 'c.txt'].map(
      async (name) => (await readParallelCorpus(at(name), 'all')).pairs[0]?.source,
    );
    expect(await Promise.all(sources)).toEqual(['{x}', 'x', 'x']);
  });

  test('that is empty is an error', async () => {
    await write({ 'a.tsv': '', 'b.tsv': '\n\n' });
    for (const name of ['a.tsv', 'b.tsv']) {
      await expect(readParallelCorpus(at(name), 'train')).rejects.toThrow(
        'no sentence pairs in the split "train"',
      );
    }
  });

  test('gives back any pairs written to it', async () => {
    const sentence = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 20 })
      .map((text) => `x${text.replace(/[\t\n\r\0]/g, ' ')}`.trim());
    const file = at('any.tsv');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ source: sentence, target: sentence }), { minLength: 1 }),
        async (pairs) => {
          await writeFile(file, pairs.map(({ source, target }) => `${source}\t${target}\n`).join(''));
          expect((await readParallelCorpus(file, 'all')).pairs).toEqual(pairs);
        },
      ),
    );
  });
});

describe('a JSON Lines file', () => {
  test('is read in its three forms', async () => {
    await write({
      'a.jsonl':
        '{"source":"a","target":"A"}\n{"fr":"b\\tc","en":"B","id":7}\n{"translation":{"en":"D","fr":"d"}}\n',
    });
    expect((await readParallelCorpus(at('a.jsonl'), 'all')).pairs).toEqual([
      { source: 'a', target: 'A' },
      { source: 'b\tc', target: 'B' },
      { source: 'd', target: 'D' },
    ]);
  });

  test.each([
    ['{"source":"a","tar', /a\.jsonl, line 2: not JSON/],
    ['{"source":"a"}', /a\.jsonl, line 2: no sentence pair/],
    ['{"fr":"a","en":null}', /a\.jsonl, line 2: "en" is null/],
    ['{"fr":"a","de":"b"}', /a\.jsonl, line 2: no sentence pair/],
    ['[1]', /a\.jsonl, line 2: a JSON array\. Expected one object a line/],
    ['{"source":"a","target":"b","split":3}', /a\.jsonl, line 2: "split" is 3/],
  ])('with the line %s is an error with its line', async (line, message) => {
    await write({ 'a.jsonl': `{"source":"a","target":"A"}\n${line}\n` });
    await expect(readParallelCorpus(at('a.jsonl'), 'train')).rejects.toThrow(message);
  });
});

describe("Tatoeba's file", () => {
  const lines = Array.from(
    { length: 400 },
    (_, index) => `English ${index >> 1}.\tFrançais ${index}\u202f!\tCC-BY ${index}\n`,
  );

  test('is read as French to English and cut by English sentence', async () => {
    await write({ 'fra-eng/fra.txt.gz': lines.join(''), 'fra-eng/_about.txt': 'about' });
    const corpus = await openParallelCorpus(at('fra-eng'));
    expect([corpus.name, corpus.splits]).toEqual(['fra-eng', ['train', 'validation', 'test']]);
    const parts = await Promise.all(corpus.splits.map(async (split) => (await corpus.read(split)).pairs));
    expect(parts.map((pairs) => pairs.length)).toEqual([360, 20, 20]);
    expect(parts[0]![0]).toMatchObject({
      source: expect.stringMatching(/^Français \d+\u202f!$/),
      target: expect.stringMatching(/^English \d+\.$/),
    });
    const sentences = parts.map((pairs) => new Set(pairs.map((pair) => pair.target)));
    expect(sentences[0]!.size + sentences[1]!.size + sentences[2]!.size).toBe(200);
    expect(await readParallelCorpus(at('fra-eng', 'fra.txt.gz'), 'test')).toEqual(await corpus.read('test'));
  });

  test('is refused for other languages and without a tab', async () => {
    await write({ 'fra.txt': 'Go.\tVa.\nGo.\n' });
    await expect(readParallelCorpus(at(), 'train')).rejects.toThrow(/fra\.txt, line 2: no tab/);
    await expect(readParallelCorpus(at(), 'train', { source: 'de', target: 'en' })).rejects.toThrow(
      'not de to en',
    );
  });
});

describe('several corpora', () => {
  async function writeBoth(): Promise<string> {
    const extra = [
      'Un homme ?\tSome man.',
      'Bonjour.\tHello.',
      ...Array(98)
        .fill('')
        .map((_, i) => `f${i}\te${i}`),
    ];
    await write(
      Object.fromEntries(Object.entries(MULTI30K).map(([name, text]) => [`multi30k/${name}`, text])),
    );
    await write({ 'extra.tsv': `${extra.join('\n')}\n` });
    return `${at('multi30k')},${at('extra.tsv')}`;
  }

  test('are joined, and each part can be read alone', async () => {
    const path = await writeBoth();
    const corpus = await openParallelCorpus(path);
    expect(corpus.splits).toEqual([
      ...['test_2016_flickr', 'test_2017_flickr', 'train', 'val'].map((split) => `multi30k/${split}`),
      ...['train', 'validation', 'all'].map((split) => `extra/${split}`),
    ]);
    const extra = await corpus.read('extra/train');
    const train = await corpus.read('train');
    expect(train.pairs).toEqual([...(await corpus.read('multi30k/train')).pairs, ...extra.pairs]);
    expect(train.files).toHaveLength(3);
    expect((await corpus.read('validation')).pairs).toHaveLength(1 + 2);
    expect((await corpus.read('multi30k/validation')).pairs).toHaveLength(1);
    await expect(corpus.read('other/val')).rejects.toThrow('No split "other/val" here. There are: multi30k/');
  });

  test('without a split are passed over, if one has it', async () => {
    await write({
      'a/train.tsv': 'a\tA\n',
      'a/val.tsv': 'b\tB\n',
      'b/train.tsv': 'c\tC\n',
      'c/train.tsv': 'd\tD\n',
      'c/val.fr': 'e\n',
    });
    const path = `${at('a')},${at('b')}`;
    expect((await readParallelCorpus(path, 'train')).pairs).toHaveLength(2);
    expect((await readParallelCorpus(path, 'validation')).pairs).toEqual([{ source: 'b', target: 'B' }]);
    await expect(readParallelCorpus(path, 'test')).rejects.toThrow(
      `${path}: no split "test". There are: a/train, a/val, b/train.`,
    );
    await expect(readParallelCorpus(`${path},${at('c')}`, 'val')).rejects.toThrow('lacks its en side');
  });

  test('can be listed in corpus.json, relative to it', async () => {
    const path = await writeBoth();
    await write({ 'corpus.json': '{"corpora": ["multi30k", "extra.tsv"]}' });
    expect(await readParallelCorpus(at(), 'train')).toEqual(await readParallelCorpus(path, 'train'));
    await write({ 'corpus.json': '["multi30k"]' });
    await expect(readParallelCorpus(at(), 'train')).rejects.toThrow(
      /corpus\.json: not a list of corpora. Expected \{"corpora"/,
    );
  });

  test('of one name are told apart', async () => {
    await write({ 'a/x.tsv': 'a\tA\n', 'b/x.tsv': 'b\tB\n' });
    const corpus = await openParallelCorpus(`${at('a/x.tsv')},${at('b/x.tsv')}`);
    expect((await corpus.read('x-2/all')).pairs).toEqual([{ source: 'b', target: 'B' }]);
  });

  test('train without what any of them holds out', async () => {
    const train = await readTrainingCorpus(await writeBoth());
    const sources = train.pairs.map((pair) => pair.source);
    expect(sources).not.toContain('Un homme ?');
    expect(sources).toEqual(expect.arrayContaining(['Un chien.', 'Deux chats.']));
    expect(train.skipped).toEqual([{ reason: 'sentence also in a validation or test split', count: 1 }]);
  });
});

describe('a path', () => {
  test('that does not exist is named', async () => {
    const path = at('nothing');
    await expect(readParallelCorpus(path, 'train')).rejects.toThrow(`${path}: no such file or folder.`);
    await write({ 'a.tsv': 'a\tA\n' });
    await expect(readParallelCorpus(`${at('a.tsv')},${path}`, 'all')).rejects.toThrow(
      `${path}: no such file or folder.`,
    );
    await expect(readParallelCorpus(' , ', 'all')).rejects.toThrow('no path. Expected one, or several');
  });

  test('to a folder without a corpus says what was looked for', async () => {
    await write({ 'readme.txt': 'x' });
    await expect(readParallelCorpus(at(), 'train')).rejects.toThrow(
      /no parallel corpus. Looked for train\.fr with train\.en, train\.tsv, train\.csv or train\.jsonl/,
    );
  });
});

test('the digest depends on the pairs and their order alone', async () => {
  await write({
    'a.tsv': 'a\tA\nb\tB\n',
    'b.jsonl': '{"fr":"a","en":"A"}\n{"fr":"b","en":"B"}\n',
    'c.tsv': 'b\tB\na\tA\n',
  });
  const [a, b, c] = await Promise.all(
    ['a.tsv', 'b.jsonl', 'c.tsv'].map(async (name) => (await readParallelCorpus(at(name), 'all')).digest),
  );
  expect(a).toMatch(/^[0-9a-f]{64}$/);
  expect(b).toBe(a);
  expect(c).not.toBe(a);
});

const data = resolve(process.env.HEED_DATA ?? '../shared/data');
const real = [join(data, 'multi30k'), join(data, 'fra-eng')];
test.skipIf(!real.every(existsSync))(
  `Multi30k and Tatoeba as published (skipped unless HEED_DATA holds multi30k and fra-eng)`,
  async () => {
    const corpus = await openParallelCorpus(real.join(','));
    const sizes: Record<string, number> = {};
    for (const split of corpus.splits) sizes[split] = (await corpus.read(split)).pairs.length;
    expect(sizes).toEqual({
      'multi30k/train': 29_000,
      'multi30k/val': 1014,
      'multi30k/test_2016_flickr': 1000,
      'multi30k/test_2017_flickr': 1000,
      'fra-eng/train': 156_490,
      'fra-eng/validation': 2500,
      'fra-eng/test': 2500,
    });
  },
);
