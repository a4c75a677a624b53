import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { wholeNumber } from '../arguments.js';
import { report } from '../report.js';
import { startBackend } from '../start-backend.js';
import { loadTask, taskNames } from '../tasks/index.js';

interface TrainOptions {
  readonly data: string;
  readonly out: string;
  readonly preset?: string;
  readonly config?: string;
  readonly from?: string;
  readonly features?: string;
  readonly embeddings?: string;
  readonly dictionary?: string;
  readonly seed?: number;
  readonly resume?: true;
  readonly eager?: true;
}

const INTERRUPTED = 130;

/** A signal of the first SIGINT, SIGTERM or SIGHUP (a terminal that closed); the second ends the process. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
    report('stopping soon, with a checkpoint if it has begun; once more stops at once, without');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  return controller.signal;
}

/** An argument as a shell takes it for one word. */
const quoted = (argument: string) =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;

async function train(taskName: string, options: TrainOptions): Promise<void> {
  const task = await loadTask(taskName, options);
  const { out, features, dictionary, resume = false, eager = false } = options;
  const signal = stopSignal();
  await startBackend();
  const { jsonLinesLog, progressBar, tensorBoardLog } = await import('@heed/training/node');
  const observers = [
    progressBar(),
    jsonLinesLog(join(out, 'log.jsonl')),
    await tensorBoardLog(join(out, 'tensorboard'), report),
  ];
  const result = await task
    .train({ ...options, resume, eager, observers, signal, report })
    .catch((error: unknown) => {
      // Its data were still read.
      if (signal.aborted && error === signal.reason) return undefined;
      throw error;
    });
  if (!result) {
    report('stopped before the first step');
    process.exitCode = INTERRUPTED;
    return;
  }
  const { best, reason, complete } = result;
  report(reason);
  if (best) {
    const metrics = Object.entries(best.metrics).map(([name, value]) => `${name} ${value.toFixed(2)}`);
    report(`best validation: ${metrics.join(', ')} at step ${best.step}`);
  }
  if (complete) console.log(out);
  else {
    const given = { data: options.data, features, dictionary, out };
    const known = Object.entries(given).filter(([, value]) => value !== undefined);
    const flags = known.map(([name, value]) => `--${name} ${quoted(value as string)}`);
    report(`to go on: heed train ${taskName} ${flags.join(' ')} --resume`);
    process.exitCode = INTERRUPTED;
  }
}

export function addTrain(program: Command): void {
  program
    .command('train')
    .description('train a model from a corpus into a folder')
    .argument('<task>', `what to train: ${taskNames}`)
    .requiredOption(
      '--data <dir>',
      'the corpus, or several with commas between (translation, entailment, summarization); of images, pairs, articles and ' +
        'speech, `synthetic` too',
    )
    .requiredOption('--out <dir>', 'the folder for the model, its checkpoint and its logs')
    .addOption(
      new Option('--preset <name>', 'a named configuration (default: practical)').conflicts('config'),
    )
    .option('--config <file>', 'a configuration as JSON, such as a model’s config.json')
    .option('--from <model>', 'start from a trained model: its network, tokenizer and weights')
    .option(
      '--features <model>',
      'the TensorFlow.js model whose features are read, a folder or URL (image-captioning)',
    )
    .option('--embeddings <file>', 'word vectors to begin with, of GloVe or word2vec (entailment)')
    .option('--dictionary <file>', 'how words are pronounced, as CMU’s has it (speech-recognition)')
    .option('--seed <n>', 'repeats a training exactly (default: 1)', wholeNumber(0))
    .option('--resume', 'go on with the training in --out, as it was started')
    .option('--eager', 'run op by op, without compiled graphs')
    .addHelpText(
      'after',
      '\nExample:\n  $ heed train translation --data pairs.tsv --out runs/mine --preset small\n' +
        '  $ heed train translation --data pairs.tsv --out runs/mine --preset fineTuning --from @heed/translation-fr-en\n' +
        '  $ heed train image-captioning --data flickr8k --features mobilenet --out runs/captions\n' +
        '  $ heed train entailment --data SICK.txt --embeddings glove.6B.100d.txt --out runs/sick\n' +
        '  $ heed train speech-recognition --data an4 --out runs/an4\n' +
        '  $ heed train summarization --data reuters21578 --out runs/headlines',
    )
    .action(train);
}
