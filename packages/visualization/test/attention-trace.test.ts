import { describe, expect, it } from 'vitest';
import { parseTrace } from '../src/index.js';
import { example, PIXEL, pictureExample, recordingExample } from './trace.js';

const picture = pictureExample.input;
const recording = recordingExample.input;

describe('parseTrace', () => {
  it('gives back what is right', () => {
    const trace = { ...example, score: -1.5, model: 'fr-en' };
    expect(parseTrace(JSON.parse(JSON.stringify(trace)), 'trace.json')).toEqual(trace);
  });

  it('gives back pictures, recordings and labels', () => {
    const label = { name: 'no', probabilities: { yes: 0.25, no: 0.75 } };
    const spectrogram = { bins: 2, values: 'AP8A/w==' };
    for (const trace of [
      { ...example, label },
      pictureExample,
      recordingExample,
      { ...recordingExample, input: { ...recording, spectrogram } },
    ]) {
      expect(parseTrace(JSON.parse(JSON.stringify(trace)), 'trace.json')).toEqual(trace);
    }
  });

  it('takes rows that rounding moved off 1, and an empty output', () => {
    expect(() =>
      parseTrace({ ...example, weights: [[1, 0.0009, 0], ...example.weights.slice(1)] }, 'x'),
    ).not.toThrow();
    expect(() =>
      parseTrace({ ...example, output: { text: '', tokens: [] }, weights: [] }, 'x'),
    ).not.toThrow();
  });

  it.each([
    ['no object', [], 'Invalid input: expected object'],
    ['another version', { ...example, version: 2 }, 'version: Invalid input: expected 1'],
    ['another task', { ...example, task: 'poetry' }, 'task: Invalid option'],
    ['another input', { ...example, input: { kind: 'smell' } }, 'input.kind: Invalid'],
    ['a field too many', { ...example, extra: 1 }, 'Unrecognized key: "extra"'],
    ['a row too few', { ...example, weights: [[1, 0, 0]] }, 'weights: 1 rows for 3 output tokens'],
    [
      'a short row',
      {
        ...example,
        weights: [
          [1, 0, 0],
          [1, 0],
          [1, 0, 0],
        ],
      },
      'weights[1]: 2 weights for 3 input',
    ],
    [
      'a sum',
      {
        ...example,
        weights: [
          [1, 0, 0],
          [0.5, 0.4, 0],
          [1, 0, 0],
        ],
      },
      'weights[1]: sums to 0.900000',
    ],
    [
      'a weight below 0',
      {
        ...example,
        weights: [
          [1.5, -0.5, 0],
          [1, 0, 0],
          [1, 0, 0],
        ],
      },
      'weights[0][0]: Too big',
    ],
    [
      'no number',
      {
        ...example,
        weights: [
          [Number.NaN, 0, 0],
          [1, 0, 0],
          [1, 0, 0],
        ],
      },
      'weights[0][0]: Invalid',
    ],
    ['gates without a picture', { ...example, gates: [1, 1, 1] }, 'gates: only a trace over an image'],
    ['too few gates', { ...pictureExample, gates: [1] }, 'gates: 1 gates for 2 output tokens'],
    ['a gate above 1', { ...pictureExample, gates: [1, 2] }, 'gates[1]: Too big'],
    [
      'a grid of another size',
      { ...pictureExample, input: { ...picture, grid: { rows: 2, columns: 3 } } },
      'weights[0]: 4 weights for 6 cells (2 rows of 3)',
    ],
    [
      'an empty grid',
      { ...pictureExample, input: { ...picture, grid: { rows: 0, columns: 4 } } },
      'input.grid.rows: Too small',
    ],
    ['half a pixel', { ...pictureExample, input: { ...picture, width: 1.5 } }, 'input.width: Invalid'],
    ...[
      'data:image/svg+xml;base64,PHN2Zz4=',
      'data:text/html;base64,PHN2Zz4=',
      'https://example.org/tracker.png',
      'javascript:alert(1)',
      `${PIXEL}"/><script>`,
      `${PIXEL}====`,
      'data:image/png;base64,',
      'data:image/png,%89PNG',
      ` ${PIXEL}`,
    ].map(
      (data) =>
        [
          `the picture ${data.slice(0, 40)}`,
          { ...pictureExample, input: { ...picture, data } },
          'input.data: expected a data URL in base64',
        ] as [string, object, string],
    ),
    ['no frames', { ...recordingExample, input: { ...recording, frames: 0 } }, 'input.frames: Too small'],
    [
      'frames without weights',
      { ...recordingExample, input: { ...recording, frames: 11 } },
      'weights[0]: 10 weights for 11 frames',
    ],
    ['no time', { ...recordingExample, input: { ...recording, seconds: 0 } }, 'input.seconds: Too small'],
    ...[
      [
        'a ragged spectrogram',
        { bins: 4, values: [0, 1, 0.5, 0.5, 1, 0] },
        'values: expected as many values',
      ],
      ['an empty spectrogram', { bins: 4, values: [] }, 'values: expected as many values'],
      ['a spectrogram of no bytes', { bins: 4, values: '' }, 'values: expected base64'],
      ['a spectrogram in no base64', { bins: 2, values: 'A?8=' }, 'values: expected base64'],
      ['a spectrogram in bad base64', { bins: 2, values: 'A===' }, 'values: expected base64'],
      ['a spectrogram out of bounds', { bins: 2, values: [0, 1.5] }, 'values'],
    ].map(
      ([name, spectrogram, message]) =>
        [
          name,
          { ...recordingExample, input: { ...recording, spectrogram } },
          `input.spectrogram.${message}`,
        ] as [string, object, string],
    ),
    [
      'a label without probability',
      { ...example, label: { name: 'toString', probabilities: { yes: 1 } } },
      'label.name: expected one of the names',
    ],
    [
      'probabilities that do not sum to 1',
      { ...example, label: { name: 'yes', probabilities: { yes: 0.5, no: 0.4 } } },
      'label.probabilities: expected probabilities that sum to 1',
    ],
    ['an infinite score', { ...example, score: Number.NEGATIVE_INFINITY }, 'score: Invalid'],
  ])('refuses %s in one line', (_, json, message) => {
    const read = () => parseTrace(json, 'trace.json');
    expect(read).toThrow(`trace.json is not an attention trace (version 1): `);
    expect(read).toThrow(message);
    expect(read).toThrow(/^[^\n]*$/);
  });
});
