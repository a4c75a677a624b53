import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Embedding } from '../src/index.js';

beforeAll(async () => void (await useBackend()));

function make(): { embedding: Embedding; matrix: tf.Variable } {
  const embedding = new Embedding(3, 4, randomSource(1));
  const matrix = embedding.namedParameters().get('matrix') as tf.Variable;
  matrix.assign(
    tf.tensor2d([
      [1, 2, 3, 4],
      [0, 0, 0, 5],
      [-1, 0, 1, 0],
    ]),
  );
  return { embedding, matrix };
}

describe('Embedding', () => {
  it('looks rows up for ids of any shape, scaled by the root of the width', () => {
    const { embedding } = make();
    const rows = embedding.lookUp(tf.tensor3d([2, 0, 1, 1], [2, 1, 2], 'int32'));
    expect(rows.arraySync()).toEqual([
      [
        [
          [-2, 0, 2, 0],
          [2, 4, 6, 8],
        ],
      ],
      [
        [
          [0, 0, 0, 10],
          [0, 0, 0, 10],
        ],
      ],
    ]);
    expect(embedding.size).toBe(3);
    embedding.dispose();
  });

  it('scores all tokens by the same rows', () => {
    const { embedding } = make();
    expect(
      embedding
        .score(
          tf.tensor2d([
            [1, 1, 0, 2],
            [0, 0, 1, 0],
          ]),
        )
        .arraySync(),
    ).toEqual([
      [11, 10, -1],
      [3, 0, 1],
    ]);
    embedding.dispose();
  });

  it('adds up the gradients of a token that is looked up twice and scored', () => {
    const { embedding, matrix } = make();
    const loss = () => {
      const rows = embedding.lookUp(tf.tensor1d([1, 1, 2], 'int32'));
      const scores = embedding.score(tf.tensor2d([[0, 0, 0, 7]]));
      return tf.add(tf.sum(rows), tf.sum(scores)) as tf.Scalar;
    };
    const { grads } = tf.variableGrads(loss, [matrix as tf.Variable]);
    expect(grads[matrix.name]?.arraySync()).toEqual([
      [0, 0, 0, 7],
      [4, 4, 4, 11],
      [2, 2, 2, 9],
    ]);
    embedding.dispose();
  });

  it('starts with looked-up values of unit variance', () => {
    const embedding = new Embedding(400, 64, randomSource(5));
    const { mean, variance } = tf.moments(embedding.lookUp(tf.range(0, 400, 1, 'int32')));
    expect(mean.dataSync()[0]).toBeCloseTo(0, 1);
    expect(variance.dataSync()[0]).toBeCloseTo(1, 1);
    embedding.dispose();
  });
});
