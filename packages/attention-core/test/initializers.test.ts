import { randomSource } from '@heed/backend';
import { describe, expect, it } from 'vitest';
import { constant, glorotUniform, type Initializer, normal, uniform, zeros } from '../src/index.js';

const SHAPE = [300, 100];
const draw = (initializer: Initializer, shape = SHAPE) => initializer(shape, randomSource(7));

function statistics(values: Float32Array) {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const moment = (power: number) => values.reduce((sum, x) => sum + (x - mean) ** power, 0) / values.length;
  return {
    mean,
    deviation: Math.sqrt(moment(2)),
    kurtosis: moment(4) / moment(2) ** 2,
    largest: values.reduce((m, x) => Math.max(m, Math.abs(x)), 0),
  };
}

describe('initializers', () => {
  it('fill with one value', () => {
    expect([...draw(zeros, [2, 1])]).toEqual([0, 0]);
    expect([...draw(constant(-1.5), [3])]).toEqual([-1.5, -1.5, -1.5]);
    expect(draw(zeros, []).length).toBe(1);
  });

  it('uniform fills its range evenly', () => {
    const { mean, deviation, kurtosis, largest } = statistics(draw(uniform(0.3)));
    expect(mean).toBeCloseTo(0, 2);
    expect(deviation).toBeCloseTo(0.3 / Math.sqrt(3), 2);
    expect(kurtosis).toBeCloseTo(1.8, 1);
    expect(largest).toBeLessThanOrEqual(0.3 + 1e-6);
    expect(largest).toBeGreaterThan(0.299);
  });

  it("normal has its deviation and the bell curve's fourth moment", () => {
    const { mean, deviation, kurtosis } = statistics(draw(normal(2)));
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.abs(deviation - 2)).toBeLessThan(0.05);
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.15);
  });

  it('glorotUniform has the variance 2 / (in + out)', () => {
    const { deviation, largest } = statistics(draw(glorotUniform));
    expect(deviation).toBeCloseTo(Math.sqrt(2 / 400), 3);
    expect(largest).toBeLessThanOrEqual(Math.sqrt(6 / 400));
  });

  it('repeat with the same seed', () => {
    expect(draw(normal(1))).toEqual(draw(normal(1)));
    expect(normal(1)(SHAPE, randomSource(8))).not.toEqual(draw(normal(1)));
  });
});
