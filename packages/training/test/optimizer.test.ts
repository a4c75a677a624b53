import { compile, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createOptimizer, type OptimizerOptions } from '../src/index.js';
import golden from './golden/optimizers.json' with { type: 'json' };

beforeAll(async () => void (await useBackend()));

type Name = keyof typeof golden.shapes;
type Named<T> = Record<Name, T>;
const names = Object.keys(golden.shapes) as Name[];

const tensorsOf = (values: Named<number[]>): Named<tf.Tensor> => ({
  kernel: tf.tensor(values.kernel, golden.shapes.kernel),
  bias: tf.tensor(values.bias, golden.shapes.bias),
});

/** The parameters after each step. With graphs, every step runs in one session whose variables stay there. */
function run(options: OptimizerOptions, graphs: boolean): Named<number[]>[] {
  return tf.tidy(() => {
    const start = tensorsOf(golden.start);
    const parameters = new Map(names.map((name) => [name, tf.variable(start[name])]));
    const optimizer = createOptimizer(parameters, options);
    const apply = (gradients: Named<tf.Tensor>, { rate, step }: { rate: tf.Scalar; step: tf.Scalar }) => {
      optimizer.apply(new Map(Object.entries(gradients)), rate, step);
      return tf.add(step, 0);
    };
    const update = compile(apply, { sizes: [golden.shapes, { rate: [], step: [] }], resident: true });
    const after = golden.gradients.map((gradients, i) => {
      const rates = { rate: tf.scalar(golden.learningRates[i] as number), step: tf.scalar(i + 1) };
      (graphs ? update : apply)(tensorsOf(gradients), rates);
      if (graphs) update.pull();
      const values = names.map((name) => [
        name,
        Array.from((parameters.get(name) as tf.Variable).dataSync()),
      ]);
      return Object.fromEntries(values) as Named<number[]>;
    });
    update.dispose();
    tf.dispose([...parameters.values(), ...optimizer.state.values()]);
    return after;
  });
}

for (const graphs of [false, true]) {
  describe(graphs ? 'in a graph with resident variables' : 'op by op', () => {
    for (const { name, options, after } of golden.optimizers) {
      test(`${name} makes the same steps as PyTorch's`, () => {
        const ours = run(options as OptimizerOptions, graphs);
        expect(ours).toHaveLength(after.length);
        after.forEach((expected, step) => {
          for (const parameter of names) {
            expected[parameter].forEach((value, i) => {
              const place = `${parameter}[${i}] after step ${step + 1}`;
              expect(Math.abs((ours[step]?.[parameter][i] as number) - value), place).toBeLessThan(2e-6);
            });
          }
        });
      });
    }
  });
}

test('the state has a variable a slot, named after parameter and slot', () => {
  const kernel = tf.variable(tf.zeros([2, 3]));
  const slots = (options: OptimizerOptions) => {
    const { state } = createOptimizer(new Map([['kernel', kernel]]), options);
    for (const variable of state.values()) expect(variable.shape).toEqual([2, 3]);
    tf.dispose([...state.values()]);
    return [...state.keys()];
  };
  expect(slots({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 })).toEqual([
    'kernel/first_moment',
    'kernel/second_moment',
  ]);
  expect(slots({ kind: 'adadelta', rho: 0.95, epsilon: 1e-6 })).toEqual([
    'kernel/squared_gradient',
    'kernel/squared_change',
  ]);
  expect(slots({ kind: 'sgd', momentum: 0.9 })).toEqual(['kernel/velocity']);
  expect(slots({ kind: 'sgd', momentum: 0 })).toEqual([]);
  kernel.dispose();
});

test('a parameter without a gradient is an error with its name', () => {
  const kernel = tf.variable(tf.zeros([2]));
  const optimizer = createOptimizer(new Map([['encoder.kernel', kernel]]), { kind: 'sgd', momentum: 0 });
  expect(() => optimizer.apply(new Map(), tf.scalar(1), tf.scalar(1))).toThrow(
    'encoder.kernel has no gradient',
  );
  kernel.dispose();
});
