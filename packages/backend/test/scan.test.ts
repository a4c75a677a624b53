import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Cell, compile, type ScanOptions, scan, useBackend } from '../src/index.js';

beforeAll(async () => void (await useBackend()));

const BATCH = 3;
const INPUT = 5;
const HIDDEN = 4;
let seed = 1;
const random = (shape: number[]) => tf.randomNormal(shape, 0, 0.5, 'float32', seed++);

/** The largest difference, relative to the largest magnitude. */
function difference(actual: tf.Tensor[], expected: tf.Tensor[]): number {
  expect(actual.map((tensor) => tensor.shape)).toEqual(expected.map((tensor) => tensor.shape));
  return Math.max(
    ...actual.map((tensor, i) => {
      const [a, b] = [tensor.dataSync(), (expected[i] as tf.Tensor).dataSync()];
      const scale = Math.max(1, ...Array.from(b, Math.abs));
      return Math.max(...Array.from(a, (value, k) => Math.abs(value - (b[k] as number)))) / scale;
    }),
  );
}

type Weights = { w: tf.Tensor; u: tf.Tensor; b: tf.Tensor; bu: tf.Tensor };
type Step = { x: tf.Tensor; mask: tf.Tensor };
/** A GRU that holds its state where the mask [B, 1] is 0. */
const gru: Cell<Weights, { h: tf.Tensor }, Step, { h: tf.Tensor; n: tf.Tensor }> = (p, s, x) => {
  const h = s.h as tf.Tensor2D;
  const [xz, xr, xn] = tf.split(tf.add(tf.matMul(x.x as tf.Tensor2D, p.w as tf.Tensor2D), p.b), 3, 1) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const [hz, hr, hn] = tf.split(tf.add(tf.matMul(h, p.u as tf.Tensor2D), p.bu), 3, 1) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const n = tf.tanh(tf.add(xn, tf.mul(tf.sigmoid(tf.add(xr, hr)), hn)));
  const next = tf.add(n, tf.mul(tf.sigmoid(tf.add(xz, hz)), tf.sub(h, n)));
  return { state: { h: tf.where(x.mask, next, h) }, output: { h: tf.where(x.mask, next, h), n } };
};
const weights = (): Weights => ({
  w: random([INPUT, 3 * HIDDEN]),
  u: random([HIDDEN, 3 * HIDDEN]),
  b: random([3 * HIDDEN]),
  bu: random([3 * HIDDEN]),
});
const data = (steps: number, batch = BATCH) => ({
  x: random([steps, batch, INPUT]),
  mask: tf.tidy(() => {
    const ends = tf.add(tf.range(0, batch, 1, 'int32'), Math.ceil(steps / 2));
    return tf.less(
      tf.reshape(tf.range(0, steps, 1, 'int32'), [steps, 1, 1]),
      tf.reshape(ends, [1, batch, 1]),
    );
  }),
});
const sizes = [
  ['B', HIDDEN],
  { x: ['T', 'B', INPUT], mask: ['T', 'B', 1] },
  { w: [INPUT, 3 * HIDDEN], u: [HIDDEN, 3 * HIDDEN], b: [3 * HIDDEN], bu: [3 * HIDDEN] },
] as const;

const values = (options: ScanOptions) => (h: tf.Tensor, xs: Step, p: Weights) => {
  const { final, outputs } = scan(gru, p, { h }, xs, options);
  return [outputs.h, outputs.n, final.h];
};
const gradients =
  (options: ScanOptions, pick?: number) =>
  (h: tf.Tensor, xs: Step, p: Weights): tf.Tensor[] =>
    tf.grads((x, h0, w, u, b, bu) => {
      const all = values(options)(h0, { x, mask: xs.mask }, { w, u, b, bu } as Weights);
      const [outputs, inner, final] = all as [tf.Tensor, tf.Tensor, tf.Tensor];
      if (pick !== undefined) return tf.sum(tf.square(all[pick] as tf.Tensor)) as tf.Scalar;
      return tf.addN([
        tf.sum(tf.square(outputs)),
        tf.sum(tf.mul(inner, outputs)),
        tf.sum(final),
      ]) as tf.Scalar;
    })([xs.x, h, p.w, p.u, p.b, p.bu]);

describe('scan in one graph for all sizes', () => {
  for (const reverse of [false, true]) {
    it(`equals the plain loop${reverse ? ', backwards in time' : ''}`, { timeout: 300_000 }, () => {
      const p = weights();
      const forward = compile(values({ reverse }), { sizes: [...sizes] });
      const backward = compile(gradients({ reverse }), { sizes: [...sizes] });
      for (const [steps, batch] of [
        [1, 3],
        [2, 1],
        [7, 3],
        [50, 4],
        [400, 2],
      ] as const) {
        const args = [random([batch, HIDDEN]), data(steps, batch), p] as const;
        expect(difference(forward(...args), values({ reverse })(...args))).toBeLessThan(1e-5);
        expect(difference(backward(...args), gradients({ reverse })(...args))).toBeLessThan(1e-5);
      }
      expect(forward.statistics().graphs).toBe(1);
      forward.dispose();
      backward.dispose();
    });
  }

  for (const pick of [0, 1, 2]) {
    it(`gives the gradient of output ${pick} alone`, () => {
      const args = [random([BATCH, HIDDEN]), data(9), weights()] as const;
      const compiled = compile(gradients({}, pick), { sizes: [...sizes] });
      expect(difference(compiled(...args), gradients({}, pick)(...args))).toBeLessThan(1e-5);
      compiled.dispose();
    });
  }

  it('attends to a memory, with gradients for the memory and the weights', () => {
    type P = { memory: tf.Tensor3D; keys: tf.Tensor3D; query: tf.Tensor2D; v: tf.Tensor2D; w: tf.Tensor2D };
    const cell: Cell<P, { h: tf.Tensor2D }, { x: tf.Tensor }, { h: tf.Tensor; context: tf.Tensor }> = (
      p,
      s,
      x,
    ) => {
      const [batch, length, width] = p.memory.shape;
      const inner = tf.tanh(tf.add(p.keys, tf.expandDims(tf.matMul(s.h, p.query), 1)));
      const scores = tf.matMul(tf.reshape(inner, [batch * length, p.keys.shape[2]]) as tf.Tensor2D, p.v);
      const alignment = tf.softmax(tf.reshape(scores, [batch, 1, length])) as tf.Tensor3D;
      const context = tf.reshape(tf.matMul(alignment, p.memory), [batch, width]) as tf.Tensor2D;
      const h = tf.tanh(tf.add(tf.matMul(tf.concat([context, s.h], 1), p.w), x.x)) as tf.Tensor2D;
      return { state: { h }, output: { h, context } };
    };
    const fn = (h: tf.Tensor, x: tf.Tensor, p: P): tf.Tensor[] =>
      tf.grads((x_, h_, memory, keys, query, v, w) => {
        const r = scan(
          cell,
          { memory, keys, query, v, w } as P,
          { h: h_ as tf.Tensor2D },
          { x: x_ as tf.Tensor },
        );
        return tf.add(tf.sum(tf.square(r.outputs.h)), tf.sum(tf.mean(r.outputs.context, 0))) as tf.Scalar;
      })([x, h, p.memory, p.keys, p.query, p.v, p.w]);
    const compiled = compile(fn, {
      sizes: [
        ['B', HIDDEN],
        ['T', 'B', HIDDEN],
        {
          memory: ['B', 'S', 6],
          keys: ['B', 'S', 3],
          query: [HIDDEN, 3],
          v: [3, 1],
          w: [6 + HIDDEN, HIDDEN],
        },
      ],
    });
    for (const [steps, batch, length] of [
      [8, 3, 6],
      [2, 5, 9],
      [13, 2, 1],
    ] as const) {
      const p = {
        memory: random([batch, length, 6]),
        keys: random([batch, length, 3]),
        query: random([HIDDEN, 3]),
        v: random([3, 1]),
        w: random([6 + HIDDEN, HIDDEN]),
      } as P;
      const args = [random([batch, HIDDEN]), random([steps, batch, HIDDEN]), p] as const;
      expect(difference(compiled(...args), fn(...args))).toBeLessThan(1e-5);
    }
    compiled.dispose();
  });

  it('counts the gradient of a tensor that comes in twice once', () => {
    type P = { a: tf.Tensor2D; b: tf.Tensor2D };
    const cell: Cell<P, { h: tf.Tensor2D }, { x: tf.Tensor2D }, undefined> = (p, s, x) => ({
      state: { h: tf.tanh(tf.add(tf.matMul(s.h, p.a), tf.matMul(x.x, p.b))) as tf.Tensor2D },
      output: undefined,
    });
    const fn = (u: tf.Tensor, h: tf.Tensor, x: tf.Tensor): tf.Tensor[] =>
      tf.grads((u_, h_) => {
        const shared = tf.mul(u_, 2) as tf.Tensor2D;
        return tf.sum(
          scan(cell, { a: shared, b: shared }, { h: h_ as tf.Tensor2D }, { x: x as tf.Tensor2D }).final.h,
        ) as tf.Scalar;
      })([u, h]);
    const args = [random([HIDDEN, HIDDEN]), random([BATCH, HIDDEN]), random([5, BATCH, HIDDEN])] as const;
    const compiled = compile(fn);
    expect(difference(compiled(...args), fn(...args))).toBeLessThan(1e-5);
    compiled.dispose();
  });

  it('adds up the gradients of a tensor that is two first states', () => {
    type S = { h: tf.Tensor2D; c: tf.Tensor2D };
    const cell: Cell<{ u: tf.Tensor2D }, S, { x: tf.Tensor2D }, undefined> = (p, s, x) => {
      const c = tf.add(tf.mul(s.c, 0.5), tf.tanh(tf.add(tf.matMul(s.h, p.u), x.x))) as tf.Tensor2D;
      return { state: { h: tf.sigmoid(c), c }, output: undefined };
    };
    const fn = (u: tf.Tensor, first: tf.Tensor, x: tf.Tensor): tf.Tensor[] =>
      tf.grads((u_, first_) => {
        const both = tf.mul(first_, 2) as tf.Tensor2D;
        const { final } = scan(cell, { u: u_ as tf.Tensor2D }, { h: both, c: both }, { x: x as tf.Tensor2D });
        return tf.sum(tf.add(final.h, final.c)) as tf.Scalar;
      })([u, first]);
    const args = [random([HIDDEN, HIDDEN]), random([BATCH, HIDDEN]), random([5, BATCH, HIDDEN])] as const;
    const compiled = compile(fn);
    expect(difference(compiled(...args), fn(...args))).toBeLessThan(1e-5);
    compiled.dispose();
  });

  it('scans inside a scan', () => {
    type S = { h: tf.Tensor2D };
    const inner: Cell<{ u: tf.Tensor2D }, S, { x: tf.Tensor }, undefined> = (p, s, x) => ({
      state: { h: tf.tanh(tf.add(tf.matMul(s.h, p.u), x.x)) as tf.Tensor2D },
      output: undefined,
    });
    const outer: Cell<{ u: tf.Tensor2D }, S, { x: tf.Tensor }, S> = (p, s, x) => {
      const { final } = scan(inner, p, s, { x: tf.stack([x.x, tf.neg(x.x)]) });
      return { state: final, output: final };
    };
    const fn = (x: tf.Tensor, u: tf.Tensor, h: tf.Tensor): tf.Tensor[] =>
      tf.grads(
        (x_, u_, h_) =>
          tf.sum(
            scan(outer, { u: u_ as tf.Tensor2D }, { h: h_ as tf.Tensor2D }, { x: x_ as tf.Tensor }).outputs.h,
          ) as tf.Scalar,
      )([x, u, h]);
    const args = [random([6, BATCH, HIDDEN]), random([HIDDEN, HIDDEN]), random([BATCH, HIDDEN])] as const;
    const compiled = compile(fn);
    expect(difference(compiled(...args), fn(...args))).toBeLessThan(1e-5);
    compiled.dispose();
  });

  it('goes by the names of the state, whatever their order, and refuses another form', () => {
    const run = (xs: tf.Tensor) =>
      scan(
        (_: undefined, { a, b }: { a: tf.Tensor; b: tf.Tensor }, x: tf.Tensor) => ({
          state: { b: tf.add(b, 1), a: tf.add(a, tf.mul(b, x)) },
          output: a,
        }),
        undefined,
        { a: tf.zeros([2, 3]), b: tf.ones([2, 3]) },
        xs,
      ).final.a;
    const xs = random([4, 2, 3]);
    const compiled = compile(run);
    expect(difference([compiled(xs)], [run(xs)])).toBeLessThan(1e-6);
    compiled.dispose();
    const loses = (xs: tf.Tensor) =>
      scan(
        (_: undefined, state: { a?: tf.Tensor }) => ({ state: {} as typeof state, output: state.a }),
        undefined,
        { a: tf.zeros([2]) },
        xs,
      ).final;
    for (const each of [loses, compile(loses)]) {
      expect(() => each(tf.zeros([3, 2]))).toThrow('expected tensors of the form {"a":*}, got {}');
    }
  });

  it('refuses a variable that would get no gradient, by its name', () => {
    const hidden = tf.variable(random([HIDDEN, HIDDEN]), true, 'hidden-weight') as tf.Variable<tf.Rank.R2>;
    const fn = (x: tf.Tensor, h: tf.Tensor) =>
      tf.variableGrads(
        () =>
          tf.sum(
            scan(
              (_: undefined, s: tf.Tensor) => ({
                state: tf.matMul(s as tf.Tensor2D, hidden),
                output: undefined,
              }),
              undefined,
              h,
              x,
            ).final,
          ) as tf.Scalar,
        [hidden],
      ).value;
    expect(() => compile(fn)(random([4, BATCH, HIDDEN]), random([BATCH, HIDDEN]))).toThrow(
      /hidden-weight.*among the parameters/,
    );
    hidden.dispose();
  });

  it('refuses what was computed from a variable and would get no gradient', () => {
    const weight = tf.variable(tf.scalar(2));
    const sum = (useParameter: boolean) =>
      compile((x: tf.Tensor1D) =>
        tf.variableGrads(() => {
          const tripled = tf.mul(weight, 3);
          const { final } = scan(
            (parameter: tf.Tensor | undefined, total: tf.Tensor, step: tf.Tensor) => ({
              state: tf.add(total, tf.mul(step, parameter ?? tripled)),
              output: undefined,
            }),
            useParameter ? tripled : undefined,
            tf.scalar(0) as tf.Tensor,
            x,
          );
          return tf.add(final, weight) as tf.Scalar;
        }, [weight]),
      );
    const steps = tf.tensor1d([1, 2, 3]);
    expect(() => sum(false)(steps)).toThrow(/computed from variables.*among the parameters/);
    const { grads } = sum(true)(steps);
    expect(Object.values(grads)[0]?.dataSync()[0]).toBe(19);
    weight.dispose();
  });

  it('takes a matrix of open size as a parameter, be it small or large', () => {
    const attend = (memory: tf.Tensor2D, steps: tf.Tensor3D) =>
      tf.grad((values: tf.Tensor) =>
        tf.sum(
          scan(
            (parameter: tf.Tensor2D, state: tf.Tensor2D, query: tf.Tensor2D) => ({
              state: tf.add<tf.Tensor2D>(
                state,
                tf.matMul(tf.softmax(tf.matMul(query, parameter, false, true)), parameter),
              ),
              output: undefined,
            }),
            values as tf.Tensor2D,
            tf.zeros([1, 512]) as tf.Tensor2D,
            steps as unknown as tf.Tensor2D,
          ).final,
        ),
      )(memory);
    const compiled = compile(attend, {
      sizes: [
        ['S', 512],
        ['T', 1, 512],
      ],
    });
    for (const places of [3, 40]) {
      const [memory, steps] = [
        tf.randomNormal<tf.Rank.R2>([places, 512]),
        tf.randomNormal<tf.Rank.R3>([2, 1, 512]),
      ];
      const [actual, expected] = [compiled(memory, steps), attend(memory, steps)];
      expect(tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0]).toBeLessThan(1e-3);
    }
    compiled.dispose();
  });

  it('refuses inputs without steps, or of different numbers of steps', () => {
    const cell = (_: undefined, s: tf.Tensor) => ({ state: s, output: s });
    expect(() => scan(cell, undefined, tf.zeros([1]), tf.zeros([0, 2]))).toThrow('no steps');
    expect(() => scan(cell, undefined, tf.zeros([1]), [tf.zeros([3, 2]), tf.zeros([4, 2])])).toThrow('3, 4');
  });

  it('ends where a state becomes what no step changes, in its value or in its gradient', () => {
    const run = (x: tf.Tensor, first: tf.Tensor, second: tf.Tensor, w: tf.Tensor) => {
      const loss = () => {
        const { final, outputs } = scan(
          (p: tf.Tensor, s: { constant: tf.Tensor; product: tf.Tensor }, row: tf.Tensor) => ({
            state: { constant: p, product: tf.mul(s.product, row) },
            output: tf.add(s.constant, row),
          }),
          w,
          { constant: first, product: second },
          x,
        );
        return tf.addN([tf.sum(outputs), tf.sum(final.constant), tf.sum(final.product)]) as tf.Scalar;
      };
      const { value, grads } = tf.engine().gradients(loss, [x, first, second, w]);
      return [value, ...grads];
    };
    const compiled = compile(run, { sizes: [['T', 3], [3], [3], [3]] });
    for (const steps of [1, 2, 5]) {
      const args = [random([steps, 3]), random([3]), random([3]), random([3])] as const;
      const expected = run(...args);
      compiled(...args).forEach((actual, i) => {
        const difference = tf.max(tf.abs(tf.sub(actual, expected[i] as tf.Tensor))).dataSync()[0];
        expect(difference).toBeLessThan(1e-5);
      });
    }
    compiled.dispose();
  });
});
