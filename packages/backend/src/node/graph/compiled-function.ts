import type { DataId, Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  CALLED_AFTER_DISPOSE,
  type Compiled,
  type CompileOptions,
  type SizeTree,
  type TensorFunction,
} from '../../compile.js';
import { form, isTensor, leaves, rebuild, type TensorTree } from '../../container.js';
import { wantsRoundedProducts } from '../onednn.js';
import { roundProducts } from './bfloat16-products.js';
import { DataType, typeAttribute } from './definition.js';
import { addHalves } from './halves.js';
import { HOISTED, hoist } from './hoist.js';
import { joinProducts } from './join-products.js';
import { preferLightOps } from './light-ops.js';
import { chooseSizes, findQuotients, OpenSizes, type Quotient, type SizedTrace } from './open-sizes.js';
import { activeListener } from './recorder.js';
import { type NodeBackend, Session } from './tensorflow.js';
import { dataTypeOf, Trace, type TracedVariable } from './trace.js';

const DEFAULT_CAPACITY = 16;
/** The sizes of each input tensor, in the order of `leaves`, and the path that names it in messages. */
interface InputSizes {
  readonly path: string;
  readonly sizes: readonly (string | number)[];
}

function inputSizes(tree: TensorTree, sizes: SizeTree | undefined, path: string): InputSizes[] {
  if (tree === undefined) return [];
  const missing = () => new Error(`compile: no sizes are given for ${path}`);
  if (sizes === undefined) throw missing();
  if (isTensor(tree)) {
    const flat = sizes as readonly (string | number)[];
    if (!Array.isArray(sizes) || flat.length !== tree.shape.length) {
      throw new Error(
        `compile: ${path} has the shape [${tree.shape}], but its sizes are given as ${JSON.stringify(sizes)}`,
      );
    }
    return [{ path, sizes: flat }];
  }
  return Object.entries(tree).flatMap(([name, part]) =>
    inputSizes(
      part as TensorTree,
      (sizes as Record<string, SizeTree>)[name],
      path ? `${path}.${name}` : name,
    ),
  );
}

/** What each named size is in one call. @throws if an input has another rank or sizes that contradict each other. */
function bindSizes(inputs: readonly Tensor[], expected: readonly InputSizes[]): Map<string, number> {
  const bound = new Map<string, number>();
  inputs.forEach((input, i) => {
    const { path, sizes } = expected[i] as InputSizes;
    const refuse = (reason: string) =>
      new Error(
        `compile: ${path} should be [${sizes.join(', ')}], but is [${input.shape.join(', ')}]: ${reason}`,
      );
    if (input.shape.length !== sizes.length) throw refuse('another rank');
    sizes.forEach((size, axis) => {
      const actual = input.shape[axis] as number;
      if (typeof size === 'number') {
        if (size !== actual) throw refuse(`${actual} where ${size} was expected`);
        return;
      }
      if (actual === 0) throw refuse(`${size} is 0`);
      const known = bound.get(size) ?? actual;
      if (known !== actual) throw refuse(`${size} is ${known} elsewhere`);
      bound.set(size, actual);
    });
  });
  return bound;
}

/** One graph in a session, with what it takes to call it. */
class LoadedGraph {
  readonly nodes: number;
  private readonly session: Session;
  private readonly variables: readonly TracedVariable[];
  private readonly argumentNames: readonly string[];
  private readonly outputNames: readonly string[];
  /** The same, computed in two halves. */
  private readonly halvesNames: readonly string[] | undefined;
  private readonly assigned: readonly Variable[];
  private readonly readNames: readonly string[];
  private readonly result: TensorTree;
  /** Whether the session keeps what depends on variables alone, and of which values it was last computed. */
  private readonly hoists: boolean;
  private hoistedFrom: DataId[] = [];

  constructor(
    backend: NodeBackend,
    trace: Trace,
    argumentCount: number,
    private readonly fewestToHalve: number,
  ) {
    const { graph } = trace;
    this.variables = [...trace.variables.values()];
    this.result = trace.result;
    this.assigned = trace.resident ? [] : [...trace.assigned.keys()];
    // Where variables change at every call, nothing that depends on them lasts.
    const isFixed = !trace.resident && this.assigned.length === 0;
    if (isFixed) joinProducts(trace);
    preferLightOps(trace);
    if (wantsRoundedProducts()) roundProducts(trace);
    this.hoists = isFixed && hoist(trace);
    const after = trace.resident ? this.assignInSession(trace) : [];
    this.halvesNames = fewestToHalve < Number.POSITIVE_INFINITY && isFixed ? addHalves(trace) : undefined;
    // Fetched through Identity: a value that is fed cannot be fetched.
    const fetched = [
      ...trace.outputs.map((reference, i) => [reference, trace.outputTypes[i] as number] as const),
    ];
    const values = this.assigned.map(
      (variable) => [trace.assigned.get(variable) as string, dataTypeOf(variable)] as const,
    );
    this.outputNames = [...fetched, ...values].map(([reference, dataType]) =>
      graph.output('Identity', [reference, ...after], { T: typeAttribute(dataType) }),
    );
    this.argumentNames = Array.from({ length: argumentCount }, (_, i) => `argument_${i}:0`);
    this.readNames = trace.resident ? this.variables.map((entry) => this.addRead(trace, entry)) : [];
    if (trace.resident) this.addInitializers(trace);
    this.nodes = graph.nodes.length;
    this.session = new Session(backend, graph);
    if (trace.resident) this.push();
  }

  private addRead(trace: Trace, { variable, handle }: TracedVariable): string {
    return trace.graph.output('ReadVariableOp', [handle as string], {
      dtype: typeAttribute(dataTypeOf(variable)),
    });
  }

  private assignInSession(trace: Trace): string[] {
    const nodes = [...trace.assigned].map(([variable, value]) => {
      const { handle } = trace.variables.get(variable) as TracedVariable;
      return trace.graph.add('AssignVariableOp', [handle as string, value], {
        dtype: typeAttribute(dataTypeOf(variable)),
      });
    });
    return [...nodes, ...trace.updates].map((name) => `^${name}`);
  }

  /**
   * Copies, in TensorFlow's memory: what is fed may be an array of JavaScript's, which a session must not be the last to
   * let go of. It would do so on any of its threads, and two at once bring the process down.
   */
  private addInitializers({ graph }: Trace): void {
    this.variables.forEach(({ variable, handle }, i) => {
      const type = typeAttribute(dataTypeOf(variable));
      const value = graph.placeholder(`initial_${i}`, dataTypeOf(variable), variable.shape);
      const copy = graph.output('DeepCopy', [value], { T: type });
      const assign = graph.add('AssignVariableOp', [handle as string, copy], { dtype: type });
      const done = [graph.scalar(0), `^${assign}`];
      graph.add('Identity', done, { T: typeAttribute(DataType.int32) }, `initialize_${i}`);
    });
  }

  /**
   * One by one, so that no more than one value is in memory twice. An optimizer's moments are zeros that TF.js has not put
   * into TensorFlow's memory yet: of those a copy is fed, since they themselves would be there from then on.
   */
  push(): void {
    this.variables.forEach(({ variable }, i) => {
      const value = variable.trainable
        ? tf.clone(variable)
        : tf.tensor(variable.dataSync(), variable.shape, variable.dtype);
      tf.dispose([value, ...this.session.run([value], [`initial_${i}:0`], [`initialize_${i}:0`])]);
    });
  }

  pull(): void {
    const values = this.session.run([], [], this.readNames);
    values.forEach((value, i) => {
      (this.variables[i] as TracedVariable).variable.assign(value);
      value.dispose();
    });
  }

  run(inputs: readonly Tensor[], resident: boolean): TensorTree {
    const fed = resident ? [] : this.variables.map(({ variable }) => variable);
    const variableNames = fed.map((_, i) => `variable_${i}:0`);
    if (this.hoists) this.hoist(fed, variableNames);
    const rows = inputs[0]?.shape[0] ?? 0;
    const names = (rows >= this.fewestToHalve && this.halvesNames) || this.outputNames;
    const outputs = names.length
      ? this.session.run([...inputs, ...fed], [...this.argumentNames, ...variableNames], names)
      : [];
    const count = outputs.length - this.assigned.length;
    this.assigned.forEach((variable, i) => {
      const value = outputs[count + i] as Tensor;
      variable.assign(value);
      value.dispose();
    });
    return rebuild(this.result, outputs.slice(0, count));
  }

  /** Computes what depends on variables alone, if one of them has changed. */
  private hoist(variables: readonly Variable[], names: readonly string[]): void {
    const data = variables.map(({ dataId }) => dataId);
    if (data.every((id, i) => id === this.hoistedFrom[i])) return;
    tf.dispose(this.session.run(variables, names, [HOISTED]));
    this.hoistedFrom = data;
  }

  dispose(): void {
    this.session.dispose();
  }
}

/** See `compile`. */
export function compileIntoGraphs<F extends TensorFunction>(
  backend: NodeBackend,
  fn: F,
  options: CompileOptions,
): Compiled<F> {
  const { sizes, halves, resident = false, capacity = DEFAULT_CAPACITY } = options;
  if (resident && !sizes)
    throw new Error('compile: resident variables need `sizes`, so that one graph holds them');
  if (halves && !sizes) throw new Error('compile: halves need `sizes`, which say what the rows are');
  if (halves && !(halves.atLeast >= 2))
    throw new Error(`compile: ${halves.atLeast} rows have no halves: expected at least 2, 3, …`);
  if (!(capacity >= 1)) throw new Error(`compile: the capacity is ${capacity}: expected 1, 2, …`);
  const call = fn as unknown as (...inputs: TensorTree[]) => TensorTree;
  const loaded = new Map<string, LoadedGraph>();
  /** Of resident variables: the one whose session has them as they are now. */
  let current: LoadedGraph | undefined;
  let disposed = false;
  let traceMilliseconds = 0;
  let loadMilliseconds = 0;

  const load = (inputs: TensorTree[], tensors: readonly Tensor[], expected: InputSizes[] | undefined) => {
    const whole = halves && expected?.find(({ sizes: [first] }) => first !== halves.rows);
    if (whole) {
      throw new Error(
        `compile: ${whole.path} is [${whole.sizes.join(', ')}], but for halves its first size must be ${halves.rows}`,
      );
    }
    const start = performance.now();
    const trace = expected
      ? traceForAllSizes(backend, call, inputs, expected, resident)
      : traceAt(new Trace(backend, false), call, inputs, (_, i) => (tensors[i] as Tensor).shape);
    const traced = performance.now();
    const graph = new LoadedGraph(
      backend,
      trace,
      tensors.length,
      halves?.atLeast ?? Number.POSITIVE_INFINITY,
    );
    traceMilliseconds += traced - start;
    loadMilliseconds += performance.now() - traced;
    return graph;
  };

  const compiled = (...inputs: TensorTree[]): TensorTree => {
    if (disposed) throw new Error(CALLED_AFTER_DISPOSE);
    if (activeListener()) return call(...inputs);
    const tensors = leaves(inputs);
    const expected = sizes && inputSizes(inputs, sizes as SizeTree, '');
    if (expected) bindSizes(tensors, expected);
    const types = tensors.map(({ dtype, shape }) => (expected ? dtype : `${dtype}[${shape}]`));
    const key = `${form(inputs)} ${types.join(' ')}`;
    const known = loaded.get(key);
    if (known) loaded.delete(key);
    if (resident && known !== current) {
      current?.pull();
      known?.push();
    }
    const graph = known ?? load(inputs, tensors, expected);
    if (resident) current = graph;
    loaded.set(key, graph);
    if (loaded.size > capacity) {
      const [oldest, unused] = loaded.entries().next().value as [string, LoadedGraph];
      loaded.delete(oldest);
      unused.dispose();
    }
    return graph.run(tensors, resident);
  };

  return Object.assign(compiled as unknown as F, {
    pull() {
      current?.pull();
    },
    push() {
      current?.push();
    },
    dispose() {
      for (const graph of loaded.values()) graph.dispose();
      loaded.clear();
      current = undefined;
      disposed = true;
    },
    statistics: () => ({
      graphs: loaded.size,
      nodes: [...loaded.values()].reduce((sum, { nodes }) => sum + nodes, 0),
      traceMilliseconds,
      loadMilliseconds,
    }),
  });
}

/** Records the function on zeros of the inputs' types, which, unlike the inputs themselves, share their values with nothing. */
function traceAt(
  trace: Trace,
  call: (...inputs: TensorTree[]) => TensorTree,
  inputs: TensorTree[],
  shapeOf: (input: Tensor, i: number) => number[],
): Trace {
  tf.tidy(() => {
    const zeros = leaves(inputs).map((input, i) => {
      dataTypeOf(input);
      return tf.zeros(shapeOf(input, i), input.dtype);
    });
    trace.record(() => call(...(rebuild(inputs, zeros) as TensorTree[])), zeros);
  });
  return trace;
}

function traceForAllSizes(
  backend: NodeBackend,
  call: (...inputs: TensorTree[]) => TensorTree,
  inputs: TensorTree[],
  expected: readonly InputSizes[],
  resident: boolean,
): Trace {
  const tensors = leaves(inputs);
  const names = [
    ...new Set(expected.flatMap(({ sizes }) => sizes.filter((size) => typeof size === 'string'))),
  ];
  // A number that stands for an open size must not be mistaken for a fixed one.
  const fixed = new Set([
    ...expected.flatMap(({ sizes }) => sizes),
    ...Object.values(tf.engine().registeredVariables).flatMap(({ shape }) => shape as number[]),
  ]);
  const record = (numbers: ReadonlyMap<string, number>): SizedTrace & { trace: Trace } => {
    const trace = traceAt(new Trace(backend, resident), call, inputs, (_, i) =>
      (expected[i] as InputSizes).sizes.map((size) =>
        typeof size === 'number' ? size : (numbers.get(size) as number),
      ),
    );
    const { graph, divisions } = trace;
    return { trace, graph, divisions, sizes: numbers };
  };
  const recordAll = (quotients: readonly Quotient[]) => chooseSizes(names, quotients, fixed).map(record);
  let traces = recordAll([]);
  const quotients = findQuotients(traces);
  // Sizes that are divided are recorded again, at numbers that leave different remainders.
  if (quotients.length > 0) traces = recordAll(quotients);
  const places = new Map(
    names.map((name) => {
      const input = expected.findIndex(({ sizes }) => sizes.includes(name));
      const axis = (expected[input] as InputSizes).sizes.indexOf(name);
      return [name, { input: `argument_${input}:0`, dataType: dataTypeOf(tensors[input] as Tensor), axis }];
    }),
  );
  new OpenSizes(traces, places, quotients).merge();
  return (traces[0] as { trace: Trace }).trace;
}
