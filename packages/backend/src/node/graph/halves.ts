import { availableParallelism } from 'node:os';
import { choose } from './choice.js';
import {
  DataType,
  type GraphDefinition,
  type GraphNode,
  intAttribute,
  nodeOf,
  typeAttribute,
} from './definition.js';
import type { Trace, ValueInfo } from './trace.js';

const INT32 = { T: typeAttribute(DataType.int32) };
/** In elements: more than what a core's own cache holds. */
const LARGE_WEIGHTS = 2 ** 20;
/**
 * From so many multiplications on TensorFlow gives a product with a vector for each row to both cores, which wait for each
 * other then; twice as many are still done sooner by one, in two parts.
 */
const SHARED_PRODUCT = 210_000;
/** Loops, and what would draw the same numbers for both halves. */
const NOT_TO_HALVE = /^(Enter|Exit|NextIteration|LoopCond|Stateless\w*)$/;

/** Of a value, or of the node that gives it: the first half and the second. */
type Pair = [string, string];

/**
 * Writes the work of a graph once more, for the first half of its arguments' rows and for the second, with the results put
 * together. The halves share weights alone, so that each has a core for itself; where all rows are one, a core waits for the
 * other in every op.
 *
 * @returns the outputs put together; undefined where there is one core, a loop, random numbers, or an output without rows
 */
export function addHalves(trace: Trace): string[] | undefined {
  if (availableParallelism() < 2 || trace.graph.nodes.some(({ op }) => NOT_TO_HALVE.test(op)))
    return undefined;
  return new Halves(trace).add();
}

class Halves {
  private readonly graph: GraphDefinition;
  private readonly info: Trace['info'];
  private readonly outputs: readonly string[];
  private readonly nodes: ReadonlyMap<string, GraphNode>;
  private readonly rowDependence = new Map<string, boolean>();
  private readonly copies = new Map<string, Pair>();

  constructor({ graph, info, outputs }: Trace) {
    this.graph = graph;
    this.info = info;
    this.outputs = outputs;
    this.nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  }

  add(): string[] | undefined {
    if (!this.outputs.every((output) => this.hasRows(output))) return undefined;
    const rows = this.graph.size('argument_0:0', this.typeOf('argument_0:0'), 0);
    const half = this.halfOf(rows);
    for (const node of this.nodes.values()) {
      const output = `${node.name}:0`;
      if (isArgument(node)) this.copies.set(node.name, this.divide(output, this.valueOf(output), half));
    }
    return this.outputs.map((output) => this.join(this.halvesOf(output), this.typeOf(output)));
  }

  /** Whether an input depends on the arguments. */
  private hasRows(input: string): boolean {
    const name = ownerOf(input);
    const known = this.rowDependence.get(name);
    if (known !== undefined) return known;
    const node = this.nodes.get(name) as GraphNode;
    const depends = isArgument(node) || node.inputs.some((each) => this.hasRows(each));
    this.rowDependence.set(name, depends);
    return depends;
  }

  private halvesOf(input: string): Pair {
    if (!this.hasRows(input)) return [input, input];
    const name = ownerOf(input);
    const pair = this.copies.get(name) ?? this.halve(this.nodes.get(name) as GraphNode);
    this.copies.set(name, pair);
    return pair.map((copy) => input.replace(name, copy)) as Pair;
  }

  private halve(node: GraphNode): Pair {
    if (this.isLargeProduct(node)) return this.multiplyOnce(node);
    const pairs = node.inputs.map((input) => this.halvesOf(input));
    const isVectorProduct = this.isVectorProduct(node);
    return [0, 1].map((half) => {
      const inputs = pairs.map((pair) => pair[half] as string);
      if (isVectorProduct) return this.multiplyVectors(node, inputs);
      return this.graph.add(node.op, inputs, node.attributes);
    }) as Pair;
  }

  /** Rows times weights that had better be read once. */
  private isLargeProduct({ op, inputs: [, weights = ''], attributes }: GraphNode): boolean {
    const size = this.info.get(weights)?.shape.reduce((product, each) => product * each, 1) ?? 0;
    return (
      op === 'MatMul' &&
      attributes.transpose_a?.value === false &&
      !this.hasRows(weights) &&
      size > LARGE_WEIGHTS
    );
  }

  private multiplyOnce({ name, op, inputs, attributes }: GraphNode): Pair {
    const [rows, weights] = inputs as [string, string];
    const value = this.valueOf(`${name}:0`);
    const halves = this.halvesOf(rows);
    const whole = this.graph.output(op, [this.join(halves, value.dataType), weights], attributes);
    return this.divide(whole, value, this.graph.size(halves[0], value.dataType, 0));
  }

  /** [B, ..., 1, K] x [B, ..., K, N] or [B, ..., M, K] x [B, ..., K, 1]: rows with rows, one by one. */
  private isVectorProduct({ op, inputs }: GraphNode): boolean {
    const [x, y] = inputs.map((input) => this.info.get(input)?.shape);
    return (
      op === 'BatchMatMulV3' &&
      inputs.every((input) => this.hasRows(input)) &&
      x !== undefined &&
      x.length === y?.length &&
      x[0] === y[0]
    );
  }

  /** In two parts, one after the other, where that is sooner. */
  private multiplyVectors({ name, attributes }: GraphNode, inputs: readonly string[]): string {
    const { graph } = this;
    const value = this.valueOf(`${name}:0`);
    const { dataType } = value;
    const multiply = (factors: readonly string[]) => graph.output('BatchMatMulV3', factors, attributes);
    const sizes = inputs.map((input) =>
      graph.output('Size', [input], { T: typeAttribute(dataType), out_type: INT32.T }),
    );
    const most = graph.output('Maximum', sizes, INT32);
    const condition = graph.output('LogicalAnd', [
      graph.output('GreaterEqual', [most, graph.scalar(SHARED_PRODUCT)], INT32),
      graph.output('Less', [most, graph.scalar(2 * SHARED_PRODUCT)], INT32),
    ]);
    const inTwoParts = (factors: readonly string[]): string => {
      const count = this.halfOf(graph.size(factors[0] as string, dataType, 0));
      const [x, y] = factors.map((factor) => this.divide(factor, value, count)) as [Pair, Pair];
      const parts = [0, 1].map((part) => multiply([`${x[part]}:0`, `${y[part]}:0`]));
      return this.join(parts as Pair, dataType);
    };
    const { op, ...rest } = choose(graph, {
      condition,
      inputs,
      dataType,
      whenTrue: inTwoParts,
      whenFalse: multiply,
    });
    return graph.add(op, rest.inputs, rest.attributes);
  }

  /** ⌈count / 2⌉ */
  private halfOf(count: string): string {
    const above = this.graph.output('AddV2', [count, this.graph.scalar(1)], INT32);
    return this.graph.output('FloorDiv', [above, this.graph.scalar(2)], INT32);
  }

  /** The first `count` rows of a value and the others, as nodes. */
  private divide(reference: string, { dataType, shape }: ValueInfo, count: string): Pair {
    const { graph } = this;
    const bounds = (first: string, other: number) =>
      graph.output('Pack', [first, ...shape.slice(1).map(() => graph.scalar(other))], {
        ...INT32,
        N: intAttribute(shape.length),
        axis: intAttribute(0),
      });
    const part = (begin: string, size: string) =>
      graph.add('Slice', [reference, bounds(begin, 0), bounds(size, -1)], {
        T: typeAttribute(dataType),
        Index: INT32.T,
      });
    return [part(graph.scalar(0), count), part(count, graph.scalar(-1))];
  }

  private join([one, other]: Pair, dataType: number): string {
    return this.graph.output('ConcatV2', [one, other, this.graph.scalar(0)], {
      N: intAttribute(2),
      T: typeAttribute(dataType),
      Tidx: INT32.T,
    });
  }

  private valueOf(reference: string): ValueInfo {
    return this.info.get(reference) as ValueInfo;
  }

  private typeOf(reference: string): number {
    return this.valueOf(reference).dataType;
  }
}

const isArgument = ({ op, name }: GraphNode) => op === 'Placeholder' && name.startsWith('argument_');

/** The node that gives an input, or that it waits for. */
const ownerOf = (input: string): string => (input.startsWith('^') ? input.slice(1) : nodeOf(input));
