import type { AttentionOptions } from '@heed/attention-core';

/** What both sides build from: sizes by name. */
export type Sizes = Readonly<Record<string, number>>;

export interface TranslationSizes extends Sizes {
  readonly vocabulary: number;
  readonly embedding: number;
  readonly encoderUnits: number;
  readonly decoderUnits: number;
  readonly attention: number;
  /** Sentences. */
  readonly batch: number;
  /** Tokens of each source sentence. */
  readonly source: number;
  /** Tokens of each target sentence. */
  readonly target: number;
}

export interface DecodingSizes extends TranslationSizes {
  /** Tokens of each translation. */
  readonly steps: number;
  /** 1 is greedy search. */
  readonly beam: number;
}

export interface SpeechSizes extends Sizes {
  readonly features: number;
  readonly frames: number;
  /** Frames of the batch whose length was never seen before. */
  readonly unseenFrames: number;
  readonly units: number;
  readonly layers: number;
  readonly vocabulary: number;
  readonly embedding: number;
  readonly attention: number;
  readonly filters: number;
  readonly filterWidth: number;
  readonly batch: number;
  readonly target: number;
}

/** Steps of an attention mechanism, over memories of several lengths. */
export interface AttentionWork {
  readonly work: 'attention';
  readonly options: AttentionOptions;
  readonly decoding: boolean;
  /** Rows of the memories, each with one query. */
  readonly batch: number;
  /** Steps of a call, one after the other, as in a decoder: each asks with the context that the one before found. */
  readonly steps: number;
  /** How many of these steps were taken when the contexts of both sides are compared. */
  readonly comparedAfter: number;
  /** Of each memory: a power of two. */
  readonly places: readonly number[];
}

/** A kind of work and how much of it. */
export type Work =
  | { readonly work: 'translation'; readonly sizes: TranslationSizes }
  | { readonly work: 'decoding'; readonly sizes: DecodingSizes }
  | { readonly work: 'speech'; readonly sizes: SpeechSizes }
  | AttentionWork;

/**
 * The batch that is timed, and the one of another length; of attention, one for each number of places. Each is a file of
 * the work's folder.
 */
export type BatchName = 'batch' | 'unseen' | `${number}`;

/** The best translation of a sentence; without its tokens of beam search, where either of two as good may win. */
export interface Decoded {
  /** Log-probability. */
  readonly score: number;
  readonly tokens?: readonly number[];
}

/** A loss, the contexts in a row, or what each sentence became. */
export type Value = number | readonly number[] | readonly Decoded[];

/** A worker reads one request a line, in JSON: an object of one key, the verb. */
export interface Requests {
  /** Writes first weights and batches into a folder; heed's worker alone does it. */
  create: Work & { readonly folder: string };
  /** Reads them, and gets ready to run. `bf16` asks PyTorch for it; heed is asked by its environment. */
  ready: Work & { readonly folder: string; readonly bf16: boolean; readonly threads: number };
  /** Runs once. */
  run: BatchName;
  /** The peak of the worker's resident memory so far. */
  memory: null;
  /** What runs there; PyTorch's worker alone tells. */
  versions: null;
}

/** It answers each by a line of the same form, or by `{ "error": … }`. */
export interface Answers {
  create: null;
  ready: null;
  run: { readonly seconds: number; readonly value: Value };
  memory: { readonly bytes: number };
  versions: { readonly python: string; readonly torch: string };
}

export type Verb = keyof Requests;
