import { drawDifferent, type SequenceSizes, type SyntheticTask, sequenceTask } from './synthetic-task.js';

/** Different symbols, from the smallest to the greatest. There must be twice as many as the greatest length. */
export const sortTask = (sizes: SequenceSizes): SyntheticTask =>
  sequenceTask({ name: 'sort', kind: 'different symbols' }, sizes, (length, random) => {
    const source = drawDifferent(length, sizes.symbols, random);
    return { source, target: source.toSorted((a, b) => a - b) };
  });
