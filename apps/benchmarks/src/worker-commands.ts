import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { WorkerCommand } from './worker-process.js';

/** Heed's side, which runs from its sources. */
export function heedWorker({ bf16 = false } = {}): WorkerCommand {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const main = fileURLToPath(new URL('./worker/main.ts', import.meta.url));
  return {
    name: "heed's worker",
    command: process.execPath,
    args: ['--conditions=@heed/source', '--import', tsx, main],
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
