import type { Hypothesis } from './hypothesis.js';
import type { SentenceBeam } from './sentence-beam.js';
import type { RowRequest, SentenceSearch, StepValues } from './sentence-search.js';

export interface DiversityOptions {
  /** Groups into which the beam is divided evenly. */
  readonly groups: number;
  /** lambda, at least 0: what each beam of an earlier group that took a token makes it dearer. */
  readonly strength: number;
}

/**
 * Diverse beam search (Vijayakumar et al. 2016, algorithm 1) with Hamming diversity: the groups of a
 * sentence are beams of their own, which advance one after the other. In each step a token is ranked lower by lambda
 * for every beam of the groups before that has just taken it, the end token too. Scores and log-probabilities are free of that.
 */
export class DiverseBeams implements SentenceSearch {
  constructor(
    private readonly groups: readonly SentenceBeam[],
    private readonly options: {
      readonly groupSize: number;
      readonly nBest: number;
      readonly strength: number;
    },
  ) {}

  get done(): boolean {
    return this.groups.every(({ done }) => done);
  }

  request(row: number): RowRequest {
    const { groupSize } = this.options;
    const group = Math.floor(row / groupSize);
    const request = this.groups[group]!.request(row % groupSize);
    return { ...request, parent: request.parent + group * groupSize };
  }

  advance(values: StepValues, firstRow: number): void {
    const { groupSize, strength } = this.options;
    const taken = new Map<number, number>();
    for (const [n, group] of this.groups.entries()) {
      if (group.done) continue;
      group.advance(values, firstRow + n * groupSize, (token) => strength * (taken.get(token) ?? 0));
      for (const token of group.taken) taken.set(token, (taken.get(token) ?? 0) + 1);
    }
  }

  /** The best of all groups; what several found is there once. */
  results(): Hypothesis[] {
    const meeting = this.groups.filter(({ meetsConstraints }) => meetsConstraints);
    const found = (meeting.length > 0 ? meeting : this.groups).flatMap((group) => group.results());
    const different = new Map(found.map((hypothesis) => [hypothesis.tokens.join(' '), hypothesis]));
    return [...different.values()].sort((a, b) => b.score - a.score).slice(0, this.options.nBest);
  }
}
