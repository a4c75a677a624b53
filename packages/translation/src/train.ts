import { loadWeights, type StoredTensor } from '@heed/attention-core';
import { corpusBleu, corpusChrf } from '@heed/evaluation';
import { type Tokenizer, trainBpe, trainCharacterTokenizer, trainWordTokenizer } from '@heed/text';
import { type CheckpointStore, type TrainingObserver, type TrainingProgress, train } from '@heed/training';
import { encodePairs, epochBatches, toTranslationBatch } from './batches.js';
import type { TranslationConfig } from './config.js';
import type { SentencePair } from './data/sentence-pair.js';
import { translationBatchSizes } from './model.js';
import { Translator } from './translator.js';

export interface TrainTranslatorOptions {
  readonly config: TranslationConfig;
  readonly train: readonly SentencePair[];
  readonly validation: readonly SentencePair[];
  readonly tokenizer: Tokenizer;
  readonly seed: number;
  /** Weights to start from, of a model of the same network; random ones if absent. */
  readonly weights?: ReadonlyMap<string, StoredTensor>;
  readonly store: CheckpointStore;
  readonly observers?: readonly TrainingObserver[];
  /** What tells this data from other data, for exact resuming. */
  readonly dataDigest: string;
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  /** Run op by op, without graphs. */
  readonly eager?: boolean;
}

const SECONDS_PER_CHECKPOINT = 300;
/** Rarer characters become unknown: they are typing errors and other scripts, and would crowd the vocabulary. */
const BPE_ALPHABET = 150;

/** Learns the tokenizer that the configuration asks for, one for both languages. */
export function trainTranslationTokenizer(
  pairs: readonly SentencePair[],
  { kind, vocabularySize }: TranslationConfig['tokenizer'],
): Tokenizer {
  const texts = pairs.flatMap(({ source, target }) => [source, target]);
  switch (kind) {
    case 'bpe':
      return trainBpe(texts, {
        vocabularySize,
        alphabetSize: Math.min(BPE_ALPHABET, Math.floor(vocabularySize / 2)),
      });
    case 'word':
      return trainWordTokenizer(texts, { vocabularySize });
    case 'character':
      return trainCharacterTokenizer(texts, { vocabularySize });
  }
}

/** Of many, so many at equal distances. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)] as T);
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
      `training: none of ${leftOut} pairs has at most ${training.maximumLength} tokens on each side`,
    );
  const validation = spread(options.validation, training.validationSentences);
  if (validation.length === 0) throw new Error('training: there are no validation pairs');
  const translator = Translator.create(config, tokenizer, seed);
  if (options.weights) {
    loadWeights(translator.model.namedParameters(), options.weights, 'the model to start from');
  }
  const { begin, end } = tokenizer.vocabulary.specials;
  try {
    const { progress, reason } = await train(
      {
        model: translator.model,
        batches: (epoch) =>
          epochBatches(pairs, { batchTokens: training.batchTokens, seed, epoch }).map(
            (batch) => () => toTranslationBatch(batch, { begin, end }),
          ),
        sizes: translationBatchSizes,
        loss: (batch, random) => translator.model.loss(batch, training.labelSmoothing, random),
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
      { ...training, seed, secondsPerCheckpoint: SECONDS_PER_CHECKPOINT, eager: options.eager ?? false },
      {
        store: options.store,
        observers: options.observers ?? [],
        identity: { seed, config, data: options.dataDigest },
        resume: options.resume ?? false,
        ...(options.signal ? { signal: options.signal } : {}),
      },
    );
    return { translator, progress, reason };
  } catch (error) {
    translator.dispose();
    throw error;
  }
}
