import { leaves, rebuild, scan } from '@heed/backend';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { RecurrentCell, RecurrentState } from './cells/recurrent-cell.js';
import { Module } from './module.js';

/** A cell run over time. Time comes first in all of its tensors. */
export class RecurrentLayer extends Module {
  readonly cell: RecurrentCell;
  private readonly reverse: boolean;

  /** @param options.reverse from the last step to the first; outputs stay in the order of the inputs */
  constructor(cell: RecurrentCell, random: () => number, { reverse = false } = {}) {
    super(random);
    this.cell = this.child('cell', cell);
    this.reverse = reverse;
  }

  /**
   * @param inputs [T, B, D]
   * @param mask [T, B, 1] bool: where it is false the state is held, so that padding changes nothing
   * @param initial zero if absent
   * @returns outputs [T, B, units], and the state after the last step that is not masked
   */
  apply(
    inputs: Tensor3D,
    mask: Tensor3D,
    initial?: RecurrentState,
  ): { outputs: Tensor3D; final: RecurrentState } {
    const { cell } = this;
    const batch = inputs.shape[1];
    const { outputs, final } = scan(
      (_, state: RecurrentState, input: { projected: Tensor2D; mask: Tensor2D }) => {
        const next = cell.step(input.projected, state);
        const before = leaves(state);
        const held = leaves(next).map((value, i) => tf.where(input.mask, value, before[i] as Tensor));
        const kept = rebuild(state, held);
        return { state: kept, output: kept.hidden };
      },
      cell.parameters(),
      initial ?? cell.zeroState(batch),
      { projected: cell.project(inputs) as unknown as Tensor2D, mask: mask as unknown as Tensor2D },
      { reverse: this.reverse },
    );
    return { outputs: outputs as unknown as Tensor3D, final };
  }
}
