import { specialTokens, Vocabulary } from '@heed/text';
import {
  type TranslationBatch,
  type TranslationConfig,
  TranslationModel,
  toTranslationBatch,
} from '@heed/translation';
import type { LearningMechanism } from './mechanisms.js';
import type { Example } from './synthetic-task.js';

/** Symbol n is the token after n others and the special ones. */
const FIRST_SYMBOL = specialTokens.length;

export const symbolVocabulary = (symbols: number): Vocabulary =>
  new Vocabulary([...specialTokens, ...Array.from({ length: symbols }, (_, symbol) => `${symbol}`)]);

const tokensOf = (symbols: readonly number[]) => Int32Array.from(symbols, (symbol) => FIRST_SYMBOL + symbol);

export const symbolsOf = (tokens: readonly number[]): number[] => tokens.map((token) => token - FIRST_SYMBOL);

export function toSequenceBatch(examples: readonly Example[], { specials }: Vocabulary): TranslationBatch {
  const pairs = examples.map(({ source, target }) => ({
    source: tokensOf(source),
    target: tokensOf(target),
  }));
  return toTranslationBatch(pairs, specials);
}

/**
 * A bidirectional GRU, attention, and a GRU decoder. All widths but the embedding's are one, so that every mechanism
 * fits, and has about as many parameters as the others.
 *
 * @param width even, and a multiple of the number of heads
 */
export function createSequenceModel(
  { decoder, attention }: LearningMechanism,
  width: number,
  vocabulary: Vocabulary,
  random: () => number,
): TranslationModel {
  const network: TranslationConfig['network'] = {
    ...attention,
    decoder,
    cell: 'gru',
    embedding: width / 2,
    encoderUnits: width / 2,
    encoderLayers: 1,
    bidirectional: true,
    decoderUnits: width,
    decoderLayers: 1,
    attention: width,
    sharedEmbedding: true,
    reverseSource: false,
    dropout: { embedding: 0, encoder: 0, readout: 0 },
  };
  return new TranslationModel(network, vocabulary.size, random);
}
