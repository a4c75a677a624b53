import { readsWeightsTransposed } from '../onednn.js';
import type { CellBody, Value } from './cell-body.js';
import {
  type Attribute,
  boolAttribute,
  DataType,
  type GraphDefinition,
  intAttribute,
  rowSlice,
  stringAttribute,
  typeAttribute,
} from './definition.js';
import { lightOp, lightProduct } from './light-ops.js';
import type { ValueInfo } from './trace.js';

const INT32 = typeAttribute(DataType.int32);
const PARALLEL_ITERATIONS = 32;

/** A value that each step hands to the next. */
interface Carried {
  readonly merged: string;
  /** Its value in the current step. */
  readonly current: string;
  /** Its value after the last step, outside of the loop. */
  readonly exit: string;
  /** Sets what the next step receives. */
  next(value: string): void;
}

/** A value of every step, kept in a TensorArray: writing and reading hold references, stacking is one copy. */
interface Kept {
  readonly info: ValueInfo;
  readonly handle: string;
  readonly attributes: Record<string, Attribute>;
  last: string;
  readers: number;
  stacked?: string;
}

/**
 * `for (step = 0; step < steps; step++)` in a graph, as TensorFlow's control flow nodes (Enter, Merge, Switch,
 * NextIteration, Exit), into which a cell's ops are written as they are asked for.
 */
export class Loop {
  /** What the arguments of the cell are in this loop; a function is called at first use. */
  readonly arguments = new Map<Value, string | (() => string)>();
  private readonly frame: string;
  private readonly time: string;
  private readonly entered = new Map<string, string>();
  private readonly emitted = new Map<string, string>();
  private readonly outside = new Map<string, string>();
  private readonly kept = new Map<Value, Kept>();
  private carriedCount = 0;
  private range: string | undefined;

  constructor(
    private readonly graph: GraphDefinition,
    private readonly steps: string,
    private readonly body: CellBody,
    reverse: boolean,
  ) {
    this.frame = graph.nextLoop();
    const counter = this.carry(graph.scalar(0), DataType.int32);
    graph.add(
      'LoopCond',
      [this.output('Less', [counter.merged, this.enter(steps, DataType.int32)], { T: INT32 })],
      {},
      `${this.frame}/condition`,
    );
    this.time = reverse
      ? this.output(
          'Sub',
          [
            this.enter(graph.output('Sub', [steps, graph.scalar(1)], { T: INT32 }), DataType.int32),
            counter.current,
          ],
          { T: INT32 },
        )
      : counter.current;
    counter.next(
      this.output('AddV2', [counter.current, this.enter(graph.scalar(1), DataType.int32)], { T: INT32 }),
    );
  }

  output(op: string, inputs: readonly string[], attributes: Record<string, Attribute>): string {
    return this.graph.output(op, inputs, attributes);
  }

  /** Brings a value of the surrounding graph into the loop, the same at every step. */
  enter(reference: string, dataType: number): string {
    const known = this.entered.get(reference);
    if (known) return known;
    const value = `${this.addEnter(reference, dataType, true)}:0`;
    this.entered.set(reference, value);
    return value;
  }

  private addEnter(reference: string, dataType: number, constant: boolean, name?: string): string {
    return this.graph.add(
      'Enter',
      [reference],
      {
        T: typeAttribute(dataType),
        frame_name: stringAttribute(this.frame),
        is_constant: boolAttribute(constant),
        parallel_iterations: intAttribute(PARALLEL_ITERATIONS),
      },
      name,
    );
  }

  carry(initial: string, dataType: number): Carried {
    const name = `${this.frame}/carried_${this.carriedCount++}`;
    const T = { T: typeAttribute(dataType) };
    this.addEnter(initial, dataType, false, `${name}/enter`);
    this.graph.add('Merge', [`${name}/enter`, `${name}/next`], { ...T, N: intAttribute(2) }, `${name}/merge`);
    this.graph.add('Switch', [`${name}/merge:0`, `${this.frame}/condition:0`], T, `${name}/switch`);
    this.graph.add('Identity', [`${name}/switch:1`], T, `${name}/current`);
    this.graph.add('Exit', [`${name}/switch:0`], T, `${name}/exit`);
    return {
      merged: `${name}/merge:0`,
      current: `${name}/current:0`,
      exit: `${name}/exit:0`,
      next: (value) => {
        // What is the same at every step does not wait for the loop's condition, and would go on for ever.
        const isConstant = [...this.entered.values()].includes(value);
        const gated = isConstant ? this.output('Identity', [value, `^${name}/current`], T) : value;
        this.graph.add('NextIteration', [gated], T, `${name}/next`);
      },
    };
  }

  /** This step's row of a stacked value; a strided slice of whole rows is a view, not a copy. */
  row(reference: string, dataType: number): string {
    const index = this.output('ExpandDims', [this.time, this.enter(this.graph.scalar(0), DataType.int32)], {
      T: INT32,
      Tdim: INT32,
    });
    return this.output(
      'StridedSlice',
      [this.enter(reference, dataType), index, index, this.enter(this.graph.vector(1), DataType.int32)],
      { T: typeAttribute(dataType), ...rowSlice },
    );
  }

  /** A value of the cell in this loop, or before it where it is the same at every step. */
  value(value: Value): string {
    if (value.startsWith('=')) return this.enter(value.slice(1), this.typeOf(value));
    const argument = this.arguments.get(value);
    if (argument !== undefined) {
      const reference = typeof argument === 'string' ? argument : argument();
      this.arguments.set(value, reference);
      return reference;
    }
    if (!this.body.dependsOn(value, 'sxd')) return this.enter(this.before(value), this.typeOf(value));
    const [id, output] = value.split(':') as [string, string];
    let name = this.emitted.get(id);
    if (!name) {
      name = this.productWithTurnedWeight(value) ?? this.addNode(value);
      this.emitted.set(id, name);
    }
    return `${name}:${output}`;
  }

  private addNode(value: Value): string {
    const node = this.body.node(value);
    if (!node) throw new Error(`scan: the value ${value} has no place in its loop`);
    const own = { ...node, inputs: node.inputs.map((input) => this.value(input)) };
    const { op, inputs, attributes } = lightOp(this.graph, own, this.body.shapeOf(value));
    return this.graph.add(op, inputs, attributes);
  }

  private typeOf(value: Value): number {
    return (this.body.info.get(value) as ValueInfo).dataType;
  }

  /** x·W or x·Wᵀ with a W that is the same at every step: where the other is faster, W is transposed once, before the loop. */
  private productWithTurnedWeight(value: Value): string | undefined {
    const node = this.body.node(value);
    const isTransposed = node?.attributes.adj_y?.value === true;
    if (node?.op !== 'BatchMatMulV2' || node.attributes.adj_x?.value) return undefined;
    if (isTransposed === readsWeightsTransposed()) return undefined;
    const [x, weight] = node.inputs as [Value, Value];
    if (this.body.dependsOn(weight, 'sxd') || this.body.shapeOf(weight).length !== 2) return undefined;
    const turned = this.graph.output('Transpose', [this.before(weight), this.graph.vector(1, 0)], {
      T: node.attributes.T as Attribute,
      Tperm: INT32,
    });
    const inputs = [this.value(x), this.enter(turned, DataType.float32)];
    const { op, attributes } = lightProduct(
      { op: node.op, attributes: { ...node.attributes, adj_y: boolAttribute(!isTransposed) } },
      this.body.shapeOf(value),
    );
    return this.graph.add(op, inputs, attributes);
  }

  /** A value that no step changes, computed in the surrounding graph. */
  private before(value: Value): string {
    if (value.startsWith('=')) return value.slice(1);
    const [id, output] = value.split(':') as [string, string];
    let name = this.outside.get(id);
    if (!name) {
      const node = this.body.node(value) as {
        op: string;
        inputs: readonly Value[];
        attributes: Record<string, Attribute>;
      };
      name = this.graph.add(
        node.op,
        node.inputs.map((input) => this.before(input)),
        node.attributes,
      );
      this.outside.set(id, name);
    }
    return `${name}:${output}`;
  }

  /** Keeps a value of every step. */
  keep(value: Value): Kept {
    const known = this.kept.get(value);
    if (known) return known;
    const info = this.body.info.get(value) as ValueInfo;
    const dtype = typeAttribute(info.dataType);
    const attributes: Record<string, Attribute> = {
      dtype,
      dynamic_size: boolAttribute(false),
      clear_after_read: boolAttribute(false),
      identical_element_shapes: boolAttribute(true),
      tensor_array_name: stringAttribute(''),
    };
    const array = this.graph.add('TensorArrayV3', [this.steps], attributes);
    const kept: Kept = { info, handle: `${array}:0`, attributes, last: '', readers: 0 };
    this.kept.set(value, kept);
    const flow = this.carry(`${array}:1`, DataType.float32);
    kept.last = flow.exit;
    const written = this.output(
      'TensorArrayWriteV3',
      [this.enter(kept.handle, DataType.resource), this.time, this.value(value), flow.current],
      { T: dtype },
    );
    flow.next(written);
    return kept;
  }

  /** What another loop kept at this step. */
  read(kept: Kept): string {
    this.countReader(kept);
    return this.output(
      'TensorArrayReadV3',
      [this.enter(kept.handle, DataType.resource), this.time, this.enter(kept.last, DataType.float32)],
      { dtype: typeAttribute(kept.info.dataType) },
    );
  }

  /** The shape and type of a kept value as zeros, outside of the loop. */
  zerosLike(value: Value): string {
    const kept = this.keep(value);
    this.countReader(kept);
    const dtype = typeAttribute(kept.info.dataType);
    const first = this.graph.output('TensorArrayReadV3', [kept.handle, this.graph.scalar(0), kept.last], {
      dtype,
    });
    return this.graph.output('ZerosLike', [first], { T: dtype });
  }

  /** The values of all steps, stacked. */
  stack(value: Value): string {
    const kept = this.keep(value);
    if (kept.stacked) return kept.stacked;
    this.countReader(kept);
    this.range ??= this.graph.output('Range', [this.graph.scalar(0), this.steps, this.graph.scalar(1)], {
      Tidx: INT32,
    });
    kept.stacked = this.graph.output('TensorArrayGatherV3', [kept.handle, this.range, kept.last], {
      dtype: typeAttribute(kept.info.dataType),
    });
    return kept.stacked;
  }

  /** What is read once is freed by the reading. */
  private countReader(kept: Kept): void {
    kept.readers++;
    kept.attributes.clear_after_read = boolAttribute(kept.readers === 1);
  }
}
