import { z } from 'zod';
import { fromBase64, isBase64 } from './base64.js';

/** How far from 1 weights and probabilities may sum, for what rounding does to them on the way to JSON. */
const SUM_TOLERANCE = 1e-3;
/** Only what is drawn as pixels: an SVG, which may hold anything, is not among them. */
const PICTURE_START = /^data:image\/(?:jpeg|png|webp);base64,/u;

const share = z.number().min(0).max(1);
const size = (most: number) => z.int().min(1).max(most);

const tokensInput = z.strictObject({
  kind: z.literal('tokens'),
  text: z.string(),
  tokens: z.array(z.string()),
});

/**
 * A picture of `width` by `height` pixels, as the model was shown it, under a grid of rows and columns of equal
 * cells; weights are row after row of the grid. `data` is the picture itself as a data URL.
 */
const imageInput = z.strictObject({
  kind: z.literal('image'),
  width: size(65_535),
  height: size(65_535),
  grid: z.strictObject({ rows: size(1024), columns: size(1024) }),
  data: z
    .string()
    .refine((url) => PICTURE_START.test(url) && isBase64(url.slice(url.indexOf(',') + 1)), {
      message: 'expected a data URL in base64 of type image/jpeg, image/png or image/webp',
    })
    .optional(),
  name: z.string().optional(),
});

/**
 * A recording of that many seconds, cut into frames of equal length. The spectrogram covers the same time, in
 * slices of `bins` values from 0 to 1, lowest frequency first, slice after slice: as numbers, or as bytes (255
 * is 1) in base64. How many slices it has is free.
 */
const audioInput = z.strictObject({
  kind: z.literal('audio'),
  seconds: z.number().min(0.001).max(86_400),
  frames: size(1_000_000),
  spectrogram: z
    .strictObject({ bins: size(4096), values: z.union([z.array(share), z.string()]) })
    .refine(({ values }) => typeof values !== 'string' || isBase64(values), {
      message: 'expected base64',
      path: ['values'],
      abort: true,
    })
    .refine(({ bins, values }) => values.length > 0 && spectrogramLevels(values).length % bins === 0, {
      message: 'expected as many values as bins, or a multiple of it',
      path: ['values'],
    })
    .optional(),
  name: z.string().optional(),
});

/** What was decided about the input as a whole, and how probable each decision was. */
const label = z
  .strictObject({ name: z.string(), probabilities: z.record(z.string(), share) })
  .refine(({ name, probabilities }) => Object.hasOwn(probabilities, name), {
    message: 'expected one of the names in probabilities',
    path: ['name'],
  })
  .refine(({ probabilities }) => sumsToOne(Object.values(probabilities)), {
    message: 'expected probabilities that sum to 1',
    path: ['probabilities'],
  });

/**
 * Which parts of its input a model attended to for each part of its output: the one form that every task
 * gives and everything here draws. `weights` is [outputs][inputs], each weight 0 to 1, each row summing to 1,
 * where the inputs are tokens, cells of a picture's grid or frames of a recording. `gates` is, for each output
 * token of a picture, how far its context was let through (beta of Xu et al. 2015, section 4.2.1). `score` is the
 * log-probability of the output.
 */
export const attentionTraceSchema = z
  .strictObject({
    version: z.literal(1),
    task: z.enum(['translation', 'image-captioning', 'entailment', 'speech-recognition', 'summarization']),
    input: z.discriminatedUnion('kind', [tokensInput, imageInput, audioInput]),
    output: z.strictObject({ text: z.string(), tokens: z.array(z.string()) }),
    weights: z.array(z.array(share)),
    gates: z.array(share).optional(),
    label: label.optional(),
    score: z.number().optional(),
    model: z.string().optional(),
  })
  .superRefine(({ input, output, weights, gates }, context) => {
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (weights.length !== output.tokens.length) {
      refuse(['weights'], `${weights.length} rows for ${output.tokens.length} output tokens`);
    }
    const places = placesOf(input);
    weights.forEach((row, i) => {
      if (row.length !== places.count) {
        refuse(['weights', i], `${row.length} weights for ${places.count} ${places.name}`);
      } else if (!sumsToOne(row)) {
        refuse(['weights', i], `sums to ${sum(row).toPrecision(6)}, not to 1`);
      }
    });
    if (gates !== undefined && input.kind !== 'image') {
      refuse(['gates'], 'only a trace over an image has gates');
    } else if (gates !== undefined && gates.length !== output.tokens.length) {
      refuse(['gates'], `${gates.length} gates for ${output.tokens.length} output tokens`);
    }
  });

type AnyTrace = z.infer<typeof attentionTraceSchema>;

export type InputKind = AnyTrace['input']['kind'];

/** An attention trace over any input, or over inputs of one kind: `AttentionTrace<'tokens'>`. */
export type AttentionTrace<Kind extends InputKind = InputKind> = Omit<AnyTrace, 'input'> & {
  input: Extract<AnyTrace['input'], { kind: Kind }>;
};

/**
 * Reads a trace from parsed JSON and trusts nothing in it.
 *
 * @param name what to call the JSON in an error, such as its file's name
 * @throws Error with one line that names the first thing wrong and where it stands
 */
export function parseTrace(json: unknown, name: string): AttentionTrace {
  const result = attentionTraceSchema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = z.core.toDotPath(issue!.path);
  throw new Error(
    `${name} is not an attention trace (version 1): ${place === '' ? '' : `${place}: `}${issue!.message}. ` +
      'Write it anew with `heed predict --trace`.',
  );
}

/** The values of a spectrogram, 0 to 1, however they are written. */
export function spectrogramLevels(values: readonly number[] | string): readonly number[] {
  return typeof values === 'string' ? Array.from(fromBase64(values), (byte) => byte / 255) : values;
}

function placesOf(input: AnyTrace['input']): { count: number; name: string } {
  switch (input.kind) {
    case 'tokens':
      return { count: input.tokens.length, name: 'input tokens' };
    case 'image': {
      const { rows, columns } = input.grid;
      return { count: rows * columns, name: `cells (${rows} rows of ${columns})` };
    }
    case 'audio':
      return { count: input.frames, name: 'frames' };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function sumsToOne(values: readonly number[]): boolean {
  return Math.abs(sum(values) - 1) <= SUM_TOLERANCE;
}
