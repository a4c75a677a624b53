import { z } from 'zod';

/** How far from 1 the weights of one output may sum, for what rounding does to them on the way to JSON. */
const SUM_TOLERANCE = 1e-3;

const tokensInput = z.strictObject({
  kind: z.literal('tokens'),
  text: z.string(),
  tokens: z.array(z.string()),
});

/**
 * Which parts of its input a model attended to for each part of its output: the one form that every task
 * gives and everything here draws. `weights` is [outputs][inputs], each weight 0 to 1, each row summing to 1.
 * `score` is the log-probability of the output.
 */
export const attentionTraceSchema = z
  .strictObject({
    version: z.literal(1),
    task: z.enum(['translation', 'image-captioning', 'entailment', 'speech-recognition', 'summarization']),
    input: z.discriminatedUnion('kind', [tokensInput]),
    output: z.strictObject({ text: z.string(), tokens: z.array(z.string()) }),
    weights: z.array(z.array(z.number().min(0).max(1))),
    score: z.number().optional(),
    model: z.string().optional(),
  })
  .superRefine(({ input, output, weights }, context) => {
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (weights.length !== output.tokens.length) {
      refuse(['weights'], `${weights.length} rows for ${output.tokens.length} output tokens`);
    }
    weights.forEach((row, i) => {
      const sum = row.reduce((total, weight) => total + weight, 0);
      if (row.length !== input.tokens.length) {
        refuse(['weights', i], `${row.length} weights for ${input.tokens.length} input tokens`);
      } else if (Math.abs(sum - 1) > SUM_TOLERANCE) {
        refuse(['weights', i], `sums to ${sum.toPrecision(6)}, not to 1`);
      }
    });
  });

export type AttentionTrace = z.infer<typeof attentionTraceSchema>;

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
