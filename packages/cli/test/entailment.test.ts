import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entailmentPresets, syntheticPairs } from '@heed/entailment';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heed, heedOnCpu, type Run } from './heed.js';

const folder = mkdtempSync(join(tmpdir(), 'heed-cli-pairs-'));
const at = (...names: string[]) => join(folder, ...names);
const [corpus, config, model] = [at('pairs.tsv'), at('tiny.json'), at('model')];

const { small } = entailmentPresets;
const tiny = {
  ...small,
  network: { ...small.network, units: 6, classifier: 5, relatedness: true },
  training: { ...small.training, steps: 4, batchSize: 8, stepsPerValidation: 2 },
};

let trained: Run;

beforeAll(async () => {
  const rows = syntheticPairs({ count: 40, seed: 3 }).map(({ premise, hypothesis, label }, i) =>
    [
      premise,
      hypothesis,
      label,
      1 + (i % 9) / 2,
      'A_neutral_B',
      'B_neutral_A',
      i < 30 ? 'TRAIN' : 'TRIAL',
    ].join('\t'),
  );
  const header = [
    'sentence_A',
    'sentence_B',
    'entailment_label',
    'relatedness_score',
    'entailment_AB',
    'entailment_BA',
  ];
  writeFileSync(corpus, [[...header, 'SemEval_set'].join('\t'), ...rows].join('\n'));
  writeFileSync(config, JSON.stringify(tiny));
  trained = await heed(['train', 'entailment', '--data', corpus, '--out', model, '--config', config]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const predict = ['predict', 'entailment', '--model', model];

describe('heed, for pairs of sentences', () => {
  test('train writes a model, and evaluate says how often it is right, and what it takes for what', async () => {
    expect(trained).toMatchObject({ code: 0, stdout: `${model}\n` });
    expect(trained.stderr.join('\n')).toMatch(/best validation: accuracy [\d.]+, macroF1 [\d.]+ at step \d/);
    const { code, stdout } = await heed([
      ...['evaluate', 'entailment', '--model', model, '--data', corpus],
      ...['--split', 'val', '--limit', '8', '--json'],
    ]);
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ task: 'entailment', pairs: 8, confusion: { labels: expect.any(Array) } });
    expect(result.metrics.map(({ name }: { name: string }) => name)).toEqual([
      'accuracy',
      'macro F1',
      'ECE',
      'Pearson',
    ]);
    expect(result).not.toHaveProperty('beam');
  });

  test('predict answers each pair; a line that is none keeps its place, and plot draws the others', async () => {
    const trace = at('trace.json');
    const [fine, none] = ['no balls are in the box\tsome balls are in the box', 'one sentence'];
    const { code, stdout, stderr } = await heed([...predict, '--json', '--n-best', '3', '--trace', trace], {
      input: `${fine}\n${none}\n`,
    });
    expect(code).toBe(1);
    expect(stderr).toEqual([
      expect.stringMatching(/standard input, line 2: expected a premise and a hypothesis/),
    ]);
    const [answer, refusal] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const labels = [answer.text, ...answer.alternatives.map(({ text }: { text: string }) => text)];
    expect(labels.sort()).toEqual(['contradiction', 'entailment', 'neutral']);
    expect(answer.probabilities[answer.text]).toBeCloseTo(Math.exp(answer.score), 5);
    expect(answer.relatedness >= 1 && answer.relatedness <= 5).toBe(true);
    expect(answer.alternatives[0]).not.toHaveProperty('relatedness');
    expect(refusal).toEqual({ source: none, error: expect.stringMatching(/one tab/) });
    const page = await heedOnCpu(['plot', trace, '--out', at('page.html')]);
    expect(page).toMatchObject({ code: 0, stderr: [] });
    expect(readFileSync(at('page.html'), 'utf8')).toContain('in the box');
  });

  test('pack makes one model of several, which answers with the mean of their probabilities', async () => {
    const [other, both] = [at('other'), at('both')];
    const second = [
      'train',
      'entailment',
      '--data',
      corpus,
      '--out',
      other,
      '--config',
      config,
      '--seed',
      '2',
    ];
    expect((await heed(second)).code).toBe(0);
    expect(await heedOnCpu(['pack', model, other, '--out', both])).toMatchObject({ code: 0, stderr: [] });
    const entailed = async (folder: string): Promise<number> => {
      const { code, stdout } = await heed(['predict', 'entailment', '--model', folder, '--json'], {
        input: 'no balls are in the box\tsome balls are in the box\n',
      });
      expect(code).toBe(0);
      return JSON.parse(stdout).probabilities.entailment;
    };
    const [first, last, mean] = [await entailed(model), await entailed(other), await entailed(both)];
    expect(Math.abs(first - last)).toBeGreaterThan(0.01);
    expect(mean).toBeCloseTo((first + last) / 2, 3);
  });

  test('options that it has no use for are refused', async () => {
    const beam = await heedOnCpu([...predict, '--beam', '5']);
    expect(beam).toMatchObject({
      code: 2,
      stderr: [expect.stringMatching(/--beam: entailment has no use for it/)],
    });
    const many = await heedOnCpu([...predict, '--n-best', '4']);
    expect(many).toMatchObject({ code: 2, stderr: [expect.stringMatching(/there are 3 labels/)] });
  });
});
