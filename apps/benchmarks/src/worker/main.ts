// Heed's side of a benchmark: one JSON request a line on standard input, one JSON answer on standard output.
import { createInterface } from 'node:readline';
import { useBackend } from '@heed/backend';
import { attentionTask, createAttentionWork } from './attention.js';
import { decodingTask } from './decoding.js';
import type { Answers, BatchName, Requests, Value, Verb, Work } from './protocol.js';
import { createSpeech, speechTask } from './speech.js';
import type { Prepare } from './training.js';
import { createTranslation, translationTask } from './translation.js';

async function create({ folder, ...work }: Requests['create']): Promise<null> {
  switch (work.work) {
    case 'attention':
      await createAttentionWork(folder, work);
      break;
    case 'speech':
      await createSpeech(folder, work.sizes);
      break;
    default:
      await createTranslation(folder, work.sizes);
  }
  return null;
}

function load(folder: string, work: Work): Promise<Prepare> {
  switch (work.work) {
    case 'translation':
      return translationTask(folder, work.sizes);
    case 'decoding':
      return decodingTask(folder, work.sizes);
    case 'speech':
      return speechTask(folder, work.sizes);
    case 'attention':
      return attentionTask(folder, work);
  }
}

let prepare: Prepare | undefined;
const prepared = new Map<BatchName, () => Promise<Value>>();

async function prepareBatch(name: BatchName): Promise<() => Promise<Value>> {
  if (!prepare) throw new Error('run: the worker was not asked to get ready');
  const work = prepared.get(name) ?? (await prepare(name));
  prepared.set(name, work);
  return work;
}

const answers: { [V in Exclude<Verb, 'versions'>]: (request: Requests[V]) => Promise<Answers[V]> } = {
  create,
  async ready({ folder, bf16: _, threads: __, ...work }) {
    prepare = await load(folder, work as Work);
    return null;
  },
  async run(name) {
    const work = await prepareBatch(name);
    const start = performance.now();
    const value = await work();
    return { seconds: (performance.now() - start) / 1000, value };
  },
  // Kilobytes on every platform.
  memory: async () => ({ bytes: process.resourceUsage().maxRSS * 1024 }),
};

async function answer(line: string): Promise<object> {
  try {
    const [verb, request] = Object.entries(JSON.parse(line) as object)[0] as [keyof typeof answers, never];
    return { [verb]: await answers[verb](request) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

await useBackend('node');
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(line)));
}
process.exit();
