/** IEEE 754 binary16, stored as the 16 bits of each value. */

/** @returns the values of the halves, exactly. */
export function floatsFromHalves(halves: Uint16Array): Float32Array {
  valueOfHalf ??= Float32Array.from({ length: 65_536 }, (_, half) => halfToNumber(half));
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = valueOfHalf[halves[i]!]!;
  return floats;
}

/** @returns the nearest halves, ties to even; what rounds beyond 65,504 becomes infinite. */
export function halvesFromFloats(floats: Float32Array): Uint16Array {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const halves = new Uint16Array(floats.length);
  for (let i = 0; i < floats.length; i++) halves[i] = floatToHalf(bits[i]!, floats[i]!);
  return halves;
}

let valueOfHalf: Float32Array | undefined;

function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

function floatToHalf(bits: number, value: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Below the smallest normal half: a multiple of 2^-24. Adding 2^52 rounds to a whole number, ties to even.
    return sign | (Math.abs(value) * 2 ** 24 + 2 ** 52 - 2 ** 52);
  }
  // Drop 13 bits, ties to even; the exponent's bias goes from 127 to 15. A carry runs into the exponent.
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}
