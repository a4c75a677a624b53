import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '@heed/attention-core';
import * as tf from '@tensorflow/tfjs-core';

export type StoredTensors = ReadonlyMap<string, StoredTensor>;

const pathOf = (folder: string, name: string) => join(folder, `${name}.safetensors`);

/** Writes tensors that the other side will read. */
export async function writeTensors(folder: string, name: string, tensors: StoredTensors): Promise<void> {
  await writeFile(pathOf(folder, name), encodeSafetensors(tensors));
}

export async function readStored(folder: string, name: string): Promise<StoredTensors> {
  const path = pathOf(folder, name);
  return decodeSafetensors(await readFile(path), path).tensors;
}

/** A batch as tensors by name. */
export async function readBatch<Batch extends Readonly<Record<string, tf.Tensor>>>(
  folder: string,
  name: string,
): Promise<Batch> {
  const stored = await readStored(folder, name);
  const tensors = [...stored].map(([key, { dtype, shape, values }]) => [
    key,
    tf.tensor(values, [...shape], dtype === 'I32' ? 'int32' : 'float32'),
  ]);
  return Object.fromEntries(tensors) as Batch;
}

/** Whole numbers from `least` up to below `bound`. */
export function randomTokens(
  shape: readonly [number, number],
  [least, bound]: readonly [number, number],
  random: () => number,
): StoredTensor {
  const values = Int32Array.from(
    { length: shape[0] * shape[1] },
    () => least + Math.floor(random() * (bound - least)),
  );
  return { dtype: 'I32', shape, values };
}
