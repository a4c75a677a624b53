import type { AttentionTrace } from './attention-trace.js';

export interface Looked {
  /** Numbers of the places, rising. */
  readonly places: readonly number[];
  /** Their weight together, 0 to 1. */
  readonly weight: number;
}

/**
 * What one part of the output looked at: the fewest places of the input that together hold at least `share` of its
 * weight. It is what to strike out of the input to see whether the answer depends on it.
 *
 * @param output the number of the output token, from 0
 * @param share above 0, at most 1
 */
export function lookedAt({ weights }: Pick<AttentionTrace, 'weights'>, output: number, share = 0.5): Looked {
  const row = weights[output];
  if (!row) throw new Error(`output ${output}: there are ${weights.length}, counted from 0`);
  const order = row.map((_, place) => place).sort((a, b) => (row[b] as number) - (row[a] as number));
  // A row may sum to a little less than 1.
  const wanted = share * row.reduce((sum, weight) => sum + weight, 0);
  const places: number[] = [];
  let weight = 0;
  for (const place of order) {
    if (places.length > 0 && weight >= wanted) break;
    places.push(place);
    weight += row[place] as number;
  }
  return { places: places.sort((a, b) => a - b), weight };
}
