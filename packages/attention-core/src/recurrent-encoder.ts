import { dropout, type RandomStream } from '@heed/backend';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type CellKind, type CellOptions, createCell } from './cells/create-cell.js';
import type { RecurrentState } from './cells/recurrent-cell.js';
import { Module } from './module.js';
import { RecurrentLayer, type RecurrentNoise } from './recurrent-layer.js';

export interface RecurrentEncoderOptions extends CellOptions, RecurrentNoise {
  readonly cell: CellKind;
  readonly inputs: number;
  /** Of each direction. */
  readonly units: number;
  readonly layers: number;
  readonly bidirectional: boolean;
  /** Between layers and on the output. */
  readonly dropout: number;
  /**
   * The first layer, counted from 1, whose input is added to its output (Wu et al. 2016, section 3.1, who
   * begin with the third); none if absent.
   */
  readonly residualFrom?: number;
}

export interface Encoded {
  /** [T, B, width] */
  readonly outputs: Tensor3D;
  /** What each layer ends in: forward at the last valid step, and, if bidirectional, backward at the first. */
  readonly final: readonly { readonly forward: RecurrentState; readonly backward?: RecurrentState }[];
}

/** Stacked recurrent layers, in one or both directions (Schuster and Paliwal 1997). */
export class RecurrentEncoder extends Module {
  /** Width of the outputs. */
  readonly width: number;
  private readonly layers: readonly { forward: RecurrentLayer; backward?: RecurrentLayer }[];
  private readonly rate: number;
  private readonly residualFrom: number;

  /** @throws if the residual connections begin with a layer whose input has another width than its output */
  constructor(options: RecurrentEncoderOptions, random: () => number) {
    super(random);
    const { cell, inputs, units, layers, bidirectional, residualFrom } = options;
    this.rate = options.dropout;
    this.width = bidirectional ? 2 * units : units;
    this.residualFrom = residualFrom ?? layers + 1;
    if (this.residualFrom < 2 && inputs !== this.width) {
      throw new Error(
        `residualFrom ${residualFrom}: the first layer reads ${inputs} values and gives ${this.width}; begin with layer 2`,
      );
    }
    this.layers = Array.from({ length: layers }, (_, i) => {
      const layer = (direction: string, reverse: boolean) =>
        this.child(
          `layer_${i}.${direction}`,
          new RecurrentLayer(
            createCell(cell, i === 0 ? inputs : this.width, units, random, 1, options),
            random,
            { ...options, reverse },
          ),
        );
      const forward = layer('forward', false);
      return bidirectional ? { forward, backward: layer('backward', true) } : { forward };
    });
  }

  /**
   * @param inputs [T, B, D]
   * @param mask [T, B, 1] bool
   * @param random draws dropout and zoneout; absent outside of training
   */
  apply(inputs: Tensor3D, mask: Tensor3D, random?: RandomStream): Encoded {
    let outputs = inputs;
    const final = this.layers.map(({ forward, backward }, i) => {
      const ahead = forward.apply(outputs, mask, undefined, random);
      const back = backward?.apply(outputs, mask, undefined, random);
      const dropped = dropout(
        back ? tf.concat([ahead.outputs, back.outputs], 2) : ahead.outputs,
        this.rate,
        random,
      );
      outputs = i + 1 < this.residualFrom ? dropped : tf.add(outputs, dropped);
      return back ? { forward: ahead.final, backward: back.final } : { forward: ahead.final };
    });
    return { outputs, final };
  }
}
