/** An image as pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** RGB, row by row from the top, each 0 to 255: [height, width, 3]. */
  readonly pixels: Uint8Array;
  /** What messages and traces call it. */
  readonly name?: string;
  /** What people are to see of it, where that is not these pixels: traces carry it. */
  readonly preview?: Preview;
}

export interface Preview {
  readonly width: number;
  readonly height: number;
  /** A data URL. */
  readonly url: string;
}

/** @throws if there are not as many pixels as width and height say */
export function checkPicture({ width, height, pixels, name = 'the picture' }: Picture): void {
  const expected = width * height * 3;
  if (Number.isInteger(width) && Number.isInteger(height) && expected > 0 && pixels.length === expected)
    return;
  throw new Error(
    `${name}: ${pixels.length} values for ${width} x ${height} pixels: expected width x height x 3, red, green and blue`,
  );
}
