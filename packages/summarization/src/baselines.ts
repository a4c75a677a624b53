import { firstSentence } from './data/sentences.js';

/** DUC's limit of a headline. */
export const HEADLINE_BYTES = 75;

/** The first 75 bytes (in UTF-8) of an article, cutting through words: DUC's baseline (Rush et al. 2015, section 7.2). */
function prefix(text: string): string {
  const bytes = new TextEncoder().encode(text).subarray(0, HEADLINE_BYTES);
  return new TextDecoder().decode(bytes).replace(/\ufffd$/u, '');
}

/** What needs no model, by the name in a table of results. */
export const baselines: Readonly<Record<string, (text: string) => string>> = {
  PREFIX: prefix,
  'first sentence': firstSentence,
};
