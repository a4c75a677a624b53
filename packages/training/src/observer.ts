import type { Validation } from './progress.js';

export interface StepReport {
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly loss: number;
  /** The joint norm of all gradients before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Of this session. */
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
}

/** Hears how a training goes: a progress bar, a log. */
export interface TrainingObserver {
  onStart?(start: { readonly step: number; readonly steps: number; readonly parameters: number }): void;
  onStep?(report: StepReport): void;
  onValidation?(validation: Validation & { readonly isBest: boolean }): void;
  onCheckpoint?(step: number): void;
  /** Comes once, after a training that failed too. @param reason why it ended: of a failure, the error's message */
  onEnd?(reason: string): void | Promise<void>;
}
