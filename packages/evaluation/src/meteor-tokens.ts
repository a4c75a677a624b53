/** What METEOR 1.5 takes for letters; everything else that is no digit is cut off words. */
const LETTERS = 'A-Za-zŠŽšžŸÀ-ÖØ-öø-ž\\u0400-\\u0527\\ua640-\\ua66e\\ua67e-\\ua697\\u1d00-\\u1d7f';

const OTHER = new RegExp(`([^0-9${LETTERS}\\s.'\`,\\-‘’])`, 'gu');
const INNER_HYPHEN = new RegExp(`([0-9${LETTERS}.])-([0-9${LETTERS}])`, 'gu');
const QUOTE_OF_NEITHER = new RegExp(`([^${LETTERS}])'([^${LETTERS}])`, 'gu');
const QUOTE_BEFORE_WORD = new RegExp(`([^0-9${LETTERS}])'([${LETTERS}])`, 'gu');
const QUOTE_AFTER_WORD = new RegExp(`([${LETTERS}])'([^${LETTERS}])`, 'gu');
const QUOTE_WITHIN_WORD = new RegExp(`([${LETTERS}])'([${LETTERS}])`, 'gu');

/** Abbreviations that keep their full stop, as far as they are lower-case in METEOR's own list. */
const ABBREVIATIONS = new Set(['v.', 'vs.', 'rev.']);

/**
 * Tokens of a caption that is already lower-cased and tokenised as METEOR 1.5's `-norm` cuts them once more:
 * hyphens within words go, apostrophes are cut off or before a word's ending.
 */
export function tokenizeMeteor(tokens: readonly string[]): string[] {
  const text = ` ${tokens.join(' ')} `
    .toLowerCase()
    .replace(OTHER, ' $1 ')
    .replace(/([^0-9]),([^0-9])/gu, '$1 , $2')
    .replace(/([0-9]),([^0-9])/gu, '$1 , $2')
    .replace(/([^0-9]),([0-9])/gu, '$1 , $2')
    .replace(/[`‘’]/gu, "'")
    .replace(/''/gu, ' " ')
    .replaceAll('--', '-')
    .replace(INNER_HYPHEN, '$1 $2')
    .replace(QUOTE_OF_NEITHER, "$1 ' $2")
    .replace(QUOTE_BEFORE_WORD, "$1 ' $2")
    .replace(QUOTE_AFTER_WORD, "$1 ' $2")
    .replace(QUOTE_WITHIN_WORD, "$1 '$2")
    .replace(/([0-9])'(s)/gu, "$1 '$2");
  const words = text.split(/\s+/u).filter((word) => word !== '');
  return words.flatMap((word, i) => separateFullStop(word, words[i + 1]));
}

function separateFullStop(word: string, next: string | undefined): string[] {
  if (word.length === 1 || !word.endsWith('.')) return [word];
  const stem = word.slice(0, -1);
  if (stem.includes('.') && /\p{L}/u.test(stem)) return [word.replaceAll('.', '')];
  if (ABBREVIATIONS.has(word) || /^[a-z]/u.test(next ?? '')) return [word];
  return [stem, '.'];
}
