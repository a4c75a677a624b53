import { useState } from 'preact/hooks';
import type { ShownHypothesis, ShownStep } from '../worker/answer.js';

const FATES = [
  ['growing', 'goes on'],
  ['ended', 'ended'],
  ['dropped', 'given up'],
] as const;

/** A search, one step at a time: what went on, what ended, what was given up. */
export function Beam({ steps }: { readonly steps: readonly ShownStep[] }) {
  const [chosen, setChosen] = useState(1);
  const number = Math.min(chosen, steps.length);
  const step = steps[number - 1];
  if (!step) return null;
  return (
    <details class="card beam">
      <summary>Step through the search</summary>
      <div class="tools">
        <button type="button" disabled={number === 1} onClick={() => setChosen(number - 1)}>
          Back
        </button>
        <label>
          <span>
            Step {number} of {steps.length}
          </span>
          <input
            type="range"
            min={1}
            max={steps.length}
            value={number}
            onInput={({ currentTarget }) => setChosen(Number(currentTarget.value))}
          />
        </label>
        <button type="button" disabled={number === steps.length} onClick={() => setChosen(number + 1)}>
          On
        </button>
      </div>
      <div class="scroller">
        <table>
          <caption>
            What the search had to choose from, with the log-probability of all words so far. The answer grew
            from what is marked ●. Of what was given up, the best are shown.
          </caption>
          <thead>
            <tr>
              <th scope="col">Hypothesis</th>
              <th scope="col">log p</th>
              <th scope="col">Fate</th>
            </tr>
          </thead>
          <tbody>
            {FATES.flatMap(([list, fate]) =>
              step[list].map((hypothesis, i) => (
                <Row key={`${number} ${list} ${i}`} hypothesis={hypothesis} fate={fate} />
              )),
            )}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Row({ hypothesis, fate }: { readonly hypothesis: ShownHypothesis; readonly fate: string }) {
  const { text, logProbability, won } = hypothesis;
  return (
    <tr class={fate === 'given up' ? 'given-up' : ''}>
      <th scope="row" lang="" dir="auto">
        {won && (
          <>
            <span aria-hidden="true">● </span>
            <span class="unseen">on the way to the answer: </span>
          </>
        )}
        {text || '(nothing yet)'}
      </th>
      <td>{logProbability.toFixed(2).replace('-', '−')}</td>
      <td>{fate}</td>
    </tr>
  );
}
