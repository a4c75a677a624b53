import { replaceFile } from '@heed/attention-core/node';
import type { Command } from 'commander';
import { wholeNumber } from '../arguments.js';
import { UsageError } from '../errors.js';
import { fromRepository } from '../from-repository.js';
import { progressLine, report } from '../report.js';
import { addBenchLearning } from './bench-learning.js';

interface BenchOptions {
  readonly rounds?: number;
  readonly json?: true;
  readonly out?: string;
}

const INTERRUPTED = 130;

async function bench(name: string | undefined, { rounds, json, out }: BenchOptions): Promise<void> {
  const { benchmarkNames, formatTable, runBenchmarks } = await fromRepository(import('@heed/app-benchmarks'));
  if (name !== undefined && !benchmarkNames.includes(name)) {
    throw new UsageError(`there is no benchmark "${name}": expected one of ${benchmarkNames.join(', ')}`);
  }
  // Leaves through the front door, so that temporary files go.
  process.once('SIGINT', () => process.exit(INTERRUPTED));
  const line = progressLine();
  const result = await runBenchmarks({
    ...(name !== undefined && { name }),
    ...(rounds !== undefined && { rounds }),
    report(text) {
      line.end();
      report(text);
    },
    progress: (text) => line.update(text),
  }).finally(() => line.end());
  const asJson = JSON.stringify(result, null, 2);
  console.log(json ? asJson : formatTable(result));
  if (out !== undefined) await replaceFile(out, `${asJson}\n`);
}

export function addBench(program: Command): void {
  const command = program
    .command('bench')
    .description('measure heed against the same models in PyTorch, which it installs if need be')
    .argument('[name]', 'one benchmark (default: all)')
    .option('--rounds <n>', 'timed runs of each side (default: each benchmark’s)', wholeNumber(1))
    .option('--json', 'print the result as JSON')
    .option('--out <file>', 'also write the result as JSON')
    .addHelpText(
      'after',
      '\nHEED_BENCH_PYTHON names a Python that has PyTorch, so that none is installed.\n\nExample:\n  $ heed bench training-step',
    )
    .action(bench);
  addBenchLearning(command);
}
