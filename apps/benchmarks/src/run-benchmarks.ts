import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomSource } from '@heed/backend';
import { type Benchmark, benchmarks } from './benchmarks.js';
import { type Comparison, compare, compareByPlaces, type Growth } from './figures.js';
import { examineMachine, hasBf16, type Machine, readCpuinfo } from './machine.js';
import { type MeasureOptions, measure, measureByPlaces } from './measure.js';
import { preparePython } from './python-environment.js';
import { TwinsDifferError } from './twins.js';
import { buildHeedWorker, heedWorker, torchWorker } from './worker-commands.js';
import { WorkerProcess } from './worker-process.js';

export type BenchmarkResult = { readonly name: string; readonly work: string } & (
  | ({ readonly rounds: number } & (Comparison | Growth))
  | { readonly skipped: string }
);

export interface BenchmarkReport {
  readonly machine: Machine;
  readonly results: readonly BenchmarkResult[];
  /** Why heed was measured alone. */
  readonly noTorch?: string;
}

export interface BenchmarkOptions {
  /** One of `benchmarkNames`; all if absent. */
  readonly name?: string;
  /** Instead of each benchmark's own number. */
  readonly rounds?: number;
  /** Takes what is to be read: what is installed, what is left out. */
  readonly report: (line: string) => void;
  /** Takes what goes on, often. */
  readonly progress: (line: string) => void;
}

/** Whether a benchmark has this name, or is one of a group that has: `attention` is all of `attention/…`. */
const isNamed = (benchmark: Benchmark, name: string) =>
  benchmark.name === name || benchmark.name.startsWith(`${name}/`);

/** What can be asked for, groups among it. */
export const benchmarkNames: readonly string[] = [
  ...new Set(benchmarks.flatMap(({ name }) => [name.replace(/\/.*/, ''), name])),
];

/** Runs one benchmark in a folder of its own, in which both sides find the same weights and batches. */
export async function runBenchmark(
  benchmark: Benchmark,
  options: Pick<MeasureOptions, 'commands' | 'threads' | 'rounds' | 'progress'>,
): Promise<Comparison | Growth> {
  const folder = mkdtempSync(join(tmpdir(), 'heed-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const creator = new WorkerProcess(options.commands.heed);
    await creator.ask('create', { ...benchmark.task, folder }).finally(() => creator.close());
    const { task } = benchmark;
    const inFolder = { ...options, folder, random: randomSource(1) };
    return task.work === 'attention'
      ? compareByPlaces(await measureByPlaces(benchmark, task, inFolder))
      : compare(await measure(benchmark, inFolder));
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** What Python and PyTorch are called in the report. */
async function torchVersions(python: string): Promise<Pick<Machine, 'python' | 'torch'>> {
  const worker = new WorkerProcess(torchWorker(python, 1));
  try {
    return await worker.ask('versions', null);
  } finally {
    await worker.close();
  }
}

/**
 * Measures heed and, where it can be had, PyTorch at the same work, in turn.
 *
 * One of several whose sides compute different things is left out, with the reason.
 *
 * @throws if TensorFlow's own library does not run here, if the name is unknown, or if the two compute different things in
 *   the only one that was chosen
 */
export async function runBenchmarks({
  name,
  rounds,
  report,
  progress,
}: BenchmarkOptions): Promise<BenchmarkReport> {
  const chosen = benchmarks.filter((benchmark) => name === undefined || isNamed(benchmark, name));
  if (chosen.length === 0) {
    throw new Error(`there is no benchmark "${name}": expected one of ${benchmarkNames.join(', ')}`);
  }
  const machine = await examineMachine();
  const noBf16 = hasBf16(await readCpuinfo())
    ? undefined
    : 'this processor has neither avx512_bf16 nor amx_bf16';
  const leftOut = ({ bf16 = false }: Benchmark) => (bf16 ? noBf16 : undefined);
  const environment = chosen.every(leftOut) ? undefined : await preparePython({ report, progress });
  const python = environment && 'python' in environment ? environment.python : undefined;
  const noTorch = environment && 'missing' in environment ? environment.missing : undefined;
  if (noTorch) report(`${noTorch}. Heed is measured alone.`);

  const worker = await buildHeedWorker();
  const results: BenchmarkResult[] = [];
  for (const benchmark of chosen) {
    const { name, work, bf16 = false } = benchmark;
    const skipped = leftOut(benchmark);
    if (skipped) {
      report(`${name} is left out: ${skipped}`);
      results.push({ name, work, skipped });
      continue;
    }
    const { threads } = machine;
    const commands = {
      heed: heedWorker(worker, { bf16 }),
      ...(python !== undefined && { PyTorch: torchWorker(python, threads) }),
    };
    const wanted = rounds ?? benchmark.rounds;
    try {
      const figures = await runBenchmark(benchmark, { commands, threads, rounds: wanted, progress });
      results.push({ name, work, rounds: wanted, ...figures });
    } catch (error) {
      // The others' figures, of many minutes perhaps, are as good as before.
      if (!(error instanceof TwinsDifferError) || chosen.length === 1) throw error;
      report(`${name} is left out: ${error.message}`);
      results.push({ name, work, skipped: error.message });
    }
  }
  return {
    machine: { ...machine, ...(python !== undefined && (await torchVersions(python))) },
    results,
    ...(noTorch !== undefined && { noTorch }),
  };
}
