import * as tf from '@tensorflow/tfjs-core';
import type { Hypothesis } from '../../src/search/hypothesis.js';

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

export type State = { prefix: tf.Tensor };
export type Constants = { sentence: tf.Tensor[] };

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

  readonly step = (tokens: tf.Tensor1D, { prefix }: State, { sentence }: Constants) => {
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

/** How the reference reads a model: any log-probabilities after a prefix, and attention where coverage counts. */
export interface ReferenceModel {
  logProbabilities(sentence: number, prefix: readonly number[]): number[];
  /** The weights of the source positions, without padding, with which the token after a prefix is predicted. */
  attention?(sentence: number, prefix: readonly number[]): number[];
}

export type Found = Pick<Hypothesis, 'tokens' | 'logProbability' | 'score' | 'finished'>;

export interface ReferenceOptions {
  readonly maximumLength: number;
  readonly lengthPenalty?: number;
  readonly coveragePenalty?: number;
  readonly stepwisePenalty?: boolean;
  readonly minimumLength?: number;
  readonly forbidden?: readonly number[];
  readonly allowed?: readonly number[];
  readonly noRepeatNgram?: number;
  readonly prefix?: readonly number[];
  readonly constraints?: readonly (readonly number[])[];
}

/** Whether `part` occurs in `tokens`, as often as `times`. */
export function contains(tokens: readonly number[], part: readonly number[], times = 1): boolean {
  const text = (numbers: readonly number[]) => numbers.map((number) => `<${number}>`).join('');
  const starts = tokens.filter((_, at) => text(tokens.slice(at)).startsWith(text(part)));
  return starts.length >= times;
}

export const containsAll = (tokens: readonly number[], { constraints = [] }: ReferenceOptions) =>
  constraints.every((constraint) => contains(tokens, constraint));

/** Everything that may follow a prefix, by the definition of each option. */
export function continuations(
  model: ReferenceModel,
  sentence: number,
  tokens: readonly number[],
  options: ReferenceOptions,
): { token: number; value: number }[] {
  const { minimumLength = 0, forbidden = [], allowed, noRepeatNgram: n, prefix = [] } = options;
  const all = model.logProbabilities(sentence, tokens).map((value, token) => ({ token, value }));
  if (tokens.length < prefix.length) return all.filter(({ token }) => token === prefix[tokens.length]);
  const repeats = (token: number) => {
    const longer = [...tokens, token];
    return n !== undefined && longer.length >= n && contains(longer, longer.slice(-n), 2);
  };
  return all
    .filter(({ token }) => token !== begin && !forbidden.includes(token) && !repeats(token))
    .filter(({ token }) => !allowed || allowed.includes(token))
    .filter(({ token }) => token !== end || tokens.length >= minimumLength)
    .filter(({ token }) => token !== end || containsAll(tokens, options));
}

/** Equation 14 of Wu et al. 2016 for the first `length` predictions of a hypothesis. */
function coverage(
  model: ReferenceModel,
  sentence: number,
  tokens: readonly number[],
  length: number,
  beta = 0,
): number {
  if (beta === 0) return 0;
  const steps = Array.from({ length }, (_, at) => model.attention!(sentence, tokens.slice(0, at)));
  return steps[0]!
    .map((_, i) => steps.reduce((sum, weights) => sum + weights[i]!, 0))
    .reduce((sum, covered) => sum + beta * Math.log(Math.min(covered, 1)), 0);
}

/** A hypothesis of the tokens, or if it ended of those before the last. */
function complete(
  model: ReferenceModel,
  sentence: number,
  tokens: readonly number[],
  logProbability: number,
  { lengthPenalty = 0, coveragePenalty }: ReferenceOptions,
): Found {
  const finished = tokens.at(-1) === end;
  const penalty = Math.exp(lengthPenalty * Math.log((5 + tokens.length) / 6));
  const covered = coverage(model, sentence, tokens, tokens.length, coveragePenalty);
  return {
    tokens: finished ? tokens.slice(0, -1) : [...tokens],
    logProbability,
    score: logProbability / penalty + covered,
    finished,
  };
}

/** Every sequence that ends within the maximum length or is cut off there, best first. */
export function exhaustive(model: ReferenceModel, sentence: number, options: ReferenceOptions): Found[] {
  const found: Found[] = [];
  const visit = (tokens: number[], sum: number) => {
    if (tokens.at(-1) === end || tokens.length === options.maximumLength) {
      found.push(complete(model, sentence, tokens, sum, options));
      return;
    }
    for (const { token, value } of continuations(model, sentence, tokens, options)) {
      visit([...tokens, token], sum + value);
    }
  };
  visit([], 0);
  return found.filter(({ tokens }) => containsAll(tokens, options)).sort((a, b) => b.score - a.score);
}

/**
 * Beam search as it is told in a textbook: it sorts all continuations, and goes on until k ended or the maximum. With
 * groups it is diverse beam search: one after the other, each dearer by what those before took in the same step.
 */
export function plainBeam(
  model: ReferenceModel,
  sentence: number,
  beamSize: number,
  options: ReferenceOptions,
  { groups: count, strength } = { groups: 1, strength: 0 },
): Found[] {
  const size = beamSize / count;
  const groups = Array.from({ length: count }, () => ({
    live: [{ tokens: [] as number[], logProbability: 0 }],
    found: [] as Found[],
  }));
  for (let length = 1; length <= options.maximumLength; length++) {
    const taken: number[] = [];
    for (const group of groups) {
      if (group.found.length >= size) continue;
      const all = group.live
        .flatMap(({ tokens, logProbability }) =>
          continuations(model, sentence, tokens, options).map(({ token, value }) => ({
            tokens: [...tokens, token],
            logProbability: logProbability + value,
            rank:
              logProbability +
              value -
              strength * taken.filter((other) => other === token).length +
              (options.stepwisePenalty
                ? coverage(model, sentence, tokens, length, options.coveragePenalty)
                : 0),
          })),
        )
        .sort((a, b) => b.rank - a.rank);
      const ended = all.slice(0, size).filter(({ tokens }) => tokens.at(-1) === end);
      group.live = all.filter(({ tokens }) => tokens.at(-1) !== end).slice(0, size);
      taken.push(...[...ended, ...group.live].map(({ tokens }) => tokens.at(-1)!));
      for (const { tokens, logProbability } of [
        ...ended,
        ...(length === options.maximumLength ? group.live : []),
      ]) {
        group.found.push(complete(model, sentence, tokens, logProbability, options));
      }
    }
  }
  const best = (found: Found[]) => found.sort((a, b) => b.score - a.score);
  const all = best(groups.flatMap(({ found }) => best(found).slice(0, size)));
  return all.filter(({ tokens }, n) => all.findIndex((other) => `${other.tokens}` === `${tokens}`) === n);
}
