import { inkOn, onDark, onLight } from './ramp.js';

const STEPS = Array.from({ length: 101 }, (_, percent) => percent);

function ramp(colorOf: (weight: number) => string): string {
  return STEPS.map((percent) => {
    const color = colorOf(percent / 100);
    return `.w${percent}{--fill:${color};--ink:${inkOn(color)}}`;
  }).join('\n');
}

/** The style of articles, wherever they stand; `.w0` to `.w100` are a weight in percent. */
export const ARTICLE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f4f6f8; --card: #fff; --text: #1d2733; --quiet: #5b6875; --line: #dfe4ea; --mark: #d9480f;
  font: 16px/1.5 Inter, system-ui, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif;
}
${ramp(onLight)}
@media (prefers-color-scheme: dark) {
:root { --page: #0f1216; --card: #171b21; --text: #e6eaef; --quiet: #98a3b0; --line: #2a313a; --mark: #ffa94d; }
${ramp(onDark)}
.ink { filter: invert(1); }
.on-light { display: none; }
}
@media not (prefers-color-scheme: dark) { .on-dark { display: none; } }
.legend { display: flex; align-items: center; gap: 0.5rem; margin-top: 1rem; font-size: 0.8125rem; color: var(--quiet); }
.legend i { display: block; width: 1.25rem; height: 0.75rem; background: var(--fill); }
.legend b { display: flex; border: 1px solid var(--line); border-radius: 4px; overflow: hidden; }
article { margin-top: 1.75rem; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
h2 { margin: 0 0 1rem; font-size: 0.8125rem; font-weight: 500; color: var(--quiet); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.5rem 1.25rem; margin: 0; }
dt { padding-top: 0.4rem; font-size: 0.8125rem; color: var(--quiet); }
dd { margin: 0; font-size: 1.1875rem; }
dd button {
  unicode-bidi: plaintext;
  min-width: 0.6em; margin: 0 -0.06em; padding: 0.12em 0.22em; border: 0; border-radius: 5px; overflow-wrap: anywhere;
  background: var(--fill, transparent); color: var(--ink, inherit); font: inherit; text-align: inherit; cursor: default;
}
dd button.here, dd button:focus-visible { outline: 2px solid var(--mark); outline-offset: -1px; }
.matrix { margin-top: 0.5rem; overflow: auto; }
.matrix svg { display: block; margin-inline: auto; }
.cell { fill: var(--fill); }
.link { fill: none; stroke: var(--mark); }
.link.on { stroke-opacity: 1; }
.pointing .cell:not(.on) { opacity: 0.25; }
.pictures { margin-top: 1.25rem; }
.stage svg { display: block; max-width: 100%; height: auto; margin-inline: auto; border-radius: 8px; }
.pointing .picture { filter: grayscale(1) brightness(0.55); }
.panels { display: flex; flex-wrap: wrap; gap: 1rem 0.875rem; margin: 1.25rem 0 0; padding: 0; list-style: none; }
.part { display: flex; flex-direction: column; align-items: center; font-size: 0.8125rem; line-height: 1.3; }
.part b { max-width: 9.375rem; margin-bottom: 0.3rem; font-weight: 500; overflow-wrap: anywhere; }
.part svg { display: block; }
.part small { color: var(--quiet); font-variant-numeric: tabular-nums; }
.panels .on > svg:first-of-type { outline: 2px solid var(--mark); outline-offset: 1px; }
.quiet { fill: var(--quiet); }
.line { fill: var(--line); }
.found { fill: none; stroke: var(--mark); stroke-width: 2; opacity: 0; pointer-events: none; }
.on .found { opacity: 1; }
.on text { font-weight: 700; }
rect.cell:hover { stroke: var(--mark); stroke-width: 2; }
details { margin-top: 1rem; border-top: 1px solid var(--line); padding-top: 0.75rem; font-size: 0.8125rem; overflow: auto; }
summary { color: var(--quiet); cursor: pointer; }
table { border-collapse: collapse; margin-top: 0.75rem; font-variant-numeric: tabular-nums; }
caption { text-align: start; color: var(--quiet); padding-bottom: 0.5rem; }
th, td { padding: 0.2rem 0.6rem; text-align: end; border-bottom: 1px solid var(--line); font-weight: 400; }
th { font-weight: 600; }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; gap: 0; } article { padding: 1rem; } }
@media print { article { break-inside: avoid; } details { display: none; } }
`;

/** The page's style. */
export const PAGE_STYLE = `${ARTICLE_STYLE}
body { margin: 0; background: var(--page); color: var(--text); }
main { max-width: 64rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { margin: 0; font-size: 1.75rem; letter-spacing: -0.02em; }
header p { margin: 0.25rem 0 0; color: var(--quiet); }
@media print { body { background: none; } }
`;
