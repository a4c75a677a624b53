import { rgb } from 'd3-color';
import { interpolateInferno } from 'd3-scale-chromatic';
import stringWidth from 'string-width';
import type { AttentionTrace } from './attention-trace.js';
import { printable, truncate } from './printable.js';
import { strongest } from './strongest.js';

export interface TerminalOptions {
  /** Width of the terminal; less than 24 is taken for 24. */
  columns: number;
  /** Whether to colour the cells (24-bit ANSI); without, they are shaded with block characters. */
  colors: boolean;
}

const CELL_WIDTH = 2;
const LONGEST_LABEL = 18;

/**
 * The attention matrix for a terminal, lines without a newline at the end: input words across the top, each
 * on its own step with a line down to its column, output words down the side, and behind each row the word
 * that it attended to most. Too wide a matrix is cut into several, one below the other.
 */
export function renderTerminal(trace: AttentionTrace, options: TerminalOptions): string {
  const columns = Math.max(24, Math.floor(options.columns));
  const longest = Math.min(LONGEST_LABEL, Math.floor((columns - 8) / 3));
  const inputs = trace.input.tokens.map((token) => truncate(printable(token), longest));
  const outputs = trace.output.tokens.map((token) => truncate(printable(token), longest));
  const labelWidth = Math.max(0, ...outputs.map((label) => stringWidth(label)));
  const noteWidth = Math.max(0, ...inputs.map((label) => stringWidth(label))) + '  ←  0.00'.length;
  const cellsPerBlock = Math.max(1, Math.floor((columns - labelWidth - 1 - noteWidth) / CELL_WIDTH));

  const paint = options.colors ? colored : shaded;
  const faint = options.colors ? (text: string) => `\x1b[2m${text}\x1b[22m` : (text: string) => text;
  const blocks: string[] = [];
  for (let start = 0; start < inputs.length; start += cellsPerBlock) {
    const end = Math.min(inputs.length, start + cellsPerBlock);
    const header = stairs(inputs.slice(start, end), columns - labelWidth - 1, faint);
    const rows = trace.weights.map((weights, i) => {
      const label = ' '.repeat(labelWidth - stringWidth(outputs[i]!)) + outputs[i]!;
      const cells = weights.slice(start, end).map(paint).join('');
      const best = strongest(weights);
      const note = `  ${faint('←')} ${inputs[best]} ${faint(weights[best]!.toFixed(2))}`;
      return `${label} ${cells}${best >= start && best < end ? note : ''}`;
    });
    blocks.push([...header.map((line) => `${' '.repeat(labelWidth)} ${line}`), ...rows].join('\n'));
  }
  return blocks.join('\n\n');
}

/** Words above their columns, one to a step, with a line from each down to its column. */
function stairs(words: readonly string[], width: number, faint: (text: string) => string): string[] {
  const line = faint('│') + ' '.repeat(CELL_WIDTH - 1);
  return words.map((word, i) => line.repeat(i) + truncate(word, Math.max(1, width - i * CELL_WIDTH)));
}

/** Inferno from a little above its black, so that a cell of weight 0 still shows where it stands. */
function colored(weight: number): string {
  const { r, g, b } = rgb(interpolateInferno(0.06 + 0.92 * weight));
  return `\x1b[48;2;${r};${g};${b}m${' '.repeat(CELL_WIDTH)}\x1b[49m`;
}

function shaded(weight: number): string {
  return [' ·', '░░', '▒▒', '▓▓', '██'][Math.round(weight * 4)]!;
}
