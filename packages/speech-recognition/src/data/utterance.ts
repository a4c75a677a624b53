import type { Recording } from '../recording.js';

/** A recording and what was said in it. */
export interface Utterance {
  /** A file's path, or the sound itself. */
  readonly audio: string | Recording;
  /** The words, as `spokenText` gives them, where they are known. */
  readonly text?: string;
  /** The phonemes with a space between, where they are known. */
  readonly phonemes?: string;
  readonly speaker: string;
}

/**
 * Words as recognisers are trained on them and give them: in upper case, without punctuation, a space between them, as in
 * LibriSpeech's transcripts.
 */
export function spokenText(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[’`´]/gu, "'")
    .replace(/[^\p{L}\p{M}\p{N}']+/gu, ' ')
    .replace(/(^|\s)'+(?=\s|$)/gu, ' ')
    .trim()
    .replace(/\s+/gu, ' ');
}
