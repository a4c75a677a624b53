import { availableParallelism } from 'node:os';
import { DataType, type GraphNode, intAttribute, nodeOf, typeAttribute } from './definition.js';
import type { Trace, ValueInfo } from './trace.js';

const INT32 = typeAttribute(DataType.int32);
/** In elements: more than what a core's own cache holds. */
const LARGE_WEIGHTS = 2 ** 20;
/**
 * From so many multiplications on TensorFlow gives a product with a vector for each row to both cores, which wait for each
 * other then; twice as many are still done sooner by one, in two parts.
 */
const SHARED_PRODUCT = 210_000;
const LOOP = /^(Enter|Exit|NextIteration|LoopCond)$/;

type Pair = [string, string];

/**
 * Writes the work of a graph once more, for the first half of its arguments' rows and for the second, with the results put
 * together. The halves share weights alone, so that each has a core for itself; where all rows are one, a core waits for the
 * other in every op.
 *
 * @returns the outputs put together; undefined where there is one core, or a loop
 */
export function addHalves({ graph, info, outputs }: Trace): string[] | undefined {
  if (availableParallelism() < 2 || graph.nodes.some(({ op }) => LOOP.test(op))) return undefined;
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const isArgument = ({ op, name }: GraphNode) => op === 'Placeholder' && name.startsWith('argument_');

  const known = new Map<string, boolean>();
  const dependsOnRows = (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const node = nodes.get(name) as GraphNode;
    const depends = isArgument(node) || node.inputs.some((input) => dependsOnRows(ownerOf(input)));
    known.set(name, depends);
    return depends;
  };
  if (!outputs.every((output) => dependsOnRows(nodeOf(output)))) return undefined;

  const pack = (first: string, rank: number, other: number) =>
    graph.output('Pack', [first, ...Array.from({ length: rank - 1 }, () => graph.scalar(other))], {
      T: INT32,
      N: intAttribute(rank),
      axis: intAttribute(0),
    });
  const halfOf = (count: string) =>
    graph.output(
      'FloorDiv',
      [graph.output('AddV2', [count, graph.scalar(1)], { T: INT32 }), graph.scalar(2)],
      {
        T: INT32,
      },
    );
  /** The halves of a value of which the first has `count` rows, as nodes. */
  const divide = (reference: string, { dataType, shape }: ValueInfo, count: string): Pair => {
    const part = (begin: string, size: string) => {
      const bounds = [pack(begin, shape.length, 0), pack(size, shape.length, -1)];
      return graph.add('Slice', [reference, ...bounds], { T: typeAttribute(dataType), Index: INT32 });
    };
    return [part(graph.scalar(0), count), part(count, graph.scalar(-1))];
  };
  const join = ([one, other]: Pair, dataType: number): string =>
    graph.output('ConcatV2', [one, other, graph.scalar(0)], {
      N: intAttribute(2),
      T: typeAttribute(dataType),
      Tidx: INT32,
    });

  const half = halfOf(graph.size('argument_0:0', typeOf(info, 'argument_0:0'), 0));
  /** A product [B, ..., 1, K] x [B, ..., K, N] or [B, ..., M, K] x [B, ..., K, 1] of one half, in two parts where that is sooner. */
  const vectorProduct = (inputs: Pair, { name, attributes }: GraphNode): string => {
    const value = info.get(`${name}:0`) as ValueInfo;
    const T = typeAttribute(value.dataType);
    const sizes = inputs.map((input) => graph.output('Size', [input], { T, out_type: INT32 })) as Pair;
    const most = graph.output('Maximum', sizes, { T: INT32 });
    const isBetween = graph.output('LogicalAnd', [
      graph.output('GreaterEqual', [most, graph.scalar(SHARED_PRODUCT)], { T: INT32 }),
      graph.output('Less', [most, graph.scalar(2 * SHARED_PRODUCT)], { T: INT32 }),
    ]);
    const ways = inputs.map((input) => graph.add('Switch', [input, isBetween], { T }));
    const once = graph.output(
      'BatchMatMulV3',
      ways.map((way) => `${way}:0`),
      attributes,
    );
    const count = halfOf(graph.size(`${ways[0]}:1`, value.dataType, 0));
    const parts = ways.map((way) => divide(`${way}:1`, value, count));
    const [one, other] = [0, 1].map((i) =>
      graph.output(
        'BatchMatMulV3',
        parts.map((pair) => `${pair[i]}:0`),
        attributes,
      ),
    ) as Pair;
    return graph.add('Merge', [once, join([one, other], value.dataType)], { T, N: intAttribute(2) });
  };

  const copies = new Map<string, Pair>();
  const halvesOf = (reference: string): Pair => {
    const name = ownerOf(reference);
    if (!dependsOnRows(name)) return [reference, reference];
    const pair = copies.get(name) ?? halve(nodes.get(name) as GraphNode);
    copies.set(name, pair);
    return pair.map((copy) => reference.replace(name, copy)) as Pair;
  };
  const halve = (node: GraphNode): Pair => {
    const output = `${node.name}:0`;
    if (isArgument(node)) return divide(output, info.get(output) as ValueInfo, half);
    const inputs = node.inputs.map(halvesOf);
    if (isVectorProduct(node)) {
      const [x, y] = inputs as [Pair, Pair];
      return [vectorProduct([x[0], y[0]], node), vectorProduct([x[1], y[1]], node)];
    }
    if (!isLargeProduct(node)) {
      return [0, 1].map((i) =>
        graph.add(
          node.op,
          inputs.map((pair) => pair[i] as string),
          node.attributes,
        ),
      ) as Pair;
    }
    const [factors, weights] = [inputs[0] as Pair, node.inputs[1] as string];
    const value = info.get(output) as ValueInfo;
    const whole = graph.output(node.op, [join(factors, value.dataType), weights], node.attributes);
    return divide(whole, value, graph.size(factors[0], value.dataType, 0));
  };
  /** Of rows with rows, one by one. */
  const isVectorProduct = ({ op, inputs }: GraphNode): boolean => {
    const [x, y] = inputs.map((input) => info.get(input)?.shape) as (readonly number[] | undefined)[];
    return (
      op === 'BatchMatMulV3' &&
      inputs.every((input) => dependsOnRows(ownerOf(input))) &&
      x !== undefined &&
      x.length === y?.length &&
      x[0] === y[0]
    );
  };
  /** Of rows with weights that had better be read once. */
  const isLargeProduct = ({ op, inputs: [, weights = ''], attributes }: GraphNode): boolean =>
    op === 'MatMul' &&
    attributes.transpose_a?.value === false &&
    !dependsOnRows(ownerOf(weights)) &&
    sizeOf(info.get(weights)) > LARGE_WEIGHTS;

  return outputs.map((output) => join(halvesOf(output), typeOf(info, output)));
}

const typeOf = (info: Trace['info'], reference: string): number =>
  (info.get(reference) as ValueInfo).dataType;
const sizeOf = (value: ValueInfo | undefined): number =>
  value ? value.shape.reduce((product, size) => product * size, 1) : 0;

/** The node that gives an input, or that it waits for. */
const ownerOf = (input: string): string => (input.startsWith('^') ? input.slice(1) : nodeOf(input));
