import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
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
