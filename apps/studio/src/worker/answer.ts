import type { Picture } from '@heed/image-captioning';
import type { Recording } from '@heed/speech-recognition';
import type { AttentionTrace } from '@heed/visualization';

/** What each task is asked. */
export interface Inputs {
  translation: { readonly text: string };
  'image-captioning': { readonly picture: Picture };
  entailment: { readonly premise: string; readonly hypothesis: string };
  'speech-recognition': { readonly recording: Recording };
  summarization: { readonly text: string };
}

/** A hypothesis of a search as it was at some step. */
export interface ShownHypothesis {
  readonly text: string;
  readonly logProbability: number;
  /** Whether the answer grew from it. */
  readonly won: boolean;
}

/** What a step of a search made of what it had to choose from, each list best first. */
export interface ShownStep {
  readonly growing: readonly ShownHypothesis[];
  readonly ended: readonly ShownHypothesis[];
  readonly dropped: readonly ShownHypothesis[];
}

export interface Answer {
  readonly text: string;
  /** The words or symbols of the text, or what was decided: what is compared when an input is struck out. */
  readonly parts: readonly string[];
  /** Log-probability, divided by the search's length penalty where there is a search. */
  readonly score: number;
  /** How related the two sentences are, 1 to 5, of models of entailment that say so. */
  readonly relatedness?: number;
  /** Absent where nothing attends, and where there is nothing to attend to. */
  readonly trace?: AttentionTrace;
  /** How a beam search came to it. */
  readonly steps?: readonly ShownStep[];
  /** What of it stands in the input in one piece. */
  readonly copied?: readonly string[];
}

/** A loaded model, ready to answer. */
export interface OpenModel<Input> {
  /** Side of the pictures that it reads, in pixels. */
  readonly imageSize?: number;
  answer(input: Input): Promise<Answer>;
}
