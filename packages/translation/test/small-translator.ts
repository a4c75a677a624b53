import { type Tokenizer, trainCharacterTokenizer, trainWordTokenizer } from '@heed/text';
import type { TranslationConfig } from '../src/config.js';
import { Translator, translationPresets } from '../src/index.js';

type Network = TranslationConfig['network'];
export type DecoderName = Network['decoder'];

export const decoders: readonly DecoderName[] = ['bahdanau', 'luong', 'conditional', 'sutskever', 'cho'];

/** A preset's wiring in widths that are all different, but for those that must be equal. */
export function scaledDown(config: TranslationConfig, changes: Partial<Network> = {}): TranslationConfig {
  const network = { ...config.network, ...changes };
  const values = (network.bidirectional ? 2 : 1) * 5;
  return {
    ...config,
    network: {
      ...network,
      embedding: 6,
      encoderUnits: 5,
      decoderUnits: ['dot', 'scaledDot'].includes(network.score) ? values : 7,
      attention: 4,
      encoderLayers: Math.min(2, network.encoderLayers),
      decoderLayers: network.decoder === 'conditional' ? 1 : Math.min(2, network.decoderLayers),
    },
    decoding: { beamSize: 3, lengthPenalty: 1 },
  };
}

export const smallConfig = (changes: Partial<Network> = {}) => scaledDown(translationPresets.small, changes);

export const characters: Tokenizer = trainCharacterTokenizer(['abc def ghi', 'mno. pqr!']);
export const words: Tokenizer = trainWordTokenizer(['un chien court sur la plage .', 'a dog runs'], {
  vocabularySize: 50,
});

export function smallTranslator(
  changes: Partial<Network> = {},
  { tokenizer = characters, seed = 1 }: { tokenizer?: Tokenizer; seed?: number } = {},
): Translator {
  return Translator.create(smallConfig(changes), tokenizer, seed);
}
