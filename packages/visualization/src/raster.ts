import { rgb } from 'd3-color';
import { encode } from 'fast-png';
import { toBase64 } from './base64.js';

/** As many as the eye needs for a smooth slope, and few enough that the picture stays small. */
const LEVELS = 64;

/**
 * Values 0 to 1, [rows][columns], at least one, as a PNG of one pixel each, in the form of a data URL.
 *
 * @param colorOf the CSS colour of a value; it may be translucent, but no more so the greater the value
 */
export function rasterUrl(
  values: readonly (readonly number[])[],
  colorOf: (value: number) => string,
): string {
  const colors = Array.from({ length: LEVELS }, (_, level) => rgb(colorOf(level / (LEVELS - 1))));
  const opaque = colors.every(({ opacity }) => opacity === 1);
  const png = encode({
    width: values[0]!.length,
    height: values.length,
    data: Uint8Array.from(values.flat(), (value) => Math.round(value * (LEVELS - 1))),
    channels: 1,
    depth: 8,
    palette: colors.map(({ r, g, b, opacity }) => [r, g, b, ...(opaque ? [] : [Math.round(opacity * 255)])]),
  });
  return `data:image/png;base64,${toBase64(png)}`;
}
