import { sigmoid, tanh } from '@heed/backend';
import type { Rank, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { Linear } from '../linear.js';
import type { AttentionState } from './attention-state.js';
import type { Memory } from './memory.js';
import { places, Window, type WindowOutput, within } from './window.js';

/** The places at most `reach` (D) from p_t = t (Luong et al. 2015, section 3.2, "local-m"). */
export class LocalMonotonicWindow extends Window {
  override readonly usesState = true;

  constructor(
    private readonly options: { readonly reach: number },
    random: () => number,
  ) {
    super(random);
  }

  apply(query: Tensor2D, memory: Memory, state?: AttentionState): WindowOutput {
    if (!state) throw new Error('a local-m window needs the state of the step before');
    const batch = memory.mask.shape[0];
    const step = tf.reshape<Rank.R3>(state.steps, [batch, query.shape[0] / batch, 1]);
    return { mask: within(step, this.options.reach, memory) };
  }
}

/**
 * The places at most `reach` (D) from p_t = S σ(v · tanh(W query)), favouring the middle: the weights are multiplied by
 * exp(-(s - p_t)² / 2σ²) with σ = D / 2 and do not sum to 1 (Luong et al. 2015, section 3.2, "local-p", equations 9
 * and 10). S is the place after the row's last valid one.
 */
export class LocalPredictiveWindow extends Window {
  private readonly inner: Linear;
  private readonly v: Linear;
  private readonly reach: number;

  constructor(
    { reach, queryWidth, units }: { reach: number; queryWidth: number; units: number },
    random: () => number,
  ) {
    super(random);
    if (!(reach > 0)) throw new Error(`a local-p window needs a reach above 0, got ${reach}`);
    this.reach = reach;
    this.inner = this.child('inner', new Linear(queryWidth, units, random, { bias: false }));
    this.v = this.child('v', new Linear(units, 1, random, { bias: false }));
  }

  apply(query: Tensor2D, memory: Memory): WindowOutput {
    const batch = memory.mask.shape[0];
    const share = sigmoid(this.v.apply(tanh(this.inner.apply(query))));
    const valid = tf.expandDims(tf.cast(memory.mask, 'float32'), 1);
    const length = tf.max(tf.mul(valid, tf.add(places(memory), 1)), 2, true);
    const center = tf.mul<Tensor3D>(length, tf.reshape<Rank.R3>(share, [batch, query.shape[0] / batch, 1]));
    const distance = tf.div<Tensor3D>(tf.sub(places(memory), center), this.reach / 2);
    const factor = tf.exp(tf.mul<Tensor3D>(tf.square(distance), -0.5));
    return { mask: within(center, this.reach, memory), factor };
  }
}
