import { type Tokenizer, trainWordTokenizer } from '@heed/text';
import { type SummarizationConfig, Summarizer, summarizationPresets } from '../src/index.js';

type Network = SummarizationConfig['network'];

const [abs, ras] = [summarizationPresets.abs.network, summarizationPresets.chopra2016Elman.network];
const recurrent = summarizationPresets.small.network;
const absWidths = { embedding: 6, units: 5, window: 3, reach: 1, layers: 2 };
const recurrentWidths = { embedding: 6, encoderUnits: 5, decoderUnits: 7, attention: 4 };

/** Every network, with widths that are all different. */
export const networks: Readonly<Record<string, Network>> = {
  'abs, attention': { ...abs, ...absWidths } as Network,
  'abs, bag of words': { ...abs, ...absWidths, encoder: 'bag-of-words' } as Network,
  'abs, convolutional': { ...abs, ...absWidths, encoder: 'convolutional' } as Network,
  'abs plus': { ...abs, ...absWidths, extraction: true } as Network,
  'ras, elman': { ...ras, units: 6, width: 3 } as Network,
  'ras, lstm': { ...ras, cell: 'lstm', units: 6, width: 3 } as Network,
  'pointer-generator': { ...recurrent, ...recurrentWidths } as Network,
  'pointer-generator, luong': {
    ...recurrent,
    ...recurrentWidths,
    decoder: 'luong',
    score: 'general',
  } as Network,
  'attention without copying': {
    ...recurrent,
    ...recurrentWidths,
    decoder: 'bahdanau',
    copy: false,
    sharedEmbedding: false,
  } as Network,
  'no attention': { ...recurrent, ...recurrentWidths, decoder: 'cho', copy: false } as Network,
};

export const words: Tokenizer = trainWordTokenizer(
  ['profit of the company rises in quito', 'sales fall . a year ago it was more'],
  { vocabularySize: 40, lowercase: true },
);

export function smallConfig(
  network: Network = networks['pointer-generator'] as Network,
  changes: Partial<SummarizationConfig> = {},
): SummarizationConfig {
  const { small } = summarizationPresets;
  const { coverage, ...training } = small.training;
  return {
    ...small,
    input: { maximumLength: 12, maskDigits: false },
    network,
    training: network.kind === 'recurrent' && network.copy && coverage ? { ...training, coverage } : training,
    decoding: { beamSize: 3, lengthPenalty: 1, minimumLength: 1, maximumLength: 6 },
    ...(network.kind === 'abs' &&
      network.extraction && {
        decoding: { beamSize: 3, lengthPenalty: 0, minimumLength: 4, maximumLength: 4 },
      }),
    ...changes,
  };
}

export const smallSummarizer = (network?: Network, changes?: Partial<SummarizationConfig>): Summarizer =>
  Summarizer.create(smallConfig(network, changes), words, 1);
