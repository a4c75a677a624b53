import type { SentenceInputs } from './batch-search.js';
import { type Hypothesis, type Prefix, toHypothesis, tokensOf } from './hypothesis.js';
import { repeatingTokens } from './ngram-blocking.js';
import { type RowRequest, requireScore, type SentenceSearch, type StepValues } from './sentence-search.js';

/** Below 1 also after it was multiplied, in float32. */
const GREATEST = 1 - 2 ** -22;

export interface SentenceSamplesOptions {
  readonly begin: number;
  readonly end: number;
  readonly samples: number;
  readonly minimumLength: number;
  readonly noRepeatNgram: number | undefined;
}

/** The samples of one sentence, a row each: the bookkeeping of sampling between two device calls. */
export class SentenceSamples implements SentenceSearch {
  private readonly prefixes: (Prefix | undefined)[];
  private readonly ended: boolean[];
  private step = 0;

  constructor(
    private readonly inputs: SentenceInputs,
    private readonly options: SentenceSamplesOptions,
    private readonly random: () => number,
  ) {
    this.prefixes = Array(options.samples).fill(undefined);
    this.ended = Array(options.samples).fill(false);
  }

  get done(): boolean {
    return this.step === this.inputs.maximumLength || this.ended.every(Boolean);
  }

  /** What has ended goes on as it is, and is not looked at any more. */
  request(row: number): RowRequest {
    const { begin, end, minimumLength, noRepeatNgram } = this.options;
    const prefix = this.prefixes[row];
    const forced = this.inputs.prefix[this.step];
    const free = forced === undefined && !this.ended[row];
    const early = free && this.step < minimumLength ? [end] : [];
    const repeating = free && noRepeatNgram ? repeatingTokens(tokensOf(prefix), noRepeatNgram) : [];
    return {
      token: prefix?.token ?? begin,
      parent: row,
      blocked: [...early, ...repeating],
      wanted: forced === undefined ? [] : [forced],
      uniform: Math.min(this.random(), GREATEST),
    };
  }

  advance(values: StepValues, firstRow: number): void {
    for (const [sample, previous] of this.prefixes.entries()) {
      if (this.ended[sample]) continue;
      const row = firstRow + sample;
      const { token, value } = this.next(values, row);
      // Nothing may follow: what there is is the sample.
      if (value === Number.NEGATIVE_INFINITY && this.inputs.prefix[this.step] === undefined) {
        this.ended[sample] = true;
        continue;
      }
      this.prefixes[sample] = {
        previous,
        token,
        weights: values.weights.subarray(row * values.sourceLength, (row + 1) * values.sourceLength),
        length: this.step + 1,
        logProbability: (previous?.logProbability ?? 0) + value,
      };
      this.ended[sample] = token === this.options.end;
    }
    this.step++;
  }

  results(): Hypothesis[] {
    return this.prefixes.map((prefix) =>
      toHypothesis(prefix, prefix?.logProbability ?? 0, prefix?.token === this.options.end),
    );
  }

  private next(
    { values, candidates, wanted, wantedWidth }: StepValues,
    row: number,
  ): { token: number; value: number } {
    const value = values[row] as number;
    requireScore(value, this.step + 1, this.inputs.sentence);
    const forced = this.inputs.prefix[this.step];
    if (forced !== undefined) return { token: forced, value: wanted[row * wantedWidth]! };
    return { token: candidates[row] as number, value };
  }
}
