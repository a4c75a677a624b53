import { z } from 'zod';

/**
 * Runs of white space (no-break spaces too) and of the sign that stands for a space in tokens.
 * Oniguruma, which Python's tokenizers uses, and JavaScript read this expression alike.
 */
const whiteSpace = '[\\p{White_Space}▁]+';

const nfc = z.strictObject({ type: z.literal('NFC') });
const lowercase = z.strictObject({ type: z.literal('Lowercase') });
const strip = z.strictObject({
  type: z.literal('Strip'),
  strip_left: z.literal(true),
  strip_right: z.literal(true),
});
const replace = z.strictObject({
  type: z.literal('Replace'),
  pattern: z.union(
    [z.strictObject({ String: z.string().min(1) }), z.strictObject({ Regex: z.literal(whiteSpace) })],
    { error: 'expected a String, or the Regex that heed writes' },
  ),
  content: z.string(),
});
const step = z.discriminatedUnion('type', [nfc, lowercase, strip, replace]);
const sequence = z.strictObject({ type: z.literal('Sequence'), normalizers: z.array(step) });

/** The normalizers of `tokenizer.json` that this package reads. */
export const normalizerSchema = z.discriminatedUnion('type', [nfc, lowercase, strip, replace, sequence]);
export type NormalizerJson = z.infer<typeof normalizerSchema>;

/**
 * The normalizer of every tokenizer trained here: NFC; every run of white space becomes one space; the
 * apostrophes U+2019 and U+02BC become '; white space at both ends goes; lower case if asked for.
 */
export function defaultNormalizer(options: { lowercase?: boolean } = {}): NormalizerJson {
  return {
    type: 'Sequence',
    normalizers: [
      { type: 'NFC' },
      { type: 'Replace', pattern: { Regex: whiteSpace }, content: ' ' },
      { type: 'Replace', pattern: { String: '\u2019' }, content: "'" },
      { type: 'Replace', pattern: { String: '\u02bc' }, content: "'" },
      { type: 'Strip', strip_left: true, strip_right: true },
      ...(options.lowercase ? [{ type: 'Lowercase' as const }] : []),
    ],
  };
}

/** Makes the function that a normalizer describes. Lone surrogates become U+FFFD first. */
export function compileNormalizer(json: NormalizerJson | null): (text: string) => string {
  const compiled =
    json === null ? [] : json.type === 'Sequence' ? json.normalizers.map(compile) : [compile(json)];
  return (text) =>
    compiled.reduce((result, apply) => apply(result), text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

function compile(json: z.infer<typeof step>): (text: string) => string {
  switch (json.type) {
    case 'NFC':
      return (text) => text.normalize('NFC');
    case 'Lowercase':
      // One character at a time, as Hugging Face does: no special case for a final sigma.
      return (text) => Array.from(text, (character) => character.toLowerCase()).join('');
    case 'Strip':
      return stripWhiteSpace;
    case 'Replace': {
      const { pattern, content } = json;
      const search = 'Regex' in pattern ? new RegExp(pattern.Regex, 'gu') : pattern.String;
      return (text) => text.replaceAll(search, () => content);
    }
  }
}

/** Unlike `trim`, takes U+0085 and leaves U+FEFF, as Unicode's White_Space has it. */
function stripWhiteSpace(text: string): string {
  const isWhite = (index: number) => /\p{White_Space}/u.test(text.charAt(index));
  let start = 0;
  let end = text.length;
  while (start < end && isWhite(start)) start++;
  while (end > start && isWhite(end - 1)) end--;
  return text.slice(start, end);
}
