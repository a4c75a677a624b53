import { z } from 'zod';

const count = z.int().positive();
const rate = z.number().min(0).max(0.95);

const networkSchema = z.strictObject({
  /** How the decoder is wired; `sutskever` and `cho` do not attend. */
  decoder: z.enum(['bahdanau', 'luong', 'conditional', 'sutskever', 'cho']),
  cell: z.enum(['gru', 'lstm']),
  score: z.enum(['additive', 'dot']),
  embedding: count,
  /** Of each direction of the encoder. */
  encoderUnits: count,
  encoderLayers: count,
  bidirectional: z.boolean(),
  decoderUnits: count,
  decoderLayers: count,
  /** Width of the inner layer of the additive score. */
  attention: count,
  /** One matrix embeds source and target and scores the target (Press and Wolf 2017). */
  sharedEmbedding: z.boolean(),
  /** The encoder reads from the last word to the first (Sutskever et al. 2014, section 3.3). */
  reverseSource: z.boolean(),
  dropout: z.strictObject({ embedding: rate, encoder: rate, readout: rate }),
});

const tokenizerSchema = z.strictObject({
  kind: z.enum(['bpe', 'word', 'character']),
  vocabularySize: z.int().min(5).max(1_000_000),
});

const trainingSchema = z.strictObject({
  steps: count,
  /** Tokens of a batch, padding included, on its longer side. */
  batchTokens: count,
  /** Longer pairs are left out, in tokens. */
  maximumLength: count,
  labelSmoothing: z.number().min(0).max(0.9),
  clip: z.number().positive(),
  optimizer: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('adam'),
      beta1: z.number(),
      beta2: z.number(),
      epsilon: z.number().positive(),
    }),
    z.strictObject({ kind: z.literal('adadelta'), rho: z.number(), epsilon: z.number().positive() }),
    z.strictObject({ kind: z.literal('sgd'), momentum: z.number().min(0) }),
  ]),
  learningRate: z.strictObject({
    peak: z.number().positive(),
    warmUp: z.int().nonnegative(),
    decay: z.enum(['linear', 'cosine', 'inverse-square-root', 'none']),
  }),
  stepsPerValidation: count,
  /** Sentences of the validation split that are translated at a validation. */
  validationSentences: count,
  patience: count,
});

const decodingSchema = z.strictObject({
  beamSize: z.int().positive().max(100),
  /** alpha of Wu et al. 2016, equation 14. */
  lengthPenalty: z.number().min(0),
});

export const translationConfigSchema = z.strictObject({
  task: z.literal('translation'),
  languages: z.strictObject({ source: z.string().min(1), target: z.string().min(1) }),
  network: networkSchema,
  tokenizer: tokenizerSchema,
  training: trainingSchema,
  decoding: decodingSchema,
});

/** Everything that tells one translation model from another. */
export type TranslationConfig = z.infer<typeof translationConfigSchema>;
export type NetworkConfig = TranslationConfig['network'];
export type DecodingConfig = TranslationConfig['decoding'];

/** @param name where the configuration comes from, for the message @throws naming the field and what was expected */
export function parseTranslationConfig(json: unknown, name: string): TranslationConfig {
  const parsed = translationConfigSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${name}: ${issue?.path.join('.') || 'the configuration'}: ${issue?.message}`);
}
