import { oneDnnRounds } from '../onednn.js';
import type { Attribute, GraphDefinition, GraphNode } from './definition.js';
import type { Trace } from './trace.js';

type Op = Pick<GraphNode, 'op' | 'inputs' | 'attributes'>;

/**
 * A product of two matrices, or of a matrix and a vector for each row of a batch, as an op that begins sooner than
 * BatchMatMulV2, what TF.js asks for, which is oneDNN's: by 30 to 50 µs, as long as x·W takes for 32 rows and a W
 * [256, 256]. But where oneDNN is to round to bfloat16 itself, it does so in BatchMatMulV2 alone.
 *
 * @param shape of what the op gives
 */
export function lightProduct<Product extends Pick<Op, 'op' | 'attributes'>>(
  product: Product,
  shape: readonly number[],
): Product {
  if (product.op !== 'BatchMatMulV2' || oneDnnRounds()) return product;
  const { T, adj_x, adj_y } = product.attributes as Record<'T' | 'adj_x' | 'adj_y', Attribute>;
  if (shape.length === 2)
    return { ...product, op: 'MatMul', attributes: { T, transpose_a: adj_x, transpose_b: adj_y } };
  if (shape.at(-1) === 1 || shape.at(-2) === 1)
    return { ...product, op: 'BatchMatMulV3', attributes: { Ta: T, Tb: T, Tout: T, adj_x, adj_y } };
  return product;
}

/**
 * The same for all ops that have a twin that begins sooner. A softmax of few rows is one: of one attention, not of the
 * many heads of [B, heads, K, S], which come to so much work that oneDNN's pays.
 *
 * @param graph takes what more there is to compute
 */
export function lightOp(graph: GraphDefinition, op: Op, shape: readonly number[]): Op {
  if (op.op !== 'Softmax' || shape.length > 3) return lightProduct(op, shape);
  return { ...op, op: 'Exp', inputs: [graph.output('LogSoftmax', op.inputs, op.attributes)] };
}

/** Puts light ops in the place of others, those in loops excepted. */
export function preferLightOps({ graph, info }: Trace): void {
  for (const node of [...graph.nodes]) {
    const value = info.get(`${node.name}:0`);
    if (value) Object.assign(node, lightOp(graph, node, value.shape));
  }
}
