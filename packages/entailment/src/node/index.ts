export {
  openSentencePairs,
  readTrainingPairs,
  type SentencePairs,
  type SentencePairsReader,
} from './read-pairs.js';
export { type ReadWordVectorsOptions, readWordVectors } from './read-word-vectors.js';
export { type TrainEntailmentInFolderOptions, trainEntailmentInFolder } from './train-in-folder.js';
