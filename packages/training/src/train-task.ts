import { loadWeights, type StoredTensor } from '@heed/attention-core';
import type { TensorTree } from '@heed/backend';
import type { Tokenizer } from '@heed/text';
import type { CheckpointStore } from './checkpoint.js';
import type { TrainingObserver } from './observer.js';
import type { TrainingProgress } from './progress.js';
import { type TrainingOptions, type TrainingTask, train } from './train.js';

/** What the training of every task is told, beside its data. */
export interface TrainTaskOptions<Config> {
  readonly config: Config;
  readonly tokenizer: Tokenizer;
  readonly seed: number;
  /** Weights to start from, of a model of the same network; random ones if absent. */
  readonly weights?: ReadonlyMap<string, StoredTensor>;
  readonly store: CheckpointStore;
  readonly observers?: readonly TrainingObserver[];
  /** Hears what is left out of the data, and what is done after the last step. */
  readonly report?: (line: string) => void;
  /** What tells these data from others, for exact resuming. */
  readonly dataDigest: string;
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  /** Run op by op, without graphs. */
  readonly eager?: boolean;
}

type TaskConfig = { readonly training: Omit<TrainingOptions, 'seed' | 'eager' | 'secondsPerCheckpoint'> };

const SECONDS_PER_CHECKPOINT = 300;

/**
 * Trains the model of a task as its configuration says, see `train`.
 *
 * @throws ModelFileError if the weights to start from do not fit; DivergedError when the loss is not finite
 */
export async function trainTask<Batch extends TensorTree>(
  task: TrainingTask<Batch>,
  options: TrainTaskOptions<TaskConfig>,
): Promise<{ progress: TrainingProgress; reason: string }> {
  const { config, seed, weights, store, observers = [], dataDigest, resume = false, signal } = options;
  if (weights) loadWeights(task.model.namedParameters(), weights, 'the model to start from');
  return train(
    task,
    { ...config.training, seed, secondsPerCheckpoint: SECONDS_PER_CHECKPOINT, eager: options.eager ?? false },
    {
      store,
      observers,
      identity: { seed, config, data: dataDigest },
      resume,
      ...(signal && { signal }),
    },
  );
}

/** Tells how many examples are neither learnt from nor validated on, and why, where there are any. */
export function reportLeftOut(
  { report }: Pick<TrainTaskOptions<unknown>, 'report'>,
  count: number,
  what: string,
  why: string,
): void {
  if (count > 0) report?.(`${count} ${what} left out (${why})`);
}
