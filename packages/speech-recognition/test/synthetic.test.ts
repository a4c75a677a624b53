import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTones, SAMPLE_RATE, secondsOf, syntheticTones } from '../src/index.js';

const tones = syntheticTones({ count: 60, seed: 5 });

test('it is loud where a symbol sounds, and quiet before, between and behind', () => {
  for (const { audio, spans, phonemes } of tones) {
    expect(spans).toHaveLength(phonemes.split(' ').length);
    const power = (from: number, to: number) => {
      const part = audio.samples.subarray(Math.ceil(from * SAMPLE_RATE), Math.floor(to * SAMPLE_RATE));
      return part.reduce((sum, sample) => sum + sample * sample, 0) / part.length;
    };
    const ends = [0, ...spans.map(({ end }) => end)];
    const starts = [...spans.map(({ start }) => start), secondsOf(audio)];
    const quiet = ends.map((end, i) => power(end, starts[i] as number));
    const loud = spans.map(({ start, end }) => power(start + 0.01, end - 0.01));
    expect(Math.min(...loud)).toBeGreaterThan(20 * Math.max(...quiet));
  }
});

test('each symbol crosses zero as often as its frequency says, rising or falling where it does', () => {
  const expected: Record<string, [number, number]> = {
    low: [320, 320],
    high: [1500, 1500],
    rise: [450, 1100],
    dive: [3200, 1300],
  };
  for (const { audio, spans, phonemes } of tones) {
    for (const [i, symbol] of phonemes.split(' ').entries()) {
      const frequencies = expected[symbol];
      if (!frequencies) continue;
      const { start, end } = spans[i] as (typeof spans)[number];
      const half = (end - start) / 2;
      const rate = (from: number) => {
        const [first, last] = [from + 0.005, from + half - 0.005].map((t) => Math.round(t * SAMPLE_RATE));
        const part = audio.samples.subarray(first, last);
        const crossings = part.filter(
          (sample, n) => n > 0 && sample >= 0 !== (part[n - 1] as number) >= 0,
        ).length;
        return (crossings * SAMPLE_RATE) / (2 * part.length);
      };
      const [low, high] = [rate(start), rate(start + half)];
      const [begin, finish] = frequencies;
      expect(Math.abs(low - (3 * begin + finish) / 4) / low).toBeLessThan(0.2);
      expect(Math.abs(high - (begin + 3 * finish) / 4) / high).toBeLessThan(0.2);
    }
  }
});

test('the same seed gives the same recordings, whatever their number; what is no number is refused', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(2), (seed, count) => {
      const [few, more] = [syntheticTones({ count, seed }), syntheticTones({ count: count + 2, seed })];
      expect(more.slice(0, count)).toEqual(few);
      expect(few.every(isTones)).toBe(true);
    }),
    { numRuns: 10 },
  );
  const [long] = syntheticTones({ count: 1, seed: 1, symbols: [40, 40] });
  expect(long?.spans).toHaveLength(40);
  expect(() => syntheticTones({ count: -1, seed: 1 })).toThrow('count is -1');
  expect(() => syntheticTones({ count: 1, seed: 0.5 })).toThrow('seed is 0.5');
});
