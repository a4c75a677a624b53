import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Benchmark } from '../src/benchmarks.js';
import { type MeasureOptions, measure, measureByPlaces } from '../src/measure.js';
import { checkTwins, TwinsDifferError } from '../src/twins.js';
import type { TranslationSizes } from '../src/worker/protocol.js';
import { type WorkerCommand, WorkerProcess } from '../src/worker-process.js';

const fake = (value: number, endsAtRun = 0): WorkerCommand => ({
  name: 'the fake',
  command: process.execPath,
  args: [fileURLToPath(new URL('fake-worker.mjs', import.meta.url)), `${value}`, `${endsAtRun}`],
});
const benchmark: Benchmark = {
  name: 'step',
  work: 'a step',
  task: { work: 'translation', sizes: {} as TranslationSizes },
  rounds: 1,
  unseen: true,
};
const options = (commands: MeasureOptions['commands'], lines: string[] = []): MeasureOptions => ({
  commands,
  folder: 'nowhere',
  threads: 1,
  rounds: 2,
  random: () => 0.7,
  progress: (line) => lines.push(line),
});

describe('measuring with fake workers', () => {
  test('times every second run after four to warm up, memory, and the other length last', async () => {
    const lines: string[] = [];
    const commands = { heed: fake(3), PyTorch: fake(3.0001) };
    const found = await measure(benchmark, options(commands, lines));
    const expected = { first: 1, runs: [6, 8], peakMemory: 8000, unseen: 50 };
    expect(found).toEqual({ heed: expected, PyTorch: expected });
    expect(lines).toContain('step: both compute the same');
    expect(lines.at(-1)).toBe('step: round 2 of 2');
  });

  test('measures heed alone where there is no PyTorch', async () => {
    const found = await measure(benchmark, options({ heed: fake(3) }));
    expect(Object.keys(found)).toEqual(['heed']);
    expect(found.heed.runs).toEqual([6, 8]);
  });

  test('refuses twins that differ', async () => {
    const measured = measure(benchmark, options({ heed: fake(3), PyTorch: fake(3.1) }));
    await expect(measured).rejects.toThrow(/the first loss is 3 and 3\.1/);
    await expect(measured).rejects.toBeInstanceOf(TwinsDifferError);
  });

  test('times start-up from outside, in new processes', async () => {
    const found = await measure({ ...benchmark, startUp: true }, options({ heed: fake(3) }));
    expect(found.heed.runs).toHaveLength(2);
    expect(Object.keys(found.heed)).toEqual(['runs']);
    for (const seconds of found.heed.runs) expect(seconds).toBeGreaterThan(0);
  });

  test('by places: divides by the steps of a run, each memory after the one before', async () => {
    const lines: string[] = [];
    const commands = { heed: fake(3), PyTorch: fake(3) };
    const found = await measureByPlaces(benchmark, { places: [4, 8], steps: 2 }, options(commands, lines));
    // Runs 6 and 8 have two calls of two steps each; four more runs warm up for the next memory.
    const sides = (runs: number[]) => ({ heed: { runs }, PyTorch: { runs } });
    expect(found).toEqual([
      { places: 4, ...sides([1.5, 2]) },
      { places: 8, ...sides([7, 8]) },
    ]);
    expect(lines).toContain('step, 8 places: both compute the same');
  });

  test('tells the last words of a worker that ends, and the error of one that answers by it', async () => {
    await expect(measure(benchmark, options({ heed: fake(3, 6) }))).rejects.toThrow(
      'the fake ended while asked to run (exit code 3): the fake has had enough',
    );
    await expect(measure(benchmark, { ...options({ heed: fake(3) }), threads: 0 })).rejects.toThrow(
      'the fake, ready: no threads',
    );
  });

  test('says so where a worker cannot be started', async () => {
    const worker = new WorkerProcess({ name: 'the fake', command: '/no/such/command', args: [] });
    await expect(worker.ask('run', 'batch')).rejects.toThrow(/the fake ended .*ENOENT/);
    await worker.close();
  });
});

describe('twins', () => {
  const training = { work: 'translation' } as const;
  const decoding = { work: 'decoding' } as const;

  test('losses may differ by rounding, the later ones by more', () => {
    checkTwins([9, 8, 7, 6], [9.0008, 8, 7, 6.005], training);
    expect(() => checkTwins([9, 8, 7, 6], [9.002, 8, 7, 6], training)).toThrow('the first loss');
    expect(() => checkTwins([9, 8, 7, 6], [9, 8, 7, 6.02], training)).toThrow('the loss after 3 steps');
    checkTwins([9, 8, 7, 6], [9.02, 8, 7, 6.02], { ...training, bf16: true });
    expect(() => checkTwins([Number.NaN, 1], [Number.NaN, 1], training)).toThrow(TwinsDifferError);
  });

  test('decoded tokens are equal, and scores nearly', () => {
    const decoded = (score: number, tokens: number[]) => [[{ score, tokens }]];
    checkTwins(decoded(-100.05, [4, 5]), decoded(-100, [4, 5]), decoding);
    expect(() => checkTwins(decoded(-100, [4, 5]), decoded(-100, [4, 6]), decoding)).toThrow(
      'sentence 0 is 4,5 and 4,6',
    );
    checkTwins([[{ score: -100.05 }]], [[{ score: -100 }]], decoding);
    expect(() => checkTwins([[{ score: -100.5 }]], [[{ score: -100 }]], decoding)).toThrow(
      'best score of sentence 0',
    );
    expect(() => checkTwins([[{ score: -100 }]], [[]], decoding)).toThrow('1 sentences and PyTorch 0');
  });

  test('contexts may be apart by rounding of the greatest', () => {
    const attention = { work: 'attention' } as const;
    checkTwins([[2, 0.001]], [[2.0001, 0.0011]], attention);
    expect(() => checkTwins([[2, 0.001]], [[2.0003, 0.001]], attention)).toThrow('1 are apart');
    expect(() => checkTwins([[2, 1]], [[2]], attention)).toThrow(TwinsDifferError);
    const ten = [2, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    checkTwins([ten], [[...ten.slice(0, 9), 1]], { ...attention, cuts: true });
    expect(() => checkTwins([ten], [[...ten.slice(0, 8), 1, 1]], { ...attention, cuts: true })).toThrow(
      '2 are apart',
    );
    expect(() => checkTwins([[2, Number.NaN]], [[2, 1]], attention)).toThrow(TwinsDifferError);
  });
});
