import { bringToLife } from 'virtual:article-script';
import { type AttentionTrace, type Figure, renderArticle } from '@heed/visualization';
import { useEffect, useRef, useState } from 'preact/hooks';

/** A word that was chosen, on either side. */
export interface Chosen {
  readonly side: 'input' | 'output';
  readonly index: number;
}

interface TraceViewProps {
  readonly trace: AttentionTrace;
  readonly figure: Figure;
  readonly onChoose?: (chosen: Chosen) => void;
}

/** How long each word is shown when all are played, in milliseconds. */
const WORD_TIME = 900;

function chosenOf(article: HTMLElement, target: Element): Chosen | undefined {
  for (const side of ['input', 'output'] as const) {
    const index = [...article.querySelectorAll(`.${side} button`)].indexOf(
      target.closest('button') as Element,
    );
    if (index >= 0) return { side, index };
  }
  const index = [...article.querySelectorAll('.part')].indexOf(target.closest('.part') as Element);
  return index < 0 ? undefined : { side: 'output', index };
}

/** A trace as visualization draws it: words that answer to pointer and keyboard, a figure, a table. */
export function TraceView({ trace, figure, onChoose }: TraceViewProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current as HTMLDivElement;
    element.innerHTML = renderArticle(trace, { figure });
    bringToLife(element.firstElementChild as Element);
    // What can be scrolled must be within reach of the keyboard.
    for (const wide of element.querySelectorAll('.matrix, details')) wide.setAttribute('tabindex', '0');
  }, [trace, figure]);
  const choose = ({ target }: Event) => {
    const chosen = chosenOf(host.current as HTMLDivElement, target as Element);
    if (chosen) onChoose?.(chosen);
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the words inside are buttons; their clicks end here. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a button clicks by itself when a key is pressed. */}
      <div ref={host} onClick={choose} />
      {trace.input.kind === 'image' && <PlayWords host={host} words={trace.output.tokens.length} />}
    </>
  );
}

/** Shows one word after the other. */
function PlayWords({
  host,
  words,
}: {
  readonly host: { current: HTMLDivElement | null };
  readonly words: number;
}) {
  const [word, setWord] = useState<number>();
  useEffect(() => {
    if (word === undefined) return;
    const button = host.current?.querySelectorAll('.output button')[word];
    button?.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
    const timer = setTimeout(() => setWord(word + 1 < words ? word + 1 : undefined), WORD_TIME);
    return () => {
      clearTimeout(timer);
      button?.dispatchEvent(new PointerEvent('pointerout', { bubbles: true }));
    };
  }, [word, words, host]);
  return (
    <p class="tools">
      <button type="button" onClick={() => setWord(word === undefined ? 0 : undefined)}>
        {word === undefined ? 'Play the words' : 'Stop'}
      </button>
    </p>
  );
}
