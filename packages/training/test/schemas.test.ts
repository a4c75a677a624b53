import { expect, test } from 'vitest';
import { z } from 'zod';
import { adam, decodingSchema, LARGEST_BEAM, parseConfig, trainingFields } from '../src/index.js';

const parseOptimizer = (optimizer: unknown) =>
  parseConfig(z.object({ optimizer: trainingFields.optimizer }), { optimizer }, 'mine.json');

test.each([
  ['beta1', { ...adam, beta1: -3 }],
  ['beta2', { ...adam, beta2: 1 }],
  ['epsilon', { ...adam, epsilon: 0 }],
  ['rho', { kind: 'adadelta', rho: 1.5, epsilon: 1e-8 }],
])('an optimizer whose %s is out of its range is refused', (field, optimizer) => {
  expect(() => parseOptimizer(optimizer)).toThrow(`mine.json: optimizer.${field}: `);
});

test('settings at the ends of their ranges are taken', () => {
  for (const optimizer of [
    { ...adam, beta1: 0 },
    { kind: 'adadelta', rho: 0, epsilon: 1e-8 },
  ])
    expect(parseOptimizer(optimizer)).toEqual({ optimizer });
});

test('a beam has a largest size', () => {
  const parse = (beamSize: number) =>
    parseConfig(decodingSchema, { beamSize, lengthPenalty: 1 }, 'mine.json');
  expect(parse(LARGEST_BEAM).beamSize).toBe(LARGEST_BEAM);
  expect(() => parse(LARGEST_BEAM + 1)).toThrow(/^mine\.json: beamSize: /);
});
