import { spaceSign, splitBeforeSpaceSigns, splitExpressions, splitPieces } from './pre-tokenizer.js';
import { specialTokens } from './vocabulary.js';

/** A word as it is shown, and the tokens that it is made of. */
export interface WordGroup {
  text: string;
  /** Indices into the list of tokens, rising and without gaps. */
  tokens: number[];
}

/**
 * Groups tokens, encoded or generated, to the words to show: parts between spaces, with punctuation, digits,
 * elided articles and clitics apart, and every special token by itself. For ids, look the tokens up first:
 * `groupWords(ids.map((id) => vocabulary.tokenOf(id)))`. Every token is in exactly one group, in order.
 */
export function groupWords(tokens: readonly string[]): WordGroup[] {
  const expression = new RegExp(splitExpressions.words, 'gu');
  // A symbol in the place of a special token is a piece of its own.
  const shapes = tokens.map((token) => (isSpecial(token) ? '\ufffd' : token));
  const groups: WordGroup[] = [];
  let next = 0;
  let joined = 0;
  let cut = 0;
  for (const part of splitBeforeSpaceSigns(shapes.join(''))) {
    for (const piece of splitPieces(part, expression)) {
      cut += piece.length;
      const group: WordGroup = { text: '', tokens: [] };
      while (next < tokens.length && joined < cut) {
        group.tokens.push(next);
        group.text += tokens[next]!;
        joined += shapes[next]!.length;
        next++;
      }
      if (group.tokens.length === 0) continue;
      if (group.text !== spaceSign) group.text = group.text.replaceAll(spaceSign, '');
      groups.push(group);
    }
  }
  return groups;
}

function isSpecial(token: string): boolean {
  return (specialTokens as readonly string[]).includes(token);
}
