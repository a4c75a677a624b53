import { drawBelow, type SequenceSizes, type SyntheticTask, sequenceTask } from './synthetic-task.js';

/** A sequence of any symbols, as it is. */
export const copyTask = (sizes: SequenceSizes): SyntheticTask =>
  sequenceTask({ name: 'copy', kind: 'symbols' }, sizes, (length, random) => {
    const source = Array.from({ length }, () => drawBelow(sizes.symbols, random));
    return { source, target: source };
  });
