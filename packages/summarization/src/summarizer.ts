import type { Hypothesis, ModelSource } from '@heed/attention-core';
import { type Compiled, compile, leaves, randomSource } from '@heed/backend';
import { groupWords, type Tokenizer } from '@heed/text';
import { modelOfFiles, paddedTokens, readTaskModel, TaskSearch } from '@heed/training';
import { type AttentionTrace, mergeTokens } from '@heed/visualization';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { copies, type NetworkConfig, parseSummarizationConfig, type SummarizationConfig } from './config.js';
import { type EncodedText, encodeText, headlineTokens, joinTokens } from './copy-words.js';
import { createSummarizationModel } from './create-model.js';
import { articleText } from './input-text.js';
import type { ArticleMemory, EncodedArticle, HeadlineState, SummarizationModel } from './model.js';

export interface SummarizeOptions {
  /** Default: the model's own. */
  readonly beamSize?: number;
  /** alpha of Wu et al. 2016, equation 14. Default: the model's own. */
  readonly lengthPenalty?: number;
  /** The most headlines of an article, at most `beamSize`. Default 1. */
  readonly nBest?: number;
}

/** A headline of an article. */
export interface Summary {
  readonly text: string;
  readonly tokens: readonly string[];
  /** Log-probability divided by the length penalty, and what ABS+ adds to it: the higher the better. */
  readonly score: number;
  /** Where each word of the headline looked; absent for models without attention and for empty articles. */
  readonly attention?: AttentionTrace<'tokens'>;
}

/** An article as it was read, and the headlines that a search found for it. */
export interface FoundHeadlines {
  readonly article: EncodedText;
  /** Best first. */
  readonly hypotheses: readonly Hypothesis[];
}

/** Articles that are searched together. */
const BATCH_ARTICLES = 32;

/** Of fields of a network, the number of values of one matrix each that the model has at least because of them. */
function leastSizes(network: NetworkConfig, vocabulary: number): Record<string, number> {
  switch (network.kind) {
    case 'abs':
      return {
        'network.embedding': vocabulary * network.embedding,
        'network.units': vocabulary * network.units,
        'network.window': network.window * network.embedding * network.units,
        'network.reach':
          network.encoder === 'convolutional'
            ? network.layers * (2 * network.reach + 1) * network.units ** 2
            : 0,
      };
    case 'ras':
      return {
        'network.units': vocabulary * network.units,
        'network.width': network.width * network.units ** 2,
      };
    case 'recurrent':
      return {
        'network.embedding': vocabulary * network.embedding,
        'network.encoderUnits': network.encoderLayers * network.encoderUnits ** 2,
        'network.decoderUnits': network.decoderLayers * network.decoderUnits ** 2,
      };
  }
}

/** A summarization model with all that it takes to use it. */
export class Summarizer {
  private readonly encode: Compiled<(article: Tensor2D) => EncodedArticle>;
  private readonly searches: TaskSearch<HeadlineState, ArticleMemory>;

  /** @param name what traces call the model */
  constructor(
    readonly config: SummarizationConfig,
    readonly tokenizer: Tokenizer,
    readonly model: SummarizationModel,
    readonly name = 'summarization model',
  ) {
    this.encode = compile((article: Tensor2D) => tf.tidy(() => model.encode(article)), {
      sizes: [['S', 'B']],
    });
    this.searches = new TaskSearch(
      (tokens, state, memory) => model.step(tokens, state, memory),
      tokenizer.vocabulary,
      {
        open: model.attends ? ['B', 'S'] : ['B'],
        minimumLength: config.decoding.minimumLength,
        ...(model.window !== undefined && { recombineNgram: model.window }),
      },
    );
  }

  /** A new model with random weights. */
  static create(config: SummarizationConfig, tokenizer: Tokenizer, seed: number): Summarizer {
    const model = createSummarizationModel(config, tokenizer.vocabulary, randomSource(seed));
    return new Summarizer(config, tokenizer, model);
  }

  /**
   * Loads a trained model.
   *
   * @param from a folder, a URL, or a package
   * @throws ModelFileError naming the file and what is wrong with it
   */
  static async load(from: string | URL | ModelSource): Promise<Summarizer> {
    const files = await readTaskModel(from, parseSummarizationConfig);
    const { config, tokenizer, name } = files;
    const sizes = {
      ...leastSizes(config.network, tokenizer.vocabulary.size),
      ...(config.network.kind === 'ras' && {
        'input.maximumLength': config.input.maximumLength * config.network.units,
      }),
    };
    const model = modelOfFiles(files, sizes, () =>
      createSummarizationModel(config, tokenizer.vocabulary, () => 0.5),
    );
    return new Summarizer(config, tokenizer, model, name);
  }

  /** The best headline of an article; an empty article has an empty one. */
  async summarize(text: string, options: Omit<SummarizeOptions, 'nBest'> = {}): Promise<Summary> {
    const [[best]] = (await this.summarizeAll([text], options)) as [[Summary]];
    return best;
  }

  /**
   * Summarises articles, each by itself, in the order given. Of an article longer than `input.maximumLength` the beginning
   * is read; an empty one gives an empty headline.
   *
   * @returns for each article its best headlines, best first; one if `nBest` is not given
   */
  async summarizeAll(texts: readonly string[], options: SummarizeOptions = {}): Promise<Summary[][]> {
    const found = await this.search(texts, options);
    return found.map(({ article, hypotheses }) =>
      hypotheses.length === 0
        ? [{ text: '', tokens: [], score: 0 }]
        : hypotheses.map((hypothesis) => this.present(hypothesis, article)),
    );
  }

  /** What `summarizeAll` presents: no hypotheses for an empty article. */
  async search(texts: readonly string[], options: SummarizeOptions = {}): Promise<FoundHeadlines[]> {
    const { input, network } = this.config;
    const encoding = { longest: input.maximumLength, extend: copies(network) };
    const articles = texts.map((text) => encodeText(articleText(text, input), this.tokenizer, encoding));
    const results: FoundHeadlines[] = articles.map((article) => ({ article, hypotheses: [] }));
    const length = (i: number) => articles[i]?.ids.length as number;
    const order = articles
      .map((_, i) => i)
      .filter((i) => length(i) > 0)
      .sort((a, b) => length(b) - length(a));
    for (let first = 0; first < order.length; first += BATCH_ARTICLES) {
      const batch = order.slice(first, first + BATCH_ARTICLES);
      const found = await this.searchBatch(
        batch.map((i) => articles[i]?.ids as Int32Array),
        options,
      );
      batch.forEach((i, row) => {
        results[i] = { article: articles[i] as EncodedText, hypotheses: found[row] as Hypothesis[] };
      });
    }
    return results;
  }

  /** Frees the model and its graphs. */
  dispose(): void {
    this.encode.dispose();
    this.searches.dispose();
    this.model.dispose();
  }

  private async searchBatch(
    articles: readonly Int32Array[],
    options: SummarizeOptions,
  ): Promise<Hypothesis[][]> {
    const { maximumLength, minimumLength: _, ...decoding } = this.config.decoding;
    const input = paddedTokens(articles, {});
    const encoded = this.encode(input);
    input.dispose();
    try {
      const { memory: constants, state } = encoded;
      return await this.searches.search(
        { state, constants, maximumLength },
        { ...decoding, nBest: 1, ...options },
      );
    } finally {
      tf.dispose(leaves(encoded));
    }
  }

  private present({ tokens: ids, score, weights }: Hypothesis, article: EncodedText): Summary {
    const tokens = headlineTokens(ids, this.tokenizer.vocabulary, article);
    const text = joinTokens(tokens);
    if (!this.model.attends || tokens.length === 0) return { text, tokens, score };
    const inputs = groupWords(article.tokens);
    const outputs = groupWords(tokens);
    const attention: AttentionTrace<'tokens'> = {
      version: 1,
      task: 'summarization',
      input: {
        kind: 'tokens',
        text: joinTokens(article.tokens),
        tokens: inputs.map((word) => word.text),
      },
      output: { text, tokens: outputs.map((word) => word.text) },
      weights: mergeTokens(
        weights.map((row) => Array.from(row.subarray(0, article.ids.length))),
        { inputs: inputs.map((word) => word.tokens), outputs: outputs.map((word) => word.tokens) },
      ),
      score,
      model: this.name,
    };
    return { text, tokens, score, attention };
  }
}
