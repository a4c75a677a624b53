import { z } from 'zod';

/** Parts that the configurations of all tasks have, for their zod schemas. */

export const count = z.int().positive();
/** Of dropout. */
export const rate = z.number().min(0).max(0.95);

export const tokenizerSchema = z.strictObject({
  kind: z.enum(['bpe', 'word', 'character']),
  vocabularySize: z.int().min(5).max(1_000_000),
});

/** How much of an average stays at each step. */
const decay = z.number().min(0).lt(1);

const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('adam'),
    beta1: decay,
    beta2: decay,
    epsilon: z.number().positive(),
  }),
  z.strictObject({ kind: z.literal('adadelta'), rho: decay, epsilon: z.number().positive() }),
  z.strictObject({ kind: z.literal('sgd'), momentum: z.number().min(0) }),
]);

const learningRateSchema = z.strictObject({
  peak: z.number().positive(),
  warmUp: z.int().nonnegative(),
  decay: z.enum(['linear', 'cosine', 'inverse-square-root', 'none']),
});

/** What every training has, beside its task's own. */
export const trainingFields = {
  steps: count,
  /** In tokens; longer examples are left out. */
  maximumLength: count,
  labelSmoothing: z.number().min(0).max(0.9),
  clip: z.number().positive(),
  /** β of the moving average of the weights that is validated and kept (Polyak and Juditsky 1992). Default: the weights. */
  averageDecay: z.number().gt(0).lt(1).exactOptional(),
  /** The largest norm of what goes into a unit, which Adam does not keep to (Hinton et al. 2012). Default: any. */
  columnNorm: z.number().positive().exactOptional(),
  optimizer: optimizerSchema,
  learningRate: learningRateSchema,
  stepsPerValidation: count,
  /** Validations without a better one after which it ends. */
  patience: count,
};

/** Memory and time grow with the beam: wider ones are a slip. */
export const LARGEST_BEAM = 100;

export const decodingSchema = z.strictObject({
  beamSize: z.int().positive().max(LARGEST_BEAM),
  /** alpha of Wu et al. 2016, equation 14. */
  lengthPenalty: z.number().min(0),
});
export type DecodingConfig = z.infer<typeof decodingSchema>;

/** @param name where the configuration comes from, for the message @throws naming the field and what was expected */
export function parseConfig<Config>(schema: z.ZodType<Config>, json: unknown, name: string): Config {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${name}: ${issue?.path.join('.') || 'the configuration'}: ${issue?.message}`);
}
