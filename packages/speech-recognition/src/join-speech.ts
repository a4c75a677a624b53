import { bySpeaker } from './by-speaker.js';
import { type Recording, SAMPLE_RATE } from './recording.js';

/** A recording, what is to be written of it, and who speaks. */
export interface TranscribedRecording {
  readonly recording: Recording;
  /** As `symbolsOf` gives it. */
  readonly symbols: string;
  readonly speaker: string;
}

/**
 * One long recording of each speaker: utterances one after the other, from the first again after the last, until it is as
 * long as is asked for (Chorowski et al. 2015, figures 4 and 5).
 *
 * @param seconds at least so many
 */
export function joinSpeech(
  utterances: readonly TranscribedRecording[],
  seconds: number,
): TranscribedRecording[] {
  for (const { recording, speaker } of utterances) {
    if (recording.samples.length === 0)
      throw new Error(`${recording.name ?? speaker}: there is no sound in it`);
  }
  return [...bySpeaker(utterances)].map(([speaker, own]) => {
    const parts: TranscribedRecording[] = [];
    let length = 0;
    while (length < seconds * SAMPLE_RATE || parts.length === 0) {
      const part = own[parts.length % own.length] as TranscribedRecording;
      parts.push(part);
      length += part.recording.samples.length;
    }
    const samples = new Float32Array(length);
    let filled = 0;
    for (const { recording } of parts) {
      samples.set(recording.samples, filled);
      filled += recording.samples.length;
    }
    return {
      recording: { samples, name: `${speaker}, ${parts.length} utterances` },
      symbols: parts.map(({ symbols }) => symbols).join(' '),
      speaker,
    };
  });
}
