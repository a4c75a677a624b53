export { type EarlierTraining, findEarlierTraining } from './earlier-training.js';
export {
  type CorpusLanguages,
  openParallelCorpus,
  type ParallelCorpus,
  type ParallelCorpusReader,
  readParallelCorpus,
  readTrainingCorpus,
} from './read-corpus.js';
export { type TrainInFolderOptions, trainTranslatorInFolder } from './train-in-folder.js';
export { writeSyntheticCorpus } from './write-synthetic-corpus.js';
