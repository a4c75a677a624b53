import type { Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Initializer } from './initializers.js';

/** A part of a network: named parameters, and named children that are modules themselves. */
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
    const values = tf.tensor(initializer(shape, this.random), shape);
    const variable = tf.variable(values);
    values.dispose();
    this.own.set(name, variable);
    return variable as Variable<R>;
  }

  protected child<M extends Module>(name: string, module: M): M {
    this.children.set(name, module);
    return module;
  }

  /** All parameters below here by their paths, `encoder.layer_0.forward.kernel`, in the order they were made. */
  namedParameters(): Map<string, Variable> {
    const named = new Map(this.own);
    for (const [childName, child] of this.children) {
      for (const [name, variable] of child.namedParameters()) named.set(`${childName}.${name}`, variable);
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
