/** The special tokens of every vocabulary; a token's place in this list is its id. */
export const specialTokens = ['<pad>', '<unk>', '<s>', '</s>'] as const;

/** Ids of the special tokens. */
export interface SpecialIds {
  readonly padding: number;
  readonly unknown: number;
  readonly begin: number;
  readonly end: number;
}

/** Tokens and their ids, 0 to size - 1; the first four are the special tokens. */
export class Vocabulary {
  /** Padding '<pad>', unknown '<unk>', begin '<s>' and end '</s>'. */
  readonly specials: SpecialIds = { padding: 0, unknown: 1, begin: 2, end: 3 };
  readonly tokens: readonly string[];
  private readonly ids = new Map<string, number>();

  /**
   * @param tokens in the order of their ids
   * @throws Error when the special tokens are not the first four, or a token is there twice
   */
  constructor(tokens: readonly string[]) {
    this.tokens = [...tokens];
    for (const [id, special] of specialTokens.entries()) {
      if (tokens[id] !== special) {
        throw new Error(
          `token ${id} is ${JSON.stringify(tokens[id])}: a vocabulary starts with ${specialTokens.join(' ')}`,
        );
      }
    }
    for (const [id, token] of tokens.entries()) {
      const other = this.ids.get(token);
      if (other !== undefined) {
        throw new Error(`token ${JSON.stringify(token)} has two ids, ${other} and ${id}: it may have one`);
      }
      this.ids.set(token, id);
    }
  }

  get size(): number {
    return this.tokens.length;
  }

  /** The token's id, or the id of '<unk>' when the token is not in the vocabulary. */
  idOf(token: string): number {
    return this.ids.get(token) ?? this.specials.unknown;
  }

  /** @throws RangeError when no token has this id */
  tokenOf(id: number): string {
    const token = this.tokens[id];
    if (token === undefined) {
      throw new RangeError(`token id ${id} is not in the vocabulary: expected 0 to ${this.size - 1}`);
    }
    return token;
  }

  has(token: string): boolean {
    return this.ids.has(token);
  }

  isSpecial(id: number): boolean {
    return id >= 0 && id < specialTokens.length;
  }
}
