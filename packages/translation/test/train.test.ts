import { useBackend } from '@heed/backend';
import { MemoryCheckpoints, type StepReport } from '@heed/training';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TranslationConfig } from '../src/config.js';
import {
  type DateField,
  ISO_DATE_SPANS,
  type SentencePair,
  type Span,
  type SyntheticDate,
  splitByTarget,
  syntheticDates,
  type Translation,
  trainTranslationTokenizer,
  trainTranslator,
  translationPresets,
} from '../src/index.js';
import { smallConfig } from './small-translator.js';

beforeAll(async () => void (await useBackend()));

describe('synthetic dates', () => {
  const STEPS = 280;
  const split = splitByTarget(syntheticDates({ count: 12_000, seed: 1 }), { validation: 100, test: 400 });
  const held = split.test as SyntheticDate[];

  async function trainOnDates(): Promise<Translation[]> {
    const { small } = translationPresets;
    const learningRate = { ...small.training.learningRate, warmUp: 25 };
    const config: TranslationConfig = {
      ...small,
      training: { ...small.training, steps: STEPS, learningRate, stepsPerValidation: STEPS },
    };
    const { translator } = await trainTranslator({
      config,
      train: split.train,
      validation: split.validation,
      tokenizer: trainTranslationTokenizer(split.train, config.tokenizer),
      seed: 1,
      store: new MemoryCheckpoints(),
      dataDigest: 'dates',
    });
    const found = await translator.translate(
      held.map(({ source }) => source),
      { beamSize: 2 },
    );
    translator.dispose();
    return found.map(([best]) => best as Translation);
  }

  const exactShare = (found: readonly Translation[]) =>
    found.filter(({ text }, i) => text === held[i]?.target).length / held.length;

  /** Where tokens stand in a text that is made of them and spaces. */
  function spansOf(tokens: readonly string[], text: string): Span[] {
    let end = 0;
    return tokens.map((token) => {
      const start = text.indexOf(token, end);
      end = start + token.length;
      return [start, end];
    });
  }

  const within = ([start, end]: Span, [first, last]: Span) => start >= first && end <= last;

  /** Of all fields of all dates that are right: how often the strongest weight is where the field is written. */
  function attentionShare(found: readonly Translation[]): { share: number; looks: number } {
    const hits = found.flatMap(({ text, attention }, i) => {
      const { spans, target, source } = held[i] as SyntheticDate;
      if (text !== target || !attention) return [];
      const inputs = spansOf(attention.input.tokens.slice(0, -1), source);
      const outputs = spansOf(attention.output.tokens, text);
      return outputs.flatMap((output, row) => {
        const field = Object.entries(ISO_DATE_SPANS).find(([, span]) => within(output, span))?.[0];
        if (!field) return [];
        const weights = attention.weights[row] as number[];
        const strongest = inputs[weights.indexOf(Math.max(...weights))];
        return strongest ? within(strongest, spans[field as DateField]) : false;
      });
    });
    return { share: hits.filter(Boolean).length / hits.length, looks: hits.length };
  }

  test('with attention: at least 98 % of held-out dates exact, and it looks where the field is written', async () => {
    const found = await trainOnDates();
    const exact = exactShare(found);
    const { share, looks } = attentionShare(found);
    console.log(
      `after ${STEPS} steps: ${(100 * exact).toFixed(1)} % exact, looks right ${(100 * share).toFixed(1)} %`,
    );
    expect(exact).toBeGreaterThanOrEqual(0.98);
    expect(looks).toBeGreaterThan(held.length * 2.9);
    expect(share).toBeGreaterThanOrEqual(0.9);
  });
});

describe('a training of a few steps', () => {
  const pairs: SentencePair[] = syntheticDates({ count: 60, seed: 2 });
  const config: TranslationConfig = {
    ...smallConfig({ decoder: 'conditional' }),
    training: {
      ...translationPresets.small.training,
      steps: 6,
      batchTokens: 200,
      stepsPerValidation: 3,
      validationSentences: 4,
    },
  };
  const tokenizer = trainTranslationTokenizer(pairs, config.tokenizer);

  async function run(changes: Partial<Parameters<typeof trainTranslator>[0]> = {}) {
    const reports: StepReport[] = [];
    const { translator, ...result } = await trainTranslator({
      config,
      train: pairs,
      validation: pairs.slice(0, 10),
      tokenizer,
      seed: 1,
      store: new MemoryCheckpoints(),
      dataDigest: 'dates',
      observers: [{ onStep: (report) => void reports.push(report) }],
      ...changes,
    });
    const [[best] = []] = await translator.translate(['le 3 mars 1998']);
    translator.dispose();
    return { ...result, best, losses: reports.map(({ loss }) => loss) };
  }

  test('validates with BLEU and chrF, leaks nothing, and is the same for the same seed, in a graph or op by op', async () => {
    const before = tf.memory().numTensors;
    const { progress, best, losses } = await run();
    expect(Object.keys(progress.best?.metrics ?? {})).toEqual(['bleu', 'chrf']);
    expect(progress.step).toBe(6);
    expect(Number.isFinite(best?.score)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);

    const [same, other] = [await run(), await run({ seed: 2 })];
    expect(same.losses).toEqual(losses);
    expect(same.best).toEqual(best);
    expect(other.losses).not.toEqual(losses);

    const eager = await run({ eager: true });
    eager.losses.forEach((loss, i) => {
      expect(Math.abs(loss - (losses[i] as number))).toBeLessThan(1e-4 * loss);
    });
  });

  test('leaves out of its validation what is too long to be translated, and says so', async () => {
    const lines: string[] = [];
    const endless = { source: 'mot '.repeat(1001), target: 'word' };
    const { progress } = await run({
      validation: [endless, ...pairs.slice(0, 10)],
      report: (line) => void lines.push(line),
    });
    expect(lines).toEqual(['1 validation pairs left out (a source of more than 1000 tokens)']);
    expect(progress).toEqual({ ...(await run()).progress, trainingSeconds: expect.any(Number) });
    await expect(run({ validation: [endless] })).rejects.toThrow('there are no validation pairs');
  });

  test('refuses data of which nothing is left, with the reason, and leaks nothing', async () => {
    const before = tf.memory().numTensors;
    const short = { ...config, training: { ...config.training, maximumLength: 2 } };
    await expect(run({ config: short })).rejects.toThrow(
      'none of 60 pairs has at most 2 tokens on each side',
    );
    await expect(run({ validation: [] })).rejects.toThrow('there are no validation pairs');
    const ensemble = { ...config, ensemble: [config.network] };
    await expect(run({ config: ensemble })).rejects.toThrow('an ensemble are trained one by one');
    const store = Object.assign(new MemoryCheckpoints(), {
      saveLast: () => Promise.reject(new Error('the disk is full')),
    });
    await expect(run({ store })).rejects.toThrow('the disk is full');
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the tokenizer of a configuration', () => {
  const pairs = [{ source: 'le chien le chien', target: 'the dog the dog the dog' }];

  test('is of its kind, has its size, and serves both languages', () => {
    const bpe = trainTranslationTokenizer(pairs, { kind: 'bpe', vocabularySize: 26 });
    expect(bpe.vocabulary.size).toBe(26);
    expect(bpe.encode('chien').ids.length).toBeLessThan(5);
    const word = trainTranslationTokenizer(pairs, { kind: 'word', vocabularySize: 6 });
    expect(word.encode('dog').tokens).toHaveLength(1);
    expect(word.vocabulary.size).toBe(6);
    const character = trainTranslationTokenizer(pairs, { kind: 'character', vocabularySize: 100 });
    expect(character.decode(character.encode('the chien').ids)).toBe('the chien');
    expect(character.encode('dog').tokens.join('')).toBe('▁dog');
  });
});
