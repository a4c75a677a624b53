export type { Comparison, FigureName, Figures, Growth } from './figures.js';
export { type LearningBudget, type LearningExamples, learnExamples } from './learning/learn.js';
export type { LearningCell } from './learning/learning-cells.js';
export { formatLearningTable } from './learning/learning-table.js';
export { type LearningMechanism, learningMechanisms } from './learning/mechanisms.js';
export { type NeedleSizes, needleTask } from './learning/needle-task.js';
export {
  type LearningRunOptions,
  learningMechanismNames,
  learningTaskNames,
  runLearning,
} from './learning/run-learning.js';
export type { Machine } from './machine.js';
export {
  type BenchmarkOptions,
  type BenchmarkReport,
  type BenchmarkResult,
  benchmarkNames,
  runBenchmarks,
} from './run-benchmarks.js';
export { formatTable } from './table.js';
