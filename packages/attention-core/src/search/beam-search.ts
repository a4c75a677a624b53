import type { TensorTree } from '@heed/backend';
import { searchBatch } from './batch-search.js';
import { DiverseBeams, type DiversityOptions } from './diverse-beams.js';
import type { Hypothesis } from './hypothesis.js';
import { LexicalConstraints } from './lexical-constraints.js';
import { countRows } from './rows.js';
import {
  type BeamSearchInputs,
  neverGenerated,
  requireOnePerSentence,
  requirePenalty,
  requireWhole,
  type SearchOptions,
} from './search-options.js';
import { compileStep, type SearchStep } from './search-step.js';
import { SentenceBeam, type SentenceBeamInputs, type SentenceBeamOptions } from './sentence-beam.js';

export interface BeamSearchOptions extends SearchOptions {
  /** Hypotheses of a sentence that grow side by side. */
  readonly beamSize: number;
  /** The most hypotheses to return for a sentence, at most `beamSize`. Default 1. */
  readonly nBest?: number;
  /** alpha of `gnmtLengthPenalty`, at least 0. Default 0: no penalty. */
  readonly lengthPenalty?: number;
  /** beta of `gnmtCoveragePenalty`, at least 0; needs `sourceLengths`. Default 0: no penalty. */
  readonly coveragePenalty?: number;
  /** Whether growing hypotheses are ranked with their coverage penalty so far, as in OpenNMT-py. Default false. */
  readonly stepwisePenalty?: boolean;
  /**
   * Of growing hypotheses whose last n tokens are the same, only the best goes on (Rush et al. 2015, algorithm 1,
   * "hypothesis recombination"): they have the same future in a model that sees no more of them. Default: all go on.
   */
  readonly recombineNgram?: number;
  /** Diverse beam search, see `DiverseBeams`. Default: one group. */
  readonly diversity?: DiversityOptions;
}

/** A beam search whose compiled step is kept from one batch to the next. */
export interface BeamSearch<State, Constants> {
  /**
   * The n-best hypotheses of each sentence, best first, all different. There are fewer where the search ended with
   * fewer.
   *
   * @throws if the numbers of rows differ, a token is outside of the vocabulary, or a step gives NaN
   */
  search(inputs: BeamSearchInputs<State, Constants>): Promise<Hypothesis[][]>;
  /** Unloads the compiled step. */
  dispose(): void;
}

/**
 * Beam search with a beam of constant width: in each step the k best continuations that do not end go on, and
 * those that end among the best k are set aside. A sentence is done when k have ended, when no growing hypothesis
 * can come among the n best any more, or at the maximum length, where those that still grow are cut off and
 * compete by their score with the others. With a beam of 1 it is greedy search.
 *
 * Call it after `useBackend()`; `search` serves many batches, one after the other or at once. Create it once, since
 * with it goes the compiled step.
 *
 * @throws if an option is out of its range
 */
export function createBeamSearch<State extends TensorTree, Constants extends TensorTree>(
  step: SearchStep<State, Constants>,
  options: BeamSearchOptions,
): BeamSearch<State, Constants> {
  const never = neverGenerated(options);
  const beamOptions = withDefaults(options);
  const { beamSize, nBest, minimumLength, end } = beamOptions;
  const { groups, strength } = options.diversity ?? { groups: 1, strength: 0 };
  requireWhole('diversity.groups', groups, 1);
  requirePenalty('diversity.strength', strength);
  if (beamSize % groups !== 0) {
    throw new Error(`search: beamSize (${beamSize}) must be a multiple of diversity.groups (${groups})`);
  }
  const groupSize = beamSize / groups;
  const create = (inputs: SentenceBeamInputs) => {
    if (groups === 1) return new SentenceBeam(inputs, beamOptions);
    // A group gives all that it finds: were it done sooner, those after it would lose what they are to differ from.
    const groupOptions = { ...beamOptions, beamSize: groupSize, nBest: groupSize };
    const beams = Array.from({ length: groups }, () => new SentenceBeam(inputs, groupOptions));
    return new DiverseBeams(beams, { groupSize, nBest, strength });
  };

  const device = compileStep(step, {
    forbidden: never,
    end,
    beamSize,
    // One more than k a row, so that k are left where the end token must not, or does not, go on. It is enough for
    // diverse groups too: the other groups make at most as many tokens dearer as they have beams.
    candidates: beamSize === 1 && minimumLength === 0 ? 1 : beamSize + 1,
    sizes: options.sizes,
  });
  const notInConstraints = new Set([...never, end]);

  return {
    async search(inputs) {
      const { state, constants, sourceLengths = [], constraints = [], watch } = inputs;
      const sentences = countRows([state, constants]);
      if (inputs.constraints) requireOnePerSentence('constraints', constraints, sentences);
      if (inputs.sourceLengths || beamOptions.coveragePenalty > 0) {
        requireOnePerSentence('sourceLengths', sourceLengths, sentences);
        for (const length of sourceLengths) requireWhole('a source length', length, 1);
      }
      return searchBatch(
        device,
        inputs,
        beamOptions,
        (sentence) => {
          const sequences = constraints[sentence.sentence] ?? [];
          return create({
            ...sentence,
            watch,
            sourceLength: sourceLengths[sentence.sentence] ?? 0,
            constraints:
              sequences.length > 0 ? new LexicalConstraints(sequences, notInConstraints) : undefined,
          });
        },
        constraints.flat(2),
      );
    },
    dispose: () => device.run.dispose(),
  };
}

/** Beam search of one batch. For many, `createBeamSearch` keeps the compiled step. */
export async function beamSearch<State extends TensorTree, Constants extends TensorTree>(
  step: SearchStep<State, Constants>,
  inputs: BeamSearchInputs<State, Constants>,
  options: BeamSearchOptions,
): Promise<Hypothesis[][]> {
  const beams = createBeamSearch(step, options);
  try {
    return await beams.search(inputs);
  } finally {
    beams.dispose();
  }
}

/** @throws if an option is out of its range */
function withDefaults({
  begin,
  end,
  beamSize,
  nBest = 1,
  minimumLength = 0,
  lengthPenalty = 0,
  coveragePenalty = 0,
  stepwisePenalty = false,
  noRepeatNgram,
  recombineNgram,
}: BeamSearchOptions): SentenceBeamOptions {
  requireWhole('beamSize', beamSize, 1);
  requireWhole('nBest', nBest, 1);
  if (nBest > beamSize) throw new Error(`search: nBest (${nBest}) must be at most beamSize (${beamSize})`);
  requirePenalty('lengthPenalty', lengthPenalty);
  requirePenalty('coveragePenalty', coveragePenalty);
  if (recombineNgram !== undefined) requireWhole('recombineNgram', recombineNgram, 1);
  return {
    begin,
    end,
    beamSize,
    nBest,
    minimumLength,
    lengthPenalty,
    coveragePenalty,
    stepwisePenalty,
    noRepeatNgram,
    recombineNgram,
  };
}
