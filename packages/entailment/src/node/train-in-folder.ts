import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { TrainingProgress } from '@heed/training';
import { inTrainingFolder, type TrainInFolderOptions, type TrainingFolder } from '@heed/training/node';
import { type EntailmentConfig, parseEntailmentConfig } from '../config.js';
import type { LabelledPair } from '../data/sentence-pair.js';
import type { EntailmentClassifier } from '../entailment-classifier.js';
import { type KnownWords, plainWord, withKnownWords } from '../known-words.js';
import { trainEntailmentClassifier, trainEntailmentTokenizer } from '../train.js';
import { readTrainingPairs, type SentencePairs } from './read-pairs.js';
import { readWordVectors } from './read-word-vectors.js';

/**
 * `data` is what `openSentencePairs` opens, see `readTrainingPairs`. Of a model to start `from`, it takes the weights,
 * the tokenizer, and the network but for the dropout, which is the configuration's.
 */
export interface TrainEntailmentInFolderOptions extends TrainInFolderOptions<EntailmentConfig> {
  /** A file of word vectors, see `readWordVectors`. Learnt from nothing if absent. */
  readonly embeddings?: string;
}

const describeSkipped = ({ skipped }: SentencePairs) =>
  [...skipped].map(([reason, count]) => `${count} left out (${reason})`);

/**
 * Trains a classifier from pairs on disk into a folder, see `inTrainingFolder`.
 *
 * @throws if the folder already holds a training and `resume` is not asked for, or if one is to be resumed with another
 *   configuration, seed or data; nothing of it is touched then
 */
export async function trainEntailmentInFolder(
  options: TrainEntailmentInFolderOptions,
): Promise<{ classifier: EntailmentClassifier; progress: TrainingProgress; reason: string }> {
  return inTrainingFolder(options, parseEntailmentConfig, startedFrom, (folder) => trainIn(folder, options));
}

async function trainIn(
  { config: wanted, begin }: TrainingFolder<EntailmentConfig>,
  options: TrainEntailmentInFolderOptions,
): Promise<{ classifier: EntailmentClassifier; progress: TrainingProgress; reason: string }> {
  const { data, from, report, embeddings } = options;
  if (from !== undefined && embeddings !== undefined)
    throw new Error(
      `${embeddings}: the model to start from has word vectors of its own: give one or the other`,
    );
  const { train, validation } = await readTrainingPairs(data, wanted.training.reversed);
  const known = embeddings === undefined ? undefined : await readKnown(wanted, train.pairs, embeddings);
  const config = learnable(known?.config ?? wanted, train.pairs, from);
  report([`${train.pairs.length} training pairs`, ...describeSkipped(train)].join(', '));
  report([`${validation.pairs.length} validation pairs`, ...describeSkipped(validation)].join(', '));
  const { known: count } = config.network.embedding;
  if (known) report(`${count} words with vectors of ${known.config.network.embedding.width}`);
  const facts = {
    pairs: train.pairs.length,
    ...(embeddings !== undefined && { embeddings: basename(embeddings) }),
    ...(known && { embeddingsSha256: digestOf(known) }),
    sha256: train.digest,
    validationSha256: validation.digest,
  };
  const told = await begin(config, facts, () => {
    if (known) return known.tokenizer;
    if (count === undefined) return trainEntailmentTokenizer(train.pairs, config.tokenizer);
    throw new Error(
      'network.embedding.known: the configuration is of a training with word vectors: give the file of them, or leave it out',
    );
  });
  return trainEntailmentClassifier({
    ...told,
    train: train.pairs,
    validation: validation.pairs,
    ...(known && { known: known.values }),
  });
}

/** What no pair says, a model that begins here cannot learn, and must not answer. */
function learnable(
  config: EntailmentConfig,
  pairs: readonly LabelledPair[],
  from: string | undefined,
): EntailmentConfig {
  const isSaid = pairs.some(({ relatedness }) => relatedness !== undefined);
  if (isSaid || from !== undefined) return config;
  return { ...config, network: { ...config.network, relatedness: false } };
}

async function readKnown(
  config: EntailmentConfig,
  pairs: readonly LabelledPair[],
  file: string,
): Promise<KnownWords> {
  const tokenizer = trainEntailmentTokenizer(pairs, config.tokenizer);
  const { lowercase, vocabularySize: most } = config.tokenizer;
  const wanted = new Set(tokenizer.vocabulary.tokens.map(plainWord));
  return withKnownWords(config, tokenizer, await readWordVectors(file, { wanted, most, lowercase }));
}

const digestOf = ({ tokenizer, values }: KnownWords): string =>
  createHash('sha256').update(JSON.stringify(tokenizer.vocabulary.tokens)).update(values).digest('hex');

/** What the model is, with what the configuration says of its training. */
function startedFrom({ tokenizer, network }: EntailmentConfig, wanted: EntailmentConfig): EntailmentConfig {
  return { ...wanted, tokenizer, network: { ...network, dropout: wanted.network.dropout } };
}
