import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../training/test/temporary-folder.js';
import { parsePairTable } from '../src/data/pair-table.js';
import { entailmentLabels } from '../src/index.js';
import { openSentencePairs, readTrainingPairs } from '../src/node/index.js';

const { at, keep } = temporaryFolder();

const read = async (path: string, split: string) => (await openSentencePairs(path)).read(split);
const lines = (...rows: readonly (readonly string[])[]) => rows.map((row) => row.join('\t')).join('\n');

const [runs, moves] = ['A dog runs.', 'An animal moves.'];
const entailed = { premise: runs, hypothesis: moves, label: 'entailment' };

describe('published forms', () => {
  test('SNLI and MultiNLI as JSON Lines, which go before a table of the same split, gzip or not', async () => {
    const record = (label: string, sentence2 = moves) =>
      JSON.stringify({
        gold_label: label,
        sentence1: runs,
        sentence2,
        annotator_labels: [label],
        pairID: '1',
      });
    await keep({
      'snli_1.0_train.jsonl': [record('entailment'), record('-'), record('neutral', ' '), record('-')].join(
        '\n',
      ),
      'snli_1.0_train.txt': 'no table at all',
      'multinli_1.0_dev_matched.jsonl.gz': gzipSync(record('neutral')),
      'multinli_1.0_dev_mismatched.jsonl': record('contradiction'),
      'README.txt': 'about the data',
    });
    const { splits } = await openSentencePairs(at());
    expect([...splits].sort()).toEqual(['dev', 'dev_mismatched', 'train']);
    const train = await read(at(), 'train');
    expect(train.pairs).toEqual([entailed]);
    expect([...train.skipped]).toEqual([
      ['no gold label', 2],
      ['empty premise or hypothesis', 1],
    ]);
    expect((await read(at(), 'validation')).pairs).toEqual([{ ...entailed, label: 'neutral' }]);
    expect((await read(at(), 'dev_mismatched')).pairs[0]?.label).toBe('contradiction');
  });

  test('SNLI as a table', async () => {
    const header = ['gold_label', 'sentence1_parse', 'sentence1', 'sentence2', 'captionID'];
    await keep({ 'snli_1.0_test.txt': lines(header, ['entailment', '(ROOT)', runs, moves, '1.jpg#0']) });
    expect((await read(at(), 'test')).pairs).toEqual([entailed]);
  });

  test('SICK, whose column of sets tells the splits', async () => {
    const header = [
      'pair_ID',
      'sentence_A',
      'sentence_B',
      'entailment_label',
      'relatedness_score',
      'SemEval_set',
    ];
    const row = (label: string, set: string) => ['1', runs, moves, label, '4.5', set];
    await keep({
      'SICK.txt': lines(
        header,
        row('ENTAILMENT', 'TRAIN'),
        row('NEUTRAL', 'TRIAL'),
        row('CONTRADICTION', 'TEST'),
      ).replaceAll('\n', '\r\n'),
    });
    for (const path of [at(), at('SICK.txt')]) {
      expect((await openSentencePairs(path)).splits).toEqual(['train', 'trial', 'test']);
      for (const [split, label] of [
        ['train', 'entailment'],
        ['validation', 'neutral'],
        ['test', 'contradiction'],
      ] as const) {
        expect((await read(path, split)).pairs).toEqual([{ ...entailed, label }]);
      }
    }
  });

  test('SICK says how related its pairs are, and what they are the other way round: to a training pairs of their own', async () => {
    const header = [
      'sentence_A',
      'sentence_B',
      'entailment_label',
      'relatedness_score',
      'entailment_AB',
      'entailment_BA',
    ];
    const directions = [
      ['ENTAILMENT', 'A_entails_B', 'B_neutral_A', 'neutral'],
      ['ENTAILMENT', 'A_entails_B', 'B_entails_A', 'entailment'],
      ['ENTAILMENT', 'A_entails_B', 'B_contradicts_A', 'neutral'],
      ['CONTRADICTION', 'A_contradicts_B', 'B_contradicts_A', 'contradiction'],
      ['NEUTRAL', 'A_contradicts_B', 'B_neutral_A', 'neutral'],
      ['NEUTRAL', 'A_neutral_B', 'B_entails_A', 'entailment'],
    ] as const;
    await keep({
      'SICK.txt': lines(
        [...header, 'SemEval_set'],
        ...directions.map(([label, ab, ba], i) => [
          `${runs} ${i}`,
          moves,
          label,
          String(1 + i / 2),
          ab,
          ba,
          'TRAIN',
        ]),
        [runs, moves, 'NEUTRAL', '5', 'A_neutral_B', 'B_neutral_A', 'TRIAL'],
        [moves, `${runs} 0`, 'NEUTRAL', '1', 'A_neutral_B', 'B_entails_A', 'TEST'],
      ),
    });
    const { train, validation } = await readTrainingPairs(at('SICK.txt'), true);
    const turned = train.pairs.filter(({ premise }) => premise === moves);
    // The first one's reverse is a test pair.
    expect(turned.map(({ label }) => label)).toEqual(directions.slice(1).map(([, , , reversed]) => reversed));
    expect(turned.map(({ hypothesis }) => hypothesis)).toEqual([1, 2, 3, 4, 5].map((i) => `${runs} ${i}`));
    expect(turned.map(({ relatedness }) => relatedness)).toEqual([1.5, 2, 2.5, 3, 3.5]);
    expect(train.pairs).toHaveLength(11);
    expect([...train.skipped]).toEqual([['also in a validation or test split', 1]]);
    expect(validation.pairs).toHaveLength(1);
    expect((await readTrainingPairs(at('SICK.txt'), false)).train.pairs).toHaveLength(6);
  });

  test('LingNLI, and the counterfactual pairs, whose cells are in quotes where they have quotes', async () => {
    await keep({
      'lingnli/train.tsv.gz': gzipSync(
        lines(
          ['label', 'premise', 'hypothesis', 'protocol', 'round'],
          ['neutral', `"Run," he said`, moves, 'baseline', '1'],
        ),
      ),
      'cad-nli/train.tsv': lines(
        ['sentence1', 'sentence2', 'gold_label'],
        [`"A ""dog"" runs."`, moves, 'neutral'],
      ),
    });
    expect((await read(at('lingnli'), 'train')).pairs[0]?.premise).toBe('"Run," he said');
    expect((await read(at('cad-nli'), 'train')).pairs[0]?.premise).toBe('A "dog" runs.');
  });
});

describe('a file of the user’s', () => {
  test('CSV and JSON Lines without splits: some premises are kept for validation, with all of their pairs', async () => {
    const rows = Array.from({ length: 80 }, (_, i) => [`premise ${i % 40}`, `hypothesis, ${i}`, 'neutral']);
    const csv = rows.map(([premise, hypothesis, label]) => `${premise},"${hypothesis}",${label}`);
    const objects = rows.map(([premise, hypothesis, label]) =>
      JSON.stringify({ premise, hypothesis, label }),
    );
    await keep({
      'mine.csv': ['premise,hypothesis,label', ...csv].join('\n'),
      'mine.jsonl': objects.join('\n'),
    });
    for (const file of ['mine.csv', 'mine.jsonl']) {
      const [train, validation] = [await read(at(file), 'train'), await read(at(file), 'val')];
      expect([train.pairs.length, validation.pairs.length]).toEqual([76, 4]);
      const premises = new Set(train.pairs.map(({ premise }) => premise));
      for (const { premise } of validation.pairs) expect(premises).not.toContain(premise);
      expect((await read(at(file), 'all')).pairs).toHaveLength(80);
    }
    expect((await read(at('mine.csv'), 'all')).digest).toBe((await read(at('mine.jsonl'), 'all')).digest);
  });

  test('what is left out of a file without splits is counted for its training alone', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => [`premise ${i}`, moves, i === 5 ? '-' : 'neutral']);
    await keep({ 'mine.tsv': `\n${lines(['premise', 'hypothesis', 'label'], ...rows)}\n` });
    const [train, validation] = [await read(at('mine.tsv'), 'train'), await read(at('mine.tsv'), 'val')];
    expect([[...train.skipped], [...validation.skipped]]).toEqual([[['no gold label', 1]], []]);
  });

  test('a split that is null is none, and a row without anything in it is none', async () => {
    const record = (split: string | null) => JSON.stringify({ ...entailed, split });
    const row = [runs, moves, 'neutral'];
    await keep({
      'null.jsonl': [record(null), record('dev')].join('\n'),
      'held.tsv': lines(
        ['premise', 'hypothesis', 'label', 'split'],
        [...row, 'validation'],
        ['', '', '', ''],
        [...row, 'test'],
      ),
    });
    expect((await openSentencePairs(at('null.jsonl'))).splits).toEqual(['dev', 'train']);
    expect((await openSentencePairs(at('held.tsv'))).splits).toEqual(['validation', 'test']);
  });

  test('pairs without a split are for training, beside those that are for it', async () => {
    const row = (hypothesis: string, split: string) => [runs, hypothesis, 'neutral', split];
    const header = ['premise', 'hypothesis', 'label', 'split'];
    const rows = [row('A cat.', ''), row('A bird.', 'dev'), row('A fish.', '')];
    await keep({
      'no-train.tsv': lines(header, ...rows),
      'mixed.tsv': lines(header, row('An ox.', 'train'), ...rows),
    });
    expect((await openSentencePairs(at('mixed.tsv'))).splits).toEqual(['train', 'dev']);
    const hypotheses = async (file: string) =>
      (await read(at(file), 'train')).pairs.map(({ hypothesis }) => hypothesis);
    expect(await hypotheses('mixed.tsv')).toEqual(['An ox.', 'A cat.', 'A fish.']);
    expect(await hypotheses('no-train.tsv')).toEqual(['A cat.', 'A fish.']);
  });

  test('whatever is written to a table is read from it again', () => {
    const sentence = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .map((text) => text.replace(/[\t\r\n\0\p{White_Space}]+/gu, ' ').trim())
      .filter((text) => text !== '' && !text.startsWith('"'));
    const pair = fc.record({
      premise: sentence,
      hypothesis: sentence,
      label: fc.constantFrom(...entailmentLabels),
    });
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 4 }), (pairs) => {
        const cells = pairs.map(({ premise, hypothesis, label }) => [premise, hypothesis, label]);
        const tabs = ['premise\thypothesis\tlabel', ...cells.map((row) => row.join('\t'))];
        const commas = ['premise,hypothesis,label', ...cells.map((row) => row.map(quote).join(','))];
        for (const table of [tabs, commas]) {
          expect(parsePairTable('table', table.join('\n')).get('all')?.pairs).toEqual(pairs);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('several at once', () => {
  beforeEach(() =>
    keep({
      'first.tsv': lines(
        ['premise', 'hypothesis', 'label', 'split'],
        [runs, moves, 'entailment', 'train'],
        [runs, 'A cat.', 'neutral', 'dev'],
      ),
      'second/train.tsv': lines(
        ['premise', 'hypothesis', 'label'],
        ['a dog RUNS', 'a cat', 'neutral'],
        [runs, 'A fish.', 'neutral'],
      ),
      'second/dev.tsv': lines(['premise', 'hypothesis', 'label'], [runs, 'A bird.', 'neutral']),
    }),
  );

  test('a split is that of all that have it', async () => {
    const path = `${at('first.tsv')}, ${at('second')}`;
    expect((await read(path, 'dev')).pairs.map(({ hypothesis }) => hypothesis)).toEqual([
      'A cat.',
      'A bird.',
    ]);
    await expect(read(path, 'test')).rejects.toThrow(/no split "test"\. There are: train, dev\./);
  });

  test('a training is validated on the first, and has no pair that any held-out split has', async () => {
    const { train, validation } = await readTrainingPairs(`${at('first.tsv')},${at('second')}`, true);
    expect(train.pairs.map(({ hypothesis }) => hypothesis)).toEqual([moves, 'A fish.']);
    expect([...train.skipped]).toEqual([['also in a validation or test split', 1]]);
    expect(validation.pairs.map(({ hypothesis }) => hypothesis)).toEqual(['A cat.']);
  });

  test('what is made by code has three splits, and its training none of their pairs', async () => {
    const { train, validation } = await readTrainingPairs('synthetic', false);
    expect(validation.pairs).toHaveLength(1000);
    expect(train.pairs.length + [...train.skipped.values()].reduce((a, b) => a + b, 0)).toBe(20_000);
  });
});

describe('faults are one error that names the place', () => {
  const header = ['premise', 'hypothesis', 'label'];
  test.each([
    [
      'a label that is none',
      lines(header, [runs, moves, 'yes']),
      /bad\.tsv, line 2: the label "yes"\. Expected entailment/,
    ],
    [
      'no column of labels',
      lines(['premise', 'hypothesis'], [runs, moves]),
      /bad\.tsv: no sentence pairs\. .*found: premise, hypothesis/,
    ],
    [
      'a relatedness that is none',
      lines(
        [...header, 'relatedness_score', 'entailment_AB', 'entailment_BA'],
        [runs, moves, 'neutral', '7', 'A_neutral_B', 'B_neutral_A'],
      ),
      /bad\.tsv, line 2: the relatedness "7"\. Expected a number from 1 to 5/,
    ],
    [
      'a cell too few',
      lines(header, [runs, moves, 'neutral'], [runs, moves]),
      /bad\.tsv: not a table of sentence pairs: .*line 3/,
    ],
    ['nothing', '', /bad\.tsv: no sentence pairs\. .*found: nothing/],
    [
      'not one gold label',
      lines(header, [runs, moves, '-']),
      /bad\.tsv: no pairs in the split "all" \(left out: 1: no gold label\)/,
    ],
    ['bytes that are no text', new Uint8Array([0x61, 0xff]), /bad\.tsv, line 1: not UTF-8/],
  ])('%s', async (_, content, message) => {
    await keep({ 'bad.tsv': content });
    await expect(read(at('bad.tsv'), 'all')).rejects.toThrow(message);
  });

  test.each([
    ['a record that is none', '{"premise": "a"}', /line 1: no sentence pair\. Expected/],
    ['half a record', `${JSON.stringify(entailed)}\n{"premise"`, /line 2: not JSON/],
    ['a label that is no text', JSON.stringify({ ...entailed, label: 1 }), /line 1: "label" is 1\. Expected/],
    ['all records as one', JSON.stringify([entailed]), /line 1: a JSON array\. Expected one object a line/],
  ])('of JSON Lines: %s', async (_, content, message) => {
    await keep({ 'bad.json': content });
    await expect(read(at('bad.json'), 'all')).rejects.toThrow(message);
  });

  test('a split in two forms, but for the tables that SNLI has beside its JSON Lines', async () => {
    const record = JSON.stringify(entailed);
    await keep({ 'two/train.jsonl': record, 'two/train.tsv': '', 'snli/train.jsonl.gz': gzipSync(record) });
    await expect(openSentencePairs(at('two'))).rejects.toThrow(
      'two: the split "train" is in train.jsonl and in train.tsv.',
    );
    await keep({ 'snli/train.txt': '' });
    expect((await read(at('snli'), 'train')).pairs).toEqual([entailed]);
  });

  test('folders without pairs, and paths that lead nowhere', async () => {
    await keep({ 'some/a.tsv': '', 'some/b.csv': '', 'other/README.md': '' });
    await expect(openSentencePairs(at('some'))).rejects.toThrow(
      /no sentence pairs\. .*found: a\.tsv, b\.csv/,
    );
    await expect(openSentencePairs(at('other'))).rejects.toThrow(/found: none/);
    await expect(openSentencePairs(at('none'))).rejects.toThrow(/none: no such file or folder/);
  });
});
