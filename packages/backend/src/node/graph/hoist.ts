import { typeAttribute } from './definition.js';
import type { Trace } from './trace.js';
import { WeightValues } from './weight-values.js';

/** A value that depends on variables alone, and the input that stands for it in the rest of the graph. */
export interface Hoisted {
  /** What to fetch when a variable has changed. */
  readonly output: string;
  /** Where to feed it at each call. */
  readonly input: string;
}

/**
 * Cuts out of a graph what depends on its variables alone: the rest reads it as an input, so that it is computed when a
 * variable changes and not at every call.
 */
export function hoist(trace: Trace): Hoisted[] {
  const { graph, info } = trace;
  const weights = new WeightValues(graph);
  const values = new Map<string, Hoisted>();

  const standIn = (reference: string): string => {
    const value = info.get(reference);
    if (!value || !weights.has(reference) || weights.node(reference)?.op === 'Placeholder') return reference;
    const known = values.get(reference);
    if (known) return known.input;
    const output = graph.output('Identity', [reference], { T: typeAttribute(value.dataType) });
    const input = graph.placeholder(`hoisted_${values.size}`, value.dataType, value.shape);
    values.set(reference, { output, input });
    return input;
  };

  for (const node of graph.nodes.filter(({ name }) => !weights.has(`${name}:0`))) {
    node.inputs = node.inputs.map(standIn);
  }
  trace.outputs.splice(0, trace.outputs.length, ...trace.outputs.map(standIn));
  return [...values.values()];
}
