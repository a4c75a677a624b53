import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { replaceFile } from '@heed/attention-core/node';
import { useBackend } from '@heed/backend';
import { fromStart, modelFromStart, runDemo } from '@heed/cli/demo';
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

const USAGE =
  'expected --data DATA and --model NAME=FOLDER, once for each line, see apps/speech-recognition/README.md';

/** As `3` or `3,10`. */
function numbers(option: string, text: string): number[] {
  const found = text.split(',').map(Number);
  if (found.every((value) => value > 0 && Number.isFinite(value))) return found;
  throw new Error(`--${option} ${text}: expected numbers above 0, with commas between them`);
}

function modelOf(text: string): { name: string; folder: string } {
  const [name, ...folder] = text.split('=');
  if (!name || folder.length === 0) throw new Error(`--model ${text}: ${USAGE}`);
  return { name, folder: modelFromStart(folder.join('=')) };
}

const reportOf =
  (name: string) =>
  ({ recordings, joined, seconds, errorRate }: ErrorsAtLength): void => {
    const what = joined ? `utterances joined to ${seconds.toFixed(1)} s` : 'utterances as they are';
    console.log(`${name}: ${errorRate.name} ${errorRate.score.toFixed(2)} in ${recordings} ${what}`);
  };

async function longSpeech(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      split: { type: 'string', default: 'test' },
      model: { type: 'string', multiple: true },
      dictionary: { type: 'string' },
      times: { type: 'string', default: '1,2,3,5,7,10' },
      'ctc-weight': { type: 'string', default: '0' },
      window: { type: 'string' },
      out: { type: 'string', default: 'out/speech-recognition/long-speech.svg' },
    },
  });
  const { data, split, model, dictionary, window: places } = values;
  if (data === undefined || !model) throw new Error(USAGE);
  const models = model.map(modelOf);
  const times = numbers('times', values.times);
  const ctcWeight = Number(values['ctc-weight']);
  const window: WindowConfig | undefined =
    places === undefined
      ? undefined
      : { kind: 'previous', reach: numbers('window', places)[0] as number, center: 'median' };
  await useBackend();
  const reader = await openSpeech(data === 'synthetic' ? data : fromStart(data));
  const pronunciations =
    dictionary === undefined ? reader.pronunciations : await readPronunciations(fromStart(dictionary));
  const held = (await reader.read(split)).utterances;
  const longest = await longestOf((await reader.read('train')).utterances);
  const lines: LineChart['lines'][number][] = [];
  for (const { name, folder } of models) {
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
  const out = fromStart(values.out);
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

runDemo(longSpeech);
