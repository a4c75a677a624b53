import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { collectWeights, openModelSource, readJson, type StoredTensor } from '@heed/attention-core';
import { replaceFile } from '@heed/attention-core/node';
import { type Tokenizer, tokenizerFromJson } from '@heed/text';
import type { TrainingObserver, TrainingProgress } from '@heed/training';
import { folderCheckpoints } from '@heed/training/node';
import type { TranslationConfig } from '../config.js';
import { trainTranslationTokenizer, trainTranslator } from '../train.js';
import { Translator } from '../translator.js';
import { findEarlierTraining, firstDifference } from './earlier-training.js';
import { openParallelCorpus, type ParallelCorpus, readTrainingCorpus } from './read-corpus.js';

export interface TrainInFolderOptions {
  readonly config: TranslationConfig;
  /**
   * A trained model to start from (a folder, a URL or a package): its weights, its tokenizer, and its network but for
   * the dropout, which is the configuration's.
   */
  readonly from?: string;
  /** See `readParallelCorpus`. */
  readonly data: string;
  readonly out: string;
  readonly seed: number;
  readonly resume: boolean;
  readonly eager: boolean;
  readonly observers: readonly TrainingObserver[];
  readonly signal?: AbortSignal;
  /** Hears what is read and made before the first step. */
  readonly report: (line: string) => void;
}

const describeSkipped = ({ skipped }: ParallelCorpus) =>
  skipped.map(({ reason, count }) => `${count} left out (${reason})`);

/**
 * Trains a translator from a corpus on disk into a folder: config.json and tokenizer.json at once, model.safetensors
 * and training.json with every better validation, `checkpoint/` with the last state.
 *
 * @throws if the folder already holds a training and `resume` is not asked for, or if one is to be resumed with another
 *   configuration, seed or corpus; nothing of it is touched then
 */
export async function trainTranslatorInFolder(
  options: TrainInFolderOptions,
): Promise<{ translator: Translator; progress: TrainingProgress; reason: string }> {
  const { data, out, seed, resume, report } = options;
  const earlier = await findEarlierTraining(out);
  const start = options.from === undefined ? undefined : await readStart(options.from);
  const config = start ? startedFrom(start, options.config) : options.config;
  if (earlier && !resume) {
    throw new Error(
      `${out} already holds a model: give --resume to go on with its training, or another folder`,
    );
  }
  const corpus = await openParallelCorpus(data, config.languages);
  const train = await readTrainingCorpus(data, config.languages);
  const validation = await corpus.read('validation');
  if (earlier?.identity) {
    const difference = firstDifference(earlier.identity, { seed, config, data: train.digest });
    if (difference) {
      throw new Error(
        `${out} holds a training that cannot go on with other settings: ${difference}. ` +
          'Resume it as it was started, or train into another folder.',
      );
    }
  }
  report([`${train.pairs.length} training pairs`, ...describeSkipped(train)].join(', '));
  report(`${validation.pairs.length} validation pairs`);
  const tokenizer = earlier?.identity
    ? await readTokenizer(out)
    : (start?.tokenizer ?? trainTranslationTokenizer(train.pairs, config.tokenizer));
  report(`${tokenizer.vocabulary.size} tokens in the vocabulary`);
  await mkdir(out, { recursive: true });
  // A folder with a configuration has a tokenizer.
  await replaceFile(join(out, 'tokenizer.json'), `${JSON.stringify(tokenizer.toJSON())}\n`);
  await replaceFile(join(out, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  const describe = (progress: TrainingProgress) => ({
    task: 'translation',
    seed,
    ...(options.from !== undefined && { from: options.from }),
    data: {
      files: train.files.map((file) => file.split('/').slice(-2).join('/')),
      pairs: train.pairs.length,
      sha256: train.digest,
    },
    validation: progress.best,
    steps: progress.step,
    trainingSeconds: Math.round(progress.trainingSeconds),
  });
  return trainTranslator({
    config,
    train: train.pairs,
    validation: validation.pairs,
    tokenizer,
    seed,
    ...(start && { weights: start.weights }),
    store: folderCheckpoints(out, describe),
    observers: options.observers,
    dataDigest: train.digest,
    resume,
    eager: options.eager,
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

interface Start {
  readonly config: TranslationConfig;
  readonly tokenizer: Tokenizer;
  readonly weights: ReadonlyMap<string, StoredTensor>;
}

async function readStart(from: string): Promise<Start> {
  const { config, tokenizer, model } = await Translator.load(from);
  const weights = collectWeights(model.namedParameters(), 'F32');
  model.dispose();
  return { config, tokenizer, weights };
}

/** What the model is, with what the configuration says of its training and use. */
function startedFrom({ config }: Start, wanted: TranslationConfig): TranslationConfig {
  const { languages, tokenizer, network } = config;
  return { ...wanted, languages, tokenizer, network: { ...network, dropout: wanted.network.dropout } };
}

async function readTokenizer(folder: string): Promise<Tokenizer> {
  const source = await openModelSource(folder);
  return tokenizerFromJson(await readJson(source, 'tokenizer.json'), join(folder, 'tokenizer.json'));
}
