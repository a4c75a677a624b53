import {
  type BeamStep,
  type DecoderState,
  ensembleStep,
  type Hypothesis,
  type Memory,
  type ModelSource,
} from '@heed/attention-core';
import { type Compiled, compile, leaves, randomSource } from '@heed/backend';
import { groupWords, type Tokenizer } from '@heed/text';
import {
  type Ensemble,
  expectAnswerable,
  modelOfFiles,
  networksOf,
  paddedTokens,
  readTaskModel,
  TaskSearch,
  together,
} from '@heed/training';
import { type AttentionTrace, mergeTokens } from '@heed/visualization';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { attends, type NetworkConfig, parseTranslationConfig, type TranslationConfig } from './config.js';
import { type EncodedSource, TranslationModel } from './model.js';

export interface TranslateOptions {
  /** Default: the model's own. */
  readonly beamSize?: number;
  /** alpha of Wu et al. 2016, equation 14. Default: the model's own. */
  readonly lengthPenalty?: number;
  /** The most translations of a sentence, at most `beamSize`. Default 1. */
  readonly nBest?: number;
  /** Is told what each step of each search kept and gave up. */
  readonly watch?: (step: BeamStep) => void;
}

/** One translation of one sentence. */
export interface Translation {
  readonly text: string;
  readonly tokens: readonly string[];
  /** Log-probability divided by the length penalty: the higher the better. */
  readonly score: number;
  /** Where each word of the translation looked; absent for models without attention and for empty sentences. */
  readonly attention?: AttentionTrace<'tokens'>;
}

/** Longer sentences are refused: in tokens. */
export const LONGEST_SOURCE = 1000;
/** Sentences that are searched together. */
const BATCH_SENTENCES = 64;
const END_SIGN = '</s>';

const longestTranslation = (sourceTokens: number) => Math.ceil(1.5 * sourceTokens) + 10;

/** Of fields of a network, the number of values of one matrix each that the model has at least because of them. */
function leastSizes(network: NetworkConfig, vocabulary: number, field = 'network'): Record<string, number> {
  const { embedding, encoderUnits, encoderLayers, decoderUnits, decoderLayers, attention, score } = network;
  return {
    [`${field}.embedding`]: vocabulary * embedding,
    [`${field}.encoderUnits`]: encoderLayers * encoderUnits ** 2,
    [`${field}.decoderUnits`]: decoderLayers * decoderUnits ** 2,
    [`${field}.attention`]: score === 'additive' && attends(network) ? attention * decoderUnits : 0,
  };
}

function build(
  { network, ensemble = [] }: TranslationConfig,
  vocabulary: number,
  random: () => number,
): TranslationModel | Ensemble<TranslationModel> {
  const make = (network: NetworkConfig) => new TranslationModel(network, vocabulary, random);
  return together([make(network), ...ensemble.map(make)]);
}

/** A translation model with all that it takes to use it. */
export class Translator {
  /** For each network. */
  private readonly encode: Compiled<(source: Tensor2D) => EncodedSource[]>;
  private readonly searches: TaskSearch<DecoderState[], Memory[]>;

  /** @param name what traces call the model */
  constructor(
    readonly config: TranslationConfig,
    readonly tokenizer: Tokenizer,
    readonly model: TranslationModel | Ensemble<TranslationModel>,
    readonly name = 'translation model',
  ) {
    const networks = networksOf(model);
    const encode = (source: Tensor2D) => networks.map((network) => network.encode(source));
    this.encode = compile((source: Tensor2D) => tf.tidy(() => encode(source)), { sizes: [['S', 'B']] });
    this.searches = new TaskSearch(
      ensembleStep(networks.map((network) => network.step.bind(network))),
      tokenizer.vocabulary,
      { open: this.attends ? ['B', 'S'] : ['B'] },
    );
  }

  /** Whether translations say where the model looked. */
  get attends(): boolean {
    return attends(this.config.network);
  }

  /** A new model with random weights. */
  static create(config: TranslationConfig, tokenizer: Tokenizer, seed: number): Translator {
    return new Translator(config, tokenizer, build(config, tokenizer.vocabulary.size, randomSource(seed)));
  }

  /**
   * Loads a trained model.
   *
   * @param from a folder, a URL, or a package such as `@heed/translation-fr-en`
   * @throws ModelFileError naming the file and what is wrong with it
   */
  static async load(from: string | URL | ModelSource): Promise<Translator> {
    const files = await readTaskModel(from, parseTranslationConfig);
    const { config, tokenizer, name } = files;
    const { size } = tokenizer.vocabulary;
    const least = (config.ensemble ?? []).map((network, i) => leastSizes(network, size, `ensemble.${i}`));
    const model = modelOfFiles(files, Object.assign(leastSizes(config.network, size), ...least), () =>
      build(config, size, () => 0.5),
    );
    return new Translator(config, tokenizer, model, name);
  }

  /**
   * Translates sentences, each by itself, in the order given. An empty sentence gives an empty translation.
   *
   * @returns for each sentence its best translations, best first; one if `nBest` is not given
   * @throws if a sentence is longer than 1,000 tokens, with its number
   */
  async translate(sentences: readonly string[], options: TranslateOptions = {}): Promise<Translation[][]> {
    expectAnswerable('sentence', sentences, (sentence) => this.refusalOf(sentence));
    const encodings = sentences.map((sentence) => this.tokenizer.encode(sentence));
    const order = encodings
      .map((_, i) => i)
      .filter((i) => (encodings[i] as { ids: number[] }).ids.length > 0)
      .sort((a, b) => (encodings[b]?.ids.length as number) - (encodings[a]?.ids.length as number));
    const results: Translation[][] = sentences.map(() => [{ text: '', tokens: [], score: 0 }]);
    for (let first = 0; first < order.length; first += BATCH_SENTENCES) {
      const batch = order.slice(first, first + BATCH_SENTENCES);
      const found = await this.search(
        batch.map((i) => Int32Array.from(encodings[i]?.ids as number[])),
        options,
      );
      batch.forEach((i, row) => {
        const source = { text: sentences[i] as string, tokens: encodings[i]?.tokens as string[] };
        results[i] = (found[row] as Hypothesis[]).map((hypothesis) => this.present(hypothesis, source));
      });
    }
    return results;
  }

  /** Why a sentence cannot be translated; undefined if it can. */
  refusalOf(sentence: string): string | undefined {
    const { length } = this.tokenizer.encode(sentence).ids;
    if (length <= LONGEST_SOURCE) return undefined;
    return `the sentence has ${length} tokens, and ${LONGEST_SOURCE} are the most: split it into sentences`;
  }

  /** Frees the model and its graphs. */
  dispose(): void {
    this.encode.dispose();
    this.searches.dispose();
    this.model.dispose();
  }

  private async search(
    sources: readonly Int32Array[],
    { watch, ...options }: TranslateOptions,
  ): Promise<Hypothesis[][]> {
    const { end } = this.tokenizer.vocabulary.specials;
    const ordered = this.config.network.reverseSource ? sources.map((ids) => ids.toReversed()) : sources;
    const input = paddedTokens(ordered, { end });
    const encoded = this.encode(input);
    input.dispose();
    try {
      const inputs = {
        state: encoded.map(({ state }) => state),
        constants: encoded.map(({ memory }) => memory),
        maximumLength: sources.map(({ length }) => longestTranslation(length)),
        ...(watch && { watch }),
      };
      return await this.searches.search(inputs, { ...this.config.decoding, nBest: 1, ...options });
    } finally {
      tf.dispose(leaves(encoded));
    }
  }

  private present(
    { tokens: ids, score, weights }: Hypothesis,
    source: { text: string; tokens: string[] },
  ): Translation {
    const text = this.tokenizer.decode(ids);
    const tokens = ids.map((id) => this.tokenizer.vocabulary.tokenOf(id));
    if (!this.attends || ids.length === 0) return { text, tokens, score };
    const length = source.tokens.length;
    const rows = weights.map((row) => {
      const words = Array.from(row.subarray(0, length));
      return [...(this.config.network.reverseSource ? words.reverse() : words), row[length] as number];
    });
    const inputs = [...groupWords(source.tokens), { text: END_SIGN, tokens: [length] }];
    const outputs = groupWords(tokens);
    const attention: AttentionTrace<'tokens'> = {
      version: 1,
      task: 'translation',
      input: { kind: 'tokens', text: source.text, tokens: inputs.map((word) => word.text) },
      output: { text, tokens: outputs.map((word) => word.text) },
      weights: mergeTokens(rows, {
        inputs: inputs.map((word) => word.tokens),
        outputs: outputs.map((word) => word.tokens),
      }),
      score,
      model: this.name,
    };
    return { text, tokens, score, attention };
  }
}
