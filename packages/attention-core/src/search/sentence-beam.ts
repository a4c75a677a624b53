import { gnmtLengthPenalty, type Hypothesis, type Prefix, toHypothesis } from './hypothesis.js';

interface SentenceBeamOptions {
  readonly beamSize: number;
  readonly nBest: number;
  readonly lengthPenalty: number;
  readonly minimumLength: number;
  readonly end: number;
}

/** The rows of one device call, downloaded. */
export interface StepValues {
  /** [N, k] log-probabilities, best first */
  readonly values: ArrayLike<number>;
  /** [N, k] tokens */
  readonly candidates: ArrayLike<number>;
  /** [N, S] */
  readonly weights: Float32Array;
  /** k */
  readonly width: number;
  /** S */
  readonly sourceLength: number;
}

interface Candidate {
  /** The beam that it extends. */
  readonly beam: number;
  readonly token: number;
  readonly logProbability: number;
}

/** The hypotheses of one sentence: the bookkeeping of beam search between two device calls. */
export class SentenceBeam {
  /** The beams that still grow, best first; `undefined` is the empty prefix. */
  private live: (Prefix | undefined)[] = [undefined];
  /** The beam that each of them extended in the last step. */
  private parents: number[] = [0];
  /** Hypotheses that ended or were cut off, best first. */
  private complete: { prefix: Prefix | undefined; score: number; finished: boolean }[] = [];
  private step = 0;
  done = false;

  constructor(
    private readonly sentence: number,
    private readonly maximumLength: number,
    private readonly options: SentenceBeamOptions,
  ) {}

  /** What the device needs to know of beam `beam` for the next step; beams that do not live repeat the first. */
  row(beam: number, begin: number): { token: number; parent: number } {
    const at = beam < this.live.length ? beam : 0;
    return { token: this.live[at]?.token ?? begin, parent: this.parents[at] ?? 0 };
  }

  /** Takes in one step, whose rows for this sentence start at `firstRow`. */
  advance(values: StepValues, firstRow: number): void {
    const { beamSize, end } = this.options;
    const candidates = this.candidates(values, firstRow);
    const live: (Prefix | undefined)[] = [];
    const parents: number[] = [];
    this.step++;
    for (const [rank, { beam, token, logProbability }] of candidates.entries()) {
      if (live.length === beamSize) break;
      // An end below rank k is passed over, or each step would finish up to k poor hypotheses.
      if (token === end && rank >= beamSize) continue;
      const start = (firstRow + beam) * values.sourceLength;
      const prefix: Prefix = {
        previous: this.live[beam],
        token,
        weights: values.weights.subarray(start, start + values.sourceLength),
        length: this.step,
        logProbability,
      };
      if (token === end) {
        this.add(prefix, true);
      } else {
        live.push(prefix);
        parents.push(beam);
      }
    }
    if (live.length === 0 && this.complete.length === 0) {
      // Nothing may follow: what there is is the answer.
      for (const prefix of this.live) this.add(prefix, false);
    }
    this.live = live;
    this.parents = parents;
    if (this.step === this.maximumLength) {
      for (const prefix of live) this.add(prefix, false);
      this.done = true;
    } else {
      this.done = this.isDecided();
    }
  }

  /** The best of those that ended or were cut off, best first. */
  nBest(): Hypothesis[] {
    const best = this.complete.slice(0, this.options.nBest);
    return best.map(({ prefix, score, finished }) => toHypothesis(prefix, score, finished));
  }

  /** Every continuation that the device offers, best first. */
  private candidates({ values, candidates, width }: StepValues, firstRow: number): Candidate[] {
    const found: Candidate[] = [];
    for (const [beam, prefix] of this.live.entries()) {
      const row = firstRow + beam;
      this.refuseNaN(values[row * width]!);
      for (let at = row * width; at < (row + 1) * width; at++) {
        const token = candidates[at]!;
        const value = values[at]!;
        if (value === Number.NEGATIVE_INFINITY) break;
        if (token === this.options.end && this.step < this.options.minimumLength) continue;
        found.push({ beam, token, logProbability: (prefix?.logProbability ?? 0) + value });
      }
    }
    return found.sort((a, b) => b.logProbability - a.logProbability);
  }

  /** One NaN among a row's logits makes NaN of all that is normalised. */
  private refuseNaN(value: number): void {
    if (!Number.isNaN(value)) return;
    throw new Error(
      `search: the step gave NaN among its logits at step ${this.step + 1} for sentence ${this.sentence} (both counted: steps from 1, sentences from 0); check its weights and inputs for values that are not finite`,
    );
  }

  private score(logProbability: number, length: number): number {
    return logProbability / gnmtLengthPenalty(length, this.options.lengthPenalty);
  }

  private add(prefix: Prefix | undefined, finished: boolean): void {
    const score = this.score(prefix?.logProbability ?? 0, prefix?.length ?? 0);
    this.complete.push({ prefix, score, finished });
    this.complete.sort((a, b) => b.score - a.score);
  }

  /**
   * Whether to stop: k hypotheses ended, or no growing one can still come among the n best. As log-probabilities only
   * fall and the penalty only grows with length, what a beam can reach at most is its present log-probability at the
   * maximum length.
   */
  private isDecided(): boolean {
    const best = this.live[0];
    if (!best || this.complete.length >= this.options.beamSize) return true;
    const worstKept = this.complete[this.options.nBest - 1];
    return worstKept !== undefined && this.score(best.logProbability, this.maximumLength) <= worstKept.score;
  }
}
