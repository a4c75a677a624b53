import { applyAdam } from '@heed/backend';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

export type OptimizerOptions =
  | { readonly kind: 'adam'; readonly beta1: number; readonly beta2: number; readonly epsilon: number }
  | { readonly kind: 'adadelta'; readonly rho: number; readonly epsilon: number }
  | { readonly kind: 'sgd'; readonly momentum: number };

/** With the settings of its paper (Kingma and Ba 2015, algorithm 1). */
export const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Changes parameters by their gradients. Its state is variables, so that a checkpoint can hold it. */
export interface Optimizer {
  /** State by name, `<parameter>/<slot>`. */
  readonly state: ReadonlyMap<string, Variable>;
  /**
   * @param gradients by parameter name
   * @param learningRate scalar
   * @param step scalar float32, the number of this step, from 1
   */
  apply(gradients: ReadonlyMap<string, Tensor>, learningRate: Scalar, step: Scalar): void;
}

abstract class SlottedOptimizer implements Optimizer {
  readonly state = new Map<string, Variable>();

  constructor(
    protected readonly parameters: ReadonlyMap<string, Variable>,
    slots: readonly string[],
  ) {
    for (const [name, { shape }] of parameters) {
      for (const slot of slots) {
        this.state.set(
          `${name}/${slot}`,
          tf.tidy(() => tf.variable(tf.zeros(shape), false)),
        );
      }
    }
  }

  apply(gradients: ReadonlyMap<string, Tensor>, learningRate: Scalar, step: Scalar): void {
    for (const [name, parameter] of this.parameters) {
      const gradient = gradients.get(name);
      if (!gradient) throw new Error(`optimizer: the parameter ${name} has no gradient`);
      this.update(name, parameter, gradient, learningRate, step);
    }
  }

  protected slot(name: string, slot: string): Variable {
    return this.state.get(`${name}/${slot}`) as Variable;
  }

  protected abstract update(
    name: string,
    parameter: Variable,
    gradient: Tensor,
    learningRate: Scalar,
    step: Scalar,
  ): void;
}

/** Kingma and Ba 2015, algorithm 1. */
class Adam extends SlottedOptimizer {
  constructor(
    parameters: ReadonlyMap<string, Variable>,
    private readonly options: Extract<OptimizerOptions, { kind: 'adam' }>,
  ) {
    super(parameters, ['first_moment', 'second_moment']);
  }

  protected update(
    name: string,
    parameter: Variable,
    gradient: Tensor,
    learningRate: Scalar,
    step: Scalar,
  ): void {
    const { beta1, beta2, epsilon } = this.options;
    const state = {
      parameter,
      firstMoment: this.slot(name, 'first_moment'),
      secondMoment: this.slot(name, 'second_moment'),
    };
    const [beta1Power, beta2Power] = [tf.pow(beta1, step) as Scalar, tf.pow(beta2, step) as Scalar];
    applyAdam(state, gradient, { learningRate, beta1, beta2, epsilon, beta1Power, beta2Power });
  }
}

/** Zeiler 2012, algorithm 1, its step multiplied by the learning rate (1 in the paper). */
class Adadelta extends SlottedOptimizer {
  constructor(
    parameters: ReadonlyMap<string, Variable>,
    private readonly options: Extract<OptimizerOptions, { kind: 'adadelta' }>,
  ) {
    super(parameters, ['squared_gradient', 'squared_change']);
  }

  protected update(name: string, parameter: Variable, gradient: Tensor, learningRate: Scalar): void {
    const { rho, epsilon } = this.options;
    const [squaredGradient, squaredChange] = [
      this.slot(name, 'squared_gradient'),
      this.slot(name, 'squared_change'),
    ];
    tf.tidy(() => {
      const average = (old: Tensor, value: Tensor) =>
        tf.add(tf.mul(old, rho), tf.mul(tf.square(value), 1 - rho));
      const nextGradient = average(squaredGradient, gradient);
      const scale = tf.sqrt(tf.div(tf.add(squaredChange, epsilon), tf.add(nextGradient, epsilon)));
      const change = tf.mul(scale, gradient);
      squaredChange.assign(average(squaredChange, change));
      squaredGradient.assign(nextGradient);
      parameter.assign(tf.sub(parameter, tf.mul(learningRate, change)));
    });
  }
}

/** Stochastic gradient descent, with momentum where it is not 0. */
class Sgd extends SlottedOptimizer {
  constructor(
    parameters: ReadonlyMap<string, Variable>,
    private readonly options: Extract<OptimizerOptions, { kind: 'sgd' }>,
  ) {
    super(parameters, options.momentum > 0 ? ['velocity'] : []);
  }

  protected update(name: string, parameter: Variable, gradient: Tensor, learningRate: Scalar): void {
    const { momentum } = this.options;
    tf.tidy(() => {
      let change = gradient;
      if (momentum > 0) {
        const velocity = this.slot(name, 'velocity');
        change = tf.add(tf.mul(velocity, momentum), gradient);
        velocity.assign(change);
      }
      parameter.assign(tf.sub(parameter, tf.mul(learningRate, change)));
    });
  }
}

export function createOptimizer(
  parameters: ReadonlyMap<string, Variable>,
  options: OptimizerOptions,
): Optimizer {
  switch (options.kind) {
    case 'adam':
      return new Adam(parameters, options);
    case 'adadelta':
      return new Adadelta(parameters, options);
    case 'sgd':
      return new Sgd(parameters, options);
  }
}
