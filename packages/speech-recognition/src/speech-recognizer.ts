import type { Hypothesis, ModelSource } from '@heed/attention-core';
import { type Compiled, compile, leaves, randomSource } from '@heed/backend';
import type { Tokenizer } from '@heed/text';
import { modelOfFiles, readTaskModel } from '@heed/training';
import type { AttentionTrace } from '@heed/visualization';
import * as tf from '@tensorflow/tfjs-core';
import { toSpeechFrames } from './batches.js';
import { parseSpeechConfig, type SpeechConfig, type WindowConfig } from './config.js';
import type { FeatureMatrix } from './features/feature-matrix.js';
import { normalizeFeatures } from './features/normalize-features.js';
import { featureWidth, speechFeatures } from './features/speech-features.js';
import { createSpeechSearch, type SpeechSearch } from './joint-search.js';
import { type EncodedSpeech, type SpeechFrames, SpeechModel, speechFrameSizes } from './model.js';
import type { Recording } from './recording.js';
import { framesPerPlace } from './speech-encoder.js';
import { spectrogramOf, speechTrace } from './speech-trace.js';

export interface LoadRecognizerOptions {
  /**
   * Where a step may look, in the place of what the model was trained with: windows have nothing to learn, and long
   * recordings may need one (Chorowski et al. 2015, "Score Normalization").
   */
  readonly window?: WindowConfig;
}

export interface RecognizeOptions {
  /** Default: the model's own. */
  readonly beamSize?: number;
  /** alpha of Wu et al. 2016, equation 14. Default: the model's own. */
  readonly lengthPenalty?: number;
  /** λ of Watanabe et al. 2017, in joint decoding: how much CTC's prefix score counts. Default: the model's own. */
  readonly ctcWeight?: number;
  /** The most answers to a recording, at most `beamSize`. Default 1. */
  readonly nBest?: number;
}

/** What was heard in a recording. */
export interface Recognition {
  /** Words, or phonemes with a space between. */
  readonly text: string;
  readonly tokens: readonly string[];
  /** Log-probability divided by the length penalty: the higher the better. */
  readonly score: number;
  /** In which frames each symbol was heard. */
  readonly attention: AttentionTrace<'audio'>;
}

/** Recordings that are searched together, and the most frames of them, padding included. */
const BATCH_RECORDINGS = 32;
const BATCH_FRAMES = 16_000;

/** Of fields of a configuration, the number of values of one matrix each that the model has at least because of them. */
function leastSizes({ features, network }: SpeechConfig, vocabulary: number): Record<string, number> {
  const { encoder, decoder } = network;
  const { subsampling } = encoder;
  const [first, ...others] = subsampling.kind === 'convolutional' ? subsampling.layers : [];
  const { location } = decoder;
  return {
    'network.encoder.units': encoder.layers * encoder.units ** 2,
    'network.encoder.subsampling': first
      ? others.reduce((sum, { filters, width }) => sum + filters * width, first.filters * first.width)
      : 0,
    'network.decoder.embedding': vocabulary * decoder.embedding,
    'network.decoder.units': decoder.units ** 2,
    'network.decoder.attention': decoder.attention * decoder.units,
    'network.decoder.location': location ? location.filters * location.width : 0,
    features: featureWidth(features),
  };
}

/** A model of speech with all that it takes to use it. */
export class SpeechRecognizer {
  /** How many frames of 10 ms become one place to attend to. */
  readonly framesPerPlace: number;
  private readonly encode: Compiled<(heard: SpeechFrames) => EncodedSpeech>;
  private readonly searches = new Map<number, SpeechSearch>();

  /** @param name what traces call the model */
  constructor(
    readonly config: SpeechConfig,
    readonly tokenizer: Tokenizer,
    readonly model: SpeechModel,
    readonly name = 'speech model',
  ) {
    this.framesPerPlace = framesPerPlace(config.network.encoder);
    this.encode = compile((heard: SpeechFrames) => tf.tidy(() => model.encode(heard)), {
      sizes: [speechFrameSizes(config.features)],
    });
  }

  /** A new model with random weights. */
  static create(config: SpeechConfig, tokenizer: Tokenizer, seed: number): SpeechRecognizer {
    const model = new SpeechModel(config, tokenizer.vocabulary.size, randomSource(seed));
    return new SpeechRecognizer(config, tokenizer, model);
  }

  /**
   * Loads a trained model.
   *
   * @param from a folder, a URL, or a package
   * @throws ModelFileError naming the file and what is wrong with it
   */
  static async load(
    from: string | URL | ModelSource,
    { window }: LoadRecognizerOptions = {},
  ): Promise<SpeechRecognizer> {
    const files = await readTaskModel(from, parseSpeechConfig);
    const { tokenizer, name } = files;
    const config = window ? withWindow(files.config, window) : files.config;
    const { size } = tokenizer.vocabulary;
    const model = modelOfFiles(
      files,
      leastSizes(config, size),
      () => new SpeechModel(config, size, () => 0.5),
    );
    return new SpeechRecognizer(config, tokenizer, model, name);
  }

  /** The best answer to a recording. */
  async recognize(recording: Recording, options: Omit<RecognizeOptions, 'nBest'> = {}): Promise<Recognition> {
    const [[best] = []] = await this.recognizeAll([recording], options);
    return best as Recognition;
  }

  /**
   * What was said in recordings, each by itself, in the order given.
   *
   * @returns for each its best answers, best first; one if `nBest` is not given
   * @throws if a recording is shorter than 25 ms, or holds what is not a number, with its name
   */
  async recognizeAll(
    recordings: readonly Recording[],
    options: RecognizeOptions = {},
  ): Promise<Recognition[][]> {
    const features = recordings.map((recording) => {
      const matrix = speechFeatures(recording, this.config.features);
      normalizeFeatures([matrix]);
      return matrix;
    });
    return this.recognizeFeatures(features, options, recordings);
  }

  /**
   * The same of features that are normalised already, as those of a speaker together are.
   *
   * @param recordings what traces show, where it is known
   */
  async recognizeFeatures(
    features: readonly FeatureMatrix[],
    options: RecognizeOptions = {},
    recordings: readonly Recording[] = [],
  ): Promise<Recognition[][]> {
    const results: Recognition[][] = features.map(() => []);
    for (const batch of inBatches(features)) {
      const found = await this.search(
        batch.map((i) => features[i] as FeatureMatrix),
        options,
      );
      batch.forEach((i, row) => {
        results[i] = (found[row] as Hypothesis[]).map((hypothesis) =>
          this.present(hypothesis, features[i] as FeatureMatrix, recordings[i]),
        );
      });
    }
    return results;
  }

  /** Frees the model and its graphs. */
  dispose(): void {
    this.encode.dispose();
    for (const search of this.searches.values()) search.dispose();
    this.model.dispose();
  }

  private async search(
    features: readonly FeatureMatrix[],
    { ctcWeight, ...options }: RecognizeOptions,
  ): Promise<Hypothesis[][]> {
    const weight = ctcWeight ?? this.config.decoding.ctcWeight;
    if (!(weight >= 0 && weight < 1)) {
      throw new Error(`ctcWeight is ${weight}: expected a number from 0, and below 1`);
    }
    const search =
      this.searches.get(weight) ?? createSpeechSearch(this.model, this.tokenizer.vocabulary, weight);
    this.searches.set(weight, search);
    const heard = toSpeechFrames(features);
    let encoded: EncodedSpeech | undefined;
    try {
      encoded = this.encode(heard);
      tf.dispose(leaves(heard));
      const lengths = features.map(({ frames }) => Math.ceil(frames / this.framesPerPlace) + 1);
      const { beamSize, lengthPenalty } = this.config.decoding;
      return await search.search(encoded, lengths, { beamSize, lengthPenalty, nBest: 1, ...options });
    } finally {
      tf.dispose([...leaves(heard), ...(encoded ? leaves(encoded) : [])]);
    }
  }

  private present(
    hypothesis: Hypothesis,
    features: FeatureMatrix,
    recording: Recording | undefined,
  ): Recognition {
    const { tokens: ids, score } = hypothesis;
    const text = this.tokenizer.decode(ids).trim();
    const tokens = ids.map((id) => this.tokenizer.vocabulary.tokenOf(id));
    const filled = Math.ceil(features.frames / this.framesPerPlace) * this.framesPerPlace;
    const attention = speechTrace(hypothesis, tokens, text, {
      features,
      framesPerPlace: this.framesPerPlace,
      ...(recording && { spectrogram: spectrogramOf(recording, this.config.features, filled) }),
      name: recording?.name,
      model: this.name,
    });
    return { text, tokens, score, attention };
  }
}

function withWindow(config: SpeechConfig, window: WindowConfig): SpeechConfig {
  const { encoder, decoder } = config.network;
  return { ...config, network: { encoder, decoder: { ...decoder, window } } };
}

/** The numbers of the matrices, the longest first, as many as go together. */
function inBatches(features: readonly FeatureMatrix[]): number[][] {
  const frames = (i: number) => (features[i] as FeatureMatrix).frames;
  const batches: number[][] = [];
  for (const i of features.map((_, i) => i).sort((a, b) => frames(b) - frames(a))) {
    const batch = batches.at(-1);
    const fits =
      batch &&
      batch.length < BATCH_RECORDINGS &&
      (batch.length + 1) * frames(batch[0] as number) <= BATCH_FRAMES;
    if (fits) batch.push(i);
    else batches.push([i]);
  }
  return batches;
}
