import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '@heed/backend/node';

/** A Python that has PyTorch, or why there is none. */
export type PythonEnvironment = { readonly python: string } | { readonly missing: string };

export interface PythonOptions {
  /** Takes what is to be read. */
  readonly report: (line: string) => void;
  /** Takes what goes on, line by line. */
  readonly progress: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  readonly requirements?: string;
}

const REQUIREMENTS = fileURLToPath(new URL('../python/requirements.txt', import.meta.url));
const STAMP = 'requirements.sha256';

/** Runs a command and tells its lines. @returns what went wrong, if something did */
function run(
  command: string,
  args: readonly string[],
  { progress, env }: { progress: (line: string) => void; env: NodeJS.ProcessEnv },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const lines: string[] = [];
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        progress(line);
      });
    }
    child
      .on('error', (error) => resolve(error.message))
      .on('close', (code) => {
        const reason = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1);
        resolve(code === 0 ? undefined : (reason ?? `${command} ended with code ${code}`).trim());
      });
  });
}

async function givenPython(python: string, env: NodeJS.ProcessEnv): Promise<PythonEnvironment> {
  const problem = await run(python, ['-c', 'import numpy, safetensors, torch'], { progress() {}, env });
  return problem
    ? { missing: `HEED_BENCH_PYTHON names ${python}, which cannot import what it takes: ${problem}` }
    : { python };
}

/**
 * The Python that runs PyTorch's side: the one that `HEED_BENCH_PYTHON` names, else one of a virtual environment in
 * the cache folder, which is made and filled at its first use.
 */
export async function preparePython({
  report,
  progress,
  env = process.env,
  requirements = REQUIREMENTS,
}: PythonOptions): Promise<PythonEnvironment> {
  if (env.HEED_BENCH_PYTHON) return givenPython(env.HEED_BENCH_PYTHON, env);
  const folder = join(cacheFolder(env), 'benchmarks-python');
  const python = join(folder, 'bin', 'python3');
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const stamp = join(folder, STAMP);
  if ((await readFile(stamp, 'utf8').catch(() => '')) === digest) return { python };

  report(
    `PyTorch is installed into ${folder} once; with its CUDA libraries, which come along on Linux, this downloads 3 GB and takes 7 GB.`,
  );
  await rm(folder, { recursive: true, force: true });
  await mkdir(cacheFolder(env), { recursive: true });
  const noVenv = await run('python3', ['-m', 'venv', folder], { progress, env });
  if (noVenv) return { missing: `python3 -m venv cannot make an environment for PyTorch: ${noVenv}` };
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--progress-bar', 'off'];
  const noTorch = await run(python, [...pip, '-r', requirements], { progress, env });
  if (noTorch) return { missing: `pip cannot install PyTorch: ${noTorch}` };
  await writeFile(stamp, digest);
  return { python };
}
