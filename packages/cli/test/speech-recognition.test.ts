import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SpeechConfig, speechPresets, syntheticTones } from '@heed/speech-recognition';
import { writeWav } from '@heed/speech-recognition/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heed, heedOnCpu, type Run } from './heed.js';

const folder = mkdtempSync(join(tmpdir(), 'heed-cli-speech-'));
const at = (...names: string[]) => join(folder, ...names);
const [corpus, config, model] = [at('tones'), at('tiny.json'), at('model')];

const { tones } = speechPresets;
const tiny: SpeechConfig = {
  ...tones,
  network: {
    encoder: { ...tones.network.encoder, units: 8 },
    decoder: { ...tones.network.decoder, units: 12, embedding: 6, attention: 10 },
  },
  training: { ...tones.training, steps: 4, batchFrames: 400, stepsPerValidation: 2, validationUtterances: 2 },
  decoding: { beamSize: 2, lengthPenalty: 1, ctcWeight: 0.3 },
};

let trained: Run;

beforeAll(async () => {
  mkdirSync(corpus);
  const rows = ['audio,phonemes,split'];
  for (const [i, { audio, phonemes }] of syntheticTones({ count: 12, seed: 3, symbols: [1, 3] }).entries()) {
    await writeWav(at('tones', `${i}.wav`), audio);
    rows.push(`${i}.wav,${phonemes},${i < 9 ? 'train' : 'validation'}`);
  }
  writeFileSync(at('tones', 'speech.csv'), rows.join('\n'));
  writeFileSync(config, JSON.stringify(tiny));
  trained = await heed(['train', 'speech-recognition', '--data', corpus, '--out', model, '--config', config]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const predict = ['predict', 'speech-recognition', '--model', model];
const recording = (i: number) => at('tones', `${i}.wav`);

describe('heed, for speech', () => {
  test('train writes a model, and evaluate counts its errors', async () => {
    expect(trained).toMatchObject({ code: 0, stdout: `${model}\n` });
    expect(trained.stderr.join('\n')).toMatch(/best validation: per [\d.]+ at step \d/);
    const { code, stdout } = await heed([
      ...['evaluate', 'speech-recognition', '--model', model, '--data', corpus],
      ...['--split', 'val', '--limit', '2', '--ctc-weight', '0.5', '--json'],
    ]);
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ task: 'speech-recognition', utterances: 2, beam: 2, lengthPenalty: 1 });
    const names = result.metrics.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['PER', 'times real time']);
    expect(Object.keys(result.metrics[0])).toEqual(['name', 'score', 'signature', 'low', 'high']);
  });

  test('train, interrupted while it reads, ends soon and leaves no model', async () => {
    const [out, hook] = [at('interrupted'), fileURLToPath(new URL('signal-when-read.cjs', import.meta.url))];
    const env = { NODE_OPTIONS: `--require ${hook}`, HEED_TEST_FILE: recording(2) };
    const given = ['--data', corpus, '--out', out, '--config', config];
    const run = await heed(['train', 'speech-recognition', ...given], { env });
    expect(run).toMatchObject({ code: 130, stdout: '' });
    expect(run.stderr.slice(-2)).toEqual([
      expect.stringMatching(/^heed: stopping soon/),
      'heed: stopped before the first step',
    ]);
    expect(existsSync(join(out, 'config.json'))).toBe(false);
  });

  test('predict answers each recording; one that cannot be read keeps its place, and plot draws the others', async () => {
    const [bad, trace] = [at('bad.wav'), at('trace.json')];
    writeFileSync(bad, 'no sound');
    const { code, stdout, stderr } = await heed([
      ...predict,
      ...['--json', '--n-best', '2', '--trace', trace],
      ...[recording(0), bad, recording(1)],
    ]);
    expect(code).toBe(1);
    expect(stderr).toEqual([expect.stringMatching(/bad\.wav: it is not sound that can be read/)]);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ source }) => source)).toEqual([recording(0), bad, recording(1)]);
    expect(answers[0]).toMatchObject({ text: expect.any(String), alternatives: [expect.anything()] });
    expect(answers[1]).toEqual({ source: bad, error: expect.stringMatching(/^it is not sound/) });
    const page = await heed(['plot', trace, '--out', at('page.html')]);
    expect(page).toMatchObject({ code: 0, stderr: [] });
    expect(readFileSync(at('page.html'), 'utf8')).toContain('1.wav');
  });

  test('an empty line has an empty answer, and an empty argument is refused', async () => {
    const input = `${recording(0)}\n\n${recording(1)}\n`;
    const { code, stdout } = await heedOnCpu([...predict, '--json'], input);
    expect(code).toBe(0);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ source }) => source)).toEqual([recording(0), '', recording(1)]);
    expect(answers[1]).toEqual({ source: '', text: '', tokens: [], score: 0 });
    expect(await heedOnCpu([...predict, ''])).toMatchObject({
      code: 2,
      stderr: ['heed: an empty argument: expected the name of a file'],
    });
  });

  test('what is not for speech is refused, and what speech lacks is named', async () => {
    const text = await heedOnCpu(['predict', 'translation', '--ctc-weight', '0.3']);
    expect(text).toMatchObject({
      code: 2,
      stderr: [expect.stringMatching(/--ctc-weight: translation has no use/)],
    });
    const weight = await heedOnCpu([...predict, '--ctc-weight', '1', recording(0)]);
    expect(weight).toMatchObject({
      code: 2,
      stderr: [expect.stringMatching(/--ctc-weight 1: expected less/)],
    });
    const words = await heedOnCpu([
      ...['train', 'speech-recognition', '--data', corpus, '--out', at('new'), '--preset', 'practical'],
    ]);
    expect(words.code).toBe(1);
    expect(words.stderr.at(-1)).toMatch(/0\.wav: its words are not known: train a model of phonemes/);
  });
});
