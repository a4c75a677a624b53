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

/** Trains one mechanism on one task, and measures it on sequences that it has not seen. Call it after `useBackend()`. */
export async function learn(
  task: SyntheticTask,
  mechanism: LearningMechanism,
  options: LearningOptions,
): Promise<Learnt> {
  const { budget, seed } = options;
  const data = task.data({ training: budget.steps * budget.batch, heldOut: budget.heldOut }, seed);
  const vocabulary = symbolVocabulary(task.symbols);
  const model = createSequenceModel(mechanism, budget.width, vocabulary, randomSource(seed));
  try {
    const loss = trainOn(data.training, model, vocabulary, options);
    const sets = [data.heldOut, ...(data.longer ? [data.longer] : [])];
    const [heldOut, longer] = (await accuracies(sets, model, vocabulary)) as [number, number?];
    return { heldOut, ...(longer !== undefined && { longer }), loss };
  } finally {
    model.dispose();
  }
}
