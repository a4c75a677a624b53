/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {}

/** One line that is safe to print: what a file brought into a message must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, '\ufffd');
}

/** What to tell of something thrown, in one line. */
export function messageOf(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error));
}
