import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { CopyMechanism } from '../src/index.js';
import { expectNear, normalTensor } from './contract/numerics.js';

beforeAll(async () => {
  await useBackend();
});

const [VOCABULARY, EXTENDED] = [6, 8];
// Two sentences, two beams each; 6 and 7 are words that the model does not know.
const tokens = () => tf.tensor2d([3, 6, 3, 7, 1, 1], [2, 3], 'int32');

function inputs() {
  const logits = normalTensor([4, VOCABULARY], 1) as tf.Tensor2D;
  const weights = tf.softmax(normalTensor([4, 3], 2)) as tf.Tensor2D;
  const copy = new CopyMechanism({ hiddenWidth: 3, contextWidth: 4, embedding: 2 }, randomSource(1));
  const output = {
    hidden: normalTensor([4, 3], 3) as tf.Tensor2D,
    context: normalTensor([4, 4], 4) as tf.Tensor2D,
  };
  const embedded = normalTensor([4, 2], 5) as tf.Tensor2D;
  return { copy, logits, weights, output, embedded, generate: copy.probability(output, embedded) };
}

describe('CopyMechanism', () => {
  it('equals equation 9 of See et al. 2017, written out', () => {
    const { copy, logits, weights, generate } = inputs();
    const source = { tokens: tokens(), extended: EXTENDED };
    const found = tf.exp(copy.logProbabilities(logits, weights, generate, source)).arraySync() as number[][];
    const [p, a, g, w] = [
      tf.softmax(logits).arraySync(),
      weights.arraySync(),
      generate.arraySync(),
      tokens().arraySync(),
    ];
    for (let row = 0; row < 4; row++) {
      const gate = g[row]?.[0] as number;
      expect(gate).toBeGreaterThan(0);
      expect(gate).toBeLessThan(1);
      let total = 0;
      for (let word = 0; word < EXTENDED; word++) {
        const sentence = w[Math.floor(row / 2)] as number[];
        const copied = sentence.reduce((sum, it, s) => sum + (it === word ? (a[row]?.[s] as number) : 0), 0);
        const expected = gate * (p[row]?.[word] ?? 0) + (1 - gate) * copied;
        expect(found[row]?.[word]).toBeCloseTo(expected, 6);
        total += found[row]?.[word] as number;
      }
      expect(total).toBeCloseTo(1, 5);
    }
  });

  it('has for its loss minus the log-probability of each word, known, copied or both', () => {
    const { copy, logits, weights, generate } = inputs();
    const all = copy.logProbabilities(logits, weights, generate, { tokens: tokens(), extended: EXTENDED });
    const source = tf.gather(tokens(), [0, 0, 1, 1]);
    for (const target of [0, 3, 1]) {
      const targets = tf.tensor1d([target, target, target, target], 'int32');
      const loss = copy.crossEntropy(logits, weights, generate, source, targets);
      const expected = tf.neg(tf.gather(all, [target], 1));
      expectNear({ loss }, { loss: tf.squeeze(expected, [1]) }, 1e-5);
    }
    const unknown = copy.crossEntropy(logits, weights, generate, source, tf.tensor1d([6, 6, 7, 7], 'int32'));
    expectNear(
      { unknown },
      { unknown: tf.neg(tf.gatherND(all, tf.tensor2d([0, 6, 1, 6, 2, 7, 3, 7], [4, 2], 'int32'))) },
      1e-5,
    );
  });

  it('has gradients that equal finite differences', () => {
    const { copy, logits, weights, output, embedded } = inputs();
    const source = tf.gather(tokens(), [0, 0, 1, 1]);
    const targets = tf.tensor1d([3, 6, 1, 4], 'int32');
    const loss = (x: tf.Tensor, y: tf.Tensor) =>
      tf.sum(
        copy.crossEntropy(
          x as tf.Tensor2D,
          y as tf.Tensor2D,
          copy.probability(output, embedded),
          source,
          targets,
        ),
      ) as tf.Scalar;
    const [byLogits, byWeights] = tf.grads(loss)([logits, weights]) as [tf.Tensor, tf.Tensor];
    const kernel = copy.parameters()[0] as tf.Variable;
    const { grads } = tf.variableGrads(() => loss(logits, weights), [kernel]);
    const step = 1e-2;
    const along = (shape: number[]) => tf.mul(normalTensor(shape, 9), step);
    const slope = (ahead: tf.Scalar, behind: tf.Scalar) =>
      ((ahead.dataSync()[0] as number) - (behind.dataSync()[0] as number)) / 2;
    const dot = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(a, b)).dataSync()[0] as number;
    const d = along(logits.shape);
    const numeric = slope(loss(tf.add(logits, d), weights), loss(tf.sub(logits, d), weights));
    expect(numeric).toBeCloseTo(dot(byLogits, d), 3);
    const e = along(weights.shape);
    const second = slope(loss(logits, tf.add(weights, e)), loss(logits, tf.sub(weights, e)));
    expect(second).toBeCloseTo(dot(byWeights, e), 3);
    const f = along(kernel.shape);
    const before = tf.clone(kernel);
    kernel.assign(tf.add(before, f));
    const ahead = loss(logits, weights);
    kernel.assign(tf.sub(before, f));
    const third = slope(ahead, loss(logits, weights));
    expect(third).toBeCloseTo(dot(grads[kernel.name] as tf.Tensor, f), 3);
  });
});
