import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { AttentionLayer, AttentionPooling } from '../../src/layers/index.js';
import { expectNear, normalTensor } from '../contract/numerics.js';

beforeAll(async () => void (await useBackend()));

const [BATCH, QUERIES, PLACES] = [2, 3, 5];
const query = () => normalTensor([BATCH, QUERIES, 4], 1);
const value = () => normalTensor([BATCH, PLACES, 6], 2);

function memoryOf(): { handler: tf.io.IOHandler; artifacts(): tf.io.ModelArtifacts } {
  let saved: tf.io.ModelArtifacts | undefined;
  return {
    handler: tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
    artifacts: () => saved as tf.io.ModelArtifacts,
  };
}

describe('AttentionLayer', () => {
  it('gives [B, Tq, V] and, asked for, weights that sum to 1 and are 0 where the values are masked', () => {
    const layer = new AttentionLayer({ score: 'additive', units: 8 });
    const mask = tf.tensor2d([1, 1, 0, 0, 0, 1, 1, 1, 1, 1], [BATCH, PLACES], 'bool');
    const [context, weights] = layer.apply([query(), value()], {
      mask: [null, mask],
      returnAttentionScores: true,
    }) as tf.Tensor[];
    expect(context?.shape).toEqual([BATCH, QUERIES, 6]);
    expect(weights?.shape).toEqual([BATCH, QUERIES, PLACES]);
    const sums = tf.sum(weights as tf.Tensor, 2);
    expectNear({ sums }, { sums: tf.onesLike(sums) }, 1e-6);
    const outside = tf.mul(weights as tf.Tensor, tf.expandDims(tf.sub(1, tf.cast(mask, 'float32')), 1));
    expect(tf.max(outside).dataSync()[0]).toBe(0);
    expectNear(
      { context: context as tf.Tensor },
      { context: tf.matMul(weights as tf.Tensor, value()) },
      1e-6,
    );
  });

  it('gives 0 for a row in which every value is masked, in a tf.model too', () => {
    const layer = new AttentionLayer({ score: 'additive', units: 8 });
    const mask = tf.tensor2d([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], [BATCH, PLACES], 'bool');
    const [context, weights] = layer.apply([query(), value()], {
      mask: [null, mask],
      returnAttentionScores: true,
    }) as tf.Tensor3D[];
    for (const output of [context, weights] as tf.Tensor3D[]) {
      const [empty, full] = tf.unstack(tf.max(tf.abs(output), [1, 2])).map((most) => most.dataSync()[0]);
      expect(empty).toBe(0);
      expect(full).toBeGreaterThan(0);
    }
    const ids = tfl.input({ shape: [PLACES], dtype: 'int32' });
    const embedded = tfl.layers.embedding({ inputDim: 9, outputDim: 4, maskZero: true }).apply(ids);
    const read = new AttentionLayer({ score: 'dot', units: 4 }).apply([
      embedded,
      embedded,
    ] as tfl.SymbolicTensor[]);
    const model = tfl.model({ inputs: ids, outputs: read as tfl.SymbolicTensor });
    const found = model.predict(
      tf.tensor2d(
        [
          [1, 2, 0, 0, 0],
          [0, 0, 0, 0, 0],
        ],
        undefined,
        'int32',
      ),
    ) as tf.Tensor3D;
    expect(tf.max(tf.abs(tf.slice(found, [1, 0, 0], [1, PLACES, 4]))).dataSync()[0]).toBe(0);
  });

  it('takes keys of their own width, and zeroes what masked queries give', () => {
    const layer = new AttentionLayer({ score: 'general', units: 8 });
    const key = normalTensor([BATCH, PLACES, 7], 3);
    const queryMask = tf.tensor2d([1, 0, 1, 1, 1, 0], [BATCH, QUERIES], 'bool');
    const output = layer.apply([query(), value(), key], { mask: [queryMask, null, null] }) as tf.Tensor;
    const norms = tf.sum(tf.abs(output), 2).arraySync() as number[][];
    expect(norms[0]?.[1]).toBe(0);
    expect(norms[1]?.[2]).toBe(0);
    expect(norms[0]?.[0]).toBeGreaterThan(0);
  });

  for (const options of [
    { score: 'additive', units: 8 },
    { score: 'multiHead', units: 8, heads: 2 },
    { score: 'general', units: 8, normalizer: 'sparsemax' },
  ] as const) {
    it(`learns in a tf.model over masked embeddings and is the same after saving and loading: ${options.score}`, async () => {
      const ids = tfl.input({ shape: [PLACES], dtype: 'int32' });
      const asked = tfl.input({ shape: [1, 4] });
      const embedded = tfl.layers.embedding({ inputDim: 9, outputDim: 6, maskZero: true }).apply(ids);
      const encoded = tfl.layers.gru({ units: 6, returnSequences: true }).apply(embedded);
      const read = new AttentionLayer(options).apply([asked, encoded as tfl.SymbolicTensor]);
      const flat = tfl.layers.flatten().apply(read as tfl.SymbolicTensor);
      const output = tfl.layers.dense({ units: 2, activation: 'softmax' }).apply(flat);
      const model = tfl.model({ inputs: [ids, asked], outputs: output as tfl.SymbolicTensor });
      model.compile({ optimizer: tf.train.adam(0.02), loss: 'categoricalCrossentropy' });

      // Which of two words the sentence holds, wherever it stands.
      const rows = Array.from({ length: 24 }, (_, i) => {
        const row = [3, 4, 5, 6, 0].map((word, at) => (at < 2 + (i % 3) ? word : 0));
        row[i % 2] = 7 + (Math.floor(i / 2) % 2);
        return row;
      });
      const labels = rows.map((row) => (row.includes(7) ? [1, 0] : [0, 1]));
      const x = [tf.tensor2d(rows, undefined, 'int32'), tf.ones([rows.length, 1, 4])];
      const history = await model.fit(x, tf.tensor2d(labels), { epochs: 25, verbose: 0, shuffle: false });
      const losses = history.history.loss as number[];
      expect(losses.at(-1)).toBeLessThan(0.5 * (losses[0] as number));

      const { handler, artifacts } = memoryOf();
      await model.save(handler);
      const loaded = await tfl.loadLayersModel(tf.io.fromMemory(artifacts()));
      expectNear({ output: loaded.predict(x) as tf.Tensor }, { output: model.predict(x) as tf.Tensor }, 1e-6);
    });
  }

  it('follows the masks of queries and of values in a tf.model, and no other layer’s', async () => {
    const [ids, asked] = [
      tfl.input({ shape: [null], dtype: 'int32' }),
      tfl.input({ shape: [null], dtype: 'int32' }),
    ];
    const embed = (words: tfl.SymbolicTensor) =>
      tfl.layers.embedding({ inputDim: 9, outputDim: 6, maskZero: true }).apply(words) as tfl.SymbolicTensor;
    const plain = tfl.input({ shape: [PLACES, 6] });
    const gru = tfl.layers.gru({ units: 6, returnSequences: true });
    const attend = (inputs: tfl.SymbolicTensor[]) =>
      new AttentionLayer({ score: 'dot', units: 6, returnAttentionScores: true }).apply(inputs) as [
        tfl.SymbolicTensor,
        tfl.SymbolicTensor,
      ];
    const [read, weights] = attend([embed(asked), gru.apply(embed(ids)) as tfl.SymbolicTensor]);
    // Some weights give scores so far apart that the least has no share left in float32.
    const kernelInitializer = tfl.initializers.glorotUniform({ seed: 3 });
    const dense = tfl.layers.dense({ units: 6, kernelInitializer }).apply(plain) as tfl.SymbolicTensor;
    const [, unmasked] = attend([dense, dense]);
    const inputs = [ids, asked, plain];
    const model = tfl.model({ inputs, outputs: [read, weights, unmasked] });
    const x = [
      tf.tensor2d([[1, 2, 3, 0, 0]], undefined, 'int32'),
      tf.tensor2d([[4, 5, 0]], undefined, 'int32'),
      normalTensor([1, PLACES, 6], 4),
    ];
    const { handler, artifacts } = memoryOf();
    await model.save(handler);
    const loaded = await tfl.loadLayersModel(tf.io.fromMemory(artifacts()));
    for (const each of [model, loaded]) {
      const [contexts, scores, ofPlain] = (each.predict(x) as tf.Tensor[]).map((y) => y.arraySync()) as [
        number[][][],
        number[][][],
        number[][][],
      ];
      for (const row of scores[0]!) {
        expect(row.slice(0, 3).every((weight) => weight > 0)).toBe(true);
        expect(row.slice(3)).toEqual([0, 0]);
      }
      expect(contexts[0]![2]!.every((value) => value === 0)).toBe(true);
      expect(contexts[0]![1]!.some((value) => value !== 0)).toBe(true);
      expect(ofPlain[0]!.flat().every((weight) => weight > 0)).toBe(true);
    }
    const nothing = [tf.zeros([1, PLACES], 'int32'), x[1] as tf.Tensor, x[2] as tf.Tensor];
    const [contexts, scores] = model.predict(nothing) as tf.Tensor[];
    for (const output of [contexts, scores])
      expect(tf.max(tf.abs(output as tf.Tensor)).dataSync()[0]).toBe(0);
  });

  it('keeps what every layer is told, and says in a model what it gives', async () => {
    const model = tfl.sequential({
      layers: [
        tfl.layers.dense({ units: 4, inputShape: [PLACES, 4], trainable: false }),
        new AttentionPooling({ units: 3, trainable: false }),
      ],
    });
    const { handler, artifacts } = memoryOf();
    await model.save(handler);
    const loaded = await tfl.loadLayersModel(tf.io.fromMemory(artifacts()));
    expect(loaded.trainableWeights).toHaveLength(0);
    const { score, trainable, seed } = new AttentionLayer({
      score: 'dot',
      units: 4,
      trainable: false,
    }).getConfig();
    expect([score, trainable, seed]).toEqual(['dot', false, undefined]);
    const asked = tfl.input({ shape: [QUERIES, 4] });
    const layer = new AttentionLayer({ score: 'dot', units: 4 });
    expect(() => layer.apply([asked, asked], { returnAttentionScores: true })).toThrow('to its constructor');
    const mask = [tf.ones([1, QUERIES]), null];
    expect(() => layer.apply([asked, asked], { mask })).toThrow('masks come with the inputs');
  });

  it('refuses one input, and mechanisms that need to know where an earlier step looked', () => {
    const layer = new AttentionLayer({ score: 'dot', units: 4 });
    expect(() => layer.apply(value())).toThrow('takes [query, value] or [query, value, key], got 1 inputs');
    for (const parts of [{ score: 'coverage' }, { score: 'dot', normalizer: 'hard' }] as const) {
      const asked = tfl.input({ shape: [QUERIES, 6] });
      expect(() => new AttentionLayer({ ...parts, units: 4 }).apply([asked, asked])).toThrow(
        'nor depend on where an earlier step looked',
      );
    }
    const one = tf.ones([BATCH, PLACES]);
    expect(() => layer.apply([normalTensor([BATCH, 3, 6], 1), value()], { mask: one })).toThrow(
      'a list of masks',
    );
    const other = new AttentionLayer({ score: 'dot', units: 4, normalizer: 'entmax' as 'softmax' });
    expect(() => other.apply([value(), value()])).toThrow(
      'there is no normalizer "entmax": expected softmax, ',
    );
  });
});
