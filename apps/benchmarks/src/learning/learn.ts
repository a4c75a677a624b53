import { createGreedySearch, type DecoderState, type Hypothesis, type Memory } from '@heed/attention-core';
import { compile, leaves, randomSource } from '@heed/backend';
import { createTrainingStep, learningRateAt } from '@heed/training';
import * as tf from '@tensorflow/tfjs-core';
import type { LearningMechanism } from './mechanisms.js';
import {
  BEGIN,
  END,
  FIRST_SYMBOL,
  PADDING,
  type SequenceBatch,
  SequenceModel,
  sequenceBatchSizes,
  toSequenceBatch,
} from './sequence-model.js';
import type { Example, SyntheticTask } from './synthetic-task.js';

/** How much every mechanism may learn from. */
export interface LearningBudget {
  readonly steps: number;
  /** Examples of a step. */
  readonly batch: number;
  /** At most, see `learningRateAt`. */
  readonly learningRate: number;
  /** Of the model, see `SequenceModel`. */
  readonly width: number;
  /** Examples to measure on. */
  readonly heldOut: number;
}

export interface LearningOptions {
  readonly budget: LearningBudget;
  /** An integer; weights and examples depend on it. */
  readonly seed: number;
  /** Hears of each step. */
  readonly onStep?: (step: number, loss: number) => void;
}

/** Shares of the sequences that were given back without any fault, from 0 to 1. */
export interface Learnt {
  readonly heldOut: number;
  readonly longer?: number;
  /** The last loss, in nats a token. */
  readonly loss: number;
}

const CLIP = 1;
const WARM_UP_STEPS = 50;
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Trains on each example once. @returns the last loss */
function trainOn(
  examples: readonly Example[],
  model: SequenceModel,
  { budget: { steps, batch, learningRate }, seed, onStep }: LearningOptions,
): number {
  const takeStep = createTrainingStep<SequenceBatch>(
    { model, sizes: sequenceBatchSizes, loss: (tensors, random) => model.loss(tensors, random) },
    { optimizer: adam, clip: CLIP, eager: false },
  );
  const rates = { peak: learningRate, warmUp: WARM_UP_STEPS, decay: 'linear' } as const;
  let loss = Number.NaN;
  for (let step = 1; step <= steps; step++) {
    const numbers = { learningRate: learningRateAt(rates, step, steps), step, seed };
    loss = tf.tidy(() => {
      const drawn = examples.slice((step - 1) * batch, step * batch);
      return takeStep(toSequenceBatch(drawn), numbers).loss;
    });
    onStep?.(step, loss);
  }
  takeStep.pull();
  takeStep.dispose();
  return loss;
}

/** Of each set of examples, the share whose answers a greedy search finds: every symbol, and the end. */
async function accuracies(sets: readonly (readonly Example[])[], model: SequenceModel): Promise<number[]> {
  const encode = compile((source: tf.Tensor2D) => tf.tidy(() => model.encode(source)), {
    sizes: [sequenceBatchSizes.source],
  });
  const encoded = sets.map((examples) => {
    const batch = toSequenceBatch(examples);
    return { examples, batch, ...encode(batch.source) };
  });
  const search = createGreedySearch<DecoderState, Memory>(
    (tokens, state, memory) => model.step(tokens, state, memory),
    { begin: BEGIN, end: END, forbidden: [PADDING], sizes: model.stepSizes(encoded[0]!.state) },
  );
  const shares: number[] = [];
  try {
    for (const { examples, batch, memory, state } of encoded) {
      const maximumLength = batch.targets.shape[0];
      const found = await search.search({ state, constants: memory, maximumLength });
      const isRight = ({ tokens, finished }: Hypothesis, i: number) =>
        finished && `${tokens.map((token) => token - FIRST_SYMBOL)}` === `${examples[i]?.target}`;
      shares.push(found.filter(isRight).length / examples.length);
    }
  } finally {
    for (const { batch, memory, state } of encoded) tf.dispose(leaves({ batch, memory, state }));
    encode.dispose();
    search.dispose();
  }
  return shares;
}

/** Trains one mechanism on one task, and measures it on sequences that it has not seen. Call it after `useBackend()`. */
export async function learn(
  task: SyntheticTask,
  mechanism: LearningMechanism,
  options: LearningOptions,
): Promise<Learnt> {
  const { budget, seed } = options;
  const data = task.data({ training: budget.steps * budget.batch, heldOut: budget.heldOut }, seed);
  const model = new SequenceModel(task.symbols, mechanism, budget.width, randomSource(seed));
  try {
    const loss = trainOn(data.training, model, options);
    const sets = [data.heldOut, ...(data.longer ? [data.longer] : [])];
    const [heldOut, longer] = (await accuracies(sets, model)) as [number, number?];
    return { heldOut, ...(longer !== undefined && { longer }), loss };
  } finally {
    model.dispose();
  }
}
