import { rgb } from 'd3-color';
import { interpolateBlues, interpolateMagma } from 'd3-scale-chromatic';

/** Colour of a weight, 0 to 1, on white: ColorBrewer's Blues, which print and all eyes tell apart. */
export function onLight(weight: number): string {
  return rgb(interpolateBlues(0.03 + 0.97 * weight)).formatHex();
}

/** Colour of a weight, 0 to 1, on near black: magma from just above its black. */
export function onDark(weight: number): string {
  return rgb(interpolateMagma(0.07 + 0.89 * weight)).formatHex();
}

/** Colour of a weight, 0 to 1, over a dimmed picture, which shows through where the weight is small. */
export function overPicture(weight: number): string {
  return rgb(onDark(weight))
    .copy({ opacity: 0.85 * weight ** 0.8 })
    .formatHex8();
}

/** Colour of a loudness, 0 to 1: ink that grows denser, whatever is behind it. */
export function ink(loudness: number): string {
  return rgb(0, 0, 0, loudness).formatHex8();
}

/** Black or white, whichever is easier to read on the colour (WCAG 2.2, relative luminance). */
export function inkOn(color: string): string {
  const { r, g, b } = rgb(color);
  const [red, green, blue] = [r, g, b].map((value) => {
    const channel = value / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue! > 0.179 ? '#000' : '#fff';
}
