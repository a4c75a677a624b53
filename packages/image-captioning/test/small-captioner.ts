import { type Tokenizer, trainWordTokenizer } from '@heed/text';
import type { CaptioningConfig } from '../src/index.js';
import { captioningPresets, ImageCaptioner } from '../src/index.js';

type Network = CaptioningConfig['network'];

export const attentions: readonly Network['attention'][] = ['soft', 'hard', 'none'];

export const words: Tokenizer = trainWordTokenizer(
  ['a large red circle above a small blue square', 'a green cross left of a yellow triangle'],
  { vocabularySize: 40 },
);

/** An encoder of our own: 2 x 2 places of 7 channels, of images of 12 pixels. */
export const tinyEncoder: CaptioningConfig['encoder'] = {
  kind: 'convolutional',
  imageSize: 12,
  layers: [
    { filters: 5, width: 3, stride: 2 },
    { filters: 7, width: 3, stride: 3 },
  ],
};

/** Features of a network that nobody has: 3 x 2 places of 9 channels. */
export const tinyFeatures: CaptioningConfig['encoder'] = {
  kind: 'features',
  network: 'a network',
  node: 'map',
  imageSize: 6,
  pixelRange: [0, 1],
  rows: 3,
  columns: 2,
  channels: 9,
};

export const noDropout = { features: 0, embedding: 0, readout: 0 };

/** Widths that are all different. */
export function smallConfig(
  changes: Partial<Network> = {},
  encoder: CaptioningConfig['encoder'] = tinyEncoder,
): CaptioningConfig {
  const { scenes } = captioningPresets;
  return {
    ...scenes,
    encoder,
    network: { ...scenes.network, embedding: 6, units: 8, score: 4, ...changes },
    training: { ...scenes.training, doublyStochastic: 1 },
    decoding: { beamSize: 3, lengthPenalty: 1 },
  };
}

export const smallCaptioner = (
  changes: Partial<Network> = {},
  encoder: CaptioningConfig['encoder'] = tinyEncoder,
  seed = 1,
) => ImageCaptioner.create(smallConfig(changes, encoder), words, seed);
