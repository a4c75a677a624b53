import { useCallback, useRef, useState } from 'preact/hooks';
import { modelName, type StudioModel } from '../models.js';
import type { Answer, Inputs } from '../worker/answer.js';
import { ask } from './studio-worker.js';

export interface Asked<Input> {
  readonly busy: boolean;
  readonly error?: string;
  /** The last input that was answered, and its answer. */
  readonly answered?: { readonly input: Input; readonly answer: Answer };
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Asks a model, one input after the other; what was overtaken by a later input is passed over. */
export function useAnswer<Task extends keyof Inputs>(task: Task, model: StudioModel | undefined) {
  const [asked, setAsked] = useState<Asked<Inputs[Task]>>({ busy: false });
  const latest = useRef(0);
  /** Takes what makes the input, since reading a file may fail as well as answering. */
  const run = useCallback(
    async (input: Inputs[Task] | Promise<Inputs[Task]>) => {
      if (!model) return;
      latest.current += 1;
      const own = latest.current;
      setAsked(({ answered }) => ({ busy: true, ...(answered && { answered }) }));
      const next = await Promise.resolve(input)
        .then(async (ready) => ({ input: ready, answer: await ask(task, modelName(model), ready) }))
        .then(
          (answered): Asked<Inputs[Task]> => ({ busy: false, answered }),
          (error: unknown): Asked<Inputs[Task]> => ({ busy: false, error: messageOf(error) }),
        );
      if (own === latest.current) setAsked(next);
    },
    [task, model],
  );
  const forget = useCallback(() => {
    latest.current += 1;
    setAsked({ busy: false });
  }, []);
  return { asked, run, forget };
}
