import * as tf from '@tensorflow/tfjs-core';

/** Writes scalars for TensorBoard. */
export interface SummaryWriter {
  scalar(name: string, value: number, step: number): void;
  /** Sends what is buffered to the disk. */
  flush(): void;
}

/**
 * A writer of TensorBoard event files, which TensorFlow itself writes; the folder is made with the first scalar.
 *
 * @returns undefined where another backend than `node` runs
 */
export async function createSummaryWriter(folder: string): Promise<SummaryWriter | undefined> {
  if (tf.getBackend() !== 'tensorflow') return undefined;
  const { node } = await import('@tensorflow/tfjs-node');
  let opened: ReturnType<typeof node.summaryFileWriter> | undefined;
  return {
    scalar(name, value, step) {
      opened ??= node.summaryFileWriter(folder);
      opened.scalar(name, value, step);
    },
    flush: () => opened?.flush(),
  };
}
