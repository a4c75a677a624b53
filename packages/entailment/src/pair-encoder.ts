import { LstmCell, Module, RecurrentEncoder, RecurrentLayer, uniform } from '@heed/attention-core';
import { dropout, type RandomStream } from '@heed/backend';
import type { Rank, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkConfig } from './config.js';

/** Words of a sentence as an LSTM reads them. */
export type EmbeddedSentence = {
  /** [T, B, D] */
  readonly words: Tensor3D;
  /** [T, B, 1] bool: false where there is none */
  readonly mask: Tensor3D;
};

/** What an LSTM gives of a sentence. */
export type ReadSentence = {
  /** [T, B, k] */
  readonly outputs: Tensor3D;
  /** [T, B, 1] bool */
  readonly mask: Tensor3D;
  /** The output vector after its last word, [B, k]; of two directions, after the last word of each. */
  readonly last: Tensor2D;
};

export type ReadPair = { readonly premise: ReadSentence; readonly hypothesis: ReadSentence };

/** Reads the two sentences of a pair. */
export abstract class PairEncoder extends Module {
  /** Of the outputs, k. */
  abstract readonly width: number;
  /** @param random absent outside of training */
  abstract apply(premise: EmbeddedSentence, hypothesis: EmbeddedSentence, random?: RandomStream): ReadPair;
}

type Config = Pick<NetworkConfig, 'encoding' | 'sharedEncoder' | 'bidirectional' | 'units' | 'dropout'>;

/** @param inputs width of the words, D */
export const createPairEncoder = (config: Config, inputs: number, random: () => number): PairEncoder =>
  config.encoding === 'apart'
    ? new EncodersApart(config, inputs, random)
    : new ConditionalEncoder(config, inputs, random);

/** Neither sentence is read with the other in mind. */
class EncodersApart extends PairEncoder {
  readonly width: number;
  private readonly premise: RecurrentEncoder;
  private readonly hypothesis: RecurrentEncoder;

  constructor(
    { units, sharedEncoder, bidirectional, dropout }: Config,
    inputs: number,
    random: () => number,
  ) {
    super(random);
    const options = {
      cell: 'lstm',
      inputs,
      units,
      layers: 1,
      bidirectional,
      dropout: dropout.encoder,
    } as const;
    this.premise = this.child('premise', new RecurrentEncoder(options, random));
    this.hypothesis = sharedEncoder
      ? this.premise
      : this.child('hypothesis', new RecurrentEncoder(options, random));
    this.width = this.premise.width;
  }

  apply(premise: EmbeddedSentence, hypothesis: EmbeddedSentence, random?: RandomStream): ReadPair {
    const read = (encoder: RecurrentEncoder, { words, mask }: EmbeddedSentence): ReadSentence => {
      const { outputs, final } = encoder.apply(words, mask, random);
      const ends = final.flatMap(({ forward, backward }) => [
        forward.hidden,
        ...(backward ? [backward.hidden] : []),
      ]);
      return { outputs, mask, last: ends.length === 1 ? (ends[0] as Tensor2D) : tf.concat(ends, 1) };
    };
    return { premise: read(this.premise, premise), hypothesis: read(this.hypothesis, hypothesis) };
  }
}

/**
 * The second LSTM begins with the cell in which the first ended, reads a delimiter, and then the hypothesis
 * (Rocktäschel et al. 2016, section 2.2).
 */
class ConditionalEncoder extends PairEncoder {
  readonly width: number;
  private readonly premise: RecurrentLayer;
  private readonly hypothesis: RecurrentLayer;
  private readonly delimiter: Variable<Rank.R2>;
  private readonly rate: number;

  constructor({ units, sharedEncoder, dropout: { encoder } }: Config, inputs: number, random: () => number) {
    super(random);
    const layer = () => new RecurrentLayer(new LstmCell(inputs, units, random), random);
    this.premise = this.child('premise', layer());
    this.hypothesis = sharedEncoder ? this.premise : this.child('hypothesis', layer());
    this.delimiter = this.parameter('delimiter', [1, inputs], uniform(1));
    this.width = units;
    this.rate = encoder;
  }

  apply(premise: EmbeddedSentence, hypothesis: EmbeddedSentence, random?: RandomStream): ReadPair {
    const first = this.premise.apply(premise.words, premise.mask);
    const { cell } = this.hypothesis;
    const start = { ...first.final, hidden: tf.zerosLike(first.final.hidden) };
    const begun = cell.step(cell.project(this.delimiter), start);
    const second = this.hypothesis.apply(hypothesis.words, hypothesis.mask, begun);
    const drop = (outputs: Tensor3D) => dropout(outputs, this.rate, random);
    return {
      premise: { outputs: drop(first.outputs), mask: premise.mask, last: first.final.hidden },
      hypothesis: { outputs: drop(second.outputs), mask: hypothesis.mask, last: second.final.hidden },
    };
  }
}
