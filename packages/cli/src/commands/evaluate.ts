import type { Command } from 'commander';
import { beamSize, nonNegative, wholeNumber } from '../arguments.js';
import { progressLine } from '../report.js';
import { startBackend } from '../start-backend.js';
import { loadTask, taskNames } from '../tasks/index.js';
import type { Evaluation } from '../tasks/task.js';

interface EvaluateOptions {
  readonly model?: string;
  readonly features?: string;
  readonly dictionary?: string;
  readonly data: string;
  readonly split: string;
  readonly beam?: number;
  readonly lengthPenalty?: number;
  readonly ctcWeight?: number;
  readonly limit?: number;
  readonly json?: true;
}

/** Rows of true labels, columns of answers. */
function confusionLines({ labels, counts }: NonNullable<Evaluation['confusion']>): string[] {
  const rows = [['', ...labels], ...counts.map((row, i) => [labels[i] as string, ...row.map(String)])];
  const width = Math.max(...rows.flat().map(({ length }) => length));
  return [
    '',
    'true label, by answer:',
    ...rows.map((row) => row.map((cell) => cell.padStart(width)).join('  ')),
    '',
  ];
}

function table({ metrics, confusion, count, seconds, decoding }: Evaluation, unit: string): string {
  const width = Math.max(...metrics.map(({ name }) => name.length));
  const lines = metrics.map(({ name, score, low, high, signature }) => {
    const interval =
      low === undefined || high === undefined ? '' : ` (95 %: ${low.toFixed(2)} to ${high.toFixed(2)})`;
    return `${name.padEnd(width)}  ${score.toFixed(2)}${interval}  ${signature}`;
  });
  const speed = `${seconds.toFixed(1)} s (${(count / seconds).toFixed(1)} ${unit}/s)`;
  const weight = decoding?.ctcWeight ? `, CTC weight ${decoding.ctcWeight}` : '';
  const search = decoding ? `, beam ${decoding.beam}, length penalty ${decoding.lengthPenalty}${weight}` : '';
  return [
    ...lines,
    ...(confusion ? confusionLines(confusion) : []),
    `${count} ${unit} in ${speed}${search}`,
  ].join('\n');
}

async function evaluate(taskName: string, options: EvaluateOptions): Promise<void> {
  const task = await loadTask(taskName, options);
  await startBackend();
  const { model = task.defaultModel, data, split } = options;
  const progress = progressLine();
  const evaluation = await task
    .evaluate({
      ...options,
      model,
      onProgress: (done, inputs) => progress.update(`${done} of ${inputs} ${task.unit}`),
    })
    .finally(() => progress.end());
  const { count, decoding, ...scores } = evaluation;
  const result = { task: taskName, model, data, split, [task.unit]: count, ...decoding, ...scores };
  console.log(options.json ? JSON.stringify(result, null, 2) : table(evaluation, task.unit));
}

export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('score a model on a split of a corpus')
    .argument('<task>', `the task of the model: ${taskNames}`)
    .option('--model <dir>', 'a folder, a URL or a package (default: the one that comes with heed)')
    .option(
      '--features <model>',
      'the TensorFlow.js model whose features are read, a folder or URL (image-captioning)',
    )
    .option('--dictionary <file>', 'how words are pronounced, as CMU’s has it (speech-recognition)')
    .requiredOption(
      '--data <dir>',
      'the corpus, or several with commas between (translation, entailment, summarization)',
    )
    .requiredOption('--split <name>', 'which part of the corpus')
    .option('--beam <n>', 'hypotheses that are kept at a time (default: the model’s)', beamSize)
    .option('--length-penalty <a>', 'alpha of Wu et al. 2016 (default: the model’s)', nonNegative)
    .option('--ctc-weight <λ>', 'how much CTC counts beside attention (speech-recognition)', nonNegative)
    .option('--limit <n>', 'only the first n inputs', wholeNumber(1))
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ heed evaluate translation --model runs/mine --data pairs.tsv --split validation --json',
    )
    .action(evaluate);
}
