import type { StoredTensor } from '@heed/attention-core';
import type { TrainingProgress } from './progress.js';

/** All that it takes to go on with a training. */
export interface Checkpoint {
  readonly weights: ReadonlyMap<string, StoredTensor>;
  /** The optimizer's state. */
  readonly optimizer: ReadonlyMap<string, StoredTensor>;
  readonly progress: TrainingProgress;
  /** What must be the same for an exact resume: seed, configuration, digest of the data. */
  readonly identity: Readonly<Record<string, unknown>>;
}

/** Keeps checkpoints. Each write replaces the one before it at once, or fails and leaves it. */
export interface CheckpointStore {
  /** The last checkpoint, if there is one. */
  load(): Promise<Checkpoint | undefined>;
  saveLast(checkpoint: Checkpoint): Promise<void>;
  /** The model with the best validation. @throws if there is none */
  loadBest(): Promise<Checkpoint['weights']>;
  saveBest(weights: Checkpoint['weights'], progress: TrainingProgress): Promise<void>;
}
