import { leaves, rebuild, type TensorTree } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';

/** Applies `fn` to every tensor of a nested container. */
export function mapTensors<Tree extends TensorTree>(tree: Tree, fn: (tensor: tf.Tensor) => tf.Tensor): Tree {
  return rebuild(tree, leaves(tree).map(fn));
}

/** `tf.tidy` for a function that returns a nested container. */
export function tidyTensors<Tree extends TensorTree>(fn: () => Tree): Tree {
  return tf.tidy(() => fn() as tf.TensorContainer) as Tree;
}

/** Disposes every tensor of a nested container. */
export function disposeTensors(tree: TensorTree): void {
  tf.dispose(tree as tf.TensorContainer);
}

/** Takes the given rows (int32) of every tensor in a container, along its first axis. */
export function gatherRows<Tree extends TensorTree>(tree: Tree, rows: tf.Tensor1D): Tree {
  return mapTensors(tree, (tensor) => tf.gather(tensor, rows));
}

/** x [N, M, ...] at each row's own indices [N, k]: [N, k, ...]. What tf.gather's batchDims does, but wrongly on wasm. */
export function gatherEachRow<T extends tf.Tensor>(x: T, indices: tf.Tensor2D): T {
  const [rows, count, ...rest] = x.shape as [number, number, ...number[]];
  const offsets = tf.reshape(tf.range(0, rows * count, count, 'int32'), [rows, 1]);
  const flatIndices = tf.reshape<tf.Rank.R1>(tf.add(indices, offsets), [-1]);
  const flat = tf.gather(tf.reshape(x, [rows * count, ...rest]), flatIndices);
  return tf.reshape(flat, [rows, indices.shape[1], ...rest]) as T;
}

/** [B, ...] -> [B, K, ...] */
export function repeated(tensor: tf.Tensor, times: number): tf.Tensor {
  const copies = [1, times, ...tensor.shape.slice(1).map(() => 1)];
  return tf.tile(tf.expandDims(tensor, 1), copies);
}

/**
 * The size that all tensors in a container have along their first axis.
 *
 * @throws if there are no tensors, no rows, or not equally many everywhere
 */
export function countRows(tree: TensorTree): number {
  const counts = new Set(leaves(tree).map((tensor) => tensor.shape[0] ?? 0));
  const [rows = 0] = counts;
  if (counts.size === 1 && rows > 0) return rows;
  const found = counts.size === 0 ? 'no tensors' : `first axes of ${[...counts].join(', ')}`;
  throw new Error(
    `search: state and constants must hold tensors whose first axis is the number of sentences, but have ${found}`,
  );
}
