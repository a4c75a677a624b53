/** TensorFlow's DataType numbers, for the types that TF.js has. */
export const DataType = {
  float32: 1,
  int32: 3,
  string: 7,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  resource: 20,
} as const;
export type DataTypeNumber = number;

export interface Constant {
  readonly dataType: DataTypeNumber;
  readonly shape: readonly number[];
  /** One value alone stands for all of them. */
  readonly values: ArrayLike<number>;
}

export type Attribute =
  | { readonly kind: 'type' | 'int' | 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'shape' | 'types' | 'ints' | 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'bools'; readonly value: readonly boolean[] }
  | { readonly kind: 'tensor'; readonly value: Constant };

export type Attributes = Record<string, Attribute>;

export const typeAttribute = (value: DataTypeNumber): Attribute => ({ kind: 'type', value });
export const intAttribute = (value: number): Attribute => ({ kind: 'int', value });
export const boolAttribute = (value: boolean): Attribute => ({ kind: 'bool', value });
export const stringAttribute = (value: string): Attribute => ({ kind: 'string', value });
const shapeAttribute = (value: readonly number[]): Attribute => ({ kind: 'shape', value });

const zero = intAttribute(0);

/** What makes a StridedSlice give one row of its first axis, without that axis. */
export const rowSlice: Attributes = {
  Index: typeAttribute(DataType.int32),
  begin_mask: zero,
  end_mask: zero,
  ellipsis_mask: zero,
  new_axis_mask: zero,
  shrink_axis_mask: intAttribute(1),
};

/** A node of a GraphDef. An input is `name:output`, or `^name` for a control dependency. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  inputs: readonly string[];
  attributes: Attributes;
}

/** The name of the node that gives a value. */
export const nodeOf = (reference: string): string => reference.slice(0, reference.lastIndexOf(':'));

/** A TensorFlow GraphDef while it is being written. */
export class GraphDefinition {
  readonly nodes: GraphNode[] = [];
  private loops = 0;

  /** Adds a node and returns its name. */
  add(op: string, inputs: readonly string[] = [], attributes: Attributes = {}, name?: string): string {
    const node = { name: name ?? `${op}_${this.nodes.length}`, op, inputs, attributes };
    this.nodes.push(node);
    return node.name;
  }

  /** Adds a node and returns its first output. */
  output(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return `${this.add(op, inputs, attributes)}:0`;
  }

  placeholder(name: string, dataType: DataTypeNumber, shape: readonly number[]): string {
    return `${this.add('Placeholder', [], { dtype: typeAttribute(dataType), shape: shapeAttribute(shape) }, name)}:0`;
  }

  /** The handle of a variable that the session holds. */
  variable(name: string, dataType: DataTypeNumber, shape: readonly number[]): string {
    const attributes = {
      dtype: typeAttribute(dataType),
      shape: shapeAttribute(shape),
      shared_name: stringAttribute(name),
      container: stringAttribute(''),
    };
    return `${this.add('VarHandleOp', [], attributes, name)}:0`;
  }

  constant(dataType: DataTypeNumber, shape: readonly number[], values: ArrayLike<number>): string {
    return this.output('Const', [], {
      dtype: typeAttribute(dataType),
      value: { kind: 'tensor', value: { dataType, shape, values: splat(values) } },
    });
  }

  scalar(value: number, dataType: DataTypeNumber = DataType.int32): string {
    return this.constant(dataType, [], [value]);
  }

  vector(...values: number[]): string {
    return this.constant(DataType.int32, [values.length], values);
  }

  /** The size of a value along one axis, as a scalar. */
  size(value: string, dataType: DataTypeNumber, axis: number): string {
    const int32 = typeAttribute(DataType.int32);
    const shape = this.output('Shape', [value], { T: typeAttribute(dataType), out_type: int32 });
    const bounds = [this.vector(axis), this.vector(axis + 1), this.vector(1)];
    return this.output('StridedSlice', [shape, ...bounds], { T: int32, ...rowSlice });
  }

  nextLoop(): string {
    return `loop${++this.loops}`;
  }
}

function splat(values: ArrayLike<number>): ArrayLike<number> {
  const first = values[0] as number;
  for (let i = 1; i < values.length; i++)
    if (!Object.is(values[i], first))
      return ArrayBuffer.isView(values) ? (values as Float32Array).slice() : Array.from(values);
  return values.length ? [first] : [];
}

/** Whether two attributes are equal; constants may be as large as all weights of a network. */
export function sameAttribute(one: Attribute, other: Attribute | undefined): boolean {
  if (one.kind !== 'tensor' || other?.kind !== 'tensor') return JSON.stringify(one) === JSON.stringify(other);
  const { dataType, shape, values } = one.value;
  const twin = other.value;
  if (dataType !== twin.dataType || String(shape) !== String(twin.shape)) return false;
  if (values.length !== twin.values.length) return false;
  for (let i = 0; i < values.length; i++) if (!Object.is(values[i], twin.values[i])) return false;
  return true;
}
