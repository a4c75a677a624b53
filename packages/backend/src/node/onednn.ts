import { readFileSync } from 'node:fs';

let flags: ReadonlySet<string> | undefined;

/** What the processor says of itself: empty where it does not, as everywhere but on Linux. */
function processorFlags(): ReadonlySet<string> {
  if (flags) return flags;
  let text = '';
  try {
    text = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    // Not Linux.
  }
  flags = new Set(/^flags\s*:(.*)$/m.exec(text)?.[1]?.trim().split(' '));
  return flags;
}

/** Whether this is a processor without AVX-512, on which TensorFlow leaves oneDNN's kernels off by itself. */
function lacksAvx512(): boolean {
  if (process.arch !== 'x64' || process.platform !== 'linux') return false;
  return processorFlags().size > 0 && !processorFlags().has('avx512f');
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

/** Whether the user asked for products in bfloat16, by TensorFlow's own variable. */
const wantsBfloat16 = (): boolean => process.env.TF_SET_ONEDNN_FPMATH_MODE === 'BF16';

/**
 * Whether the graph itself must round what is multiplied to bfloat16: with AMX, oneDNN does it inside its products of
 * float32, and with AVX-512 alone it ignores the wish.
 */
export function wantsRoundedProducts(): boolean {
  return wantsBfloat16() && processorFlags().has('avx512_bf16') && !processorFlags().has('amx_bf16');
}

/** Whether oneDNN rounds what it multiplies to bfloat16. */
export const oneDnnRounds = (): boolean => wantsBfloat16() && !wantsRoundedProducts();
