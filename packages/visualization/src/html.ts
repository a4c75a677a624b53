import { sha256 } from '@noble/hashes/sha2.js';
import type { AttentionTrace } from './attention-trace.js';
import { drawMatrix } from './matrix.js';
import { PAGE_SCRIPT } from './page-script.js';
import { PAGE_STYLE } from './page-style.js';
import { escapeMarkup } from './printable.js';

const OUTPUT_LABELS: Record<AttentionTrace['task'], string> = {
  translation: 'Translation',
  'image-captioning': 'Caption',
  entailment: 'Hypothesis',
  'speech-recognition': 'Transcript',
  summarization: 'Summary',
};

/**
 * One page that needs nothing else and may load nothing: each sentence with its output, whose words shade
 * their partners when pointed at or focused, its attention matrix, and the weights as a table. Light or dark
 * as the reader prefers. The same traces give the same text.
 */
export function renderHtml(traces: readonly AttentionTrace[]): string {
  const policy = [
    "default-src 'none'",
    `style-src '${digest(PAGE_STYLE)}'`,
    `script-src '${digest(PAGE_SCRIPT)}'`,
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
<p>Point at a word, or move to it with the tab key, to see the words it goes with.</p>
<div class="legend" aria-hidden="true">weight 0<b>${legend()}</b>1</div>
</header>
${traces.map((trace, i) => article(trace, i, traces.length)).join('\n')}
</main>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

function article(trace: AttentionTrace, index: number, count: number): string {
  const { input, output, weights } = trace;
  const facts = [
    `${index + 1} of ${count}`,
    ...(trace.model === undefined ? [] : [trace.model]),
    ...(trace.score === undefined ? [] : [`score ${trace.score.toFixed(2).replace('-', '−')}`]),
  ];
  const rounded = weights.map((row) => row.map((weight) => Math.round(weight * 1e4) / 1e4));
  const matrix = drawMatrix(trace, {
    root: 'aria-hidden="true"',
    background: () => '',
    cell: (weight) => `class="cell w${Math.round(weight * 100)}"`,
    text: 'fill="currentColor"',
  });
  return `<article data-weights="${JSON.stringify(rounded)}">
<h2>${escapeMarkup(facts.join(' · '))}</h2>
<dl>
<dt>Source</dt><dd class="input" lang="" dir="auto">${words(input.tokens)}</dd>
<dt>${OUTPUT_LABELS[trace.task]}</dt><dd class="output" lang="" dir="auto">${words(output.tokens)}</dd>
</dl>
<div class="matrix">
${matrix}
</div>
<details>
<summary>The weights as a table</summary>
${table(trace)}
</details>
</article>`;
}

function words(tokens: readonly string[]): string {
  return tokens.map((token) => `<button type="button">${escapeMarkup(token)}</button>`).join(' ');
}

function table({ input, output, weights }: AttentionTrace): string {
  const head = input.tokens.map((token) => `<th scope="col">${escapeMarkup(token)}</th>`).join('');
  const rows = weights.map((row, i) => {
    const cells = row.map((weight) => `<td>${weight.toFixed(2)}</td>`).join('');
    return `<tr><th scope="row">${escapeMarkup(output.tokens[i]!)}</th>${cells}</tr>`;
  });
  return `<table>
<caption>How much each output word (rows) attends to each input word (columns), from 0 to 1</caption>
<thead><tr><td></td>${head}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}

function legend(): string {
  return Array.from({ length: 11 }, (_, i) => `<i class="w${i * 10}"></i>`).join('');
}

/** As a Content-Security-Policy names an inline script or style that may stand in the page. */
function digest(text: string): string {
  return `sha256-${btoa(String.fromCharCode(...sha256(new TextEncoder().encode(text))))}`;
}
