import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { replaceFile } from '@heed/attention-core/node';
import { useBackend } from '@heed/backend';
import { fromStart, runDemo } from '@heed/cli/demo';
import {
  evaluateSpeechRecognizer,
  joinSpeech,
  SpeechRecognizer,
  secondsOf,
  type TranscribedRecording,
  type Utterance,
  type WindowConfig,
} from '@heed/speech-recognition';
import {
  featuresOf,
  openRecordings,
  openSpeech,
  readAudio,
  readPronunciations,
} from '@heed/speech-recognition/node';
import { renderLineChart } from '@heed/visualization';

const USAGE =
  'expected --data DATA and --model NAME=FOLDER, once for each line, see apps/speech-recognition/README.md';

interface Line {
  readonly name: string;
  readonly points: (readonly [seconds: number, errors: number])[];
}

const secondsOfAll = (recordings: readonly TranscribedRecording[]): number =>
  recordings.reduce((sum, { recording }) => sum + secondsOf(recording), 0);

/** As `3` or `3,10`. */
function numbers(option: string, text: string): number[] {
  const found = text.split(',').map(Number);
  if (found.every((value) => value > 0 && Number.isFinite(value))) return found;
  throw new Error(`--${option} ${text}: expected numbers above 0, with commas between them`);
}

function modelOf(text: string): { name: string; folder: string } {
  const [name, ...folder] = text.split('=');
  if (!name || folder.length === 0) throw new Error(`--model ${text}: ${USAGE}`);
  const path = folder.join('=');
  return { name, folder: path.startsWith('@') ? path : fromStart(path) };
}

/** In seconds. */
async function longestOf(utterances: readonly Utterance[]): Promise<number> {
  let longest = 0;
  for (const { audio } of utterances) {
    longest = Math.max(longest, secondsOf(typeof audio === 'string' ? await readAudio(audio) : audio));
  }
  return longest;
}

/**
 * How many errors a model makes in recordings that are so many times as long as the longest of the training data; first
 * in the utterances as they are, at their mean length.
 */
async function measure(
  name: string,
  recognizer: SpeechRecognizer,
  recordings: readonly TranscribedRecording[],
  lengths: readonly number[],
  ctcWeight: number,
): Promise<Line> {
  const line: Line = { name, points: [] };
  for (const seconds of [undefined, ...lengths]) {
    const joined = seconds === undefined ? recordings : joinSpeech(recordings, seconds);
    const inputs = await featuresOf(joined, recognizer.config);
    const { errorRates } = await evaluateSpeechRecognizer(recognizer, inputs, { ctcWeight });
    const [rate] = errorRates;
    if (!rate) continue;
    const mean = secondsOfAll(joined) / joined.length;
    line.points.push([Number(mean.toFixed(1)), rate.score]);
    const what =
      seconds === undefined ? 'utterances as they are' : `utterances joined to ${mean.toFixed(1)} s`;
    console.log(`${name}: ${rate.name} ${rate.score.toFixed(2)} in ${joined.length} ${what}`);
  }
  return line;
}

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
  const lines: Line[] = [];
  for (const { name, folder } of models) {
    const recognizer = await SpeechRecognizer.load(folder, window ? { window } : {});
    const { symbols } = recognizer.config;
    const recordings = await openRecordings(held, symbols, { pronunciations });
    const lengths = times.map((factor) => factor * longest);
    lines.push(await measure(name, recognizer, recordings, lengths, ctcWeight));
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
