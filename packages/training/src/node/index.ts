export { type EarlierTraining, findEarlierTraining } from './earlier-training.js';
export { expectFolder } from './expect-folder.js';
export { CHECKPOINT, folderCheckpoints } from './folder-checkpoints.js';
export { appendJsonLine, readJsonLines } from './json-lines.js';
export { jsonLinesLog } from './json-lines-log.js';
export { once } from './once.js';
export { progressBar } from './progress-bar.js';
export { readBytes, readLines } from './read-lines.js';
export { fileOfEachSplit, findSplit, joinedPaths, kindOf, resolveSplit } from './splits.js';
export { tensorBoardLog } from './tensor-board-log.js';
export {
  type DataFacts,
  inTrainingFolder,
  type TrainInFolderOptions,
  type TrainingFolder,
} from './training-folder.js';
