import type { LearningBudget, Learnt } from './learn.js';

/** What a cell is measured with: another of these is another cell. */
export interface LearningSetting {
  readonly task: string;
  /** What the task's examples are, for people. */
  readonly work: string;
  readonly mechanism: string;
  readonly budget: LearningBudget;
  readonly seed: number;
}

/** One mechanism on one task. */
export interface LearningCell extends LearningSetting {
  readonly learnt: Learnt;
  readonly seconds: number;
}

export const isSameSetting = (a: LearningSetting, b: LearningSetting): boolean => keyOf(a) === keyOf(b);

const keyOf = ({ task, work, mechanism, budget, seed }: LearningSetting): string => {
  const { steps, batch, learningRate, width, heldOut } = budget;
  return JSON.stringify([task, work, mechanism, seed, steps, batch, learningRate, width, heldOut]);
};
