import type { GraphNode } from './definition.js';
import type { Trace } from './trace.js';
import type { WeightValues } from './weight-values.js';

/** The most values that a table may have, 64 MB of them, and the most multiplications that it may take to fill it. */
const LARGEST_TABLE = 2 ** 24;
const MOST_WORK = 2 ** 32;

/** x = f M[i], as embedded words are: rows of a matrix that depends on variables alone, by numbers that do not. */
export interface LookUp {
  /** What gives M[i], of numbers in one dimension. */
  readonly gather: GraphNode;
  readonly matrix: string;
  /** [V, E] */
  readonly shape: readonly [number, number];
  /** The scalars whose product is f. */
  readonly factors: readonly string[];
}

/** Finds values [N, E] that are looked up. */
export class LookUps {
  constructor(
    private readonly trace: Trace,
    private readonly weights: WeightValues,
  ) {}

  /**
   * @param width the columns of W
   * @returns what a value is looked up in, if its product x·W is worth to be looked up too, in f M·W
   */
  worthwhile(value: string, width: number): LookUp | undefined {
    const found = this.find(value);
    if (!found) return undefined;
    const [rows, height] = found.shape;
    const isSmall = rows * width <= LARGEST_TABLE && rows * height * width <= MOST_WORK;
    return isSmall ? found : undefined;
  }

  private find(value: string): LookUp | undefined {
    const width = this.trace.info.get(value)?.shape.at(-1);
    const factors: string[] = [];
    for (let reference = value; ; ) {
      const node = this.weights.node(reference);
      const shape = this.trace.info.get(reference)?.shape;
      if (!node || shape?.at(-1) !== width) return undefined;
      const [first, second] = node.inputs as [string, string];
      if (node.op === 'GatherV2') return this.lookUp(node, factors);
      if (node.op === 'Mul') {
        const factor = [first, second].find((input) => this.isScalar(input));
        if (!factor) return undefined;
        factors.push(factor);
        reference = factor === first ? second : first;
      } else if (node.op === 'Reshape' || node.op === 'Identity') reference = first;
      else return undefined;
    }
  }

  private lookUp(gather: GraphNode, factors: readonly string[]): LookUp | undefined {
    const [matrix, numbers, axis] = gather.inputs as [string, string, string];
    const shape = this.trace.info.get(matrix)?.shape;
    const isOfRows = this.trace.info.get(numbers)?.shape.length === 1 && this.valueOf(axis) === 0;
    if (!isOfRows || shape?.length !== 2 || !this.weights.has(matrix)) return undefined;
    return { gather, matrix, shape: shape as [number, number], factors };
  }

  private isScalar(reference: string): boolean {
    return this.valueOf(reference) !== undefined;
  }

  /** Of a constant with one value. */
  private valueOf(reference: string): number | undefined {
    const constant = this.weights.node(reference);
    const value = constant?.op === 'Const' ? constant.attributes.value : undefined;
    if (value?.kind !== 'tensor' || value.value.shape.some((size) => size !== 1)) return undefined;
    return value.value.values[0];
  }
}
