import { type Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../arguments.js';
import { UsageError } from '../errors.js';
import { fromRepository } from '../from-repository.js';
import { progressLine, report } from '../report.js';
import { startBackend } from '../start-backend.js';

interface LearningOptions {
  readonly tasks?: readonly string[];
  readonly mechanisms?: readonly string[];
  readonly seed: number;
  readonly cells: string;
}

function names(text: string): string[] {
  const found = text.split(',').map((name) => name.trim());
  if (found.every((name) => name !== '')) return found;
  throw new InvalidArgumentError('Expected names with commas between them.');
}

function requireKnown(what: string, asked: readonly string[] = [], known: readonly string[]): void {
  for (const name of asked) {
    if (known.includes(name)) continue;
    throw new UsageError(`there is no ${what} "${name}": expected some of ${known.join(', ')}`);
  }
}

async function benchLearning({ tasks, mechanisms, seed, cells: path }: LearningOptions): Promise<void> {
  const { formatLearningTable, learningMechanismNames, learningTaskNames, runLearning } =
    await fromRepository(import('@heed/app-benchmarks'));
  requireKnown('task', tasks, learningTaskNames);
  requireKnown('mechanism', mechanisms, learningMechanismNames);
  await startBackend();
  const line = progressLine();
  const cells = await runLearning({
    ...(tasks && { tasks }),
    ...(mechanisms && { mechanisms }),
    seed,
    path,
    report(text) {
      line.end();
      report(text);
    },
    progress: (text) => line.update(text),
  }).finally(() => line.end());
  console.log(formatLearningTable(cells));
}

export function addBenchLearning(bench: Command): void {
  bench
    .command('learning')
    .description('what each attention mechanism learns of synthetic tasks, as a table in Markdown')
    .option('--tasks <names>', 'some tasks, with commas between them (default: all)', names)
    .option('--mechanisms <names>', 'some mechanisms (default: all)', names)
    .option('--seed <n>', 'of weights and examples', wholeNumber(0), 1)
    .option('--cells <file>', 'where finished cells are kept: a run goes on from there', 'learning.jsonl')
    .addHelpText(
      'after',
      '\nExample:\n  $ heed bench learning --tasks copy --mechanisms fixed-vector,additive',
    )
    .action(benchLearning);
}
