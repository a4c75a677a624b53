import {
  type AttentionState,
  collectWeights,
  createAttention,
  loadWeights,
  type Memory,
  type StoredTensor,
} from '@heed/attention-core';
import { type Compiled, compile, leaves, randomSource, type SizeTree } from '@heed/backend';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { readBatch, readStored, writeTensors } from './files.js';
import type { AttentionWork } from './protocol.js';
import type { Prepare } from './training.js';

/** A query, what it is compared with, and where a step before has looked. */
type AttentionBatch = {
  /** [B, Q] */
  readonly query: Tensor2D;
  /** [B, S, V] */
  readonly values: Tensor3D;
  /** [B, S] int32: 1 where there is something to attend to */
  readonly valid: Tensor2D;
} & AttentionState;

/** Rows have from half of the places to all of them. */
function createBatch(
  { options: { queryWidth, valueWidth }, batch }: AttentionWork,
  places: number,
  random: () => number,
): Map<string, StoredTensor> {
  const floats = (shape: number[], give: () => number): StoredTensor => {
    const length = shape.reduce((a, b) => a * b, 1);
    return { dtype: 'F32', shape, values: Float32Array.from({ length }, give) };
  };
  const shape = [batch, places];
  const weights = new Float32Array(batch * places);
  const valid = new Int32Array(batch * places);
  for (let begin = 0; begin < valid.length; begin += places) {
    const length = Math.ceil((places * (1 + random())) / 2);
    const shares = Array.from({ length }, random);
    const sum = shares.reduce((a, b) => a + b);
    weights.set(
      shares.map((share) => share / sum),
      begin,
    );
    valid.fill(1, begin, begin + length);
  }
  const even = () => 2 * random() - 1;
  return new Map<string, StoredTensor>([
    ['query', floats([batch, queryWidth], even)],
    ['values', floats([...shape, valueWidth], even)],
    ['valid', { dtype: 'I32', shape, values: valid }],
    ['weights', { dtype: 'F32', shape, values: weights }],
    ['coverage', floats(shape, random)],
    ['steps', floats([batch, 1], () => Math.floor(places / 4))],
  ]);
}

/** Writes a mechanism's weights, and a batch for each number of places. */
export async function createAttentionWork(folder: string, work: AttentionWork): Promise<void> {
  const random = randomSource(1);
  const mechanism = createAttention(work.options, random);
  await writeTensors(folder, 'model', collectWeights(mechanism.namedParameters(), 'F32'));
  for (const places of work.places) {
    await writeTensors(folder, `${places}`, createBatch(work, places, random));
  }
}

type StepInputs = { readonly query: Tensor2D; readonly memory: Memory; readonly state?: AttentionState };

type StepOutputs = {
  /** Of the step after which both sides are compared. */
  readonly compared: Tensor2D;
  readonly context: Tensor2D;
  readonly weights: Tensor2D;
  readonly state?: AttentionState;
};

/** One graph for all batches and lengths. */
function openSizes({ query, memory: { values, keys }, state }: StepInputs): SizeTree {
  const places = ['B', 'S'];
  return {
    query: ['B', query.shape[1]],
    memory: { values: [...places, values.shape[2]], keys: [...places, keys.shape[2]], mask: places },
    ...(state && { state: { weights: places, coverage: places, steps: ['B', 1] } }),
  };
}

/**
 * As many equal calls, one after the other, as the longest memory has times the places of the batch's; the value is the
 * compared contexts, row after row.
 */
export async function attentionTask(
  folder: string,
  { options, decoding, places, steps, comparedAfter }: AttentionWork,
): Promise<Prepare> {
  const mechanism = createAttention(options, () => 0.5);
  loadWeights(mechanism.namedParameters(), await readStored(folder, 'model'), folder);
  const call = ({ query, memory, state: first }: StepInputs): StepOutputs => {
    const step = (asked: Tensor2D, state: AttentionState | undefined) =>
      mechanism.attend(asked, memory, { ...(state && { state }), decoding });
    let found = step(query, first);
    let compared = found.context;
    for (let taken = 2; taken <= steps; taken++) {
      found = step(found.context, found.state);
      if (taken === comparedAfter) compared = found.context;
    }
    const { context, weights, state } = found;
    return { compared, context, weights, ...(state && { state }) };
  };
  let attend: Compiled<typeof call> | undefined;
  return async (name) => {
    const { query, values, valid, ...before } = await readBatch<AttentionBatch>(folder, name);
    const memory = tf.tidy(() => mechanism.memory(values, tf.cast(valid, 'bool')));
    const usesState = tf.tidy(() => mechanism.initialState(memory) !== undefined);
    const inputs: StepInputs = { query, memory, ...(usesState && { state: before }) };
    attend ??= compile(call, { sizes: [openSizes(inputs)], halves: { rows: 'B', atLeast: 4 } });
    const run = attend;
    const first = run(inputs);
    const value = [...first.compared.dataSync()];
    tf.dispose(leaves(first));
    const calls = Math.max(...places) / valid.shape[1];
    return async () => {
      for (let i = 0; i < calls; i++) tf.dispose(leaves(run(inputs)));
      return value;
    };
  };
}
