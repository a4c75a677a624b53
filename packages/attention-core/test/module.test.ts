import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  buildEmpty,
  createAttention,
  createDecoder,
  type DecoderKind,
  type DecoderOptions,
  decoderKinds,
  Embedding,
  Module,
  RecurrentEncoder,
} from '../src/index.js';

beforeAll(async () => void (await useBackend()));

const [EMBEDDING, UNITS] = [3, 4];

class Network extends Module {
  constructor(kind: DecoderKind, { cell, layers, score }: Pick<DecoderOptions, 'cell' | 'layers' | 'score'>) {
    const random = randomSource(1);
    super(random);
    this.child('embedding', new Embedding(5, EMBEDDING, random));
    const encoder = { cell, inputs: EMBEDDING, units: UNITS, layers, bidirectional: true, dropout: 0 };
    this.child('encoder', new RecurrentEncoder(encoder, random));
    const units = 2 * UNITS;
    const widths = { embedding: EMBEDDING, units, valueWidth: 2 * UNITS, encoderUnits: UNITS, attention: 6 };
    this.child(
      'decoder',
      createDecoder(kind, { cell, layers, score, ...widths, bidirectional: true, dropout: 0 }, random),
    );
  }
}

const described = (module: Module) =>
  [...module.namedParameters()].map(([name, { shape }]) => `${name} [${shape}]`);

describe('Module', () => {
  it('names parameters by their paths', () => {
    const network = new Network('bahdanau', { cell: 'gru', layers: 1, score: 'additive' });
    expect(described(network)).toMatchSnapshot();
    network.dispose();
  });

  it('names the parameters of stacks by their places', () => {
    const network = new Network('luong', { cell: 'lstm', layers: 2, score: 'dot' });
    expect(described(network)).toMatchSnapshot();
    network.dispose();
  });

  it('is built without first values where others will be loaded', () => {
    let draws = 0;
    const random = () => ++draws / 1000;
    const empty = buildEmpty(() => new Embedding(5, EMBEDDING, random));
    const drawn = new Embedding(5, EMBEDDING, () => 0.25);
    expect(draws).toBe(0);
    expect(described(empty)).toEqual(described(drawn));
    for (const parameter of empty.parameters()) expect(tf.max(tf.abs(parameter)).dataSync()[0]).toBe(0);
    for (const parameter of drawn.parameters())
      expect(tf.min(tf.abs(parameter)).dataSync()[0]).toBeGreaterThan(0);
    tf.dispose([...empty.parameters(), ...drawn.parameters()]);
  });

  it('names a parameter once, and leaves nothing of what is refused', () => {
    class Twice extends Module {
      constructor() {
        super(() => 0.5);
        const shared = this.child('a', new Embedding(5, EMBEDDING, () => 0.5));
        this.child('b', shared);
      }
    }
    const twice = new Twice();
    expect(described(twice)).toEqual(['a.matrix [5,3]']);
    twice.dispose();
    const level = tf.memory().numTensors;
    const random = randomSource(1);
    const widths = { queryWidth: 3, valueWidth: 4, units: 5 };
    const location = { filters: 2, width: 2 };
    expect(() => createAttention({ score: 'additive', temperature: 0, ...widths }, random)).toThrow(
      'temperature',
    );
    expect(() => createAttention({ score: 'location', location, ...widths }, random)).toThrow('width');
    const local = { kind: 'local-p', reach: 0 } as const;
    expect(() => createAttention({ score: 'general', window: local, ...widths }, random)).toThrow(
      'reach above 0',
    );
    const options = { cell: 'gru', layers: 2, score: 'dot', embedding: 3, units: 4, valueWidth: 4 } as const;
    const decoder = { ...options, encoderUnits: 4, attention: 4, bidirectional: true, dropout: 0 };
    expect(() => createDecoder('conditional', decoder, random)).toThrow();
    expect(tf.memory().numTensors).toBe(level);
  });

  for (const kind of decoderKinds) {
    it(`of the ${kind} decoder has stable names, and disposes all of its parameters`, () => {
      const level = tf.memory().numTensors;
      const network = new Network(kind, { cell: 'gru', layers: 1, score: 'additive' });
      const parameters = network.parameters();
      expect(tf.memory().numTensors - level).toBe(parameters.length);
      expect(
        [...network.namedParameters().keys()].filter((name) => name.startsWith('decoder.')),
      ).toMatchSnapshot();
      network.dispose();
      expect(tf.memory().numTensors).toBe(level);
    });
  }

  it('makes the same parameters of the same seed', () => {
    const [first, second] = [1, 2].map(
      () => new Network('conditional', { cell: 'lstm', layers: 1, score: 'additive' }),
    );
    const values = (network: Network | undefined) =>
      network?.parameters().map((parameter) => parameter.arraySync());
    expect(values(first)).toEqual(values(second));
    first?.dispose();
    second?.dispose();
  });
});
