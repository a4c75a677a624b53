import type { Benchmark } from './benchmarks.js';
import { checkTwins } from './twins.js';
import type { AttentionWork, BatchName, Value } from './worker/protocol.js';
import { type WorkerCommand, WorkerProcess } from './worker-process.js';

/** Something of both sides; of heed alone where there is no PyTorch. */
export type Sides<T> = { readonly heed: T; readonly PyTorch?: T };
export type SideName = keyof Sides<unknown>;

/** What one side took, in seconds and bytes. */
export interface Measurement {
  /** One a round. */
  readonly runs: readonly number[];
  /** The very first run: in heed's, its function is traced. */
  readonly first?: number;
  /** The first run on a length that was not seen before. */
  readonly unseen?: number;
  readonly peakMemory?: number;
}

export interface MeasureOptions {
  readonly commands: Sides<WorkerCommand>;
  /** Where the work's files are. */
  readonly folder: string;
  readonly threads: number;
  readonly rounds: number;
  /** Draws the order of the sides in each round. */
  readonly random: () => number;
  /** Takes what goes on. */
  readonly progress: (line: string) => void;
}

/** Runs before those that are timed; the twins are compared by them. */
const WARM_UP = 4;

const sideNames = ({ PyTorch }: Sides<unknown>): SideName[] => (PyTorch ? ['heed', 'PyTorch'] : ['heed']);

async function forSides<T>(
  names: readonly SideName[],
  give: (name: SideName) => Promise<T>,
): Promise<Sides<T>> {
  const found: [SideName, T][] = [];
  for (const name of names) found.push([name, await give(name)]);
  return Object.fromEntries(found) as Sides<T>;
}

/** The sides of a round, in random order. */
const drawOrder = (names: readonly SideName[], random: () => number): readonly SideName[] =>
  random() < 0.5 ? names : [...names].reverse();

async function startWorker(
  command: WorkerCommand,
  { task, bf16 = false }: Benchmark,
  { folder, threads }: MeasureOptions,
): Promise<WorkerProcess> {
  const worker = new WorkerProcess(command);
  try {
    await worker.ask('ready', { ...task, folder, bf16, threads });
  } catch (error) {
    await worker.close();
    throw error;
  }
  return worker;
}

/** What taking turns on one batch gave. */
interface Turns {
  readonly runs: readonly number[];
  readonly first: number;
}

/** Both processes stay alive and take turns; the run after a switch only warms caches and is thrown away. */
async function takeTurns(
  benchmark: Benchmark,
  batch: BatchName,
  { rounds, random, progress }: MeasureOptions,
  workers: Sides<WorkerProcess>,
): Promise<Sides<Turns>> {
  const names = sideNames(workers);
  const workerOf = (name: SideName) => workers[name] as WorkerProcess;
  const runs = { heed: [] as number[], PyTorch: [] as number[] };
  const title = batch === 'batch' ? benchmark.name : `${benchmark.name}, ${batch} places`;

  const warmUps = await forSides(names, async (name) => {
    progress(`${title}: ${name} warms up`);
    const values: Value[] = [];
    let first = 0;
    for (let i = 0; i < WARM_UP; i++) {
      const { seconds, value } = await workerOf(name).ask('run', batch);
      values.push(value);
      if (i === 0) first = seconds;
    }
    return { first, values };
  });
  if (warmUps.PyTorch) {
    const { task, bf16 = false, cuts = false } = benchmark;
    checkTwins(warmUps.heed.values, warmUps.PyTorch.values, { work: task.work, bf16, cuts });
    progress(`${title}: both compute the same`);
  }

  for (let round = 1; round <= rounds; round++) {
    for (const name of drawOrder(names, random)) {
      await workerOf(name).ask('run', batch);
      runs[name].push((await workerOf(name).ask('run', batch)).seconds);
    }
    progress(`${title}: round ${round} of ${rounds}`);
  }
  return forSides(names, async (name) => ({
    runs: runs[name],
    first: (warmUps[name] as { first: number }).first,
  }));
}

async function measureSteady(
  benchmark: Benchmark,
  options: MeasureOptions,
  workers: Sides<WorkerProcess>,
): Promise<Sides<Measurement>> {
  const turns = await takeTurns(benchmark, 'batch', options, workers);
  return forSides(sideNames(workers), async (name) => {
    const worker = workers[name] as WorkerProcess;
    const { bytes } = await worker.ask('memory', null);
    const unseen = benchmark.unseen ? (await worker.ask('run', 'unseen')).seconds : undefined;
    return { ...(turns[name] as Turns), ...(unseen !== undefined && { unseen }), peakMemory: bytes };
  });
}

/** Each round starts a new process on each side, and times it to the end of its first run. */
async function measureStartUp(benchmark: Benchmark, options: MeasureOptions): Promise<Sides<Measurement>> {
  const { commands, rounds, random, progress } = options;
  const names = sideNames(commands);
  const runs = { heed: [] as number[], PyTorch: [] as number[] };
  for (let round = 1; round <= rounds; round++) {
    for (const name of drawOrder(names, random)) {
      const start = performance.now();
      const worker = await startWorker(commands[name] as WorkerCommand, benchmark, options);
      try {
        await worker.ask('run', 'batch');
        runs[name].push((performance.now() - start) / 1000);
      } finally {
        await worker.close();
      }
    }
    progress(`${benchmark.name}: round ${round} of ${rounds}`);
  }
  return forSides(names, async (name) => ({ runs: runs[name] }));
}

/** Starts a worker a side, which end with `use`. */
async function withWorkers<T>(
  benchmark: Benchmark,
  options: MeasureOptions,
  use: (workers: Sides<WorkerProcess>) => Promise<T>,
): Promise<T> {
  const started: WorkerProcess[] = [];
  try {
    const workers = await forSides(sideNames(options.commands), async (name) => {
      options.progress(`${benchmark.name}: ${name} starts`);
      const worker = await startWorker(options.commands[name] as WorkerCommand, benchmark, options);
      started.push(worker);
      return worker;
    });
    return await use(workers);
  } finally {
    await Promise.all(started.map((worker) => worker.close()));
  }
}

/**
 * Measures one benchmark on all sides that there are.
 *
 * @throws TwinsDifferError if the sides do not compute the same, and if a worker fails
 */
export async function measure(benchmark: Benchmark, options: MeasureOptions): Promise<Sides<Measurement>> {
  if (benchmark.startUp) return measureStartUp(benchmark, options);
  return withWorkers(benchmark, options, (workers) => measureSteady(benchmark, options, workers));
}

/**
 * The same for one step of attention over memories of each of `places`.
 *
 * @throws TwinsDifferError if the sides do not compute the same, and if a worker fails
 */
export async function measureByPlaces(
  benchmark: Benchmark,
  { places, steps: ofCall }: Pick<AttentionWork, 'places' | 'steps'>,
  options: MeasureOptions,
): Promise<(Sides<Measurement> & { readonly places: number })[]> {
  const longest = Math.max(...places);
  return withWorkers(benchmark, options, async (workers) => {
    const measured: (Sides<Measurement> & { places: number })[] = [];
    for (const count of places) {
      const turns = await takeTurns(benchmark, `${count}`, options, workers);
      const steps = (longest / count) * ofCall;
      const each = await forSides(sideNames(workers), async (name) => ({
        runs: (turns[name] as Turns).runs.map((seconds) => seconds / steps),
      }));
      measured.push({ places: count, ...each });
    }
    return measured;
  });
}
