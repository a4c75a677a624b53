export { type AttentionTrace, attentionTraceSchema, parseTrace } from './attention-trace.js';
export { renderHtml } from './html.js';
export { mergeTokens, type TokenGroups } from './merge-tokens.js';
export { renderSvg } from './svg.js';
export { renderTerminal, type TerminalOptions } from './terminal.js';
