import type { TensorTree } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Hypothesis } from './hypothesis.js';
import { countRows, disposeTensors, gatherRows, mapTensors, repeated, tidyTensors } from './rows.js';
import { requireOnePerSentence, requireWhole, type SearchInputs } from './search-options.js';
import { type DeviceOutputs, type DeviceStep, requireInside } from './search-step.js';
import type { RowRequest, SentenceSearch, StepValues } from './sentence-search.js';

/** Batches are not narrowed to fewer sentences than this: a new shape costs more than it saves. */
const smallestBatch = 4;

/** What is the same in every sentence's inputs, checked. */
export interface SentenceInputs {
  /** Its place in the batch. */
  readonly sentence: number;
  readonly maximumLength: number;
  readonly prefix: readonly number[];
}

/**
 * Runs the searches of all sentences of a batch, each with K rows on the device, until all are done. Those that are
 * done leave the batch.
 *
 * @param create makes the search of one sentence
 * @param given further tokens of the inputs, which must be of the step's vocabulary
 */
export async function searchBatch<State extends TensorTree, Constants extends TensorTree>(
  device: DeviceStep<State, Constants>,
  inputs: SearchInputs<State, Constants>,
  { beamSize, end }: { readonly beamSize: number; readonly end: number },
  create: (inputs: SentenceInputs) => SentenceSearch,
  given: readonly number[] = [],
): Promise<Hypothesis[][]> {
  const { state, constants, allowed } = inputs;
  const sentences = countRows([state, constants]);
  const searches = sentenceInputs(inputs, sentences, end).map(create);
  const largest = [given, allowed ?? [], inputs.prefixes ?? []]
    .flat(2)
    .reduce((most, token) => Math.max(most, token), 0);
  let batch = searches;
  let rows: Rows<State, Constants> = tidyTensors(() => ({
    state: mapTensors(state, (tensor) => repeated(tensor, beamSize)),
    constants: mapTensors(constants, tf.clone),
    allowed: allowed && tf.tensor2d(...filled(allowed, -1), 'int32'),
  }));
  try {
    while (batch.some(({ done }) => !done)) {
      const output = runStep(device, rows, batch, beamSize);
      disposeTensors(rows.state);
      rows = { ...rows, state: output.state };
      const values = await download(output);
      requireInside(largest, device.vocabulary());
      for (const [place, search] of batch.entries()) {
        if (!search.done) search.advance(values, place * beamSize);
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
  return searches.map((search) => search.results());
}

/** The batch on the device: state [B, K, ...], a row a beam; constants [B, ...] and allowed [B, A], which beams share. */
type Rows<State, Constants> = {
  readonly state: State;
  readonly constants: Constants;
  readonly allowed: tf.Tensor2D | undefined;
};

function runStep<State extends TensorTree, Constants extends TensorTree>(
  device: DeviceStep<State, Constants>,
  rows: Rows<State, Constants>,
  batch: readonly SentenceSearch[],
  beamSize: number,
): DeviceOutputs<State> {
  const requests = batch.flatMap((search) =>
    Array.from({ length: beamSize }, (_, row) => search.request(row)),
  );
  const shape: [number, number] = [batch.length, beamSize];
  const lists = (of: (request: RowRequest) => readonly number[], padding: number) => {
    const tokens = requests.map(of);
    if (tokens.every(({ length }) => length === 0)) return undefined;
    const [values, [, width]] = filled(tokens, padding);
    return tf.tensor3d(values, [...shape, width], 'int32');
  };
  const column = (of: (request: RowRequest) => number) => tf.tensor2d(Int32Array.from(requests, of), shape);
  const draws = requests.some(({ uniform }) => uniform !== undefined);
  return tidyTensors(() =>
    device.run({
      tokens: column(({ token }) => token),
      parents: column(({ parent }) => parent),
      blocked: lists(({ blocked }) => blocked, -1),
      wanted: lists(({ wanted }) => wanted, 0),
      uniform: draws
        ? tf.tensor2d(
            Float32Array.from(requests, ({ uniform = 0 }) => uniform),
            shape,
          )
        : undefined,
      ...rows,
    }),
  );
}

/** Lists as the rows of a matrix, filled up to a power of two, so that few shapes occur. */
function filled(lists: readonly (readonly number[])[], padding: number): [Int32Array, [number, number]] {
  const longest = Math.max(...lists.map(({ length }) => length));
  const width = 2 ** Math.ceil(Math.log2(Math.max(1, longest)));
  const matrix = new Int32Array(lists.length * width).fill(padding);
  for (const [row, list] of lists.entries()) matrix.set(list, row * width);
  return [matrix, [lists.length, width]];
}

/** Reads what the bookkeeping needs and disposes everything but the state. */
async function download(output: DeviceOutputs<TensorTree>): Promise<StepValues> {
  const { values, candidates, wanted, weights } = output;
  const tensors = [values, candidates, weights, ...(wanted ? [wanted] : [])] as const;
  try {
    const [valuesData, candidatesData, weightsData, wantedData = []] = await Promise.all(
      tensors.map((tensor) => tensor.data()),
    );
    return {
      values: valuesData!,
      candidates: candidatesData!,
      wanted: wantedData,
      weights: weightsData as Float32Array,
      width: values.shape[1],
      wantedWidth: wanted?.shape[1] ?? 0,
      sourceLength: weights.shape[1],
    };
  } finally {
    tf.dispose([...tensors]);
  }
}

/**
 * The places of the sentences to go on with, once clearly fewer would do. Done ones fill the number up to a power of
 * two, so that few shapes occur.
 */
function narrowed(batch: readonly SentenceSearch[]): number[] | undefined {
  const active = [...batch.keys()].filter((place) => !batch[place]!.done);
  const size = Math.max(smallestBatch, 2 ** Math.ceil(Math.log2(active.length)));
  if (active.length === 0 || size > (2 / 3) * batch.length) return undefined;
  const done = [...batch.keys()].filter((place) => batch[place]!.done);
  return [...active, ...done.slice(0, size - active.length)];
}

function sentenceInputs(
  inputs: SearchInputs<unknown, unknown>,
  sentences: number,
  end: number,
): SentenceInputs[] {
  const { maximumLength, allowed = [], prefixes = [] } = inputs;
  const lengths =
    typeof maximumLength === 'number' ? Array<number>(sentences).fill(maximumLength) : maximumLength;
  requireOnePerSentence('maximumLength', lengths, sentences);
  if (inputs.allowed) requireOnePerSentence('allowed', allowed, sentences);
  if (inputs.prefixes) requireOnePerSentence('prefixes', prefixes, sentences);
  for (const token of allowed.flat()) requireWhole('an allowed token', token, 0);
  return lengths.map((length, sentence) => {
    requireWhole('maximumLength', length, 1);
    const prefix = prefixes[sentence] ?? [];
    for (const token of prefix) requireWhole('a token of a prefix', token, 0);
    if (prefix.includes(end)) {
      throw new Error(`search: the prefix of sentence ${sentence} holds the end token ${end}`);
    }
    if (prefix.length > length) {
      throw new Error(
        `search: the prefix of sentence ${sentence} has ${prefix.length} tokens, but its maximumLength is ${length}`,
      );
    }
    return { sentence, maximumLength: length, prefix };
  });
}
