import { leaves, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll } from 'vitest';
import {
  type CellKind,
  type CellOptions,
  ConvolutionalSubsampling,
  createCell,
  LayerNorm,
  PyramidalEncoder,
  RecurrentEncoder,
  type RecurrentEncoderOptions,
  RecurrentLayer,
  type RecurrentState,
  uniform,
} from '../../src/index.js';
import { attentionContract } from './attention-contract.js';
import type { Subject, Tensors } from './subject.js';

beforeAll(async () => void (await useBackend()));

const [INPUT, UNITS] = [6, 7];

/** [B, S] as the layers want it, [S, B, 1]. */
const timeFirst = (mask: tf.Tensor) => tf.expandDims(tf.transpose(mask), 2) as tf.Tensor3D;

/** The tensors of a state as named outputs, top layer first. */
const named = (name: string, state: RecurrentState): Tensors =>
  Object.fromEntries(leaves(state).map((tensor, i) => [`${name}_${i}`, tensor]));

const nameOf = (options: object) =>
  Object.entries(options)
    .map(([name, value]) => `, ${name} ${JSON.stringify(value)}`)
    .join('');

function layer(
  kind: CellKind,
  layers: number,
  reverse: boolean,
  options: CellOptions = {},
): Subject<RecurrentLayer> {
  const finals = Array.from(
    { length: layers * (kind === 'lstm' ? 2 : 1) },
    (_, i) => [`final_${i}`, ['B', UNITS]] as const,
  );
  return {
    name: `${kind} layer of ${layers}${reverse ? ', reversed' : ''}${nameOf(options)}`,
    make: (random) =>
      new RecurrentLayer(createCell(kind, INPUT, UNITS, random, layers, options), random, { reverse }),
    inputs: { x: ['S', 'B', INPUT], hidden: ['B', UNITS * layers], mask: ['B', 'S'] },
    outputs: { outputs: ['S', 'B', UNITS], ...Object.fromEntries(finals) },
    run(module, { x, hidden, mask }) {
      const initial = module.cell.stateFrom(hidden as tf.Tensor2D);
      const { outputs, final } = module.apply(x as tf.Tensor3D, timeFirst(mask as tf.Tensor), initial);
      return { outputs, ...named('final', final) };
    },
    /** Each row for itself, over its valid places only. */
    stepwise({ cell }, { x, hidden, mask }) {
      const valid = (mask as tf.Tensor2D).arraySync();
      const [places, batch] = (x as tf.Tensor3D).shape;
      const order = Array.from({ length: places }, (_, s) => (reverse ? places - 1 - s : s));
      const rows = Array.from({ length: batch }, (_, b) => {
        let state = cell.stateFrom(tf.slice(hidden as tf.Tensor2D, [b, 0], [1, UNITS * layers]));
        const outputs = order.map(() => tf.zeros([1, UNITS]));
        for (const s of order) {
          if (!valid[b]?.[s]) continue;
          const input = tf.reshape(tf.slice(x as tf.Tensor3D, [s, b, 0], [1, 1, INPUT]), [
            1,
            INPUT,
          ]) as tf.Tensor2D;
          state = cell.step(cell.project(input), state);
          outputs[s] = state.hidden;
        }
        return { outputs: tf.stack(outputs), ...named('final', state) } as Tensors;
      });
      return joinRows(rows, this.outputs);
    },
  };
}

function encoder(
  cell: CellKind,
  layers: number,
  bidirectional: boolean,
  options: Partial<RecurrentEncoderOptions> = {},
): Subject<RecurrentEncoder> {
  const directions = bidirectional ? ['forward', 'backward'] : ['forward'];
  const finals = Array.from({ length: layers }, (_, l) =>
    directions.map((way) => [`${way}_${l}_0`, ['B', UNITS]] as const),
  ).flat();
  const run: Subject<RecurrentEncoder>['run'] = (module, { x, mask }) => {
    const { outputs, final } = module.apply(x as tf.Tensor3D, timeFirst(mask as tf.Tensor));
    const states = final.flatMap(({ forward, backward }, l) => [
      [`forward_${l}_0`, forward.hidden] as const,
      ...(backward ? [[`backward_${l}_0`, backward.hidden] as const] : []),
    ]);
    return { outputs, ...Object.fromEntries(states) };
  };
  return {
    name: `${cell} encoder of ${layers}${bidirectional ? ', bidirectional' : ''}${nameOf(options)}`,
    make: (random) =>
      new RecurrentEncoder(
        { cell, inputs: INPUT, units: UNITS, layers, bidirectional, dropout: 0, ...options },
        random,
      ),
    inputs: { x: ['S', 'B', INPUT], mask: ['B', 'S'] },
    outputs: { outputs: ['S', 'B', UNITS * directions.length], ...Object.fromEntries(finals) },
    run,
  };
}

/** Other values than those that the parameter has at first whatever the seed. */
function assignDrawn(parameter: tf.Variable, random: () => number): void {
  tf.tidy(() => parameter.assign(tf.tensor(uniform(1)(parameter.shape, random), parameter.shape)));
}

const layerNorm: Subject<LayerNorm> = {
  name: 'layer normalisation',
  make(random) {
    const norm = new LayerNorm(INPUT, random);
    for (const parameter of norm.parameters()) assignDrawn(parameter, random);
    return norm;
  },
  inputs: { x: ['S', 'B', INPUT], mask: ['B', 'S'] },
  outputs: { outputs: ['S', 'B', INPUT] },
  run: (module, { x }) => ({ outputs: module.apply(x as tf.Tensor) }),
};

/** [S, factor, B, D] and [B, S] as the steps and the mask of S · factor steps. */
function steps(factor: number, { x, mask }: Tensors): [tf.Tensor3D, tf.Tensor3D] {
  const [places, , batch, width] = (x as tf.Tensor4D).shape;
  const repeated = tf.tile(tf.expandDims(timeFirst(mask as tf.Tensor), 1), [1, factor, 1, 1]);
  return [
    tf.reshape(x as tf.Tensor, [places * factor, batch, width]),
    tf.reshape(repeated, [places * factor, batch, 1]),
  ];
}

function pyramid(cell: CellKind, layers: number): Subject<PyramidalEncoder> {
  const factor = 2 ** (layers - 1);
  return {
    name: `pyramidal ${cell} encoder of ${layers}`,
    make: (random) =>
      new PyramidalEncoder(
        { cell, inputs: INPUT, units: UNITS, layers, bidirectional: true, dropout: 0 },
        random,
      ),
    inputs: { x: ['S', factor, 'B', INPUT], mask: ['B', 'S'] },
    outputs: { outputs: ['S', 'B', 2 * UNITS], backward: ['B', UNITS] },
    run(module, inputs) {
      const { outputs, final } = module.apply(...steps(factor, inputs));
      return { outputs, backward: final.at(-1)?.backward?.hidden as tf.Tensor };
    },
  };
}

function convolution(width: number, stride: number): Subject<ConvolutionalSubsampling> {
  return {
    name: `convolutional subsampling of width ${width} and stride ${stride}`,
    make(random) {
      const layer = new ConvolutionalSubsampling({ inputs: INPUT, filters: UNITS, width, stride }, random);
      // Away from the rectifier's kink, where differences are no gradient.
      tf.tidy(() =>
        layer
          .namedParameters()
          .get('bias')
          ?.assign(tf.fill([UNITS], 10)),
      );
      return layer;
    },
    inputs: { x: ['S', stride, 'B', INPUT], mask: ['B', 'S'] },
    outputs: { outputs: ['S', 'B', UNITS] },
    run: (module, inputs) => ({ outputs: module.apply(...steps(stride, inputs)).outputs }),
  };
}

function joinRows(rows: readonly Tensors[], outputs: Subject<RecurrentLayer>['outputs']): Tensors {
  const names = Object.keys(rows[0] as Tensors);
  return Object.fromEntries(
    names.map((name) => [
      name,
      tf.concat(
        rows.map((row) => row[name] as tf.Tensor),
        outputs[name]?.indexOf('B'),
      ),
    ]),
  );
}

for (const reverse of [false, true]) {
  attentionContract(layer('gru', 1, reverse));
  attentionContract(layer('lstm', 1, reverse));
}
attentionContract(layer('gru', 2, false));
attentionContract(layer('lstm', 3, true));

attentionContract(encoder('gru', 1, true));
attentionContract(encoder('gru', 2, true));
attentionContract(encoder('lstm', 2, true));
attentionContract(encoder('lstm', 2, false));

attentionContract(layer('gru', 1, false, { reset: 'before' }));
attentionContract(layerNorm);
attentionContract(layer('gru', 1, true, { layerNorm: true }));
attentionContract(layer('lstm', 1, false, { layerNorm: true }));
attentionContract(encoder('lstm', 1, false, { zoneout: { hidden: 0.2, cell: 0.5 } }));
attentionContract(encoder('gru', 2, false, { residualFrom: 2 }));

attentionContract(pyramid('gru', 2));
attentionContract(convolution(5, 2));
attentionContract(convolution(3, 3));
