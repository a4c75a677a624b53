import { DataType, type GraphNode, typeAttribute } from './definition.js';
import type { Trace } from './trace.js';
import { WeightValues } from './weight-values.js';

/** What to fetch when a variable has changed: it computes what was cut out and stores it in the session. */
export const HOISTED = 'hoisted:0';

/** Ops whose result shares its memory with their input. */
const SHARES_MEMORY = /^(ExpandDims|Identity|Reshape|Squeeze)$/;

/**
 * Cuts out of a graph what depends on its variables alone: the rest reads it from a variable of the session, so that it is
 * computed when a variable changes and not at every call. A variable that only has another shape stays: its memory may be
 * JavaScript's, which a session must not keep.
 *
 * @returns whether there is any
 */
export function hoist(trace: Trace): boolean {
  const { graph, info } = trace;
  const weights = new WeightValues(graph);
  const stored = new Map<string, string>();
  const stores: string[] = [];

  const isFed = (reference: string): boolean => {
    const { op, inputs } = weights.node(reference) as GraphNode;
    return op === 'Placeholder' || (SHARES_MEMORY.test(op) && isFed(inputs[0] as string));
  };

  const standIn = (reference: string): string => {
    const value = info.get(reference);
    if (!value || !weights.has(reference) || isFed(reference)) return reference;
    const known = stored.get(reference);
    if (known) return known;
    const dtype = typeAttribute(value.dataType);
    const handle = graph.variable(`hoisted_${stored.size}`, value.dataType, value.shape);
    stores.push(`^${graph.add('AssignVariableOp', [handle, reference], { dtype })}`);
    const read = graph.output('ReadVariableOp', [handle], { dtype });
    info.set(read, value);
    stored.set(reference, read);
    return read;
  };

  for (const node of graph.nodes.filter(({ name }) => !weights.has(`${name}:0`))) {
    node.inputs = node.inputs.map(standIn);
  }
  trace.outputs.splice(0, trace.outputs.length, ...trace.outputs.map(standIn));
  if (stores.length === 0) return false;
  graph.add('Identity', [graph.scalar(0), ...stores], { T: typeAttribute(DataType.int32) }, 'hoisted');
  return true;
}
