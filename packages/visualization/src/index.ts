export { type AttentionTrace, attentionTraceSchema, parseTrace } from './attention-trace.js';
export { toBase64 } from './base64.js';
export { renderHtml } from './html.js';
export { type LineChart, renderLineChart } from './line-chart.js';
export { mergeTokens, type TokenGroups } from './merge-tokens.js';
export type { TerminalOptions } from './shade.js';
export { renderSvg } from './svg.js';
export { renderTerminal } from './terminal.js';
