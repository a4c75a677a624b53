import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ISO_DATE_SPANS, type SyntheticDate, syntheticDates } from '../src/data/synthetic.js';
import { readParallelCorpus, readTrainingCorpus } from '../src/node/read-corpus.js';
import { writeSyntheticCorpus } from '../src/node/write-synthetic-corpus.js';

const MONTHS = [
  /^(janv|jan$)/,
  /^f[eé][vb]/,
  /^mar/,
  /^a[vp]r/,
  /^ma[iy]$/,
  /^jui?ne?$/,
  /^jui?ly?/,
  /^ao|^aug/,
  /^sep/,
  /^oct/,
  /^nov/,
  /^d[eé]c/,
];

/** Reads the date back from its spans alone: an independent solution of the task. */
function solve({ source, spans }: SyntheticDate): string {
  const text = (field: 'year' | 'month' | 'day') => source.slice(...spans[field]);
  const digits = text('year');
  const year = digits.length === 4 ? digits : `${Number(digits) >= 50 ? 19 : 20}${digits}`;
  const letters = text('month').toLowerCase();
  const month = /^\d/.test(letters)
    ? letters
    : String(1 + MONTHS.findIndex((pattern) => pattern.test(letters.replace(/uary$|ary$/, ''))));
  return `${year}-${month.padStart(2, '0')}-${String(Number.parseInt(text('day'), 10)).padStart(2, '0')}`;
}

test('the spans determine the answer, for any seed', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (seed) => {
      for (const date of syntheticDates({ count: 50, seed }))
        expect(solve(date), date.source).toBe(date.target);
    }),
  );
});

test('every source has one answer', () => {
  const answers = new Map<string, string>();
  for (const { source, target } of syntheticDates({ count: 50_000, seed: 1 })) {
    expect(answers.get(source) ?? target, source).toBe(target);
    answers.set(source, target);
  }
});

test('weekdays are those of the date', () => {
  const names = new Intl.DateTimeFormat('fr', { weekday: 'long', timeZone: 'UTC' });
  const withWeekday = syntheticDates({ count: 2000, seed: 2 }).filter(({ source }) => /di\b/.test(source));
  expect(withWeekday.length).toBeGreaterThan(50);
  for (const { source, target } of withWeekday) {
    expect(source).toContain(names.format(new Date(`${target}T00:00:00Z`)));
  }
});

test('the same seed gives the same dates, another seed others', () => {
  const dates = syntheticDates({ count: 20, seed: 3 });
  expect(syntheticDates({ count: 20, seed: 3 })).toEqual(dates);
  expect(syntheticDates({ count: 20, seed: 4 })).not.toEqual(dates);
  expect(syntheticDates({ count: 5, seed: 3 })).toEqual(dates.slice(0, 5));
});

test('spellings of the first of a month, short years and years in front all occur', () => {
  const sources = syntheticDates({ count: 5000, seed: 5 }).map(({ source }) => source);
  for (const pattern of [
    /^le 1er \p{L}+ \d{4}$/u,
    /^\d\d\/\d\d\/\d\d$/,
    /^\d{4}-\d\d-\d\d$/,
    /^l'an \d{4}, le /,
    /^the 22nd of /,
    /^the 1[123]th of /,
    /^\d+ AOÛT /,
  ]) {
    expect(
      sources.some((source) => pattern.test(source)),
      String(pattern),
    ).toBe(true);
  }
});

test('the spans of the target are its fields', () => {
  const fields = Object.values(ISO_DATE_SPANS).map((span) => '1998-03-07'.slice(...span));
  expect(fields).toEqual(['1998', '03', '07']);
});

test('count and seed must be integers', () => {
  expect(() => syntheticDates({ count: -1, seed: 1 })).toThrow('count is -1');
  expect(() => syntheticDates({ count: 1, seed: 0.5 })).toThrow('seed is 0.5');
});

test('a written corpus reads back, and no date is in two splits', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'heed-dates-'));
  try {
    await writeSyntheticCorpus(join(folder, 'dates'), { train: 3000, validation: 100, test: 150, seed: 6 });
    const [train, validation, testSplit] = await Promise.all(
      ['train', 'validation', 'test'].map((split) => readParallelCorpus(join(folder, 'dates'), split)),
    );
    expect([train, validation, testSplit].map((corpus) => corpus!.pairs.length)).toEqual([3000, 100, 150]);
    const trained = new Set(train!.pairs.map((pair) => pair.target));
    const heldOut = [...validation!.pairs, ...testSplit!.pairs];
    expect(heldOut.filter((pair) => trained.has(pair.target))).toEqual([]);
    expect((await readTrainingCorpus(join(folder, 'dates'))).skipped).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
