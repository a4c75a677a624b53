import { collectWeights, loadWeights } from '@heed/attention-core';
import { leaves, type TensorTree } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint, CheckpointStore } from './checkpoint.js';
import { firstDifference } from './first-difference.js';
import { type LearningRateOptions, learningRateAt } from './learning-rate.js';
import type { TrainingObserver } from './observer.js';
import { start, type TrainingProgress } from './progress.js';
import {
  createTrainingStep,
  type Objective,
  type StepResult,
  type TrainingStep,
  type TrainingStepOptions,
} from './training-step.js';

export type MakeBatch<Batch> = () => Batch | Promise<Batch>;

/** What is trained, and on what. */
export interface TrainingTask<Batch extends TensorTree> extends Objective<Batch> {
  /**
   * The batches of an epoch, each made when its turn comes and disposed after it; the same epoch always gives the same
   * ones, of the same model.
   */
  batches(epoch: number): readonly MakeBatch<Batch>[];
  /** Whether batches are made with the model as it is when their turn comes: of what it says itself. Default: not. */
  readonly onPolicy?: boolean;
  /** Scores the model as it is now. */
  validate(): Promise<Readonly<Record<string, number>>>;
  /** What decides which model is the best. */
  readonly metric: { readonly name: string; readonly higherIsBetter: boolean };
}

export interface TrainingOptions extends TrainingStepOptions {
  readonly seed: number;
  readonly steps: number;
  readonly learningRate: LearningRateOptions;
  readonly stepsPerValidation: number;
  /** Validations without a better one after which the training stops. */
  readonly patience: number;
  readonly secondsPerCheckpoint: number;
}

export interface TrainingSurroundings {
  readonly store: CheckpointStore;
  readonly observers: readonly TrainingObserver[];
  /** Goes into the checkpoint; a checkpoint of another identity is refused. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** Go on from the store's last checkpoint, if it has one. */
  readonly resume: boolean;
  /** Stops the training after the step that runs, with a checkpoint. */
  readonly signal?: AbortSignal;
}

/** The loss or the gradient is no longer a number, and the last checkpoint is from before; or no validation gave one. */
export class DivergedError extends Error {}

/**
 * The one training loop: gradient, clipping, optimizer; validation, best and last checkpoint, early stopping. It begins with a
 * checkpoint, so that whatever stops it, it can go on as it was started.
 *
 * The model ends with the weights of its best validation; with its last if it was stopped before the first. A
 * validation whose metric is not finite is worse than any other, and counts against the patience.
 *
 * @returns where the training stands, and why it ended
 * @throws DivergedError when the loss is not finite, and the last good checkpoint is kept; or at the end, when no
 *   validation was finite
 */
export async function train<Batch extends TensorTree>(
  task: TrainingTask<Batch>,
  options: TrainingOptions,
  surroundings: TrainingSurroundings,
): Promise<{ progress: TrainingProgress; reason: string }> {
  const { observers } = surroundings;
  const training = new Training(task, options, surroundings);
  const result = await training.run().catch(async (error: unknown) => {
    // What went wrong first is what to tell.
    await end(observers, error instanceof Error ? error.message : String(error)).catch(() => {});
    throw error;
  });
  await end(observers, result.reason);
  return result;
}

/** Tells every observer, whatever the others do. @throws what the first that failed threw */
async function end(observers: readonly TrainingObserver[], reason: string): Promise<void> {
  const ends = await Promise.allSettled(observers.map(async (observer) => observer.onEnd?.(reason)));
  for (const result of ends) if (result.status === 'rejected') throw result.reason;
}

class Training<Batch extends TensorTree> {
  private readonly parameters;
  private readonly step: TrainingStep<Batch>;
  private progress = start;
  private bestWeights: Checkpoint['weights'] | undefined;
  private sessionStart = performance.now();
  private sessionSteps = 0;
  private lastCheckpoint = performance.now();

  constructor(
    private readonly task: TrainingTask<Batch>,
    private readonly options: TrainingOptions,
    private readonly surroundings: TrainingSurroundings,
  ) {
    if (tf.getBackend() !== 'tensorflow') {
      throw new Error(
        `training needs TensorFlow's own library, and the backend is ${tf.getBackend()}: \`heed doctor\` tells how to get it`,
      );
    }
    this.parameters = task.model.namedParameters();
    this.step = createTrainingStep(task, options);
  }

  async run(): Promise<{ progress: TrainingProgress; reason: string }> {
    try {
      const goesOn = this.surroundings.resume && (await this.restore());
      const { step } = this.progress;
      const parameters = [...this.parameters.values()].reduce((sum, { size }) => sum + size, 0);
      this.tell((observer) => observer.onStart?.({ step, steps: this.options.steps, parameters }));
      if (!goesOn) await this.checkpoint();
      const reason = await this.steps();
      if (this.bestWeights) loadWeights(this.parameters, this.bestWeights, 'the best model');
      else if (this.progress.validationsSinceBest > 0 && !this.surroundings.signal?.aborted) {
        throw new DivergedError(
          `no validation gave a finite ${this.task.metric.name}, so that there is no best model: ${reason}. ` +
            'The last checkpoint holds the weights; see how they are validated, or try a lower learning rate.',
        );
      }
      return { progress: this.progress, reason };
    } finally {
      this.step.dispose();
    }
  }

  private async steps(): Promise<string> {
    const { steps, stepsPerValidation, patience, secondsPerCheckpoint } = this.options;
    let epoch = -1;
    let batches: readonly MakeBatch<Batch>[] = [];
    while (this.progress.step < steps) {
      if (this.progress.validationsSinceBest >= patience) {
        return `no better ${this.task.metric.name} in ${patience} validations`;
      }
      if (this.progress.epoch !== epoch) {
        epoch = this.progress.epoch;
        batches = this.task.batches(epoch);
        if (batches.length === 0) throw new Error('training: there are no batches');
      }
      await this.takeStep(batches[this.progress.batch] as MakeBatch<Batch>);
      const isLast = this.progress.batch + 1 >= batches.length;
      this.progress = {
        ...this.progress,
        epoch: isLast ? epoch + 1 : epoch,
        batch: isLast ? 0 : this.progress.batch + 1,
      };
      if (this.progress.step % stepsPerValidation === 0 || this.progress.step === steps)
        await this.validate();
      const due = performance.now() - this.lastCheckpoint > secondsPerCheckpoint * 1000;
      const stopped = this.surroundings.signal?.aborted;
      if (due || stopped || this.progress.step % stepsPerValidation === 0) await this.checkpoint();
      if (stopped) return `stopped at step ${this.progress.step}; --resume goes on from there`;
      // Lets signals and timers through.
      await new Promise(setImmediate);
    }
    await this.checkpoint();
    return `all ${steps} steps done`;
  }

  private async takeStep(makeBatch: MakeBatch<Batch>): Promise<void> {
    const { seed, steps, learningRate } = this.options;
    const started = performance.now();
    const step = this.progress.step + 1;
    const rate = learningRateAt(learningRate, step, steps);
    if (this.task.onPolicy) this.step.pull();
    const batch = await makeBatch();
    let result: StepResult;
    try {
      result = this.step(batch, { learningRate: rate, step, seed });
    } finally {
      tf.dispose(leaves(batch));
    }
    if (!Number.isFinite(result.loss) || !Number.isFinite(result.norm)) {
      throw new DivergedError(
        `the loss is ${result.loss} and the gradient's norm ${result.norm} at step ${step}: training has diverged. ` +
          'The last checkpoint is from before. Try a lower learning rate, or a longer warm-up.',
      );
    }
    this.sessionSteps++;
    const now = performance.now();
    const trainingSeconds = this.progress.trainingSeconds + (now - started) / 1000;
    this.progress = { ...this.progress, step, trainingSeconds };
    const stepsPerSecond = this.sessionSteps / ((now - this.sessionStart) / 1000);
    const secondsLeft = (steps - step) / stepsPerSecond;
    const { epoch } = this.progress;
    this.tell((observer) =>
      observer.onStep?.({
        step,
        steps,
        epoch,
        loss: result.loss,
        gradientNorm: result.norm,
        learningRate: rate,
        stepsPerSecond,
        secondsLeft,
      }),
    );
  }

  private async validate(): Promise<void> {
    this.step.pull();
    const own = collectWeights(this.parameters, 'F32');
    for (const [name, mean] of this.step.averages) this.parameters.get(name)?.assign(mean);
    try {
      await this.validateParameters();
    } finally {
      if (this.step.averages.size > 0)
        loadWeights(this.parameters, own, 'the parameters before the validation');
    }
  }

  private async validateParameters(): Promise<void> {
    const { name, higherIsBetter } = this.task.metric;
    const validation = { step: this.progress.step, metrics: await this.task.validate() };
    const [score, best] = [validation.metrics[name] as number, this.progress.best?.metrics[name]];
    if (score === undefined) throw new Error(`training: the validation gives no ${name}`);
    const isBetter = best === undefined || (higherIsBetter ? score > best : score < best);
    const isBest = Number.isFinite(score) && isBetter;
    this.progress = {
      ...this.progress,
      best: isBest ? validation : this.progress.best,
      validationsSinceBest: isBest ? 0 : this.progress.validationsSinceBest + 1,
    };
    if (isBest) {
      this.bestWeights = collectWeights(this.parameters, 'F32');
      await this.surroundings.store.saveBest(this.bestWeights, this.progress);
    }
    this.tell((observer) => observer.onValidation?.({ ...validation, isBest }));
  }

  private async checkpoint(): Promise<void> {
    this.step.pull();
    const { store, identity } = this.surroundings;
    const weights = collectWeights(this.parameters, 'F32');
    const optimizer = collectWeights(this.step.state, 'F32');
    await store.saveLast({ weights, optimizer, progress: this.progress, identity });
    this.lastCheckpoint = performance.now();
    this.tell((observer) => observer.onCheckpoint?.(this.progress.step));
  }

  /** @returns whether there was something to go on from */
  private async restore(): Promise<boolean> {
    const checkpoint = await this.surroundings.store.load();
    if (!checkpoint) return false;
    const difference = firstDifference(checkpoint.identity, this.surroundings.identity);
    if (difference) {
      throw new Error(
        `the checkpoint belongs to another training: ${difference}. Train into another folder, or without --resume.`,
      );
    }
    loadWeights(this.parameters, checkpoint.weights, 'the checkpoint');
    loadWeights(this.step.state, checkpoint.optimizer, "the checkpoint's optimizer");
    this.progress = checkpoint.progress;
    if (this.progress.best) this.bestWeights = await this.surroundings.store.loadBest();
    return true;
  }

  private tell(hear: (observer: TrainingObserver) => void): void {
    for (const observer of this.surroundings.observers) hear(observer);
  }
}
