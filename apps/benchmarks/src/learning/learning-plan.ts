import { copyTask } from './copy-task.js';
import { datesTask } from './dates-task.js';
import type { LearningBudget } from './learn.js';
import { needleTask } from './needle-task.js';
import { reverseTask } from './reverse-task.js';
import { sortTask } from './sort-task.js';
import type { SyntheticTask } from './synthetic-task.js';

/** A column of the table: a task, and how much every mechanism may learn of it. */
export interface PlannedTask {
  readonly task: SyntheticTask;
  readonly budget: LearningBudget;
}

const lengths = [5, 20] as const;
const budget: LearningBudget = { steps: 1000, batch: 64, learningRate: 4e-3, width: 64, heldOut: 256 };

/** So much that a cell takes a quarter of a minute to a minute and a half on one core; of dates, some minutes. */
export const learningPlan: readonly PlannedTask[] = [
  { task: copyTask({ symbols: 16, lengths }), budget },
  { task: reverseTask({ symbols: 16, lengths }), budget },
  { task: sortTask({ symbols: 60, lengths: [10, 30] }), budget },
  { task: datesTask({ lengths: [2, 4] }), budget },
  { task: needleTask({ symbols: 32, lengths: [80, 100], needles: 10 }), budget: { ...budget, steps: 400 } },
];
