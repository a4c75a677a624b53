import { alignSymbols } from '@heed/evaluation';
import { type AttentionTrace, lookedAt } from '@heed/visualization';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { StudioModel } from '../models.js';
import type { Answer, Inputs } from '../worker/answer.js';
import { describeSpans, spansOf } from './spans.js';
import type { Chosen } from './trace-view.js';
import { useAnswer } from './use-answer.js';

/** Makes the input without some of its places; undefined if they are none that can be left out. */
export type Strike<Input> = (
  input: Input,
  trace: AttentionTrace,
  places: readonly number[],
) => Input | undefined;

interface ErasureProps<Task extends keyof Inputs> {
  readonly task: Task;
  readonly model: StudioModel;
  readonly input: Inputs[Task];
  readonly answer: Answer;
  readonly trace: AttentionTrace;
  readonly chosen: Chosen | undefined;
  readonly strike: Strike<Inputs[Task]>;
  /** What is left of an input, where that is no text. */
  readonly show?: ((input: Inputs[Task]) => ComponentChildren) | undefined;
}

const quoted = (text: string) => `“${text}”`;

/** What places of an input are, in words. */
function describePlaces({ input }: AttentionTrace, places: readonly number[]): string {
  switch (input.kind) {
    case 'tokens':
      return places.map((place) => quoted(input.tokens[place] as string)).join(', ');
    case 'image':
      return `${places.length} of ${input.grid.rows * input.grid.columns} cells of the picture`;
    case 'audio':
      return describeSpans(spansOf(input, places));
  }
}

/** Strikes out what a map points at and asks again: a map alone is not an explanation. */
export function Erasure<Task extends keyof Inputs>({
  task,
  model,
  input,
  answer,
  trace,
  chosen,
  strike,
  show,
}: ErasureProps<Task>) {
  const { asked, run, forget } = useAnswer(task, model);
  const [struck, setStruck] = useState<readonly number[]>([]);
  const [refusal, setRefusal] = useState('');
  const without = (places: readonly number[]) => {
    const left = places.length === 0 ? input : strike(input, trace, places);
    setRefusal(left ? '' : 'That is not part of the input: it cannot be struck out.');
    if (!left) return;
    setStruck(places);
    if (places.length === 0) forget();
    else void run(left);
  };
  const looked = chosen && target(trace, chosen);
  return (
    <section class="card erasure" aria-labelledby={`${task}-erasure`}>
      <h3 id={`${task}-erasure`}>Does it matter?</h3>
      {looked ? (
        <p>
          {looked.says}{' '}
          <button
            type="button"
            onClick={() => without([...new Set([...struck, ...looked.places])].sort((a, b) => a - b))}
          >
            Strike it out
          </button>
        </p>
      ) : (
        <p class="quiet-text">
          {trace.input.kind === 'tokens'
            ? 'Choose a word: of the input, to strike it out; of the output, to strike out what it looked at most. '
            : 'Choose a word of the answer to strike out what it looked at most. '}
          Then see whether the answer changes.
        </p>
      )}
      <div aria-live="polite">
        {refusal && <p class="error">{refusal}</p>}
        {struck.length > 0 && (
          <p>
            Without {describePlaces(trace, struck)}:{' '}
            <button type="button" onClick={() => without([])}>
              Put it back
            </button>
          </p>
        )}
        {asked.error !== undefined && <p class="error">{asked.error}</p>}
        {asked.answered && show?.(asked.answered.input)}
        {asked.answered && <Difference before={answer} after={asked.answered.answer} />}
      </div>
    </section>
  );
}

function target(trace: AttentionTrace, { side, index }: Chosen): { says: string; places: readonly number[] } {
  if (side === 'input') return { says: `${describePlaces(trace, [index])}.`, places: [index] };
  const { places, weight } = lookedAt(trace, index);
  const word = quoted(trace.output.tokens[index] as string);
  return {
    says: `${word} looked at ${describePlaces(trace, places)}, with ${Math.round(100 * weight)} % of its weight.`,
    places,
  };
}

/** Two answers, what they have in common and what not. */
function Difference({ before, after }: { readonly before: Answer; readonly after: Answer }) {
  const chunks = alignSymbols(after.parts, before.parts);
  const same = chunks.every(({ type }) => type === 'equal');
  return (
    <>
      <p class="answer" lang="" dir="auto">
        {chunks.map((chunk) => {
          const was = before.parts.slice(chunk.referenceStart, chunk.referenceEnd).join(' ');
          const is = after.parts.slice(chunk.hypothesisStart, chunk.hypothesisEnd).join(' ');
          const key = `${chunk.referenceStart} ${chunk.hypothesisStart}`;
          if (chunk.type === 'equal') return <span key={key}>{is} </span>;
          return (
            <span key={key}>
              {was && <del>{was}</del>} {is && <ins>{is}</ins>}{' '}
            </span>
          );
        })}
      </p>
      <p class="quiet-text">
        {same ? 'The same answer' : 'Another answer'}; its score was {number(before.score)} and is{' '}
        {number(after.score)}.
      </p>
    </>
  );
}

const number = (value: number) => value.toFixed(2).replace('-', '−');
