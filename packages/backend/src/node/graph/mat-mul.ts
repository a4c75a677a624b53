import { wantsBfloat16 } from '../onednn.js';
import type { Attribute, GraphNode } from './definition.js';
import type { Trace } from './trace.js';

/**
 * A product of two matrices as MatMul, which begins sooner than BatchMatMulV2, what TF.js asks for: by 30 to 50 µs with
 * oneDNN, as long as x·W takes for 32 rows and a W [256, 256]. But BatchMatMulV2 alone computes in bfloat16 where that is
 * asked for.
 *
 * @param rank of what the op gives
 */
export function asMatMul(
  { op, attributes }: Pick<GraphNode, 'op' | 'attributes'>,
  rank: number | undefined,
): Pick<GraphNode, 'op' | 'attributes'> {
  if (op !== 'BatchMatMulV2' || rank !== 2 || wantsBfloat16()) return { op, attributes };
  const { T, adj_x, adj_y } = attributes as Record<'T' | 'adj_x' | 'adj_y', Attribute>;
  return { op: 'MatMul', attributes: { T, transpose_a: adj_x, transpose_b: adj_y } };
}

/** Makes every product of two matrices a MatMul, those in loops excepted. */
export function preferMatMul({ graph, info }: Trace): void {
  for (const node of graph.nodes) {
    Object.assign(node, asMatMul(node, info.get(`${node.name}:0`)?.shape.length));
  }
}
