import { drawBelow, type SequenceSizes, type SyntheticTask, sequenceTask } from './synthetic-task.js';

/** A sequence of any symbols, from its end to its beginning. */
export const reverseTask = (sizes: SequenceSizes): SyntheticTask =>
  sequenceTask({ name: 'reverse', kind: 'symbols' }, sizes, (length, random) => {
    const source = Array.from({ length }, () => drawBelow(sizes.symbols, random));
    return { source, target: source.toReversed() };
  });
