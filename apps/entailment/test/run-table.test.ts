import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@heed/backend';
import { entailmentPresets, syntheticPairs } from '@heed/entailment';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TableCell } from '../src/cells.js';
import { formatTable } from '../src/format-table.js';
import { runTable, type TableOptions } from '../src/run-table.js';
import { configOf, variants } from '../src/variants.js';

let root: string;
let options: TableOptions;
const lines: string[] = [];

const { small } = entailmentPresets;
const base = {
  ...small,
  network: { ...small.network, units: 4, classifier: 3 },
  training: { ...small.training, steps: 2, stepsPerValidation: 2, batchSize: 8 },
};

beforeAll(async () => {
  await useBackend();
  root = await mkdtemp(join(tmpdir(), 'heed-table-'));
  const rows = syntheticPairs({ count: 40, seed: 3 }).map(({ premise, hypothesis, label }, i) =>
    [premise, hypothesis, label, i < 30 ? 'train' : 'dev'].join('\t'),
  );
  const data = join(root, 'pairs.tsv');
  await writeFile(data, ['premise\thypothesis\tlabel\tsplit', ...rows].join('\n'));
  options = {
    variants: ['conditional', 'word-by-word'],
    seeds: 1,
    data,
    tests: [{ data, split: 'dev' }],
    base,
    out: join(root, 'table'),
    observers: [],
    report: (line) => void lines.push(line),
  };
});
afterAll(() => rm(root, { recursive: true }));

test('every variant is trained once a seed, and what is done is not done again', async () => {
  const first = await runTable({ ...options, variants: ['word-by-word'] });
  expect(first).toMatchObject([{ variant: 'word-by-word', seed: 1, accuracies: [expect.any(Number)] }]);
  const cells = await runTable(options);
  expect(cells.map(({ variant }) => variant)).toEqual(['conditional', 'word-by-word']);
  expect(cells[1]).toEqual(first[0]);
  expect((await readFile(join(root, 'table', 'cells.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(2);
  expect(lines.filter((line) => /training pairs/.test(line))).toHaveLength(2);
});

test('variants differ in their switches alone', () => {
  const configs = variants.map((variant) => configOf(variant, base));
  expect(new Set(configs.map((config) => JSON.stringify(config))).size).toBe(variants.length);
  for (const { network, ...rest } of configs) {
    const { network: ofBase, ...others } = base;
    expect(rest).toEqual(others);
    const { encoding, attention, twoWay } = network;
    expect(network).toEqual({ ...ofBase, encoding, attention, twoWay });
  }
});

test('the table has means over the seeds with their intervals', () => {
  const cell = (variant: TableCell['variant'], seed: number, accuracy: number): TableCell => {
    const tests = [{ data: 'sick', split: 'test' }];
    return { variant, seed, data: 'sick', config: base, tests, accuracies: [accuracy], seconds: 1 };
  };
  const table = formatTable([cell('attention', 1, 70), cell('lstms', 1, 60), cell('attention', 2, 71)]);
  expect(table.split('\n').slice(0, 4)).toEqual([
    '|  | sick test | seeds |',
    '| --- | ---: | ---: |',
    '| attention | 70.5 (64.1 to 76.9) | 2 |',
    '| lstms | 60.0 | 1 |',
  ]);
});
