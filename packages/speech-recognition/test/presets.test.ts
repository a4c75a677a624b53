import { describe, expect, test } from 'vitest';
import { parseSpeechConfig, type SpeechConfig, speechPresets } from '../src/index.js';

describe.each(Object.entries(speechPresets))('%s', (_, preset) => {
  test('is a configuration, as JSON as well', () => {
    expect(parseSpeechConfig(JSON.parse(JSON.stringify(preset)), 'x')).toEqual(preset);
  });
});

test('the presets that are compared differ in nothing else', () => {
  const { phonemes } = speechPresets;
  const content = speechPresets['phonemes-content'];
  const { location, ...decoder } = phonemes.network.decoder;
  expect(location).toBeDefined();
  expect(content).toEqual({
    ...phonemes,
    network: { ...phonemes.network, decoder: { ...decoder, score: 'additive' } },
  });
  const [of, located, smooth] = (['content', 'location', 'smooth'] as const).map(
    (name) => speechPresets[`chorowski2015-${name}`].network.decoder,
  );
  expect([of?.score, located?.score, smooth?.score]).toEqual(['additive', 'location', 'location']);
  expect(smooth).toEqual({ ...located, normalizer: 'smoothing' });
});

const changed = (change: (config: SpeechConfig) => unknown) => () =>
  parseSpeechConfig(change(structuredClone(speechPresets.practical)), 'some.json');

test.each<[what: string, change: (config: SpeechConfig) => unknown, message: RegExp]>([
  [
    'characters of phonemes',
    (config) => ({ ...config, symbols: 'phonemes' }),
    /some\.json: tokenizer\.kind: expected "word"/,
  ],
  [
    'CTC in decoding alone',
    (config) => ({ ...config, training: { ...config.training, ctcWeight: 0 } }),
    /decoding\.ctcWeight: expected 0/,
  ],
  [
    'filters that pass over frames',
    ({ network, ...config }) => ({
      ...config,
      network: {
        ...network,
        encoder: {
          ...network.encoder,
          subsampling: { kind: 'convolutional', layers: [{ filters: 4, width: 1, stride: 2 }] },
        },
      },
    }),
    /subsampling\.layers\.0: expected filters at least as wide/,
  ],
  ['a field that is not known', (config) => ({ ...config, voice: 'low' }), /Unrecognized key: "voice"/],
])('%s is an error that names the field', (_, change, message) => {
  expect(changed(change)).toThrow(message);
});
