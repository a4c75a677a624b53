import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Bridge } from '../../src/decoders/bridge.js';
import {
  type CellKind,
  createDecoder,
  type Decoder,
  type DecoderKind,
  type DecoderOptions,
  type DecoderOutput,
  decoderKinds,
  type Encoded,
  type Memory,
} from '../../src/index.js';
import { attentionContract } from './attention-contract.js';
import type { Axes, Subject, Tensors } from './subject.js';

beforeAll(async () => void (await useBackend()));

const [EMBEDDING, UNITS, ENCODER_UNITS, ATTENTION] = [6, 7, 9, 10];
const BASE: DecoderOptions = {
  cell: 'gru',
  embedding: EMBEDDING,
  units: UNITS,
  layers: 1,
  valueWidth: 8,
  encoderUnits: ENCODER_UNITS,
  bidirectional: true,
  score: 'additive',
  attention: ATTENTION,
  dropout: 0,
};

const attends = (kind: DecoderKind) => kind !== 'sutskever' && kind !== 'cho';

const hasMaxout = (kind: DecoderKind) => kind !== 'luong' && kind !== 'conditional';

/** Decides every maxout clearly, for one half or the other, since finite differences fail across its kink. */
function keepOffKinks(decoder: Decoder): void {
  const bias = Array.from({ length: 2 * EMBEDDING }, (_, i) => (i < EMBEDDING === (i % 2 === 0) ? 3 : -3));
  tf.tidy(() => decoder.namedParameters().get('output.bias')?.assign(tf.tensor1d(bias)));
}

function encodedOf({ source, forward, backward }: Tensors): Encoded {
  const state = (hidden: tf.Tensor | undefined) => ({ hidden: hidden as tf.Tensor2D });
  const last = { forward: state(forward), ...(backward && { backward: state(backward) }) };
  return { outputs: source as tf.Tensor3D, final: [last] };
}

function subject(kind: DecoderKind, changes: Partial<DecoderOptions> = {}): Subject<Decoder> {
  const options = { ...BASE, ...changes };
  const { cell, layers, score, bidirectional, valueWidth, units, bridge, readout } = options;
  const start = (decoder: Decoder, inputs: Tensors) => {
    const encoded = encodedOf(inputs);
    const memory = decoder.memory(encoded, inputs.mask as tf.Tensor2D);
    return { memory, state: decoder.initialState(encoded, memory), words: inputs.words as tf.Tensor3D };
  };
  const context =
    score === 'multiHead'
      ? options.attention
      : attends(kind)
        ? valueWidth
        : ENCODER_UNITS * (bidirectional ? 2 : 1);
  const outputs: Record<string, Axes> = {
    hidden: ['T', 'B', kind === 'luong' ? EMBEDDING : units],
    context: ['T', 'B', context],
    ...(attends(kind) && { weights: ['T', 'B', 'S'] as const }),
    readout: ['T', 'B', EMBEDDING],
  };
  return {
    name: `${kind} decoder, ${cell}, ${layers === 1 ? '1 layer' : `${layers} layers`}, ${score}${bidirectional ? '' : ', one direction'}${bridge ? `, bridge ${bridge}` : ''}${readout ? `, readout ${readout}` : ''}`,
    make: (random) => {
      const decoder = createDecoder(kind, options, random);
      if (readout ? readout === 'maxout' : hasMaxout(kind)) keepOffKinks(decoder);
      return decoder;
    },
    inputs: {
      words: ['T', 'B', EMBEDDING],
      source: ['S', 'B', valueWidth],
      forward: ['B', ENCODER_UNITS],
      ...(bidirectional && { backward: ['B', ENCODER_UNITS] as const }),
      mask: ['B', 'S'],
    },
    outputs,
    sumsBelowOne: options.normalizer === 'monotonic',
    run(decoder, inputs) {
      const { memory, state, words } = start(decoder, inputs);
      const [steps, batch, width] = words.shape;
      const output = decoder.unroll(words, state, memory);
      const { hidden, context: read } = output;
      const flat = (tensor: tf.Tensor) =>
        tf.reshape(tensor, [steps * batch, tensor.shape[2] as number]) as tf.Tensor2D;
      const readout = decoder.readout({ hidden: flat(hidden), context: flat(read) }, flat(words));
      return named(output, tf.reshape(readout, [steps, batch, width]));
    },
    stepwise(decoder, inputs) {
      const { memory, state: first, words } = start(decoder, inputs);
      let state = first;
      const steps = tf.unstack(words).map((word) => {
        const projected = tf.squeeze(
          decoder.project(tf.expandDims(word, 0) as tf.Tensor3D),
          [0],
        ) as tf.Tensor2D;
        const next = decoder.step(projected, state, memory);
        state = next.state;
        return named(next.output, decoder.readout(next.output, word as tf.Tensor2D));
      });
      return Object.fromEntries(
        Object.keys(outputs).map((name) => [name, tf.stack(steps.map((step) => step[name] as tf.Tensor))]),
      );
    },
  };
}

const named = ({ hidden, context, weights }: DecoderOutput, readout: tf.Tensor): Tensors => ({
  hidden,
  context,
  ...(weights && { weights }),
  readout,
});

const cells: CellKind[] = ['gru', 'lstm'];
for (const kind of decoderKinds) {
  for (const cell of cells) {
    attentionContract(subject(kind, { cell }));
    if (kind !== 'conditional') attentionContract(subject(kind, { cell, layers: 2 }));
  }
  if (!attends(kind)) continue;
  attentionContract(subject(kind, { score: 'dot', valueWidth: UNITS }));
  attentionContract(subject(kind, { score: 'location', location: { filters: 2, width: 3 } }));
  attentionContract(subject(kind, { score: 'multiHead', heads: 2, attention: 6 }));
}
attentionContract(subject('bahdanau', { bidirectional: false }));
attentionContract(subject('cho', { bidirectional: false }));
attentionContract(
  subject('luong', { layers: 2, attendFrom: 'first', score: 'general', normalizer: 'monotonic' }),
);
attentionContract(subject('conditional', { readout: 'maxout' }));
attentionContract(subject('bahdanau', { readout: 'dense' }));
for (const bridge of ['zero', 'last', 'mlp', 'average'] as const) {
  // As wide as the encoder's final states in both directions.
  attentionContract(subject('bahdanau', { bridge, units: 2 * ENCODER_UNITS }));
}

describe('the bridge "last"', () => {
  const options = { encoderUnits: 2, bidirectional: true, valueWidth: 4, stateWidth: 8, layers: 2 };
  const layerOf = (first: number) => ({
    forward: { hidden: tf.tensor2d([[first, first + 1]]) },
    backward: { hidden: tf.tensor2d([[first + 2, first + 3]]) },
  });
  const start = (layers: number[]) => {
    const encoded = { outputs: tf.zeros([3, 1, 4]), final: layers.map(layerOf) } as Encoded;
    const memory = { values: tf.zeros([1, 3, 4]), keys: tf.zeros([1, 3, 4]), mask: tf.ones([1, 3], 'bool') };
    return new Bridge('last', options, randomSource(1)).apply(encoded, memory as Memory);
  };

  it('gives each layer what the layer of the same number ended in, in both directions', () => {
    expect(start([0, 10]).arraySync()).toEqual([[0, 1, 2, 3, 10, 11, 12, 13]]);
  });

  it('refuses other widths, and more or fewer layers', () => {
    const wide = () => new Bridge('last', { ...options, stateWidth: 12 }, randomSource(1));
    expect(wide).toThrow('they are 4 and 6 wide');
    expect(() => start([0])).toThrow('they have 1 and 2');
  });
});

describe('a decoder', () => {
  it('is of a kind that there is, and has the bridge that it is given or refuses it', () => {
    const make = (kind: DecoderKind, bridge?: 'zero') => () =>
      createDecoder(kind, { ...BASE, ...(bridge && { bridge }) }, randomSource(1));
    expect(make('transformer' as DecoderKind)).toThrow('no decoder "transformer": expected bahdanau, luong');
    expect(make('cho', 'zero')).toThrow('has a bridge of its own, not "zero"');
  });

  for (const kind of decoderKinds.filter(attends)) {
    it(`of the kind ${kind} names the row that has nothing to attend to`, () => {
      const decoder = subject(kind).make(randomSource(1));
      const mask = tf.tensor2d(
        [
          [1, 0, 0],
          [0, 0, 0],
        ],
        [2, 3],
        'bool',
      );
      expect(() => decoder.memory(encodedOf({ source: tf.zeros([3, 2, BASE.valueWidth]) }), mask)).toThrow(
        'row 1 of the memory',
      );
      decoder.dispose();
    });
  }
});
