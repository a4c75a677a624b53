import {
  drawBelow,
  drawDifferent,
  type SequenceSizes,
  type SyntheticTask,
  sequenceTask,
} from './synthetic-task.js';

export interface NeedleSizes extends SequenceSizes {
  /** How many of a source's symbols are marked. */
  readonly needles: number;
}

/**
 * Needles in a haystack: of a long sequence of any symbols only a few are marked, and those are to be given back in
 * their order. Half of the symbols are marks of the other half: i + symbols / 2 is i, marked.
 */
export const needleTask = (sizes: NeedleSizes): SyntheticTask =>
  sequenceTask(
    { name: 'needle', kind: `symbols, ${sizes.needles} of them marked` },
    sizes,
    (length, random) => {
      const plain = sizes.symbols / 2;
      const hay = Array.from({ length }, () => drawBelow(plain, random));
      const marked = new Set(drawDifferent(sizes.needles, length, random));
      return {
        source: hay.map((symbol, place) => (marked.has(place) ? symbol + plain : symbol)),
        target: hay.filter((_, place) => marked.has(place)),
      };
    },
  );
