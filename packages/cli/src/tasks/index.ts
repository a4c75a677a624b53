import { UsageError } from '../errors.js';
import type { Task } from './task.js';

/** By name; a task loads when it is asked for. */
const tasks: Readonly<Record<string, () => Promise<Task>>> = {
  translation: async () => (await import('./translation.js')).translation,
  'image-captioning': async () => (await import('./image-captioning.js')).imageCaptioning,
};

/** For the verbs' help. */
export const taskNames = Object.keys(tasks).join(', ');

/**
 * @param features what `--features` was given
 * @throws UsageError with the list of tasks, or if the task has no use for features
 */
export async function loadTask(name: string, features: string | undefined): Promise<Task> {
  const load = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!load) throw new UsageError(`there is no task "${name}". Tasks: ${taskNames}.`);
  const task = await load();
  if (features !== undefined && !task.takesFeatures)
    throw new UsageError(`--features: ${name} has no use for another network's features`);
  return task;
}
