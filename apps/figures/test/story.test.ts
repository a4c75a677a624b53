import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { figureNames } from '../src/index.js';

const docs = new URL('../../../docs/', import.meta.url);
const images = fileURLToPath(new URL('images/', docs));
const story = await readFile(new URL('story.md', docs), 'utf8');
const programs = [...story.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, program]) => program as string);
const shown = [...story.matchAll(/<img src="images\/([^"]+)\.svg" alt="[^"]{20,}"/gu)].map(
  ([, name]) => name as string,
);

const startedIn = process.cwd();
let folder: string;
beforeAll(async () => {
  const here = fileURLToPath(new URL('.', import.meta.url));
  folder = await mkdtemp(join(here, 'story-'));
  // Models are looked for from the working directory: here they are installed.
  process.chdir(here);
});
afterAll(async () => {
  process.chdir(startedIn);
  await rm(folder, { recursive: true });
});

describe('docs/story.md', () => {
  for (const [i, program] of programs.entries()) {
    it(`program ${i + 1} runs and prints`, async () => {
      const file = join(folder, `program-${i}.ts`);
      await writeFile(file, program);
      const print = vi.spyOn(console, 'log').mockImplementation(() => {});
      await import(/* @vite-ignore */ file);
      expect(print).toHaveBeenCalled();
      print.mockRestore();
    });
  }

  it('shows figures that heed draws, each with its numbers, and with the caption that was written with it', async () => {
    expect(shown.length).toBeGreaterThan(3);
    const text = story.replace(/\n> ?/gu, ' ').replace(/\s+/gu, ' ');
    for (const name of shown) {
      expect(figureNames).toContain(name);
      for (const ending of ['svg', 'csv', 'txt'])
        expect(existsSync(join(images, `${name}.${ending}`))).toBe(true);
      expect(text).toContain((await readFile(join(images, `${name}.txt`), 'utf8')).trim());
    }
    const captioned = (await readdir(images)).filter((file) => file.endsWith('.txt'));
    expect(captioned.sort()).toEqual(shown.map((name) => `${name}.txt`).sort());
  });
});
