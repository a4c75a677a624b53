import fc from 'fast-check';
import type { AttentionTrace } from '../src/index.js';

/** A translation of `inputs` into `outputs`, with weights [outputs][inputs]. */
export function makeTrace(
  inputs: string[],
  outputs: string[],
  weights: number[][],
  facts: Pick<AttentionTrace, 'model' | 'score' | 'label'> = {},
): AttentionTrace<'tokens'> {
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

/** `count` rows of `places` weights, each at least a little, that sum to 1. */
function rowsOf(count: number, places: number, random: () => number): number[][] {
  return Array.from({ length: count }, () => {
    const row = Array.from({ length: places }, () => 1 + random());
    const sum = row.reduce((total, weight) => total + weight, 0);
    return row.map((weight) => weight / sum);
  });
}

const randomDigits = fc
  .infiniteStream(fc.integer({ min: 0, max: 9 }))
  .map((stream) => () => stream.next().value);
const label = fc
  .dictionary(token, fc.constant(1), { minKeys: 1, maxKeys: 4 })
  .map((names): AttentionTrace['label'] => {
    const [name, ...others] = Object.keys(names);
    return {
      name: name!,
      probabilities: Object.fromEntries([[name!, 1], ...others.map((other) => [other, 0])]),
    };
  });

const anyTrace = fc
  .tuple(
    fc.array(token, { minLength: 1, maxLength: 9 }),
    fc.array(token, { maxLength: 9 }),
    randomDigits,
    fc.option(label, { nil: undefined }),
  )
  .map(([inputs, outputs, random, decided]) =>
    makeTrace(
      inputs,
      outputs,
      rowsOf(outputs.length, inputs.length, random),
      decided === undefined ? {} : { label: decided },
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

/** A picture of one transparent pixel. */
export const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Four cells over a picture of 300 by 200; the second word looks at all of them alike. */
export const pictureExample: AttentionTrace<'image'> = {
  version: 1,
  task: 'image-captioning',
  input: {
    kind: 'image',
    width: 300,
    height: 200,
    grid: { rows: 2, columns: 2 },
    data: PIXEL,
    name: 'dog.png',
  },
  output: { text: 'a dog', tokens: ['a', 'dog'] },
  weights: [
    [0, 1, 0, 0],
    [0.25, 0.25, 0.25, 0.25],
  ],
  gates: [0.25, 1],
};

/** Ten frames of 2 seconds; the first symbol is heard in the second frame, the other in the last two. */
export const recordingExample: AttentionTrace<'audio'> = {
  version: 1,
  task: 'speech-recognition',
  input: {
    kind: 'audio',
    seconds: 2,
    frames: 10,
    spectrogram: { bins: 2, values: [0, 1, 0.5, 0.5, 1, 0] },
    name: 'hi.wav',
  },
  output: { text: 'hi', tokens: ['HH', 'AY'] },
  weights: [
    [0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0.5],
  ],
};

const side = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 16 }));
const length = fc.oneof(fc.constant(1), fc.constant(65_535), fc.integer({ min: 1, max: 65_535 }));

const anyPictureTrace = fc
  .tuple(
    fc.record({ width: length, height: length, rows: side, columns: side }),
    fc.array(token, { maxLength: 3 }),
    token,
    fc.boolean(),
    randomDigits,
  )
  .map(
    ([{ width, height, rows, columns }, tokens, text, full, random]): AttentionTrace<'image'> => ({
      ...pictureExample,
      input: {
        kind: 'image',
        width,
        height,
        grid: { rows, columns },
        ...(full ? { data: PIXEL, name: text } : {}),
      },
      output: { text, tokens },
      weights: rowsOf(tokens.length, rows * columns, random),
      gates: tokens.map(() => random() / 9),
    }),
  );

const anyRecordingTrace = fc
  .tuple(
    fc.record({
      seconds: fc.oneof(fc.constantFrom(0.001, 86_400), fc.double({ min: 0.001, max: 86_400, noNaN: true })),
      frames: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1000 })),
    }),
    fc.array(token, { maxLength: 3 }),
    token,
    fc.option(fc.uint8Array({ minLength: 1, maxLength: 40 }), { nil: undefined }),
    randomDigits,
  )
  .map(
    ([{ seconds, frames }, tokens, text, bytes, random]): AttentionTrace<'audio'> => ({
      ...recordingExample,
      input: {
        kind: 'audio',
        seconds,
        frames,
        ...(bytes === undefined
          ? {}
          : {
              spectrogram: { bins: bytes.length, values: Buffer.from(bytes).toString('base64') },
              name: text,
            }),
      },
      output: { text, tokens },
      weights: rowsOf(tokens.length, frames, random),
    }),
  );

/** A trace over any kind of input. */
export const anyKindOfTrace: fc.Arbitrary<AttentionTrace> = fc.oneof(
  anyTrace,
  anyPictureTrace,
  anyRecordingTrace,
);

/** The same trace with all that a user writes replaced by what means nothing. */
export function harmless<Trace extends AttentionTrace>(trace: Trace): Trace {
  const { input, output, label: decided } = trace;
  return {
    ...trace,
    input: {
      ...input,
      ...('tokens' in input ? { text: 'x', tokens: input.tokens.map(() => 'x') } : {}),
      ...('name' in input ? { name: 'x' } : {}),
    },
    output: { text: 'y', tokens: output.tokens.map(() => 'y') },
    ...(decided === undefined ? {} : { label: { name: 'z', probabilities: { z: 1 } } }),
  };
}
