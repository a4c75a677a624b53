import { compile, randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import {
  Attention,
  collectWeights,
  GeneralScore,
  HardNormalizer,
  loadWeights,
  Module,
  MovingBaseline,
  reinforceLoss,
} from '../src/index.js';
import { normalTensor } from './contract/numerics.js';

beforeAll(async () => void (await useBackend()));

it('MovingBaseline moves by a tenth of the way to the mean reward', () => {
  const level = tf.memory().numTensors;
  const baseline = new MovingBaseline(randomSource(1));
  expect(baseline.value.dataSync()[0]).toBe(0);
  const rewards = tf.tensor1d([-1, -3]);
  baseline.update(rewards);
  expect(baseline.value.dataSync()[0]).toBeCloseTo(-0.2, 6);
  baseline.update(rewards);
  expect(baseline.value.dataSync()[0]).toBeCloseTo(-0.38, 6);
  rewards.dispose();
  baseline.dispose();
  expect(tf.memory().numTensors).toBe(level);
});

it('MovingBaseline moves inside of a compiled function too', () => {
  const baseline = new MovingBaseline(randomSource(1), 0.5);
  const advantage = compile((rewards: tf.Tensor1D) => {
    const result = tf.sub(rewards, baseline.value);
    baseline.update(rewards);
    return result;
  });
  const values = [2, 2, 2].map((reward) => advantage(tf.tensor1d([reward])).dataSync()[0]);
  expect(values).toEqual([2, 1, 0.5]);
  advantage.dispose();
  baseline.dispose();
});

const [ROWS, PLACES, WIDTH] = [3, 4, 2];

/** Hard attention that is rewarded for the first value of what it reads. */
class Chooser extends Module {
  readonly attention: Attention;
  readonly baseline: MovingBaseline;

  constructor(random: () => number) {
    super(random);
    const [score, normalizer] = [new GeneralScore(WIDTH, WIDTH, random), new HardNormalizer(random)];
    this.attention = this.child('attention', new Attention({ score, normalizer }, random));
    this.baseline = this.child('baseline', new MovingBaseline(random));
  }

  loss(values: tf.Tensor3D, noise: tf.Tensor2D): tf.Scalar {
    const [rows, places, width] = values.shape;
    const memory = this.attention.memory(values, tf.ones([rows, places], 'bool'));
    const { context, weights, distribution } = this.attention.attend(tf.ones([rows, width]), memory, {
      noise,
    });
    const rewards = tf.reshape<tf.Rank.R1>(tf.slice(context, [0, 0], [rows, 1]), [rows]);
    const loss = reinforceLoss({
      weights: tf.expandDims(weights, 0),
      distribution: tf.expandDims(distribution as tf.Tensor2D, 0),
      targetMask: tf.ones([1, rows]),
      rewards,
      baseline: this.baseline.value,
      entropy: 0.01,
    });
    this.baseline.update(rewards);
    return loss;
  }
}

it('MovingBaseline trains hard attention in one resident graph, and is saved and restored with the parameters', () => {
  const make = () => {
    const model = new Chooser(randomSource(2));
    const trainable = model.parameters().filter((variable) => variable.trainable);
    expect(trainable).toHaveLength(model.parameters().length - 1);
    const update = (values: tf.Tensor3D, noise: tf.Tensor2D) => {
      const { value, grads } = tf.variableGrads(() => model.loss(values, noise), trainable);
      for (const variable of trainable) {
        variable.assign(tf.sub(variable, tf.mul(grads[variable.name] as tf.Tensor, 0.1)));
      }
      return value;
    };
    const sizes = [
      ['B', 'S', WIDTH],
      ['B', 'S'],
    ];
    return { model, update, compiled: compile(update, { sizes, resident: true }) };
  };
  const batch = (seed: number): [tf.Tensor3D, tf.Tensor2D] => [
    normalTensor([ROWS, PLACES, WIDTH], seed) as tf.Tensor3D,
    tf.sigmoid(normalTensor([ROWS, PLACES], 100 + seed)) as tf.Tensor2D,
  ];
  const valuesOf = ({ model }: ReturnType<typeof make>) =>
    [...collectWeights(model.namedParameters(), 'F32').values()].map(({ values }) => [...values]);

  const [resident, eager, resumed] = [make(), make(), make()];
  for (let step = 0; step < 6; step++) {
    const [expected, actual] = [eager.update, resident.compiled].map((call) =>
      tf.tidy(() => call(...batch(step)).dataSync()[0] as number),
    ) as [number, number];
    expect(actual).toBeCloseTo(expected, 5);
    if (step !== 2) continue;
    resident.compiled.pull();
    expect(resident.model.baseline.value.dataSync()[0]).not.toBe(0);
    const saved = collectWeights(resident.model.namedParameters(), 'F32');
    expect([...saved.keys()]).toContain('baseline.average');
    loadWeights(resumed.model.namedParameters(), saved, 'the checkpoint');
    resumed.compiled.push();
  }
  for (let step = 3; step < 6; step++) tf.tidy(() => void resumed.compiled(...batch(step)));
  resident.compiled.pull();
  resumed.compiled.pull();
  expect(valuesOf(resumed)).toEqual(valuesOf(resident));
  valuesOf(eager).forEach((values, i) => {
    for (const [k, value] of values.entries()) expect(valuesOf(resident)[i]?.[k]).toBeCloseTo(value, 5);
  });
  for (const { model, compiled } of [resident, eager, resumed]) {
    compiled.dispose();
    model.dispose();
  }
});
