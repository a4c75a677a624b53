import { adam } from '@heed/training';
import type { AbsConfig, RasConfig, RecurrentConfig, SummarizationConfig } from './config.js';

const validation = { stepsPerValidation: 1000, validationArticles: 500, patience: 1000 };
const steady = { warmUp: 0, decay: 'none' } as const;
const sgd = { kind: 'sgd', momentum: 0 } as const;
const words = (vocabularySize: number) => ({ kind: 'word', vocabularySize, lowercase: true }) as const;

const training: SummarizationConfig['training'] = {
  steps: 7000,
  batchTokens: 64 * 120,
  maximumLength: 30,
  labelSmoothing: 0,
  clip: 2,
  optimizer: adam,
  learningRate: { peak: 1e-3, warmUp: 400, decay: 'cosine' },
  ...validation,
};

const pointerGenerator: RecurrentConfig = {
  kind: 'recurrent',
  decoder: 'conditional',
  cell: 'gru',
  score: 'coverage',
  embedding: 256,
  encoderUnits: 256,
  encoderLayers: 1,
  bidirectional: true,
  decoderUnits: 256,
  decoderLayers: 1,
  attention: 256,
  sharedEmbedding: true,
  copy: true,
  dropout: { embedding: 0.2, encoder: 0.2, readout: 0.3 },
};

const practical: SummarizationConfig = {
  task: 'summarization',
  input: { maximumLength: 120, maskDigits: false },
  network: pointerGenerator,
  tokenizer: words(15_000),
  training: { ...training, coverage: { weight: 1, from: 5500 } },
  decoding: { beamSize: 5, lengthPenalty: 1, minimumLength: 2, maximumLength: 30 },
};

/** What attention is measured against: the same reader, and one vector of what it read. */
const noAttention: SummarizationConfig = {
  ...practical,
  network: { ...pointerGenerator, decoder: 'cho', copy: false },
  training,
};

const absNetwork: AbsConfig = {
  kind: 'abs',
  encoder: 'attention',
  embedding: 200,
  units: 300,
  window: 5,
  reach: 2,
  layers: 1,
  extraction: false,
  dropout: { embedding: 0.1, hidden: 0.2 },
};

/** ABS in a size that one core trains in an hour: for the comparison of its three encoders. */
const abs: SummarizationConfig = {
  ...practical,
  network: absNetwork,
  training: { ...training, steps: 2500, stepsPerValidation: 500 },
};

/** ABS+ is tuned on headlines of one length. */
const absPlus: SummarizationConfig = {
  ...abs,
  network: { ...absNetwork, extraction: true },
  decoding: { beamSize: 10, lengthPenalty: 0, minimumLength: 10, maximumLength: 10 },
};

const withEncoder = (config: SummarizationConfig, encoder: AbsConfig['encoder']): SummarizationConfig => ({
  ...config,
  network: { ...(config.network as AbsConfig), encoder },
});

/** ABS (Rush et al. 2015, section 7.3). */
const rush2015: SummarizationConfig = {
  ...abs,
  input: { sentences: 1, maximumLength: 100, maskDigits: true },
  network: { ...absNetwork, units: 400, layers: 3, dropout: { embedding: 0, hidden: 0 } },
  tokenizer: words(69_000),
  training: {
    ...training,
    steps: 900_000,
    batchTokens: 64 * 35,
    clip: 5,
    optimizer: sgd,
    learningRate: { ...steady, peak: 0.05 },
  },
  decoding: { beamSize: 50, lengthPenalty: 0, minimumLength: 10, maximumLength: 10 },
};

const rush2015Plus: SummarizationConfig = {
  ...rush2015,
  network: { ...(rush2015.network as AbsConfig), extraction: true },
};

const rasNetwork: RasConfig = {
  kind: 'ras',
  cell: 'elman',
  units: 512,
  width: 5,
  dropout: { embedding: 0, readout: 0 },
};

/** RAS-Elman (Chopra et al. 2016, sections 3 and 4). */
const chopra2016Elman: SummarizationConfig = {
  ...rush2015,
  network: rasNetwork,
  training: { ...rush2015.training, batchTokens: 32 * 35 },
  decoding: { beamSize: 10, lengthPenalty: 0, minimumLength: 0, maximumLength: 30 },
};

const chopra2016Lstm: SummarizationConfig = {
  ...chopra2016Elman,
  network: { ...rasNetwork, cell: 'lstm' },
  training: { ...chopra2016Elman.training, learningRate: { ...steady, peak: 0.1 } },
};

/** Pointer-generator with coverage (See et al. 2017, section 5), for the summaries of several sentences that it was made for. */
const see2017: SummarizationConfig = {
  ...practical,
  input: { maximumLength: 400, maskDigits: false },
  network: {
    ...pointerGenerator,
    decoder: 'bahdanau',
    cell: 'lstm',
    embedding: 128,
    attention: 512,
    dropout: { embedding: 0, encoder: 0, readout: 0 },
  },
  tokenizer: words(50_000),
  training: {
    ...training,
    steps: 233_000,
    batchTokens: 16 * 400,
    maximumLength: 100,
    coverage: { weight: 1, from: 230_000 },
  },
  decoding: { beamSize: 4, lengthPenalty: 1, minimumLength: 35, maximumLength: 120 },
};

const smallTraining: SummarizationConfig['training'] = {
  ...training,
  steps: 1500,
  batchTokens: 48 * 32,
  learningRate: { peak: 4e-3, warmUp: 50, decay: 'cosine' },
  stepsPerValidation: 500,
  validationArticles: 200,
};

/** Small enough to train in a minute or two: for `syntheticArticles` and first trials. */
const small: SummarizationConfig = {
  ...practical,
  input: { maximumLength: 60, maskDigits: false },
  network: {
    ...pointerGenerator,
    embedding: 48,
    encoderUnits: 48,
    decoderUnits: 64,
    attention: 48,
    dropout: { embedding: 0.05, encoder: 0.05, readout: 0.05 },
  },
  tokenizer: words(80),
  training: { ...smallTraining, coverage: { weight: 0.1, from: 1000 } },
  decoding: { beamSize: 3, lengthPenalty: 1, minimumLength: 1, maximumLength: 12 },
};

/** ABS for `syntheticArticles`, whose headlines depend on the order of words: what its three encoders can read. */
const absSmall: SummarizationConfig = {
  ...small,
  network: { ...absNetwork, embedding: 48, units: 64, dropout: { embedding: 0.05, hidden: 0.05 } },
  training: smallTraining,
};

/** Named configurations: the papers', a practical one and what it is compared with, and a small one. */
export const summarizationPresets = {
  practical,
  small,
  noAttention,
  abs,
  absConvolutional: withEncoder(abs, 'convolutional'),
  absBagOfWords: withEncoder(abs, 'bag-of-words'),
  absPlus,
  absSmall,
  absSmallConvolutional: withEncoder(absSmall, 'convolutional'),
  absSmallBagOfWords: withEncoder(absSmall, 'bag-of-words'),
  rush2015,
  rush2015Convolutional: withEncoder(rush2015, 'convolutional'),
  rush2015BagOfWords: withEncoder(rush2015, 'bag-of-words'),
  rush2015Plus,
  chopra2016Elman,
  chopra2016Lstm,
  see2017,
} as const;
export type SummarizationPreset = keyof typeof summarizationPresets;
