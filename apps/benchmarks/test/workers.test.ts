import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doctor } from '@heed/backend/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Benchmark, benchmarks } from '../src/benchmarks.js';
import type { Comparison } from '../src/figures.js';
import { type PythonEnvironment, preparePython } from '../src/python-environment.js';
import { runBenchmark } from '../src/run-benchmarks.js';
import type {
  BatchName,
  Decoded,
  DecodingSizes,
  SpeechSizes,
  TranslationSizes,
} from '../src/worker/protocol.js';
import { buildHeedWorker, heedWorker, torchWorker } from '../src/worker-commands.js';
import { WorkerProcess } from '../src/worker-process.js';

const translation: TranslationSizes = {
  vocabulary: 31,
  embedding: 6,
  encoderUnits: 8,
  decoderUnits: 10,
  attention: 7,
  batch: 5,
  source: 4,
  target: 3,
};
const decoding: DecodingSizes = { ...translation, steps: 6, beam: 1 };
const speech: SpeechSizes = {
  features: 6,
  frames: 12,
  unseenFrames: 15,
  units: 8,
  layers: 2,
  vocabulary: 11,
  embedding: 5,
  attention: 7,
  filters: 4,
  filterWidth: 5,
  batch: 3,
  target: 9,
};
const toys: readonly Benchmark[] = [
  { name: 'training-step', work: '', rounds: 1, task: { work: 'translation', sizes: translation } },
  { name: 'greedy', work: '', rounds: 1, task: { work: 'decoding', sizes: decoding } },
  { name: 'beam', work: '', rounds: 1, task: { work: 'decoding', sizes: { ...decoding, beam: 3 } } },
  { name: 'speech-step', work: '', rounds: 1, task: { work: 'speech', sizes: speech }, unseen: true },
];

/** Every mechanism that is measured, small. */
const smallMechanisms: readonly Benchmark[] = benchmarks.flatMap((benchmark) => {
  const { task } = benchmark;
  if (task.work !== 'attention') return [];
  const { heads, location, window } = task.options;
  const options = {
    ...task.options,
    ...{ queryWidth: 12, valueWidth: 12, units: 12 },
    ...(heads && { heads: 3 }),
    ...(location && { location: { filters: 4, width: 5 } }),
    ...(window && { window: { ...window, reach: 2 } }),
  };
  return [{ ...benchmark, rounds: 1, task: { ...task, options, batch: 3, steps: 3, places: [8, 32] } }];
});

const folder = mkdtempSync(join(tmpdir(), 'heed-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { addon } = await doctor();
const hasTensorFlow = addon.installed && addon.loads;
const built = hasTensorFlow ? await buildHeedWorker() : '';

/** The work of a toy on heed's side, once or twice. */
async function work({ task }: Benchmark, times: number, batch: BatchName = 'batch'): Promise<unknown[]> {
  const worker = new WorkerProcess(heedWorker(built));
  try {
    await worker.ask('create', { ...task, folder });
    await worker.ask('ready', { ...task, folder, bf16: false, threads: 1 });
    const values: unknown[] = [];
    for (let i = 0; i < times; i++) {
      const { seconds, value } = await worker.ask('run', batch);
      expect(seconds).toBeGreaterThan(0);
      values.push(value);
    }
    expect((await worker.ask('memory', null)).bytes).toBeGreaterThan(1e7);
    return values;
  } finally {
    await worker.close();
  }
}

const named = (name: string) => toys.find((toy) => toy.name === name) as Benchmark;

describe.skipIf(!hasTensorFlow)('heed’s worker', { timeout: 300_000 }, () => {
  test('training steps: the loss starts near that of guessing, and falls', async () => {
    for (const [name, vocabulary] of [
      ['training-step', translation.vocabulary],
      ['speech-step', speech.vocabulary],
    ] as const) {
      const [first, second] = (await work(named(name), 2)) as [number, number];
      expect(Math.abs(first - Math.log(vocabulary))).toBeLessThan(1.5);
      expect(second).toBeLessThan(first);
    }
  });

  test('searches: every sentence has all of its tokens, and a beam finds no worse', async () => {
    const [greedy] = (await work(named('greedy'), 1)) as [Decoded[]];
    const tokens = greedy.map((decoded) => decoded.tokens as number[]);
    expect(tokens.map(({ length }) => length)).toEqual(Array(translation.batch).fill(decoding.steps));
    expect(Math.min(...tokens.flat())).toBeGreaterThan(2);
    const [beam] = (await work(named('beam'), 1)) as [Decoded[]];
    expect(beam).toHaveLength(translation.batch);
    for (const { score } of [...greedy, ...beam]) {
      expect(score).toBeLessThan(0);
      expect(score).toBeGreaterThan(-decoding.steps * Math.log(translation.vocabulary));
    }
  });

  test('attention: contexts, one of each row', async () => {
    const sparsemax = smallMechanisms.find(({ name }) => name === 'attention/sparsemax') as Benchmark;
    const [contexts] = (await work(sparsemax, 1, '32')) as [number[]];
    expect(contexts).toHaveLength(3 * 12);
    expect(Math.max(...contexts)).toBeLessThan(1);
    expect(new Set(contexts).size).toBe(contexts.length);
  });

  test('tells what is wrong', async () => {
    const worker = new WorkerProcess(heedWorker(built));
    try {
      await expect(worker.ask('run', 'batch')).rejects.toThrow('not asked to get ready');
    } finally {
      await worker.close();
    }
  });
});

describe.skipIf(!hasTensorFlow)('both sides', { timeout: 600_000 }, () => {
  let environment: PythonEnvironment = { missing: 'HEED_BENCH_PYTHON is not set' };
  beforeAll(async () => {
    if (process.env.HEED_BENCH_PYTHON) environment = await preparePython({ report() {}, progress() {} });
  });

  test.for([...toys, ...smallMechanisms])('$name: compute the same', async (toy, { skip }) => {
    if ('missing' in environment) return skip(environment.missing);
    const commands = { heed: heedWorker(built), PyTorch: torchWorker(environment.python, 1) };
    const found = await runBenchmark(toy, { commands, threads: 1, rounds: 1, progress() {} });
    const { ratios } = 'memories' in found ? (found.memories[0] as Comparison) : found;
    expect(ratios?.median).toBeGreaterThan(0);
  });
});
