import { UsageError } from '../errors.js';
import type { Task, TaskOption } from './task.js';

/** By name; a task loads when it is asked for. */
const tasks: Readonly<Record<string, () => Promise<Task>>> = {
  translation: async () => (await import('./translation.js')).translation,
  entailment: async () => (await import('./entailment.js')).entailment,
  'image-captioning': async () => (await import('./image-captioning.js')).imageCaptioning,
  'speech-recognition': async () => (await import('./speech-recognition.js')).speechRecognition,
  summarization: async () => (await import('./summarization.js')).summarization,
};

/** For the verbs' help. */
export const taskNames = Object.keys(tasks).join(', ');

/** As they are typed. */
const flags: Readonly<Record<TaskOption, string>> = {
  features: '--features',
  embeddings: '--embeddings',
  dictionary: '--dictionary',
  beam: '--beam',
  lengthPenalty: '--length-penalty',
  ctcWeight: '--ctc-weight',
};

/**
 * @param given what the command line has
 * @throws UsageError with the list of tasks, or if something is given that the task has no use for
 */
export async function loadTask(
  name: string,
  given: Readonly<Partial<Record<TaskOption, unknown>>>,
): Promise<Task> {
  const load = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!load) throw new UsageError(`there is no task "${name}". Tasks: ${taskNames}.`);
  const task = await load();
  for (const [option, flag] of Object.entries(flags)) {
    const known = option as TaskOption;
    if (given[known] !== undefined && !task.takes.includes(known))
      throw new UsageError(`${flag}: ${name} has no use for it`);
  }
  return task;
}
