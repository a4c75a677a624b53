import { z } from 'zod';
import { BpeTokenizer } from './bpe.js';
import { normalizerSchema } from './normalizer.js';
import { metaspaceSchema, preTokenizerSchema } from './pre-tokenizer.js';
import type { Tokenizer } from './tokenizer.js';
import { specialTokens, Vocabulary } from './vocabulary.js';
import { WordLevelTokenizer } from './word-level.js';

const vocabularySchema = z
  .custom<Record<string, number>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    {
      error: 'expected an object from token to id',
    },
  )
  .superRefine((vocabulary, context) => {
    const tokens = Object.entries(vocabulary);
    const tokenOf = new Map<number, string>();
    for (const [token, id] of tokens) {
      const other = tokenOf.get(id);
      const problem =
        !Number.isInteger(id) || id < 0 || id >= tokens.length
          ? `id is ${JSON.stringify(id)}: expected a whole number, 0 to ${tokens.length - 1}, for ${tokens.length} tokens`
          : other !== undefined
            ? `id ${id} is also that of ${JSON.stringify(other)}`
            : undefined;
      if (problem !== undefined) {
        context.addIssue({ code: 'custom', path: [token], message: problem });
        return;
      }
      tokenOf.set(id, token);
    }
    for (const [id, special] of specialTokens.entries()) {
      if (tokenOf.get(id) !== special) {
        context.addIssue({
          code: 'custom',
          path: [special],
          message: `expected the special token with id ${id}`,
        });
        return;
      }
    }
  });

/** Two tokens; older files have them in one string with a space between. */
const mergeSchema = z.union(
  [
    z.tuple([z.string(), z.string()]),
    z
      .string()
      .regex(/^[^ ]+ [^ ]+$/)
      .transform((merge) => merge.split(' ') as [string, string]),
  ],
  { error: 'expected two tokens' },
);

const bpeSchema = z.strictObject({
  type: z.literal('BPE'),
  dropout: z.null(),
  unk_token: z.literal('<unk>'),
  continuing_subword_prefix: z.union([z.null(), z.literal('')]),
  end_of_word_suffix: z.union([z.null(), z.literal('')]),
  fuse_unk: z.literal(true),
  byte_fallback: z.literal(false).default(false),
  ignore_merges: z.literal(false).default(false),
  vocab: vocabularySchema,
  merges: z.array(mergeSchema),
});

const wordLevelSchema = z.strictObject({
  type: z.literal('WordLevel'),
  vocab: vocabularySchema,
  unk_token: z.literal('<unk>'),
});

const modelSchema = z.discriminatedUnion('type', [bpeSchema, wordLevelSchema]);

const specialIds = specialTokens.map((token, id) => `${id} ${token}`).join();

const addedTokensSchema = z
  .array(
    z.strictObject({
      id: z.number(),
      content: z.string(),
      single_word: z.boolean(),
      lstrip: z.boolean(),
      rstrip: z.boolean(),
      normalized: z.boolean(),
      special: z.literal(true),
    }),
  )
  .refine((added) => added.map(({ id, content }) => `${id} ${content}`).join() === specialIds, {
    error: `expected exactly the special tokens ${specialIds}`,
  });

/** What this package reads of Hugging Face's `tokenizer.json`; everything else is refused by its name. */
const tokenizerSchema = z.strictObject({
  version: z.literal('1.0'),
  truncation: z.null(),
  padding: z.null(),
  added_tokens: addedTokensSchema,
  normalizer: normalizerSchema.nullable(),
  pre_tokenizer: preTokenizerSchema,
  post_processor: z.null(),
  decoder: metaspaceSchema,
  model: modelSchema,
});

export type TokenizerJson = z.infer<typeof tokenizerSchema>;
export type ModelJson = z.infer<typeof modelSchema>;

/**
 * Reads the parsed content of a `tokenizer.json`, written by this package or by Python's tokenizers.
 *
 * @param json trusted in nothing
 * @param name of the file, for the error
 * @throws Error that names the file and the first field that is wrong or that this package does not support
 */
export function tokenizerFromJson(json: unknown, name = 'tokenizer.json'): Tokenizer {
  const result = tokenizerSchema.safeParse(json);
  if (!result.success) throw new Error(`${name}: ${describe(result.error.issues[0]!, json)}`);
  const { model, normalizer, pre_tokenizer: preTokenizer } = result.data;
  const vocabulary = new Vocabulary(
    Object.entries(model.vocab)
      .sort(([, a], [, b]) => a - b)
      .map(([token]) => token),
  );
  if (model.type === 'WordLevel') return new WordLevelTokenizer(vocabulary, normalizer, preTokenizer);
  try {
    return new BpeTokenizer(vocabulary, model.merges, normalizer, preTokenizer);
  } catch (error) {
    throw new Error(`${name}: model.merges: ${shorten((error as Error).message, 200)}`);
  }
}

function describe(issue: z.core.$ZodIssue, json: unknown): string {
  const path = shorten(issue.path.map((key) => JSON.stringify(key).replace(/^"|"$/g, '')).join('.'), 120);
  const field = path === '' ? 'the file' : path;
  const message = shorten(issue.message, 120);
  if (issue.code === 'custom') return `${field}: ${message}`;
  let value: unknown = json;
  for (const key of issue.path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  const shown = value === undefined ? 'missing' : shorten(JSON.stringify(value), 80);
  return `${field} is ${shown}, which is not supported: ${message}`;
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
