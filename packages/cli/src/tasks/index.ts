import { UsageError } from '../errors.js';
import type { Task } from './task.js';

const tasks: Readonly<Record<string, () => Promise<Task>>> = {
  translation: async () => (await import('./translation.js')).translation,
};

/** @throws UsageError with the list of tasks */
export async function loadTask(name: string): Promise<Task> {
  const load = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!load) throw new UsageError(`there is no task "${name}". Tasks: ${Object.keys(tasks).join(', ')}.`);
  return load();
}
