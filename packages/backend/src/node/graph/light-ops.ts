import { oneDnnRounds } from '../onednn.js';
import { choose } from './choice.js';
import {
  type Attribute,
  DataType,
  type GraphDefinition,
  type GraphNode,
  typeAttribute,
} from './definition.js';
import type { Trace } from './trace.js';

const INT32 = typeAttribute(DataType.int32);

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
 * many heads of [B, heads, K, S], which may come to so much work that oneDNN's pays.
 *
 * @param graph takes what more there is to compute
 */
export function lightOp(graph: GraphDefinition, op: Op, shape: readonly number[]): Op {
  return op.op === 'Softmax' && !hasManyRows(shape) ? lightSoftmax(graph, op) : lightProduct(op, shape);
}

const hasManyRows = (shape: readonly number[]) => shape.length > 3;

const lightSoftmax = (graph: GraphDefinition, { inputs, attributes }: Op): Op => ({
  op: 'Exp',
  inputs: [graph.output('LogSoftmax', inputs, attributes)],
  attributes,
});

/** Of so many numbers at most the light softmax is faster, on one core. */
const LIGHT_SOFTMAX = 8192;

/** A softmax that looks at its size at each call. */
function softmaxBySize(graph: GraphDefinition, { inputs, attributes }: Op): Op {
  const [x] = inputs as [string];
  const { T } = attributes as { T: Attribute };
  const size = graph.output('Size', [x], { T, out_type: INT32 });
  const condition = graph.output('LessEqual', [size, graph.scalar(LIGHT_SOFTMAX)], { T: INT32 });
  return choose(graph, {
    condition,
    inputs,
    dataType: DataType.float32,
    whenTrue(seen) {
      const { op, ...light } = lightSoftmax(graph, { op: 'Softmax', inputs: seen, attributes });
      return graph.output(op, light.inputs, light.attributes);
    },
    whenFalse: (seen) => graph.output('Softmax', seen, attributes),
  });
}

/** Puts light ops in the place of others, those in loops excepted. */
export function preferLightOps({ graph, info }: Trace): void {
  for (const node of [...graph.nodes]) {
    const value = info.get(`${node.name}:0`);
    if (!value) continue;
    const isBySize = node.op === 'Softmax' && hasManyRows(value.shape);
    Object.assign(node, isBySize ? softmaxBySize(graph, node) : lightOp(graph, node, value.shape));
  }
}
