import { useEffect, useState } from 'preact/hooks';
import type { Answer, Inputs } from '../../worker/answer.js';
import { Answered } from '../answered.js';
import { useAnswer } from '../use-answer.js';
import { Examples } from './examples.js';
import type { TabProps } from './tab.js';
import { strikeWords } from './words.js';

type Pair = Inputs['entailment'];

const EXAMPLES: readonly Pair[] = [
  { premise: 'A brown dog is running on the beach', hypothesis: 'An animal is running outdoors' },
  { premise: 'A brown dog is running on the beach', hypothesis: 'A dog is sleeping on the beach' },
  {
    premise: 'Two children are playing in the snow',
    hypothesis: 'There are no children playing in the snow',
  },
  { premise: 'A man is playing a guitar', hypothesis: 'A man is playing a song for his friends' },
];

export function EntailmentTab({ model, fields }: TabProps) {
  const [first] = EXAMPLES as readonly [Pair, ...Pair[]];
  const [pair, setPair] = useState<Pair>({
    premise: fields.premise ?? first.premise,
    hypothesis: fields.hypothesis ?? first.hypothesis,
  });
  const { asked, run } = useAnswer('entailment', model);
  const judge = (next: Pair) => {
    setPair(next);
    void run(next);
  };
  useEffect(() => judge(pair), []);
  return (
    <>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          judge(pair);
        }}
      >
        {(['premise', 'hypothesis'] as const).map((side) => (
          <label key={side}>
            <span>{side === 'premise' ? 'Premise' : 'Hypothesis'}</span>
            <input
              type="text"
              lang="en"
              maxLength={2000}
              value={pair[side]}
              onInput={({ currentTarget }) => setPair({ ...pair, [side]: currentTarget.value })}
            />
          </label>
        ))}
        <div class="tools">
          <button type="submit" class="main">
            Compare
          </button>
          <Examples
            texts={EXAMPLES.map(({ premise, hypothesis }) => `${premise} / ${hypothesis}`)}
            onChoose={(i) => judge(EXAMPLES[i] as Pair)}
          />
        </div>
      </form>
      <Answered
        task="entailment"
        model={model}
        asked={asked}
        link={(input) => ({ tab: 'entailment', fields: { ...input } })}
        strike={(input, trace, places) => {
          const left = strikeWords(input.premise, trace, places);
          return left === undefined ? undefined : { ...input, premise: left };
        }}
        lead={(answer) => <Verdict answer={answer} />}
      />
    </>
  );
}

/** How probable each label is, and how related the sentences are where the model says so. */
function Verdict({ answer: { trace, relatedness } }: { readonly answer: Answer }) {
  const label = trace?.label;
  if (!label) return null;
  return (
    <table class="card verdict">
      <caption>
        Verdict: <strong>{label.name}</strong>
      </caption>
      <tbody>
        {Object.entries(label.probabilities).map(([name, probability]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{(100 * probability).toFixed(1)} %</td>
            <td aria-hidden="true">
              <progress max={1} value={probability} />
            </td>
          </tr>
        ))}
      </tbody>
      {relatedness !== undefined && (
        <tfoot>
          <tr>
            <th scope="row">relatedness</th>
            <td>{relatedness.toFixed(1)}</td>
            <td>from 1 to 5</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}
