import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AdamState,
  applyAdam,
  compile,
  linearRecurrence,
  plainLinearRecurrence,
  plainSoftmaxCrossEntropy,
  plainSquaredNorm,
  randomSource,
  sigmoid,
  softmaxCrossEntropy,
  squaredNorm,
  tanh,
  useBackend,
} from '../src/index.js';

beforeAll(async () => void (await useBackend('node')));

function draw(shape: number[], scale: number, seed: number): tf.Tensor {
  const random = randomSource(seed);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => (2 * random() - 1) * scale),
    shape,
  );
}

function expectNear(actual: tf.Tensor, expected: tf.Tensor, tolerance: number): void {
  expect(actual.shape).toEqual(expected.shape);
  const b = expected.dataSync();
  actual.dataSync().forEach((value, i) => {
    expect(Math.abs(value - (b[i] as number)), `${i}: ${value} and ${b[i]}`).toBeLessThanOrEqual(tolerance);
  });
}

describe('softmaxCrossEntropy', () => {
  const [ROWS, CLASSES] = [5, 7];
  const LABELS = [6, 0, 3, 3, 1];
  const weights = [1, -2, 0.5, 0, 3];
  let labels: tf.Tensor1D;
  beforeAll(() => {
    labels = tf.tensor1d(LABELS, 'int32');
  });

  const gradientOf = (loss: typeof softmaxCrossEntropy, smoothing: number) => (logits: tf.Tensor) =>
    tf.grad((z) => tf.sum(tf.mul(loss(z as tf.Tensor2D, labels, smoothing), tf.tensor1d(weights))))(logits);

  for (const smoothing of [0, 0.1]) {
    for (const scale of [1, 10, 40, 1000]) {
      it(`has the value and gradient of the plain one: smoothing ${smoothing}, logits within ±${scale}`, () => {
        const logits = draw([ROWS, CLASSES], scale, 1) as tf.Tensor2D;
        const values = [softmaxCrossEntropy, plainSoftmaxCrossEntropy].map((loss) =>
          loss(logits, labels, smoothing),
        );
        expectNear(values[0] as tf.Tensor, values[1] as tf.Tensor, 1e-6 * scale);
        const [actual, expected] = [softmaxCrossEntropy, plainSoftmaxCrossEntropy].map((loss) =>
          gradientOf(loss, smoothing)(logits),
        );
        expectNear(actual as tf.Tensor, expected as tf.Tensor, 1e-6);
      });
    }

    it(`is exact where the label's probability is 0 in float32, smoothing ${smoothing}`, () => {
      const row = [1000, -1000, 0, -1000, 1000, -1000, 1000];
      const other = [-1000, -1000, -1000, 1000, -1000, -1000, -1000];
      const logits = tf.tensor2d([row, row, other, row, other]);
      const [actual, expected] = [softmaxCrossEntropy, plainSoftmaxCrossEntropy].map((loss) =>
        gradientOf(loss, smoothing)(logits),
      );
      expectNear(actual as tf.Tensor, expected as tf.Tensor, 1e-6);
      // log Σ exp z is 1000 + log 3 in the one, and 1000 in the other.
      const likely = 1 - smoothing;
      const [rowMean, otherMean] = [0, -5000 / 7];
      const losses = [
        [1000, rowMean, 3],
        [1000, rowMean, 3],
        [1000, otherMean, 1],
        [-1000, rowMean, 3],
        [-1000, otherMean, 1],
      ].map(([z = 0, mean = 0, n = 1]) => 1000 + Math.log(n) - likely * z - smoothing * mean);
      for (const loss of [softmaxCrossEntropy, plainSoftmaxCrossEntropy])
        expectNear(loss(logits, labels, smoothing), tf.tensor1d(losses), 2e-4);
    });

    it(`stays NaN where a logit is, and only there, smoothing ${smoothing}`, () => {
      const logits = tf.tidy(() => {
        const at = tf.tensor2d([[2, 5]], [1, 2], 'int32');
        const bad = tf.scatterND(at, tf.tensor1d([Number.NaN]), [ROWS, CLASSES]);
        return tf.add(draw([ROWS, CLASSES], 3, 5), bad) as tf.Tensor2D;
      });
      const values = [...softmaxCrossEntropy(logits, labels, smoothing).dataSync()];
      expect(values.map(Number.isNaN)).toEqual([false, false, true, false, false]);
      const gradient = gradientOf(softmaxCrossEntropy, smoothing)(logits) as tf.Tensor2D;
      expect(gradient.arraySync().map((row) => row.every(Number.isNaN))).toEqual(values.map(Number.isNaN));
    });

    it(`equals a loop in double precision, smoothing ${smoothing}`, () => {
      const logits = draw([ROWS, CLASSES], 3, 2) as tf.Tensor2D;
      const expected = logits.arraySync().map((z, i) => {
        const logSum = Math.log(z.reduce((sum, x) => sum + Math.exp(x), 0));
        return -z.reduce(
          (sum, x, k) => sum + (x - logSum) * ((k === LABELS[i] ? 1 - smoothing : 0) + smoothing / CLASSES),
          0,
        );
      });
      expectNear(softmaxCrossEntropy(logits, labels, smoothing), tf.tensor1d(expected), 1e-5);
    });
  }

  it('compiled for all sizes, has the same gradient', () => {
    const fn = (z: tf.Tensor2D, y: tf.Tensor1D) =>
      tf.grad((x) => tf.mean(softmaxCrossEntropy(x as tf.Tensor2D, y, 0.1)))(z);
    const compiled = compile(fn, { sizes: [['N', CLASSES], ['N']] });
    for (const rows of [5, 1, 13]) {
      const logits = draw([rows, CLASSES], 4, rows) as tf.Tensor2D;
      const y = tf.tensor1d(
        Array.from({ length: rows }, (_, i) => i % CLASSES),
        'int32',
      );
      expectNear(compiled(logits, y), fn(logits, y), 1e-6);
    }
    compiled.dispose();
  });
});

describe('activations', () => {
  for (const [name, fused, plain] of [
    ['tanh', tanh, tf.tanh],
    ['sigmoid', sigmoid, tf.sigmoid],
  ] as const) {
    it(`${name} has the value and gradient of the plain one`, () => {
      const [x, weights] = [draw([3, 4, 5], 8, 3), draw([3, 4, 5], 1, 4)];
      expectNear(fused(x), plain(x), 0);
      const [actual, expected] = [fused, plain].map((f) => tf.grad((z) => tf.sum(tf.mul(f(z), weights)))(x));
      expectNear(actual as tf.Tensor, expected as tf.Tensor, 1e-6);
    });
  }
});

describe('applyAdam', () => {
  const SHAPE = [3, 2];
  const [learningRate, beta1, beta2, epsilon] = [0.05, 0.9, 0.98, 1e-3];
  let gradients: tf.Tensor[];
  let start: tf.Tensor;
  beforeAll(() => {
    gradients = [1, 2, 3, 4, 5].map((step) => draw(SHAPE, step === 3 ? 1e-3 : 2, 10 + step));
    start = draw(SHAPE, 1, 10);
  });

  const makeState = (): AdamState => ({
    parameter: tf.variable(start),
    firstMoment: tf.variable(tf.zeros(SHAPE), false),
    secondMoment: tf.variable(tf.zeros(SHAPE), false),
  });
  const stepOn = (state: AdamState) => (gradient: tf.Tensor, step: tf.Scalar) => {
    const [beta1Power, beta2Power] = [tf.pow(beta1, step) as tf.Scalar, tf.pow(beta2, step) as tf.Scalar];
    applyAdam(state, gradient, {
      learningRate: tf.scalar(learningRate),
      beta1Power,
      beta2Power,
      beta1,
      beta2,
      epsilon,
    });
    return tf.sum(gradient);
  };
  const expectReference = ({ parameter, firstMoment, secondMoment }: AdamState) => {
    const { parameters, m, v } = reference();
    expectNear(parameter, tf.tensor(parameters, SHAPE), 2e-6);
    expectNear(firstMoment, tf.tensor(m, SHAPE), 1e-6);
    expectNear(secondMoment, tf.tensor(v, SHAPE), 1e-6);
  };

  /** Kingma and Ba 2015, algorithm 1, in double precision. */
  function reference() {
    const parameters = Array.from(start.dataSync());
    const [m, v] = [parameters.map(() => 0), parameters.map(() => 0)];
    for (const [index, gradient] of gradients.entries()) {
      const t = index + 1;
      gradient.dataSync().forEach((g, i) => {
        m[i] = beta1 * (m[i] as number) + (1 - beta1) * g;
        v[i] = beta2 * (v[i] as number) + (1 - beta2) * g * g;
        const [first, second] = [(m[i] as number) / (1 - beta1 ** t), (v[i] as number) / (1 - beta2 ** t)];
        parameters[i] = (parameters[i] as number) - (learningRate * first) / (Math.sqrt(second) + epsilon);
      });
    }
    return { parameters, m, v };
  }

  it('follows the paper', () => {
    const state = makeState();
    gradients.forEach((gradient, i) => void tf.tidy(() => stepOn(state)(gradient, tf.scalar(i + 1))));
    expectReference(state);
    tf.dispose(Object.values(state));
  });

  it('follows the paper in place, on variables that are resident in a compiled function', () => {
    const state = makeState();
    const compiled = compile(stepOn(state), { sizes: [SHAPE, []], resident: true });
    gradients.forEach((gradient, i) => void compiled(gradient, tf.scalar(i + 1)));
    expectNear(state.parameter, start, 0);
    compiled.pull();
    expectReference(state);
    compiled.dispose();
    tf.dispose(Object.values(state));
  });

  it('leaks nothing', () => {
    const state = makeState();
    const before = tf.memory().numTensors;
    gradients.forEach((gradient, i) => void tf.tidy(() => void stepOn(state)(gradient, tf.scalar(i + 1))));
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(Object.values(state));
  });
});

describe('squaredNorm', () => {
  it('has the value of the plain one, for every shape', () => {
    for (const shape of [[], [1], [7], [3, 5], [2, 3, 4]]) {
      const x = draw(shape, 3, shape.length);
      expectNear(squaredNorm(x), plainSquaredNorm(x), 1e-4);
    }
    expect(squaredNorm(tf.tensor1d([3, 4])).dataSync()[0]).toBe(25);
  });
});

describe('linearRecurrence', () => {
  for (const shape of [[1], [7], [3, 1], [2, 3, 50], [4, 1, 400]]) {
    const drawn = () => [draw(shape, 1, 1), draw(shape, 1, 2)] as const;
    const gradients = (recurrence: typeof linearRecurrence) =>
      tf.grads((a, b) => tf.sum(tf.mul(recurrence(a, b), draw(shape, 1, 3))))([...drawn()]);

    it(`of shape ${shape.join(', ')} equals a loop in double precision`, () => {
      const [factors, inputs] = drawn();
      const [a, b] = [factors.dataSync(), inputs.dataSync()];
      const width = shape.at(-1) as number;
      let x = 0;
      const expected = Array.from(b, (value, i) => {
        x = (i % width ? (a[i - 1] as number) * x : 0) + value;
        return x;
      });
      expectNear(linearRecurrence(factors, inputs), tf.tensor(expected, shape), 2e-6);
    });

    it(`of shape ${shape.join(', ')} has the value and gradients of the plain one`, () => {
      expectNear(linearRecurrence(...drawn()), plainLinearRecurrence(...drawn()), 2e-6);
      const expected = gradients(plainLinearRecurrence);
      gradients(linearRecurrence).forEach((actual, i) => {
        expectNear(actual, expected[i] as tf.Tensor, 1e-5);
      });
    });
  }

  it('passes zeros and ones through exactly', () => {
    const x = linearRecurrence(tf.tensor1d([1, 1, 0, 1, 1]), tf.tensor1d([0, 1, 0, 0, 0]));
    expect([...x.dataSync()]).toEqual([0, 1, 1, 0, 0]);
    const first = tf.tensor1d([1, ...new Array<number>(299).fill(0)]);
    expectNear(linearRecurrence(tf.ones([300]), first), tf.ones([300]), 0);
  });

  it('compiled for all sizes, has the same values and gradients', () => {
    const fn = (a: tf.Tensor, b: tf.Tensor) => tf.grads((x, y) => tf.sum(linearRecurrence(x, y)))([a, b]);
    const compiled = compile(fn, {
      sizes: [
        ['N', 'S'],
        ['N', 'S'],
      ],
    });
    for (const size of [5, 1, 40]) {
      const [a, b] = [draw([size, 2 * size], 1, 1), draw([size, 2 * size], 1, 2)];
      const expected = fn(a, b);
      compiled(a, b).forEach((actual, i) => {
        expectNear(actual, expected[i] as tf.Tensor, 1e-6);
      });
    }
  });
});
