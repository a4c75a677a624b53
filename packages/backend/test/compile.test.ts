import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerGraphRuntime } from '../src/graph-runtime.js';
import { compile, useBackend } from '../src/index.js';

beforeAll(async () => void (await useBackend('node')));

const near = (actual: tf.Tensor, expected: tf.Tensor) => {
  expect(actual.shape).toEqual(expected.shape);
  const b = expected.dataSync();
  actual.dataSync().forEach((value, i) => {
    expect(value).toBeCloseTo(b[i] as number, 5);
  });
};

describe('compile', () => {
  it('gives the same results, in nested containers, for every shape', () => {
    const fn = ({ a, b }: { a: tf.Tensor2D; b: readonly [tf.Tensor2D, tf.Tensor1D] }) => {
      const product = tf.matMul(a, b[0]);
      return { product, more: [tf.add(product, b[1]), tf.softmax(product), tf.mean(product, 1)] };
    };
    const compiled = compile(fn);
    for (const n of [2, 3, 2]) {
      const input = {
        a: tf.randomNormal([n, 4]),
        b: [tf.randomNormal([4, 5]), tf.randomNormal([5])],
      } as unknown as Parameters<typeof fn>[0];
      const [actual, expected] = [compiled(input), fn(input)];
      near(actual.product, expected.product);
      actual.more.forEach((tensor, i) => {
        near(tensor, expected.more[i] as tf.Tensor);
      });
    }
    expect(compiled.statistics().graphs).toBe(2);
    compiled.dispose();
  });

  it('tells arguments, variables and what they were made from apart where they share a value', () => {
    const first = tf.tensor1d([1, 1]);
    const variable = tf.variable(first);
    const copy = tf.clone(variable);
    const drift = compile((x: tf.Tensor1D) => {
      variable.assign(tf.add(variable, tf.sum(x)));
      return [tf.sum(tf.squaredDifference(variable, first)), tf.sum(tf.squaredDifference(variable, copy))];
    });
    for (const expected of [2, 8, 18]) {
      for (const distance of drift(tf.tensor1d([1]))) expect(distance.dataSync()[0]).toBe(expected);
    }
    const [three, ten] = [tf.scalar(3), tf.scalar(10)];
    const both = compile((a: tf.Scalar, b: tf.Scalar) => tf.add(tf.mul(a, 100), b));
    both(ten, tf.clone(ten));
    expect(both(three, ten).dataSync()[0]).toBe(310);
    const closed = compile((a: tf.Scalar) => tf.add(tf.mul(a, 100), three));
    closed(three);
    expect(closed(ten).dataSync()[0]).toBe(1003);
    const factor = tf.variable(three);
    const product = compile((a: tf.Tensor) => tf.mul(a, factor));
    product(factor);
    expect(product(ten).dataSync()[0]).toBe(30);
  });

  it('refuses what is neither a tensor nor made of tensors', () => {
    const product = compile((x: tf.Tensor, y: tf.Tensor) => tf.mul(x, y));
    expect(() => product(tf.scalar(1), 3 as unknown as tf.Tensor)).toThrow(/objects of them, got number 3/);
    expect(() => product(null as unknown as tf.Tensor, tf.scalar(1))).toThrow(/got object null/);
    expect(() => compile(() => tf.scalar(1), { capacity: 0 })).toThrow(/capacity is 0: expected 1/);
  });

  it('serves all sizes with one graph, where sizes are baked into JavaScript', () => {
    const fn = (x: tf.Tensor3D, y: tf.Tensor2D) => {
      const [time, batch, width] = x.shape;
      const flat = tf.reshape(x, [time * batch, width]);
      const zeros = tf.concat([tf.zeros([batch, 2]), tf.ones([batch, width])], 1);
      const positions = tf.range(0, time, 1, 'float32');
      const last = tf.slice(x, [time - 1, 0, 0], [1, batch, width]);
      return [
        tf.mean(flat),
        tf.reshape(flat, [batch, time, width]),
        zeros,
        positions,
        tf.div(tf.sum(y), y.size),
        tf.tile(y, [2, 1]),
        last,
        tf.grad((z) => tf.mean(tf.square(z)))(y),
        tf.grad((z) => tf.sum(tf.mul(tf.softmax(z), z)))(y),
      ];
    };
    const compiled = compile(fn, {
      sizes: [
        ['T', 'B', 3],
        ['B', 'S'],
      ],
    });
    for (const [t, b, s] of [
      [4, 2, 9],
      [1, 1, 1],
      [9, 33, 2],
    ] as const) {
      const args = [
        tf.randomNormal([t, b, 3]) as tf.Tensor3D,
        tf.randomNormal([b, s]) as tf.Tensor2D,
      ] as const;
      const expected = fn(...args);
      compiled(...args).forEach((tensor, i) => {
        near(tensor, expected[i] as tf.Tensor);
      });
    }
    expect(compiled.statistics().graphs).toBe(1);
    compiled.dispose();
  });

  it('refuses inputs that contradict the sizes, naming the input', () => {
    const compiled = compile(({ a, b }: { a: tf.Tensor; b: tf.Tensor }) => tf.add(a, b), {
      sizes: [{ a: ['N', 3], b: ['N', 3] }],
    });
    expect(() => compiled({ a: tf.zeros([2, 3]), b: tf.zeros([4, 3]) })).toThrow(
      '0.b should be [N, 3], but is [4, 3]: N is 2 elsewhere',
    );
    expect(() => compiled({ a: tf.zeros([2, 4]), b: tf.zeros([2, 3]) })).toThrow(
      '0.a should be [N, 3], but is [2, 4]',
    );
    expect(() => compiled({ a: tf.zeros([2]), b: tf.zeros([2, 3]) })).toThrow('0.a has the shape [2]');
  });

  for (const resident of [false, true]) {
    it(`updates variables as the function does${resident ? ', resident in the session' : ''}`, () => {
      const make = () =>
        tf.variable(
          tf.tensor2d([
            [1, -2],
            [0.5, 3],
          ]),
        );
      const step = (w: tf.Variable<tf.Rank.R2>) => (x: tf.Tensor2D) => {
        const { value, grads } = tf.variableGrads(
          () => tf.mean(tf.square(tf.matMul(x, w))) as tf.Scalar,
          [w],
        );
        w.assign(tf.sub(w, tf.mul(0.1, grads[w.name] as tf.Tensor)));
        return value;
      };
      const [a, b] = [make(), make()];
      const compiled = compile(step(a), resident ? { sizes: [['N', 2]], resident } : {});
      for (let i = 0; i < 5; i++) {
        const x = tf.randomNormal([3 + (i % 2), 2], 0, 1, 'float32', i) as tf.Tensor2D;
        near(compiled(x), step(b)(x));
      }
      compiled.pull();
      near(a, b);
      a.assign(tf.zeros([2, 2]));
      compiled.push();
      expect(compiled(tf.ones([2, 2]) as tf.Tensor2D).dataSync()[0]).toBe(0);
      compiled.dispose();
      tf.dispose([a, b]);
    });
  }

  it('has resident variables once, whatever forms the inputs take', () => {
    const total = tf.variable(tf.scalar(0));
    const compiled = compile(
      ({ x, y }: { x: tf.Tensor; y?: tf.Tensor }) => {
        total.assign(tf.add(total, tf.sum(y ? tf.add(x, y) : x)));
        return tf.clone(total);
      },
      { sizes: [{ x: [2], y: [2] }], resident: true, capacity: 1 },
    );
    const [x, y] = [tf.ones([2]), tf.ones([2])];
    const found = [{ x }, { x, y }, { x }, { x }, { x, y }].map((inputs) => compiled(inputs).dataSync()[0]);
    expect(found).toEqual([2, 6, 8, 10, 14]);
    compiled.pull();
    expect(total.dataSync()[0]).toBe(14);
    compiled.dispose();
    tf.dispose([total, x, y]);
  });

  it('has copies of what JavaScript owns, which the threads of a session must not let go of', () => {
    // TensorFlow uses an array as it is where it begins at a multiple of 64 bytes, which by chance some of these do.
    const arrays = Array.from({ length: 100 }, () => new Float32Array(16).fill(1));
    const variables = arrays.map((array, i) => tf.tidy(() => tf.variable(tf.tensor1d(array), i % 2 === 0)));
    const compiled = compile((x: tf.Tensor) => tf.add(x, tf.addN(variables)), {
      sizes: [[16]],
      resident: true,
    });
    const x = tf.zeros([16]);
    tf.dispose(compiled(x));
    for (const array of arrays) array.fill(2);
    const sum = compiled(x);
    expect([...sum.dataSync()]).toEqual(Array(16).fill(100));
    compiled.dispose();
    tf.dispose([...variables, x, sum]);
  });

  it('tells variables apart that were made of one tensor', () => {
    const same = tf.ones([2]);
    const [a, b] = [tf.variable(same), tf.variable(same)];
    const compiled = compile(
      (x: tf.Tensor) => {
        a.assign(tf.add(a, x));
        return [tf.clone(a), tf.clone(b)];
      },
      { sizes: [[2]], resident: true },
    );
    const x = tf.ones([2]);
    tf.dispose(compiled(x));
    const [first, second] = compiled(x) as tf.Tensor[] as [tf.Tensor, tf.Tensor];
    expect([...first.dataSync()]).toEqual([3, 3]);
    expect([...second.dataSync()]).toEqual([1, 1]);
    compiled.dispose();
    tf.dispose([same, a, b, x, first, second]);
  });

  it('names what cannot be traced', () => {
    const reads = compile((x: tf.Tensor) => tf.mul(x, tf.add(x, 1).dataSync()[0] as number));
    expect(() => reads(tf.ones([2]))).toThrow(/reads the values/);
    const random = compile((x: tf.Tensor) => tf.add(x, tf.randomNormal(x.shape)), { sizes: [['N']] });
    expect(() => random(tf.ones([2]))).toThrow(/random numbers/);
    const steps = compile((x: tf.Tensor) => tf.addN(tf.unstack(x)), { sizes: [['T', 2]] });
    expect(() => steps(tf.ones([3, 2]))).toThrow(/use scan/);
    const asynchronous = compile((async (x: tf.Tensor) => x) as unknown as (x: tf.Tensor) => tf.Tensor);
    expect(() => asynchronous(tf.ones([2]))).toThrow(/asynchronous/);
  });

  it('leaves no tensors and no files behind', () => {
    const w = tf.variable(tf.ones([4, 4])) as tf.Variable<tf.Rank.R2>;
    const compiled = compile((x: tf.Tensor2D) => tf.matMul(x, w));
    const x = tf.ones([2, 4]) as tf.Tensor2D;
    compiled(x).dispose();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 1000; i++) compiled(x).dispose();
    expect(tf.memory().numTensors).toBe(before);
    compiled.dispose();
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`heed-graph-${process.pid}-`))).toEqual([]);
    tf.dispose([x, w]);
  });

  it('is not called after it was disposed, with graphs or without', async () => {
    const double = () => compile((x: tf.Tensor) => tf.mul(x, 2));
    const compiled = double();
    compiled(tf.ones([2]));
    registerGraphRuntime(undefined);
    const eager = double();
    await useBackend('node');
    for (const disposed of [compiled, eager]) {
      disposed.dispose();
      disposed.dispose();
      expect(() => disposed(tf.ones([2]))).toThrow(/called after its dispose/);
    }
  });

  it('keeps no more graphs than its capacity', () => {
    const compiled = compile((x: tf.Tensor) => tf.neg(x), { capacity: 2 });
    for (const n of [1, 2, 3, 4, 1]) near(compiled(tf.ones([n])), tf.fill([n], -1));
    expect(compiled.statistics().graphs).toBe(2);
    compiled.dispose();
  });
});
