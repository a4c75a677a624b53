import type { Module } from '@heed/attention-core';
import {
  type Compiled,
  compile,
  isRecording,
  RandomStream,
  type SizeTree,
  type TensorTree,
} from '@heed/backend';
import type { Scalar, Tensor, Tensor1D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { constrainColumns } from './column-norm.js';
import { clipByGlobalNorm } from './gradient-clipping.js';
import { createOptimizer, type OptimizerOptions } from './optimizer.js';

/** What a step trains, and by which loss. */
export interface Objective<Batch extends TensorTree> {
  readonly model: Module;
  /** The names of a batch's sizes, see `compile`. */
  readonly sizes: SizeTree;
  /**
   * The mean loss of a batch; what it draws at random, it draws from `random`.
   *
   * @param step the number of the step, from 1, float32: what changes in the course of the training depends on it
   */
  loss(batch: Batch, random: RandomStream, step: Scalar): Scalar;
}

export interface TrainingStepOptions {
  readonly optimizer: OptimizerOptions;
  /** The largest joint norm of the gradients. */
  readonly clip: number;
  /** β of the moving average of the parameters, β θ̄ + (1 - β) θ, which `averages` holds; absent: no average. */
  readonly averageDecay?: number;
  /** The largest norm of what goes into a unit, with optimizers other than Adam, which works in place; absent: any. */
  readonly columnNorm?: number;
  /** Run op by op, without a graph. */
  readonly eager: boolean;
}

/** What differs from step to step beside the batch. */
export interface StepNumbers {
  readonly learningRate: number;
  /** The number of this step, from 1: Adam corrects its moments by it. */
  readonly step: number;
  /** An integer; what the loss draws at random depends on it and on `step` alone. */
  readonly seed: number;
}

export type StepResult = {
  /** Of the batch, before the update. */
  readonly loss: number;
  /** The joint norm of all gradients before clipping. */
  readonly norm: number;
};

/**
 * One step of training: gradient, clipping, update. The batch stays the caller's to dispose.
 *
 * @throws if the loss does not depend on one of the model's parameters, with its name, or if the batch has other sizes
 */
export interface TrainingStep<Batch extends TensorTree> {
  (batch: Batch, numbers: StepNumbers): StepResult;
  /** What goes from step to step beside the parameters, by name, `<parameter>/<slot>`: the optimizer's and the averages. */
  readonly state: ReadonlyMap<string, Variable>;
  /** The moving averages by the parameters' names; empty where there are none. */
  readonly averages: ReadonlyMap<string, Variable>;
  /** Brings the model's parameters and `state` up to date; call it before reading them. */
  pull(): void;
  /** Makes the next step start from the parameters and `state` as they are; call it after changing them. */
  push(): void;
  /** Gives back the graph and the optimizer's variables; the parameters stay, as last pulled. */
  dispose(): void;
}

type Rates = { readonly learningRate: Scalar; readonly step: Scalar; readonly seed: Tensor1D };

/**
 * Makes the step that a training loop repeats. It is compiled into one graph at its first batch, which serves every
 * size that `sizes` names, and in whose session parameters and optimizer state stay from step to step; on a backend
 * without graphs, or with `eager`, it runs op by op, with the same result. (What the loss does not depend on is an error in a
 * graph, and stays as it is op by op.)
 *
 *     const step = createTrainingStep({ model, sizes, loss }, { optimizer, clip: 1, eager: false });
 *     for (let n = 1; n <= 1000; n++) {
 *       const { loss } = tf.tidy(() => step(makeBatch(n), { learningRate: 1e-3, step: n, seed: 1 }));
 *     }
 *     step.pull(); // the model's parameters are what was learnt
 *     step.dispose();
 */
export function createTrainingStep<Batch extends TensorTree>(
  { model, sizes, loss }: Objective<Batch>,
  { optimizer: optimizerOptions, clip, averageDecay, columnNorm, eager }: TrainingStepOptions,
): TrainingStep<Batch> {
  if (columnNorm !== undefined && optimizerOptions.kind === 'adam') {
    throw new Error('training.columnNorm: Adam does not keep to it: use adadelta or sgd, or leave it out');
  }
  // Buffers are the model's to change.
  const parameters = new Map([...model.namedParameters()].filter(([, { trainable }]) => trainable));
  const optimizer = createOptimizer(parameters, optimizerOptions);
  const averages = new Map<string, Variable>();
  if (averageDecay !== undefined) {
    for (const [name, parameter] of parameters) {
      averages.set(
        name,
        tf.tidy(() => tf.variable(tf.clone(parameter), false)),
      );
    }
  }
  const average = (decay: number, step: Scalar) => {
    // At first, when the average is of few steps, the last ones count more.
    const kept = tf.minimum(decay, tf.div(step, tf.add(step, 9)));
    for (const [name, mean] of averages) {
      const parameter = parameters.get(name) as Variable;
      mean.assign(tf.add(parameter, tf.mul(kept, tf.sub(mean, parameter))));
    }
  };

  const update = (batch: Batch, { learningRate, step, seed }: Rates) =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => loss(batch, new RandomStream(seed), step),
        [...parameters.values()],
      );
      // Those that the loss does not depend on have none; the optimizer names them. Op by op that may be the batch's doing:
      // a decoder whose state nobody reads after its only step.
      const gradients = new Map<string, Tensor>();
      for (const [name, variable] of parameters) {
        const gradient = grads[variable.name] ?? (isRecording() ? undefined : tf.zeros(variable.shape));
        if (gradient) gradients.set(name, gradient);
      }
      const { clipped, norm } = clipByGlobalNorm(gradients, clip);
      if (averageDecay !== undefined) average(averageDecay, step);
      optimizer.apply(clipped, learningRate, step);
      if (columnNorm !== undefined) constrainColumns(parameters, columnNorm);
      return { loss: value, norm };
    });
  const compiled: Pick<Compiled<typeof update>, 'pull' | 'push' | 'dispose'> & typeof update = eager
    ? Object.assign(update, { pull() {}, push() {}, dispose() {} })
    : compile(update, { sizes: [sizes, { learningRate: [], step: [], seed: [2] }], resident: true });

  const takeStep = (batch: Batch, { learningRate, step, seed }: StepNumbers): StepResult =>
    tf.tidy(() => {
      const result = compiled(batch, {
        learningRate: tf.scalar(learningRate),
        step: tf.scalar(step),
        seed: tf.tensor1d([seed | 0, step], 'int32'),
      });
      return {
        loss: result.loss.dataSync()[0] as number,
        norm: result.norm.dataSync()[0] as number,
      };
    });
  return Object.assign(takeStep, {
    state: new Map([
      ...optimizer.state,
      ...[...averages].map(([name, mean]) => [`${name}/average`, mean] as const),
    ]),
    averages,
    pull: () => compiled.pull(),
    push: () => compiled.push(),
    dispose() {
      compiled.dispose();
      tf.dispose([...optimizer.state.values(), ...averages.values()]);
    },
  });
}
