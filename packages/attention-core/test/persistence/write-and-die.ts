/**
 * Replaces a folder, and kills itself before the given call to the file system, if any.
 *
 *     write-and-die.ts FOLDER STEP CONTENT
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [folder = '', step = '', content = ''] = process.argv.slice(2);
const calls = ['mkdir', 'open', 'rename', 'rm'] as const;
let count = 0;

for (const name of calls) {
  const call = fs.promises[name] as (...args: unknown[]) => Promise<unknown>;
  const counted = (...args: unknown[]) => {
    count++;
    if (`${count}` === step) process.kill(process.pid, 'SIGKILL');
    return call(...args);
  };
  Object.assign(fs.promises, { [name]: counted });
}
syncBuiltinESMExports();

// Imported only now: it must see the counted calls.
const { writeFolder } = await import('../../src/node/write-folder.js');
const files =
  step === '' ? { 'model.safetensors': new Uint8Array(2 ** 20) } : { 'model.safetensors': content };
try {
  await writeFolder(folder, { 'config.json': content, ...files });
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
