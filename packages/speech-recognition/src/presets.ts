import { adam } from '@heed/training';
import type { SpeechConfig } from './config.js';

const location = { filters: 10, width: 25 };
const noSpecAugment = { frequencyMasks: 0, frequencyWidth: 0, timeMasks: 0, timeShare: 0 };

const practical: SpeechConfig = {
  task: 'speech-recognition',
  symbols: 'text',
  features: { kind: 'log-mel', filters: 40, energy: true, deltas: 0, normalization: 'utterance' },
  network: {
    encoder: {
      subsampling: {
        kind: 'convolutional',
        layers: [
          { filters: 128, width: 7, stride: 2 },
          { filters: 192, width: 5, stride: 2 },
        ],
      },
      cell: 'gru',
      units: 192,
      layers: 3,
      dropout: 0.25,
    },
    decoder: {
      cell: 'gru',
      score: 'location',
      location,
      normalizer: 'softmax',
      embedding: 64,
      units: 192,
      attention: 128,
      dropout: { embedding: 0.1, readout: 0.2 },
    },
  },
  tokenizer: { kind: 'character', vocabularySize: 100 },
  training: {
    steps: 7000,
    batchFrames: 5000,
    maximumSeconds: 20,
    maximumLength: 300,
    speeds: [0.9, 1, 1.1],
    specAugment: { frequencyMasks: 2, frequencyWidth: 8, timeMasks: 2, timeShare: 0.1 },
    ctcWeight: 0.4,
    labelSmoothing: 0.1,
    clip: 5,
    averageDecay: 0.999,
    optimizer: adam,
    learningRate: { peak: 1.5e-3, warmUp: 300, decay: 'cosine' },
    stepsPerValidation: 500,
    validationUtterances: 100,
    patience: 12,
  },
  decoding: { beamSize: 8, lengthPenalty: 0, ctcWeight: 0.4 },
};

/** The practical one, of phonemes. */
const phonemes: SpeechConfig = {
  ...practical,
  symbols: 'phonemes',
  tokenizer: { kind: 'word', vocabularySize: 100 },
  training: { ...practical.training, steps: 4000, joined: 3 },
};

/** The one of phonemes with attention that does not know where it was: what `phonemes` is measured against. */
const phonemesContent: SpeechConfig = {
  ...phonemes,
  network: { ...phonemes.network, decoder: { ...withoutLocation(phonemes), score: 'additive' } },
};

function withoutLocation({ network }: SpeechConfig): Omit<SpeechConfig['network']['decoder'], 'location'> {
  const { location: _, ...decoder } = network.decoder;
  return decoder;
}

const { averageDecay: _, ...withoutAverage } = practical.training;

/**
 * Content attention (Chorowski et al. 2015, sections 2.1 and 4): three layers of 256 GRU cells each way over all frames,
 * a decoder of 256 and an inner layer of 512, trained by AdaDelta with the norms of the weights' columns at most 1.
 * TIMIT's 61 phones are written and scored as 39.
 */
const chorowski2015Content: SpeechConfig = {
  ...phonemesContent,
  symbols: 'timit-61',
  features: { kind: 'log-mel', filters: 40, energy: true, deltas: 2, normalization: 'speaker' },
  network: {
    encoder: { subsampling: { kind: 'none' }, cell: 'gru', units: 256, layers: 3, dropout: 0 },
    decoder: {
      cell: 'gru',
      score: 'additive',
      normalizer: 'softmax',
      embedding: 64,
      units: 256,
      attention: 512,
      dropout: { embedding: 0, readout: 0 },
    },
  },
  training: {
    ...withoutAverage,
    steps: 40_000,
    batchFrames: 3000,
    speeds: [1],
    specAugment: noSpecAugment,
    ctcWeight: 0,
    labelSmoothing: 0,
    clip: 1,
    columnNorm: 1,
    optimizer: { kind: 'adadelta', rho: 0.95, epsilon: 1e-8 },
    learningRate: { peak: 1, warmUp: 0, decay: 'none' },
    stepsPerValidation: 1000,
    validationUtterances: 400,
    patience: 10,
  },
  decoding: { beamSize: 10, lengthPenalty: 0, ctcWeight: 0 },
};

/** With the weights of the step before seen through filters (section 2.2, equations 8 and 9). */
const chorowski2015Location: SpeechConfig = {
  ...chorowski2015Content,
  network: {
    ...chorowski2015Content.network,
    decoder: {
      ...chorowski2015Content.network.decoder,
      score: 'location',
      location: { filters: 10, width: 201 },
    },
  },
};

/** And with sigmoids in the place of the softmax ("Score Normalization", smoothing). */
const chorowski2015Smooth: SpeechConfig = {
  ...chorowski2015Location,
  network: {
    ...chorowski2015Location.network,
    decoder: { ...chorowski2015Location.network.decoder, normalizer: 'smoothing' },
  },
};

/**
 * The second stage of the paper's training, without the constraint and with smaller steps: for a model to start from, of
 * which it keeps the network.
 */
const chorowski2015Annealed: SpeechConfig = {
  ...chorowski2015Location,
  training: {
    ...chorowski2015Location.training,
    steps: 10_000,
    optimizer: { kind: 'adadelta', rho: 0.95, epsilon: 1e-10 },
  },
};

/** For `syntheticTones`: small enough to train in a minute or two. */
const tones: SpeechConfig = {
  ...phonemes,
  network: {
    encoder: {
      subsampling: {
        kind: 'convolutional',
        layers: [
          { filters: 32, width: 5, stride: 2 },
          { filters: 32, width: 3, stride: 2 },
        ],
      },
      cell: 'gru',
      units: 48,
      layers: 1,
      dropout: 0.05,
    },
    decoder: {
      cell: 'gru',
      score: 'location',
      location: { filters: 8, width: 9 },
      normalizer: 'softmax',
      embedding: 24,
      units: 64,
      attention: 32,
      dropout: { embedding: 0, readout: 0.05 },
    },
  },
  tokenizer: { kind: 'word', vocabularySize: 20 },
  training: {
    ...practical.training,
    steps: 600,
    batchFrames: 3000,
    speeds: [1],
    specAugment: noSpecAugment,
    labelSmoothing: 0,
    averageDecay: 0.99,
    learningRate: { peak: 4e-3, warmUp: 50, decay: 'cosine' },
    stepsPerValidation: 150,
    validationUtterances: 100,
    patience: 10,
  },
  decoding: { beamSize: 5, lengthPenalty: 0, ctcWeight: 0.3 },
};

/** Named configurations: practical ones of characters and phonemes, the paper's, and one for tones. */
export const speechPresets = {
  practical,
  phonemes,
  'phonemes-content': phonemesContent,
  'chorowski2015-content': chorowski2015Content,
  'chorowski2015-location': chorowski2015Location,
  'chorowski2015-smooth': chorowski2015Smooth,
  'chorowski2015-annealed': chorowski2015Annealed,
  tones,
} as const;
export type SpeechPreset = keyof typeof speechPresets;
