import type { Utterance } from './utterance.js';

/** One of so many speakers is kept for validation. */
const KEPT = 10;

/**
 * The training split of a data set that names no validation split, in two: every tenth speaker, by name, is heard at
 * validations alone, so that what is chosen is what does well on voices that were never heard.
 *
 * @throws if there are fewer than ten speakers
 */
export function holdSpeakers(
  utterances: readonly Utterance[],
  name: string,
): { train: Utterance[]; validation: Utterance[] } {
  const speakers = [...new Set(utterances.map(({ speaker }) => speaker))].sort();
  if (speakers.length < KEPT) {
    throw new Error(
      `${name}: ${speakers.length} speakers, and one of ${KEPT} is kept for validation. Name the splits.`,
    );
  }
  const kept = new Set(speakers.filter((_, i) => i % KEPT === KEPT - 1));
  return {
    train: utterances.filter(({ speaker }) => !kept.has(speaker)),
    validation: utterances.filter(({ speaker }) => kept.has(speaker)),
  };
}
