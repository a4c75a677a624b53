import { samplingProbability } from '@heed/attention-core';
import { randomSource } from '@heed/backend';
import { corpusBleu, corpusChrf } from '@heed/evaluation';
import { BpeTokenizer, type Tokenizer, trainTokenizer } from '@heed/text';
import {
  reportLeftOut,
  spread,
  type TrainingProgress,
  type TrainTaskOptions,
  trainTask,
} from '@heed/training';
import { type EncodedPair, encodePairs, epochBatches, segmentAnew, toTranslationBatch } from './batches.js';
import type { TranslationConfig } from './config.js';
import type { SentencePair } from './data/sentence-pair.js';
import { TranslationModel, translationBatchSizes } from './model.js';
import { LONGEST_SOURCE, Translator } from './translator.js';

export interface TrainTranslatorOptions extends TrainTaskOptions<TranslationConfig> {
  readonly train: readonly SentencePair[];
  readonly validation: readonly SentencePair[];
}

/** Learns the tokenizer that the configuration asks for, one for both languages. */
export function trainTranslationTokenizer(
  pairs: readonly SentencePair[],
  options: TranslationConfig['tokenizer'],
): Tokenizer {
  return trainTokenizer(
    pairs.flatMap(({ source, target }) => [source, target]),
    options,
  );
}

/**
 * Trains a translator; the best on validation BLEU (greedy search) is kept.
 *
 * @throws DivergedError when the loss is not finite
 */
export async function trainTranslator(
  options: TrainTranslatorOptions,
): Promise<{ translator: Translator; progress: TrainingProgress; reason: string }> {
  const { config, seed, tokenizer } = options;
  const { network, training } = config;
  const { pairs, leftOut } = encodePairs(options.train, tokenizer, {
    ...training,
    reverseSource: network.reverseSource,
  });
  if (pairs.length === 0)
    throw new Error(
      `training: none of ${leftOut} pairs has at most ${training.maximumLength} tokens on each side (training.maximumLength)`,
    );
  reportLeftOut(options, leftOut, 'pairs', `no token on a side, or more than ${training.maximumLength}`);
  if (config.ensemble) throw new Error('training: the networks of an ensemble are trained one by one');
  const model = new TranslationModel(network, tokenizer.vocabulary.size, randomSource(seed));
  const translator = new Translator(config, tokenizer, model);
  const { begin, end } = tokenizer.vocabulary.specials;
  const { bpeDropout: dropout } = training;
  const segmented = (batch: readonly EncodedPair[], epoch: number, place: number) =>
    dropout && tokenizer instanceof BpeTokenizer
      ? segmentAnew(batch, tokenizer, {
          dropout,
          reverseSource: network.reverseSource,
          seed: Math.imul(seed, 0x9e3779b1) ^ Math.imul(epoch + 1, 0x85ebca6b) ^ (place + 1),
        })
      : batch;
  try {
    const validated = options.validation.filter(({ source }) => translator.refusalOf(source) === undefined);
    const tooLong = options.validation.length - validated.length;
    reportLeftOut(options, tooLong, 'validation pairs', `a source of more than ${LONGEST_SOURCE} tokens`);
    const validation = spread(validated, training.validationSentences);
    if (validation.length === 0) throw new Error('training: there are no validation pairs');
    const { progress, reason } = await trainTask(
      {
        model,
        batches: (epoch) =>
          epochBatches(pairs, { batchTokens: training.batchTokens, seed, epoch }).map(
            (batch, place) => () => toTranslationBatch(segmented(batch, epoch, place), { begin, end }),
          ),
        sizes: translationBatchSizes,
        loss: (batch, random, step) => {
          const { labelSmoothing, scheduledSampling } = training;
          const ownWords = scheduledSampling && samplingProbability(scheduledSampling, step);
          return model.loss(batch, labelSmoothing, random, ownWords);
        },
        validate: async () => {
          const found = await translator.translate(
            validation.map(({ source }) => source),
            { beamSize: 1 },
          );
          const hypotheses = found.map(([best]) => best?.text ?? '');
          const references = [validation.map(({ target }) => target)];
          return {
            bleu: corpusBleu(hypotheses, references).score,
            chrf: corpusChrf(hypotheses, references).score,
          };
        },
        metric: { name: 'bleu', higherIsBetter: true },
      },
      options,
    );
    return { translator, progress, reason };
  } catch (error) {
    translator.dispose();
    throw error;
  }
}
