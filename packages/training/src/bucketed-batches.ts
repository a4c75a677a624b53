import { randomSource } from '@heed/backend';

/** Puts a list into a random order, in place. @param random draws from [0, 1) */
function shuffle<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}

export interface BucketOptions<T> {
  lengthOf(item: T): number;
  /** The order in which items of a pool are cut into batches: like beside like. */
  compare(a: T, b: T): number;
  /** Whether so many items, the longest of this length, are not too many for one batch. */
  fits(items: number, longest: number): boolean;
  /** The length of all items together that are sorted at a time: many batches' worth, so that they stay mixed. */
  poolLength: number;
  seed: number;
  epoch: number;
}

/**
 * The batches of one epoch: all items once, those of like length together, in an order that depends on seed and epoch
 * alone. A batch has at least one item.
 */
export function bucketedBatches<T>(
  items: readonly T[],
  { lengthOf, compare, fits, poolLength, seed, epoch }: BucketOptions<T>,
): T[][] {
  const random = randomSource(Math.imul(seed, 0x9e3779b1) ^ (epoch + 1));
  const batches: T[][] = [];
  let pool: T[] = [];
  let pooled = 0;
  const cut = () => {
    pool.sort(compare);
    let batch: T[] = [];
    let longest = 0;
    for (const item of pool) {
      longest = Math.max(longest, lengthOf(item));
      if (batch.length > 0 && !fits(batch.length + 1, longest)) {
        batches.push(batch);
        batch = [];
        longest = lengthOf(item);
      }
      batch.push(item);
    }
    if (batch.length > 0) batches.push(batch);
    pool = [];
    pooled = 0;
  };
  for (const item of shuffle([...items], random)) {
    pool.push(item);
    pooled += lengthOf(item);
    if (pooled >= poolLength) cut();
  }
  cut();
  return shuffle(batches, random);
}

/** Of many, so many at equal distances. */
export function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)] as T);
}
