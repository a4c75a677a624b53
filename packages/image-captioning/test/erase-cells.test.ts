import { expect, test } from 'vitest';
import { eraseCells } from '../src/index.js';

/** 4 by 2 pixels: the left half black, the right half (200, 100, 40). */
const picture = {
  width: 4,
  height: 2,
  name: 'halves',
  pixels: Uint8Array.from([0, 1].flatMap(() => [0, 0, 0, 0, 0, 0, 200, 100, 40, 200, 100, 40])),
  preview: { width: 1, height: 1, url: 'data:image/png;base64,AA==' },
};

test('paints cells in the mean colour and leaves the others', () => {
  const erased = eraseCells(picture, { rows: 1, columns: 2 }, [1]);
  const row = [0, 0, 0, 0, 0, 0, 100, 50, 20, 100, 50, 20];
  expect(erased).toEqual({ width: 4, height: 2, name: 'halves', pixels: Uint8Array.from([...row, ...row]) });
  expect(picture.pixels[6]).toBe(200);
});

test('all cells together are the whole picture, also where the grid does not divide it', () => {
  const erased = eraseCells(picture, { rows: 2, columns: 3 }, [0, 1, 2, 3, 4, 5]);
  expect([...erased.pixels]).toEqual(Array.from({ length: 8 }, () => [100, 50, 20]).flat());
});

test('refuses a cell that is not there', () => {
  expect(() => eraseCells(picture, { rows: 1, columns: 2 }, [2])).toThrow('cell 2: there are 2');
  expect(() => eraseCells({ ...picture, width: 5 }, { rows: 1, columns: 2 }, [0])).toThrow('halves: 24');
});
