import { randomSource } from '@heed/backend';
import { expect, it } from 'vitest';
import { createCell } from '../src/index.js';

it('createCell refuses a reset gate before the product where there is none', () => {
  const random = randomSource(1);
  expect(() => createCell('lstm', 2, 3, random, 1, { reset: 'before' })).toThrow('not for lstm');
  expect(() => createCell('gru', 2, 3, random, 1, { reset: 'before', layerNorm: true })).toThrow(
    'not for gru with layerNorm',
  );
});
