import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { collectWeights, ModelFileError, memorySource, type StoredTensor } from '@heed/attention-core';
import { useBackend } from '@heed/backend';
import { ensembleWeights, modelFiles } from '@heed/training';
import { parseTrace } from '@heed/visualization';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Translation, Translator } from '../src/index.js';
import { characters, decoders, smallTranslator, words } from './small-translator.js';

beforeAll(async () => void (await useBackend()));

const open: Translator[] = [];
const keep = (translator: Translator) => {
  open.push(translator);
  return translator;
};
afterEach(() => {
  for (const translator of open.splice(0)) translator.dispose();
});

const sentences = ['abc def', 'a', 'mno. pqr! abc def ghi', 'fed'];

function expectSame(ours: readonly Translation[], theirs: readonly Translation[]): void {
  expect(ours.map(({ text, tokens }) => ({ text, tokens }))).toEqual(
    theirs.map(({ text, tokens }) => ({ text, tokens })),
  );
  ours.forEach((translation, i) => {
    expect(translation.score).toBeCloseTo(theirs[i]?.score as number, 4);
    const [rows, others] = [translation.attention?.weights ?? [], theirs[i]?.attention?.weights ?? []];
    expect(rows).toHaveLength(others.length);
    rows.forEach((row, t) => {
      row.forEach((weight, s) => void expect(weight).toBeCloseTo(others[t]?.[s] as number, 4));
    });
  });
}

describe.each(decoders)('%s', (decoder) => {
  test('sentences together are translated as each alone, in the order given', async () => {
    const translator = keep(smallTranslator({ decoder }));
    const together = await translator.translate(sentences, { beamSize: 3, nBest: 3 });
    expect(together).toHaveLength(sentences.length);
    for (const [i, sentence] of sentences.entries()) {
      const [alone] = await translator.translate([sentence], { beamSize: 3, nBest: 3 });
      expectSame(together[i] as Translation[], alone as Translation[]);
    }
  });

  test('attention is a valid trace of source words and output words, and fixed vectors have none', async () => {
    const translator = keep(smallTranslator({ decoder }, { tokenizer: words }));
    const found = (await translator.translate(['un chien court', 'sur la plage .'])).flat();
    for (const [i, { attention, text, score }] of found.entries()) {
      if (decoder === 'sutskever' || decoder === 'cho') {
        expect(attention).toBeUndefined();
        continue;
      }
      const trace = parseTrace(JSON.parse(JSON.stringify(attention)), 'trace');
      const tokens = [
        ['un', 'chien', 'court', '</s>'],
        ['sur', 'la', 'plage', '.', '</s>'],
      ][i];
      expect(trace.input).toMatchObject({ kind: 'tokens', tokens });
      expect(trace.output.text).toBe(text);
      expect(trace.output.tokens.length).toBeGreaterThan(0);
      expect(trace.score).toBe(score);
    }
  });
});

describe('an ensemble', () => {
  /** A translator of the networks of others. */
  const together = async (first: Translator, ...others: readonly Translator[]) => {
    const config = { ...first.config, ensemble: others.map(({ config: { network } }) => network) };
    const weights = [first, ...others].map(({ model }) => collectWeights(model.namedParameters(), 'F32'));
    const files = modelFiles({ ...first, config }, ensembleWeights(weights));
    return keep(await Translator.load(memorySource(files)));
  };

  test('of one network twice translates as the network does', async () => {
    const alone = keep(smallTranslator());
    const twice = await together(alone, alone);
    const [ours, theirs] = [await twice.translate(sentences), await alone.translate(sentences)];
    expectSame(ours.flat(), theirs.flat());
  });

  test('of different widths says another thing than each, the same in a batch as alone, and is freed', async () => {
    const [first, second] = [keep(smallTranslator()), keep(smallTranslator({ cell: 'lstm' }, { seed: 7 }))];
    const both = await together(first, second);
    const before = tf.memory().numTensors;
    const answers = await both.translate(sentences);
    for (const [i, sentence] of sentences.entries()) {
      expectSame(answers[i] as Translation[], (await both.translate([sentence]))[0] as Translation[]);
    }
    expect(tf.memory().numTensors).toBe(before);
    const scores = (found: readonly Translation[][]) => found.flat().map(({ score }) => score);
    for (const one of [first, second]) {
      expect(scores(answers)).not.toEqual(scores(await one.translate(sentences)));
    }
  });

  test('whose second network is larger than the weights is refused before memory is taken', async () => {
    const alone = keep(smallTranslator());
    const files = modelFiles(alone);
    const huge = { ...alone.config.network, encoderUnits: 100_000 };
    files['config.json'] = JSON.stringify({ ...alone.config, ensemble: [huge] });
    await expect(Translator.load(memorySource(files))).rejects.toThrow(
      /ensemble\.0\.encoderUnits makes a model/,
    );
  });
});

describe('on disk', () => {
  test('loaded again, a model gives identical translations, scores and attention', async () => {
    for (const changes of [
      { decoder: 'conditional' },
      { decoder: 'sutskever', cell: 'lstm', reverseSource: true },
    ] as const) {
      const translator = keep(smallTranslator(changes));
      const loaded = keep(await Translator.load(memorySource(modelFiles(translator))));
      const strip = (found: Translation[][]) =>
        JSON.parse(JSON.stringify(found, (key, value) => (key === 'model' ? undefined : value)));
      const expected = strip(await translator.translate(sentences, { nBest: 2 }));
      expect(strip(await loaded.translate(sentences, { nBest: 2 }))).toEqual(expected);
      expect(loaded.config).toEqual(translator.config);
    }
  });

  test('a folder is loaded by its path', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heed-model-'));
    try {
      const translator = keep(smallTranslator());
      for (const [name, content] of Object.entries(modelFiles(translator)))
        await writeFile(join(folder, name), content);
      const loaded = keep(await Translator.load(folder));
      expect(loaded.name).toBe(basename(folder));
      expect((await loaded.translate(['abc']))[0]?.[0]?.text).toBe(
        (await translator.translate(['abc']))[0]?.[0]?.text,
      );
      await mkdir(join(folder, 'linked'));
      for (const name of ['config.json', 'tokenizer.json', 'model.safetensors']) {
        await symlink(join(folder, name), join(folder, 'linked', name));
      }
      await expect(Translator.load(join(folder, 'linked'))).rejects.toThrow(
        /config\.json: it is a link out of the folder/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  type Files = Record<string, Uint8Array | string>;
  const cut = (files: Files, file: string, bytes: number) => ({
    ...files,
    [file]: (files[file] as Uint8Array).slice(0, bytes),
  });
  const network = (files: Files, changes: Record<string, unknown>) => {
    const config = JSON.parse(files['config.json'] as string);
    return {
      ...files,
      'config.json': JSON.stringify({ ...config, network: { ...config.network, ...changes } }),
    };
  };
  const without = (files: Files, file: string) =>
    Object.fromEntries(Object.entries(files).filter(([name]) => name !== file));
  const weights = (change: (weights: Map<string, StoredTensor>) => void) => () => {
    const translator = open[0] as Translator;
    const changed = collectWeights(translator.model.namedParameters(), 'F32');
    change(changed);
    return modelFiles(translator, changed);
  };

  test.each<[what: string, spoil: (files: Files) => Files, message: RegExp]>([
    ['no config.json', (files) => without(files, 'config.json'), /config\.json: there is no such file/],
    [
      'no tokenizer.json',
      (files) => without(files, 'tokenizer.json'),
      /tokenizer\.json: there is no such file/,
    ],
    [
      'no weights',
      (files) => without(files, 'model.safetensors'),
      /model\.safetensors: there is no such file/,
    ],
    [
      'config.json is no JSON',
      (files) => ({ ...files, 'config.json': '{,' }),
      /config\.json: as JSON it has an unexpected ","/,
    ],
    [
      'config.json is of another task',
      (files) => ({ ...files, 'config.json': '{"task":"images"}' }),
      /config\.json: task: /,
    ],
    ['tokenizer.json is a list', (files) => ({ ...files, 'tokenizer.json': '[]' }), /tokenizer\.json/],
    ['tokenizer.json is empty', (files) => ({ ...files, 'tokenizer.json': '' }), /tokenizer\.json/],
    [
      'weights cut in the data',
      (files) => cut(files, 'model.safetensors', (files['model.safetensors'] as Uint8Array).length - 10),
      /model\.safetensors: .*cut short/,
    ],
    [
      'weights cut in the header',
      (files) => cut(files, 'model.safetensors', 200),
      /model\.safetensors: its header claims/,
    ],
    [
      'weights are text',
      (files) => ({ ...files, 'model.safetensors': 'version https://git-lfs.example/spec/v1\n' }),
      /model\.safetensors: its header claims/,
    ],
    [
      'a tensor renamed',
      weights((tensors) => {
        tensors.set('embedding.weight', tensors.get('embedding.matrix') as never);
        tensors.delete('embedding.matrix');
      }),
      /model\.safetensors: does not fit the model: "embedding\.matrix" \[\d+, 6\] is not in the file; "embedding\.weight"/,
    ],
    [
      'a tensor turned',
      weights((tensors) => {
        const tensor = tensors.get('embedding.matrix');
        tensors.set('embedding.matrix', {
          ...tensor,
          shape: [6, (tensor?.values.length as number) / 6],
        } as never);
      }),
      /model\.safetensors: does not fit the model: "embedding\.matrix" is \[6, \d+\]/,
    ],
    [
      'a tensor of integers',
      weights((tensors) => {
        const { shape = [], values = [] } = tensors.get('decoder.output.bias') ?? {};
        tensors.set('decoder.output.bias', { dtype: 'I32', shape, values: Int32Array.from(values) });
      }),
      /"decoder\.output\.bias" is I32, the model has float32/,
    ],
    [
      'a value that is no number',
      (files) => {
        const bytes = (files['model.safetensors'] as Uint8Array).slice();
        bytes.set([0, 0, 0xc0, 0x7f], bytes.length - 4);
        return { ...files, 'model.safetensors': bytes };
      },
      /model\.safetensors: tensor ".*": value \d+ is NaN/,
    ],
    [
      'another decoder',
      (files) => network(files, { decoder: 'cho' }),
      /model\.safetensors: does not fit the model/,
    ],
    [
      'widths that nothing could hold',
      (files) => network(files, { decoderUnits: 2 ** 40 }),
      /config\.json: network\.decoderUnits makes a model of more than/,
    ],
    [
      'embeddings that nothing could hold',
      (files) => network(files, { embedding: 1e9 }),
      /config\.json: network\.embedding makes/,
    ],
    [
      'attention that nothing could hold',
      (files) => network(files, { attention: 1e9 }),
      /config\.json: network\.attention makes/,
    ],
    [
      'a billion layers',
      (files) => network(files, { encoderLayers: 1e9 }),
      /config\.json: network\.encoderUnits makes/,
    ],
    [
      'widths slightly too large',
      (files) => network(files, { decoderUnits: 8 }),
      /model\.safetensors: does not fit the model/,
    ],
  ])('%s: one clear error, and nothing leaks', async (_, spoil, message) => {
    const translator = keep(smallTranslator());
    const files = spoil(modelFiles(translator));
    const before = tf.memory().numTensors;
    const error = await Translator.load(memorySource(files)).then(
      () => undefined,
      (caught: Error) => caught,
    );
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain('\n');
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a folder that is not there is an error with its name', async () => {
    await expect(Translator.load('/nowhere/model')).rejects.toThrow(ModelFileError);
    await expect(Translator.load('/nowhere/model')).rejects.toThrow(
      '/nowhere/model: there is no such folder',
    );
  });
});

describe('sentences of every kind', () => {
  test('an empty one, or one of spaces, gives an empty translation in its place', async () => {
    const translator = keep(smallTranslator());
    const [empty, some, spaces] = await translator.translate(['', 'abc', ' \t\n']);
    const nothing = [{ text: '', tokens: [], score: 0 }];
    expect(empty).toEqual(nothing);
    expect(spaces).toEqual(nothing);
    expect(some?.[0]?.tokens.length).toBeGreaterThan(0);
    expect(await translator.translate(['', ''])).toEqual([nothing, nothing]);
    expect(await translator.translate([])).toEqual([]);
  });

  test('characters never seen are read as unknown, never written', async () => {
    const translator = keep(smallTranslator());
    const found = await translator.translate(['字abc', '🐕🐕', '\ud800', 'ab\u0000\u202e', '<s></s><pad>']);
    for (const [best] of found) {
      expect(Number.isFinite(best?.score)).toBe(true);
      expect(best?.tokens).not.toContain('<unk>');
      if (best?.tokens.length) parseTrace(best.attention, 'trace');
    }
    // The sentence as it was typed is what the trace shows.
    expect(found[0]?.[0]?.attention?.input).toMatchObject({ text: '字abc' });
  });

  test('10,000 words are one clear error with the number of the sentence', async () => {
    const translator = keep(smallTranslator({}, { tokenizer: words }));
    const long = new Array(10_000).fill('chien').join(' ');
    await expect(translator.translate(['un chien', long])).rejects.toThrow(
      'sentence 2: the sentence has 10000 tokens, and 1000 are the most: split it into sentences',
    );
  });

  test('more than fit in one batch come back in order', async () => {
    const translator = keep(smallTranslator());
    const many = Array.from({ length: 150 }, (_, i) =>
      'abcdefghimnopqr'.slice(i % 15, (i % 15) + 1 + (i % 3)),
    );
    const options = { beamSize: 1 };
    const found = await translator.translate(many, options);
    const once = new Map<string, Translation[]>();
    for (const sentence of new Set(many))
      once.set(sentence, (await translator.translate([sentence], options))[0] as Translation[]);
    expect(new Set([...once.values()].map(([best]) => best?.text)).size).toBeGreaterThan(3);
    many.forEach(
      (sentence, i) => void expectSame(found[i] as Translation[], once.get(sentence) as Translation[]),
    );
  });
});

describe('n-best', () => {
  test('is as many as asked for, best first, all different, and the best is what one alone would be', async () => {
    const translator = keep(smallTranslator());
    const [list] = await translator.translate(['abc def'], { beamSize: 5, nBest: 4 });
    expect(list).toHaveLength(4);
    const scores = list?.map(({ score }) => score) ?? [];
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
    expect(new Set(list?.map(({ tokens }) => tokens.join(' '))).size).toBe(4);
    const [best] = await translator.translate(['abc def'], { beamSize: 5 });
    expect(best).toHaveLength(1);
    expectSame(best as Translation[], list?.slice(0, 1) as Translation[]);
  });

  test('more than the beam holds is refused', async () => {
    const translator = keep(smallTranslator());
    await expect(translator.translate(['abc'], { beamSize: 2, nBest: 3 })).rejects.toThrow(
      'nBest (3) must be at most beamSize (2)',
    );
  });
});

test('the score is the log-probability by the length penalty of Wu et al.', async () => {
  const translator = keep(smallTranslator());
  const of = async (lengthPenalty: number) =>
    (await translator.translate(['abc'], { beamSize: 1, lengthPenalty }))[0]?.[0];
  const [plain, penalized] = [await of(0), await of(1)];
  expect(plain?.tokens).toEqual(penalized?.tokens);
  const length = plain?.tokens.length as number;
  // Cut off at the most tokens there may be, it has no end token.
  const isCutOff = length === Math.ceil(1.5 * characters.encode('abc').ids.length) + 10;
  const penalty = (5 + (isCutOff ? length : length + 1)) / 6;
  expect(penalized?.score).toBeCloseTo((plain?.score as number) / penalty, 5);
});

test('a source that is read backwards has its attention turned around again', async () => {
  for (const decoder of ['bahdanau', 'luong', 'conditional'] as const) {
    // The same weights: what one reads forwards as "court chien un", the other reads backwards from "un chien court".
    const [forwards, backwards] = [false, true].map((reverseSource) =>
      keep(smallTranslator({ decoder, reverseSource }, { tokenizer: words })),
    ) as [Translator, Translator];
    const options = { beamSize: 3, nBest: 3 };
    const [ones] = await forwards.translate(['court chien un'], options);
    const [others] = await backwards.translate(['un chien court'], options);
    const place = ones?.findIndex(({ attention }) => attention) as number;
    const [one, other] = [ones?.[place], others?.[place]];
    expect(one?.attention?.input.tokens).toEqual(['court', 'chien', 'un', '</s>']);
    expect(other?.attention?.input.tokens).toEqual(['un', 'chien', 'court', '</s>']);
    const turned = one?.attention?.weights.map(([a, b, c, end]) => [c, b, a, end]);
    expect(other?.tokens).toEqual(one?.tokens);
    expect(other?.attention?.weights).toEqual(turned);
    expect(turned).not.toEqual(one?.attention?.weights);
  }
});

describe('memory', () => {
  test('is level over translations, and given back by dispose', async () => {
    const start = tf.memory().numTensors;
    const translator = smallTranslator();
    const made = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) {
      await translator.translate(sentences, { nBest: 2 });
      await translator.translate(['', 'abc'], { beamSize: 1 });
      expect(tf.memory().numTensors).toBe(made);
    }
    translator.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });

  test('is given back after an error', async () => {
    const translator = keep(smallTranslator());
    const before = tf.memory().numTensors;
    await expect(translator.translate(['abc'], { beamSize: 2, nBest: 3 })).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });
});
