export { ceilDivide } from './ceil-divide.js';
export {
  type Compiled,
  type CompileOptions,
  type CompileStatistics,
  compile,
  type SizeTree,
  type TensorFunction,
} from './compile.js';
export { leaves, leavesAs, rebuild, type TensorTree } from './container.js';
export { sigmoid, tanh } from './fused/activations.js';
export { type AdamRates, type AdamState, applyAdam } from './fused/adam.js';
export { linearRecurrence, plainLinearRecurrence } from './fused/linear-recurrence.js';
export { plainSoftmaxCrossEntropy, softmaxCrossEntropy } from './fused/softmax-cross-entropy.js';
export { plainSquaredNorm, squaredNorm } from './fused/squared-norm.js';
export { isRecording } from './graph-runtime.js';
export { dropout, RandomStream, randomSource } from './random.js';
export { type Cell, type ScanOptions, type ScanResult, scan } from './scan.js';
export { type BackendChoice, type BackendName, type BackendOptions, useBackend } from './use-backend.js';
