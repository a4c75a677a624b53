import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFolder } from '@heed/attention-core/node';
import { useBackend } from '@heed/backend';
import {
  SpeechRecognizer,
  speechPresets,
  syntheticTones,
  trainSpeechTokenizer,
} from '@heed/speech-recognition';
import { writeWav } from '@heed/speech-recognition/node';
import {
  Summarizer,
  summarizationPresets,
  syntheticArticles,
  trainSummarizationTokenizer,
} from '@heed/summarization';
import { modelFiles } from '@heed/training';
import {
  syntheticDates,
  type TranslationConfig,
  Translator,
  trainTranslationTokenizer,
  translationPresets,
} from '@heed/translation';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DrawnFigure } from '../src/figure.js';
import { figures } from '../src/figures.js';
import { Materials } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'heed-figures-'));
const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Trained = Parameters<typeof modelFiles>[0] & { dispose(): void };

/** A model that nobody trained. */
async function write(name: string, model: Trained, training: object): Promise<void> {
  await writeFolder(at(name), { ...modelFiles(model), 'training.json': JSON.stringify(training) });
  model.dispose();
}

async function writeTranslators(): Promise<void> {
  const pairs = syntheticDates({ count: 20, seed: 1 });
  const { small } = translationPresets;
  for (const decoder of ['bahdanau', 'cho'] as const) {
    const config: TranslationConfig = {
      ...small,
      network: { ...small.network, decoder, embedding: 6, encoderUnits: 5, decoderUnits: 8, attention: 4 },
      decoding: { beamSize: 1, lengthPenalty: 0 },
    };
    const tokenizer = trainTranslationTokenizer(pairs, config.tokenizer);
    await write(decoder, Translator.create(config, tokenizer, 1), { seed: 7 });
  }
  mkdirSync(at('multi30k'));
  const lines = (side: 'source' | 'target') => pairs.map((pair) => `${pair[side]}\n`).join('');
  writeFileSync(at('multi30k', 'test_2016_flickr.fr'), lines('source'));
  writeFileSync(at('multi30k', 'test_2016_flickr.en'), lines('target'));
}

const SPLITS = ['train', 'validation', 'test', 'test'];

async function writeSpeech(): Promise<void> {
  const tones = syntheticTones({ count: 4, seed: 2, symbols: [1, 2] });
  const { tones: config } = speechPresets;
  const { encoder, decoder } = config.network;
  const small = {
    ...config,
    network: {
      encoder: { ...encoder, units: 4 },
      decoder: { ...decoder, embedding: 3, units: 5, attention: 4 },
    },
    decoding: { ...config.decoding, beamSize: 1 },
  };
  const tokenizer = trainSpeechTokenizer(
    tones.map(({ phonemes }) => phonemes),
    small.tokenizer,
  );
  await write('speech', SpeechRecognizer.create(small, tokenizer, 1), { seed: 3 });
  mkdirSync(at('tones'));
  const rows = ['audio,transcript,phonemes,speaker,split'];
  for (const [i, { audio, phonemes }] of tones.entries()) {
    await writeWav(at('tones', `${i}.wav`), audio);
    rows.push(`${i}.wav,,${phonemes},s${i},${SPLITS[i]}`);
  }
  writeFileSync(at('tones', 'speech.csv'), rows.join('\n'));
}

async function writeSummarizer(): Promise<void> {
  const preset = summarizationPresets.small;
  // Nobody trained it to go on.
  const small = { ...preset, decoding: { ...preset.decoding, minimumLength: 3 } };
  const tokenizer = trainSummarizationTokenizer(syntheticArticles({ count: 20, seed: 1 }), small);
  await write('summaries', Summarizer.create(small, tokenizer, 1), { seed: 5 });
}

beforeAll(async () => {
  await useBackend();
  await writeTranslators();
  await writeSpeech();
  await writeSummarizer();
});

const materials = new Materials({
  models: {
    translation: at('bahdanau'),
    'fixed-vector': at('cho'),
    speech: at('speech'),
    'content-speech': at('speech'),
    summarization: at('summaries'),
  },
  data: { multi30k: at('multi30k'), speech: at('tones') },
});

/** Nothing is left behind. */
async function draw(name: string): Promise<{ drawn: DrawnFigure; progress: string[] }> {
  const figure = figures.find((known) => known.name === name)!;
  const progress: string[] = [];
  const before = tf.memory().numTensors;
  const drawn = await figure.draw(materials, (line) => progress.push(line));
  expect(tf.memory().numTensors).toBe(before);
  return { drawn, progress };
}

describe('a figure of models and data that are named', () => {
  test('length: a line a model, a row for each class of lengths', async () => {
    const { drawn, progress } = await draw('length');
    expect(drawn.svg.match(/<polyline/gu)).toHaveLength(2);
    const models = drawn.rows.map(({ model }) => model);
    expect(new Set(models)).toEqual(new Set(['attention', 'fixed vector']));
    const sentences = drawn.rows.reduce((sum, row) => sum + Number(row.sentences), 0);
    expect(sentences).toBe(2 * 20);
    expect(drawn.caption).toMatch(/Multi30k, test_2016_flickr, 20 sentences.*nrefs:1\|.*cho \(seed 7\)\.$/u);
    expect(progress.at(-1)).toBe('fixed vector, 20 sentences');
  });

  test('joined-length: data that are too few are an error with their number', async () => {
    const few = at('fra.txt');
    writeFileSync(
      few,
      syntheticDates({ count: 60, seed: 1 })
        .map(({ source, target }) => `${target}\t${source}`)
        .join('\n'),
    );
    const own = new Materials({
      models: { translation: at('bahdanau'), 'fixed-vector': at('cho') },
      data: { tatoeba: few },
    });
    const figure = figures.find(({ name }) => name === 'joined-length')!;
    await expect(figure.draw(own, () => {})).rejects.toThrow(
      /there are \d pairs: not enough for 50 of 1 joined/u,
    );
  });

  test('long-speech: a line a model by attention alone, in a window and with CTC, longer and longer', async () => {
    const { drawn } = await draw('long-speech');
    expect(drawn.svg.match(/<polyline/gu)).toHaveLength(6);
    expect([...new Set(drawn.rows.map(({ model }) => model))]).toEqual(
      ['location-aware', 'content'].flatMap((name) => [name, `${name} in a window`, `${name} with CTC`]),
    );
    const first = drawn.rows.filter(({ model }) => model === 'location-aware');
    expect(first).toHaveLength(7);
    const seconds = first.map((row) => Number(row.seconds));
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
    expect(drawn.caption).toContain('content, speech (seed 3)');
  });

  test('headline: a matrix of its words over the article’s, if it has any', async () => {
    const { drawn } = await draw('headline');
    expect(drawn.svg).toContain('recurrent');
    expect(drawn.rows.length).toBeGreaterThan(0);
    expect(drawn.caption).toContain('summaries (seed 5)');
  });

  test('a model without attention cannot be drawn, and says so', async () => {
    const alignments = figures.find(({ name }) => name === 'alignments')!;
    const own = new Materials({ models: { translation: at('cho') } });
    await expect(alignments.draw(own, () => {})).rejects.toThrow(/cho: its? .*: there is nothing to draw/u);
  });
});
