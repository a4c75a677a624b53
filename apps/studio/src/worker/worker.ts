import '../page/jitless.js';
import { useBackend } from '@heed/backend';
import { expose } from 'comlink';
import { modelNamed, type TaskName } from '../models.js';
import type { Answer, Inputs, OpenModel } from './answer.js';

/** By task; a task's package loads when it is asked for. */
const openers: {
  [Task in TaskName]: (url: string, features: string | undefined) => Promise<OpenModel<Inputs[Task]>>;
} = {
  translation: async (url) => (await import('./translation.js')).openTranslation(url),
  'image-captioning': async (...urls) => (await import('./image-captioning.js')).openCaptioning(...urls),
  entailment: async (url) => (await import('./entailment.js')).openEntailment(url),
  'speech-recognition': async (url) => (await import('./speech-recognition.js')).openSpeech(url),
  summarization: async (url) => (await import('./summarization.js')).openSummarization(url),
};

const opened = new Map<string, Promise<OpenModel<never>>>();

/** The folder of the page. */
let base = '';

function open<Task extends TaskName>(task: Task, model: string): Promise<OpenModel<Inputs[Task]>> {
  const known = opened.get(model) as Promise<OpenModel<Inputs[Task]>> | undefined;
  if (known) return known;
  const opening = started.then(() =>
    openers[task](`${base}models/${model}`, modelNamed(model)?.readsFeatures ? `${base}features` : undefined),
  );
  opened.set(model, opening);
  // What failed may do better the next time.
  opening.catch(() => opened.delete(model));
  return opening;
}

let begin: (folder: string) => void;
const started = new Promise<string>((resolve) => {
  begin = resolve;
}).then((folder) => {
  base = folder;
  return useBackend(undefined, { wasmFolder: `${folder}wasm/` });
});

const studio = {
  /** @param folder the URL of the page's folder @returns what runs */
  async start(folder: string): Promise<string> {
    begin(folder);
    return (await started).name;
  },
  /** Loads a model, so that the first answer does not wait for it. */
  async prepare(task: TaskName, model: string): Promise<{ readonly imageSize?: number | undefined }> {
    const { imageSize } = await open(task, model);
    return { imageSize };
  },
  async answer<Task extends TaskName>(task: Task, model: string, input: Inputs[Task]): Promise<Answer> {
    return (await open(task, model)).answer(input);
  },
};

export type Studio = typeof studio;

expose(studio);
