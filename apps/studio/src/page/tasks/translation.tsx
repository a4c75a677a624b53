import { useEffect, useState } from 'preact/hooks';
import type { StudioModel } from '../../models.js';
import { Answered } from '../answered.js';
import { Beam } from '../beam.js';
import { fixedVectorModelOf } from '../models-here.js';
import { useAnswer } from '../use-answer.js';
import { Examples } from './examples.js';
import type { TabProps } from './tab.js';
import { strikeWords } from './words.js';

const EXAMPLES = [
  'Une petite fille en robe rouge joue dans le jardin.',
  'Un vieil homme lit le journal dans un café.',
  'Je ne comprends pas ce que tu veux dire.',
  'Où est la gare ?',
  'Un homme en chemise bleue répare le toit d’une maison blanche pendant que deux enfants jouent aux échecs dans le jardin et qu’une femme aux cheveux noirs lit le journal dans un café de l’autre côté de la rue.',
] as const;

export function TranslationTab({ model, fields }: TabProps) {
  const [text, setText] = useState(fields.text ?? EXAMPLES[0]);
  const { asked, run } = useAnswer('translation', model);
  const fixed = fixedVectorModelOf('translation');
  const translate = (source: string) => {
    setText(source);
    void run({ text: source });
  };
  useEffect(() => translate(text), []);
  return (
    <>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          translate(text);
        }}
      >
        <label>
          <span>French</span>
          <textarea
            lang="fr"
            rows={2}
            maxLength={2000}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <div class="tools">
          <button type="submit" class="main">
            Translate
          </button>
          <Examples texts={EXAMPLES} onChoose={(i) => translate(EXAMPLES[i] as string)} />
        </div>
      </form>
      <Answered
        task="translation"
        model={model}
        asked={asked}
        link={(input) => ({ tab: 'translation', fields: { text: input.text } })}
        strike={(input, trace, places) => {
          const left = strikeWords(input.text, trace, places);
          return left === undefined ? undefined : { text: left };
        }}
      >
        {({ steps }) => (
          <>
            {fixed && asked.answered && <FixedVector model={fixed} text={asked.answered.input.text} />}
            {steps && <Beam steps={steps} />}
          </>
        )}
      </Answered>
    </>
  );
}

/** The same sentence by a model that reads it into one vector. */
function FixedVector({ model, text }: { readonly model: StudioModel; readonly text: string }) {
  const { asked, run } = useAnswer('translation', model);
  useEffect(() => void run({ text }), [text, run]);
  return (
    <section class="card" aria-labelledby="fixed-vector">
      <h3 id="fixed-vector">With one fixed vector</h3>
      <p class="answer" aria-live="polite">
        {asked.busy ? '…' : (asked.error ?? asked.answered?.answer.text)}
      </p>
      <p class="quiet-text">{model.knows} It fails as sentences grow long: attention is what mends that.</p>
    </section>
  );
}
