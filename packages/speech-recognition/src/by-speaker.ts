/** What each speaker said, in the order in which the speakers first come. */
export function bySpeaker<T extends { readonly speaker: string }>(
  utterances: readonly T[],
): Map<string, T[]> {
  const speakers = new Map<string, T[]>();
  for (const utterance of utterances) {
    const own = speakers.get(utterance.speaker);
    if (own) own.push(utterance);
    else speakers.set(utterance.speaker, [utterance]);
  }
  return speakers;
}
