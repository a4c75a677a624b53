import { randomSource } from '../../random.js';
import {
  type Constant,
  DataType,
  type GraphDefinition,
  type GraphNode,
  intAttribute,
  sameAttribute,
  typeAttribute,
} from './definition.js';

/** An integer that depends on the open sizes: factor · (product of sizes) + offset. */
interface SizeExpression {
  readonly factor: number;
  readonly sizes: readonly string[];
  readonly offset: number;
}

export interface SizedTrace {
  readonly graph: GraphDefinition;
  readonly divisions: readonly { readonly size: number; readonly divisor: number }[];
  /** The number that stood for each open size, and for each quotient, while this trace was recorded. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** ⌈of / divisor⌉, a size that is not an input's. */
export interface Quotient {
  readonly name: string;
  /** An open size, or a quotient before this one. */
  readonly of: string;
  readonly divisor: number;
}

/** @throws if something was divided that is neither an open size nor a quotient, nor always a multiple */
export function findQuotients(traces: readonly SizedTrace[]): Quotient[] {
  const [first, ...others] = traces as [SizedTrace, ...SizedTrace[]];
  const known = traces.map(({ sizes }) => new Map(sizes));
  const quotients: Quotient[] = [];
  for (const [i, { size, divisor }] of first.divisions.entries()) {
    const sizes = [size, ...others.map(({ divisions }) => divisions[i]?.size as number)];
    // Nothing is rounded of what is always a multiple.
    if (sizes.every((other) => other === size) || sizes.every((other) => other % divisor === 0)) continue;
    const of = [...(known[0] as Map<string, number>).keys()].find((name) =>
      known.every((numbers, trace) => numbers.get(name) === sizes[trace]),
    );
    if (!of) {
      throw new Error(
        `compile: ceilDivide takes an open size, or what it gave, and not what was made of one (${sizes.join(', ')})`,
      );
    }
    const name = `⌈${of}/${divisor}⌉`;
    if (known[0]?.has(name)) continue;
    quotients.push({ name, of, divisor });
    for (const numbers of known) setQuotient(numbers, { name, of, divisor });
  }
  return quotients;
}

const setQuotient = (numbers: Map<string, number>, { name, of, divisor }: Quotient) =>
  void numbers.set(name, Math.ceil((numbers.get(of) as number) / divisor));

const LARGEST_PRODUCT = 3;

function subsets(names: readonly string[]): string[][] {
  const all: string[][] = [[]];
  for (const name of names) all.push(...all.map((set) => [...set, name]));
  return all
    .filter((set) => set.length > 0 && set.length <= LARGEST_PRODUCT)
    .sort((a, b) => a.length - b.length);
}

const PRIMES = [5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97];
/** Where sizes are divided, even numbers as well. */
const NUMBERS = Array.from({ length: 93 }, (_, i) => i + 5);
/** From the first few numbers, before one more is among them. */
const DRAWS = 50;
/** Two recordings to solve for a number's form, one to check it. */
const RECORDINGS = 3;

const productOf = (names: readonly string[], sizes: ReadonlyMap<string, number>) =>
  names.reduce((product, name) => product * (sizes.get(name) as number), 1);

type Recordings = readonly Map<string, number>[];

/** Small ones first: a recording computes with them, and what it takes of the memory stays taken. */
function* drawNumbers(names: readonly string[], numbers: readonly number[]): Generator<Recordings> {
  const random = randomSource(1);
  for (let count = names.length + 1; count <= numbers.length; count++) {
    const draw = (name: string) => [name, numbers[Math.floor(random() * count)] as number] as const;
    for (let i = 0; i < DRAWS; i++) yield Array.from({ length: RECORDINGS }, () => new Map(names.map(draw)));
  }
}

/**
 * Numbers to stand for the open sizes in each recording, such that no product of sizes can be mistaken for another
 * or for a fixed size: they lie on no common line over the recordings, and the first two, which determine what depends
 * on them, differ. The same holds for quotients of sizes.
 */
export function chooseSizes(
  names: readonly string[],
  quotients: readonly Quotient[],
  fixed: ReadonlySet<string | number>,
): Recordings {
  const free = (quotients.length > 0 ? NUMBERS : PRIMES).filter((number) => !fixed.has(number));
  for (const recordings of drawNumbers(names, free)) {
    for (const sizes of recordings) for (const quotient of quotients) setQuotient(sizes, quotient);
    const all = [...names, ...quotients.map(({ name }) => name)];
    const rows = subsets(all).map(
      (set) => recordings.map((sizes) => productOf(set, sizes)) as [number, number, number],
    );
    const unlike = rows.every(
      ([a, b, c], i) =>
        a !== b && rows.slice(0, i).every(([x, y, z]) => (b - a) * (z - x) !== (c - a) * (y - x)),
    );
    const isDistinct = (sizes: ReadonlyMap<string, number>) =>
      new Set([1, ...sizes.values()]).size === all.length + 1 &&
      quotients.every(({ name }) => !fixed.has(sizes.get(name) as number));
    if (unlike && recordings.every(isDistinct)) return recordings;
  }
  throw new Error(`compile: too many open sizes: ${names.join(', ')}`);
}

const INT32 = { T: typeAttribute(DataType.int32) };

/**
 * Makes one graph for all sizes out of several recordings of the same function at different sizes.
 *
 * Wherever the recordings hold different constants, the constant is a function of the sizes: it is solved for and
 * replaced by nodes that compute it from the shapes of the graph's inputs. Everything else must be equal, or the
 * function does something that cannot be one graph, which is an error that names the op.
 */
export class OpenSizes {
  private readonly graph: GraphDefinition;
  private readonly candidates: string[][];
  private readonly computed = new Map<string, string>();

  /**
   * @param traces at least three recordings; the first one's graph is completed in place.
   * @param places for each size, an input and the axis on which it has that size.
   */
  constructor(
    private readonly traces: readonly SizedTrace[],
    private readonly places: ReadonlyMap<string, { input: string; dataType: number; axis: number }>,
    private readonly quotients: readonly Quotient[],
  ) {
    this.graph = (traces[0] as SizedTrace).graph;
    this.candidates = subsets([...places.keys(), ...quotients.map(({ name }) => name)]);
  }

  merge(): GraphDefinition {
    const count = this.graph.nodes.length;
    const others = this.traces.slice(1).map(({ graph }) => graph.nodes);
    for (let i = 0; i < count; i++) {
      const node = this.graph.nodes[i] as GraphNode;
      const twins = others.map((nodes) => nodes[i]);
      if (twins.some((twin) => twin?.op !== node.op || String(twin.inputs) !== String(node.inputs))) {
        throw new Error(
          `compile: around ${node.op} the function takes other steps for other sizes: give it fixed sizes, or use scan`,
        );
      }
      this.mergeNode(node, twins as GraphNode[]);
    }
    if (others.some((nodes) => nodes.length !== count)) {
      throw new Error(
        'compile: the function takes more steps for some sizes than for others: give it fixed sizes, or use scan',
      );
    }
    return this.graph;
  }

  private mergeNode(node: GraphNode, twins: readonly GraphNode[]): void {
    for (const [name, attribute] of Object.entries(node.attributes)) {
      if (twins.every((twin) => sameAttribute(attribute, twin.attributes[name]))) continue;
      if (node.op === 'Placeholder' && name === 'shape') continue;
      if (attribute.kind !== 'tensor') {
        throw new Error(
          `compile: ${node.op} has an attribute "${name}" that differs with the sizes: give it fixed sizes, or use scan`,
        );
      }
      const constants = [node, ...twins].map(({ attributes }) => attributes[name]?.value as Constant);
      Object.assign(node, this.replacement(constants));
    }
  }

  private replacement(constants: readonly Constant[]): Pick<GraphNode, 'op' | 'inputs' | 'attributes'> {
    const { dataType, shape, values } = constants[0] as Constant;
    const T = typeAttribute(dataType);
    const sameShape = constants.every((constant) => String(constant.shape) === String(shape));
    const at = (index: number) =>
      constants.map((constant) => constant.values[constant.values.length === 1 ? 0 : index] as number);
    if (sameShape && shape.length === 0) {
      const value = this.compute(this.solve(at(0)));
      if (dataType === DataType.int32) return { op: 'Identity', inputs: [value], attributes: { T } };
      return { op: 'Cast', inputs: [value], attributes: { SrcT: typeAttribute(DataType.int32), DstT: T } };
    }
    if (sameShape && shape.length === 1 && dataType === DataType.int32) {
      return this.pack(Array.from({ length: shape[0] as number }, (_, index) => at(index)));
    }
    if (
      constants.every((constant) => constant.values.length === 1 && constant.shape.length === shape.length)
    ) {
      const sizes = this.graph.add(
        ...this.node(this.pack(shape.map((_, axis) => constants.map((c) => c.shape[axis] as number)))),
      );
      const value = constants.every((constant) => constant.values[0] === values[0])
        ? this.graph.constant(dataType, [], values)
        : this.graph.output(
            ...this.node(this.replacement(constants.map((constant) => ({ ...constant, shape: [] })))),
          );
      return {
        op: 'Fill',
        inputs: [`${sizes}:0`, value],
        attributes: { T, index_type: typeAttribute(DataType.int32) },
      };
    }
    throw new Error(
      `compile: a tensor made in JavaScript, of shape [${shape}], has other values for other sizes: pass it as an argument, ` +
        'and draw random numbers with @heed/backend',
    );
  }

  private node({ op, inputs, attributes }: Pick<GraphNode, 'op' | 'inputs' | 'attributes'>) {
    return [op, inputs, attributes] as const;
  }

  private pack(rows: readonly number[][]): Pick<GraphNode, 'op' | 'inputs' | 'attributes'> {
    const inputs = rows.map((values) =>
      values.every((value) => value === values[0])
        ? this.graph.scalar(values[0] as number)
        : this.compute(this.solve(values)),
    );
    return {
      op: 'Pack',
      inputs,
      attributes: { ...INT32, N: intAttribute(inputs.length), axis: intAttribute(0) },
    };
  }

  private solve(values: readonly number[]): SizeExpression {
    for (const sizes of this.candidates) {
      const products = this.traces.map((trace) => productOf(sizes, trace.sizes));
      const [first, second] = products as [number, number];
      const factor = ((values[1] as number) - (values[0] as number)) / (second - first);
      const offset = (values[0] as number) - factor * first;
      const fits = products.every((product, i) => factor * product + offset === values[i]);
      if (factor !== 0 && Number.isInteger(factor) && Number.isInteger(offset) && fits)
        return { factor, sizes, offset };
    }
    throw new Error(
      `compile: a number depends on the sizes in a way that is not understood (${values.join(', ')}): give the function fixed sizes`,
    );
  }

  private compute({ factor, sizes, offset }: SizeExpression): string {
    const key = `${factor}*${sizes.join('*')}+${offset}`;
    const known = this.computed.get(key);
    if (known) return known;
    let value = sizes
      .map((name) => this.size(name))
      .reduce((a, b) => this.graph.output('Mul', [a, b], INT32));
    if (factor !== 1) value = this.graph.output('Mul', [value, this.graph.scalar(factor)], INT32);
    if (offset !== 0) value = this.graph.output('AddV2', [value, this.graph.scalar(offset)], INT32);
    this.computed.set(key, value);
    return value;
  }

  private size(name: string): string {
    const known = this.computed.get(name);
    if (known) return known;
    const quotient = this.quotients.find((each) => each.name === name);
    if (quotient) return this.divide(quotient);
    const { input, dataType, axis } = this.places.get(name) as {
      input: string;
      dataType: number;
      axis: number;
    };
    const value = this.graph.size(input, dataType, axis);
    this.computed.set(name, value);
    return value;
  }

  private divide({ name, of, divisor }: Quotient): string {
    const above = this.graph.output('AddV2', [this.size(of), this.graph.scalar(divisor - 1)], INT32);
    const value = this.graph.output('FloorDiv', [above, this.graph.scalar(divisor)], INT32);
    this.computed.set(name, value);
    return value;
  }
}
