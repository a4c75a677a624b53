import { type GraphDefinition, type GraphNode, nodeOf } from './definition.js';

/** Ops that belong to a loop, or give something else at every call. */
const NOT_A_VALUE =
  /^(Enter|Exit|Merge|Switch|NextIteration|LoopCond|TensorArray\w*|(Random|Truncated|Parameterized)\w*|Multinomial)$/;

/** Which values of a graph depend on its variables alone: they stay the same until a variable changes. */
export class WeightValues {
  private readonly nodes: ReadonlyMap<string, GraphNode>;
  private readonly known = new Map<string, 'weights' | 'constant' | 'neither'>();

  constructor(graph: GraphDefinition) {
    this.nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  }

  /** @param reference `name:output` */
  has(reference: string): boolean {
    return this.kindOf(nodeOf(reference)) === 'weights';
  }

  /** Whether a value depends on variables alone, or on nothing at all. */
  hasOrConstant(reference: string): boolean {
    return this.kindOf(nodeOf(reference)) !== 'neither';
  }

  node(reference: string): GraphNode | undefined {
    return this.nodes.get(nodeOf(reference));
  }

  private kindOf(name: string): 'weights' | 'constant' | 'neither' {
    const known = this.known.get(name);
    if (known) return known;
    // A node that a loop leads back to.
    this.known.set(name, 'neither');
    const kind = this.find(name);
    this.known.set(name, kind);
    return kind;
  }

  private find(name: string): 'weights' | 'constant' | 'neither' {
    const node = this.nodes.get(name);
    if (!node || NOT_A_VALUE.test(node.op)) return 'neither';
    if (node.op === 'Const') return 'constant';
    if (node.op === 'Placeholder') return name.startsWith('variable_') ? 'weights' : 'neither';
    const kinds = new Set(
      node.inputs.map((input) => (input.startsWith('^') ? 'neither' : this.kindOf(nodeOf(input)))),
    );
    if (kinds.size === 0 || kinds.has('neither')) return 'neither';
    return kinds.has('weights') ? 'weights' : 'constant';
  }
}
