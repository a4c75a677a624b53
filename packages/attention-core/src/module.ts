import type { Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Initializer, zeros } from './initializers.js';

/** Makes the variable of a parameter. @param values draws its first values */
export type VariableMaker = (
  name: string,
  values: () => Float32Array,
  shape: number[],
  trainable: boolean,
) => Variable;

let makeVariable: VariableMaker = (_, values, shape, trainable) => {
  const tensor = tf.tensor(values(), shape);
  const variable = tf.variable(tensor, trainable);
  tensor.dispose();
  return variable;
};

/** Builds modules whose variables `maker` makes, so that something else may own them: a tf.layers layer, say. */
export function buildWith<M extends Module>(maker: VariableMaker, build: () => M): M {
  const before = makeVariable;
  makeVariable = maker;
  try {
    return build();
  } finally {
    makeVariable = before;
  }
}

/** Builds modules of which nothing is left if one of them refuses its options. */
export function buildWhole<M extends Module>(build: () => M): M {
  const [before, made] = [makeVariable, [] as Variable[]];
  const maker: VariableMaker = (...parameter) => {
    const variable = before(...parameter);
    made.push(variable);
    return variable;
  };
  try {
    return buildWith(maker, build);
  } catch (error) {
    tf.dispose(made);
    throw error;
  }
}

/** Builds modules whose values will be loaded: their first ones are zeros, whatever is to be drawn. */
export function buildEmpty<M extends Module>(build: () => M): M {
  const before = makeVariable;
  return buildWith((name, _, shape, trainable) => before(name, () => zeros(shape), shape, trainable), build);
}

/** A part of a network: named parameters and buffers, and named children that are modules themselves. */
export abstract class Module {
  private readonly own = new Map<string, Variable>();
  private readonly children = new Map<string, Module>();

  /** @param random draws the parameters' first values, in [0, 1) */
  constructor(protected readonly random: () => number) {}

  protected parameter<R extends tf.Rank>(
    name: string,
    shape: number[],
    initializer: Initializer,
  ): Variable<R> {
    return this.make(name, shape, initializer, true);
  }

  /**
   * Part of what is saved and loaded with the parameters, but changed by the module itself: optimizers pass it over, as
   * its variable is not `trainable`.
   */
  protected buffer<R extends tf.Rank>(name: string, shape: number[], initializer: Initializer): Variable<R> {
    return this.make(name, shape, initializer, false);
  }

  private make<R extends tf.Rank>(
    name: string,
    shape: number[],
    initializer: Initializer,
    trainable: boolean,
  ): Variable<R> {
    const variable = makeVariable(name, () => initializer(shape, this.random), shape, trainable);
    this.own.set(name, variable);
    return variable as Variable<R>;
  }

  protected child<M extends Module>(name: string, module: M): M {
    this.children.set(name, module);
    return module;
  }

  /**
   * All parameters and buffers below here by their paths, `encoder.layer_0.forward.kernel`, in the order they were made;
   * those of a module that is a child in several places by the first of these.
   */
  namedParameters(): Map<string, Variable> {
    const named = new Map(this.own);
    const known = new Set(named.values());
    for (const [childName, child] of this.children) {
      for (const [name, variable] of child.namedParameters()) {
        if (known.has(variable)) continue;
        known.add(variable);
        named.set(`${childName}.${name}`, variable);
      }
    }
    return named;
  }

  parameters(): Variable[] {
    return [...this.namedParameters().values()];
  }

  dispose(): void {
    for (const variable of this.parameters()) variable.dispose();
  }
}
