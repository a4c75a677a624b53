import { ModelFileError, type ModelSource } from '@heed/attention-core';
import { type Compiled, compile, leaves, randomSource } from '@heed/backend';
import { groupWords, readableTokens, type Tokenizer } from '@heed/text';
import {
  type Ensemble,
  expectAnswerable,
  modelOfFiles,
  networksOf,
  readTaskModel,
  together,
} from '@heed/training';
import { type AttentionTrace, mergeTokens } from '@heed/visualization';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { toPairTokens } from './batches.js';
import { type EntailmentConfig, type NetworkConfig, parseEntailmentConfig } from './config.js';
import { type EntailmentLabel, entailmentLabels, type SentencePair } from './data/sentence-pair.js';
import { EntailmentModel, endToken, type PairTokens, pairSizes } from './model.js';

/** What a model says of a pair. */
export interface Classification {
  /** The most probable one. */
  readonly label: EntailmentLabel;
  /** Of each label, 0 to 1. */
  readonly probabilities: Readonly<Record<EntailmentLabel, number>>;
  /** How related the sentences are, 1 (not at all) to 5; of models that say so. */
  readonly relatedness?: number;
  /**
   * Where the words of the hypothesis looked in the premise, or, of models in which it looks as a whole, where that
   * did; absent for models without attention.
   */
  readonly trace?: AttentionTrace<'tokens'>;
}

/** Longer sentences are refused: in tokens. */
export const LONGEST_SENTENCE = 1000;
/** Pairs that are classified together. */
const BATCH_PAIRS = 64;
/** What traces call the end of a premise that words without a match look at. */
const NULL_SIGN = '∅';

/** A sentence as the model reads it, and as traces show it. */
type EncodedSentence = { readonly ids: readonly number[]; readonly tokens: readonly string[] };
type EncodedPair = { readonly premise: EncodedSentence; readonly hypothesis: EncodedSentence };

/** What the networks say of one pair. */
interface JudgedPair {
  /** Of the labels, in their order. */
  readonly probabilities: readonly number[];
  readonly relatedness: number | undefined;
  /** [T or 1][S], padding among them. */
  readonly weights: readonly (readonly number[])[] | undefined;
}

/** Of fields of the configuration, the number of values of one matrix each that the model has at least because of them. */
function leastSizes(config: EntailmentConfig, vocabulary: number): Record<string, number> {
  const sizes = namedNetworks(config).map(([field, { embedding, projection, units, classifier }]) => {
    const averaged = embedding.known !== undefined && embedding.unknown === 'averaged';
    return {
      [`${field}.embedding.width`]: (averaged ? (embedding.known as number) : vocabulary) * embedding.width,
      [`${field}.embedding.known`]: embedding.known ?? 0,
      [`${field}.projection`]: projection * embedding.width,
      [`${field}.units`]: 4 * units ** 2,
      [`${field}.classifier`]: classifier * units,
    };
  });
  return Object.assign({}, ...sizes);
}

/** Every network of a model, and the field that configures it. */
const namedNetworks = ({ network, ensemble = [] }: EntailmentConfig) => [
  ['network', network] as const,
  ...ensemble.map((other, i) => [`ensemble.${i}`, other] as const),
];

function build(
  { network, ensemble = [] }: EntailmentConfig,
  vocabulary: number,
  random: () => number,
): EntailmentModel | Ensemble<EntailmentModel> {
  const make = (one: NetworkConfig) => new EntailmentModel(one, vocabulary, random);
  return together([make(network), ...ensemble.map(make)]);
}

/** An entailment model with all that it takes to use it. */
export class EntailmentClassifier {
  private readonly judge: Compiled<
    (pair: PairTokens) => {
      probabilities: Tensor2D;
      relatedness: Tensor1D | undefined;
      weights: Tensor3D | undefined;
    }
  >;

  private readonly end: number | undefined;

  /** @param name what traces call the model */
  constructor(
    readonly config: EntailmentConfig,
    readonly tokenizer: Tokenizer,
    readonly model: EntailmentModel | Ensemble<EntailmentModel>,
    readonly name = 'entailment model',
  ) {
    this.end = endToken(config.network, tokenizer.vocabulary);
    const networks = networksOf(model);
    this.judge = compile(
      (pair: PairTokens) =>
        tf.tidy(() => {
          const judged = networks.map((network) => network.apply(pair));
          const mean = <T extends Tensor>(tensors: T[]) =>
            tensors.length > 0 ? tf.div<T>(tf.addN(tensors), tensors.length) : undefined;
          return {
            probabilities: mean(judged.map(({ logits }) => tf.softmax(logits))) as Tensor2D,
            relatedness: mean(judged.flatMap((one) => one.relatedness ?? [])),
            weights: mean(judged.flatMap((one) => one.weights ?? [])),
          };
        }),
      { sizes: [pairSizes] },
    );
  }

  /** A new model with random weights. */
  static create(config: EntailmentConfig, tokenizer: Tokenizer, seed: number): EntailmentClassifier {
    const model = build(config, tokenizer.vocabulary.size, randomSource(seed));
    return new EntailmentClassifier(config, tokenizer, model);
  }

  /**
   * Loads a trained model.
   *
   * @param from a folder, a URL, or a package such as `@heed/entailment-sick`
   * @throws ModelFileError naming the file and what is wrong with it
   */
  static async load(from: string | URL | ModelSource): Promise<EntailmentClassifier> {
    const files = await readTaskModel(from, parseEntailmentConfig);
    const { config, tokenizer, name } = files;
    const { size } = tokenizer.vocabulary;
    for (const [field, { embedding }] of namedNetworks(config)) {
      const { known = 0 } = embedding;
      if (known < size) continue;
      throw new ModelFileError(
        `${name}/config.json`,
        `${field}.embedding.known: ${known} words with vectors, in a vocabulary of ${size}`,
      );
    }
    const model = modelOfFiles(files, leastSizes(config, size), () => build(config, size, () => 0.5));
    return new EntailmentClassifier(config, tokenizer, model, name);
  }

  /** Whether classifications say where the model looked. */
  get attends(): boolean {
    return this.config.network.attention !== 'none';
  }

  /** Whether the hypothesis follows from the premise, contradicts it, or neither. @throws as `classifyAll` does */
  async classify(premise: string, hypothesis: string): Promise<Classification> {
    const [found] = await this.classifyAll([{ premise, hypothesis }]);
    return found as Classification;
  }

  /**
   * Classifies pairs, each by itself, in the order given.
   *
   * @throws if a sentence has no words or more than 1,000 tokens, with the number of its pair
   */
  async classifyAll(pairs: readonly SentencePair[]): Promise<Classification[]> {
    expectAnswerable('pair', pairs, (pair) => this.refusalOf(pair));
    const encoded = pairs.map((pair) => this.encode(pair));
    const lengths = encoded.map(({ premise, hypothesis }) => premise.ids.length + hypothesis.ids.length);
    // Pairs of like length together: there is less padding then.
    const order = pairs.map((_, i) => i).sort((a, b) => (lengths[b] as number) - (lengths[a] as number));
    const results = new Array<Classification>(pairs.length);
    for (let first = 0; first < order.length; first += BATCH_PAIRS) {
      const batch = order.slice(first, first + BATCH_PAIRS);
      const found = await this.judgeBatch(batch.map((i) => encoded[i] as EncodedPair));
      batch.forEach((i, row) => {
        const [pair, ids] = [pairs[i] as SentencePair, encoded[i] as EncodedPair];
        results[i] = this.present(pair, ids, found[row] as JudgedPair);
      });
    }
    return results;
  }

  /** Why a pair cannot be classified; undefined if it can. */
  refusalOf({ premise, hypothesis }: SentencePair): string | undefined {
    for (const [side, text] of Object.entries({ premise, hypothesis })) {
      const { length } = this.tokenizer.encode(text).ids;
      if (length === 0) return `the ${side} has no words`;
      if (length > LONGEST_SENTENCE)
        return `the ${side} has ${length} tokens, and ${LONGEST_SENTENCE} are the most: shorten it`;
    }
    return undefined;
  }

  /** Frees the model and its graph. */
  dispose(): void {
    this.judge.dispose();
    this.model.dispose();
  }

  private encode({ premise, hypothesis }: SentencePair): EncodedPair {
    const encode = (text: string): EncodedSentence => ({
      ids: this.tokenizer.encode(text).ids,
      tokens: readableTokens(text, this.tokenizer),
    });
    return { premise: encode(premise), hypothesis: encode(hypothesis) };
  }

  private async judgeBatch(pairs: readonly EncodedPair[]): Promise<JudgedPair[]> {
    const ids = pairs.map(({ premise, hypothesis }) => ({
      premise: Int32Array.from(premise.ids),
      hypothesis: Int32Array.from(hypothesis.ids),
    }));
    const input = toPairTokens(ids, this.end);
    const judged = this.judge(input);
    try {
      const rows = await judged.probabilities.array();
      const scores = await judged.relatedness?.array();
      const steps = await judged.weights?.array();
      return rows.map((row, i) => ({
        probabilities: row,
        relatedness: scores?.[i],
        weights: steps?.map((step) => step[i] as number[]),
      }));
    } finally {
      tf.dispose([...leaves(input), ...leaves(judged)]);
    }
  }

  private present(
    { premise, hypothesis }: SentencePair,
    encoded: EncodedPair,
    { probabilities: values, relatedness, weights }: JudgedPair,
  ): Classification {
    const best = values.indexOf(Math.max(...values));
    const label = entailmentLabels[best] as EntailmentLabel;
    const probabilities = Object.fromEntries(
      entailmentLabels.map((name, i) => [name, values[i] as number]),
    ) as Record<EntailmentLabel, number>;
    const answer = { label, probabilities, ...(relatedness !== undefined && { relatedness }) };
    if (!weights) return answer;
    const { length } = encoded.premise.ids;
    const inputs = groupWords(encoded.premise.tokens);
    if (this.end !== undefined) inputs.push({ text: NULL_SIGN, tokens: [length] });
    const places = this.end === undefined ? length : length + 1;
    const isWhole = this.config.network.attention === 'last';
    const outputs = isWhole ? [{ text: hypothesis, tokens: [0] }] : groupWords(encoded.hypothesis.tokens);
    const rows = weights
      .slice(0, isWhole ? 1 : encoded.hypothesis.ids.length)
      .map((row) => row.slice(0, places));
    const trace: AttentionTrace<'tokens'> = {
      version: 1,
      task: 'entailment',
      input: { kind: 'tokens', text: premise, tokens: inputs.map((word) => word.text) },
      output: { text: hypothesis, tokens: outputs.map((word) => word.text) },
      weights: mergeTokens(rows, {
        inputs: inputs.map((word) => word.tokens),
        outputs: outputs.map((word) => word.tokens),
      }),
      label: { name: label, probabilities },
      score: Math.log(probabilities[label]),
      model: this.name,
    };
    return { ...answer, trace };
  }
}
