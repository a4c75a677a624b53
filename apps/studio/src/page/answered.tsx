import type { AttentionTrace, Figure } from '@heed/visualization';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { StudioModel } from '../models.js';
import type { Answer, Inputs } from '../worker/answer.js';
import { Erasure, type Strike } from './erasure.js';
import type { Link } from './link.js';
import { Tools } from './tools.js';
import { type Chosen, TraceView } from './trace-view.js';
import type { Asked } from './use-answer.js';

interface AnsweredProps<Task extends keyof Inputs> {
  readonly task: Task;
  readonly model: StudioModel;
  readonly asked: Asked<Inputs[Task]>;
  readonly strike: Strike<Inputs[Task]>;
  /** Leads to an input; undefined where no link can hold it. */
  readonly link?: (input: Inputs[Task]) => Link | undefined;
  readonly onChoose?: (chosen: Chosen, trace: AttentionTrace) => void;
  /** What is to be seen of an answer first of all. */
  readonly lead?: (answer: Answer) => ComponentChildren;
  /** What else there is to see of it. */
  readonly children?: (answer: Answer) => ComponentChildren;
  /** An input that is no text. */
  readonly show?: (input: Inputs[Task]) => ComponentChildren;
}

/** What became of an input: its answer, where the model looked, and what follows from that. */
export function Answered<Task extends keyof Inputs>(props: AnsweredProps<Task>) {
  const { busy, error, answered } = props.asked;
  return (
    <div aria-busy={busy}>
      <p class="status" role="status">
        {busy ? (
          'The model is at work …'
        ) : answered ? (
          <span class="unseen">Answer: {answered.answer.text}</span>
        ) : (
          ''
        )}
      </p>
      {error !== undefined && (
        <p class="card error" role="alert">
          {error}
        </p>
      )}
      {answered && <Shown {...props} {...answered} key={numberOf(answered)} />}
    </div>
  );
}

let answers = 0;
const numbers = new WeakMap<object, number>();

/** Each answer has a view of its own, which forgets what was chosen in another. */
function numberOf(answered: object): number {
  const known = numbers.get(answered);
  if (known !== undefined) return known;
  answers += 1;
  numbers.set(answered, answers);
  return answers;
}

function Shown<Task extends keyof Inputs>({
  task,
  model,
  input,
  answer,
  strike,
  link,
  onChoose,
  lead,
  children,
  show,
}: AnsweredProps<Task> & { readonly input: Inputs[Task]; readonly answer: Answer }) {
  // A matrix is as wide as its sentence; lines are not.
  const [figure, setFigure] = useState<Figure>(() =>
    matchMedia('(max-width: 36rem)').matches ? 'lines' : 'matrix',
  );
  const [chosen, setChosen] = useState<Chosen>();
  const { trace } = answer;
  if (!trace) return <p class="card answer">{answer.text || 'There is nothing to answer.'}</p>;
  const choose = (now: Chosen) => {
    setChosen(now);
    onChoose?.(now, trace);
  };
  return (
    <>
      {lead?.(answer)}
      <TraceView trace={trace} figure={figure} onChoose={choose} />
      <Tools trace={trace} figure={figure} onFigure={setFigure} link={link?.(input)} />
      {children?.(answer)}
      <Erasure {...{ task, model, input, answer, trace, chosen, strike, show }} />
    </>
  );
}
