import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  type DemoOptions,
  demoCommand,
  draw,
  fromStart,
  keepTraces,
  runDemo,
  startDemo,
} from '@heed/cli/demo';
import { type Recording, SpeechRecognizer, secondsOf, syntheticTones } from '@heed/speech-recognition';
import { readAudio, writeWav } from '@heed/speech-recognition/node';
import type { AttentionTrace } from '@heed/visualization';

const TONES_MODEL = '@heed/speech-recognition-tones';
const SPEECH_MODEL = '@heed/speech-recognition-an4-characters';
const TONES = { count: 3, seed: 2015 };

/** Tones, which are kept to be listened to. */
async function makeSamples(folder: string): Promise<Recording[]> {
  const out = fromStart(folder);
  await mkdir(out, { recursive: true });
  const samples: Recording[] = [];
  for (const [i, { audio }] of syntheticTones(TONES).entries()) {
    const file = join(out, `tones-${i + 1}.wav`);
    await writeWav(file, audio);
    samples.push({ ...audio, name: relative(fromStart('.'), file) });
  }
  return samples;
}

async function demo(
  files: readonly string[],
  { model = files.length > 0 ? SPEECH_MODEL : TONES_MODEL, out }: DemoOptions,
): Promise<void> {
  await startDemo();
  const recognizer = await SpeechRecognizer.load(model);
  const recordings: Recording[] = [];
  for (const file of files) recordings.push(await readAudio(fromStart(file)));
  const traces: AttentionTrace[] = [];
  for (const recording of files.length > 0 ? recordings : await makeSamples(out)) {
    const started = performance.now();
    const { text, attention } = await recognizer.recognize(recording);
    const seconds = (performance.now() - started) / 1000;
    const heard = `${secondsOf(recording).toFixed(1)} s of sound in ${seconds.toFixed(1)} s`;
    console.log(`\n${recording.name} (${heard})\n→ ${text}\n\n${draw(attention)}`);
    traces.push(attention);
  }
  recognizer.dispose();
  await keepTraces(out, traces, { picture: 'alignment', page: 'recordings' });
}

runDemo(
  demoCommand(
    'demo:speech',
    'speech-recognition',
    'Write down what is heard in recordings, and show when each symbol was heard.',
    ['spelled.wav', 'hello.wav --model runs/speech'],
  )
    .argument('[recording...]', 'WAV or FLAC files (default: tones made by code)')
    .action(demo),
);
