import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '@heed/attention-core/node';
import { useBackend } from '@heed/backend';
import {
  appCommand,
  fromStart,
  modelFromStart,
  nonNegative,
  runDemo,
  UsageError,
  wholeNumber,
} from '@heed/cli/demo';
import { SpeechRecognizer, type WindowConfig } from '@heed/speech-recognition';
import {
  type ErrorsAtLength,
  errorsByLength,
  longestOf,
  openRecordings,
  openSpeech,
  readPronunciations,
} from '@heed/speech-recognition/node';
import { type LineChart, renderLineChart } from '@heed/visualization';

interface NamedModel {
  readonly name: string;
  readonly folder: string;
}

interface LongSpeechOptions {
  readonly data: string;
  readonly split: string;
  readonly model: readonly NamedModel[];
  readonly dictionary?: string;
  readonly times: readonly number[];
  readonly ctcWeight: number;
  readonly window?: number;
  readonly out: string;
}

/** As `3` or `3,10`. */
function numbers(text: string): number[] {
  const found = text.split(',').map(Number);
  if (found.every((value) => value > 0 && Number.isFinite(value))) return found;
  throw new UsageError(`--times ${text}: expected numbers above 0, with commas between them`);
}

function modelOf(text: string): NamedModel {
  const [name, ...folder] = text.split('=');
  if (!name || folder.length === 0) throw new UsageError(`--model ${text}: expected NAME=FOLDER`);
  return { name, folder: modelFromStart(folder.join('=')) };
}

const reportOf =
  (name: string) =>
  ({ recordings, joined, seconds, errorRate }: ErrorsAtLength): void => {
    const what = joined ? `utterances joined to ${seconds.toFixed(1)} s` : 'utterances as they are';
    console.log(`${name}: ${errorRate.name} ${errorRate.score.toFixed(2)} in ${recordings} ${what}`);
  };

async function longSpeech({
  data,
  split,
  model,
  dictionary,
  times,
  ctcWeight,
  ...options
}: LongSpeechOptions) {
  const window: WindowConfig | undefined =
    options.window === undefined ? undefined : { kind: 'previous', reach: options.window, center: 'median' };
  await useBackend();
  const reader = await openSpeech(data === 'synthetic' ? data : fromStart(data));
  const pronunciations =
    dictionary === undefined ? reader.pronunciations : await readPronunciations(fromStart(dictionary));
  const held = (await reader.read(split)).utterances;
  const longest = await longestOf((await reader.read('train')).utterances);
  const lines: LineChart['lines'][number][] = [];
  for (const { name, folder } of model) {
    const recognizer = await SpeechRecognizer.load(folder, window ? { window } : {});
    const { symbols } = recognizer.config;
    const recordings = await openRecordings(held, symbols, { pronunciations });
    const lengths = times.map((factor) => factor * longest);
    const errors = await errorsByLength(recognizer, recordings, lengths, { ctcWeight }, reportOf(name));
    const points = errors.map(
      ({ seconds, errorRate }) => [Number(seconds.toFixed(1)), errorRate.score] as const,
    );
    lines.push({ name, points });
    recognizer.dispose();
  }
  const out = fromStart(options.out);
  await mkdir(dirname(out), { recursive: true });
  const chart = renderLineChart({
    title: 'Errors in utterances joined to be longer',
    x: 'mean length of a recording, seconds',
    y: 'errors, % of the symbols',
    lines,
  });
  await replaceFile(out, chart);
  console.log(out);
}

runDemo(
  appCommand(
    'plot:long-speech',
    'Draw the errors in utterances that are joined to be longer than any in training.',
    ['--data an4 --model location=runs/an4-phonemes --model content=runs/an4-phonemes-content'],
  )
    .requiredOption('--data <data>', 'AN4, a table of recordings, or synthetic')
    .option('--split <name>', 'of the data', 'test')
    .requiredOption(
      '--model <name=dir>',
      'a line of the plot; may be given more than once',
      (text: string, before: readonly NamedModel[] = []) => [...before, modelOf(text)],
    )
    .option('--dictionary <file>', 'a pronouncing dictionary, where the data have none')
    .option('--times <numbers>', 'how long, in longest training utterances', numbers, [1, 2, 3, 5, 7, 10])
    .option('--ctc-weight <λ>', 'how much CTC counts beside attention', nonNegative, 0)
    .option('--window <places>', 'how far from the median of the step before a step looks', wholeNumber(1))
    .option('--out <file>', 'where the plot is written', 'out/speech-recognition/long-speech.svg')
    .action(longSpeech),
);
