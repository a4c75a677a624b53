import type { AttentionTrace } from '@heed/visualization';
import { expect, test } from 'vitest';
import { type Caption, type Scene, scoreScenes } from '../src/index.js';

const scene: Scene = {
  image: { width: 64, height: 64, pixels: new Uint8Array(64 * 64 * 3) },
  captions: ['a small red cross above a large blue circle'],
  objects: [
    { color: 'red', shape: 'cross', size: 'small', box: { x: 18, y: 2, width: 10, height: 12 } },
    { color: 'blue', shape: 'circle', size: 'large', box: { x: 30, y: 40, width: 20, height: 20 } },
  ],
};

/** Of a grid of 4 x 4 places of 16 pixels: where each word's map has its peak. */
function captionOf(text: string, peaks: readonly [row: number, column: number][]): Caption {
  const tokens = text.split(' ');
  const weights = peaks.map(([row, column]) =>
    Array.from({ length: 16 }, (_, place) => (place === row * 4 + column ? 0.25 : 0.05)),
  );
  const attention: AttentionTrace<'image'> = {
    version: 1,
    task: 'image-captioning',
    input: { kind: 'image', width: 64, height: 64, grid: { rows: 4, columns: 4 } },
    output: { text, tokens },
    weights,
  };
  return { text, tokens, score: 0, attention };
}

test('a word counts that names an object; its peak is on the object if their places meet', () => {
  const peaks: [number, number][] = [
    [3, 0], // a: not asked
    [0, 1], // small: the place of the cross
    [1, 1], // red: starts at y = 16, below the cross
    [0, 0], // cross: ends at x = 16, beside the cross
    [3, 0], // above: not asked
    [3, 0],
    [2, 1], // large: x 16 to 32, y 32 to 48, meets the circle's corner
    [3, 3], // blue: x from 48, meets the circle's right edge at 50
    [0, 3], // circle: nowhere near
  ];
  const { exact, pointing, words } = scoreScenes([scene], [captionOf(scene.captions[0] as string, peaks)]);
  expect({ exact, words }).toEqual({ exact: 1, words: 6 });
  expect(pointing).toBeCloseTo(3 / 6);
});

test('exact is the caption, word for word; words of objects that are not there are not asked', () => {
  const everywhere = (text: string) =>
    captionOf(
      text,
      text.split(' ').map((): [number, number] => [0, 1]),
    );
  const captions = [
    everywhere(scene.captions[0] as string),
    everywhere('a small red cross'),
    everywhere('a small green square'),
  ];
  const { exact, words } = scoreScenes([scene, scene, scene], captions);
  expect(exact).toBeCloseTo(1 / 3);
  expect(words).toBe(6 + 3);
});

test('captions without attention are not asked', () => {
  const { attention: _, ...caption } = captionOf('a small red cross', [[0, 0]]);
  expect(scoreScenes([scene], [caption]).words).toBe(0);
});
