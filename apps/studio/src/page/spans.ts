/** A part of a recording, in seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * When places of a recording are heard, those in a row as one span.
 *
 * @param time what a trace says of the recording: its frames cut its seconds into equal parts
 * @param places rising
 */
export function spansOf(
  time: { readonly seconds: number; readonly frames: number },
  places: readonly number[],
): Span[] {
  const frame = time.seconds / time.frames;
  const firsts = places.filter((place, i) => places[i - 1] !== place - 1);
  const lasts = places.filter((place, i) => places[i + 1] !== place + 1);
  return firsts.map((first, i) => ({ start: first * frame, end: ((lasts[i] as number) + 1) * frame }));
}

const list = new Intl.ListFormat('en-GB');

export const describeSpans = (spans: readonly Span[]): string =>
  list.format(spans.map(({ start, end }) => `${start.toFixed(2)} to ${end.toFixed(2)} s`));
