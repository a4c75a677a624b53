import { z } from 'zod';

/** Stands for a space, at the start of a word's first token. */
export const spaceSign = '▁';

const clitic = '(?:[sStTdDmM]|[rRvV][eE]|[lL]{2})(?![\\p{L}\\p{M}])';
const letters = '[\\p{L}\\p{M}]+';

/**
 * Where words are split into pieces: around every punctuation mark and symbol; before the clitics of English
 * (man 's, don 't), and after every other apostrophe inside a word, as French elides (l' homme, d' un). A space
 * sign stays with what follows it. Oniguruma, which Python's tokenizers uses, and JavaScript read these
 * expressions alike, and in time linear in the text.
 */
export const splitExpressions = {
  /** Every digit is a piece too. */
  subwords: `'${clitic}|▁?(?:${letters}(?:'(?!${clitic})(?=\\p{L}))?|(?!▁)[\\p{N}\\p{P}\\p{S}])`,
  /** Numbers stay whole. */
  words: `'${clitic}|▁?(?:${letters}(?:'(?!${clitic})(?=\\p{L}))?|(?!▁)[\\p{P}\\p{S}])`,
  characters: '.',
} as const;

/** The one Metaspace component that this package reads, both as pre-tokenizer and as decoder. */
export const metaspaceSchema = z.strictObject({
  type: z.literal('Metaspace'),
  replacement: z.literal(spaceSign),
  prepend_scheme: z.literal('always'),
  split: z.literal(true),
});
export const metaspace: z.infer<typeof metaspaceSchema> = {
  type: 'Metaspace',
  replacement: spaceSign,
  prepend_scheme: 'always',
  split: true,
};

const splitSchema = z.strictObject({
  type: z.literal('Split'),
  pattern: z.strictObject({
    Regex: z.enum(Object.values(splitExpressions), { error: 'expected an expression that heed writes' }),
  }),
  behavior: z.literal('Isolated'),
  invert: z.literal(false),
});

/** The pre-tokenizer of `tokenizer.json` that this package reads: Metaspace, then one Split. */
export const preTokenizerSchema = z.strictObject({
  type: z.literal('Sequence'),
  pretokenizers: z.tuple([metaspaceSchema, splitSchema]),
});
export type PreTokenizerJson = z.infer<typeof preTokenizerSchema>;

export function preTokenizer(kind: keyof typeof splitExpressions): PreTokenizerJson {
  return {
    type: 'Sequence',
    pretokenizers: [
      metaspace,
      { type: 'Split', pattern: { Regex: splitExpressions[kind] }, behavior: 'Isolated', invert: false },
    ],
  };
}

/** Splits normalized text into words, each with a space sign at its start. */
export function splitWords(text: string): string[] {
  if (text === '') return [];
  const marked = text.replaceAll(' ', spaceSign);
  return splitBeforeSpaceSigns(marked.startsWith(spaceSign) ? marked : spaceSign + marked);
}

/** Splits before every space sign; the first part may be without one. */
export function splitBeforeSpaceSigns(text: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    const next = text.indexOf(spaceSign, start + 1);
    const end = next < 0 ? text.length : next;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

/** Splits a word into the parts that the expression (flags g and u) matches and the parts between them. */
export function splitPieces(word: string, expression: RegExp): string[] {
  const pieces: string[] = [];
  let end = 0;
  for (const match of word.matchAll(expression)) {
    if (match.index > end) pieces.push(word.slice(end, match.index));
    pieces.push(match[0]);
    end = match.index + match[0].length;
  }
  if (end < word.length) pieces.push(word.slice(end));
  return pieces;
}

export function compileSplit(json: PreTokenizerJson): (word: string) => string[] {
  const expression = new RegExp(json.pretokenizers[1].pattern.Regex, 'gu');
  return (word) => splitPieces(word, expression);
}
