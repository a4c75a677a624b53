export { advantages } from './advantages.js';
export { type BucketOptions, bucketedBatches, spread } from './bucketed-batches.js';
export type { Checkpoint, CheckpointStore } from './checkpoint.js';
export { Ensemble, ensembleWeights, networksOf, together } from './ensemble.js';
export { excerpt } from './excerpt.js';
export { expectAnswerable } from './expect-answerable.js';
export { clipByGlobalNorm } from './gradient-clipping.js';
export { isJsonLines, parseJsonLines } from './json-lines.js';
export { type LearningRateOptions, learningRateAt } from './learning-rate.js';
export { MemoryCheckpoints } from './memory-checkpoints.js';
export type { StepReport, TrainingObserver } from './observer.js';
export { adam, createOptimizer, type Optimizer, type OptimizerOptions } from './optimizer.js';
export { PADDING, paddedTokens } from './padded-tokens.js';
export type { TrainingProgress, Validation } from './progress.js';
export {
  count,
  type DecodingConfig,
  decodingSchema,
  LARGEST_BEAM,
  parseConfig,
  rate,
  tokenizerSchema,
  trainingFields,
} from './schemas.js';
export { splitByKey } from './split-by-key.js';
export { distinctNames, findColumn, parseTable, type TableRow } from './table.js';
export { modelFiles, modelOfFiles, readTaskModel, type TaskModelFiles } from './task-model.js';
export { neverWritten, TaskSearch, type TaskSearchOptions } from './task-search.js';
export {
  DivergedError,
  type MakeBatch,
  type TrainingOptions,
  type TrainingSurroundings,
  type TrainingTask,
  train,
} from './train.js';
export { reportLeftOut, type TrainTaskOptions, trainTask } from './train-task.js';
export {
  createTrainingStep,
  type Objective,
  type StepNumbers,
  type StepResult,
  type TrainingStep,
  type TrainingStepOptions,
} from './training-step.js';
export { restIsTraining, WHOLE } from './whole-split.js';
