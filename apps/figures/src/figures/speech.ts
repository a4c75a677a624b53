import { joinSpeech, SpeechRecognizer, secondsOf, type TranscribedRecording } from '@heed/speech-recognition';
import {
  errorsByLength,
  featuresOf,
  longestOf,
  openRecordings,
  openSpeech,
} from '@heed/speech-recognition/node';
import { renderLineChart, renderPanels } from '@heed/visualization';
import { describeModel } from '../describe-model.js';
import type { Figure } from '../figure.js';
import type { Materials } from '../materials.js';
import { type Panel, traceRows } from '../trace-rows.js';

const SPLIT = 'test';
/** Joined recordings are so many times as long as the longest in training. */
const TIMES = [1, 2, 3, 5, 7, 10];
/** CTC's prefix scores hold any attention in its place: what it does by itself is heard without them. */
const BY_ATTENTION = { ctcWeight: 0 };
/** How far from the last median a step may look where it looks in a window, in seconds. */
const WINDOW = 0.5;
const FRAMES_PER_SECOND = 100;

/** How a model is heard. */
interface Hearing {
  readonly name: string;
  readonly windowed: boolean;
  readonly decoding: { readonly ctcWeight?: number };
}
const alone: Hearing = { name: '', windowed: false, decoding: BY_ATTENTION };
const inWindow: Hearing = { name: ' in a window', windowed: true, decoding: BY_ATTENTION };
const withCtc: Hearing = { name: ' with CTC', windowed: false, decoding: {} };

interface NamedModel {
  readonly name: string;
  readonly location: string;
}

/** The models by the kind of attention that they have, and the data's name. */
function openMaterials(materials: Materials): { models: NamedModel[]; path: string; data: string } {
  const content = materials.modelIfAny('content-speech');
  const path = materials.data('speech');
  return {
    models: [
      { name: 'location-aware', location: materials.model('speech') },
      ...(content === undefined ? [] : [{ name: 'content', location: content }]),
    ],
    path,
    data: `${path === 'synthetic' ? 'tones made by code' : path}, split ${SPLIT}`,
  };
}

/** The model as it was trained, or with a window around the last median, which has nothing to learn. */
async function load(location: string, windowed: boolean): Promise<SpeechRecognizer> {
  const recognizer = await SpeechRecognizer.load(location);
  if (!windowed) return recognizer;
  const reach = Math.round((WINDOW * FRAMES_PER_SECOND) / recognizer.framesPerPlace);
  recognizer.dispose();
  return SpeechRecognizer.load(location, { window: { kind: 'previous', reach, center: 'median' } });
}

/** Calls `use` with each model, heard in each way that it can be, and tells of them all in a sentence. */
async function withEach(
  models: readonly NamedModel[],
  hearings: readonly Hearing[],
  use: (recognizer: SpeechRecognizer, name: string, hearing: Hearing) => Promise<void>,
): Promise<string> {
  const described: string[] = [];
  for (const { name, location } of models) {
    for (const hearing of hearings) {
      const recognizer = await load(location, hearing.windowed);
      try {
        if (hearing === withCtc && recognizer.config.decoding.ctcWeight === 0) continue;
        await use(recognizer, name + hearing.name, hearing);
        if (hearing === alone) described.push(`${name}, ${await describeModel(location, recognizer.name)}`);
      } finally {
        recognizer.dispose();
      }
    }
  }
  return (
    `Models: ${described.join('; ')}; by attention alone where CTC is not named; ` +
    `a window lets a step look ${WINDOW} s to either side of the last median.`
  );
}

/** Errors in speech that is longer than any in training (Chorowski et al. 2015, section 4). */
export const longSpeech: Figure = {
  name: 'long-speech',
  async draw(materials, progress) {
    const { models, path, data } = openMaterials(materials);
    const reader = await openSpeech(path);
    const longest = await longestOf((await reader.read('train')).utterances);
    const { utterances } = await reader.read(SPLIT);
    const lines: { name: string; points: (readonly [number, number])[] }[] = [];
    const rows: Record<string, string | number>[] = [];
    const described = await withEach(
      models,
      [alone, inWindow, withCtc],
      async (recognizer, name, { decoding }) => {
        const { pronunciations } = reader;
        const recordings = await openRecordings(utterances, recognizer.config.symbols, { pronunciations });
        const lengths = TIMES.map((factor) => factor * longest);
        const errors = await errorsByLength(recognizer, recordings, lengths, decoding, ({ seconds }) =>
          progress(`${name}, ${seconds.toFixed(1)} s`),
        );
        lines.push({
          name,
          points: errors.map(
            ({ seconds, errorRate }) => [Number(seconds.toFixed(1)), errorRate.score] as const,
          ),
        });
        for (const { seconds, recordings: count, errorRate } of errors) {
          const [score, low, high] = [errorRate.score, errorRate.low, errorRate.high].map((rate) =>
            rate.toFixed(2),
          ) as [string, string, string];
          rows.push({
            model: name,
            seconds: seconds.toFixed(2),
            recordings: count,
            errors: score,
            low,
            high,
          });
        }
      },
    );
    return {
      svg: renderLineChart({
        title: 'Errors in utterances joined to be longer',
        x: 'mean length of a recording, seconds',
        y: 'errors, % of the symbols',
        lines,
      }),
      rows,
      caption:
        `Errors over the length of recordings: utterances as they are (first point), then each speaker's joined to be ` +
        `up to ${TIMES.at(-1)} times as long as the longest in training, which has ${longest.toFixed(1)} s. ` +
        `Data: ${data}. ${described}`,
    };
  },
};

/** An utterance, and ten of its speaker joined: from the first again, if there are fewer. */
function oneAndTen(recordings: readonly TranscribedRecording[]): TranscribedRecording[] {
  const [first] = recordings as [TranscribedRecording];
  const ten = recordings.filter(({ speaker }) => speaker === first.speaker).slice(0, 10);
  const seconds = Array.from({ length: 10 }, (_, i) => secondsOf((ten[i % ten.length] ?? first).recording));
  // Short of the tenth's end, so that rounding does not add another.
  const long = seconds.reduce((sum, length) => sum + length, 0) - Math.min(...seconds) / 2;
  return [first, ...joinSpeech(ten, long)];
}

/** The alignment of an utterance and of ten joined (Chorowski et al. 2015, figures 3 and 4). */
export const speechAlignments: Figure = {
  name: 'speech-alignments',
  async draw(materials) {
    const { models, path, data } = openMaterials(materials);
    const reader = await openSpeech(path);
    const { utterances } = await reader.read(SPLIT);
    const speaker = utterances[0]?.speaker;
    const own = utterances.filter((utterance) => utterance.speaker === speaker).slice(0, 10);
    const panels: Panel[] = [];
    const described = await withEach(models, [alone, inWindow], async (recognizer, name, hearing) => {
      const { pronunciations } = reader;
      const recordings = await openRecordings(own, recognizer.config.symbols, { pronunciations });
      const heard = oneAndTen(recordings);
      const features = await featuresOf(heard, recognizer.config);
      const found = await recognizer.recognizeFeatures(
        features.map((utterance) => utterance.features),
        hearing.decoding,
        heard.map(({ recording }) => recording),
      );
      for (const [i, [best]] of found.entries()) {
        if (best === undefined || (hearing !== alone && i === 0)) continue;
        panels.push({
          heading: `${i === 0 ? 'One utterance' : 'Ten joined'}, ${name}`,
          trace: best.attention,
        });
      }
    });
    // A column a model: all have been heard in the same ways.
    const rows = panels.length / models.length;
    const inRows = panels.map((_, i) => {
      const [row, column] = [Math.floor(i / models.length), i % models.length];
      return panels[column * rows + row] as Panel;
    });
    return {
      svg: renderPanels({ title: 'When each symbol was heard', columns: models.length, panels: inRows }),
      rows: traceRows(panels),
      caption:
        'The spectrogram of an utterance, and below it for each symbol written (left) when it was heard; then the same of ' +
        `ten utterances of the speaker joined, or of the one ten times where there are no more. Data: the first of ${data}. ${described}`,
    };
  },
};
