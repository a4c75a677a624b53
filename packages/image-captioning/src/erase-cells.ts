import { checkPicture, type Picture } from './picture.js';

/**
 * A picture without some of its cells, to see what depends on them: they get the mean colour of the picture. It has no
 * preview, since what is to be seen is what is left.
 *
 * @param grid as it lies over the picture in a trace
 * @param cells their numbers, row after row from the upper left
 */
export function eraseCells(
  picture: Picture,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  cells: Iterable<number>,
): Picture {
  checkPicture(picture);
  const { width, height, name } = picture;
  const mean = meanColor(picture.pixels);
  const pixels = picture.pixels.slice();
  for (const cell of cells) {
    if (!(cell >= 0 && cell < rows * columns)) {
      throw new Error(`cell ${cell}: there are ${rows * columns}, counted from 0`);
    }
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    for (let y = edge(row, rows, height); y < edge(row + 1, rows, height); y++) {
      for (let x = edge(column, columns, width); x < edge(column + 1, columns, width); x++) {
        pixels.set(mean, (y * width + x) * 3);
      }
    }
  }
  return { width, height, pixels, ...(name !== undefined && { name }) };
}

/** The first pixel of a part of a side. */
const edge = (part: number, parts: number, side: number) => Math.round((part * side) / parts);

function meanColor(pixels: Uint8Array): number[] {
  const sums = [0, 0, 0];
  for (const [i, value] of pixels.entries()) sums[i % 3] = (sums[i % 3] as number) + value;
  return sums.map((sum) => Math.round((sum * 3) / pixels.length));
}
