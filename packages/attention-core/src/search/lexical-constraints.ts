import { requireWhole } from './search-options.js';

/** How much of the constraints a hypothesis contains. */
export interface ConstraintProgress {
  /** The tokens of each constraint that are matched: all of them, or as many as the hypothesis ends with. */
  readonly matched: readonly number[];
  /** Tokens of the constraints that are met and of the longest one under way: the number of the bank. */
  readonly bank: number;
}

/**
 * The sequences of tokens that a sentence must contain, for grid beam search with dynamic beam allocation (Post and
 * Vilar 2018, section 3): hypotheses compete only with those that have met as many tokens of the constraints, in banks
 * that share the beam.
 */
export class LexicalConstraints {
  private readonly sequences: readonly (readonly number[])[];
  /** For each constraint and number of matched tokens, how many are still matched if the next token is another. */
  private readonly fallbacks: readonly (readonly number[])[];
  /** The bank of a hypothesis that has met all. */
  readonly lastBank: number;

  /** @throws if a constraint is empty, or holds a token that is never generated */
  constructor(constraints: readonly (readonly number[])[], never: ReadonlySet<number>) {
    for (const constraint of constraints) {
      if (constraint.length === 0) throw new Error('search: a lexical constraint is empty: leave it out');
      for (const token of constraint) {
        requireWhole('a token of a lexical constraint', token, 0);
        if (never.has(token)) {
          throw new Error(
            `search: the lexical constraint [${constraint}] holds the token ${token}, which is never generated`,
          );
        }
      }
    }
    this.sequences = constraints;
    this.fallbacks = constraints.map(borders);
    this.lastBank = this.count(constraints.map(({ length }) => length));
  }

  /** The progress of a hypothesis with one token more; without a token, of an empty one. */
  advance(progress: ConstraintProgress | undefined, token?: number): ConstraintProgress {
    const matched = this.sequences.map((sequence, n) => {
      let at = progress?.matched[n] ?? 0;
      if (at === sequence.length || token === undefined) return at;
      while (at > 0 && sequence[at] !== token) at = this.fallbacks[n]![at]!;
      return sequence[at] === token ? at + 1 : at;
    });
    return { matched, bank: this.count(matched) };
  }

  /** The tokens that would go on with a constraint that is not met. */
  wanted({ matched }: ConstraintProgress): number[] {
    return [...new Set(this.sequences.flatMap((sequence, n) => sequence.slice(matched[n], matched[n]! + 1)))];
  }

  private count(matched: readonly number[]): number {
    let met = 0;
    let underWay = 0;
    for (const [n, { length }] of this.sequences.entries()) {
      if (matched[n] === length) met += length;
      else underWay = Math.max(underWay, matched[n]!);
    }
    return met + underWay;
  }
}

/** For each beginning of a sequence, the longest shorter one that it ends with (Knuth, Morris and Pratt 1977). */
function borders(sequence: readonly number[]): number[] {
  const found = [0, 0];
  for (let length = 1; length < sequence.length; length++) {
    let at = found[length]!;
    while (at > 0 && sequence[at] !== sequence[length]) at = found[at]!;
    found.push(sequence[at] === sequence[length] ? at + 1 : 0);
  }
  return found;
}

/**
 * Divides a beam over banks (Post and Vilar 2018, section 3): evenly, with what is left over to the last. Places for
 * which a bank has no candidates go to others, those that have met the most first.
 *
 * @param candidates the number that each bank has
 */
export function allocateBanks(beamSize: number, candidates: readonly number[]): number[] {
  const share = Math.floor(beamSize / candidates.length);
  const leftOver = beamSize - share * candidates.length;
  const sizes = candidates.map((count, bank) =>
    Math.min(count, bank === candidates.length - 1 ? share + leftOver : share),
  );
  let free = beamSize - sizes.reduce((sum, size) => sum + size, 0);
  for (let bank = candidates.length - 1; bank >= 0; bank--) {
    const more = Math.min(free, candidates[bank]! - sizes[bank]!);
    sizes[bank]! += more;
    free -= more;
  }
  return sizes;
}
