/**
 * A file of a model is missing, damaged, hostile or cannot be written. The one error that everything under
 * `persistence` and `node` throws for what is wrong with files rather than with code.
 */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
  /** The file, folder, URL or package the error is about. */
  readonly file: string;

  constructor(file: string, problem: string, options?: { cause?: unknown }) {
    super(printable(`${file}: ${problem}`), options);
    this.file = file;
  }
}

/** Text of a file, fit for a message: quoted, and cut when long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** What a parsed JSON value is, in a few words. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) {
    const short = value.length <= 8 && value.every((item) => typeof item === 'number');
    return short ? `[${value.join(', ')}]` : `a list of ${value.length}`;
  }
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** What a caught value says, with its cause: fetch hides the reason there. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return cause === '' ? error.message : `${error.message} (${cause})`;
}

// A hostile name must not steer the terminal that prints the message.
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, '\ufffd');
}
