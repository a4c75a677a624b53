import * as tf from '@tensorflow/tfjs-core';
import { registerGraphRuntime } from './graph-runtime.js';

export type BackendName = 'node' | 'wasm' | 'cpu';

export interface BackendChoice {
  readonly name: BackendName;
  /** Why the faster ones were passed over, one line each; empty where the first choice runs. */
  readonly passedOver: readonly { readonly name: BackendName; readonly reason: string }[];
}

export interface BackendOptions {
  /** In a browser, the URL of the folder that serves the .wasm files of `@tensorflow/tfjs-backend-wasm`, with a slash at its end. */
  readonly wasmFolder?: string;
}

async function startNode(): Promise<void> {
  const { preferOneDnn, startTensorFlow } = await import('#start');
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  preferOneDnn();
  registerGraphRuntime(await startTensorFlow());
}

async function startWasm({ wasmFolder: served }: BackendOptions): Promise<void> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  if (served !== undefined) wasm.setWasmPaths(served);
  else if (typeof process !== 'undefined' && process.versions?.node) {
    const { wasmFolder } = await import('#start');
    wasm.setWasmPaths(wasmFolder());
  }
  if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly did not start');
  registerGraphRuntime(undefined);
}

async function startCpu(): Promise<void> {
  // Only warnings depend on it: without, this backend advertises tfjs-node on standard error.
  tf.env().set('PROD', true);
  await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  registerGraphRuntime(undefined);
}

const starters: Record<BackendName, (options: BackendOptions) => Promise<void>> = {
  node: startNode,
  wasm: startWasm,
  cpu: startCpu,
};

let chosen: Promise<BackendChoice> | undefined;

async function choose(names: readonly BackendName[], options: BackendOptions): Promise<BackendChoice> {
  const passedOver: { name: BackendName; reason: string }[] = [];
  for (const name of names) {
    try {
      await starters[name](options);
      await tf.ready();
      return { name, passedOver };
    } catch (error) {
      passedOver.push({
        name,
        reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
      });
    }
  }
  throw new Error(
    `no TensorFlow.js backend starts: ${passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`,
  );
}

/**
 * Starts the fastest TensorFlow.js backend there is: `node` (libtensorflow), then `wasm`, then `cpu`. Later calls
 * without a name return the first call's choice.
 *
 * @param name start this backend and no other. The environment variable HEED_BACKEND does the same.
 * @throws if none starts, with each one's reason.
 */
export function useBackend(name?: BackendName, options: BackendOptions = {}): Promise<BackendChoice> {
  const wished = typeof process === 'undefined' ? undefined : process.env?.HEED_BACKEND;
  const asked = name ?? (wished || undefined);
  if (asked !== undefined && !Object.hasOwn(starters, asked)) {
    throw new Error(`unknown backend "${asked}": expected node, wasm or cpu`);
  }
  if (chosen && !name) return chosen;
  const choice = choose(asked ? [asked as BackendName] : ['node', 'wasm', 'cpu'], options);
  chosen = choice;
  // A later call may choose again.
  choice.catch(() => {
    if (chosen === choice) chosen = undefined;
  });
  return choice;
}
