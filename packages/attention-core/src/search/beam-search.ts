import type { TensorTree } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Hypothesis } from './hypothesis.js';
import { countRows, disposeTensors, gatherRows, mapTensors, tidyTensors } from './rows.js';
import { requireWhole, type SearchInputs, type SearchOptions } from './search-options.js';
import { compileStep, type DeviceOutputs, type DeviceStep, type SearchStep } from './search-step.js';
import { SentenceBeam, type StepValues } from './sentence-beam.js';

export interface BeamSearchOptions extends SearchOptions {
  /** Hypotheses of a sentence that grow side by side. */
  readonly beamSize: number;
  /** The most hypotheses to return for a sentence, at most `beamSize`. Default 1. */
  readonly nBest?: number;
  /** alpha of `gnmtLengthPenalty`, at least 0. Default 0: no penalty. */
  readonly lengthPenalty?: number;
}

/** A beam search whose compiled step is kept from one batch to the next. */
export interface BeamSearch<State, Constants> {
  /**
   * The n-best hypotheses of each sentence, best first, all different. There are fewer where the search ended with
   * fewer.
   *
   * @throws if the numbers of rows differ, or if a step gives NaN
   */
  search(inputs: SearchInputs<State, Constants>): Promise<Hypothesis[][]>;
  /** Unloads the compiled step. */
  dispose(): void;
}

/** Batches are not narrowed to fewer sentences than this: a new shape costs more than it saves. */
const smallestBatch = 4;

/**
 * Beam search with a beam of constant width: in each step the k best continuations that do not end go on, and
 * those that end among the best k are set aside. A sentence is done when k have ended, when no growing hypothesis
 * can come among the n best any more, or at the maximum length, where those that still grow are cut off and
 * compete by their score with the others. With a beam of 1 it is greedy search.
 *
 * Call it after `useBackend()`; `search` serves many batches, one after the other or at once. Create it once, since
 * with it goes the compiled step.
 *
 * @throws if an option is out of its range
 */
export function createBeamSearch<State extends TensorTree, Constants extends TensorTree>(
  step: SearchStep<State, Constants>,
  options: BeamSearchOptions,
): BeamSearch<State, Constants> {
  const { begin, end, beamSize, nBest = 1, lengthPenalty = 0, minimumLength = 0, forbidden = [] } = options;
  for (const token of [begin, end, ...forbidden]) requireWhole('a token', token, 0);
  requireWhole('beamSize', beamSize, 1);
  requireWhole('nBest', nBest, 1);
  requireWhole('minimumLength', minimumLength, 0);
  if (nBest > beamSize) throw new Error(`search: nBest (${nBest}) must be at most beamSize (${beamSize})`);
  if (!(lengthPenalty >= 0 && Number.isFinite(lengthPenalty))) {
    throw new Error(`search: lengthPenalty must be a number of at least 0, got ${lengthPenalty}`);
  }
  if (forbidden.includes(end)) throw new Error(`search: the end token ${end} is forbidden`);

  const beamOptions = { beamSize, nBest, lengthPenalty, minimumLength, end };
  // One more than k a row, so that k are left where the end token must not, or does not, go on.
  const candidates = beamSize === 1 && minimumLength === 0 ? 1 : beamSize + 1;
  const never = [...new Set(begin === end ? forbidden : [begin, ...forbidden])];
  const device = compileStep(step, { forbidden: never, end, beamSize, candidates, sizes: options.sizes });

  return {
    async search({ state, constants, maximumLength }) {
      const sentences = countRows([state, constants]);
      const beams = maximumLengths(maximumLength, sentences).map(
        (most, sentence) => new SentenceBeam(sentence, most, beamOptions),
      );
      let batch = beams;
      let rows: Rows<State, Constants> = tidyTensors(() => ({
        state: mapTensors(state, (tensor) => repeated(tensor, beamSize)),
        constants: mapTensors(constants, tf.clone),
      }));
      try {
        while (batch.some((beam) => !beam.done)) {
          const output = runStep(device, rows, batch, beamSize, begin);
          disposeTensors(rows.state);
          rows = { state: output.state, constants: rows.constants };
          const values = await download(output);
          for (const [place, beam] of batch.entries()) {
            if (!beam.done) beam.advance(values, place * beamSize);
          }
          const staying = narrowed(batch);
          if (staying) {
            const wide = rows;
            rows = tidyTensors(() => gatherRows(wide, tf.tensor1d(staying, 'int32')));
            disposeTensors(wide);
            batch = staying.map((place) => batch[place]!);
          }
        }
      } finally {
        disposeTensors(rows);
      }
      return beams.map((beam) => beam.nBest());
    },
    dispose: () => device.dispose(),
  };
}

/** Beam search of one batch. For many, `createBeamSearch` keeps the compiled step. */
export async function beamSearch<State extends TensorTree, Constants extends TensorTree>(
  step: SearchStep<State, Constants>,
  inputs: SearchInputs<State, Constants>,
  options: BeamSearchOptions,
): Promise<Hypothesis[][]> {
  const beams = createBeamSearch(step, options);
  try {
    return await beams.search(inputs);
  } finally {
    beams.dispose();
  }
}

/** The batch on the device: state [B, K, ...], a row a beam; constants [B, ...], which beams share. */
type Rows<State, Constants> = { readonly state: State; readonly constants: Constants };

function runStep<State extends TensorTree, Constants extends TensorTree>(
  device: DeviceStep<State, Constants>,
  rows: Rows<State, Constants>,
  batch: readonly SentenceBeam[],
  beamSize: number,
  begin: number,
): DeviceOutputs<State> {
  const tokens = new Int32Array(batch.length * beamSize);
  const parents = new Int32Array(batch.length * beamSize);
  for (const [place, sentence] of batch.entries()) {
    for (let beam = 0; beam < beamSize; beam++) {
      const row = place * beamSize + beam;
      const { token, parent } = sentence.row(beam, begin);
      tokens[row] = token;
      parents[row] = place * beamSize + parent;
    }
  }
  const shape: [number, number] = [batch.length, beamSize];
  return tidyTensors(() =>
    device({ tokens: tf.tensor2d(tokens, shape), parents: tf.tensor2d(parents, shape), ...rows }),
  );
}

/** Reads what the bookkeeping needs and disposes everything but the state. */
async function download({ values, candidates, weights }: DeviceOutputs<TensorTree>): Promise<StepValues> {
  const tensors = [values, candidates, weights] as const;
  try {
    const [valuesData, candidatesData, weightsData] = await Promise.all(
      tensors.map((tensor) => tensor.data()),
    );
    return {
      values: valuesData!,
      candidates: candidatesData!,
      weights: weightsData as Float32Array,
      width: values.shape[1],
      sourceLength: weights.shape[1],
    };
  } finally {
    tf.dispose([...tensors]);
  }
}

/** [B, ...] -> [B, K, ...] */
function repeated(tensor: tf.Tensor, times: number): tf.Tensor {
  const copies = [1, times, ...tensor.shape.slice(1).map(() => 1)];
  return tf.tile(tf.expandDims(tensor, 1), copies);
}

/**
 * The places of the sentences to go on with, once clearly fewer would do. Done ones fill the number up to a power of
 * two, so that few shapes occur.
 */
function narrowed(batch: readonly SentenceBeam[]): number[] | undefined {
  const active = [...batch.keys()].filter((place) => !batch[place]!.done);
  const size = Math.max(smallestBatch, 2 ** Math.ceil(Math.log2(active.length)));
  if (active.length === 0 || size > (2 / 3) * batch.length) return undefined;
  const done = [...batch.keys()].filter((place) => batch[place]!.done);
  return [...active, ...done.slice(0, size - active.length)];
}

function maximumLengths(maximumLength: number | readonly number[], sentences: number): readonly number[] {
  const lengths =
    typeof maximumLength === 'number' ? Array<number>(sentences).fill(maximumLength) : maximumLength;
  if (lengths.length !== sentences) {
    throw new Error(`search: maximumLength has ${lengths.length} entries for ${sentences} sentences`);
  }
  for (const length of lengths) requireWhole('maximumLength', length, 1);
  return lengths;
}
