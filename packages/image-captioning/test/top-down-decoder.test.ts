import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createCaptionDecoder } from '../src/create-decoder.js';
import { smallConfig } from './small-captioner.js';

beforeAll(async () => void (await useBackend()));

const [PLACES, WIDTH, STEPS] = [4, 5, 3];

type Vector = number[];
const add = (...terms: Vector[]): Vector =>
  (terms[0] as Vector).map((_, i) => terms.reduce((sum, term) => sum + (term[i] as number), 0));
const times = (x: Vector, weight: number[][]): Vector =>
  (weight[0] as Vector).map((_, j) =>
    x.reduce((sum, value, i) => sum + value * ((weight[i] as Vector)[j] as number), 0),
  );
const dot = (x: Vector, y: Vector) => x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
const logistic = (x: number) => 1 / (1 + Math.exp(-x));

test('two LSTMs, the lower of which looks: the equations of Anderson et al., number by number', () => {
  const { network } = smallConfig({ decoder: 'anderson2018' });
  const { units, embedding } = network;
  const decoder = createCaptionDecoder(network, WIDTH, randomSource(3));
  const draw = randomSource(4);
  const even = () => 2 * draw() - 1;
  for (const parameter of decoder.parameters())
    parameter.assign(tf.tensor(Array.from({ length: parameter.size }, even), parameter.shape));
  const parameter = (name: string) => decoder.namedParameters().get(name)?.arraySync();
  const matrix = (name: string) => parameter(name) as number[][];
  const vector = (name: string) => parameter(name) as Vector;
  const vectors = (count: number, width: number) =>
    Array.from({ length: count }, () => Array.from({ length: width }, even));
  const places = vectors(PLACES, WIDTH);
  const words = vectors(STEPS, embedding);

  const lstm = (cell: string, from: { h: Vector; c: Vector }, input: Vector, more = input.map(() => 0)) => {
    const gates = add(
      input,
      more,
      vector(`${cell}.input.bias`),
      times(from.h, matrix(`${cell}.recurrent_kernel`)),
    );
    const gate = (which: number, unit: number) => gates[which * units + unit] as number;
    const c = from.c.map(
      (old, k) => logistic(gate(1, k) + 1) * old + logistic(gate(0, k)) * Math.tanh(gate(3, k)),
    );
    return { c, h: c.map((value, k) => logistic(gate(2, k)) * Math.tanh(value)) };
  };
  const mean = add(...places).map((sum) => sum / PLACES);
  const first = add(times(mean, matrix('initial.kernel')), vector('initial.bias')).map(Math.tanh);
  let looks = { h: first.slice(0, units), c: first.slice(units) };
  let speaks = { h: looks.h.map(() => 0), c: looks.h.map(() => 0) };
  const expected = words.map((word) => {
    const image = times(mean, matrix('context.kernel'));
    const spoken = times(speaks.h, matrix('spoken.kernel'));
    looks = lstm('cell', looks, add(times(word, matrix('cell.input.kernel')), image, spoken));
    const scores = places.map((place) => {
      const inner = add(
        times(looks.h, matrix('attention.score.query.kernel')),
        times(place, matrix('attention.score.keys.kernel')),
        vector('attention.score.keys.bias'),
      );
      return dot(inner.map(Math.tanh), matrix('attention.score.v').flat());
    });
    const all = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    const weights = scores.map((score) => Math.exp(score) / all);
    const beta = logistic(dot(looks.h, matrix('gate.kernel').flat()) + (vector('gate.bias')[0] as number));
    const context = mean.map(
      (_, k) =>
        beta *
        dot(
          weights,
          places.map((place) => place[k] as number),
        ),
    );
    speaks = lstm('language', speaks, times([...context, ...looks.h], matrix('language.input.kernel')));
    return { hidden: speaks.h, context, weights };
  });

  tf.tidy(() => {
    const memory = decoder.memory(tf.tensor3d([places]));
    const steps = decoder.unroll(
      tf.tensor3d(words.map((word) => [word])),
      decoder.initialState(memory),
      memory,
    );
    expected.forEach((step, i) => {
      for (const name of ['hidden', 'context', 'weights'] as const) {
        const found = (steps[name] as tf.Tensor3D).arraySync()[i]?.[0] as Vector;
        found.forEach((value, k) => {
          expect(value, `${name} of step ${i}`).toBeCloseTo(step[name][k] as number, 5);
        });
      }
    });
  });
  decoder.dispose();
});
