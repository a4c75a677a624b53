import { dropout, leaves, leavesAs, type RandomStream, rebuild, scan } from '@heed/backend';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { RecurrentCell, RecurrentState } from './cells/recurrent-cell.js';
import { StackedCell } from './cells/stacked-cell.js';
import { Module } from './module.js';

/** How probable it is that a unit keeps its value of the step before. */
export interface Zoneout {
  readonly hidden: number;
  /** Of an LSTM's cell. */
  readonly cell?: number;
}

/** How probable it is that a value is dropped at all steps of a sequence. */
export interface VariationalDropout {
  readonly inputs: number;
  /** Of the hidden state, as the gates read it. */
  readonly recurrent: number;
}

export interface RecurrentNoise {
  /** (Krueger et al. 2017.) Outside of training, the expectation of it. */
  readonly zoneout?: Zoneout;
  /** One mask for all steps (Gal and Ghahramani 2016, section 4), the same for all gates. */
  readonly variationalDropout?: VariationalDropout;
}

export interface RecurrentLayerOptions extends RecurrentNoise {
  /** From the last step to the first; outputs stay in the order of the inputs. */
  readonly reverse?: boolean;
}

/** A cell run over time. Time comes first in all of its tensors. */
export class RecurrentLayer extends Module {
  readonly cell: RecurrentCell;
  private readonly reverse: boolean;
  private readonly zoneout: Zoneout;
  private readonly variational: VariationalDropout;

  /** @throws if a stack of cells is to have zoneout or variational dropout, which act between its cells as well */
  constructor(cell: RecurrentCell, random: () => number, options: RecurrentLayerOptions = {}) {
    super(random);
    const { reverse = false, zoneout, variationalDropout } = options;
    if (cell instanceof StackedCell && (zoneout || variationalDropout)) {
      throw new Error(
        'zoneout and variationalDropout need a layer of one cell, not a StackedCell: stack layers with RecurrentEncoder',
      );
    }
    this.cell = this.child('cell', cell);
    this.reverse = reverse;
    this.zoneout = zoneout ?? { hidden: 0 };
    this.variational = variationalDropout ?? { inputs: 0, recurrent: 0 };
  }

  /**
   * @param inputs [T, B, D]
   * @param mask [T, B, 1] bool: where it is false the state is held, so that padding changes nothing
   * @param initial zero if absent
   * @param random draws zoneout and dropout; absent outside of training
   * @returns outputs [T, B, units], and the state after the last step that is not masked
   */
  apply(
    inputs: Tensor3D,
    mask: Tensor3D,
    initial?: RecurrentState,
    random?: RandomStream,
  ): { outputs: Tensor3D; final: RecurrentState } {
    const { cell, variational } = this;
    const [steps, batch, width] = inputs.shape;
    const start = initial ?? cell.zeroState(batch);
    const projected = cell.project(dropout(inputs, variational.inputs, random, [1, batch, width]));
    const readable =
      random && variational.recurrent > 0
        ? dropout(tf.ones<tf.Rank.R2>([batch, cell.units]), variational.recurrent, random)
        : undefined;
    const rates = Object.keys(start).map((name) => this.zoneout[name as keyof Zoneout] ?? 0);
    const zones = rates.map((rate) =>
      random && rate > 0 ? tf.less(random.uniform([steps, batch, cell.units]), rate) : undefined,
    );
    const { outputs, final } = scan(
      (_, state: RecurrentState, input: StepInput) => {
        const next = cell.step(
          input.projected,
          state,
          readable && (tf.mul(state.hidden, readable) as Tensor2D),
        );
        const before = leaves(state);
        const held = leavesAs(state, next).map((value, i) => {
          const old = before[i] as Tensor;
          return tf.where(input.mask, zoneOut(value, old, rates[i] ?? 0, input.zones[i]), old);
        });
        const kept = rebuild(state, held);
        return { state: kept, output: kept.hidden };
      },
      cell.parameters(),
      start,
      { projected, mask, zones } as unknown as StepInput,
      { reverse: this.reverse },
    );
    return { outputs: outputs as unknown as Tensor3D, final };
  }
}

type StepInput = {
  readonly projected: Tensor2D;
  readonly mask: Tensor2D;
  /** For each tensor of the state, [B, units] bool: where it keeps its value. */
  readonly zones: readonly (Tensor2D | undefined)[];
};

function zoneOut(value: Tensor, old: Tensor, rate: number, zone: Tensor | undefined): Tensor {
  if (rate === 0) return value;
  return zone ? tf.where(zone, old, value) : tf.add(value, tf.mul(tf.sub(old, value), rate));
}
