import { expect, test } from 'vitest';
import { compare, compareByPlaces } from '../src/figures.js';
import type { Machine } from '../src/machine.js';
import type { BenchmarkReport } from '../src/run-benchmarks.js';
import { formatTable } from '../src/table.js';

const machine: Machine = {
  cpu: 'A Processor',
  cores: 4,
  threads: 4,
  memoryBytes: 8e9,
  platform: 'linux x64',
  node: 'v20.1.0',
  tfjsNode: '4.22.0',
  tensorflow: '2.19.1',
  date: '2026-01-02T03:04:05.000Z',
};
const step = {
  name: 'training-step',
  work: 'a training step',
  rounds: 3,
  ...compare({
    heed: { runs: [0.1, 0.2, 0.1], first: 1.5, peakMemory: 2 ** 30 },
    PyTorch: { runs: [0.15, 0.3, 0.16], first: 0.75, peakMemory: 1.25 * 2 ** 30 },
  }),
};
const report: BenchmarkReport = {
  machine: { ...machine, python: '3.11.4', torch: '2.9.1' },
  results: [
    step,
    { name: 'start-up', work: 'starting', rounds: 1, ...compare({ heed: { runs: [2] } }) },
    { name: 'training-step-bf16', work: 'the same', skipped: 'this processor cannot' },
  ],
};

test('figures are compared as PyTorch’s divided by heed’s', () => {
  expect(step.heed).toEqual({
    median: 0.1,
    tenthPercentile: 0.1,
    first: 1.5,
    peakMemory: 2 ** 30,
    runs: [0.1, 0.2, 0.1],
  });
  expect(step.PyTorch?.tenthPercentile).toBeCloseTo(0.152, 12);
  expect(step.ratios?.median).toBeCloseTo(1.5, 12);
  expect(step.ratios).toMatchObject({ first: 0.5, peakMemory: 1.25 });
  expect(step.ratios).not.toHaveProperty('unseen');
});

test('the table is aligned, and tells what was left out', () => {
  expect(formatTable(report)).toBe(
    [
      '                                    heed   PyTorch  PyTorch / heed',
      'training-step  median             100 ms    160 ms            1.50',
      '               10th percentile    100 ms    152 ms            1.52',
      '               first run          1.50 s    750 ms            0.50',
      '               peak memory      1.00 GiB  1.25 GiB            1.25',
      'start-up       median             2.00 s',
      '               10th percentile    2.00 s',
      '',
      'training-step-bf16 was left out: this processor cannot.',
      'A Processor, 4 threads, linux x64; Node 20.1.0, tfjs-node 4.22.0, libtensorflow 2.19.1; Python 3.11.4, PyTorch 2.9.1; 2026-01-02',
    ].join('\n'),
  );
});

test('without PyTorch the table has no ratios and says why', () => {
  const results = [{ ...step, ...compare({ heed: { runs: [0.1] } }), PyTorch: undefined, ratios: undefined }];
  const text = formatTable({
    machine,
    results: results as unknown as BenchmarkReport['results'],
    noTorch: 'python3 -m venv cannot make an environment for PyTorch: no such command',
  });
  expect(text).toMatch(/^training-step +median +100 ms$/m);
  expect(text).toContain('PyTorch was not measured: python3 -m venv');
  expect(text).not.toMatch(/Python \d/);
});

test('growth has a row a mechanism, and its exponent from 256 places on', () => {
  const at = (places: number, heed: number, PyTorch: number) => ({
    places,
    heed: { runs: [heed] },
    PyTorch: { runs: [PyTorch] },
  });
  const growth = compareByPlaces([at(16, 0.001, 0.002), at(256, 0.002, 0.002), at(4096, 0.032, 0.512)]);
  expect(growth.exponent?.heed).toBeCloseTo(1, 12);
  expect(growth.exponent?.PyTorch).toBeCloseTo(2, 12);
  expect(compareByPlaces([at(16, 1, 1), at(256, 1, 1)])).not.toHaveProperty('exponent');
  const text = formatTable({
    machine,
    results: [{ name: 'attention/dot', work: 'one step', rounds: 1, ...growth }],
  });
  expect(text.split('\n').slice(0, 2)).toEqual([
    '               16 places        256 places        4096 places         heed’s exponent  PyTorch’s',
    'attention/dot    1.00 ms  2.00     2.00 ms  1.00      32.0 ms  16.00             1.00       2.00',
  ]);
  expect(text).toContain('one step: heed’s median, and PyTorch’s divided by it.');
});

test('the report survives JSON', () => {
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});
