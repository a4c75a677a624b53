import type { TrainingProgress } from '@heed/training';
import { inTrainingFolder, type TrainInFolderOptions, type TrainingFolder } from '@heed/training/node';
import { parseSummarizationConfig, type SummarizationConfig } from '../config.js';
import type { Summarizer } from '../summarizer.js';
import { trainSummarizationTokenizer, trainSummarizer } from '../train.js';
import { type Articles, readTrainingArticles } from './read-articles.js';

/**
 * `data` is what `openArticles` opens, see `readTrainingArticles`. Of a model to start `from`, it takes the weights, the
 * tokenizer, what it reads, and the network but for the dropout, which is the configuration's.
 */
export type TrainSummarizerInFolderOptions = TrainInFolderOptions<SummarizationConfig>;

const describeSkipped = ({ skipped }: Articles) =>
  [...skipped].map(([reason, count]) => `${count} left out (${reason})`);

/**
 * Trains a summarizer from articles on disk into a folder, see `inTrainingFolder`.
 *
 * @throws if the folder already holds a training and `resume` is not asked for, or if one is to be resumed with another
 *   configuration, seed or data; nothing of it is touched then
 */
export async function trainSummarizerInFolder(
  options: TrainSummarizerInFolderOptions,
): Promise<{ summarizer: Summarizer; progress: TrainingProgress; reason: string }> {
  return inTrainingFolder(options, parseSummarizationConfig, startedFrom, (folder) =>
    trainIn(folder, options),
  );
}

async function trainIn(
  { config, begin }: TrainingFolder<SummarizationConfig>,
  options: TrainSummarizerInFolderOptions,
): Promise<{ summarizer: Summarizer; progress: TrainingProgress; reason: string }> {
  const { data, report } = options;
  const { train, validation } = await readTrainingArticles(data);
  report([`${train.articles.length} training articles`, ...describeSkipped(train)].join(', '));
  report(`${validation.articles.length} validation articles`);
  const facts = {
    articles: train.articles.length,
    sha256: train.digest,
    validationSha256: validation.digest,
  };
  const told = await begin(config, facts, () => trainSummarizationTokenizer(train.articles, config));
  return trainSummarizer({ ...told, train: train.articles, validation: validation.articles });
}

/** What the model is, with what the configuration says of its training and use. */
function startedFrom(
  { input, tokenizer, network }: SummarizationConfig,
  wanted: SummarizationConfig,
): unknown {
  return { ...wanted, input, tokenizer, network: { ...network, ...sameDropout(network, wanted.network) } };
}

/** The wanted network's dropout, where it is of the same kind. */
const sameDropout = (
  network: SummarizationConfig['network'],
  wanted: SummarizationConfig['network'],
): Partial<Pick<SummarizationConfig['network'], 'dropout'>> =>
  network.kind === wanted.kind ? { dropout: wanted.dropout } : {};
