const LONGEST = 60;

/** A text as far as a message has room for it. */
export const excerpt = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
