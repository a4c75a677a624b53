import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where the .wasm files of the wasm backend lie in this installation. */
export function wasmFolder(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist/');
}
