import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wasmFolder } from '@heed/backend/node';
import type { Plugin } from 'vite';
import { type FoundModel, networkFiles } from '../find-models.js';
import { MODEL_FILES } from '../models.js';

/** TensorFlow.js picks one of them. The third needs threads, which a page without special headers has not. */
const WASM_FILES = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];

/**
 * Puts what the worker fetches beside the page: the models, the network whose features some read, and TensorFlow.js as
 * WebAssembly.
 */
export function servedFiles(models: readonly FoundModel[], features: string | undefined): Plugin {
  return {
    name: 'served-files',
    applyToEnvironment: ({ name }) => name === 'client',
    generateBundle() {
      const files = [
        ...WASM_FILES.map((file) => ({ fileName: `wasm/${file}`, path: join(wasmFolder(), file) })),
        ...models.flatMap(({ name, folder }) =>
          MODEL_FILES.map((file) => ({ fileName: `models/${name}/${file}`, path: join(folder, file) })),
        ),
        ...(features === undefined ? [] : networkFiles(features)).map((file) => ({
          fileName: `features/${file}`,
          path: join(features as string, file),
        })),
      ];
      for (const { fileName, path } of files) {
        this.emitFile({ type: 'asset', fileName, source: readFileSync(path) });
      }
    },
  };
}
