import { GruCell } from './gru-cell.js';
import { LstmCell } from './lstm-cell.js';
import type { RecurrentCell } from './recurrent-cell.js';
import { StackedCell } from './stacked-cell.js';

export type CellKind = 'gru' | 'lstm';

const cells = { gru: GruCell, lstm: LstmCell };

/** @param layers how many cells are stacked, each reading the hidden state of the one below */
export function createCell(
  kind: CellKind,
  inputs: number,
  units: number,
  random: () => number,
  layers = 1,
): RecurrentCell {
  const bottom: RecurrentCell = new cells[kind](inputs, units, random);
  return Array.from({ length: layers - 1 }).reduce<RecurrentCell>(
    (stack) => new StackedCell(stack, new cells[kind](units, units, random), random),
    bottom,
  );
}
