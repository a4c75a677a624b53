import type { Benchmark } from './benchmarks.js';
import type { Decoded, Value, Work } from './worker/protocol.js';

/** Both sides do not compute the same: their times say nothing of each other. */
export class TwinsDifferError extends Error {}

/** Of the first value, and of the last one before timing. Products in bfloat16 keep about 3 digits. */
const lossTolerances = { float32: [1e-4, 1e-3], bf16: [1e-2, 3e-2] } as const;
const SCORE_TOLERANCE = 1e-3;
/** Of the greatest of all contexts. */
const CONTEXT_TOLERANCE = 1e-4;
/** How many of the contexts' values may be further apart where a place is in or out by rounding. */
const CUT_SHARE = 0.1;

const distance = (a: number, b: number) => Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), 1e-12);

function check(what: string, heed: number, torch: number, tolerance: number): void {
  // Also refuses what is not a number.
  if (distance(heed, torch) <= tolerance) return;
  throw new TwinsDifferError(
    `heed and PyTorch do not compute the same: ${what} is ${heed} and ${torch}, and they may differ by ${tolerance} of their size`,
  );
}

function checkDecoded(heed: readonly Decoded[], torch: readonly Decoded[]): void {
  if (heed.length !== torch.length) {
    throw new TwinsDifferError(
      `heed decodes ${heed.length} sentences and PyTorch ${torch.length}: they should be as many`,
    );
  }
  for (const [sentence, found] of heed.entries()) {
    const twin = torch[sentence] as Decoded;
    check(`the best score of sentence ${sentence}`, found.score, twin.score, SCORE_TOLERANCE);
    if (`${found.tokens}` === `${twin.tokens}`) continue;
    throw new TwinsDifferError(
      `heed and PyTorch do not compute the same: sentence ${sentence} is ${found.tokens} and ${twin.tokens}`,
    );
  }
}

function checkContexts(heed: readonly number[], torch: readonly number[], cuts: boolean): void {
  const greatest = heed.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // Also takes for apart what is not a number.
  const apart = heed.filter(
    (value, i) => !(Math.abs(value - (torch[i] as number)) <= CONTEXT_TOLERANCE * greatest),
  );
  if (heed.length === torch.length && apart.length <= (cuts ? CUT_SHARE * heed.length : 0)) return;
  throw new TwinsDifferError(
    `heed and PyTorch do not compute the same: of ${heed.length} and ${torch.length} values of contexts ${apart.length} are apart by more than ${CONTEXT_TOLERANCE} of the greatest, ${greatest}`,
  );
}

/**
 * Checks that both sides gave the same in their first runs: losses before the first and the last of these steps,
 * translations, or contexts.
 *
 * @throws TwinsDifferError
 */
export function checkTwins(
  heed: readonly Value[],
  torch: readonly Value[],
  { work, bf16 = false, cuts = false }: { work: Work['work'] } & Partial<Pick<Benchmark, 'bf16' | 'cuts'>>,
): void {
  if (work === 'decoding') {
    checkDecoded(heed[0] as readonly Decoded[], torch[0] as readonly Decoded[]);
    return;
  }
  if (work === 'attention') {
    checkContexts(heed[0] as readonly number[], torch[0] as readonly number[], cuts);
    return;
  }
  const [first, later] = lossTolerances[bf16 ? 'bf16' : 'float32'];
  check('the first loss', heed[0] as number, torch[0] as number, first);
  check(`the loss after ${heed.length - 1} steps`, heed.at(-1) as number, torch.at(-1) as number, later);
}
