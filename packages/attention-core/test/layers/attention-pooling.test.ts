import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { AttentionPooling } from '../../src/layers/index.js';
import { expectNear, normalTensor } from '../contract/numerics.js';

describe('AttentionPooling', () => {
  beforeAll(async () => void (await useBackend()));

  it('equals equations 5 to 7 of Yang et al. 2016, written out', () => {
    const layer = new AttentionPooling({ units: 3 });
    const x = normalTensor([1, 4, 2], 1);
    const [pooled, weights] = layer.apply(x, { returnAttentionScores: true }) as [tf.Tensor, tf.Tensor];
    const [kernel, bias, query] = layer.getWeights().map((weight) => weight.arraySync()) as [
      number[][],
      number[],
      number[][],
    ];
    const places = (x.arraySync() as number[][][])[0] as number[][];
    const scores = places.map((place) =>
      bias.reduce((sum, b, u) => {
        const inner = place.reduce((inside, value, d) => inside + value * (kernel[d]?.[u] as number), b);
        return sum + Math.tanh(inner) * (query[u]?.[0] as number);
      }, 0),
    );
    const expected = tf.softmax(tf.tensor2d([scores]));
    expectNear({ weights }, { weights: expected }, 1e-6);
    expectNear({ pooled }, { pooled: tf.squeeze(tf.matMul(tf.expandDims(expected, 1), x), [1]) }, 1e-6);
  });

  it('in a tf.sequential over a padded recurrent layer, longer padding changes nothing, and it survives saving', async () => {
    const make = () =>
      tfl.sequential({
        layers: [
          tfl.layers.embedding({ inputDim: 9, outputDim: 4, maskZero: true, inputShape: [null] }),
          tfl.layers.gru({ units: 5, returnSequences: true }),
          new AttentionPooling({ units: 6 }),
          tfl.layers.dense({ units: 2, activation: 'softmax' }),
        ],
      });
    const model = make();
    const rows = [
      [1, 2, 3, 0],
      [4, 5, 0, 0],
    ];
    const short = model.predict(tf.tensor2d(rows, undefined, 'int32')) as tf.Tensor;
    const long = model.predict(
      tf.tensor2d(
        rows.map((row) => [...row, 0, 0, 0]),
        undefined,
        'int32',
      ),
    ) as tf.Tensor;
    expectNear({ long }, { long: short }, 1e-6);
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tfl.loadLayersModel(tf.io.fromMemory(saved as tf.io.ModelArtifacts));
    const again = loaded.predict(tf.tensor2d(rows, undefined, 'int32')) as tf.Tensor;
    expectNear({ again }, { again: short }, 1e-6);
  });

  it('gives 0 for a row in which everything is masked', () => {
    const layer = new AttentionPooling({ units: 3, returnAttentionScores: true });
    const mask = tf.tensor2d([0, 0, 1, 0], [2, 2], 'bool');
    const [pooled, weights] = layer.apply(tf.ones([2, 2, 5]), { mask }) as tf.Tensor2D[];
    expect(pooled?.arraySync()).toEqual([Array(5).fill(0), Array(5).fill(1)]);
    expect(weights?.arraySync()).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('follows a mask through many residual blocks, of a batch of several', () => {
    const ids = tfl.input({ shape: [null], dtype: 'int32' });
    let x = tfl.layers
      .embedding({ inputDim: 9, outputDim: 4, maskZero: true })
      .apply(ids) as tfl.SymbolicTensor;
    for (let block = 0; block < 30; block++) {
      const inner = tfl.layers.dense({ units: 4 }).apply(x);
      x = tfl.layers.add().apply([x, inner as tfl.SymbolicTensor]) as tfl.SymbolicTensor;
    }
    const [pooled, weights] = new AttentionPooling({ units: 3, returnAttentionScores: true }).apply(x) as [
      tfl.SymbolicTensor,
      tfl.SymbolicTensor,
    ];
    const model = tfl.model({ inputs: ids, outputs: [pooled, weights] });
    const words = tf.tensor2d(
      [
        [1, 2, 0],
        [3, 0, 0],
      ],
      undefined,
      'int32',
    );
    const [, found] = model.predict(words) as [tf.Tensor, tf.Tensor2D];
    expect(found.arraySync().map((row) => row.map((weight) => weight > 0))).toEqual([
      [true, true, false],
      [true, false, false],
    ]);
  });

  it('begins a tf.sequential, and beside a masked layer takes no mask that is not its input’s', () => {
    const alone = tfl.sequential({ layers: [new AttentionPooling({ units: 3, inputShape: [4, 2] })] });
    const features = normalTensor([1, 4, 2], 1);
    const pooling = alone.layers[0] as AttentionPooling;
    const expected = pooling.apply(features) as tf.Tensor;
    expectNear({ alone: alone.predict(features) as tf.Tensor }, { alone: expected }, 1e-6);
    const [ids, x] = [tfl.input({ shape: [4], dtype: 'int32' }), tfl.input({ shape: [4, 2] })];
    const embedded = tfl.layers.embedding({ inputDim: 5, outputDim: 2, maskZero: true }).apply(ids);
    const outputs = [new AttentionPooling({ units: 3 }).apply(embedded), pooling.apply(x)];
    const model = tfl.model({ inputs: [ids, x], outputs: outputs as tfl.SymbolicTensor[] });
    const words = tf.tensor2d([[1, 2, 0, 0]], undefined, 'int32');
    const [, pooled] = model.predict([words, features]) as [tf.Tensor, tf.Tensor];
    expectNear({ pooled }, { pooled: expected }, 1e-6);
  });
});
