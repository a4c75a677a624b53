import * as tf from '@tensorflow/tfjs-core';
import type { Hypothesis } from '../../src/search/hypothesis.js';
import type { SearchStep } from '../../src/search/search-step.js';

export const begin = 0;
export const end = 1;
const vocabulary = 5;
/** A prime: prefixes are hashed to that many rows of log-probabilities. */
const rows = 1009;

/** The prefix's hash after one more token; the sentence's seed stands for the empty prefix. */
const hash = (prefix: number, token: number) => (prefix * 31 + token + 7) % rows;

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type State = { prefix: tf.Tensor };
type Constants = { sentence: tf.Tensor[] };

/**
 * A language model whose log-probabilities depend on the sentence and on every token of the prefix, with a step for the
 * search and the same in plain JavaScript. Its attention weights are [prefix's hash, sentence].
 */
export class RandomModel {
  readonly table: Float32Array;
  /** The numbers of rows with which the step was called. */
  readonly rowsSeen = new Set<number>();
  calls = 0;
  private readonly tensor: tf.Variable;

  constructor(seed: number, { sharpness = 2, endBonus = 0 } = {}) {
    const random = mulberry32(seed);
    this.table = new Float32Array(rows * vocabulary);
    for (let row = 0; row < rows; row++) {
      const logits = Array.from({ length: vocabulary }, (_, token) => {
        return sharpness * 2 * (random() - 0.5) + (token === end ? endBonus : 0);
      });
      const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
      this.table.set(
        logits.map((logit) => logit - total),
        row * vocabulary,
      );
    }
    this.tensor = tf.variable(tf.tensor2d(this.table, [rows, vocabulary]), false);
  }

  dispose(): void {
    this.tensor.dispose();
  }

  /** Overwrites the log-probability of `token` after a prefix. */
  set(sentence: number, prefix: number[], token: number, value: number): void {
    this.table[this.row(sentence, prefix) * vocabulary + token] = value;
    const table = tf.tensor2d(this.table, [rows, vocabulary]);
    this.tensor.assign(table);
    table.dispose();
  }

  inputs(sentences: number[]): { state: State; constants: Constants } {
    return {
      state: { prefix: tf.tensor1d(sentences, 'float32') },
      constants: { sentence: [tf.tensor2d(sentences, [sentences.length, 1], 'float32')] },
    };
  }

  readonly step: SearchStep<State, Constants> = (tokens, { prefix }, { sentence }) => {
    this.calls++;
    this.rowsSeen.add(tokens.shape[0]);
    const sum = tf.add(tf.add(tf.mul(prefix, 31), tf.cast(tokens, 'float32')), 7);
    const next = tf.sub(sum, tf.mul(tf.floor(tf.div(sum, rows)), rows));
    const logits = tf.gather(this.tensor, tf.cast(next, 'int32')) as tf.Tensor2D;
    const beams = tokens.shape[0] / sentence[0]!.shape[0]!;
    const perBeam = tf.reshape(tf.tile(sentence[0]!, [1, beams]), [tokens.shape[0], 1]);
    const weights = tf.concat([tf.expandDims(next, 1), perBeam], 1) as tf.Tensor2D;
    return { logits, state: { prefix: next }, weights };
  };

  /** The row of the table for a prefix, begin not counted: also the first attention weight of the next token. */
  row(sentence: number, prefix: readonly number[]): number {
    return [begin, ...prefix].reduce(hash, sentence);
  }

  logProbabilities(sentence: number, prefix: readonly number[]): number[] {
    const row = this.row(sentence, prefix);
    return [...this.table.subarray(row * vocabulary, (row + 1) * vocabulary)];
  }
}

export type Found = Pick<Hypothesis, 'tokens' | 'logProbability' | 'score' | 'finished'>;

export interface ReferenceOptions {
  readonly maximumLength: number;
  readonly lengthPenalty: number;
  readonly minimumLength?: number;
  readonly forbidden?: readonly number[];
}

const penalty = (length: number, alpha: number) => Math.exp(alpha * Math.log((5 + length) / 6));

function continuations(
  model: RandomModel,
  sentence: number,
  tokens: readonly number[],
  { minimumLength = 0, forbidden = [] }: ReferenceOptions,
): { token: number; value: number }[] {
  return model
    .logProbabilities(sentence, tokens)
    .map((value, token) => ({ token, value }))
    .filter(({ token }) => token !== begin && !forbidden.includes(token))
    .filter(({ token }) => token !== end || tokens.length >= minimumLength);
}

/** Every sequence that ends within the maximum length or is cut off there, best first. */
export function exhaustive(model: RandomModel, sentence: number, options: ReferenceOptions): Found[] {
  const found: Found[] = [];
  const visit = (tokens: number[], logProbability: number) => {
    for (const { token, value } of continuations(model, sentence, tokens, options)) {
      const sum = logProbability + value;
      const length = tokens.length + 1;
      const score = sum / penalty(length, options.lengthPenalty);
      if (token === end) found.push({ tokens, logProbability: sum, score, finished: true });
      else if (length === options.maximumLength)
        found.push({ tokens: [...tokens, token], logProbability: sum, score, finished: false });
      else visit([...tokens, token], sum);
    }
  };
  visit([], 0);
  return found.sort((a, b) => b.score - a.score);
}

/** Beam search as it is told in a textbook: it sorts all continuations, and goes on until k ended or the maximum. */
export function plainBeam(
  model: RandomModel,
  sentence: number,
  beamSize: number,
  options: ReferenceOptions,
): Found[] {
  let live = [{ tokens: [] as number[], logProbability: 0 }];
  const found: Found[] = [];
  for (let length = 1; length <= options.maximumLength && found.length < beamSize; length++) {
    const all = live
      .flatMap(({ tokens, logProbability }) =>
        continuations(model, sentence, tokens, options).map(({ token, value }) => ({
          tokens: [...tokens, token],
          logProbability: logProbability + value,
        })),
      )
      .sort((a, b) => b.logProbability - a.logProbability);
    const finish = (tokens: number[], logProbability: number, finished: boolean) => {
      const score = logProbability / penalty(length, options.lengthPenalty);
      found.push({ tokens, logProbability, score, finished });
    };
    for (const { tokens, logProbability } of all.slice(0, beamSize)) {
      if (tokens.at(-1) === end) finish(tokens.slice(0, -1), logProbability, true);
    }
    live = all.filter(({ tokens }) => tokens.at(-1) !== end).slice(0, beamSize);
    if (length === options.maximumLength) {
      for (const { tokens, logProbability } of live) finish(tokens, logProbability, false);
    }
  }
  return found.sort((a, b) => b.score - a.score);
}
