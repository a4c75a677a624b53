import { type AttentionTrace, type Figure, renderSvg } from '@heed/visualization';
import { useState } from 'preact/hooks';
import { formatLink, type Link } from './link.js';
import { pngOf, saveFile } from './save.js';
import { messageOf } from './use-answer.js';

interface ToolsProps {
  readonly trace: AttentionTrace;
  readonly figure: Figure;
  readonly onFigure: (figure: Figure) => void;
  /** Leads to the same input; absent where no link can hold it. */
  readonly link?: Link | undefined;
}

/** How a trace is drawn, and ways to take it along. */
export function Tools({ trace, figure, onFigure, link }: ToolsProps) {
  const [said, setSaid] = useState('');
  const save = async (ending: 'svg' | 'png' | 'json') => {
    try {
      const svg = () => renderSvg(trace, figure);
      const content = {
        svg: async () => new Blob([svg()], { type: 'image/svg+xml' }),
        png: () => pngOf(svg()),
        json: async () => new Blob([`${JSON.stringify(trace)}\n`], { type: 'application/json' }),
      };
      saveFile(`${trace.task}.${ending}`, await content[ending]());
      setSaid(`Saved ${trace.task}.${ending}.`);
    } catch (error) {
      setSaid(messageOf(error));
    }
  };
  const copy = async (target: Link) => {
    const address = new URL(formatLink(target), location.href).href;
    await navigator.clipboard.writeText(address).then(
      () => setSaid('The link is copied.'),
      () => setSaid(address),
    );
  };
  return (
    <div class="tools">
      {trace.input.kind === 'tokens' && (
        <fieldset>
          <legend class="unseen">Figure</legend>
          {(['matrix', 'lines'] as const).map((name) => (
            <button key={name} type="button" aria-pressed={figure === name} onClick={() => onFigure(name)}>
              {name === 'matrix' ? 'Matrix' : 'Lines'}
            </button>
          ))}
        </fieldset>
      )}
      <fieldset>
        <legend class="unseen">Save</legend>
        <button type="button" onClick={() => save('svg')}>
          Save SVG
        </button>
        <button type="button" onClick={() => save('png')}>
          PNG
        </button>
        <button type="button" onClick={() => save('json')}>
          Trace
        </button>
        {link && (
          <button type="button" onClick={() => copy(link)}>
            Copy link
          </button>
        )}
      </fieldset>
      <output>{said}</output>
    </div>
  );
}
