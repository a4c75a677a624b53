import { Module } from '@heed/attention-core';
import { dropout, randomSource } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { MemoryCheckpoints, TrainingOptions, TrainingSurroundings, TrainingTask } from '../src/index.js';

export const BATCHES_PER_EPOCH = 3;
const INPUTS = 3;
const HIDDEN = 4;

/** A perceptron with one hidden layer. */
export class Perceptron extends Module {
  private readonly hidden = this.parameter<tf.Rank.R2>('hidden', [INPUTS, HIDDEN], (_, random) =>
    Float32Array.from({ length: INPUTS * HIDDEN }, () => random() - 0.5),
  );
  private readonly output = this.parameter<tf.Rank.R2>('output', [HIDDEN, 1], (_, random) =>
    Float32Array.from({ length: HIDDEN }, () => random() - 0.5),
  );

  apply(x: tf.Tensor2D, drop: (x: tf.Tensor2D) => tf.Tensor2D = (x) => x): tf.Tensor2D {
    return tf.matMul(drop(tf.tanh(tf.matMul(x, this.hidden)) as tf.Tensor2D), this.output);
  }
}

export type RegressionBatch = { x: tf.Tensor2D; y: tf.Tensor2D };

function makeBatch(seed: number, rows: number): RegressionBatch {
  const random = randomSource(seed);
  const x = Array.from({ length: rows }, () => Array.from({ length: INPUTS }, () => 2 * random() - 1));
  const y = x.map(([a = 0, b = 0, c = 0]) => [Math.tanh(1.5 * a - b + 0.5 * c)]);
  return { x: tf.tensor2d(x), y: tf.tensor2d(y) };
}

/** Regression on points made by code, in batches of different sizes, with dropout. */
export function regression(
  model: Perceptron,
  changes: Partial<TrainingTask<RegressionBatch>> & { rate?: number } = {},
): TrainingTask<RegressionBatch> {
  const { rate = 0, ...others } = changes;
  const error = (prediction: tf.Tensor2D, y: tf.Tensor2D) =>
    tf.mean(tf.square(tf.sub(prediction, y))) as tf.Scalar;
  return {
    model,
    batches: (epoch) =>
      Array.from(
        { length: BATCHES_PER_EPOCH },
        (_, i) => () => makeBatch(100 * epoch + i + 1, 8 + ((i + epoch) % 3)),
      ),
    sizes: { x: ['N', INPUTS], y: ['N', 1] },
    loss: ({ x, y }, random) =>
      error(
        model.apply(x, (hidden) => dropout(hidden, rate, random)),
        y,
      ),
    validate: async () =>
      tf.tidy(() => {
        const { x, y } = makeBatch(-1, 50);
        return { error: error(model.apply(x), y).dataSync()[0] as number };
      }),
    metric: { name: 'error', higherIsBetter: false },
    ...others,
  };
}

export const someOptions: TrainingOptions = {
  seed: 3,
  steps: 8,
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  learningRate: { peak: 0.05, warmUp: 3, decay: 'cosine' },
  clip: 1,
  stepsPerValidation: 4,
  patience: 100,
  secondsPerCheckpoint: 1000,
  eager: false,
};

export function surroundings(
  store: MemoryCheckpoints,
  changes: Partial<TrainingSurroundings> = {},
): TrainingSurroundings {
  return { store, observers: [], identity: { data: 'points' }, resume: false, ...changes };
}
