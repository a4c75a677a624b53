import { adam } from '@heed/training';
import type { CaptioningConfig, FeaturesConfig } from './config.js';

const noReinforce = { weight: 0, entropy: 0, softShare: 0 };

const mobileNet = {
  kind: 'features',
  imageSize: 224,
  pixelRange: [-1, 1],
} satisfies Partial<FeaturesConfig>;

/** 196 places of 512 values, as the features of the paper are (VGG's, before its last pooling). */
const mobileNetV1: FeaturesConfig = {
  ...mobileNet,
  network: 'MobileNet v1 1.0 224, ImageNet, as a TensorFlow.js graph model',
  node: 'MobilenetV1/MobilenetV1/Conv2d_11_pointwise/Relu6',
  rows: 14,
  columns: 14,
  channels: 512,
};

const mobileNetV2: FeaturesConfig = {
  ...mobileNet,
  network: 'MobileNet v2 1.0 224, ImageNet, as a TensorFlow.js graph model',
  node: 'MobilenetV2/Conv_1/Relu6',
  rows: 7,
  columns: 7,
  channels: 1280,
};

const training: CaptioningConfig['training'] = {
  steps: 4000,
  batchSize: 64,
  maximumLength: 30,
  labelSmoothing: 0.1,
  doublyStochastic: 1,
  reinforce: noReinforce,
  clip: 5,
  optimizer: adam,
  learningRate: { peak: 1e-3, warmUp: 200, decay: 'cosine' },
  stepsPerValidation: 500,
  validationImages: 500,
  metric: 'cider',
  patience: 4,
};

const practical: CaptioningConfig = {
  task: 'image-captioning',
  encoder: mobileNetV2,
  network: {
    attention: 'soft',
    values: 512,
    embedding: 300,
    units: 512,
    score: 256,
    gate: true,
    dropout: { features: 0.3, embedding: 0.4, readout: 0.5 },
  },
  tokenizer: { kind: 'word', vocabularySize: 3000 },
  // Of 49 places, with the paper's 1 the penalty is larger than what there is to learn, and spreads all attention.
  training: { ...training, doublyStochastic: 0.02, averageDecay: 0.998, views: 4 },
  decoding: { beamSize: 5, lengthPenalty: 0.7 },
};

/** For a model to start from: its own captions, judged by CIDEr-D and BLEU, are what it goes on learning from. */
const selfCritical: CaptioningConfig = {
  ...practical,
  network: { ...practical.network, dropout: { features: 0, embedding: 0, readout: 0 } },
  training: {
    ...practical.training,
    steps: 2400,
    batchSize: 80,
    // A batch takes as long as its longest sample; of people's captions one in forty is longer.
    maximumLength: 20,
    selfCritical: { samples: 5, bleu: 2 },
    labelSmoothing: 0,
    doublyStochastic: 0,
    averageDecay: 0.99,
    learningRate: { peak: 1e-4, warmUp: 50, decay: 'cosine' },
    stepsPerValidation: 100,
    patience: 100,
  },
  decoding: { beamSize: 10, lengthPenalty: 0.7 },
};

/** The practical one that sees the mean of all places at every step, and cannot choose among them. */
const noAttention: CaptioningConfig = {
  ...practical,
  network: { ...practical.network, attention: 'none' },
};

/** The practical one with hard attention. */
const practicalHard: CaptioningConfig = {
  ...practical,
  network: { ...practical.network, attention: 'hard' },
  training: { ...practical.training, reinforce: { weight: 0.1, entropy: 0.002, softShare: 0.5 } },
};

/**
 * Deterministic soft attention (Xu et al. 2015, sections 4.2 and 5), with the sizes of the published code (of its
 * defaults for the LSTM, of its example for the rest) and Adam, which the paper takes for Flickr30k and COCO. The
 * network under it is MobileNet in the place of VGG.
 */
const xu2015Soft: CaptioningConfig = {
  ...practical,
  encoder: mobileNetV1,
  network: {
    attention: 'soft',
    values: 0,
    embedding: 512,
    units: 1000,
    score: 512,
    gate: true,
    dropout: { features: 0, embedding: 0, readout: 0.5 },
  },
  tokenizer: { kind: 'word', vocabularySize: 10_000 },
  training: {
    ...training,
    steps: 6000,
    maximumLength: 100,
    labelSmoothing: 0,
    clip: 10,
    learningRate: { peak: 2e-4, warmUp: 0, decay: 'none' },
    metric: 'bleu4',
    patience: 10,
  },
  decoding: { beamSize: 5, lengthPenalty: 0 },
};

/** Stochastic hard attention (section 4.1), trained by REINFORCE; half of the captions with the expectation. */
const xu2015Hard: CaptioningConfig = {
  ...xu2015Soft,
  network: { ...xu2015Soft.network, attention: 'hard' },
  training: {
    ...xu2015Soft.training,
    reinforce: practicalHard.training.reinforce,
  },
};

/** For `syntheticScenes`: a small network of our own, trained with the decoder. */
const scenes: CaptioningConfig = {
  ...practical,
  encoder: {
    kind: 'convolutional',
    imageSize: 64,
    layers: [
      { filters: 16, width: 3, stride: 2 },
      { filters: 32, width: 3, stride: 1 },
      { filters: 48, width: 3, stride: 2 },
      { filters: 64, width: 3, stride: 2 },
    ],
  },
  network: {
    ...practical.network,
    values: 0,
    embedding: 48,
    units: 128,
    score: 64,
    dropout: { features: 0, embedding: 0, readout: 0 },
  },
  tokenizer: { kind: 'word', vocabularySize: 40 },
  training: {
    ...training,
    steps: 3000,
    batchSize: 32,
    maximumLength: 16,
    labelSmoothing: 0,
    doublyStochastic: 0,
    clip: 1,
    learningRate: { peak: 2e-3, warmUp: 100, decay: 'cosine' },
    stepsPerValidation: 500,
    validationImages: 200,
    patience: 100,
  },
  decoding: { beamSize: 1, lengthPenalty: 0 },
};

/** The same with hard attention. */
const scenesHard: CaptioningConfig = {
  ...scenes,
  network: { ...scenes.network, attention: 'hard' },
  training: { ...scenes.training, reinforce: practicalHard.training.reinforce },
};

/** Named configurations: the paper's, practical ones with soft, hard and no attention, and two for scenes. */
export const captioningPresets = {
  practical,
  'self-critical': selfCritical,
  'practical-hard': practicalHard,
  'no-attention': noAttention,
  'xu2015-soft': xu2015Soft,
  'xu2015-hard': xu2015Hard,
  scenes,
  'scenes-hard': scenesHard,
} as const;
export type CaptioningPreset = keyof typeof captioningPresets;
