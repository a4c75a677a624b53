import { boolAttribute, DataType, type GraphNode, intAttribute, typeAttribute } from './definition.js';
import { lightProduct } from './light-ops.js';
import { type LookUp, LookUps } from './look-ups.js';
import type { Trace, ValueInfo } from './trace.js';
import { WeightValues } from './weight-values.js';

const FLOAT = typeAttribute(DataType.float32);
const INT32 = typeAttribute(DataType.int32);
const PLAIN = { adj_x: boolAttribute(false), adj_y: boolAttribute(false) };

/** x·W + b, with a W and a b that depend on variables alone. */
interface Product {
  /** What gives it: the product, or the sum. */
  readonly node: GraphNode;
  readonly left: string;
  readonly weight: string;
  readonly bias: string | undefined;
  /** The columns of W. */
  readonly width: number;
}

/**
 * Makes few large products out of many small ones, which do not use a processor well:
 *
 * - a sum of two products is one product of values side by side, x·V + y·W = [x y]·[V; W];
 * - products of the same value are one with the weights side by side, x·[V W] = [x·V x·W]; for that, a product of values
 *   side by side, as a readout's of state, word and context is, is taken apart where others have some of the values too;
 * - a product and its bias are one op;
 * - products of what is looked up in a matrix, as words are, are looked up themselves, M[i]·W + b = (M·W + b)[i].
 *
 * The weights are put together anew at each call unless they are hoisted.
 */
export function joinProducts(trace: Trace): void {
  joinSums(trace);
  takeApart(trace);
  const finder = new ProductFinder(trace);
  const products = finder.products();
  for (const left of new Set(products.map((product) => product.left))) {
    asOne(
      trace,
      left,
      products.filter((product) => product.left === left),
      finder,
    );
  }
}

class ProductFinder {
  readonly weights: WeightValues;
  private readonly lookUps: LookUps;
  private readonly readers = new Map<string, GraphNode[]>();

  constructor(private readonly trace: Trace) {
    this.weights = new WeightValues(trace.graph);
    this.lookUps = new LookUps(trace, this.weights);
    for (const node of trace.graph.nodes) {
      for (const input of node.inputs) this.readers.set(input, [...(this.readers.get(input) ?? []), node]);
    }
  }

  products(): Product[] {
    return this.trace.graph.nodes.flatMap((node) => {
      const [left, weight] = node.inputs as [string, string];
      const { op, attributes } = node;
      if (op !== 'BatchMatMulV2' || attributes.adj_x?.value || attributes.adj_y?.value) return [];
      const width = this.shapeOf(weight)?.[1];
      if (this.shapeOf(left)?.length !== 2 || width === undefined) return [];
      if (!this.weights.has(weight) || this.weights.has(left)) return [];
      const product = { node, left, weight, width, bias: undefined, ...this.sumWithBias(node, width) };
      return this.isRead(`${product.node.name}:0`) ? [product] : [];
    });
  }

  /** What the left side of products as wide as this together is looked up in, if they had better be looked up too. */
  lookUp(left: string, width: number): LookUp | undefined {
    return this.lookUps.worthwhile(left, width);
  }

  private isRead(value: string): boolean {
    return this.readers.has(value) || this.trace.outputs.includes(value);
  }

  /** Whether one op alone reads a value. */
  isReadOnce(value: string): boolean {
    return this.readers.get(value)?.length === 1 && !this.trace.outputs.includes(value);
  }

  private shapeOf(value: string): readonly number[] | undefined {
    return this.trace.info.get(value)?.shape;
  }

  /** The sum with a bias, if nothing else reads the product. */
  private sumWithBias(product: GraphNode, width: number): { node: GraphNode; bias: string } | undefined {
    const value = `${product.name}:0`;
    const [sum] = this.readers.get(value) ?? [];
    const bias = sum?.inputs.find((input) => input !== value);
    if (!sum || !bias || !/^Add(V2)?$/.test(sum.op) || !this.isReadOnce(value)) return undefined;
    const fits = String(this.shapeOf(bias)) === String([width]) && this.weights.hasOrConstant(bias);
    return fits ? { node: sum, bias } : undefined;
  }
}

/** Sums of two products, with their biases, become one product. */
function joinSums(trace: Trace): void {
  const { graph, info } = trace;
  for (const sum of graph.nodes.filter(({ op }) => /^Add(V2)?$/.test(op))) {
    const finder = new ProductFinder(trace);
    const products = new Map(finder.products().map((product) => [`${product.node.name}:0`, product]));
    const [x, y] = sum.inputs.map((input) => products.get(input));
    if (!x || !y || x.width !== y.width || !sum.inputs.every((input) => finder.isReadOnce(input))) continue;
    const { width } = x;
    if ([x, y].some(({ left }) => finder.lookUp(left, width))) continue;
    const rows = rowsOf(trace, x.left);
    // Of one row it may be that all others are meant.
    if (rows !== rowsOf(trace, y.left)) continue;
    const heights = [x, y].map(({ weight }) => (info.get(weight) as ValueInfo).shape[0] as number);
    const height = heights.reduce((a, b) => a + b);
    const left = sideBySide(trace, [x.left, y.left], 1, [rows, height]);
    const weight = sideBySide(trace, [x.weight, y.weight], 0, [height, width]);
    const product = float(trace, 'BatchMatMulV2', [left, weight], [rows, width], PLAIN);
    const biases = [x, y].flatMap(({ bias }) => bias ?? []);
    const [bias = graph.constant(DataType.float32, [width], [0])] =
      biases.length === 2 ? [float(trace, 'AddV2', biases, [width])] : biases;
    Object.assign(sum, { op: 'AddV2', inputs: [product, bias], attributes: { T: FLOAT } });
  }
}

/** Splits products of values side by side, where products of some of these values are taken elsewhere too. */
function takeApart(trace: Trace): void {
  const { graph, info } = trace;
  const finder = new ProductFinder(trace);
  const products = finder.products();
  /** The values that a left side is made of. */
  const partsOf = (left: string): string[] => {
    const node = finder.weights.node(left);
    const axis =
      node?.op === 'ConcatV2' && finder.weights.node(node.inputs.at(-1) as string)?.attributes.value;
    const isAlongRows = axis && axis.kind === 'tensor' && axis.value.values[0] === 1;
    return isAlongRows ? node.inputs.slice(0, -1) : [left];
  };
  const lefts = new Map(products.map(({ left }) => [String(partsOf(left)), left]));
  for (const { node, left, weight, bias, width } of products) {
    const parts = partsOf(left);
    const heights = parts.flatMap((part) => info.get(part)?.shape[1] ?? []);
    if (parts.length === 1 || heights.length < parts.length) continue;
    const runs = runsOf(parts, (run) => {
      const [part] = run as [string];
      const isLookedUp = run.length === 1 && finder.lookUp(part, width) !== undefined;
      return run.length < parts.length && (isLookedUp || lefts.has(String(run)));
    });
    if (runs.length === 1) continue;
    let [place, first] = [0, 0];
    const summands = runs.map((run, i) => {
      const height = heights.slice(place, place + run.length).reduce((a, b) => a + b);
      const [begin, size] = [graph.vector(first, 0), graph.vector(height, width)];
      place += run.length;
      first += height;
      const rows = float(trace, 'Slice', [weight, begin, size], [height, width], { Index: INT32 });
      const count = rowsOf(trace, left);
      const part = lefts.get(String(run)) ?? sideBySide(trace, run, 1, [count, height]);
      const product = float(trace, 'BatchMatMulV2', [part, rows], [count, width], PLAIN);
      return i === 0 && bias ? float(trace, 'AddV2', [product, bias], [count, width]) : product;
    });
    const attributes = { T: FLOAT, N: intAttribute(summands.length) };
    Object.assign(node, { op: 'AddN', inputs: summands, attributes });
  }
}

/** Cuts a list into the longest runs that are known, and what is left between them. */
function runsOf(parts: readonly string[], isKnown: (run: readonly string[]) => boolean): string[][] {
  const runs: string[][] = [];
  let rest: string[] = [];
  for (let i = 0; i < parts.length; ) {
    let end = parts.length;
    while (end > i && !isKnown(parts.slice(i, end))) end--;
    if (end === i) {
      rest.push(parts[i++] as string);
      continue;
    }
    if (rest.length > 0) runs.push(rest);
    rest = [];
    runs.push(parts.slice(i, end));
    i = end;
  }
  if (rest.length > 0) runs.push(rest);
  return runs;
}

/** Products of one value as one op, and each of them a part of it. */
function asOne(trace: Trace, left: string, products: readonly Product[], finder: ProductFinder): void {
  const { graph, info } = trace;
  const [{ weight: only, bias: onlyBias, node: single }] = products as [Product];
  const widths = products.map(({ width }) => width);
  const width = widths.reduce((a, b) => a + b);
  const lookUp = finder.lookUp(left, width);
  if (products.length === 1 && !onlyBias && !lookUp) return;
  const [height] = (info.get(only) as ValueInfo).shape as [number];
  const weights = sideBySide(
    trace,
    products.map(({ weight }) => weight),
    1,
    [height, width],
  );
  const biases = products.some(({ bias }) => bias)
    ? products.map((each) => each.bias ?? graph.constant(DataType.float32, [each.width], [0]))
    : [];
  const linear = (x: string, rows: number): string => {
    const product = multiply(trace, x, weights, [rows, width]);
    if (biases.length === 0) return product;
    return float(trace, 'BiasAdd', [product, sideBySide(trace, biases, 0, [width])], [rows, width]);
  };
  const rows = rowsOf(trace, left);
  const value = lookUp ? lookedUp(trace, lookUp, linear, [rows, width]) : linear(left, rows);
  const identity = (node: GraphNode, part: string) =>
    Object.assign(node, { op: 'Identity', inputs: [part], attributes: { T: FLOAT } });
  if (products.length === 1) {
    identity(single, value);
    return;
  }
  const split = graph.add('SplitV', [value, graph.vector(...widths), graph.scalar(1)], {
    T: FLOAT,
    Tlen: INT32,
    num_split: intAttribute(widths.length),
  });
  products.forEach(({ node }, i) => {
    identity(node, `${split}:${i}`);
  });
}

/** What `linear` makes of each row of a matrix, and of it the rows that are looked up. */
function lookedUp(
  trace: Trace,
  { gather, matrix, shape, factors }: LookUp,
  linear: (x: string, rows: number) => string,
  result: readonly number[],
): string {
  const scaled = factors.reduce((x, factor) => float(trace, 'Mul', [x, factor], shape), matrix);
  const table = linear(scaled, shape[0]);
  const reference = trace.graph.output(gather.op, [table, ...gather.inputs.slice(1)], gather.attributes);
  trace.info.set(reference, { dataType: DataType.float32, shape: result });
  return reference;
}

/** As TensorFlow makes one op of a MatMul and its BiasAdd. */
function multiply(trace: Trace, left: string, weight: string, shape: readonly number[]): string {
  const { op, attributes } = lightProduct({ op: 'BatchMatMulV2', attributes: { T: FLOAT, ...PLAIN } }, shape);
  return float(trace, op, [left, weight], shape, attributes);
}

function sideBySide(trace: Trace, values: readonly string[], axis: number, shape: readonly number[]): string {
  if (values.length === 1) return values[0] as string;
  const attributes = { N: intAttribute(values.length), Tidx: INT32 };
  return float(trace, 'ConcatV2', [...values, trace.graph.scalar(axis)], shape, attributes);
}

const rowsOf = (trace: Trace, value: string) => (trace.info.get(value) as ValueInfo).shape[0] as number;

/** Adds a node and says what it gives. */
function float(
  { graph, info }: Trace,
  op: string,
  inputs: readonly string[],
  shape: readonly number[],
  attributes: GraphNode['attributes'] = {},
): string {
  const reference = graph.output(op, inputs, { T: FLOAT, ...attributes });
  info.set(reference, { dataType: DataType.float32, shape });
  return reference;
}
