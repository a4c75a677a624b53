import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { compile, useBackend } from '../src/index.js';

test('after a backend that does not start, another can be used', async () => {
  await expect(useBackend('wasm', { wasmFolder: '/no/such/folder/' })).rejects.toThrow(/wasm/);
  const { name } = await useBackend();
  expect(name).toBe('node');
});

test('WebAssembly starts where tfjs-node is not installed', () => {
  const hidden = fileURLToPath(new URL('without-tfjs-node.cjs', import.meta.url));
  const program = fileURLToPath(new URL('print-backend.ts', import.meta.url));
  const { HEED_BACKEND: _, ...env } = process.env;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...['--require', hidden, '--conditions=@heed/source'],
      ...['--import', import.meta.resolve('tsx'), program],
    ],
    { env, encoding: 'utf8' },
  );
  expect(stdout, stderr).toBe('wasm\n');
});

test('a backend that is asked for again runs graphs no larger than before', async () => {
  const nodes = async () => {
    await useBackend('node');
    const twice = compile((x: tf.Tensor) => tf.mul(tf.add(x, 1), 2));
    const x = tf.ones([2]);
    tf.dispose([x, twice(x)]);
    const count = twice.statistics().nodes;
    twice.dispose();
    return count;
  };
  const first = await nodes();
  expect([await nodes(), await nodes()]).toEqual([first, first]);
});
