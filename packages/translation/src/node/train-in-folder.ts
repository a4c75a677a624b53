import type { TrainingProgress } from '@heed/training';
import { inTrainingFolder, type TrainInFolderOptions, type TrainingFolder } from '@heed/training/node';
import { parseTranslationConfig, type TranslationConfig } from '../config.js';
import { trainTranslationTokenizer, trainTranslator } from '../train.js';
import type { Translator } from '../translator.js';
import { openParallelCorpus, type ParallelCorpus, readTrainingCorpus } from './read-corpus.js';

/**
 * `data` is what `readParallelCorpus` reads. Of a model to start `from`, it takes the weights, the tokenizer, and the
 * network but for the dropout, which is the configuration's.
 */
export type TrainTranslatorInFolderOptions = TrainInFolderOptions<TranslationConfig>;

const describeSkipped = ({ skipped }: ParallelCorpus) =>
  skipped.map(({ reason, count }) => `${count} left out (${reason})`);

/**
 * Trains a translator from a corpus on disk into a folder, see `inTrainingFolder`.
 *
 * @throws if the folder already holds a training and `resume` is not asked for, or if one is to be resumed with another
 *   configuration, seed or corpus; nothing of it is touched then
 */
export async function trainTranslatorInFolder(
  options: TrainTranslatorInFolderOptions,
): Promise<{ translator: Translator; progress: TrainingProgress; reason: string }> {
  return inTrainingFolder(options, parseTranslationConfig, startedFrom, (folder) => trainIn(folder, options));
}

async function trainIn(
  { config, begin }: TrainingFolder<TranslationConfig>,
  options: TrainTranslatorInFolderOptions,
): Promise<{ translator: Translator; progress: TrainingProgress; reason: string }> {
  const { data, report } = options;
  const corpus = await openParallelCorpus(data, config.languages);
  const train = await readTrainingCorpus(data, config.languages);
  const validation = await corpus.read('validation');
  report([`${train.pairs.length} training pairs`, ...describeSkipped(train)].join(', '));
  report(`${validation.pairs.length} validation pairs`);
  const facts = {
    files: train.files.map((file) => file.split('/').slice(-2).join('/')),
    pairs: train.pairs.length,
    sha256: train.digest,
    validationSha256: validation.digest,
  };
  const told = await begin(config, facts, () => trainTranslationTokenizer(train.pairs, config.tokenizer));
  return trainTranslator({ ...told, train: train.pairs, validation: validation.pairs });
}

/** What the model is, with what the configuration says of its training and use. */
function startedFrom(
  { languages, tokenizer, network }: TranslationConfig,
  wanted: TranslationConfig,
): TranslationConfig {
  return { ...wanted, languages, tokenizer, network: { ...network, dropout: wanted.network.dropout } };
}
