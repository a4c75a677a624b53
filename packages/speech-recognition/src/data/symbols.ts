import type { SpeechConfig } from '../config.js';
import type { Pronunciations } from './pronunciations.js';
import { toTimit39, toTimit48 } from './timit.js';
import type { Utterance } from './utterance.js';

const nameOf = ({ audio }: Utterance) => (typeof audio === 'string' ? audio : (audio.name ?? 'a recording'));

/**
 * What a model is to write of an utterance.
 *
 * @param pronunciations give the phonemes of utterances of which only the words are known
 * @throws if it is not known, with the recording; UnknownWordError
 */
export function symbolsOf(
  utterance: Utterance,
  symbols: SpeechConfig['symbols'],
  pronunciations?: Pronunciations,
): string {
  const { text, phonemes } = utterance;
  if (symbols === 'text') {
    if (text !== undefined) return text;
    throw new Error(`${nameOf(utterance)}: its words are not known: train a model of phonemes`);
  }
  const known = phonemes ?? (text === undefined ? undefined : pronunciations?.phonemesOf(text));
  if (known === undefined) {
    throw new Error(
      `${nameOf(utterance)}: its phonemes are not known: name a pronouncing dictionary, such as CMU's, with --dictionary, or train ` +
        'a model of characters ("symbols": "text")',
    );
  }
  if (symbols === 'phonemes') return known;
  return symbols === 'timit-61' ? withoutMarks(known) : toTimit48(known);
}

/** The same as it is scored: TIMIT's phones as 39. */
export function scoredSymbols(symbols: string, kind: SpeechConfig['symbols']): string {
  if (kind === 'timit-61') return toTimit39(withMarks(symbols));
  return kind === 'timit-48' ? toTimit39(symbols) : symbols;
}

/** Tokens are words, in which `-` and `#` do not stand. */
const MARKED: Readonly<Record<string, string>> = { axh: 'ax-h', h: 'h#' };
const withMarks = (phones: string) => phones.replace(/\b(axh|h)\b/gu, (phone) => MARKED[phone] as string);
const withoutMarks = (phones: string) => phones.replace(/[-#]/gu, '');
