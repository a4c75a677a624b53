import { Heap } from './heap.js';
import type { NormalizerJson } from './normalizer.js';
import type { PreTokenizerJson } from './pre-tokenizer.js';
import { type Encoding, PipelineTokenizer } from './tokenizer.js';
import type { ModelJson } from './tokenizer-json.js';
import type { Vocabulary } from './vocabulary.js';
import { WordCache } from './word-cache.js';

/** BPE-dropout (Provilkov et al. 2020, section 3): other segmentations of the same text, for training. */
export interface BpeDropout {
  /** Probability, 0 to 1, with which a merge is left out at a step. */
  dropout: number;
  /** Uniform in [0, 1). */
  random: () => number;
}

interface Merge {
  rank: number;
  id: number;
}

const ascending = (a: number, b: number) => a - b;

/** Byte pair encoding (Sennrich et al. 2016) over characters; unknown characters in a row are one '<unk>'. */
export class BpeTokenizer extends PipelineTokenizer {
  private readonly ranks = new Map<number, Merge>();
  private readonly characterPieces = new WordCache((word) =>
    this.split(word).map((piece) => this.characters(piece)),
  );

  /**
   * @param merges pairs of tokens, first merge first
   * @throws Error when a merge's parts or their join are not in the vocabulary, or a merge is there twice
   */
  constructor(
    vocabulary: Vocabulary,
    private readonly merges: readonly (readonly [string, string])[],
    normalizer: NormalizerJson | null,
    preTokenizer: PreTokenizerJson,
  ) {
    super(vocabulary, normalizer, preTokenizer);
    for (const [rank, [left, right]] of merges.entries()) {
      for (const token of [left, right, left + right]) {
        if (!vocabulary.has(token)) {
          throw new Error(
            `merge ${rank}, ${JSON.stringify([left, right])}: ${JSON.stringify(token)} is not in the vocabulary`,
          );
        }
      }
      const pair = this.pair(vocabulary.idOf(left), vocabulary.idOf(right));
      if (this.ranks.has(pair)) {
        throw new Error(`merge ${rank}, ${JSON.stringify([left, right])}: it is in the list twice`);
      }
      this.ranks.set(pair, { rank, id: vocabulary.idOf(left + right) });
    }
  }

  /** @throws RangeError when the dropout is not between 0 and 1 */
  override encode(text: string, options?: BpeDropout): Encoding {
    if (options === undefined || options.dropout === 0) return super.encode(text);
    if (!(options.dropout > 0 && options.dropout <= 1)) {
      throw new RangeError(`dropout is ${options.dropout}: expected a probability, 0 to 1`);
    }
    return this.encodeWords(text, (word) =>
      this.characterPieces.get(word).flatMap((characters) => this.merge([...characters], options)),
    );
  }

  protected override encodePiece(piece: string): number[] {
    return this.merge(this.characters(piece));
  }

  protected override model(): ModelJson {
    return {
      type: 'BPE',
      dropout: null,
      unk_token: '<unk>',
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(this.vocabulary.tokens.map((token, id) => [token, id])),
      merges: this.merges.map(([left, right]) => [left, right]),
    };
  }

  private characters(piece: string): number[] {
    const { unknown } = this.vocabulary.specials;
    const ids: number[] = [];
    for (const character of piece) {
      const id = this.vocabulary.idOf(character);
      if (id !== unknown || ids.at(-1) !== unknown) ids.push(id);
    }
    return ids;
  }

  private pair(left: number, right: number): number {
    return left * this.vocabulary.size + right;
  }

  /** Applies the merge of lowest rank, the leftmost first, until none is left. Changes `ids`. */
  private merge(ids: number[], options?: BpeDropout): number[] {
    const length = ids.length;
    if (length < 2) return ids;
    const next: number[] = [];
    const previous: number[] = [];
    for (let i = 0; i < length; i++) {
      next.push(i + 1);
      previous.push(i - 1);
    }
    // A candidate is rank * length + place, so that their order is that of the merges.
    const candidates = new Heap(ascending);
    for (let left = 0; left < length - 1; left++) this.propose(candidates, ids, left, left + 1);
    const dropped: number[] = [];
    for (let candidate = candidates.pop(); candidate !== undefined; candidate = candidates.pop()) {
      const left = candidate % length;
      const right = next[left]!;
      const found = this.mergeOf(ids, left, right);
      // A neighbour was merged since this candidate was proposed.
      if (found === undefined || found.rank !== Math.floor(candidate / length)) continue;
      if (options !== undefined && options.random() < options.dropout) {
        dropped.push(candidate);
        continue;
      }
      while (dropped.length > 0) candidates.push(dropped.pop()!);
      ids[left] = found.id;
      ids[right] = -1;
      next[left] = next[right]!;
      if (next[left]! < length) previous[next[left]!] = left;
      this.propose(candidates, ids, previous[left]!, left);
      this.propose(candidates, ids, left, next[left]!);
    }
    return ids.filter((id) => id >= 0);
  }

  /** Queues the merge of the tokens at two places, if there is one. */
  private propose(candidates: Heap<number>, ids: number[], left: number, right: number): void {
    const found = this.mergeOf(ids, left, right);
    if (found !== undefined) candidates.push(found.rank * ids.length + left);
  }

  /** The merge of the tokens at two places; -1 and the length are outside, and a place that is -1 is merged away. */
  private mergeOf(ids: number[], left: number, right: number): Merge | undefined {
    if (left < 0 || right >= ids.length || ids[left]! < 0) return undefined;
    return this.ranks.get(this.pair(ids[left]!, ids[right]!));
  }
}
