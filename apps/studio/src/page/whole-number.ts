/** A seed as a link holds it; whatever is none is the other. */
export function wholeNumber(text: string | undefined, other: number): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : other;
}
