import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { TrainingObserver } from '../observer.js';

/** The whole lines of a log that tell of steps up to this one. */
function linesUpTo(step: number, path: string): string {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => {
      try {
        return JSON.parse(line).step <= step;
      } catch {
        return false;
      }
    })
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * Appends one JSON object a step, and one a validation, to a file. A training that goes on from a checkpoint first
 * drops what was logged after it, so that every step stands in the log once.
 */
export function jsonLinesLog(path: string): TrainingObserver {
  const append = (entry: object) => appendFileSync(path, `${JSON.stringify(entry)}\n`);
  return {
    onStart({ step }) {
      if (existsSync(path)) writeFileSync(path, linesUpTo(step, path));
    },
    onStep: ({ step, epoch, loss, gradientNorm, learningRate, stepsPerSecond }) =>
      append({ step, epoch, loss, gradientNorm, learningRate, stepsPerSecond }),
    onValidation: ({ step, metrics, isBest }) => append({ step, validation: metrics, isBest }),
  };
}
