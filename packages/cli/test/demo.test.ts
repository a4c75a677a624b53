import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.stubEnv('INIT_CWD', '/start');
  vi.resetModules();
});
afterEach(() => vi.unstubAllEnvs());

test('a model of a demo is a package, a URL, or a folder from where it was started', async () => {
  const { chosenModel, modelFromStart } = await import('../src/demo.js');
  expect(modelFromStart('runs/mine')).toBe('/start/runs/mine');
  expect(modelFromStart('/runs/mine')).toBe('/runs/mine');
  expect(modelFromStart('@heed/translation-fr-en')).toBe('@heed/translation-fr-en');
  expect(modelFromStart('https://example.org/model')).toBe('https://example.org/model');
  expect(modelFromStart('file:///runs/mine')).toBe('file:///runs/mine');
  vi.stubEnv('HEED_MODEL', 'runs/other');
  expect([chosenModel('runs/mine'), chosenModel(undefined)]).toEqual([
    '/start/runs/mine',
    '/start/runs/other',
  ]);
  vi.stubEnv('HEED_MODEL', undefined);
  expect(chosenModel(undefined)).toBeUndefined();
});
