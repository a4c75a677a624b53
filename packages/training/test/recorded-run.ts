import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { TrainingObserver, TrainingProgress } from '../src/index.js';

export interface RecordedRun {
  readonly losses: number[];
  readonly lines: string[];
  /** What a training in a folder takes of it. */
  readonly options: {
    readonly seed: number;
    readonly resume: boolean;
    readonly eager: boolean;
    readonly observers: readonly TrainingObserver[];
    readonly signal: AbortSignal;
    readonly report: (line: string) => void;
  };
}

/** Records every loss and line of a training, and stops it after a step. */
export function recordRun(stopAfter?: number): RecordedRun {
  const losses: number[] = [];
  const lines: string[] = [];
  const controller = new AbortController();
  const observer: TrainingObserver = {
    onStep({ step, loss }) {
      losses.push(loss);
      if (step === stopAfter) controller.abort();
    },
  };
  const report = (line: string) => void lines.push(line);
  const { signal } = controller;
  return {
    losses,
    lines,
    options: { seed: 1, resume: false, eager: false, observers: [observer], signal, report },
  };
}

const MODEL_FILES = [
  'config.json',
  'tokenizer.json',
  'model.safetensors',
  'checkpoint/model.safetensors',
  'checkpoint/optimizer.safetensors',
];

interface FinishedRun {
  readonly losses: readonly number[];
  readonly lines: readonly string[];
  readonly progress: TrainingProgress;
}

/**
 * Trains into two folders, into one of them in two parts, and expects the same losses, models and checkpoints of both, and
 * no tensors left over.
 *
 * @param run trains into a folder of that name
 * @param at the path of such a folder
 * @returns the training that was not stopped, and its training.json
 */
export async function expectSameWhenResumed(
  run: (out: string, changes?: { resume?: boolean }, stopAfter?: number) => Promise<FinishedRun>,
  at: (...names: readonly string[]) => string,
): Promise<FinishedRun & { training: unknown }> {
  const whole = await run('whole');
  const tensors = tf.memory().numTensors;
  const first = await run('stopped', {}, 3);
  expect(first.progress.step).toBe(3);
  const second = await run('stopped', { resume: true });
  expect(tf.memory().numTensors).toBe(tensors);
  expect([...first.losses, ...second.losses]).toEqual(whole.losses);
  expect(second.progress.best).toEqual(whole.progress.best);
  for (const file of MODEL_FILES) {
    expect((await readFile(at('stopped', file))).equals(await readFile(at('whole', file))), file).toBe(true);
  }
  return { ...whole, training: JSON.parse(await readFile(at('whole', 'training.json'), 'utf8')) };
}
