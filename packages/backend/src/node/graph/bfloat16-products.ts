import { DataType, typeAttribute } from './definition.js';
import type { Trace } from './trace.js';

const FLOAT = typeAttribute(DataType.float32);
const BFLOAT16 = typeAttribute(DataType.bfloat16);

/**
 * Rounds both sides of every product of matrices to bfloat16, and its result too; all else stays float32, as do products
 * with a vector for each row of a batch (BatchMatMulV3), which take as long as reading them does. What a loop reads
 * unchanged is rounded once, before the loop.
 */
export function roundProducts({ graph, info }: Trace): void {
  const nodes = new Map(graph.nodes.map((node) => [`${node.name}:0`, node]));
  const rounded = new Map<string, string>();

  const round = (reference: string): string => {
    const known = rounded.get(reference);
    if (known) return known;
    const node = nodes.get(reference);
    const result =
      node?.op === 'Enter' && node.attributes.is_constant?.value
        ? graph.output('Enter', [round(node.inputs[0] as string)], { ...node.attributes, T: BFLOAT16 })
        : graph.output('Cast', [reference], { SrcT: FLOAT, DstT: BFLOAT16 });
    const value = info.get(reference);
    if (value) info.set(result, { ...value, dataType: DataType.bfloat16 });
    rounded.set(reference, result);
    return result;
  };

  for (const node of [...graph.nodes]) {
    const isProduct = node.op === 'MatMul' || node.op === 'BatchMatMulV2';
    if (!isProduct || node.attributes.T?.value !== DataType.float32) continue;
    const product = graph.output(node.op, node.inputs.map(round), { ...node.attributes, T: BFLOAT16 });
    const value = info.get(`${node.name}:0`);
    if (value) info.set(product, { ...value, dataType: DataType.bfloat16 });
    Object.assign(node, { op: 'Cast', inputs: [product], attributes: { SrcT: BFLOAT16, DstT: FLOAT } });
  }
}
