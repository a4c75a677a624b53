import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.stubEnv('INIT_CWD', '/start');
  vi.resetModules();
});
afterEach(() => vi.unstubAllEnvs());

test('a model of a demo is a package, a URL, or a folder from where it was started', async () => {
  const { demoCommand, modelFromStart } = await import('../src/demo.js');
  expect(modelFromStart('runs/mine')).toBe('/start/runs/mine');
  expect(modelFromStart('/runs/mine')).toBe('/runs/mine');
  expect(modelFromStart('@heed/translation-fr-en')).toBe('@heed/translation-fr-en');
  expect(modelFromStart('https://example.org/model')).toBe('https://example.org/model');
  expect(modelFromStart('file:///runs/mine')).toBe('file:///runs/mine');
  const optionsOf = (...given: string[]) => {
    const command = demoCommand('demo', 'translation', 'Translate.', []).argument('[sentence...]');
    return command.parse(given, { from: 'user' }).opts();
  };
  expect(optionsOf('Un chien.')).toEqual({ out: join('out', 'translation') });
  vi.stubEnv('HEED_MODEL', 'runs/other');
  expect(optionsOf().model).toBe('/start/runs/other');
  expect(optionsOf('--model', 'runs/mine', '--out', 'pictures')).toEqual({
    model: '/start/runs/mine',
    out: 'pictures',
  });
});

test.each([
  'translation',
  'image-captioning',
  'entailment',
  'speech-recognition',
  'summarization',
  'studio',
  'entailment/table',
  'speech-recognition/long-speech',
])('%s has help with an example, and refuses what it does not know in one line', (app) => {
  const run = fileURLToPath(new URL('../../../scripts/run.mjs', import.meta.url));
  const help = spawnSync(process.execPath, [run, app, '--help'], { encoding: 'utf8' });
  expect(help.stdout).toMatch(/^Usage: npm run [a-z:-]+ -- \[options\][\s\S]*\nExamples?:\n {2}\$ npm run /);
  expect(help.status).toBe(0);
  const wrong = spawnSync(process.execPath, [run, app, '--colour'], { encoding: 'utf8' });
  expect(wrong.stderr).toMatch(/^heed: (?:unknown option '--colour'|required option '--data .*).*\n$/);
  expect(wrong.status).toBe(2);
});
