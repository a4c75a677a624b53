import type { SentenceInputs } from './batch-search.js';
import type { BeamCandidate, BeamStep } from './beam-step.js';
import { addCoverage, gnmtCoveragePenalty } from './coverage-penalty.js';
import { gnmtLengthPenalty, type Hypothesis, type Prefix, toHypothesis, tokensOf } from './hypothesis.js';
import { allocateBanks, type ConstraintProgress, type LexicalConstraints } from './lexical-constraints.js';
import { repeatingTokens } from './ngram-blocking.js';
import { type RowRequest, requireScore, type SentenceSearch, type StepValues } from './sentence-search.js';

export interface SentenceBeamOptions {
  readonly begin: number;
  readonly end: number;
  readonly beamSize: number;
  readonly nBest: number;
  readonly minimumLength: number;
  readonly lengthPenalty: number;
  readonly coveragePenalty: number;
  readonly stepwisePenalty: boolean;
  readonly noRepeatNgram: number | undefined;
  readonly recombineNgram: number | undefined;
}

export interface SentenceBeamInputs extends SentenceInputs {
  readonly sourceLength: number;
  readonly constraints: LexicalConstraints | undefined;
  readonly watch?: ((step: BeamStep) => void) | undefined;
}

/** What the continuations of one beam have in common. */
interface Beam {
  readonly number: number;
  readonly prefix: Prefix | undefined;
  readonly weights: Float32Array;
  readonly coverage: Float32Array | undefined;
}

interface Candidate {
  readonly beam: Beam;
  readonly token: number;
  readonly logProbability: number;
  /** What it competes with others by. */
  readonly rank: number;
  readonly progress: ConstraintProgress | undefined;
}

/** The hypotheses of one sentence: the bookkeeping of beam search between two device calls. */
export class SentenceBeam implements SentenceSearch {
  /** The beams that still grow, best first; `undefined` is the empty prefix. */
  private live: (Prefix | undefined)[] = [undefined];
  /** The beam that each of them extended in the last step. */
  private parents: number[] = [0];
  /** Hypotheses that ended or were cut off, best first. */
  private complete: { prefix: Prefix | undefined; score: number; finished: boolean }[] = [];
  private step = 0;
  /** The tokens of the last step, of beams that ended with it and of those that grow. */
  taken: readonly number[] = [];
  done = false;

  constructor(
    private readonly inputs: SentenceBeamInputs,
    private readonly options: SentenceBeamOptions,
  ) {}

  /** Beams that do not live repeat the first. */
  request(row: number): RowRequest {
    const beam = row < this.live.length ? row : 0;
    const prefix = this.live[beam];
    return {
      token: prefix?.token ?? this.options.begin,
      parent: this.parents[beam] ?? 0,
      blocked: this.blocked(prefix),
      wanted: this.wanted(prefix),
    };
  }

  /** @param handicap what a token has to make up for in this step */
  advance(values: StepValues, firstRow: number, handicap: (token: number) => number = () => 0): void {
    const candidates = this.live
      .flatMap((_, beam) => this.continuations(values, firstRow + beam, beam, handicap))
      .sort((a, b) => b.rank - a.rank);
    const { ended, growing } = this.select(candidates);
    this.step++;
    this.report(candidates, ended, growing);
    for (const candidate of ended) this.add(extended(candidate), true);
    if (growing.length === 0 && this.complete.length === 0) {
      // Nothing may follow: what there is is the answer.
      for (const prefix of this.live) this.add(prefix, false);
    }
    this.taken = [...ended, ...growing].map(({ token }) => token);
    this.live = growing.map(extended);
    this.parents = growing.map(({ beam }) => beam.number);
    if (this.step === this.inputs.maximumLength) {
      for (const prefix of this.live) this.add(prefix, false);
      this.done = true;
    } else {
      this.done = this.isDecided();
    }
  }

  /** Whether a hypothesis that ended or was cut off contains all lexical constraints. */
  get meetsConstraints(): boolean {
    return this.complete.some(({ prefix }) => this.meetsAll(prefix));
  }

  results(): Hypothesis[] {
    const among = this.meetsConstraints
      ? this.complete.filter(({ prefix }) => this.meetsAll(prefix))
      : this.complete;
    const best = among.slice(0, this.options.nBest);
    return best.map(({ prefix, score, finished }) => toHypothesis(prefix, score, finished));
  }

  /** The token that must come next. */
  private forced(): number | undefined {
    return this.inputs.prefix[this.step];
  }

  private blocked(prefix: Prefix | undefined): number[] {
    if (this.forced() !== undefined) return [];
    const { end, noRepeatNgram } = this.options;
    const repeating = noRepeatNgram ? repeatingTokens(tokensOf(prefix), noRepeatNgram) : [];
    return this.meetsAll(prefix) ? repeating : [...repeating, end];
  }

  private wanted(prefix: Prefix | undefined): number[] {
    const forced = this.forced();
    if (forced !== undefined) return [forced];
    const { constraints } = this.inputs;
    if (!constraints) return [];
    const blocked = this.blocked(prefix);
    return constraints.wanted(this.progress(prefix)!).filter((token) => !blocked.includes(token));
  }

  /** Every continuation of beam `number` that the device offers. */
  private continuations(
    values: StepValues,
    row: number,
    number: number,
    handicap: (token: number) => number,
  ): Candidate[] {
    const { end, minimumLength, coveragePenalty, stepwisePenalty } = this.options;
    const prefix = this.live[number];
    requireScore(values.values[row * values.width]!, this.step + 1, this.inputs.sentence);
    const weights = values.weights.subarray(row * values.sourceLength, (row + 1) * values.sourceLength);
    const coverage = coveragePenalty > 0 ? addCoverage(prefix?.coverage, weights) : undefined;
    const penalty = stepwisePenalty ? this.coveragePenalty(coverage) : 0;
    const beam = { number, prefix, weights, coverage };
    const found: Candidate[] = [];
    const offer = (token: number, value: number) => {
      if (value === Number.NEGATIVE_INFINITY && token !== this.forced()) return;
      if (token === end && this.step < minimumLength) return;
      const logProbability = (prefix?.logProbability ?? 0) + value;
      const rank = logProbability + penalty - handicap(token);
      const progress = this.inputs.constraints?.advance(prefix?.progress, token);
      found.push({ beam, token, logProbability, rank, progress });
    };
    // The best tokens of the row, then those that it asked for.
    const { candidates, width, wanted, wantedWidth } = values;
    if (this.forced() === undefined) {
      for (let n = row * width; n < (row + 1) * width; n++) offer(candidates[n]!, values.values[n]!);
    }
    const best = found.length;
    for (const [n, token] of this.wanted(prefix).entries()) {
      if (!found.slice(0, best).some((other) => other.token === token)) {
        offer(token, wanted[row * wantedWidth + n]!);
      }
    }
    return found;
  }

  /**
   * The best k that do not end, out of each bank as many as it has places for, and those among its best k that do:
   * an end of a lower rank is passed over, or each step would finish up to k poor hypotheses.
   */
  private select(candidates: readonly Candidate[]): { ended: Candidate[]; growing: Candidate[] } {
    const { beamSize, end } = this.options;
    const ends = ({ token }: Candidate) => token === end;
    const { constraints } = this.inputs;
    const banks = constraints
      ? Array.from({ length: constraints.lastBank + 1 }, (_, bank) =>
          candidates.filter(({ progress }) => progress?.bank === bank),
        )
      : [candidates];
    const growing = banks.map((bank) => this.recombined(bank.filter((candidate) => !ends(candidate))));
    const places = allocateBanks(
      beamSize,
      growing.map(({ length }) => length),
    );
    return {
      ended: banks.flatMap((bank) => bank.slice(0, beamSize).filter(ends)),
      growing: growing.flatMap((bank, n) => bank.slice(0, places[n])).sort((a, b) => b.rank - a.rank),
    };
  }

  /** @param candidates the best first */
  private recombined(candidates: readonly Candidate[]): readonly Candidate[] {
    const { recombineNgram: n } = this.options;
    if (n === undefined) return candidates;
    const seen = new Set<string>();
    return candidates.filter(({ beam, token }) => {
      const ending = [...tokensOf(beam.prefix), token].slice(-n).join(' ');
      return !seen.has(ending) && seen.add(ending);
    });
  }

  private report(
    candidates: readonly Candidate[],
    ended: readonly Candidate[],
    growing: readonly Candidate[],
  ): void {
    const { sentence, watch } = this.inputs;
    if (!watch) return;
    const taken = new Set([...ended, ...growing]);
    watch({
      sentence,
      step: this.step,
      growing: growing.map(shown),
      ended: ended.map(shown),
      dropped: candidates.filter((candidate) => !taken.has(candidate)).map(shown),
    });
  }

  private progress(prefix: Prefix | undefined): ConstraintProgress | undefined {
    return prefix?.progress ?? this.inputs.constraints?.advance(undefined);
  }

  private meetsAll(prefix: Prefix | undefined): boolean {
    return this.progress(prefix)?.bank === this.inputs.constraints?.lastBank;
  }

  private coveragePenalty(coverage: Float32Array | undefined): number {
    if (!coverage) return 0;
    return gnmtCoveragePenalty(coverage, this.inputs.sourceLength, this.options.coveragePenalty);
  }

  private add(prefix: Prefix | undefined, finished: boolean): void {
    const score = this.penalised(prefix?.logProbability ?? 0, prefix?.length ?? 0);
    this.complete.push({ prefix, score: score + this.coveragePenalty(prefix?.coverage), finished });
    this.complete.sort((a, b) => b.score - a.score);
  }

  private penalised(logProbability: number, length: number): number {
    return logProbability / gnmtLengthPenalty(length, this.options.lengthPenalty);
  }

  /**
   * Whether to stop: k hypotheses ended, or no growing one can still come among the n best. As log-probabilities only
   * fall and the length penalty only grows with length, what a beam can reach at most is its present log-probability
   * at the maximum length; its coverage may become complete, when its penalty is 0.
   */
  private isDecided(): boolean {
    if (this.live.length === 0 || this.complete.length >= this.options.beamSize) return true;
    const worstKept = this.complete[this.options.nBest - 1];
    if (!worstKept) return false;
    const best = Math.max(...this.live.map((prefix) => prefix?.logProbability ?? 0));
    return this.penalised(best, this.inputs.maximumLength) <= worstKept.score;
  }
}

function shown({ beam, token, logProbability }: Candidate): BeamCandidate {
  return { tokens: [...tokensOf(beam.prefix), token], logProbability };
}

function extended({ beam, token, logProbability, progress }: Candidate): Prefix {
  const { prefix: previous, weights, coverage } = beam;
  return {
    previous,
    token,
    weights,
    length: (previous?.length ?? 0) + 1,
    logProbability,
    coverage,
    progress,
  };
}
