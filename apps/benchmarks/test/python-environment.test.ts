import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { preparePython } from '../src/python-environment.js';

const root = mkdtempSync(join(tmpdir(), 'heed-bench-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'));
  lines = [];
});

/** A command named python3, first on the PATH: a shell script. */
function fakePython(script: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'python3'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'python3'), 0o755);
  return { PATH: `${bin}:/usr/bin:/bin`, HEED_CACHE: join(folder, 'cache') };
}

const tell = { report: (line: string) => lines.push(line), progress: (line: string) => lines.push(line) };
const prepare = (env: NodeJS.ProcessEnv) => preparePython({ ...tell, env });

/** Copies itself as a virtual environment's Python does; as pip it does what is asked. */
const installing = (pip: string) => `
case "$*" in
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python3" ;;
  "-m pip install "*) ${pip} ;;
esac`;

describe.skipIf(process.platform === 'win32')('the environment of PyTorch’s side', () => {
  test('without Python, says that it could not be made and why', async () => {
    const found = await prepare({ PATH: folder, HEED_CACHE: join(folder, 'cache') });
    expect(found).toEqual({ missing: expect.stringMatching(/python3 -m venv cannot .*ENOENT/) });
    expect(lines[0]).toMatch(/installed into .*GB/);
  });

  test('without the network, gives pip’s error, and tries again the next time', async () => {
    const env = fakePython(
      installing('echo Collecting; echo "ERROR: no route to host" >&2; echo bye; exit 1'),
    );
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await prepare(env)).toEqual({
        missing: 'pip cannot install PyTorch: ERROR: no route to host',
      });
    }
    expect(lines.filter((line) => line === 'Collecting')).toHaveLength(2);
  });

  test('installs once, and anew for other requirements', async () => {
    const env = fakePython(installing('echo installing'));
    const first = await prepare(env);
    expect(first).toEqual({ python: expect.stringMatching(/bin\/python3$/) });
    expect(existsSync((first as { python: string }).python)).toBe(true);
    expect(await prepare(env)).toEqual(first);
    expect(lines.filter((line) => line === 'installing')).toHaveLength(1);

    const requirements = join(folder, 'requirements.txt');
    writeFileSync(requirements, 'torch==99\n');
    await preparePython({ ...tell, env, requirements });
    expect(lines.filter((line) => line === 'installing')).toHaveLength(2);
  });

  test('HEED_BENCH_PYTHON is used as it is, if it can import PyTorch', async () => {
    const env = fakePython('exit 0');
    const python = join(folder, 'bin', 'python3');
    expect(await prepare({ ...env, HEED_BENCH_PYTHON: python })).toEqual({ python });
    writeFileSync(python, '#!/bin/sh\necho "ModuleNotFoundError: No module named torch" >&2; exit 1\n');
    expect(await prepare({ ...env, HEED_BENCH_PYTHON: python })).toEqual({
      missing: expect.stringMatching(
        /HEED_BENCH_PYTHON names .*: ModuleNotFoundError: No module named torch/,
      ),
    });
    expect(lines).toEqual([]);
  });
});
