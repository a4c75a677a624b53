import { type GraphDefinition, type GraphNode, intAttribute, typeAttribute } from './definition.js';

/** Which of two ways a call goes, by a condition of its values. The other one is not gone. */
export interface Choice {
  /** A bool scalar. */
  readonly condition: string;
  /** Values of one type that the ways begin with, as the way that is gone reads them. */
  readonly inputs: readonly string[];
  readonly dataType: number;
  readonly whenTrue: (inputs: readonly string[]) => string;
  readonly whenFalse: (inputs: readonly string[]) => string;
}

/** @returns the op that gives what the way gave, of the inputs' type */
export function choose(
  graph: GraphDefinition,
  { condition, inputs, dataType, whenTrue, whenFalse }: Choice,
): Pick<GraphNode, 'op' | 'inputs' | 'attributes'> {
  const T = typeAttribute(dataType);
  const switches = inputs.map((input) => graph.add('Switch', [input, condition], { T }));
  const [no, yes] = [0, 1].map((output) => switches.map((name) => `${name}:${output}`)) as [
    string[],
    string[],
  ];
  return { op: 'Merge', inputs: [whenFalse(no), whenTrue(yes)], attributes: { T, N: intAttribute(2) } };
}
