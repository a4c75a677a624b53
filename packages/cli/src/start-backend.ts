import { report } from './report.js';

/** Starts TensorFlow.js, and says so if it is not real TensorFlow that runs. */
export async function startBackend(): Promise<void> {
  const { useBackend } = await import('@heed/backend');
  const { name, passedOver } = await useBackend();
  if (passedOver.length === 0) return;
  const running = name === 'wasm' ? 'WebAssembly' : 'plain JavaScript';
  report(`real TensorFlow does not start here, so ${running} runs, which is slower: run \`heed doctor\``);
}
