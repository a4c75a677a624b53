import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const programs = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, program]) => program as string);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(fileURLToPath(new URL('.', import.meta.url)), 'readme-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A package's own examples import it by its name, which only others can. */
const fromSource = (program: string) =>
  program
    .replaceAll("'@heed/attention-core'", "'../../src/index.js'")
    .replaceAll("'@heed/attention-core/layers'", "'../../src/layers/index.js'");

describe('README.md', () => {
  for (const [i, program] of programs.entries()) {
    it(`program ${i + 1} runs and prints`, async () => {
      const file = join(folder, `program-${i}.ts`);
      await writeFile(file, fromSource(program));
      const print = vi.spyOn(console, 'log').mockImplementation(() => {});
      await import(/* @vite-ignore */ file);
      expect(print).toHaveBeenCalled();
      print.mockRestore();
    });
  }

  const papers = [...readme.matchAll(/^\| (\w+) (?:et al\.|and \w+) \d{4}.*\|$/gm)];
  it.each(papers.map(([row, author]) => ({ row, author: author as string })))(
    'what is of $author is in files that say so',
    async ({ row, author }) => {
      const files = [...row.matchAll(/\]\((src\/[^)]+)\)/g)].map(([, file]) => file as string);
      expect(files).not.toHaveLength(0);
      for (const file of files)
        expect(await readFile(new URL(`../${file}`, import.meta.url), 'utf8'), file).toContain(author);
    },
  );
});
