import { Command, CommanderError } from 'commander';
import { messageOf, printable, UsageError } from './errors.js';
import { report } from './report.js';

/** A program of this house: an error is one line, and its help shows examples. @param examples command lines */
export function createProgram(name: string, description: string, examples: readonly string[]): Command {
  const shown = examples.map((example) => `\n  $ ${example}`).join('');
  return new Command(name)
    .description(description)
    .exitOverride()
    .configureOutput({
      outputError: (text) => report(printable(text.replace(/^error: /, '').trim())),
    })
    .addHelpText('after', `\nExample${examples.length > 1 ? 's' : ''}:${shown}`);
}

/** Says what went wrong; the exit code is 2 where the command line is wrong, else 1. */
export function reportFailure(error: unknown): void {
  // Commander has said what is wrong; help and version are no errors.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  report(messageOf(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
