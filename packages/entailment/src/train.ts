import { randomSource } from '@heed/backend';
import { type Tokenizer, trainTokenizer } from '@heed/text';
import {
  reportLeftOut,
  spread,
  type TrainingProgress,
  type TrainTaskOptions,
  trainTask,
} from '@heed/training';
import { encodePairs, entailmentBatches, toEntailmentBatch } from './batches.js';
import type { EntailmentConfig } from './config.js';
import type { LabelledPair } from './data/sentence-pair.js';
import { EntailmentClassifier, LONGEST_SENTENCE } from './entailment-classifier.js';
import { evaluateEntailmentClassifier } from './evaluate.js';
import { EntailmentModel, endToken, entailmentBatchSizes } from './model.js';

export interface TrainEntailmentClassifierOptions extends TrainTaskOptions<EntailmentConfig> {
  readonly train: readonly LabelledPair[];
  readonly validation: readonly LabelledPair[];
  /** Vectors of the vocabulary's known words, see `withKnownWords`. */
  readonly known?: Float32Array;
}

/** Learns the tokenizer that the configuration asks for, of both sentences' words. */
export function trainEntailmentTokenizer(
  pairs: readonly LabelledPair[],
  options: EntailmentConfig['tokenizer'],
): Tokenizer {
  return trainTokenizer(
    pairs.flatMap(({ premise, hypothesis }) => [premise, hypothesis]),
    options,
  );
}

/**
 * Trains a classifier; the most accurate on the validation pairs is kept.
 *
 * @throws DivergedError when the loss is not finite
 */
export async function trainEntailmentClassifier(
  options: TrainEntailmentClassifierOptions,
): Promise<{ classifier: EntailmentClassifier; progress: TrainingProgress; reason: string }> {
  const { config, seed, tokenizer, known } = options;
  const { training } = config;
  const { pairs, leftOut } = encodePairs(options.train, tokenizer, training);
  if (pairs.length === 0)
    throw new Error(
      `training: none of ${leftOut} pairs has 1 to ${training.maximumLength} tokens on each side (training.maximumLength)`,
    );
  reportLeftOut(options, leftOut, 'pairs', `no token on a side, or more than ${training.maximumLength}`);
  if (config.ensemble) throw new Error('training: the networks of an ensemble are trained one by one');
  const form = {
    end: endToken(config.network, tokenizer.vocabulary),
    graded: config.network.relatedness,
  };
  const model = new EntailmentModel(config.network, tokenizer.vocabulary.size, randomSource(seed));
  if (known) model.embedding.assignKnown(known);
  const classifier = new EntailmentClassifier(config, tokenizer, model);
  try {
    const validated = options.validation.filter((pair) => classifier.refusalOf(pair) === undefined);
    const refused = options.validation.length - validated.length;
    const why = `no token on a side, or more than ${LONGEST_SENTENCE}`;
    reportLeftOut(options, refused, 'validation pairs', why);
    const validation = spread(validated, training.validationPairs);
    if (validation.length === 0) throw new Error('training: there are no validation pairs');
    const { progress, reason } = await trainTask(
      {
        model,
        batches: (epoch) =>
          entailmentBatches(pairs, { ...training, seed, epoch }).map(
            (batch) => () => toEntailmentBatch(batch, form),
          ),
        sizes: entailmentBatchSizes,
        loss: (batch, random) => model.loss(batch, training.labelSmoothing, random),
        validate: async () => {
          const { accuracy } = await evaluateEntailmentClassifier(classifier, validation);
          return { accuracy: accuracy.score, macroF1: accuracy.macroF1 };
        },
        metric: { name: 'accuracy', higherIsBetter: true },
      },
      options,
    );
    return { classifier, progress, reason };
  } catch (error) {
    classifier.dispose();
    throw error;
  }
}
