import type { AttentionTrace } from './attention-trace.js';
import { describeLabel } from './label.js';
import { printable, truncate } from './printable.js';
import type { TerminalOptions } from './shade.js';
import { viewOf } from './views/view.js';

/**
 * The attention for a terminal, lines without a newline at the end. Over words, their matrix, folded where it is
 * too wide; over an image, a map of blocks for each output word; over audio, a bar of time for each symbol. What
 * was decided about the whole stands below.
 */
export function renderTerminal(trace: AttentionTrace, options: TerminalOptions): string {
  const columns = Math.max(24, Math.floor(options.columns));
  const drawn = viewOf(trace).terminal(trace, { ...options, columns });
  if (trace.label === undefined) return drawn;
  return `${drawn}\n\n${truncate(printable(describeLabel(trace.label)), columns)}`;
}
