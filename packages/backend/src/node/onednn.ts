import { readFileSync } from 'node:fs';

let lacking: boolean | undefined;

/** Whether this is a processor without AVX-512, on which TensorFlow leaves oneDNN's kernels off by itself. */
function lacksAvx512(): boolean {
  if (process.arch !== 'x64' || process.platform !== 'linux') return false;
  try {
    lacking ??= !readFileSync('/proc/cpuinfo', 'utf8').includes('avx512f');
  } catch {
    lacking = false;
  }
  return lacking;
}

/** Turns oneDNN's kernels on where they are faster all the same. To be called before TensorFlow is loaded. */
export function preferOneDnn(): void {
  if (lacksAvx512()) process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
}

/**
 * Whether x·W is faster with W stored transposed: oneDNN's products with AVX2 are up to twice as fast so where W's rows are
 * a power of two long. Everywhere else it is the other way round.
 */
export const readsWeightsTransposed = (): boolean =>
  lacksAvx512() && process.env.TF_ENABLE_ONEDNN_OPTS === '1';
