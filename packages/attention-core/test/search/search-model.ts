import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { type BeamSearchOptions, beamSearch } from '../../src/search/beam-search.js';
import type { Hypothesis } from '../../src/search/hypothesis.js';
import type { BeamSearchInputs } from '../../src/search/search-options.js';
import { begin, type Constants, end, type Found, type RandomModel, type State } from './random-model.js';

export type Options = Omit<BeamSearchOptions, 'begin' | 'end'>;
export type Inputs = Omit<BeamSearchInputs<State, Constants>, 'state' | 'constants' | 'maximumLength'>;

/** Beam search over sentences of a model, whose tensors it makes and disposes. */
export async function searchModel(
  model: RandomModel,
  sentences: number[],
  maximumLength: number | number[],
  options: Options,
  inputs: Inputs & { step?: RandomModel['step'] } = {},
): Promise<Hypothesis[][]> {
  const { step = model.step, ...rest } = inputs;
  const tensors = model.inputs(sentences);
  try {
    return await beamSearch(step, { ...tensors, ...rest, maximumLength }, { begin, end, ...options });
  } finally {
    tf.dispose(tensors);
  }
}

export function expectSame(actual: readonly Hypothesis[], expected: readonly Found[]): void {
  expect(actual.map(({ tokens, finished }) => ({ tokens, finished }))).toEqual(
    expected.map(({ tokens, finished }) => ({ tokens, finished })),
  );
  for (const [n, { score, logProbability }] of expected.entries()) {
    expect(actual[n]!.score).toBeCloseTo(score, 4);
    expect(actual[n]!.logProbability).toBeCloseTo(logProbability, 4);
  }
}
