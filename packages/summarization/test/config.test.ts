import { describe, expect, test } from 'vitest';
import { parseSummarizationConfig, type SummarizationConfig, summarizationPresets } from '../src/index.js';

const { practical, abs, absPlus, noAttention, chopra2016Lstm } = summarizationPresets;
const parse = (config: unknown) => parseSummarizationConfig(config, 'mine.json');
const withNetwork = (config: SummarizationConfig, changes: Record<string, unknown>) => ({
  ...config,
  network: { ...config.network, ...changes },
});

test.each(Object.entries(summarizationPresets))('the preset %s survives JSON', (_, preset) => {
  expect(parse(JSON.parse(JSON.stringify(preset)))).toEqual(preset);
});

describe('what does not go together is an error that names the field', () => {
  test.each<[string, unknown, RegExp]>([
    ['copying without attention', withNetwork(noAttention, { copy: true }), /network\.copy: the decoder cho/],
    [
      'extraction without attention',
      withNetwork(absPlus, { encoder: 'convolutional' }),
      /network\.extraction: belongs to/,
    ],
    [
      'extraction with lengths that differ',
      withNetwork(abs, { extraction: true }),
      /network\.extraction: needs headlines of one length/,
    ],
    [
      'extraction that sees too little',
      withNetwork(absPlus, { window: 1 }),
      /network\.window: must be at least 2/,
    ],
    ['an even filter', withNetwork(chopra2016Lstm, { width: 4 }), /network\.width: expected an odd number/],
    [
      'dot products of other widths',
      withNetwork(practical, { score: 'dot' }),
      /network\.decoderUnits: the score dot needs .*512/,
    ],
    [
      'layers of two cells',
      withNetwork(practical, { decoderLayers: 2 }),
      /network\.decoderLayers: must be 1: the decoder conditional/,
    ],
    ['a score of other tasks', withNetwork(practical, { score: 'location' }), /network\.score/],
    [
      'coverage without attention',
      { ...noAttention, training: practical.training },
      /training\.coverage: belongs to/,
    ],
    [
      'smoothing beside copying',
      { ...practical, training: { ...practical.training, labelSmoothing: 0.1 } },
      /training\.labelSmoothing: must be 0/,
    ],
    [
      'lengths the wrong way round',
      { ...practical, decoding: { ...practical.decoding, minimumLength: 40 } },
      /decoding\.minimumLength: must be at most/,
    ],
    ['a field that there is not', withNetwork(abs, { heads: 3 }), /network: /],
    ['nothing', null, /the configuration: /],
  ])('%s', (_, config, message) => {
    expect(() => parse(config)).toThrow(message);
    expect(() => parse(config)).toThrow(/^mine\.json: /);
  });
});
