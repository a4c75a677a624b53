import { randomSource } from '@heed/backend';

/** What is read, and the one right answer to it: symbols, counted from 0. */
export interface Example {
  readonly source: readonly number[];
  readonly target: readonly number[];
}

/** Examples made by code. No source of the training occurs in the others. */
export interface SyntheticData {
  readonly training: readonly Example[];
  /** Like the training's. */
  readonly heldOut: readonly Example[];
  /** Of twice the training's greatest length; absent where a task has no length of its own. */
  readonly longer?: readonly Example[];
}

export interface ExampleCounts {
  readonly training: number;
  /** Of `heldOut`, and of `longer`. */
  readonly heldOut: number;
}

/** A task with known answers. */
export interface SyntheticTask {
  readonly name: string;
  /** What its examples are, for people. */
  readonly work: string;
  /** Symbols are 0 … symbols - 1. */
  readonly symbols: number;
  /** @param seed an integer; the same seed gives the same examples everywhere */
  data(counts: ExampleCounts, seed: number): SyntheticData;
}

export interface SequenceSizes {
  readonly symbols: number;
  /** The least and the greatest length of a source in training; all between are equally likely. In symbols, unless said. */
  readonly lengths: readonly [number, number];
}

/** A whole number from 0 up to below `bound`. */
export const drawBelow = (bound: number, random: () => number): number => Math.floor(random() * bound);

/** `count` different ones of 0 … bound - 1, in random order. */
export function drawDifferent(count: number, bound: number, random: () => number): number[] {
  if (count > bound)
    throw new Error(`there are only ${bound} different numbers below ${bound}, not ${count}`);
  const numbers = Array.from({ length: bound }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + drawBelow(bound - i, random);
    [numbers[i], numbers[j]] = [numbers[j] as number, numbers[i] as number];
  }
  return numbers.slice(0, count);
}

/** A task whose examples have a length: `draw` makes one. `kind` says which symbols a source has. */
export function sequenceTask(
  { name, kind }: { name: string; kind: string },
  { symbols, lengths: [least, most] }: SequenceSizes,
  draw: (length: number, random: () => number) => Example,
): SyntheticTask {
  return {
    name,
    work: `${least} to ${most} of ${symbols} ${kind}`,
    symbols,
    data(counts, seed) {
      const random = randomSource(seed);
      const alike = () => draw(least + drawBelow(most - least + 1, random), random);
      const heldOut = Array.from({ length: counts.heldOut }, alike);
      const longer = Array.from({ length: counts.heldOut }, () => draw(2 * most, random));
      const known = new Set(heldOut.map(({ source }) => `${source}`));
      const training: Example[] = [];
      while (training.length < counts.training) {
        const example = alike();
        if (!known.has(`${example.source}`)) training.push(example);
      }
      return { training, heldOut, longer };
    },
  };
}
