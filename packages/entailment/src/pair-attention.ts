import { type AttentionMechanism, createAttention, Linear, type Memory } from '@heed/attention-core';
import { scan, tanh } from '@heed/backend';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { batchFirst, type Compared, Comparison, rowsOf } from './comparison.js';
import type { ReadPair, ReadSentence } from './pair-encoder.js';

/** The parts that both attentions of Rocktäschel et al. 2016 have. */
abstract class PairAttention extends Comparison {
  readonly width: number;
  protected readonly attention: AttentionMechanism;
  private readonly projectRead: Linear;
  private readonly projectLast: Linear;

  /** @param width of the LSTMs' outputs, k @param queryWidth of what attends */
  constructor(width: number, queryWidth: number, random: () => number) {
    super(random);
    this.width = width;
    // M = tanh(Wʸ Y + Wʰ h), α = softmax(wᵀ M): equations 7 and 8, or 11 and 12, with a bias.
    this.attention = this.child(
      'attention',
      createAttention({ score: 'additive', queryWidth, valueWidth: width, units: width }, random),
    );
    this.projectRead = this.child('project_read', new Linear(width, width, random, { bias: false }));
    this.projectLast = this.child('project_last', new Linear(width, width, random));
  }

  protected memory({ outputs, mask }: ReadSentence): Memory {
    return this.attention.memory(batchFirst(outputs), rowsOf(mask));
  }

  /** h* = tanh(Wᵖ r + Wˣ h_N): equations 10 and 14, with a bias. */
  protected combine(read: Tensor2D, last: Tensor2D): Tensor2D {
    return tanh(tf.add(this.projectRead.apply(read), this.projectLast.apply(last)));
  }
}

/** The whole hypothesis attends to the premise, once (section 2.3). */
export class LastAttention extends PairAttention {
  constructor(width: number, random: () => number) {
    super(width, width, random);
  }

  apply({ premise, hypothesis }: ReadPair): Compared {
    // r = Y αᵀ: equation 9.
    const { context, weights } = this.attention.attend(hypothesis.last, this.memory(premise));
    return {
      features: this.combine(context, hypothesis.last),
      weights: tf.expandDims<Tensor3D>(weights, 0),
    };
  }
}

/** Each word of the hypothesis attends to the premise, knowing what was read of it so far (section 2.4). */
export class WordByWordAttention extends PairAttention {
  private readonly carry: Linear;

  constructor(width: number, random: () => number) {
    super(width, 2 * width, random);
    this.carry = this.child('carry', new Linear(width, width, random, { bias: false }));
  }

  apply({ premise, hypothesis }: ReadPair): Compared {
    const { outputs, mask, last } = hypothesis;
    const { final, outputs: weights } = scan(
      ({ memory }, read: Tensor2D, word: { hidden: Tensor2D; mask: Tensor2D }) => {
        // Wʰ h_t + Wʳ r_{t-1} is one product, of both side by side: equations 11 and 12.
        const attended = this.attention.attend(tf.concat([word.hidden, read], 1), memory);
        // r_t = Y α_tᵀ + tanh(Wᵗ r_{t-1}): equation 13.
        const next = tf.add<Tensor2D>(attended.context, tanh(this.carry.apply(read)));
        return { state: tf.where(word.mask, next, read), output: attended.weights };
      },
      { weights: this.parameters(), memory: this.memory(premise) },
      tf.zerosLike(last),
      { hidden: outputs, mask } as unknown as { hidden: Tensor2D; mask: Tensor2D },
    );
    return { features: this.combine(final, last), weights: weights as unknown as Tensor3D };
  }
}
