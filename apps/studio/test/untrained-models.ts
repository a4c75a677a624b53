import { join } from 'node:path';
import { writeFolder } from '@heed/attention-core/node';
import {
  EntailmentClassifier,
  entailmentPresets,
  syntheticPairs,
  trainEntailmentTokenizer,
} from '@heed/entailment';
import {
  Summarizer,
  summarizationPresets,
  syntheticArticles,
  trainSummarizationTokenizer,
} from '@heed/summarization';
import { modelFiles } from '@heed/training';
import { Translator, trainTranslationTokenizer, translationPresets } from '@heed/translation';
import { smallCaptioner, tinyFeatures } from '../../../packages/image-captioning/test/small-captioner.js';

/** Writes models that nobody trained into `folder`, for the tasks whose shipped models may not be there. */
export async function writeUntrainedModels(folder: string): Promise<void> {
  const { small: judging } = entailmentPresets;
  const entailment = { ...judging, network: { ...judging.network, relatedness: true } };
  const pairs = syntheticPairs({ count: 50, seed: 1 });
  const summarization = summarizationPresets.small;
  const articles = syntheticArticles({ count: 20, seed: 1 });
  const { small } = translationPresets;
  const fixed = { ...small, network: { ...small.network, decoder: 'cho' } } as const;
  const sentences = [{ source: 'un chien court', target: 'a dog runs' }];
  const models = {
    'image-captioning-flickr8k': smallCaptioner({}, tinyFeatures),
    'entailment-sick': EntailmentClassifier.create(
      entailment,
      trainEntailmentTokenizer(pairs, entailment.tokenizer),
      1,
    ),
    'summarization-arxiv': Summarizer.create(
      summarization,
      trainSummarizationTokenizer(articles, summarization),
      1,
    ),
    'translation-fr-en-fixed': Translator.create(
      fixed,
      trainTranslationTokenizer(sentences, { kind: 'character', vocabularySize: 100 }),
      1,
    ),
  };
  for (const [name, model] of Object.entries(models)) {
    await writeFolder(join(folder, name), { ...modelFiles(model), 'training.json': '{}' });
    model.dispose();
  }
}
