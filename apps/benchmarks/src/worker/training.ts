import { adam, createTrainingStep, type Objective } from '@heed/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import { readBatch } from './files.js';
import type { BatchName, Value } from './protocol.js';

/** Reads a batch; what it gives runs the work on it once. */
export type Prepare = (batch: BatchName) => Promise<() => Promise<Value>>;

/** Steps of training, always on the same batch; the value is the loss before each. */
export function trainingTask<Batch extends Readonly<Record<string, Tensor>>>(
  objective: Objective<Batch>,
  folder: string,
): Prepare {
  const takeStep = createTrainingStep(objective, { optimizer: adam, clip: 1, eager: false });
  let step = 0;
  return async (name) => {
    const batch = await readBatch<Batch>(folder, name);
    return async () => takeStep(batch, { learningRate: 1e-3, step: ++step, seed: 1 }).loss;
  };
}
