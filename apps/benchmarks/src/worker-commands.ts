import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { WorkerCommand } from './worker-process.js';

/** Where tfjs-node can be imported from: the one package that depends on it. */
const backend = fileURLToPath(new URL('..', import.meta.resolve('@heed/backend')));

/** Makes one JavaScript file of heed's worker, as users run heed: compiled. @returns the file */
export async function buildHeedWorker(): Promise<string> {
  const outfile = join(backend, 'node_modules', '.heed-bench', 'worker.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./worker/main.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@heed/source'],
    external: ['@tensorflow/*'],
    logLevel: 'error',
  });
  return outfile;
}

/** Heed's side. @param worker what `buildHeedWorker` made */
export function heedWorker(worker: string, { bf16 = false } = {}): WorkerCommand {
  return {
    name: "heed's worker",
    command: process.execPath,
    args: [worker],
    ...(bf16 && { env: { TF_SET_ONEDNN_FPMATH_MODE: 'BF16' } }),
  };
}

/** PyTorch's side. */
export function torchWorker(python: string, threads: number): WorkerCommand {
  const main = fileURLToPath(new URL('../python/worker.py', import.meta.url));
  return {
    name: "PyTorch's worker",
    command: python,
    args: [main],
    env: { OMP_NUM_THREADS: `${threads}`, PYTHONDONTWRITEBYTECODE: '1' },
  };
}
