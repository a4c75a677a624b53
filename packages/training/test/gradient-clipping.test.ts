import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { clipByGlobalNorm } from '../src/index.js';
import golden from './golden/optimizers.json' with { type: 'json' };

beforeAll(async () => void (await useBackend()));

function clip(gradients: Readonly<Record<string, number[]>>, limit: number) {
  return tf.tidy(() => {
    const tensors = new Map(
      Object.entries(gradients).map(([name, values]) => [name, tf.tensor1d(values) as tf.Tensor]),
    );
    const { clipped, norm } = clipByGlobalNorm(tensors, limit);
    const values = [...clipped].map(([name, tensor]) => [name, Array.from(tensor.dataSync())] as const);
    return { norm: norm.dataSync()[0] as number, clipped: Object.fromEntries(values) };
  });
}

for (const expected of golden.clipping) {
  test(`a limit of ${expected.limit} does what PyTorch's does`, () => {
    const { norm, clipped } = clip(golden.gradients[0] as Record<string, number[]>, expected.limit);
    expect(norm).toBeCloseTo(expected.norm, 5);
    for (const [name, values] of Object.entries(expected.clipped)) {
      for (const [i, value] of values.entries())
        expect(clipped[name]?.[i], `${name}[${i}]`).toBeCloseTo(value, 6);
    }
  });
}

test('the joint norm is at most the limit, and the direction is kept', () => {
  const vector = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      vector,
      vector,
      fc.float({ min: Math.fround(0.01), max: 100, noNaN: true }),
      (kernel, bias, limit) => {
        const { norm, clipped } = clip({ kernel, bias }, limit);
        const before = [...kernel, ...bias];
        const after = [...(clipped.kernel ?? []), ...(clipped.bias ?? [])];
        expect(norm).toBeCloseTo(Math.hypot(...before), 1);
        expect(Math.hypot(...after)).toBeLessThan(limit * (1 + 1e-5));
        const scale = Math.min(1, limit / Math.max(norm, 1e-30));
        after.forEach((value, i) => {
          expect(Math.abs(value - (before[i] as number) * scale)).toBeLessThanOrEqual(
            1e-3 * Math.max(1, Math.abs(value)),
          );
        });
      },
    ),
    { numRuns: 50 },
  );
});

test('gradients of 0 stay 0', () => {
  expect(clip({ kernel: [0, 0], bias: [0] }, 1)).toEqual({ norm: 0, clipped: { kernel: [0, 0], bias: [0] } });
});
