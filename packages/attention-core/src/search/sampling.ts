import { randomSource, type TensorTree } from '@heed/backend';
import { searchBatch } from './batch-search.js';
import type { Hypothesis } from './hypothesis.js';
import { countRows } from './rows.js';
import {
  neverGenerated,
  requireOnePerSentence,
  requireWhole,
  type SearchInputs,
  type SearchOptions,
} from './search-options.js';
import { compileStep, type SearchStep } from './search-step.js';
import { SentenceSamples } from './sentence-samples.js';

export interface SamplingOptions extends SearchOptions {
  /** What log-probabilities are divided by, above 0: below 1 the probable becomes more so. Default 1. */
  readonly temperature?: number;
  /** Only the k most probable tokens are drawn (Fan et al. 2018). Default: all are. */
  readonly topK?: number;
  /**
   * Only the nucleus is drawn: the fewest most probable tokens that together have this probability (Holtzman et al.
   * 2020, section 3.1), after temperature and `topK`. Above 0, default 1: all of them.
   */
  readonly topP?: number;
  /** Sequences to draw for each sentence. Default 1. */
  readonly samples?: number;
}

export interface SamplingInputs<State, Constants> extends SearchInputs<State, Constants> {
  /** Whole numbers, one a sentence: with the same one a sentence has the same samples, in whatever batch. */
  readonly seeds: readonly number[];
}

/** Sampling whose compiled step is kept from one batch to the next. */
export interface Sampling<State, Constants> {
  /**
   * The samples of each sentence in the order in which they were drawn; equal ones may be among them. A sample's score
   * is its log-probability under the model, that is before temperature, `topK` and `topP`.
   *
   * @throws if the numbers of rows differ, a token is outside of the vocabulary, or a step gives NaN
   */
  search(inputs: SamplingInputs<State, Constants>): Promise<Hypothesis[][]>;
  /** Unloads the compiled step. */
  dispose(): void;
}

/**
 * Ancestral sampling: each token is drawn from its distribution given those before it, until the end token or the
 * maximum length. Call it after `useBackend()`.
 *
 * @throws if an option is out of its range
 */
export function createSampling<State extends TensorTree, Constants extends TensorTree>(
  step: SearchStep<State, Constants>,
  options: SamplingOptions,
): Sampling<State, Constants> {
  const { begin, end, minimumLength = 0, noRepeatNgram, sizes } = options;
  const { temperature = 1, topK = Number.POSITIVE_INFINITY, topP = 1, samples = 1 } = options;
  const forbidden = neverGenerated(options);
  if (!(temperature > 0 && Number.isFinite(temperature))) {
    throw new Error(`search: temperature must be a number above 0, got ${temperature}`);
  }
  if (topK !== Number.POSITIVE_INFINITY) requireWhole('topK', topK, 1);
  if (!(topP > 0 && topP <= 1)) {
    throw new Error(`search: topP must be a number above 0 and at most 1, got ${topP}`);
  }
  requireWhole('samples', samples, 1);
  const drawing = { temperature, topK, topP };
  const device = compileStep(step, { forbidden, end, beamSize: samples, candidates: drawing, sizes });
  const sampleOptions = { begin, end, minimumLength, noRepeatNgram, samples };
  return {
    async search(inputs) {
      const { state, constants, seeds } = inputs;
      requireOnePerSentence('seeds', seeds, countRows([state, constants]));
      for (const seed of seeds) requireWhole('a seed', seed, 0);
      return searchBatch(
        device,
        inputs,
        { beamSize: samples, end },
        (sentence) => new SentenceSamples(sentence, sampleOptions, settled(seeds[sentence.sentence]!)),
      );
    },
    dispose: () => device.run.dispose(),
  };
}

/** Generators with seeds near each other start alike; that is over after a few numbers. */
function settled(seed: number): () => number {
  const random = randomSource(seed);
  for (let n = 0; n < 32; n++) random();
  return random;
}
