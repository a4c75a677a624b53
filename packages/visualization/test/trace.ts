import fc from 'fast-check';
import type { AttentionTrace } from '../src/index.js';

/** A translation of `inputs` into `outputs`, with weights [outputs][inputs]. */
export function makeTrace(
  inputs: string[],
  outputs: string[],
  weights: number[][],
  facts: Pick<AttentionTrace, 'model' | 'score'> = {},
): AttentionTrace {
  return {
    version: 1,
    task: 'translation',
    input: { kind: 'tokens', text: inputs.join(' '), tokens: inputs },
    output: { text: outputs.join(' '), tokens: outputs },
    weights,
    ...facts,
  };
}

export const example = makeTrace(
  ['Un', 'chien', 'court'],
  ['A', 'dog', 'runs'],
  [
    [1, 0, 0],
    [0.25, 0.75, 0],
    [0, 0.5, 0.5],
  ],
);

/** Tokens of any UTF-16 at all, lone surrogates and control characters among them. */
const token = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '</script>',
    ']]>',
    '<!--',
    '"\'&',
    '\x1b[31m',
    '\x9b2J',
    '\u202e',
    '👩‍👩‍👧',
    'e\u0301',
    '東京',
    '',
  ),
);

export const anyTrace = fc
  .tuple(
    fc.array(token, { minLength: 1, maxLength: 9 }),
    fc.array(token, { maxLength: 9 }),
    fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
  )
  .map(([inputs, outputs, random]) =>
    makeTrace(
      inputs,
      outputs,
      outputs.map(() => {
        const row = inputs.map(() => 1 + random.next().value);
        const sum = row.reduce((total, weight) => total + weight, 0);
        return row.map((weight) => weight / sum);
      }),
    ),
  );

/** A square trace that looks like a translation word by word. */
export function squareTrace(size: number): AttentionTrace {
  const tokens = Array.from({ length: size }, (_, i) => `word${i}`);
  return makeTrace(
    tokens,
    tokens,
    tokens.map((_, i) => tokens.map((_, j) => (i === j ? 1 : 0))),
  );
}
