import {
  type BeamSearch,
  createBeamSearch,
  type DecoderState,
  decodeSafetensors,
  type Hypothesis,
  loadWeights,
  type Memory,
  ModelFileError,
  type ModelSource,
  openModelSource,
  readJson,
  type StoredTensor,
} from '@heed/attention-core';
import { type Compiled, compile, leaves, randomSource, type SizeTree, type TensorTree } from '@heed/backend';
import { groupWords, type Tokenizer, tokenizerFromJson } from '@heed/text';
import { type AttentionTrace, mergeTokens } from '@heed/visualization';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { padded } from './batches.js';
import {
  type DecodingConfig,
  type NetworkConfig,
  parseTranslationConfig,
  type TranslationConfig,
} from './config.js';
import { attends, type EncodedSource, TranslationModel } from './model.js';

export interface TranslateOptions {
  /** Default: the model's own. */
  readonly beamSize?: number;
  /** alpha of Wu et al. 2016, equation 14. Default: the model's own. */
  readonly lengthPenalty?: number;
  /** The most translations of a sentence, at most `beamSize`. Default 1. */
  readonly nBest?: number;
}

/** One translation of one sentence. */
export interface Translation {
  readonly text: string;
  readonly tokens: readonly string[];
  /** Log-probability divided by the length penalty: the higher the better. */
  readonly score: number;
  /** Where each word of the translation looked; absent for models without attention and for empty sentences. */
  readonly attention?: AttentionTrace;
}

/** Longer sentences are refused: in tokens. */
export const LONGEST_SOURCE = 1000;
/** Sentences that are searched together. */
const BATCH_SENTENCES = 64;
const END_SIGN = '</s>';

const longestTranslation = (sourceTokens: number) => Math.ceil(1.5 * sourceTokens) + 10;

/** The sizes of a tree of row vectors: the first is B, or another name, the others are fixed. */
function rowSizes(tree: TensorTree, first: readonly string[]): SizeTree {
  if (tree === undefined) return [];
  if ('dataId' in tree) {
    const { shape } = tree as tf.Tensor;
    return shape.map((size, axis) => first[axis] ?? size);
  }
  return Object.fromEntries(
    Object.entries(tree).map(([name, part]) => [name, rowSizes(part as TensorTree, first)]),
  );
}

/** Refuses a configuration whose model is much larger than its weights before memory is taken for it. */
function checkSizes(
  network: NetworkConfig,
  vocabulary: number,
  tensors: ReadonlyMap<string, StoredTensor>,
  file: string,
): void {
  const { embedding, encoderUnits, encoderLayers, decoderUnits, decoderLayers, attention, score } = network;
  const stored = [...tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
  // One matrix each that the model has at least.
  const least = {
    embedding: vocabulary * embedding,
    encoderUnits: encoderLayers * encoderUnits ** 2,
    decoderUnits: decoderLayers * decoderUnits ** 2,
    attention: score === 'additive' && attends(network) ? attention * decoderUnits : 0,
  };
  for (const [field, values] of Object.entries(least)) {
    if (values <= stored) continue;
    throw new ModelFileError(
      file,
      `network.${field} makes a model of more than ${values} values, but its weights are ${stored}. ` +
        'Use the config.json and the weights of the same model.',
    );
  }
}

/** A translation model with all that it takes to use it. */
export class Translator {
  private readonly encode: Compiled<(source: Tensor2D) => EncodedSource>;
  private readonly searches = new Map<string, BeamSearch<DecoderState, Memory>>();

  /** @param name what traces call the model */
  constructor(
    readonly config: TranslationConfig,
    readonly tokenizer: Tokenizer,
    readonly model: TranslationModel,
    readonly name = 'translation model',
  ) {
    this.encode = compile((source: Tensor2D) => tf.tidy(() => model.encode(source)), { sizes: [['S', 'B']] });
  }

  /** A new model with random weights. */
  static create(config: TranslationConfig, tokenizer: Tokenizer, seed: number): Translator {
    const model = new TranslationModel(config.network, tokenizer.vocabulary.size, randomSource(seed));
    return new Translator(config, tokenizer, model);
  }

  /**
   * Loads a trained model.
   *
   * @param from a folder, a URL, or a package such as `@heed/translation-fr-en`
   * @throws ModelFileError naming the file and what is wrong with it
   */
  static async load(from: string | URL | ModelSource): Promise<Translator> {
    const source = typeof from === 'string' || from instanceof URL ? await openModelSource(from) : from;
    const place = (file: string) => `${source.location}/${file}`;
    const config = parseTranslationConfig(await readJson(source, 'config.json'), place('config.json'));
    const tokenizer = tokenizerFromJson(await readJson(source, 'tokenizer.json'), place('tokenizer.json'));
    const { tensors } = decodeSafetensors(await source.read('model.safetensors'), place('model.safetensors'));
    checkSizes(config.network, tokenizer.vocabulary.size, tensors, place('config.json'));
    const model = new TranslationModel(config.network, tokenizer.vocabulary.size, () => 0.5);
    try {
      loadWeights(model.namedParameters(), tensors, place('model.safetensors'));
    } catch (error) {
      model.dispose();
      throw error;
    }
    return new Translator(
      config,
      tokenizer,
      model,
      source.location.split(/[\\/]/).findLast((part) => part),
    );
  }

  /**
   * Translates sentences, each by itself, in the order given. An empty sentence gives an empty translation.
   *
   * @returns for each sentence its best translations, best first; one if `nBest` is not given
   * @throws if a sentence is longer than 1,000 tokens, with its number
   */
  async translate(sentences: readonly string[], options: TranslateOptions = {}): Promise<Translation[][]> {
    const encodings = sentences.map((sentence, i) => {
      const encoding = this.tokenizer.encode(sentence);
      if (encoding.ids.length > LONGEST_SOURCE) {
        throw new Error(
          `sentence ${i + 1} has ${encoding.ids.length} tokens, and ${LONGEST_SOURCE} are the most: split it into sentences`,
        );
      }
      return encoding;
    });
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

  /** Frees the model and its graphs. */
  dispose(): void {
    this.encode.dispose();
    for (const search of this.searches.values()) search.dispose();
    this.searches.clear();
    this.model.dispose();
  }

  private async search(sources: readonly Int32Array[], options: TranslateOptions): Promise<Hypothesis[][]> {
    const { end } = this.tokenizer.vocabulary.specials;
    const ordered = this.config.network.reverseSource ? sources.map((ids) => ids.toReversed()) : sources;
    const input = padded(ordered, { end });
    const encoded = this.encode(input);
    input.dispose();
    try {
      const { memory: constants, state } = encoded;
      const maximumLength = sources.map(({ length }) => longestTranslation(length));
      return await this.searchFor(encoded, options).search({ state, constants, maximumLength });
    } finally {
      tf.dispose(leaves(encoded));
    }
  }

  private searchFor(
    { memory, state }: EncodedSource,
    options: TranslateOptions,
  ): BeamSearch<DecoderState, Memory> {
    const { beamSize, lengthPenalty }: DecodingConfig = { ...this.config.decoding, ...options };
    const nBest = options.nBest ?? 1;
    const key = `${beamSize} ${lengthPenalty} ${nBest}`;
    const known = this.searches.get(key);
    if (known) return known;
    const { begin, end, padding, unknown } = this.tokenizer.vocabulary.specials;
    const search = createBeamSearch<DecoderState, Memory>(
      (tokens, current, constants) => this.model.step(tokens, current, constants),
      {
        begin,
        end,
        forbidden: [padding, unknown],
        beamSize,
        nBest,
        lengthPenalty,
        sizes: {
          state: rowSizes(state, ['B']),
          constants: rowSizes(memory, this.model.attends ? ['B', 'S'] : ['B']),
        },
      },
    );
    this.searches.set(key, search);
    return search;
  }

  private present(
    { tokens: ids, score, weights }: Hypothesis,
    source: { text: string; tokens: string[] },
  ): Translation {
    const text = this.tokenizer.decode(ids);
    const tokens = ids.map((id) => this.tokenizer.vocabulary.tokenOf(id));
    if (!this.model.attends || ids.length === 0) return { text, tokens, score };
    const length = source.tokens.length;
    const rows = weights.map((row) => {
      const words = Array.from(row.subarray(0, length));
      return [...(this.config.network.reverseSource ? words.reverse() : words), row[length] as number];
    });
    const inputs = [...groupWords(source.tokens), { text: END_SIGN, tokens: [length] }];
    const outputs = groupWords(tokens);
    const attention: AttentionTrace = {
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
