import { type Recording, SAMPLE_RATE, secondsOf } from '@heed/speech-recognition';
import type { Span } from './spans.js';

const LARGEST = 50 * 2 ** 20;
/** In seconds. */
const LONGEST = 60;

/**
 * Decodes sound as the browser understands it, to one channel of 16,000 samples a second.
 *
 * @throws Error naming the file if it is no sound, or longer than a minute
 */
export async function readRecording(file: Blob, name: string): Promise<Recording> {
  if (file.size > LARGEST) throw new Error(`${name} has ${file.size} bytes; at most ${LARGEST} are read`);
  const bytes = await file.arrayBuffer();
  const sound = await new OfflineAudioContext(1, 1, SAMPLE_RATE).decodeAudioData(bytes).catch(() => {
    throw new Error(`${name} is not a recording that this browser can read`);
  });
  if (sound.duration > LONGEST) {
    throw new Error(`${name} lasts ${sound.duration.toFixed(0)} s; at most ${LONGEST} s are heard`);
  }
  const channels = Array.from({ length: sound.numberOfChannels }, (_, i) => sound.getChannelData(i));
  const samples = Float32Array.from({ length: sound.length }, (_, i) =>
    channels.reduce((sum, channel) => sum + (channel[i] as number) / channels.length, 0),
  );
  return { samples, name };
}

let context: AudioContext | undefined;
let playing: AudioBufferSourceNode | undefined;

/** Plays parts of a recording, one after the other, in place of what plays. Without parts, all of it. */
export function play(
  recording: Recording,
  spans: readonly Span[] = [{ start: 0, end: secondsOf(recording) }],
): void {
  context ??= new AudioContext();
  playing?.stop();
  const parts = spans.map(({ start, end }) =>
    recording.samples.subarray(Math.round(start * SAMPLE_RATE), Math.round(end * SAMPLE_RATE)),
  );
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const buffer = context.createBuffer(1, length, SAMPLE_RATE);
  let filled = 0;
  for (const part of parts) {
    buffer.copyToChannel(new Float32Array(part), 0, filled);
    filled += part.length;
  }
  playing = new AudioBufferSourceNode(context, { buffer });
  playing.connect(context.destination);
  playing.start();
}

/** Records from the microphone until it is told to stop. */
export async function startRecording(): Promise<{ stop: () => Promise<Recording> }> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => {
    throw new Error('there is no microphone that this page may use');
  });
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => void parts.push(data));
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve));
  recorder.start();
  return {
    async stop() {
      recorder.stop();
      await stopped;
      for (const track of stream.getTracks()) track.stop();
      return readRecording(new Blob(parts), 'your recording');
    },
  };
}
