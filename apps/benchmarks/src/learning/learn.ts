import type { DecoderState, Hypothesis, Memory } from '@heed/attention-core';
import { compile, leaves, randomSource } from '@heed/backend';
import type { Vocabulary } from '@heed/text';
import { adam, createTrainingStep, learningRateAt, TaskSearch } from '@heed/training';
import { type TranslationBatch, type TranslationModel, translationBatchSizes } from '@heed/translation';
import * as tf from '@tensorflow/tfjs-core';
import type { LearningMechanism } from './mechanisms.js';
import { createSequenceModel, symbolsOf, symbolVocabulary, toSequenceBatch } from './sequence-model.js';
import type { Example, SyntheticTask } from './synthetic-task.js';

/** How much every mechanism may learn from. */
export interface LearningBudget {
  readonly steps: number;
  /** Examples of a step. */
  readonly batch: number;
  /** At most, see `learningRateAt`. */
  readonly learningRate: number;
  /** Of the model, see `createSequenceModel`. */
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
const GREEDY = { beamSize: 1, nBest: 1, lengthPenalty: 0 };

/** Trains on each example once. @returns the last loss */
function trainOn(
  examples: readonly Example[],
  model: TranslationModel,
  vocabulary: Vocabulary,
  { budget: { steps, batch, learningRate }, seed, onStep }: LearningOptions,
): number {
  const takeStep = createTrainingStep<TranslationBatch>(
    { model, sizes: translationBatchSizes, loss: (tensors, random) => model.loss(tensors, 0, random) },
    { optimizer: adam, clip: CLIP, eager: false },
  );
  const rates = { peak: learningRate, warmUp: WARM_UP_STEPS, decay: 'linear' } as const;
  let loss = Number.NaN;
  for (let step = 1; step <= steps; step++) {
    const numbers = { learningRate: learningRateAt(rates, step, steps), step, seed };
    loss = tf.tidy(() => {
      const drawn = examples.slice((step - 1) * batch, step * batch);
      return takeStep(toSequenceBatch(drawn, vocabulary), numbers).loss;
    });
    onStep?.(step, loss);
  }
  takeStep.pull();
  takeStep.dispose();
  return loss;
}

/** Of each set of examples, the share whose answers a greedy search finds: every symbol, and the end. */
async function accuracies(
  sets: readonly (readonly Example[])[],
  model: TranslationModel,
  vocabulary: Vocabulary,
): Promise<number[]> {
  const encode = compile((source: tf.Tensor2D) => tf.tidy(() => model.encode(source)), {
    sizes: [['S', 'B']],
  });
  const encoded = sets.map((examples) => {
    const batch = toSequenceBatch(examples, vocabulary);
    return { examples, batch, ...encode(batch.source) };
  });
  const searches = new TaskSearch<DecoderState, Memory>(
    (tokens, state, memory) => model.step(tokens, state, memory),
    vocabulary,
    { open: model.attends ? ['B', 'S'] : ['B'] },
  );
  const shares: number[] = [];
  try {
    for (const { examples, batch, memory, state } of encoded) {
      const maximumLength = batch.targets.shape[0];
      const found = await searches.search({ state, constants: memory, maximumLength }, GREEDY);
      const isRight = ([best]: readonly Hypothesis[], i: number) =>
        best?.finished && `${symbolsOf(best.tokens)}` === `${examples[i]?.target}`;
      shares.push(found.filter(isRight).length / examples.length);
    }
  } finally {
    for (const { batch, memory, state } of encoded) tf.dispose(leaves({ batch, memory, state }));
    encode.dispose();
    searches.dispose();
  }
  return shares;
}

/** What a mechanism learns from, and what it is then measured on. */
export interface LearningExamples {
  /** How many there are: 0 … symbols - 1. */
  readonly symbols: number;
  /** As many as the budget's steps take; each is seen once. */
  readonly training: readonly Example[];
  readonly sets: readonly (readonly Example[])[];
}

/**
 * Trains one mechanism, and measures it on sets of other examples. Call it after `useBackend()`.
 *
 * @returns for each set the share of its sequences that were given back without any fault, from 0 to 1
 */
export async function learnExamples(
  { symbols, training, sets }: LearningExamples,
  mechanism: LearningMechanism,
  options: LearningOptions,
): Promise<{ readonly shares: readonly number[]; readonly loss: number }> {
  const vocabulary = symbolVocabulary(symbols);
  const model = createSequenceModel(mechanism, options.budget.width, vocabulary, randomSource(options.seed));
  try {
    const loss = trainOn(training, model, vocabulary, options);
    return { shares: await accuracies(sets, model, vocabulary), loss };
  } finally {
    model.dispose();
  }
}

/** Trains one mechanism on one task, and measures it on sequences that it has not seen. Call it after `useBackend()`. */
export async function learn(
  task: SyntheticTask,
  mechanism: LearningMechanism,
  options: LearningOptions,
): Promise<Learnt> {
  const { budget, seed } = options;
  const data = task.data({ training: budget.steps * budget.batch, heldOut: budget.heldOut }, seed);
  const sets = [data.heldOut, ...(data.longer ? [data.longer] : [])];
  const { shares, loss } = await learnExamples({ ...data, symbols: task.symbols, sets }, mechanism, options);
  const [heldOut, longer] = shares as [number, number?];
  return { heldOut, ...(longer !== undefined && { longer }), loss };
}
