import type { TrainingObserver, Validation } from '@heed/training';
import type { AttentionTrace } from '@heed/visualization';

export interface TrainRequest {
  readonly data: string;
  readonly out: string;
  readonly preset?: string;
  /** A file. */
  readonly config?: string;
  /** A trained model to start from. */
  readonly from?: string;
  readonly seed?: number;
  readonly resume: boolean;
  readonly eager: boolean;
  readonly observers: readonly TrainingObserver[];
  readonly signal: AbortSignal;
  readonly report: (line: string) => void;
}

export interface Trained {
  readonly best: Validation | undefined;
  /** Why it ended. */
  readonly reason: string;
  /** Whether it came to its end, and was not stopped. */
  readonly complete: boolean;
}

export interface Decoding {
  readonly beam?: number;
  readonly lengthPenalty?: number;
}

export interface EvaluateRequest extends Decoding {
  readonly model: string;
  readonly data: string;
  readonly split: string;
  /** Only so many sentences, from the first. */
  readonly limit?: number;
  readonly onProgress: (done: number, sentences: number) => void;
}

export interface Evaluation {
  readonly sentences: number;
  readonly beam: number;
  readonly lengthPenalty: number;
  readonly metrics: readonly {
    readonly name: string;
    readonly score: number;
    readonly signature: string;
    readonly low?: number;
    readonly high?: number;
  }[];
  /** What translating and scoring took; loading is not in it. */
  readonly seconds: number;
}

export interface Answer {
  readonly text: string;
  readonly tokens: readonly string[];
  readonly score: number;
  readonly attention?: AttentionTrace;
}

export interface PredictRequest extends Decoding {
  readonly model: string;
  readonly nBest: number;
}

export interface Predictor {
  /** Whether answers carry attention. */
  readonly attends: boolean;
  /** Why a line cannot be answered; undefined if it can. */
  refuse(line: string): string | undefined;
  /** For each line its best answers, best first. */
  answer(lines: readonly string[]): Promise<Answer[][]>;
}

/** What the verbs need of a task. */
export interface Task {
  /** The model that is used when none is named. */
  readonly defaultModel: string;
  train(request: TrainRequest): Promise<Trained>;
  evaluate(request: EvaluateRequest): Promise<Evaluation>;
  openPredictor(request: PredictRequest): Promise<Predictor>;
}
