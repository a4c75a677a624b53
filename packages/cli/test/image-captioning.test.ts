import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captioningPresets, syntheticScenes } from '@heed/image-captioning';
import { withPreview } from '@heed/image-captioning/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heed, heedOnCpu, type Run } from './heed.js';

const folder = mkdtempSync(join(tmpdir(), 'heed-cli-images-'));
const at = (...names: string[]) => join(folder, ...names);
const [corpus, config, model] = [at('scenes'), at('tiny.json'), at('model')];

const { scenes } = captioningPresets;
const tiny = {
  ...scenes,
  encoder: { kind: 'convolutional', imageSize: 16, layers: [{ filters: 6, width: 3, stride: 4 }] },
  network: { ...scenes.network, embedding: 8, units: 12, score: 6 },
  training: { ...scenes.training, steps: 4, batchSize: 8, stepsPerValidation: 2, validationImages: 3 },
  decoding: { beamSize: 2, lengthPenalty: 1 },
};

let trained: Run;

beforeAll(async () => {
  mkdirSync(corpus);
  const rows = ['image,caption,split'];
  for (const [i, { image, captions }] of syntheticScenes({ count: 20, seed: 3 }).entries()) {
    const { preview } = await withPreview(image);
    writeFileSync(at('scenes', `${i}.jpg`), Buffer.from(preview?.url.split(',')[1] ?? '', 'base64'));
    for (const caption of captions) rows.push(`${i}.jpg,${caption},${i < 15 ? 'train' : 'validation'}`);
  }
  writeFileSync(at('scenes', 'captions.csv'), rows.join('\n'));
  writeFileSync(config, JSON.stringify(tiny));
  trained = await heed(['train', 'image-captioning', '--data', corpus, '--out', model, '--config', config]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const predict = ['predict', 'image-captioning', '--model', model];
const image = (i: number) => at('scenes', `${i}.jpg`);

describe('heed, for images', () => {
  test('train writes a model, and evaluate scores it as captions are scored', async () => {
    expect(trained).toMatchObject({ code: 0, stdout: `${model}\n` });
    expect(trained.stderr.join('\n')).toMatch(/best validation: bleu4 [\d.]+, cider [\d.]+ at step \d/);
    const { code, stdout } = await heed([
      ...['evaluate', 'image-captioning', '--model', model, '--data', corpus],
      ...['--split', 'val', '--limit', '4', '--json'],
    ]);
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ task: 'image-captioning', images: 4, beam: 2, lengthPenalty: 1 });
    expect(result.metrics.map(({ name }: { name: string }) => name)).toEqual([
      'BLEU-1',
      'BLEU-2',
      'BLEU-3',
      'BLEU-4',
      'METEOR',
      'caption ROUGE-L',
      'CIDEr-D',
    ]);
  });

  test('predict answers each image; one that cannot be read keeps its place, and plot draws the others', async () => {
    const [bad, trace] = [at('bad.jpg'), at('trace.json')];
    writeFileSync(bad, 'no image');
    const { code, stdout, stderr } = await heed([
      ...predict,
      ...['--json', '--n-best', '2', '--trace', trace],
      ...[image(0), bad, image(1)],
    ]);
    expect(code).toBe(1);
    expect(stderr).toEqual([expect.stringMatching(/bad\.jpg: it is not an image that can be read/)]);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ source }) => source)).toEqual([image(0), bad, image(1)]);
    expect(answers[0]).toMatchObject({ text: expect.any(String), alternatives: [expect.anything()] });
    expect(answers[1]).toEqual({ source: bad, error: expect.stringMatching(/^it is not an image/) });
    const input = `${image(0)}\n\n${image(1)}\n`;
    const lines = await heed([...predict, '--n-best', '1'], { input });
    expect(lines.stdout).toBe(`${answers[0].text}\n\n${answers[2].text}\n`);
    const page = await heed(['plot', trace, '--out', at('page.html')]);
    expect(page).toMatchObject({ code: 0, stderr: [] });
    expect(readFileSync(at('page.html'), 'utf8')).toContain('data:image/jpeg;base64,');
  });

  test('features are for models that take them', async () => {
    const own = await heedOnCpu([...predict, '--features', at('none'), image(0)]);
    expect(own).toMatchObject({ code: 1, stderr: [expect.stringMatching(/an encoder of its own/)] });
    const text = await heedOnCpu(['predict', 'translation', '--features', at('none')]);
    expect(text).toMatchObject({ code: 2, stderr: [expect.stringMatching(/translation has no use for/)] });
    const missing = await heedOnCpu([
      ...['train', 'image-captioning', '--data', corpus, '--out', at('new'), '--preset', 'practical'],
    ]);
    expect(missing.code).toBe(1);
    expect(missing.stderr.at(-1)).toMatch(/MobileNet v2.*--features/);
  });
});
