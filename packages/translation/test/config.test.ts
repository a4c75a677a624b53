import { describe, expect, test } from 'vitest';
import { parseTranslationConfig, translationPresets } from '../src/index.js';

type Json = Record<string, unknown>;

/** The practical preset and BPE-dropout, as read from a file, with one field replaced (or removed by `undefined`). */
function changed(path: string, value: unknown): unknown {
  const { practical } = translationPresets;
  const training = { ...practical.training, bpeDropout: 0.1 };
  const config = JSON.parse(JSON.stringify({ ...practical, training })) as Json;
  const names = path.split('.');
  const parent = names.slice(0, -1).reduce((object, name) => object[name] as Json, config);
  const last = names.at(-1) as string;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return config;
}

describe('an error names the file, the field and what was expected', () => {
  test.each<[path: string, value: unknown, expected: RegExp]>([
    [
      'network.decoder',
      'transformer',
      /network\.decoder: .*"bahdanau"\|"luong"\|"conditional"\|"sutskever"\|"cho"/,
    ],
    ['network.cell', 'rnn', /network\.cell: .*"gru"\|"lstm"/],
    ['network.score', null, /network\.score: /],
    ['network.embedding', 0, /network\.embedding: .*>0/],
    ['network.encoderUnits', 1.5, /network\.encoderUnits: .*int/],
    ['network.decoderUnits', '384', /network\.decoderUnits: .*expected number, received string/],
    ['network.decoderLayers', 2, /network\.decoderLayers: must be 1: the decoder conditional/],
    ['network.bidirectional', 'yes', /network\.bidirectional: .*expected boolean/],
    ['network.dropout.readout', 1, /network\.dropout\.readout: .*0\.95/],
    ['network.dropout.embedding', -0.1, /network\.dropout\.embedding: .*>=0/],
    ['network.width', 3, /network: .*"width"/],
    ['network.attention', undefined, /network\.attention: .*expected number, received undefined/],
    ['tokenizer.kind', 'sentencepiece', /tokenizer\.kind: .*"bpe"\|"word"\|"character"/],
    ['tokenizer.vocabularySize', 4, /tokenizer\.vocabularySize: .*>=5/],
    ['training.steps', 0, /training\.steps: /],
    ['training.bpeDropout', 1, /training\.bpeDropout: .*0\.95/],
    ['tokenizer', { kind: 'word', vocabularySize: 9 }, /training\.bpeDropout: belongs to the tokenizer bpe/],
    ['training.labelSmoothing', 1, /training\.labelSmoothing: .*0\.9/],
    ['training.clip', 0, /training\.clip: .*>0/],
    ['training.optimizer.kind', 'adamw', /training\.optimizer\.kind: /],
    ['training.optimizer.momentum', 0.9, /training\.optimizer: .*"momentum"/],
    ['training.learningRate.decay', 'step', /training\.learningRate\.decay: .*"linear"\|"cosine"/],
    ['training.learningRate.warmUp', -1, /training\.learningRate\.warmUp: /],
    ['decoding.beamSize', 101, /decoding\.beamSize: .*<=100/],
    ['decoding.lengthPenalty', -1, /decoding\.lengthPenalty: .*>=0/],
    ['languages.source', '', /languages\.source: /],
    ['task', 'summarization', /task: .*"translation"/],
    ['ensemble', [], /ensemble: /],
    [
      'ensemble',
      [{ ...translationPresets.practical.network, decoder: 'cho' }],
      /ensemble\.0: must read its source in the order that `network` does, and attend if that does/,
    ],
    ['notes', 'mine', /the configuration: .*"notes"/],
  ])('%s: %j', (path, value, expected) => {
    const parse = () => parseTranslationConfig(changed(path, value), 'my/config.json');
    expect(parse).toThrow(expected);
    expect(parse).toThrow(/^my\/config\.json: [^\n]*$/);
  });

  test.each([null, [], 'practical', 3, {}])('%j instead of a configuration', (json) => {
    expect(() => parseTranslationConfig(json, 'config.json')).toThrow(
      /^config\.json: (the configuration|task): [^\n]+$/,
    );
  });
});

test('a configuration that is right comes back as it was', () => {
  expect(parseTranslationConfig(changed('training.steps', 5), 'config.json')).toEqual(
    changed('training.steps', 5),
  );
});
