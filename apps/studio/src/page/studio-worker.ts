import { wrap } from 'comlink';
import type { TaskName } from '../models.js';
import type { Answer, Inputs } from '../worker/answer.js';
import type { Studio } from '../worker/worker.js';

// Models run in a worker, so that the page never waits for them.
const remote = wrap<Studio>(
  new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module', name: 'models' }),
);

/** What runs the models; settles once it has started. */
export const backend: Promise<string> = remote.start(new URL('.', document.baseURI).href);

export const prepare = (
  task: TaskName,
  model: string,
): Promise<{ readonly imageSize?: number | undefined }> => remote.prepare(task, model);

let told: () => void;
/** Settles when a model has answered for the first time, or refused to. */
export const firstAnswer = new Promise<void>((resolve) => {
  told = resolve;
});

export async function ask<Task extends TaskName>(
  task: Task,
  model: string,
  input: Inputs[Task],
): Promise<Answer> {
  try {
    return (await remote.answer(task, model, input)) as Answer;
  } finally {
    told();
  }
}
