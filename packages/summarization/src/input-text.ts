import type { InputConfig } from './config.js';
import { sentences } from './data/sentences.js';

/** What a model reads of an article; case is its tokenizer's to fold. */
export function articleText(text: string, { sentences: most, ...masking }: InputConfig): string {
  return headlineText(most === undefined ? text : sentences(text).slice(0, most).join(' '), masking);
}

export const headlineText = (headline: string, { maskDigits }: Pick<InputConfig, 'maskDigits'>): string =>
  maskDigits ? headline.replace(/\d/g, '#') : headline;
