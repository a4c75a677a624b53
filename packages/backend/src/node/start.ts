import type { GraphRuntime } from '../graph-runtime.js';

export { preferOneDnn } from './onednn.js';
export { wasmFolder } from './wasm-folder.js';

/**
 * Loads libtensorflow through tfjs-node and makes it TF.js's backend. All that reads tfjs-node's files is loaded here:
 * WebAssembly must start where there is no tfjs-node.
 *
 * @throws if it does not load
 */
export async function startTensorFlow(): Promise<GraphRuntime> {
  const graphs = await import('./graph/start.js');
  return graphs.startTensorFlow();
}
