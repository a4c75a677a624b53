export {
  type CorpusLanguages,
  openParallelCorpus,
  type ParallelCorpus,
  type ParallelCorpusReader,
  readParallelCorpus,
  readTrainingCorpus,
} from './read-corpus.js';
export { type TrainTranslatorInFolderOptions, trainTranslatorInFolder } from './train-in-folder.js';
export { writeSyntheticCorpus } from './write-synthetic-corpus.js';
