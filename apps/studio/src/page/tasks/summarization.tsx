import { useEffect, useState } from 'preact/hooks';
import { Answered } from '../answered.js';
import { useAnswer } from '../use-answer.js';
import { Examples } from './examples.js';
import type { TabProps } from './tab.js';
import { strikeWords } from './words.js';

const EXAMPLES = [
  'Recurrent networks read long documents word by word and forget how they began. We propose a network that keeps a small memory of sentences and learns which of them to read again. On two data sets of long documents it answers questions more accurately than networks without such a memory, and it shows which sentences an answer rests on.',
  'Mobile robots in warehouses must plan paths that do not collide. We present a distributed algorithm in which every robot plans alone and negotiates with its neighbours where paths cross. Simulations with up to five hundred robots show that paths are almost as short as those of a central planner, at a fraction of its running time.',
  'Spelling errors in queries lower the quality of search engines. This paper studies how users of a library catalogue correct their own queries and uses these corrections to train a spelling corrector without any labelled data. The corrector is small enough to run in a browser.',
] as const;

export function SummarizationTab({ model, fields }: TabProps) {
  const [text, setText] = useState(fields.text ?? EXAMPLES[0]);
  const { asked, run } = useAnswer('summarization', model);
  const summarize = (article: string) => {
    setText(article);
    void run({ text: article });
  };
  useEffect(() => summarize(text), []);
  return (
    <>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          summarize(text);
        }}
      >
        <label>
          <span>Article</span>
          <textarea
            lang="en"
            rows={6}
            maxLength={20_000}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <div class="tools">
          <button type="submit" class="main">
            Summarize
          </button>
          <Examples texts={EXAMPLES} onChoose={(i) => summarize(EXAMPLES[i] as string)} />
        </div>
      </form>
      <Answered
        task="summarization"
        model={model}
        asked={asked}
        link={(input) => ({ tab: 'summarization', fields: { text: input.text } })}
        strike={(_, trace, places) => {
          // The article as it was read: its beginning, in the words of the trace.
          const read = trace.input.kind === 'tokens' ? trace.input.text : '';
          const left = strikeWords(read, trace, places);
          return left === undefined ? undefined : { text: left };
        }}
      >
        {({ copied = [] }) => (
          <p class="card">
            {copied.length > 1 ? (
              <>
                Copied in one piece: <mark>{copied.join(' ')}</mark>
              </>
            ) : (
              'Nothing of it was copied in one piece.'
            )}
          </p>
        )}
      </Answered>
    </>
  );
}
