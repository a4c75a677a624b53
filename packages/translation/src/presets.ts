import { adam } from '@heed/training';
import type { TranslationConfig } from './config.js';

const languages = { source: 'fr', target: 'en' };
const noDropout = { embedding: 0, encoder: 0, readout: 0 };
const validation = { stepsPerValidation: 1000, validationSentences: 1000, patience: 1000 };
const adadelta = { kind: 'adadelta', rho: 0.95, epsilon: 1e-6 } as const;
const steady = { peak: 1, warmUp: 0, decay: 'none' } as const;

const training: TranslationConfig['training'] = {
  steps: 17_000,
  batchTokens: 960,
  maximumLength: 80,
  labelSmoothing: 0.1,
  clip: 1,
  optimizer: adam,
  learningRate: { peak: 1e-3, warmUp: 400, decay: 'cosine' },
  ...validation,
};

const practical: TranslationConfig = {
  task: 'translation',
  languages,
  network: {
    decoder: 'conditional',
    cell: 'gru',
    score: 'additive',
    embedding: 256,
    encoderUnits: 384,
    encoderLayers: 1,
    bidirectional: true,
    decoderUnits: 384,
    decoderLayers: 1,
    attention: 384,
    sharedEmbedding: true,
    reverseSource: false,
    dropout: { embedding: 0.1, encoder: 0.1, readout: 0.2 },
  },
  tokenizer: { kind: 'bpe', vocabularySize: 6000 },
  training,
  decoding: { beamSize: 10, lengthPenalty: 1.4 },
};

/** The practical one without attention: a source becomes one vector, which the decoder reads at every step. */
const fixedVector: TranslationConfig = {
  ...practical,
  network: { ...practical.network, decoder: 'cho' },
};

/** A short training of a trained model on yours: its learning rate begins below the first training's. */
const fineTuning: TranslationConfig = {
  ...practical,
  training: {
    ...training,
    steps: 2400,
    learningRate: { peak: 5e-4, warmUp: 100, decay: 'cosine' },
    stepsPerValidation: 800,
  },
};

/** RNNsearch (Bahdanau et al. 2015, section 4.2 and appendices A and B). */
const bahdanau2015: TranslationConfig = {
  ...practical,
  network: {
    ...practical.network,
    decoder: 'bahdanau',
    embedding: 620,
    encoderUnits: 1000,
    decoderUnits: 1000,
    attention: 1000,
    sharedEmbedding: false,
    dropout: noDropout,
  },
  tokenizer: { kind: 'word', vocabularySize: 30_000 },
  training: {
    ...training,
    steps: 250_000,
    batchTokens: 80 * 30,
    maximumLength: 50,
    labelSmoothing: 0,
    clip: 1,
    optimizer: adadelta,
    learningRate: steady,
  },
  decoding: { beamSize: 12, lengthPenalty: 1 },
};

/** RNN Encoder-Decoder (Cho et al. 2014, section 4 and appendix A), with the sizes that Bahdanau et al. 2015 gave it. */
const cho2014: TranslationConfig = {
  ...bahdanau2015,
  network: { ...bahdanau2015.network, decoder: 'cho', bidirectional: false },
};

/** Stacked LSTMs over a reversed source (Sutskever et al. 2014, section 3.4). */
const sutskever2014: TranslationConfig = {
  ...bahdanau2015,
  network: {
    ...bahdanau2015.network,
    decoder: 'sutskever',
    cell: 'lstm',
    embedding: 1000,
    encoderLayers: 4,
    decoderLayers: 4,
    bidirectional: false,
    reverseSource: true,
  },
  tokenizer: { kind: 'word', vocabularySize: 160_000 },
  training: {
    ...bahdanau2015.training,
    batchTokens: 128 * 30,
    clip: 5,
    optimizer: { kind: 'sgd', momentum: 0 },
    learningRate: { ...steady, peak: 0.7 },
  },
};

/** Global dot attention with input feeding (Luong et al. 2015, section 4.1). */
const luong2015: TranslationConfig = {
  ...sutskever2014,
  network: {
    ...sutskever2014.network,
    decoder: 'luong',
    score: 'dot',
    dropout: { embedding: 0.2, encoder: 0.2, readout: 0.2 },
  },
  tokenizer: { kind: 'word', vocabularySize: 50_000 },
  training: { ...sutskever2014.training, learningRate: steady },
  decoding: { beamSize: 10, lengthPenalty: 1 },
};

/** Small enough to train in a minute or two: for `syntheticDates` and first trials. */
const small: TranslationConfig = {
  ...practical,
  network: {
    ...practical.network,
    decoder: 'bahdanau',
    embedding: 48,
    encoderUnits: 64,
    decoderUnits: 96,
    attention: 64,
    dropout: { embedding: 0.05, encoder: 0.05, readout: 0.05 },
  },
  tokenizer: { kind: 'character', vocabularySize: 200 },
  training: {
    ...training,
    steps: 900,
    batchTokens: 1600,
    labelSmoothing: 0,
    learningRate: { peak: 4e-3, warmUp: 50, decay: 'cosine' },
    stepsPerValidation: 300,
    validationSentences: 200,
  },
  decoding: { beamSize: 5, lengthPenalty: 1 },
};

/** Named configurations: the papers', practical ones with and without attention, and a small one. */
export const translationPresets = {
  practical,
  'fixed-vector': fixedVector,
  fineTuning,
  small,
  bahdanau2015,
  luong2015,
  sutskever2014,
  cho2014,
} as const;
export type TranslationPreset = keyof typeof translationPresets;
