import type { ErrorRate } from '@heed/evaluation';
import type { ToneUtterance } from './data/synthetic.js';
import type { Recognition } from './speech-recognizer.js';

export interface AlignmentError {
  /** Symbols that were recognised and whose place is known. */
  readonly symbols: number;
  /** Of them, the share whose attention was greatest while they sounded. */
  readonly inside: number;
  /** The mean distance between where attention was greatest and the middle of the sound, in seconds. */
  readonly distance: number;
}

/**
 * How far attention was from where the symbols of `syntheticTones` are, over the symbols that are right.
 *
 * @param recognitions one for each utterance
 * @param alignments of the recognitions with what is right
 */
export function alignmentError(
  utterances: readonly Pick<ToneUtterance, 'spans'>[],
  recognitions: readonly Pick<Recognition, 'attention'>[],
  alignments: ErrorRate['alignments'],
): AlignmentError {
  let [symbols, inside, distance] = [0, 0, 0];
  for (const [i, { spans }] of utterances.entries()) {
    const { input, weights } = (recognitions[i] as Recognition).attention;
    const place = input.seconds / input.frames;
    for (const { type, referenceStart, referenceEnd, hypothesisStart } of alignments[i] ?? []) {
      if (type !== 'equal') continue;
      for (let symbol = referenceStart; symbol < referenceEnd; symbol++) {
        const { start, end } = spans[symbol] as ToneUtterance['spans'][number];
        const row = weights[hypothesisStart + symbol - referenceStart] as number[];
        const peak = (row.indexOf(Math.max(...row)) + 0.5) * place;
        symbols++;
        // A place that the sound is in is in it.
        if (peak > start - place / 2 && peak < end + place / 2) inside++;
        distance += Math.abs(peak - (start + end) / 2);
      }
    }
  }
  return { symbols, inside: inside / Math.max(1, symbols), distance: distance / Math.max(1, symbols) };
}
