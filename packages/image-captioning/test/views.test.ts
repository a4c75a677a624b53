import { useBackend } from '@heed/backend';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Picture, pictureInputs, viewOf } from '../src/index.js';
import { MOST_VIEWS, seenInEpoch } from '../src/views.js';

beforeAll(async () => void (await useBackend()));

/** A picture whose pixels tell their column and row. */
const picture = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
  .map(({ width, height }): Picture => {
    const places = Array.from({ length: width * height }, (_, i) => [i % width, Math.floor(i / width), 7]);
    return { width, height, pixels: Uint8Array.from(places.flat()) };
  });
const at = ({ width, pixels }: Picture, x: number, y: number) =>
  Array.from(pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3));

test('a view is a rectangle of the picture, each odd one mirrored; the first is the picture itself', () => {
  fc.assert(
    fc.property(picture, fc.nat(MOST_VIEWS - 1), (whole, view) => {
      const seen = viewOf(whole, view);
      if (view === 0) expect(seen).toBe(whole);
      if (view < 2) expect([seen.width, seen.height]).toEqual([whole.width, whole.height]);
      expect(seen.pixels).toHaveLength(seen.width * seen.height * 3);
      const mirrored = view % 2 === 1;
      const [left, top] = at(seen, mirrored ? seen.width - 1 : 0, 0) as [number, number];
      for (let y = 0; y < seen.height; y++) {
        for (let x = 0; x < seen.width; x++) {
          expect(at(seen, mirrored ? seen.width - 1 - x : x, y)).toEqual([left + x, top + y, 7]);
        }
      }
    }),
  );
});

test('all views of a picture differ', () => {
  const pixels = Uint8Array.from({ length: 300 }, (_, i) => (41 * i) % 251);
  const views = Array.from({ length: MOST_VIEWS }, (_, view) =>
    viewOf({ width: 10, height: 10, pixels }, view),
  );
  expect(new Set(views.map(({ pixels }) => pixels.join())).size).toBe(MOST_VIEWS);
});

test('an epoch sees one view of each image, another epoch others, the same ones again for the same seed', () => {
  const pixels = Uint8Array.from({ length: 300 }, (_, i) => (41 * i) % 251);
  const many = Array.from({ length: 40 }, () => ({ width: 10, height: 10, pixels }));
  const images = pictureInputs(many, 4, 4);
  const numbers = many.map((_, i) => i);
  const epoch = (seed: number, epoch: number) => {
    const read = seenInEpoch(images, { seed, epoch }).read(numbers);
    const rows = Array.from({ length: 40 }, (_, i) =>
      read
        .dataSync()
        .slice(i * 48, (i + 1) * 48)
        .join(),
    );
    read.dispose();
    return rows;
  };
  const first = epoch(1, 0);
  expect(new Set(first).size).toBe(4);
  expect(epoch(1, 0)).toEqual(first);
  expect(epoch(1, 1)).not.toEqual(first);
  expect(epoch(2, 0)).not.toEqual(first);
});
