export { startTensorFlow } from './graph/start.js';
export { preferOneDnn } from './onednn.js';
export { wasmFolder } from './wasm-folder.js';
