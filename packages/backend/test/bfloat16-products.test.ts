import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Cell, randomSource, scan, useBackend } from '../src/index.js';
import { roundProducts } from '../src/node/graph/bfloat16-products.js';
import { DataType } from '../src/node/graph/definition.js';
import { type NodeBackend, Session } from '../src/node/graph/tensorflow.js';
import { Trace } from '../src/node/graph/trace.js';

beforeAll(async () => {
  process.env.TF_SET_ONEDNN_FPMATH_MODE = 'BF16';
  await useBackend('node');
});

const random = randomSource(5);
const values = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => 2 * random() - 1),
    shape,
  );

/** To the nearest number with eight bits of mantissa, ties to even. */
function toBfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  const number = bits[0] as number;
  bits[0] = ((number + 0x7fff + ((number >>> 16) & 1)) >>> 16) << 16;
  return new Float32Array(bits.buffer)[0] as number;
}

function traced(fn: () => tf.Tensor[], inputs: readonly tf.Tensor[]) {
  const backend = tf.backend() as unknown as NodeBackend;
  const trace = new Trace(backend, false);
  trace.record(fn, inputs);
  roundProducts(trace);
  const { graph } = trace;
  const outputs = trace.outputs.map((output) =>
    graph.output('Identity', [output], { T: { kind: 'type', value: DataType.float32 } }),
  );
  const session = new Session(backend, graph);
  const results = session.run(
    inputs,
    inputs.map((_, i) => `argument_${i}:0`),
    outputs,
  );
  session.dispose();
  return { graph, results };
}

describe('products of bfloat16', () => {
  test('round what is multiplied and what comes out, and nothing else', () => {
    const [x, w] = [values(3, 7), values(7, 2)] as [tf.Tensor2D, tf.Tensor2D];
    const { results } = traced(() => [tf.matMul(x, w), tf.mul(x, 3)], [x, w]);
    const [product, tripled] = results as [tf.Tensor, tf.Tensor];
    const [rows, columns] = [x.arraySync(), w.arraySync()];
    const exact = rows.map((row) =>
      [0, 1].map((column) =>
        row.reduce(
          (sum, value, i) => sum + toBfloat16(value) * toBfloat16(columns[i]?.[column] as number),
          0,
        ),
      ),
    );
    for (const [i, row] of (product.arraySync() as number[][]).entries()) {
      for (const [j, value] of row.entries()) {
        expect(value).toBe(toBfloat16(value));
        const sum = exact[i]?.[j] as number;
        // Half a unit of the last of eight bits, and what the order of a sum of float32 may change.
        expect(Math.abs(value - sum)).toBeLessThanOrEqual(Math.abs(sum) * 2 ** -8 + 1e-5);
      }
    }
    expect([...tripled.dataSync()]).toEqual([...x.dataSync()].map((value) => Math.fround(value * 3)));
    tf.dispose([x, w, product, tripled]);
  });

  test('round what a loop reads unchanged before it begins', () => {
    const [xs, h, w] = [values(6, 2, 4), values(2, 4), values(4, 4)] as [
      tf.Tensor3D,
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    const cell: Cell<{ w: tf.Tensor }, { h: tf.Tensor }, { x: tf.Tensor }, tf.Tensor> = (p, state, { x }) => {
      const h = tf.tanh(tf.add(tf.matMul(state.h as tf.Tensor2D, p.w as tf.Tensor2D), x));
      return { state: { h }, output: h };
    };
    const run = () => [scan(cell, { w }, { h }, { x: xs }).outputs];
    const { graph, results } = traced(run, [xs, h, w]);
    const [expected] = tf.tidy(run) as [tf.Tensor];
    const [actual] = results as [tf.Tensor];
    const difference = tf.tidy(() => tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0] as number);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(0.03);
    const nodes = new Map(graph.nodes.map((node) => [`${node.name}:0`, node]));
    const [product, ...others] = graph.nodes.filter(({ op }) => op === 'MatMul');
    expect(others).toEqual([]);
    const weight = nodes.get(product?.inputs[1] as string);
    expect([weight?.op, nodes.get(weight?.inputs[0] as string)?.op]).toEqual(['Enter', 'Cast']);
    tf.dispose([xs, h, w, expected, actual]);
  });
});
