import type { Command } from 'commander';
import { nonNegative, wholeNumber } from '../arguments.js';
import { progressLine } from '../report.js';
import { startBackend } from '../start-backend.js';
import { loadTask } from '../tasks/index.js';
import type { Evaluation } from '../tasks/task.js';

interface EvaluateOptions {
  readonly model?: string;
  readonly data: string;
  readonly split: string;
  readonly beam?: number;
  readonly lengthPenalty?: number;
  readonly limit?: number;
  readonly json?: true;
}

function table({ metrics, sentences, seconds, beam, lengthPenalty }: Evaluation): string {
  const width = Math.max(...metrics.map(({ name }) => name.length));
  const lines = metrics.map(({ name, score, low, high, signature }) => {
    const interval =
      low === undefined || high === undefined ? '' : ` (95 %: ${low.toFixed(2)} to ${high.toFixed(2)})`;
    return `${name.padEnd(width)}  ${score.toFixed(2)}${interval}  ${signature}`;
  });
  const speed = `${seconds.toFixed(1)} s (${(sentences / seconds).toFixed(1)} sentences/s)`;
  return [...lines, `${sentences} sentences in ${speed}, beam ${beam}, length penalty ${lengthPenalty}`].join(
    '\n',
  );
}

async function evaluate(taskName: string, options: EvaluateOptions): Promise<void> {
  const task = await loadTask(taskName);
  await startBackend();
  const { model = task.defaultModel, data, split } = options;
  const progress = progressLine();
  const evaluation = await task
    .evaluate({
      ...options,
      model,
      onProgress: (done, sentences) => progress.update(`${done} of ${sentences} sentences`),
    })
    .finally(() => progress.end());
  const result = { task: taskName, model, data, split, ...evaluation };
  console.log(options.json ? JSON.stringify(result, null, 2) : table(evaluation));
}

export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('score a model on a split of a corpus')
    .argument('<task>', 'the task of the model: translation')
    .option('--model <dir>', 'a folder, a URL or a package (default: the one that comes with heed)')
    .requiredOption('--data <dir>', 'the corpus, or several with commas between')
    .requiredOption('--split <name>', 'which part of the corpus')
    .option('--beam <n>', 'hypotheses that are kept at a time (default: the model’s)', wholeNumber(1))
    .option('--length-penalty <a>', 'alpha of Wu et al. 2016 (default: the model’s)', nonNegative)
    .option('--limit <n>', 'only the first n sentences', wholeNumber(1))
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ heed evaluate translation --model runs/mine --data pairs.tsv --split validation --json',
    )
    .action(evaluate);
}
