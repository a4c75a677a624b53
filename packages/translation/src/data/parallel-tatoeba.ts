import { addPair, type ParsedPairs } from './sentence-pair.js';

/**
 * Tatoeba's English-French pairs as manythings.org publishes them (`fra.txt`): `English<TAB>French` a line,
 * in later editions followed by an attribution. French is the source here, English the target.
 *
 * @throws if a line has no tab (file and line are named)
 */
export function parseTatoeba(file: string, lines: string[]): ParsedPairs {
  const parsed: ParsedPairs = { pairs: [], emptyLines: [] };
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const [english, french] = line.split('\t');
    if (french === undefined) {
      throw new Error(`${file}, line ${index + 1}: no tab. Expected English<TAB>French on every line.`);
    }
    addPair(parsed, french, english as string, index + 1);
  }
  return parsed;
}
