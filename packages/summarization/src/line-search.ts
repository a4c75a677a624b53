import { randomSource } from '@heed/backend';

/** One of the outputs that a weighted sum of features chooses from, and what it would gain if it were chosen. */
export interface Candidate {
  readonly features: readonly number[];
  readonly gain: number;
}

/** A part of a line search in which the same candidate is chosen, from `from` on. */
interface Segment {
  readonly from: number;
  readonly gain: number;
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/**
 * Which candidate w + γ d chooses for every γ: the upper envelope of the candidates' lines (w · f) + γ (d · f). Of equal
 * lines, the first is chosen.
 *
 * @returns the segments from left to right, the first from -Infinity
 */
function envelope(
  candidates: readonly Candidate[],
  weights: readonly number[],
  direction: readonly number[],
): Segment[] {
  const lines = candidates
    .map(({ features, gain }) => ({
      intercept: dot(weights, features),
      slope: dot(direction, features),
      gain,
    }))
    .sort((a, b) => a.slope - b.slope || b.intercept - a.intercept);
  const hull: { line: (typeof lines)[number]; from: number }[] = [];
  for (const line of lines) {
    let from = Number.NEGATIVE_INFINITY;
    for (let top = hull.at(-1); top; top = hull.at(-1)) {
      // Of parallel lines the highest came first.
      from =
        line.slope === top.line.slope
          ? Number.POSITIVE_INFINITY
          : (top.line.intercept - line.intercept) / (line.slope - top.line.slope);
      if (from > top.from) break;
      hull.pop();
      from = Number.NEGATIVE_INFINITY;
    }
    if (from < Number.POSITIVE_INFINITY) hull.push({ line, from });
  }
  return hull.map(({ line, from }) => ({ from, gain: line.gain }));
}

/**
 * The γ for which the candidates that w + γ d chooses, one of each pool, gain most together, exactly (Och 2003, section 5):
 * the middle of the best interval between two changes of a choice, or one beyond the last of them. 0 if it is among the best.
 *
 * @param pools the candidates of each input, at least one each
 * @param weights w
 * @param direction d
 */
export function searchLine(
  pools: readonly (readonly Candidate[])[],
  weights: readonly number[],
  direction: readonly number[],
): { gamma: number; gain: number } {
  let gain = 0;
  const changes: { at: number; difference: number }[] = [];
  for (const pool of pools) {
    const [first, ...others] = envelope(pool, weights, direction) as [Segment, ...Segment[]];
    gain += first.gain;
    let before = first.gain;
    for (const { from, gain: next } of others) {
      changes.push({ at: from, difference: next - before });
      before = next;
    }
  }
  changes.sort((a, b) => a.at - b.at);
  const intervals = [{ from: Number.NEGATIVE_INFINITY, gain }];
  for (const { at, difference } of changes) {
    gain += difference;
    const last = intervals.at(-1) as { from: number; gain: number };
    if (last.from === at) last.gain = gain;
    else intervals.push({ from: at, gain });
  }
  let best = { gamma: 0, gain: Number.NEGATIVE_INFINITY };
  intervals.forEach(({ from, gain: found }, i) => {
    const to = intervals[i + 1]?.from ?? Number.POSITIVE_INFINITY;
    const gamma = from < 0 && to > 0 ? 0 : middle(from, to);
    const isBetter = found > best.gain + LEAST_GAIN;
    const isNearer = found > best.gain - LEAST_GAIN && Math.abs(gamma) < Math.abs(best.gamma);
    if (isBetter || isNearer) best = { gamma, gain: found };
  });
  return best;
}

/** What rounding may do to a sum of gains. */
const LEAST_GAIN = 1e-9;

function middle(from: number, to: number): number {
  if (from === Number.NEGATIVE_INFINITY) return to === Number.POSITIVE_INFINITY ? 0 : to - 1;
  return to === Number.POSITIVE_INFINITY ? from + 1 : (from + to) / 2;
}

const RESTARTS = 20;
const WIDEST_START = 3;

/**
 * Minimum error rate training (Och 2003): weights whose choices gain most, by line searches along one weight after the
 * other, always the one that gains most, until none gains; from `start` and from random weights. The first weight stays:
 * choices depend on the ratios alone.
 */
export function minimumErrorRate(
  pools: readonly (readonly Candidate[])[],
  start: readonly number[],
  seed: number,
): { weights: number[]; gain: number } {
  const random = randomSource(seed);
  const starts = Array.from({ length: RESTARTS }, () =>
    start.map((weight, i) => (i === 0 ? weight : (2 * random() - 1) * WIDEST_START)),
  );
  return [start, ...starts]
    .map((weights) => climb(pools, weights))
    .reduce((best, found) => (found.gain > best.gain + LEAST_GAIN ? found : best));
}

function climb(
  pools: readonly (readonly Candidate[])[],
  start: readonly number[],
): { weights: number[]; gain: number } {
  let weights = [...start];
  let gain = Number.NEGATIVE_INFINITY;
  for (;;) {
    const searches = weights.slice(1).map((_, i) => {
      const direction = weights.map((__, j) => (j === i + 1 ? 1 : 0));
      return { feature: i + 1, ...searchLine(pools, weights, direction) };
    });
    const best = searches.reduce((a, b) => (b.gain > a.gain ? b : a));
    if (best.gain <= gain + LEAST_GAIN) return { weights, gain };
    gain = best.gain;
    weights = weights.map((weight, i) => (i === best.feature ? weight + best.gamma : weight));
  }
}
