import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { floatsFromHalves, halvesFromFloats } from '../../src/persistence/half-float.js';
import { golden } from './golden.js';

const everyHalf = Uint16Array.from({ length: 65_536 }, (_, half) => half);
const isNaNHalf = (half: number) => (half & 0x7fff) > 0x7c00;
const digestOf = (values: ArrayBufferView) =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');

describe('half floats', () => {
  it('have the values that numpy gives all 65,536 of them', () => {
    const floats = floatsFromHalves(everyHalf);
    expect(everyHalf.every((half) => Number.isNaN(floats[half]) === isNaNHalf(half))).toBe(true);
    expect(digestOf(floats.map((value) => (Number.isNaN(value) ? 0 : value)))).toBe(golden.halves);
  });

  it('come back from their values, all 65,536 of them', () => {
    const back = halvesFromFloats(floatsFromHalves(everyHalf));
    expect(back).toEqual(everyHalf.map((half) => (isNaNHalf(half) ? 0x7e00 : half)));
  });

  it('round to the nearest, ties to even, on both sides of every boundary', () => {
    const finite = everyHalf.subarray(0, 0x7c00);
    const floats = floatsFromHalves(finite);
    // The boundary above the largest half is where the next one would be.
    const next = Float32Array.from(floats, (_, i) => floats[i + 1] ?? 65_536);
    const boundary = floats.map((value, i) => (value + next[i]!) / 2);
    const bits = new Uint32Array(boundary.buffer);
    const below = new Float32Array(bits.map((value) => value - 1).buffer);
    const above = new Float32Array(bits.map((value) => value + 1).buffer);

    expect(halvesFromFloats(below)).toEqual(finite);
    expect(halvesFromFloats(above)).toEqual(finite.map((half) => half + 1));
    expect(halvesFromFloats(boundary)).toEqual(finite.map((half) => half + (half & 1)));
    expect(halvesFromFloats(boundary.map((value) => -value))).toEqual(
      finite.map((half) => 0x8000 | (half + (half & 1))),
    );
  });

  it('round floats of every size as numpy does', () => {
    const count = Math.ceil(2 ** 32 / 65_521);
    const floats = new Float32Array(Uint32Array.from({ length: count }, (_, i) => i * 65_521).buffer);
    expect(digestOf(halvesFromFloats(floats.filter((value) => !Number.isNaN(value))))).toBe(golden.rounded);
  });

  it('are read from part of a buffer', () => {
    expect(halvesFromFloats(new Float32Array([9, 1, -2, 9]).subarray(1, 3))).toEqual(
      new Uint16Array([0x3c00, 0xc000]),
    );
  });
});
