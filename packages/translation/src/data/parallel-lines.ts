import { addPair, type ParsedPairs } from './sentence-pair.js';

/**
 * Two files, one a language, line i of one being the translation of line i of the other (Multi30k's form).
 *
 * @throws if the files differ in their number of lines (both counts and the first line without partner)
 */
export function parseParallelLines(
  source: { file: string; lines: string[] },
  target: { file: string; lines: string[] },
): ParsedPairs {
  if (source.lines.length !== target.lines.length) {
    const [longer, shorter] = source.lines.length > target.lines.length ? [source, target] : [target, source];
    throw new Error(
      `${longer.file} has ${longer.lines.length} lines and ${shorter.file} has ${shorter.lines.length}: ` +
        `line ${shorter.lines.length + 1} of ${longer.file} has no partner. ` +
        'Expected one sentence a line, in the same order in both files.',
    );
  }
  const parsed: ParsedPairs = { pairs: [], emptyLines: [] };
  for (const [index, line] of source.lines.entries()) {
    addPair(parsed, line, target.lines[index]!, index + 1);
  }
  return parsed;
}
