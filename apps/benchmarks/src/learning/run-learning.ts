import { appendJsonLine, readJsonLines } from '@heed/training/node';
import { learn } from './learn.js';
import { isSameSetting, type LearningCell } from './learning-cells.js';
import { learningPlan, type PlannedTask } from './learning-plan.js';
import { type LearningMechanism, learningMechanisms } from './mechanisms.js';

export const learningTaskNames: readonly string[] = learningPlan.map(({ task }) => task.name);
export const learningMechanismNames: readonly string[] = learningMechanisms.map(({ name }) => name);

export interface LearningRunOptions {
  /** Of `learningTaskNames`; all if absent. */
  readonly tasks?: readonly string[];
  /** Of `learningMechanismNames`; all if absent. */
  readonly mechanisms?: readonly string[];
  /** An integer. */
  readonly seed: number;
  /** A file of JSON lines: every cell is added to it as soon as it is done, and those that are in it are not done again. */
  readonly path: string;
  /** Instead of what is planned. */
  readonly plan?: readonly PlannedTask[];
  /** Takes what is to be read: a line for each cell. */
  readonly report: (line: string) => void;
  /** Takes what goes on, often. */
  readonly progress: (line: string) => void;
}

const chosen = <T>(
  all: readonly T[],
  names: readonly string[] | undefined,
  nameOf: (item: T) => string,
): T[] => all.filter((item) => names === undefined || names.includes(nameOf(item)));

/** Trains every mechanism on every task. Call it after `useBackend()`. @returns all cells that were asked for */
export async function runLearning(options: LearningRunOptions): Promise<LearningCell[]> {
  const { seed, path, plan = learningPlan, report } = options;
  const known = readJsonLines(path) as LearningCell[];
  const cells: LearningCell[] = [];
  for (const planned of chosen(plan, options.tasks, ({ task }) => task.name)) {
    for (const mechanism of chosen(learningMechanisms, options.mechanisms, ({ name }) => name)) {
      const { name: task, work } = planned.task;
      const setting = { task, work, mechanism: mechanism.name, budget: planned.budget, seed };
      const earlier = known.find((cell) => isSameSetting(cell, setting));
      const cell = earlier ?? { ...setting, ...(await learnCell(planned, mechanism, options)) };
      if (!earlier) appendJsonLine(path, cell);
      cells.push(cell);
      const { heldOut, longer } = cell.learnt;
      const shares = [heldOut, ...(longer === undefined ? [] : [longer])].map((share) => share.toFixed(3));
      report(`${task}, ${mechanism.name}: ${shares.join(', longer ')} (${cell.seconds.toFixed(0)} s)`);
    }
  }
  return cells;
}

async function learnCell(
  { task, budget }: PlannedTask,
  mechanism: LearningMechanism,
  { seed, progress }: LearningRunOptions,
): Promise<Pick<LearningCell, 'learnt' | 'seconds'>> {
  const start = performance.now();
  const learnt = await learn(task, mechanism, {
    budget,
    seed,
    onStep: (step, loss) =>
      progress(`${task.name}, ${mechanism.name}: step ${step} of ${budget.steps}, loss ${loss.toFixed(3)}`),
  });
  return { learnt, seconds: (performance.now() - start) / 1000 };
}
