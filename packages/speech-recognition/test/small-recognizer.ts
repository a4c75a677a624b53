import { type Tokenizer, trainWordTokenizer } from '@heed/text';
import {
  type FeatureMatrix,
  type SpeechConfig,
  SpeechRecognizer,
  speechPresets,
  syntheticTones,
} from '../src/index.js';

type Encoder = SpeechConfig['network']['encoder'];
type Decoder = SpeechConfig['network']['decoder'];

export const symbols: Tokenizer = trainWordTokenizer(
  syntheticTones({ count: 30, seed: 1 }).map(({ phonemes }) => phonemes),
  { vocabularySize: 12 },
);

export const subsamplings: readonly Encoder['subsampling'][] = [
  { kind: 'none' },
  {
    kind: 'convolutional',
    layers: [
      { filters: 5, width: 3, stride: 2 },
      { filters: 4, width: 3, stride: 2 },
    ],
  },
  { kind: 'pyramidal' },
];

export const noMasks = { frequencyMasks: 0, frequencyWidth: 0, timeMasks: 0, timeShare: 0 };

/** Widths that are all different. */
export function smallConfig({
  encoder = {},
  decoder = {},
  training = {},
}: {
  encoder?: Partial<Encoder>;
  decoder?: Partial<Decoder>;
  training?: Partial<SpeechConfig['training']>;
} = {}): SpeechConfig {
  const { tones } = speechPresets;
  return {
    ...tones,
    features: { kind: 'log-mel', filters: 12, energy: true, deltas: 1, normalization: 'utterance' },
    network: {
      encoder: { ...tones.network.encoder, units: 6, layers: 2, dropout: 0, ...encoder },
      decoder: {
        ...tones.network.decoder,
        location: { filters: 3, width: 5 },
        embedding: 7,
        units: 8,
        attention: 9,
        dropout: { embedding: 0, readout: 0 },
        ...decoder,
      },
    },
    training: { ...tones.training, specAugment: noMasks, ...training },
    decoding: { beamSize: 3, lengthPenalty: 1, ctcWeight: training.ctcWeight === 0 ? 0 : 0.3 },
  };
}

export const smallRecognizer = (of: Parameters<typeof smallConfig>[0] = {}): SpeechRecognizer =>
  SpeechRecognizer.create(smallConfig(of), symbols, 1);

/** Features as a small model reads them, drawn by code. */
export function someFeatures(frames: number, seed: number, width = 26): FeatureMatrix {
  const values = Float32Array.from({ length: frames * width }, (_, i) => Math.sin(seed + 1.7 * i + (i % 7)));
  return { frames, width, values };
}
