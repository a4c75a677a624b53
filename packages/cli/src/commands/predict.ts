import { createReadStream } from 'node:fs';
import { replaceFile } from '@heed/attention-core/node';
import type { AttentionTrace } from '@heed/visualization';
import type { Command } from 'commander';
import { beamSize, nonNegative } from '../arguments.js';
import { printable, UsageError } from '../errors.js';
import { expectWritable } from '../files.js';
import { type InputLine, readInputLines } from '../input-lines.js';
import { report } from '../report.js';
import { startBackend } from '../start-backend.js';
import { loadTask, taskNames } from '../tasks/index.js';
import type { Answer, Answered, Predictor, Task } from '../tasks/task.js';

interface PredictOptions {
  readonly model?: string;
  readonly features?: string;
  readonly beam?: number;
  readonly lengthPenalty?: number;
  readonly ctcWeight?: number;
  readonly nBest: number;
  readonly trace?: string;
  readonly json?: true;
}

/** What is to be answered: the lines of the files, or the files themselves, where those are what a task reads. */
async function* inputs(task: Task, files: readonly string[]): AsyncGenerator<InputLine[]> {
  if (files.length === 0) {
    if (process.stdin.isTTY) report('one input a line, please; Ctrl+D ends');
    for await (const lines of readInputLines(process.stdin, 'standard input')) {
      yield task.inputs === 'lines' ? lines : named(lines.map(({ text }) => text));
    }
  } else if (task.inputs === 'files') {
    for (let first = 0; first < files.length; first += BATCH_FILES) {
      yield named(files.slice(first, first + BATCH_FILES));
    }
  } else for (const file of files) yield* readInputLines(createReadStream(file), file);
}

/** Files that are answered together. */
const BATCH_FILES = 16;

const named = (files: readonly string[]) => files.map((file) => ({ text: file, place: file }));

/** One input with its answers, best first, or with why it has none. */
type AnsweredLine = { readonly text: string } & Answered;

/** What is said to an empty line where a file's name is expected. */
const NOTHING: Answered = { answers: [{ text: '', tokens: [], score: 0 }] };

/** Reports lines that have no answer. */
async function answerLines(
  task: Task,
  predictor: Predictor,
  lines: readonly InputLine[],
): Promise<AnsweredLine[]> {
  const isAsked = ({ text }: InputLine) => task.inputs === 'lines' || text.trim() !== '';
  const answered = await predictor.answer(lines.filter(isAsked).map(({ text }) => text));
  return lines.map((line) => {
    const { text, place } = line;
    const found = isAsked(line) ? (answered.shift() as Answered) : NOTHING;
    if ('refusal' in found) report(printable(`${place}: ${found.refusal}`));
    return { text, ...found };
  });
}

const oneLine = (text: string) => text.replace(/\p{Cc}/gu, ' ');

/**
 * What is printed for one line; without JSON, more than one answer are `score<TAB>text` each, and a line that has none
 * leaves its place empty.
 */
function present(line: AnsweredLine, { json, nBest }: PredictOptions): string {
  const source = line.text;
  if ('refusal' in line) return json ? `${JSON.stringify({ source, error: line.refusal })}\n` : '\n';
  const { answers } = line;
  const [best, ...others] = answers as readonly [Answer, ...Answer[]];
  const plain = ({ attention: _, ...answer }: Answer) => answer;
  if (json) {
    const alternatives = nBest > 1 ? { alternatives: others.map(plain) } : {};
    return `${JSON.stringify({ source, ...plain(best), ...alternatives })}\n`;
  }
  if (nBest === 1) return `${oneLine(best.text)}\n`;
  return answers.map(({ text, score }) => `${score.toFixed(4)}\t${oneLine(text)}\n`).join('');
}

/** Writes to standard output. @returns whether someone still reads it, as `head` does not for long */
async function written(text: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error?: NodeJS.ErrnoException | null) => {
      if (error && error.code !== 'EPIPE') reject(error);
      else resolve(!error);
    });
  });
}

async function writeTraces(file: string, traces: readonly AttentionTrace[]): Promise<void> {
  await replaceFile(file, `${JSON.stringify(traces.length === 1 ? traces[0] : traces)}\n`);
}

async function predict(taskName: string, files: readonly string[], options: PredictOptions): Promise<void> {
  const { trace } = options;
  if (files.some((file) => file.trim() === ''))
    throw new UsageError('an empty argument: expected the name of a file');
  const task = await loadTask(taskName, options);
  if (trace !== undefined) await expectWritable(trace);
  await startBackend();
  const predictor = await task.openPredictor({ ...options, model: options.model ?? task.defaultModel });
  if (trace !== undefined && !predictor.attends) {
    throw new UsageError('--trace: this model has no attention to trace');
  }
  const traces: AttentionTrace[] = [];
  try {
    for await (const lines of inputs(task, files)) {
      const answered = await answerLines(task, predictor, lines);
      for (const line of answered) {
        if ('refusal' in line) process.exitCode = 1;
        else if (trace !== undefined && line.answers[0]?.attention) traces.push(line.answers[0].attention);
      }
      const text = answered.map((line) => present(line, options)).join('');
      if (!(await written(text))) break;
    }
  } finally {
    // What was answered before a fault, or before nobody read on, is traced all the same.
    if (trace !== undefined && traces.length > 0) await writeTraces(trace, traces);
  }
  if (trace !== undefined && traces.length === 0)
    throw new Error(`${trace}: there is nothing to write: no line with a word in it was answered`);
}

export function addPredict(program: Command): void {
  program
    .command('predict')
    .description('answer each line of the files, or of standard input; or each image or recording')
    .argument('<task>', `the task of the model: ${taskNames}`)
    .argument(
      '[file...]',
      'UTF-8 text, one input a line (entailment: premise<TAB>hypothesis; summarization: an article); or images or recordings',
    )
    .option('--model <dir>', 'a folder, a URL or a package (default: the one that comes with heed)')
    .option(
      '--features <model>',
      'the TensorFlow.js model whose features are read, a folder or URL (image-captioning)',
    )
    .option('--beam <n>', 'hypotheses that are kept at a time (default: the model’s)', beamSize)
    .option('--length-penalty <a>', 'alpha of Wu et al. 2016 (default: the model’s)', nonNegative)
    .option('--ctc-weight <λ>', 'how much CTC counts beside attention (speech-recognition)', nonNegative)
    .option('--n-best <n>', 'answers a line; more than 1 are printed as score<TAB>text', beamSize, 1)
    .option('--trace <file>', 'write where the model looked, for `heed plot`')
    .option('--json', 'print a JSON object a line: source, text, tokens, score')
    .addHelpText(
      'after',
      '\nExample:\n  $ echo "Un chien court." | heed predict translation --trace trace.json\n' +
        '  $ heed predict image-captioning --model runs/captions --features mobilenet photo.jpg\n' +
        '  $ heed predict speech-recognition --model runs/an4 hello.wav\n' +
        '  $ printf "A dog runs.\\tAn animal moves.\\n" | heed predict entailment --model runs/sick',
    )
    .action(predict);
}
