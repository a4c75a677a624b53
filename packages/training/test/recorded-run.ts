import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TrainingObserver } from '../src/index.js';

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

/** Expects two folders to hold the same model, and the same checkpoint. */
export async function expectSameModel(folder: string, other: string): Promise<void> {
  for (const file of ['config.json', 'tokenizer.json', 'model.safetensors', 'checkpoint/model.safetensors']) {
    expect((await readFile(join(folder, file))).equals(await readFile(join(other, file))), file).toBe(true);
  }
}
