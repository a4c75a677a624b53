/** Where a training is: with it and the variables, it goes on as if it had never stopped. */
export interface TrainingProgress {
  /** Steps done. */
  readonly step: number;
  /** The epoch of the next batch, from 0, and the number of that batch in it. */
  readonly epoch: number;
  readonly batch: number;
  /** The best validation so far. */
  readonly best: Validation | undefined;
  /** Validations since then. */
  readonly validationsSinceBest: number;
  /** Over all sessions. */
  readonly trainingSeconds: number;
}

export interface Validation {
  readonly step: number;
  /** By name; one that could not be computed is NaN. */
  readonly metrics: Readonly<Record<string, number>>;
}

export const start: TrainingProgress = {
  step: 0,
  epoch: 0,
  batch: 0,
  best: undefined,
  validationsSinceBest: 0,
  trainingSeconds: 0,
};
