export type { Checkpoint, CheckpointStore } from './checkpoint.js';
export { clipByGlobalNorm } from './gradient-clipping.js';
export { type LearningRateOptions, learningRateAt } from './learning-rate.js';
export type { StepReport, TrainingObserver } from './observer.js';
export { createOptimizer, type Optimizer, type OptimizerOptions } from './optimizer.js';
export type { TrainingProgress, Validation } from './progress.js';
export {
  DivergedError,
  type TrainingOptions,
  type TrainingSurroundings,
  type TrainingTask,
  train,
} from './train.js';
export {
  createTrainingStep,
  type Objective,
  type StepNumbers,
  type StepResult,
  type TrainingStep,
  type TrainingStepOptions,
} from './training-step.js';
