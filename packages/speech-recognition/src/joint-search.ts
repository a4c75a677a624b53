import {
  type CtcFrames,
  type CtcPrefixState,
  ctcPrefixScorer,
  type DecoderState,
  type Hypothesis,
  type Memory,
  withScorer,
} from '@heed/attention-core';
import type { Vocabulary } from '@heed/text';
import { TaskSearch, type TaskSearchOptions } from '@heed/training';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { BLANK, type EncodedSpeech, type SpeechModel } from './model.js';

/** Finds what is to be written of recordings that were encoded together. */
export interface SpeechSearch {
  /** @param maximumLength in tokens, of each recording */
  search(
    encoded: EncodedSpeech,
    maximumLength: readonly number[],
    options: TaskSearchOptions,
  ): Promise<Hypothesis[][]>;
  dispose(): void;
}

/** The sizes of the memory that differ from batch to batch. */
const open = ['B', 'S'];

/**
 * The search of a model by its decoder and, if λ is above 0, by CTC's prefix scores as well (Watanabe et al. 2017,
 * joint decoding):
 *
 *     (1 - λ) log p(decoder) + λ log p(CTC)
 *
 * @param ctcWeight λ, below 1
 */
export function createSpeechSearch(
  model: SpeechModel,
  vocabulary: Vocabulary,
  ctcWeight: number,
): SpeechSearch {
  const attend = (tokens: Tensor1D, state: DecoderState, memory: Memory) => model.step(tokens, state, memory);
  if (ctcWeight === 0) {
    const searches = new TaskSearch(attend, vocabulary, { open });
    return {
      search: ({ memory: constants, state }, maximumLength, options) =>
        searches.search({ state, constants, maximumLength }, options),
      dispose: () => searches.dispose(),
    };
  }
  const { begin, end } = vocabulary.specials;
  const scorer = ctcPrefixScorer({ begin, end, blank: BLANK });
  // The step counts once, so that the sum is divided by 1 - λ.
  const scale = 1 - ctcWeight;
  const searches = new TaskSearch<
    { step: DecoderState; scorer: CtcPrefixState },
    { step: Memory; scorer: CtcFrames }
  >(withScorer(attend, scorer, ctcWeight / scale), vocabulary, { open });
  return {
    async search({ memory, state, ctc }, maximumLength, options) {
      if (!ctc) throw new Error('ctcWeight: this model was trained without CTC, so that it can only be 0');
      const found = await searches.search(
        {
          state: { step: state, scorer: ctc.state },
          constants: { step: memory, scorer: ctc.constants },
          maximumLength,
        },
        options,
      );
      return found.map((hypotheses) =>
        hypotheses.map((hypothesis) => ({
          ...hypothesis,
          score: scale * hypothesis.score,
          logProbability: scale * hypothesis.logProbability,
        })),
      );
    },
    dispose: () => searches.dispose(),
  };
}
