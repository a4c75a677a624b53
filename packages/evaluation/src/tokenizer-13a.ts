import { splitWords } from './whitespace.js';

/**
 * Tokens of one line as mteval-v13a.pl and sacrebleu's `13a` cut it: entities are read, ASCII punctuation is
 * split off, but a full stop or comma between digits is not.
 */
export function tokenize13a(line: string): string[] {
  const text = line
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  return splitWords(
    ` ${text} `
      .replace(/([{-~[-` -&(-+:-@/])/gu, ' $1 ')
      .replace(/([^0-9])([.,])/gu, '$1 $2 ')
      .replace(/([.,])([^0-9])/gu, ' $1 $2')
      .replace(/([0-9])(-)/gu, '$1 $2 '),
  );
}
