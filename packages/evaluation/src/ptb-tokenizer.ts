import { splitWords } from './whitespace.js';

/** Signs that the Stanford tokenizer writes in ASCII. */
const NORMALIZED: readonly (readonly [RegExp, string])[] = [
  [/[\u{10000}-\u{10ffff}\u00ad\u200b-\u200f\ufeff]|\ufe0f/gu, ''],
  [/[“”«»]/gu, '"'],
  [/[‘’]/gu, "'"],
  [/[–—]/gu, '--'],
  [/…/gu, '...'],
  [/½/gu, '1/2'],
  [/¼/gu, '1/4'],
  [/¾/gu, '3/4'],
  [/€/gu, '$'],
  [/£/gu, '#'],
];

/** Words that are written as one and count as two. */
const CONTRACTIONS: readonly RegExp[] = [
  /\b(can)(not)\b/giu,
  /\b(gon|wan)(na)\b/giu,
  /\b(got)(ta)\b/giu,
  /\b(gim|lem)(me)\b/giu,
  /\b(more)('n)\b/giu,
  /\b(y')(all)\b/giu,
  /(?<!\w)('t)(is|was)\b/giu,
  /(\p{L})(n't)(?![\p{L}\p{N}])/giu,
  /([\p{L}\p{N}])('(?:s|m|d|re|ve|ll))(?![\p{L}\p{N}])/giu,
];

const ABBREVIATIONS =
  'mr|mrs|ms|dr|prof|gen|col|capt|sgt|lt|sen|rep|gov|rev|hon|jr|sr|st|ave|blvd|rd|mt|ft|vs|dept|co|corp|inc|ltd' +
  '|etc|bros|jan|feb|mar|apr|aug|sept|sep|oct|nov|dec';

const SEGMENT = '[\\p{L}\\p{M}\\p{N}_]+';

const TOKEN = new RegExp(
  [
    `https?://\\S+`,
    `(?<![\\w.+-])[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+`,
    `<\\w+>`,
    // Abbreviations and initials keep their full stop.
    `(?<![\\p{L}\\p{N}])(?:${ABBREVIATIONS})\\.(?!\\p{L})`,
    `(?<![\\p{L}\\p{N}])ft(?= )`,
    `(?<![\\p{L}\\p{N}'])\\p{L}(?:\\.\\p{L})*\\.(?![\\p{L}\\p{N}])`,
    `no\\.(?= *\\d)`,
    // Endings and words with an apostrophe.
    `n't(?!\\p{L})`,
    `'n'`,
    `'(?:s|m|d|re|ve|ll|em|cause|n|t|\\d\\ds?)(?![\\p{L}\\p{N}])`,
    `(?<![\\p{L}\\p{N}])(?:o|d|l|n)'\\p{L}+`,
    `(?<![\\p{L}\\p{N}])(?:ma'am|ol'|y')`,
    // Tags, then words and numbers with what may join their parts.
    `[#@]\\p{L}${SEGMENT}`,
    `(?<!\\S)[-+]?\\.?\\d+(?:[.,:/]\\d+)*(?![\\p{L}\\p{N}-])`,
    `${SEGMENT}(?:(?:[-/]|\\.(?=\\p{L})|(?<=\\p{N})[.,:](?=\\p{N}))${SEGMENT})*`,
    `[!?]+`,
    `\\S`,
  ].join('|'),
  'giu',
);

const BRACKETS = new Map([
  ['(', '-lrb-'],
  [')', '-rrb-'],
  ['[', '-lsb-'],
  [']', '-rsb-'],
  ['{', '-lcb-'],
  ['}', '-rcb-'],
]);

const PUNCTUATION = new Set(["'", '"', '`', '.', '?', '!', ',', ':', '-', ';']);

/**
 * Tokens of an English caption as pycocoevalcap's PTBTokenizer (Stanford CoreNLP 3.4.1) cuts them: Penn Treebank
 * style, lower-cased, without punctuation. Brackets stay, as `-lrb-` and so on, as there.
 *
 * It has the tokenizer's rules that bear on captions, not its long lists of abbreviations, names like AT&T, emoticons and
 * web addresses.
 */
export function tokenizePtb(caption: string): string[] {
  let text = splitWords(caption).join(' ');
  for (const [signs, replacement] of NORMALIZED) text = text.replace(signs, replacement);
  for (const contraction of CONTRACTIONS) text = text.replace(contraction, '$1 $2');
  return (text.match(TOKEN) ?? [])
    .map((token) => BRACKETS.get(token) ?? token.toLowerCase())
    .filter((token) => !PUNCTUATION.has(token));
}
