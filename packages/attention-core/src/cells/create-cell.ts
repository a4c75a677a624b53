import { GruCell, type GruOptions } from './gru-cell.js';
import { LayerNormGruCell } from './layer-norm-gru-cell.js';
import { LayerNormLstmCell } from './layer-norm-lstm-cell.js';
import { LstmCell } from './lstm-cell.js';
import type { RecurrentCell } from './recurrent-cell.js';
import { StackedCell } from './stacked-cell.js';

export type CellKind = 'gru' | 'lstm';

export interface CellOptions extends GruOptions {
  /** Normalises what goes into the gates (Ba et al. 2016). */
  readonly layerNorm?: boolean;
}

/**
 * @param layers how many cells are stacked, each reading the hidden state of the one below
 * @throws if `reset` is 'before' in a cell that has no such variant
 */
export function createCell(
  kind: CellKind,
  inputs: number,
  units: number,
  random: () => number,
  layers = 1,
  options: CellOptions = {},
): RecurrentCell {
  const bottom = createSingleCell(kind, inputs, units, random, options);
  return Array.from({ length: layers - 1 }).reduce<RecurrentCell>(
    (stack) => new StackedCell(stack, createSingleCell(kind, units, units, random, options), random),
    bottom,
  );
}

function createSingleCell(
  kind: CellKind,
  inputs: number,
  units: number,
  random: () => number,
  { layerNorm = false, ...gru }: CellOptions,
): RecurrentCell {
  if (gru.reset === 'before' && (kind !== 'gru' || layerNorm)) {
    const cell = `${kind}${layerNorm ? ' with layerNorm' : ''}`;
    throw new Error(`reset 'before' is for a gru without layerNorm, not for ${cell}: leave it out`);
  }
  if (layerNorm) return new { gru: LayerNormGruCell, lstm: LayerNormLstmCell }[kind](inputs, units, random);
  return kind === 'gru' ? new GruCell(inputs, units, random, gru) : new LstmCell(inputs, units, random);
}
