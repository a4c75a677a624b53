import type { AttentionTrace } from './attention-trace.js';
import { policySource } from './fingerprint.js';
import { describeLabel } from './label.js';
import { wordButtons } from './page-elements.js';
import { PAGE_SCRIPT } from './page-script.js';
import { PAGE_STYLE } from './page-style.js';
import { escapeMarkup } from './printable.js';
import { type Figure, viewOf } from './views/view.js';

const NAMES: Record<AttentionTrace['task'], { input: string; output: string }> = {
  translation: { input: 'Source', output: 'Translation' },
  'image-captioning': { input: 'Picture', output: 'Caption' },
  entailment: { input: 'Premise', output: 'Hypothesis' },
  'speech-recognition': { input: 'Recording', output: 'Transcript' },
  summarization: { input: 'Source', output: 'Summary' },
};

/**
 * One page that needs nothing else and may load nothing: each input with its output, whose words show what
 * they attended to when pointed at or focused, a drawing of the attention, and its weights as a table. Light or
 * dark as the reader prefers. The same traces give the same text.
 */
export function renderHtml(traces: readonly AttentionTrace[]): string {
  const hints = new Set(traces.map((trace) => viewOf(trace).hint));
  const overTokens = traces.some(({ input }) => input.kind === 'tokens');
  const policy = [
    "default-src 'none'",
    `style-src '${policySource(PAGE_STYLE)}'`,
    `script-src '${policySource(PAGE_SCRIPT)}'`,
    ...(traces.every(({ input }) => input.kind === 'tokens') ? [] : ['img-src data:']),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Attention</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<header>
<h1>Attention</h1>
${[...[...hints].map((hint) => `<p>${hint}</p>`), ...(overTokens ? [legend()] : [])].join('\n')}
</header>
${traces.map((trace, i) => renderArticle(trace, { place: `${i + 1} of ${traces.length}` })).join('\n')}
</main>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

export interface ArticleOptions {
  /** Said first of all, such as which of several it is. */
  readonly place?: string;
  /** For words over words. Default: the matrix. */
  readonly figure?: Figure;
}

/**
 * One trace as an `article` element of HTML, all text in it escaped, for a page that has `ARTICLE_STYLE` and runs
 * `ARTICLE_SCRIPT` on it.
 */
export function renderArticle(trace: AttentionTrace, options: ArticleOptions = {}): string {
  const { task, output, label, model, score } = trace;
  const { weights, input, figure, table } = viewOf(trace).article(trace, options.figure);
  const facts = [
    ...(options.place === undefined ? [] : [options.place]),
    ...(model === undefined ? [] : [model]),
    ...(score === undefined ? [] : [`score ${score.toFixed(2).replace('-', '−')}`]),
  ];
  const said = [
    { name: NAMES[task].input, kind: 'input', content: input },
    { name: NAMES[task].output, kind: 'output', content: wordButtons(output.tokens) },
    ...(label === undefined
      ? []
      : [{ name: 'Label', kind: 'label', content: escapeMarkup(describeLabel(label)) }]),
  ];
  const lines = said.map(
    ({ name, kind, content }) => `<dt>${name}</dt><dd class="${kind}" lang="" dir="auto">${content}</dd>`,
  );
  return `<article${weights === undefined ? '' : ` data-weights="${JSON.stringify(weights)}"`}>
<h2>${escapeMarkup(facts.join(' · '))}</h2>
<dl>
${lines.join('\n')}
</dl>
${figure}
<details>
<summary>The weights as a table</summary>
${table}
</details>
</article>`;
}

function legend(): string {
  const steps = Array.from({ length: 11 }, (_, i) => `<i class="w${i * 10}"></i>`);
  return `<div class="legend" aria-hidden="true">weight 0<b>${steps.join('')}</b>1</div>`;
}
