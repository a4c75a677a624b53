/**
 * What Python's `str.split()` and `str.rstrip()` take for whitespace. It is not JavaScript's `\s`, which
 * adds U+FEFF and lacks U+001C to U+001F and U+0085, and a token more or less changes BLEU.
 */
const PYTHON_WHITESPACE =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const BETWEEN_WORDS = new RegExp(`[${PYTHON_WHITESPACE}]+`, 'u');
const AT_THE_START = new RegExp(`^[${PYTHON_WHITESPACE}]+`, 'u');
const AT_THE_END = new RegExp(`(?<![${PYTHON_WHITESPACE}])[${PYTHON_WHITESPACE}]+$`, 'u');

/** Words of a line, as Python's `line.split()` gives them: never an empty one. */
export function splitWords(line: string): string[] {
  return line.split(BETWEEN_WORDS).filter((word) => word !== '');
}

/** The line without whitespace at its end, as Python's `line.rstrip()`. */
export function trimEnd(line: string): string {
  return line.replace(AT_THE_END, '');
}

/** The line without whitespace at both ends, as Python's `line.strip()`. */
export function trim(line: string): string {
  return trimEnd(line).replace(AT_THE_START, '');
}
