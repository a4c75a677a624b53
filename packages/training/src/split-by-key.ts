/**
 * Cuts items into train, validation and test: all items of a key land on one side. The groups are dealt in the order of a
 * hash of their keys, so the cut is the same on every machine, does not depend on the order of the items, and each side
 * looks like the whole. Within a side the items keep their order.
 *
 * @param sizes items to keep for validation and test; a side is at most that large, and exactly so as long as groups that
 *   fit remain
 */
export function splitByKey<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  sizes: { validation: number; test: number },
): { train: T[]; validation: T[]; test: T[] } {
  const keys = items.map(keyOf);
  const groupSizes = new Map<string, number>();
  for (const key of keys) groupSizes.set(key, (groupSizes.get(key) ?? 0) + 1);
  const groups = [...groupSizes.keys()]
    .map((key) => ({ key, hash: hashText(key) }))
    .sort((a, b) => a.hash - b.hash || (a.key < b.key ? -1 : 1));

  const sides = new Map<string, 'validation' | 'test'>();
  for (const side of ['validation', 'test'] as const) {
    let room = sizes[side];
    for (const { key } of groups) {
      if (room === 0) break;
      const size = groupSizes.get(key)!;
      if (size > room || sides.has(key)) continue;
      sides.set(key, side);
      room -= size;
    }
  }

  const split = { train: [] as T[], validation: [] as T[], test: [] as T[] };
  for (const [index, item] of items.entries()) split[sides.get(keys[index]!) ?? 'train'].push(item);
  return split;
}

/** 32-bit FNV-1a over UTF-16 units, then murmur3's finalizer so that near texts are far apart. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
