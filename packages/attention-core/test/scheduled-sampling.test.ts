import { compile, RandomStream, randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createDecoder,
  type Decoder,
  type DecoderKind,
  type DecoderOptions,
  decoderKinds,
  Embedding,
  Module,
  type SamplingSchedule,
  samplingProbability,
  scheduledInputs,
} from '../src/index.js';
import { expectNear, normalTensor } from './contract/numerics.js';

beforeAll(async () => void (await useBackend()));

const [VOCABULARY, EMBEDDING, UNITS, VALUES, ENCODER_UNITS] = [11, 6, 7, 8, 9];
const BASE: DecoderOptions = {
  cell: 'gru',
  embedding: EMBEDDING,
  units: UNITS,
  layers: 1,
  valueWidth: VALUES,
  encoderUnits: ENCODER_UNITS,
  bidirectional: false,
  score: 'additive',
  attention: 10,
  // Nothing that is drawn may depend on it.
  dropout: 0,
};

class Speaker extends Module {
  readonly embedding: Embedding;
  readonly decoder: Decoder;

  constructor(kind: DecoderKind, changes: Partial<DecoderOptions> = {}) {
    const random = randomSource(1);
    super(random);
    this.embedding = this.child('embedding', new Embedding(VOCABULARY, EMBEDDING, random));
    this.decoder = this.child('decoder', createDecoder(kind, { ...BASE, ...changes }, random));
  }

  start({ source, forward, mask }: Inputs) {
    const encoded = { outputs: source, final: [{ forward: { hidden: forward } }] };
    const memory = this.decoder.memory(encoded, mask);
    return { memory, state: this.decoder.initialState(encoded, memory) };
  }

  fed(inputs: Inputs, probability: tf.Scalar, seed: tf.Tensor1D): tf.Tensor2D {
    const { memory, state } = this.start(inputs);
    const { decoder, embedding } = this;
    const network = {
      decoder,
      probability,
      embed: (words: tf.Tensor1D) => embedding.lookUp(words) as tf.Tensor2D,
      score: (features: tf.Tensor2D) => embedding.score(features),
    };
    return scheduledInputs(inputs.words, state, memory, network, new RandomStream(seed));
  }

  /** A loss of what is said after these words. */
  loss(inputs: Inputs, words: tf.Tensor2D): tf.Scalar {
    const { memory, state } = this.start(inputs);
    const embedded = this.embedding.lookUp(words) as tf.Tensor3D;
    const { hidden, context } = this.decoder.unroll(embedded, state, memory);
    const rows = (x: tf.Tensor) => tf.reshape<tf.Rank.R2>(x, [words.size, x.shape[2] as number]);
    const read = { hidden: rows(hidden), context: rows(context) };
    return tf.mean(tf.square(this.embedding.score(this.decoder.readout(read, rows(embedded)))));
  }

  gradients(loss: () => tf.Scalar): { value: tf.Tensor; gradients: Record<string, tf.Tensor> } {
    const { value, grads } = tf.engine().gradients(loss, this.parameters(), undefined, true);
    const named = [...this.namedParameters()].map(([name, x], i) => [name, grads[i] ?? tf.zerosLike(x)]);
    return { value, gradients: Object.fromEntries(named) };
  }

  /** What it says one word after the other, where each place of the cumulative distribution is given. */
  alone(inputs: Inputs, places: number[][]): number[][] {
    const { memory, state: first } = this.start(inputs);
    let state = first;
    let word = inputs.words.arraySync()[0] as number[];
    const said = [word];
    for (const row of places.slice(0, -1)) {
      const embedded = this.embedding.lookUp(tf.tensor1d(word, 'int32')) as tf.Tensor2D;
      const next = this.decoder.step(this.decoder.project(embedded), state, memory);
      const logits = this.embedding.score(this.decoder.readout(next.output, embedded)).arraySync();
      state = next.state;
      word = logits.map((scores, b) => {
        const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
        let left = (row[b] as number) * total;
        return scores.findIndex((score) => {
          left -= Math.exp(score);
          return left < 0;
        });
      });
      said.push(word);
    }
    return said;
  }
}

type Inputs = {
  words: tf.Tensor2D;
  source: tf.Tensor3D;
  forward: tf.Tensor2D;
  mask: tf.Tensor2D;
};

function makeInputs(steps: number, batch: number, places: number): Inputs {
  const draw = randomSource(steps);
  const words = Array.from({ length: steps * batch }, () => Math.floor(draw() * VOCABULARY));
  return {
    words: tf.tensor2d(words, [steps, batch], 'int32'),
    source: normalTensor([places, batch, VALUES], 1) as tf.Tensor3D,
    forward: normalTensor([batch, ENCODER_UNITS], 2) as tf.Tensor2D,
    mask: tf.ones([batch, places], 'bool'),
  };
}

const sizes = {
  words: ['T', 'B'],
  source: ['S', 'B', VALUES],
  forward: ['B', ENCODER_UNITS],
  mask: ['B', 'S'],
};
const SEED = [3, 4];
const seedOf = () => tf.tensor1d(SEED, 'int32');

const wirings: [DecoderKind, Partial<DecoderOptions>][] = [
  ...decoderKinds.map((kind): [DecoderKind, Partial<DecoderOptions>] => [kind, {}]),
  ['luong', { layers: 2, cell: 'lstm', score: 'location', location: { filters: 2, width: 3 } }],
];

describe.each(wirings)('scheduledInputs of a %s decoder %j', (kind, changes) => {
  it('are the words given at probability 0, and what the model says alone at 1', () => {
    const speaker = new Speaker(kind, changes);
    tf.tidy(() => {
      const inputs = makeInputs(6, 4, 5);
      const { words } = inputs;
      expect(speaker.fed(inputs, tf.scalar(0), seedOf()).arraySync()).toEqual(words.arraySync());
      const stream = new RandomStream(seedOf());
      stream.uniform(words.shape);
      const places = stream.uniform(words.shape).arraySync() as number[][];
      const own = speaker.fed(inputs, tf.scalar(1), seedOf());
      expect(own.dtype).toBe('int32');
      expect(own.arraySync()).toEqual(speaker.alone(inputs, places));
    });
    speaker.dispose();
  });

  it('are the same in one graph for all sizes and probabilities, with the gradient of the words that were drawn', () => {
    const speaker = new Speaker(kind, changes);
    const run = (inputs: Inputs, probability: tf.Scalar, seed: tf.Tensor1D) => {
      const fed = () => speaker.fed(inputs, probability, seed);
      return { words: fed(), ...speaker.gradients(() => speaker.loss(inputs, fed())) };
    };
    const compiled = compile(run, { sizes: [sizes, [], [2]] });
    for (const [steps, batch, places, probability] of [
      [5, 3, 4, 0.5],
      [1, 1, 2, 1],
      [7, 2, 6, 0.9],
    ] as const) {
      tf.tidy(() => {
        const inputs = makeInputs(steps, batch, places);
        const call = (fn: typeof run) => fn(inputs, tf.scalar(probability), seedOf());
        const [actual, expected] = [call(compiled), call(run)];
        expect(actual.words.arraySync()).toEqual(expected.words.arraySync());
        expectNear({ value: actual.value }, { value: expected.value }, 1e-5);
        expectNear(actual.gradients, expected.gradients, 1e-5);
        const fixed = speaker.gradients(() => speaker.loss(inputs, expected.words));
        expectNear(expected.gradients, fixed.gradients, 1e-6);
      });
    }
    expect(compiled.statistics().graphs).toBe(1);
    compiled.dispose();
    speaker.dispose();
  });
});

describe('scheduledInputs', () => {
  it('take each word from the model with the given probability', () => {
    const speaker = new Speaker('bahdanau');
    tf.tidy(() => {
      const inputs = makeInputs(60, 40, 3);
      const { memory, state } = speaker.start(inputs);
      const { decoder, embedding } = speaker;
      const words = tf.zeros<tf.Rank.R2>([60, 40], 'int32');
      const network = {
        decoder,
        probability: tf.scalar(0.3),
        embed: (ids: tf.Tensor1D) => embedding.lookUp(ids) as tf.Tensor2D,
        // The model never says the word that is given.
        score: (features: tf.Tensor2D): tf.Tensor2D =>
          tf.sub(embedding.score(features), tf.mul(tf.oneHot(0, VOCABULARY), 1e9)),
      };
      const fed = scheduledInputs(words, state, memory, network, new RandomStream(seedOf()));
      const isOwn = tf.less(new RandomStream(seedOf()).uniform([60, 40]), 0.3).arraySync() as number[][];
      expect(tf.notEqual(fed, words).arraySync()).toEqual([isOwn[0]?.map(() => 0), ...isOwn.slice(1)]);
      const share = tf.mean(tf.cast(tf.notEqual(fed, words), 'float32')).dataSync()[0] as number;
      expect(Math.abs(share - 0.3)).toBeLessThan(0.04);
    });
    speaker.dispose();
  });

  it('have the gradient of finite differences while the words that were drawn stay', () => {
    const speaker = new Speaker('luong');
    tf.tidy(() => {
      const inputs = makeInputs(5, 3, 4);
      const words = tf.tidy(() => speaker.fed(inputs, tf.scalar(0.7), seedOf()));
      const matrix = speaker.namedParameters().get('embedding.matrix') as tf.Variable;
      const { grads } = tf.variableGrads(
        () => speaker.loss(inputs, speaker.fed(inputs, tf.scalar(0.7), seedOf())),
        [matrix],
      );
      const gradient = grads[matrix.name] as tf.Tensor;
      const start = tf.clone(matrix);
      const at = (by: number) => {
        matrix.assign(tf.add(start, tf.mul(tf.sign(gradient), by)));
        return speaker.loss(inputs, words).dataSync()[0] as number;
      };
      const numeric = (at(1e-2) - at(-1e-2)) / 2e-2;
      const exact = tf.sum(tf.abs(gradient)).dataSync()[0] as number;
      expect(exact).toBeGreaterThan(0.01);
      expect(Math.abs(numeric - exact)).toBeLessThan(0.02 * exact);
    });
    speaker.dispose();
  });

  it('leave nothing behind', () => {
    const speaker = new Speaker('conditional');
    const inputs = makeInputs(4, 2, 3);
    const [probability, seed] = [tf.scalar(0.5), seedOf()];
    const { memory, state } = tf.tidy(() => speaker.start(inputs));
    const start = tf.memory().numTensors;
    const fed = scheduledInputs(
      inputs.words,
      state,
      memory,
      {
        decoder: speaker.decoder,
        probability,
        embed: (words) => speaker.embedding.lookUp(words) as tf.Tensor2D,
        score: (features) => speaker.embedding.score(features),
      },
      new RandomStream(seed),
    );
    expect(tf.memory().numTensors).toBe(start + 1);
    tf.dispose([fed, memory, state, inputs, probability, seed]);
    speaker.dispose();
  });
});

describe('samplingProbability', () => {
  it.each<[SamplingSchedule, (i: number) => number]>([
    [{ kind: 'linear', start: 0.9, slope: 0.01, minimum: 0.25 }, (i) => Math.max(0.25, 0.9 - 0.01 * i)],
    [{ kind: 'exponential', k: 0.99 }, (i) => 0.99 ** i],
    [{ kind: 'inverse-sigmoid', k: 20 }, (i) => 20 / (20 + Math.exp(i / 20))],
  ])('%j is one less the probability of the paper', (schedule, epsilon) => {
    for (const step of [0, 1, 10, 60, 100, 1e5]) {
      const actual = tf.tidy(() => samplingProbability(schedule, tf.scalar(step)).dataSync()[0] as number);
      expect(actual).toBeCloseTo(1 - epsilon(step), 5);
    }
  });
});
