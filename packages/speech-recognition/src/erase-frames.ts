import type { Recording } from './recording.js';
import { SAMPLE_RATE } from './recording.js';

/**
 * A recording with silence in the place of some of its frames, to see what depends on them.
 *
 * @param time what a trace says of the recording: its frames cut its seconds into equal parts
 * @param frames their numbers, from 0
 */
export function eraseFrames(
  { samples, ...recording }: Recording,
  time: { readonly seconds: number; readonly frames: number },
  frames: Iterable<number>,
): Recording {
  const left = samples.slice();
  const perFrame = (SAMPLE_RATE * time.seconds) / time.frames;
  for (const frame of frames) {
    if (!(frame >= 0 && frame < time.frames)) {
      throw new Error(`frame ${frame}: there are ${time.frames}, counted from 0`);
    }
    left.fill(0, Math.round(frame * perFrame), Math.round((frame + 1) * perFrame));
  }
  return { ...recording, samples: left };
}
