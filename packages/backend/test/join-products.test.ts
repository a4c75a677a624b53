import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile, randomSource, useBackend } from '../src/index.js';
import type { GraphNode } from '../src/node/graph/definition.js';
import { joinProducts } from '../src/node/graph/join-products.js';
import type { NodeBackend } from '../src/node/graph/tensorflow.js';
import { Trace } from '../src/node/graph/trace.js';

beforeAll(async () => void (await useBackend('node')));

const random = randomSource(3);
const values = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random() - 0.5),
    shape,
  );
const weight = (...shape: number[]) => tf.tidy(() => tf.variable(values(...shape)));

type Weights = Record<'a' | 'b' | 'c' | 'bias' | 'wide', tf.Variable>;
const makeWeights = (): Weights => ({
  a: weight(3, 4),
  b: weight(3, 5),
  c: weight(6, 4),
  bias: weight(4),
  wide: weight(11, 7),
});

const product = (x: tf.Tensor, w: tf.Tensor) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D);

/** A step as decoders take it: state and word multiplied twice, a sum of two products, a readout of values side by side. */
const step = (w: Weights) => (state: tf.Tensor2D, word: tf.Tensor2D) => {
  const gates = tf.add(tf.add(product(state, w.a), w.bias), product(word, w.c));
  const query = product(state, w.b);
  const readout = tf.add(product(tf.concat([state, tf.slice(word, [0, 0], [-1, 2]), word], 1), w.wide), 1);
  return { gates: tf.tanh(gates), query, readout };
};

/** The nodes of a function's graph once its products are joined, those that nothing reads left out. */
function joined(fn: (...inputs: never[]) => tf.TensorContainer, inputs: readonly tf.Tensor[]) {
  const trace = new Trace(tf.backend() as unknown as NodeBackend, false);
  trace.record(() => (fn as (...inputs: tf.Tensor[]) => never)(...inputs), inputs);
  joinProducts(trace);
  const nodes = new Map(trace.graph.nodes.map((node) => [node.name, node]));
  const reached = new Set<string>();
  const visit = (reference: string): void => {
    const name = reference.split(':')[0] as string;
    if (reached.has(name)) return;
    reached.add(name);
    for (const input of nodes.get(name)?.inputs ?? []) visit(input);
  };
  for (const output of trace.outputs) visit(output);
  return { trace, nodes: [...reached].map((name) => nodes.get(name) as GraphNode) };
}

const opsOf = (...args: Parameters<typeof joined>) => joined(...args).nodes.map(({ op }) => op);

const isProduct = (op: string) => op === 'MatMul' || op === 'BatchMatMulV2';

describe('joined products', () => {
  test('give what the function gives, for every number of rows', () => {
    const w = makeWeights();
    const compiled = compile(step(w), {
      sizes: [
        ['N', 3],
        ['N', 6],
      ],
    });
    for (const rows of [1, 2, 9]) {
      tf.tidy(() => {
        const inputs = [values(rows, 3), values(rows, 6)] as [tf.Tensor2D, tf.Tensor2D];
        const [actual, expected] = [compiled(...inputs), step(w)(...inputs)];
        for (const name of ['gates', 'query', 'readout'] as const) {
          expect(actual[name].shape).toEqual(expected[name].shape);
          expect(tf.max(tf.abs(tf.sub(actual[name], expected[name]))).dataSync()[0]).toBeLessThan(1e-6);
        }
      });
    }
    compiled.dispose();
    tf.dispose(Object.values(w));
  });

  test('are fewer: two of one value are one, a sum of two is one, and the bias is part of it', () => {
    const w = makeWeights();
    const x = values(2, 3) as tf.Tensor2D;
    const two = opsOf((state: tf.Tensor2D) => [product(state, w.a), product(state, w.b)], [x]);
    expect(two.filter(isProduct)).toHaveLength(1);
    const y = values(2, 6) as tf.Tensor2D;
    const sum = opsOf(
      (state: tf.Tensor2D, word: tf.Tensor2D) =>
        tf.add(tf.add(product(state, w.a), w.bias), product(word, w.c)),
      [x, y],
    );
    expect(sum.filter(isProduct)).toHaveLength(1);
    expect(sum).toContain('BiasAdd');
    expect(sum).not.toContain('Add');
    tf.dispose([x, y, ...Object.values(w)]);
  });

  test('leave alone a sum in which one row is added to all others', () => {
    const w = makeWeights();
    const sum = compile((state: tf.Tensor2D, word: tf.Tensor2D) =>
      tf.add(product(state, w.a), product(word, w.c)),
    );
    const [state, word] = [values(3, 3) as tf.Tensor2D, values(1, 6) as tf.Tensor2D];
    const expected = tf.add(product(state, w.a), product(word, w.c));
    expect(tf.max(tf.abs(tf.sub(sum(state, word), expected))).dataSync()[0]).toBeLessThan(1e-6);
    sum.dispose();
    tf.dispose([state, word, expected, ...Object.values(w)]);
  });

  test('leave alone what is read otherwise too, and what is not a product of a weight', () => {
    const w = makeWeights();
    const [x, y] = [values(2, 3) as tf.Tensor2D, values(2, 6) as tf.Tensor2D];
    const read = opsOf(
      (state: tf.Tensor2D, word: tf.Tensor2D) => {
        const first = product(state, w.a);
        return [first, tf.add(first, product(word, w.c))];
      },
      [x, y],
    );
    expect(read.filter(isProduct)).toHaveLength(2);
    const computed = opsOf(
      (state: tf.Tensor2D) => [
        tf.matMul(state, state, false, true),
        tf.matMul(state, tf.neg(state), false, true),
      ],
      [x],
    );
    expect(computed.filter(isProduct)).toHaveLength(2);
    tf.dispose([x, y, ...Object.values(w)]);
  });

  describe('of what is looked up', () => {
    /** Words embedded and multiplied as decoders do: for the gates, and beside the state for a readout. */
    const decode = (w: Weights, words: tf.Tensor2D) => (ids: tf.Tensor1D, state: tf.Tensor2D) => {
      const rows = tf.gather(words, tf.reshape(ids, [-1]));
      const word = tf.reshape<tf.Rank.R2>(tf.mul(rows, Math.sqrt(6)), [ids.shape[0], 6]);
      const gates = tf.add(tf.add(product(word, w.c), w.bias), product(state, w.a));
      return {
        gates,
        readout: product(tf.concat([state, tf.slice(state, [0, 0], [-1, 2]), word], 1), w.wide),
      };
    };
    const sizes = [['N'], ['N', 3]];

    test('give what the function gives, for every number of rows and after the weights change', () => {
      const w = makeWeights();
      const words = weight(10, 6) as tf.Variable<tf.Rank.R2>;
      const compiled = compile(decode(w, words), { sizes });
      for (const ids of [[9], [0, 3, 3], [5, 1, 2, 9, 0]]) {
        tf.tidy(() => {
          words.assign(tf.add(words, 0.25));
          const inputs = [tf.tensor1d(ids, 'int32'), values(ids.length, 3) as tf.Tensor2D] as const;
          const [actual, expected] = [compiled(...inputs), decode(w, words)(...inputs)];
          for (const name of ['gates', 'readout'] as const) {
            expect(actual[name].shape).toEqual(expected[name].shape);
            expect(tf.max(tf.abs(tf.sub(actual[name], expected[name]))).dataSync()[0]).toBeLessThan(2e-6);
          }
        });
      }
      compiled.dispose();
      tf.dispose([words, ...Object.values(w)]);
    });

    /** The shapes of what is looked up in, for a vocabulary of so many words. */
    const tables = (vocabulary: number): (readonly number[] | undefined)[] => {
      const w = makeWeights();
      const words = weight(vocabulary, 6) as tf.Variable<tf.Rank.R2>;
      const inputs = [tf.tensor1d([1, 2], 'int32'), values(2, 3)];
      const { trace, nodes } = joined(decode(w, words), inputs);
      tf.dispose([words, ...inputs, ...Object.values(w)]);
      return nodes
        .filter(({ op }) => op === 'GatherV2')
        .map(({ inputs }) => trace.info.get(inputs[0] as string)?.shape);
    };

    test('are in one table with the products of all words', () => {
      expect(tables(10)).toEqual([[10, 4 + 7]]);
    });

    test('are computed where that would be too large', () => {
      expect(tables(1_600_000)).toEqual([[1_600_000, 6]]);
    });
  });
});
