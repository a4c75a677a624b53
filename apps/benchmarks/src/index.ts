export type { Comparison, FigureName, Figures } from './figures.js';
export type { Machine } from './machine.js';
export {
  type BenchmarkOptions,
  type BenchmarkReport,
  type BenchmarkResult,
  benchmarkNames,
  runBenchmarks,
} from './run-benchmarks.js';
export { formatTable } from './table.js';
