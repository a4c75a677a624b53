import { BpeTokenizer } from './bpe.js';
import { Heap } from './heap.js';
import { defaultNormalizer } from './normalizer.js';
import { preTokenizer } from './pre-tokenizer.js';
import { countPieces, type NormalizationOptions } from './tokenizer.js';
import { specialTokens, Vocabulary } from './vocabulary.js';

export interface BpeTrainingOptions extends NormalizationOptions {
  /** Number of tokens, special ones and characters included; fewer when nothing is left to merge. */
  vocabularySize: number;
  /** A pair that is seen less often is not merged. Default 2. */
  minimumFrequency?: number;
  /** Keep only this many characters, the most frequent; the others become '<unk>'. Default: all. */
  alphabetSize?: number;
}

/** A pair of tokens, how often it was seen when it was queued, and the pieces it is in. */
interface Candidate {
  pair: number;
  count: number;
  pieces: number[];
}

const pairBase = 2 ** 26;

/**
 * Learns byte pair encoding (Sennrich et al. 2016, algorithm 1): joins the most frequent pair of tokens until
 * the vocabulary is full. Of equally frequent pairs the one with the lower left id, then right id, is first;
 * characters get their ids in the order of their code points. Gives the merges that Python's tokenizers gives.
 *
 * @throws RangeError when the vocabulary has no room for the special tokens and the characters
 */
export function trainBpe(texts: Iterable<string>, options: BpeTrainingOptions): BpeTokenizer {
  const { vocabularySize, minimumFrequency = 2, alphabetSize } = options;
  const normalizer = defaultNormalizer(options);
  const pieceCounts = countPieces(texts, normalizer, preTokenizer('subwords'));
  const tokens: string[] = [...specialTokens, ...alphabet(pieceCounts, alphabetSize)];
  if (!(tokens.length <= vocabularySize)) {
    throw new RangeError(
      `vocabularySize is ${vocabularySize}: the special tokens and characters alone are ${tokens.length}; ` +
        'ask for more, or for a smaller alphabetSize',
    );
  }
  const merges = learnMerges(pieceCounts, tokens, vocabularySize, minimumFrequency);
  return new BpeTokenizer(new Vocabulary(tokens), merges, normalizer, preTokenizer('subwords'));
}

/** The characters of all pieces in the order of their code points. */
function alphabet(pieceCounts: Map<string, number>, size = Number.POSITIVE_INFINITY): string[] {
  const counts = new Map<string, number>();
  for (const [piece, count] of pieceCounts) {
    for (const character of piece) counts.set(character, (counts.get(character) ?? 0) + count);
  }
  const byCodePoint = (a: string, b: string) => a.codePointAt(0)! - b.codePointAt(0)!;
  return [...counts.keys()]
    .sort((a, b) => counts.get(b)! - counts.get(a)! || byCodePoint(a, b))
    .slice(0, size)
    .sort(byCodePoint);
}

/** Adds the joined tokens to `tokens`. */
function learnMerges(
  pieceCounts: Map<string, number>,
  tokens: string[],
  vocabularySize: number,
  minimumFrequency: number,
): [string, string][] {
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  const pieces: number[][] = [];
  const frequencies: number[] = [];
  for (const [piece, count] of pieceCounts) {
    pieces.push(Array.from(piece, (character) => idOf.get(character)).filter((id) => id !== undefined));
    frequencies.push(count);
  }

  const pairCounts = new Map<number, number>();
  let appearedIn = new Map<number, number[]>();
  const countPair = (pair: number, change: number, piece: number) => {
    pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + change * frequencies[piece]!);
    if (change < 0) return;
    const list = appearedIn.get(pair);
    if (list === undefined) appearedIn.set(pair, [piece]);
    else if (list.at(-1) !== piece) list.push(piece);
  };
  const queue = new Heap<Candidate>((a, b) => b.count - a.count || a.pair - b.pair);
  const queueNewPairs = () => {
    for (const [pair, list] of appearedIn) {
      const count = pairCounts.get(pair)!;
      if (count > 0) queue.push({ pair, count, pieces: list });
    }
    appearedIn = new Map();
  };

  for (const [index, piece] of pieces.entries()) {
    for (let i = 1; i < piece.length; i++) countPair(piece[i - 1]! * pairBase + piece[i]!, 1, index);
  }
  queueNewPairs();
  // A pair that two ways of merging lead to is queued twice and merged twice: the later rank is the one that
  // counts, as in Python's tokenizers.
  const merges = new Map<number, [string, string]>();
  while (tokens.length < vocabularySize) {
    const best = queue.pop();
    if (best === undefined) break;
    const count = pairCounts.get(best.pair)!;
    if (count !== best.count) {
      queue.push({ ...best, count });
      continue;
    }
    if (count < Math.max(1, minimumFrequency)) break;
    const left = Math.floor(best.pair / pairBase);
    const right = best.pair % pairBase;
    const token = tokens[left]! + tokens[right]!;
    let id = idOf.get(token);
    if (id === undefined) {
      id = tokens.length;
      tokens.push(token);
      idOf.set(token, id);
    }
    merges.delete(best.pair);
    merges.set(best.pair, [tokens[left]!, tokens[right]!]);
    for (const index of best.pieces) {
      mergePair(pieces[index]!, left, right, id, (pair, change) => countPair(pair, change, index));
    }
    queueNewPairs();
  }
  return [...merges.values()];
}

/** Replaces every left, right in the piece by the joined id, and reports the pairs that go and come. */
function mergePair(
  piece: number[],
  left: number,
  right: number,
  joined: number,
  report: (pair: number, change: number) => void,
): void {
  let length = 0;
  for (let read = 0; read < piece.length; read++) {
    if (piece[read] !== left || piece[read + 1] !== right) {
      piece[length++] = piece[read]!;
      continue;
    }
    if (length > 0) {
      report(piece[length - 1]! * pairBase + left, -1);
      report(piece[length - 1]! * pairBase + joined, 1);
    }
    const after = piece[read + 2];
    if (after !== undefined) {
      report(right * pairBase + after, -1);
      report(joined * pairBase + after, 1);
    }
    piece[length++] = joined;
    read++;
  }
  piece.length = length;
}
