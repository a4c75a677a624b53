import { ensembleStep, type Hypothesis, type Memory, type ModelSource } from '@heed/attention-core';
import { type Compiled, compile, leaves, randomSource } from '@heed/backend';
import { groupWords, type Tokenizer } from '@heed/text';
import { type Ensemble, modelOfFiles, networksOf, readTaskModel, TaskSearch, together } from '@heed/training';
import { type AttentionTrace, mergeTokens } from '@heed/visualization';
import * as tf from '@tensorflow/tfjs-core';
import type { CaptionState } from './caption-decoder.js';
import {
  attends,
  type CaptioningConfig,
  type EncoderConfig,
  type NetworkConfig,
  parseCaptioningConfig,
} from './config.js';
import { type FeatureExtractor, featuresMissing, openExtractor } from './feature-extractor.js';
import { PLAIN_RANGE, picturesToTensor } from './image-tensors.js';
import { CaptionModel, type EncodedImage, gridOf, type ImageTensor, imageShape } from './model.js';
import type { Picture } from './picture.js';

export interface LoadCaptionerOptions {
  /**
   * Of models that caption the features of another network: that network, a folder or URL with a TensorFlow.js
   * model's model.json. The captioner owns an extractor that it is given.
   */
  readonly features?: string | URL | ModelSource | FeatureExtractor;
}

export interface CaptionOptions {
  /** Default: the model's own. */
  readonly beamSize?: number;
  /** alpha of Wu et al. 2016, equation 14. Default: the model's own. */
  readonly lengthPenalty?: number;
  /** The most captions of an image, at most `beamSize`. Default 1. */
  readonly nBest?: number;
}

/** One caption of one image. */
export interface Caption {
  readonly text: string;
  readonly tokens: readonly string[];
  /** Log-probability divided by the length penalty: the higher the better. */
  readonly score: number;
  /** Where each word of the caption looked; absent for models without attention. */
  readonly attention?: AttentionTrace<'image'>;
}

/** In tokens. */
const LONGEST_CAPTION = 40;
/** Images that are searched together. */
const BATCH_IMAGES = 32;

/** Of fields of the configuration, the number of values of one matrix each that the model has at least because of them. */
function leastSizes(
  { encoder, network, ensemble = [] }: CaptioningConfig,
  vocabulary: number,
): Record<string, number> {
  const [, channels] = encoder.kind === 'features' ? imageShape(encoder) : [];
  const ofNetwork = (one: NetworkConfig, field: string) => ({
    [`${field}.embedding`]: vocabulary * one.embedding,
    [`${field}.units`]: 4 * one.units ** 2,
    [`${field}.values`]: one.values * (channels ?? 1),
    [`${field}.score`]: attends(one) ? one.score * one.units : 0,
  });
  return Object.assign(
    ofNetwork(network, 'network'),
    ...ensemble.map((other, i) => ofNetwork(other, `ensemble.${i}`)),
    {
      'encoder.channels': (channels ?? 0) * (network.values || network.units),
      'encoder.layers': encoder.kind === 'convolutional' ? convolutions(encoder) : 0,
    },
  );
}

function convolutions({ layers }: Extract<EncoderConfig, { kind: 'convolutional' }>): number {
  return layers.reduce(
    (sum, { filters, width }, i) => sum + filters * width ** 2 * (layers[i - 1]?.filters ?? 3),
    0,
  );
}

function build(
  { encoder, network, ensemble = [] }: CaptioningConfig,
  vocabulary: number,
  random: () => number,
): CaptionModel | Ensemble<CaptionModel> {
  const make = (network: NetworkConfig) => new CaptionModel({ encoder, network }, vocabulary, random);
  return together([make(network), ...ensemble.map(make)]);
}

/** A captioning model with all that it takes to use it. */
export class ImageCaptioner {
  /** For each network. */
  private readonly encode: Compiled<(images: ImageTensor) => EncodedImage[]>;
  private readonly searches: TaskSearch<CaptionState[], Memory[]>;

  /**
   * @param extractor of models that caption another network's features; without, it captions features alone
   * @param name what traces call the model
   */
  constructor(
    readonly config: CaptioningConfig,
    readonly tokenizer: Tokenizer,
    readonly model: CaptionModel | Ensemble<CaptionModel>,
    readonly extractor?: FeatureExtractor,
    readonly name = 'captioning model',
  ) {
    const sizes = [['B', ...imageShape(config.encoder)]];
    const networks = networksOf(model);
    const encode = (images: ImageTensor) => networks.map((network) => network.encode(images));
    this.encode = compile((images: ImageTensor) => tf.tidy(() => encode(images)), { sizes });
    this.searches = new TaskSearch(
      ensembleStep(networks.map((network) => network.step.bind(network))),
      tokenizer.vocabulary,
      { open: ['B'], minimumLength: 1 },
    );
  }

  /** A new model with random weights. */
  static create(
    config: CaptioningConfig,
    tokenizer: Tokenizer,
    seed: number,
    extractor?: FeatureExtractor,
  ): ImageCaptioner {
    const model = build(config, tokenizer.vocabulary.size, randomSource(seed));
    return new ImageCaptioner(config, tokenizer, model, extractor);
  }

  /**
   * Loads a trained model.
   *
   * @param from a folder, a URL, or a package such as `@heed/image-captioning-scenes`
   * @throws ModelFileError naming the file and what is wrong with it; Error if the model needs `features`, with where
   *   they come from, or has no use for them
   */
  static async load(
    from: string | URL | ModelSource,
    { features }: LoadCaptionerOptions = {},
  ): Promise<ImageCaptioner> {
    const files = await readTaskModel(from, parseCaptioningConfig);
    const { config, tokenizer, name } = files;
    const extractor = await openExtractor(config.encoder, features, name);
    const { size } = tokenizer.vocabulary;
    try {
      const model = modelOfFiles(files, leastSizes(config, size), () => build(config, size, () => 0.5));
      return new ImageCaptioner(config, tokenizer, model, extractor, name);
    } catch (error) {
      extractor?.dispose();
      throw error;
    }
  }

  /** Whether captions say where the model looked. */
  get attends(): boolean {
    return attends(this.config.network);
  }

  /** Side of the images that the model reads, in pixels: pictures of another size are resized. */
  get imageSize(): number {
    return this.config.encoder.imageSize;
  }

  /** The best caption of a picture. */
  async caption(picture: Picture, options: Omit<CaptionOptions, 'nBest'> = {}): Promise<Caption> {
    const [[best] = []] = await this.captionAll([picture], options);
    return best as Caption;
  }

  /** @returns for each picture its best captions, best first; one if `nBest` is not given */
  async captionAll(pictures: readonly Picture[], options: CaptionOptions = {}): Promise<Caption[][]> {
    const captions: Caption[][] = [];
    for (let first = 0; first < pictures.length; first += BATCH_IMAGES) {
      const batch = pictures.slice(first, first + BATCH_IMAGES);
      const found = await this.captionTensor(this.look(batch), options, batch);
      captions.push(...found);
    }
    return captions;
  }

  /**
   * Captions of images in the form that the model reads: features, or pixels.
   *
   * @param images [N, ...]; disposed here
   * @param pictures what traces show, where it is known
   */
  async captionTensor(
    images: ImageTensor,
    options: CaptionOptions = {},
    pictures: readonly Picture[] = [],
  ): Promise<Caption[][]> {
    let encoded: EncodedImage[] = [];
    try {
      encoded = this.encode(images);
      const found = await this.searches.search(
        { ...searched(encoded), maximumLength: LONGEST_CAPTION },
        { ...this.config.decoding, nBest: 1, ...options },
      );
      return found.map((ofImage, i) => ofImage.map((hypothesis) => this.present(hypothesis, pictures[i])));
    } finally {
      // What is attended to may be the images themselves.
      tf.dispose([images, ...leaves(encoded)]);
    }
  }

  /**
   * Captions of images that are drawn as the model thinks them probable, not searched for.
   *
   * @param images [N, ...]; disposed here
   * @param options how many samples of each image; seeds, one an image: with the same one an image has the same samples;
   *   the most tokens of a sample
   * @returns of each image, the tokens of each sample, without begin and end
   */
  async sampleTensor(
    images: ImageTensor,
    { samples, ...options }: { samples: number; seeds: readonly number[]; maximumLength: number },
  ): Promise<number[][][]> {
    let encoded: EncodedImage[] = [];
    try {
      encoded = this.encode(images);
      const drawn = await this.searches.sample({ ...searched(encoded), ...options }, samples);
      return drawn.map((ofImage) => ofImage.map(({ tokens }) => tokens));
    } finally {
      tf.dispose([images, ...leaves(encoded)]);
    }
  }

  /** Frees the model, its graphs and the network under it. */
  dispose(): void {
    this.encode.dispose();
    this.searches.dispose();
    this.model.dispose();
    this.extractor?.dispose();
  }

  private look(pictures: readonly Picture[]): ImageTensor {
    const { encoder } = this.config;
    if (encoder.kind === 'convolutional') return picturesToTensor(pictures, encoder.imageSize, PLAIN_RANGE);
    if (!this.extractor) throw new Error(featuresMissing(encoder.network, this.name));
    return this.extractor.extract(pictures);
  }

  private present({ tokens: ids, score, weights }: Hypothesis, picture: Picture | undefined): Caption {
    const text = this.tokenizer.decode(ids).trim();
    const tokens = ids.map((id) => this.tokenizer.vocabulary.tokenOf(id));
    if (!this.attends) return { text, tokens, score };
    const grid = gridOf(this.config.encoder);
    const places = grid.rows * grid.columns;
    const words = groupWords(tokens);
    const { width, height } = picture?.preview ??
      picture ?? { width: this.imageSize, height: this.imageSize };
    const attention: AttentionTrace<'image'> = {
      version: 1,
      task: 'image-captioning',
      input: {
        kind: 'image',
        width,
        height,
        grid,
        ...(picture?.preview && { data: picture.preview.url }),
        ...(picture?.name !== undefined && { name: picture.name }),
      },
      output: { text, tokens: words.map((word) => word.text) },
      weights: mergeTokens(
        weights.map((row) => Array.from(row.subarray(0, places))),
        {
          inputs: Array.from({ length: places }, (_, place) => [place]),
          outputs: words.map((w) => w.tokens),
        },
      ),
      ...(this.config.network.gate && {
        gates: words.map(({ tokens: pieces }) =>
          mean(pieces.map((piece) => weights[piece]?.[places] as number)),
        ),
      }),
      score,
      model: this.name,
    };
    return { text, tokens, score, attention };
  }
}

/** What the networks of a model made of the images, as search takes it. */
const searched = (encoded: readonly EncodedImage[]) => ({
  state: encoded.map(({ state }) => state),
  constants: encoded.map(({ memory }) => memory),
});

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
