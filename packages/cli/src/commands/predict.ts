import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { replaceFile } from '@heed/attention-core/node';
import type { AttentionTrace } from '@heed/visualization';
import type { Command } from 'commander';
import { nonNegative, wholeNumber } from '../arguments.js';
import { UsageError } from '../errors.js';
import { type InputLine, readInputLines } from '../input-lines.js';
import { report } from '../report.js';
import { startBackend } from '../start-backend.js';
import { loadTask } from '../tasks/index.js';
import type { Answer, Predictor } from '../tasks/task.js';

interface PredictOptions {
  readonly model?: string;
  readonly beam?: number;
  readonly lengthPenalty?: number;
  readonly nBest: number;
  readonly trace?: string;
  readonly json?: true;
}

async function* inputs(files: readonly string[]): AsyncGenerator<InputLine[]> {
  if (files.length === 0) {
    if (process.stdin.isTTY) report('one input a line, please; Ctrl+D ends');
    yield* readInputLines(process.stdin, 'standard input');
  }
  for (const file of files) yield* readInputLines(createReadStream(file), file);
}

/** One line of input with its answers, best first, or with why it has none. */
type Answered = { readonly text: string } & (
  | { readonly answers: readonly Answer[] }
  | { readonly refusal: string }
);

/** Answers the lines that can be; one that cannot keeps no other from its answer. */
async function answerLines(predictor: Predictor, lines: readonly InputLine[]): Promise<Answered[]> {
  const refusals = lines.map(({ text }) => predictor.refuse(text));
  const found = await predictor.answer(
    lines.filter((_, i) => refusals[i] === undefined).map(({ text }) => text),
  );
  return lines.map(({ text, place }, i) => {
    const refusal = refusals[i];
    if (refusal === undefined) return { text, answers: found.shift() as Answer[] };
    report(`${place}: ${refusal}`);
    return { text, refusal };
  });
}

const oneLine = (text: string) => text.replace(/\p{Cc}/gu, ' ');

/**
 * What is printed for one line; without JSON, more than one answer are `score<TAB>text` each, and a line that has none
 * leaves its place empty.
 */
function present(line: Answered, { json, nBest }: PredictOptions): string {
  const source = line.text;
  if ('refusal' in line) return json ? `${JSON.stringify({ source, error: line.refusal })}\n` : '\n';
  const { answers } = line;
  const [best, ...others] = answers as readonly [Answer, ...Answer[]];
  const plain = ({ text, tokens, score }: Answer) => ({ text, tokens, score });
  if (json) {
    const alternatives = nBest > 1 ? { alternatives: others.map(plain) } : {};
    return `${JSON.stringify({ source, ...plain(best), ...alternatives })}\n`;
  }
  if (nBest === 1) return `${oneLine(best.text)}\n`;
  return answers.map(({ text, score }) => `${score.toFixed(4)}\t${oneLine(text)}\n`).join('');
}

async function writeTraces(file: string, traces: readonly AttentionTrace[]): Promise<void> {
  if (traces.length === 0)
    throw new Error(`${file}: there is nothing to write: no line with a word in it was answered`);
  await replaceFile(file, `${JSON.stringify(traces.length === 1 ? traces[0] : traces)}\n`);
}

async function predict(taskName: string, files: readonly string[], options: PredictOptions): Promise<void> {
  const task = await loadTask(taskName);
  await startBackend();
  const predictor = await task.openPredictor({ ...options, model: options.model ?? task.defaultModel });
  if (options.trace !== undefined && !predictor.attends) {
    throw new UsageError('--trace: this model has no attention to trace');
  }
  const traces: AttentionTrace[] = [];
  for await (const lines of inputs(files)) {
    const answered = await answerLines(predictor, lines);
    for (const line of answered) {
      if ('refusal' in line) process.exitCode = 1;
      else if (options.trace !== undefined && line.answers[0]?.attention)
        traces.push(line.answers[0].attention);
    }
    const text = answered.map((line) => present(line, options)).join('');
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  }
  if (options.trace !== undefined) await writeTraces(options.trace, traces);
}

export function addPredict(program: Command): void {
  program
    .command('predict')
    .description('answer each line of the files, or of standard input')
    .argument('<task>', 'the task of the model: translation')
    .argument('[file...]', 'UTF-8 text, one input a line')
    .option('--model <dir>', 'a folder, a URL or a package (default: the one that comes with heed)')
    .option('--beam <n>', 'hypotheses that are kept at a time (default: the model’s)', wholeNumber(1))
    .option('--length-penalty <a>', 'alpha of Wu et al. 2016 (default: the model’s)', nonNegative)
    .option('--n-best <n>', 'answers a line; more than 1 are printed as score<TAB>text', wholeNumber(1), 1)
    .option('--trace <file>', 'write where the model looked, for `heed plot`')
    .option('--json', 'print a JSON object a line: source, text, tokens, score')
    .addHelpText(
      'after',
      '\nExample:\n  $ echo "Un chien court." | heed predict translation --trace trace.json',
    )
    .action(predict);
}
