import type { StoredTensor } from '@heed/attention-core';
import type { Checkpoint, CheckpointStore } from './checkpoint.js';
import type { TrainingProgress } from './progress.js';

type Weights = ReadonlyMap<string, StoredTensor>;

/** Checkpoints in memory, for a training without a folder. Copies: nothing that the training does later reaches them. */
export class MemoryCheckpoints implements CheckpointStore {
  last: Checkpoint | undefined;
  best: { weights: Weights; progress: TrainingProgress } | undefined;

  async load(): Promise<Checkpoint | undefined> {
    return structuredClone(this.last);
  }

  async saveLast(checkpoint: Checkpoint): Promise<void> {
    this.last = structuredClone(checkpoint);
  }

  async loadBest(): Promise<Weights> {
    if (!this.best) throw new Error('no best model was saved');
    return structuredClone(this.best.weights);
  }

  async saveBest(weights: Weights, progress: TrainingProgress): Promise<void> {
    this.best = structuredClone({ weights, progress });
  }
}
