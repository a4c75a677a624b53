import type { TrainingObserver, Validation } from '@heed/training';
import type { AttentionTrace } from '@heed/visualization';

/** What only some tasks have a use for, as the command line names it. */
export type TaskOption = 'features' | 'embeddings' | 'dictionary' | 'beam' | 'lengthPenalty' | 'ctcWeight';

export interface TrainRequest {
  readonly data: string;
  readonly out: string;
  readonly preset?: string;
  /** A file. */
  readonly config?: string;
  /** A trained model to start from. */
  readonly from?: string;
  /** The network whose features are read, of tasks that take one. */
  readonly features?: string;
  /** A file of word vectors, of tasks that take one. */
  readonly embeddings?: string;
  /** A pronouncing dictionary, of tasks that take one. */
  readonly dictionary?: string;
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
  readonly features?: string;
  readonly dictionary?: string;
  readonly ctcWeight?: number;
  readonly data: string;
  readonly split: string;
  /** Only so many inputs, from the first. */
  readonly limit?: number;
  readonly onProgress: (done: number, inputs: number) => void;
}

export interface MeasuredMetric {
  readonly name: string;
  readonly score: number;
  readonly signature: string;
  readonly low?: number;
  readonly high?: number;
}

/** A metric that was measured with its interval. */
export const inInterval = (
  name: string,
  { score, low, high, signature }: Required<Omit<MeasuredMetric, 'name'>>,
): MeasuredMetric => ({ name, score, low, high, signature });

export interface Evaluation {
  /** How many inputs, in the task's unit. */
  readonly count: number;
  /** What was searched with, of tasks that search. */
  readonly decoding?: Required<Decoding> & { readonly ctcWeight?: number };
  readonly metrics: readonly MeasuredMetric[];
  /** Of tasks that answer with one of a few labels: how often which was answered, [true label][answer]. */
  readonly confusion?: {
    readonly labels: readonly string[];
    readonly counts: readonly (readonly number[])[];
  };
  /** What answering and scoring took; loading is not in it. */
  readonly seconds: number;
}

export interface Answer {
  readonly text: string;
  /** Of the text, where it was written token by token. */
  readonly tokens?: readonly string[];
  readonly score: number;
  /** Of all that could have been answered, where these are few. */
  readonly probabilities?: Readonly<Record<string, number>>;
  /** How related two sentences are, 1 to 5. */
  readonly relatedness?: number;
  readonly attention?: AttentionTrace;
}

export interface PredictRequest extends Decoding {
  readonly model: string;
  readonly features?: string;
  readonly ctcWeight?: number;
  readonly nBest: number;
}

export interface Predictor {
  /** Whether answers carry attention. */
  readonly attends: boolean;
  /** For each line its best answers, best first, or why it has none. */
  answer(lines: readonly string[]): Promise<Answered[]>;
}

export type Answered = { readonly answers: readonly Answer[] } | { readonly refusal: string };

/** A line that cannot be answered, and why. */
export class RefusedInput extends Error {}

/**
 * Answers the lines that can be; one that cannot keeps no other from its answer.
 *
 * @param prepare makes an input of a line, or throws RefusedInput
 * @param answer for each input its best answers, best first
 */
export async function answerEach<Input>(
  lines: readonly string[],
  prepare: (line: string) => Input | Promise<Input>,
  answer: (inputs: readonly Input[]) => Promise<Answer[][]>,
): Promise<Answered[]> {
  const inputs: Input[] = [];
  const refusals: (string | undefined)[] = [];
  for (const line of lines) {
    try {
      inputs.push(await prepare(line));
      refusals.push(undefined);
    } catch (error) {
      if (!(error instanceof RefusedInput)) throw error;
      refusals.push(error.message);
    }
  }
  const found = await answer(inputs);
  return refusals.map((refusal) =>
    refusal === undefined ? { answers: found.shift() as Answer[] } : { refusal },
  );
}

/** What the verbs need of a task. */
export interface Task {
  /** The model that is used when none is named. */
  readonly defaultModel: string;
  /** What its inputs are called. */
  readonly unit: 'sentences' | 'images' | 'pairs' | 'articles' | 'utterances';
  /** What `predict` is given: lines of text, or names of files. */
  readonly inputs: 'lines' | 'files';
  readonly takes: readonly TaskOption[];
  train(request: TrainRequest): Promise<Trained>;
  evaluate(request: EvaluateRequest): Promise<Evaluation>;
  openPredictor(request: PredictRequest): Promise<Predictor>;
}
