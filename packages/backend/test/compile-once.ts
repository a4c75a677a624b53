import * as tf from '@tensorflow/tfjs-core';
import { compile, useBackend } from '../src/index.js';

// Compiles one function; with the argument `killed`, it is killed at the moment when its graph would be loaded.
await useBackend('node');
if (process.argv[2] === 'killed') {
  const backend = tf.backend() as unknown as { binding: object };
  const loadSavedModel = () => {
    process.kill(process.pid, 'SIGKILL');
    // The signal may take a moment.
    for (;;);
  };
  backend.binding = Object.create(backend.binding, { loadSavedModel: { value: loadSavedModel } });
}
const compiled = compile((x: tf.Tensor) => tf.neg(x));
tf.dispose(compiled(tf.ones([2])));
compiled.dispose();
