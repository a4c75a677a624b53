export { cacheFolder } from './cache-folder.js';
export type { BackendReport, DoctorReport } from './doctor.js';
export { doctor, formatDoctor } from './doctor.js';
export type { Problem, StagingOptions, StagingResult } from './staging.js';
export { stageTensorflow } from './staging.js';
export { createSummaryWriter, type SummaryWriter } from './summary-writer.js';
export { wasmFolder } from './wasm-folder.js';
