import type { Utterance } from './utterance.js';

/** One of so many speakers is kept for validation. */
const KEPT = 10;

/**
 * The training split of a data set that names no validation split, in two: every tenth speaker, by name, is heard at
 * validations alone, so that what is chosen is what does well on voices that were never heard; of fewer than ten speakers,
 * every tenth utterance.
 *
 * @throws if there are fewer than ten utterances
 */
export function holdSpeakers(
  utterances: readonly Utterance[],
  name: string,
): { train: Utterance[]; validation: Utterance[] } {
  const speakers = [...new Set(utterances.map(({ speaker }) => speaker))].sort();
  if (utterances.length < KEPT) {
    throw new Error(
      `${name}: ${utterances.length} utterances, and one of ${KEPT} is kept for validation. ` +
        'Name the splits, such as in a column "split".',
    );
  }
  const isKept = (_: unknown, i: number) => i % KEPT === KEPT - 1;
  if (speakers.length < KEPT) {
    return {
      train: utterances.filter((utterance, i) => !isKept(utterance, i)),
      validation: utterances.filter(isKept),
    };
  }
  const kept = new Set(speakers.filter(isKept));
  return {
    train: utterances.filter(({ speaker }) => !kept.has(speaker)),
    validation: utterances.filter(({ speaker }) => kept.has(speaker)),
  };
}
