import { rgb } from 'd3-color';
import { interpolateInferno } from 'd3-scale-chromatic';

export interface TerminalOptions {
  /** Width of the terminal; less than 24 is taken for 24. */
  columns: number;
  /** Whether to colour the cells (24-bit ANSI); without, they are shaded with block characters. */
  colors: boolean;
}

/** How a terminal shows a weight, 0 to 1, on `width` columns, and what is to stand back. */
export interface Pen {
  cell: (weight: number, width: number) => string;
  faint: (text: string) => string;
}

export function penOf({ colors }: TerminalOptions): Pen {
  return colors
    ? { cell: colored, faint: (text) => `\x1b[2m${text}\x1b[22m` }
    : { cell: shaded, faint: (text) => text };
}

/** Inferno from a little above its black, so that a cell of weight 0 still shows where it stands. */
function colored(weight: number, width: number): string {
  const { r, g, b } = rgb(interpolateInferno(0.06 + 0.92 * weight));
  return `\x1b[48;2;${r};${g};${b}m${' '.repeat(width)}\x1b[49m`;
}

function shaded(weight: number, width: number): string {
  const level = Math.round(weight * 4);
  return level === 0 ? '·'.padStart(width) : '·░▒▓█'.charAt(level).repeat(width);
}
