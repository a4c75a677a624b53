import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { summarizationPresets, syntheticArticles } from '@heed/summarization';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heed, heedOnCpu, type Run } from './heed.js';

const folder = mkdtempSync(join(tmpdir(), 'heed-cli-articles-'));
const at = (...names: string[]) => join(folder, ...names);
const [corpus, config, model] = [at('articles.tsv'), at('tiny.json'), at('model')];

const { small } = summarizationPresets;
const widths = { embedding: 8, encoderUnits: 6, decoderUnits: 7, attention: 5 };
const tiny = {
  ...small,
  network: { ...small.network, ...widths },
  training: { ...small.training, steps: 4, batchTokens: 300, stepsPerValidation: 2 },
};

let trained: Run;

beforeAll(async () => {
  const rows = syntheticArticles({ count: 40, seed: 3 }).map(({ text, headline }, i) =>
    [text, headline, i < 30 ? 'train' : 'dev'].join('\t'),
  );
  writeFileSync(corpus, ['article\theadline\tsplit', ...rows].join('\n'));
  writeFileSync(config, JSON.stringify(tiny));
  trained = await heed(['train', 'summarization', '--data', corpus, '--out', model, '--config', config]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const predict = ['predict', 'summarization', '--model', model];

describe('heed, for articles', () => {
  test('train writes a model, and evaluate scores it beside the baselines', async () => {
    expect(trained).toMatchObject({ code: 0, stdout: `${model}\n` });
    expect(trained.stderr.join('\n')).toMatch(
      /best validation: rouge1 [\d.]+, rouge2 [\d.]+, rougeL [\d.]+, perplexity [\d.]+ at step \d/,
    );
    const { code, stdout } = await heed([
      ...['evaluate', 'summarization', '--model', model, '--data', corpus],
      ...['--split', 'val', '--limit', '8', '--beam', '2', '--json'],
    ]);
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ task: 'summarization', articles: 8, beam: 2 });
    const names = result.metrics.map(({ name }: { name: string }) => name);
    expect(names).toContain('ROUGE-L');
    expect(names).toContain('ROUGE-1 recall, 75 bytes');
    expect(names).toContain('copied 2-grams');
    expect(names).toContain('PREFIX ROUGE-L');
    expect(names).toContain('first sentence ROUGE-2');
    for (const { name, score, low, high } of result.metrics) {
      expect(Number.isFinite(score), name).toBe(true);
      if (low !== undefined) expect(low <= score && score <= high, name).toBe(true);
    }
  });

  test('predict gives each article its headlines, empty ones an empty one, and plot draws the others', async () => {
    const trace = at('trace.json');
    const article = 'Zamolipu said in <b>Quito</b> on Monday that its profit reached two billion.';
    const { code, stdout, stderr } = await heed([...predict, '--json', '--n-best', '2', '--trace', trace], {
      input: `${article}\n\n`,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: [] });
    const [answer, empty] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answer).toMatchObject({ source: article, text: expect.stringMatching(/\S/) });
    expect(answer.alternatives).toHaveLength(1);
    expect(empty).toMatchObject({ source: '', text: '', tokens: [] });
    const page = await heedOnCpu(['plot', trace, '--out', at('page.html')]);
    expect(page).toMatchObject({ code: 0, stderr: [] });
    const html = readFileSync(at('page.html'), 'utf8');
    expect(html).toContain('zamolipu');
    expect(html).not.toContain('<b>quito');
  });

  test('what it has no use for is refused, and so is a preset that there is not', async () => {
    const features = await heedOnCpu([...predict, '--features', 'net']);
    expect(features).toMatchObject({
      code: 2,
      stderr: [expect.stringMatching(/--features: summarization has no use for it/)],
    });
    const preset = await heedOnCpu([
      ...['train', 'summarization', '--data', corpus],
      ...['--out', at('new'), '--preset', 'huge'],
    ]);
    expect(preset.code).toBe(2);
    expect(preset.stderr.at(-1)).toMatch(/no preset "huge".*practical/);
  });
});
