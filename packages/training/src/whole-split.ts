/** The split of a file that names none. */
export const WHOLE = 'all';

/**
 * What names no split, beside what names one, is for training: its part joins that of `train`.
 *
 * @param splits of one file; changed here
 * @param join both parts as one
 */
export function restIsTraining<Part>(
  splits: Map<string, Part>,
  join: (train: Part, rest: Part) => Part,
): Map<string, Part> {
  const rest = splits.get(WHOLE);
  if (rest === undefined || splits.size === 1) return splits;
  const train = splits.get('train');
  splits.set('train', train === undefined ? rest : join(train, rest));
  splits.delete(WHOLE);
  return splits;
}
