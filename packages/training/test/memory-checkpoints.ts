import type { StoredTensor } from '@heed/attention-core';
import type { Checkpoint, CheckpointStore, TrainingProgress } from '../src/index.js';

type Weights = ReadonlyMap<string, StoredTensor>;

/** Keeps copies, so that nothing that training does later reaches what was saved. */
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
