import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A folder of each test's own, there before the hooks that follow, removed after it. */
export function temporaryFolder() {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'heed-test-'));
  });
  afterEach(() => rm(root, { recursive: true }));
  const at = (...names: readonly string[]): string => join(root, ...names);
  return {
    /** A path in it. */
    at,
    /** Writes files into it, by their paths in it. */
    async keep(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(at(name)), { recursive: true });
        await writeFile(at(name), content);
      }
    },
  };
}
