import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Box, type Scene, sceneWords, syntheticScenes } from '../src/index.js';

const scenes = syntheticScenes({ count: 100, seed: 5 });

const value = ({ image }: Scene, x: number, y: number) => {
  const at = (y * image.width + x) * 3;
  return [...image.pixels.subarray(at, at + 3)] as [number, number, number];
};
const inBox = ({ x, y, width, height }: Box, column: number, row: number) =>
  column >= x && column < x + width && row >= y && row < y + height;
/** The ground is grey. */
const isColored = ([r, g, b]: readonly number[]) => Math.max(r!, g!, b!) - Math.min(r!, g!, b!) > 30;

test('what is coloured lies in the boxes, and each box is as small as it can be', () => {
  for (const scene of scenes.slice(0, 30)) {
    const boxes = scene.objects.map(({ box }) => box);
    const spans = boxes.map(() => ({ left: 99, right: 0, top: 99, bottom: 0 }));
    for (let row = 0; row < scene.image.height; row++) {
      for (let column = 0; column < scene.image.width; column++) {
        if (!isColored(value(scene, column, row))) continue;
        const owner = boxes.findIndex((box) => inBox(box, column, row));
        expect(owner, `${scene.image.name} ${column} ${row}`).toBeGreaterThanOrEqual(0);
        const span = spans[owner]!;
        span.left = Math.min(span.left, column);
        span.right = Math.max(span.right, column + 1);
        span.top = Math.min(span.top, row);
        span.bottom = Math.max(span.bottom, row + 1);
      }
    }
    // Faint edges may not count as coloured.
    spans.forEach(({ left, right, top, bottom }, i) => {
      const { x, y, width, height } = boxes[i]!;
      expect(left - x).toBeLessThanOrEqual(1);
      expect(top - y).toBeLessThanOrEqual(1);
      expect(x + width - right).toBeLessThanOrEqual(1);
      expect(y + height - bottom).toBeLessThanOrEqual(1);
    });
  }
});

test('captions say what the boxes show: sizes, and where one object is from the other', () => {
  const axes = { above: 'y', below: 'y', left: 'x', right: 'x' } as const;
  for (const scene of scenes) {
    for (const caption of scene.captions) {
      const told = sceneWords(scene, caption);
      const first = told[1]?.object as Scene['objects'][number];
      const second = told.at(-1)?.object as Scene['objects'][number];
      expect(new Set([first, second])).toEqual(new Set(scene.objects));
      const relation = told[4]?.word as keyof typeof axes;
      const centre = ({ box }: typeof first) =>
        axes[relation] === 'y' ? box.y + box.height / 2 : box.x + box.width / 2;
      const before = relation === 'above' || relation === 'left';
      expect(centre(first) < centre(second)).toBe(before);
      for (const { size, box } of [first, second]) {
        expect(Math.max(box.width, box.height) > 16).toBe(size === 'large');
      }
      expect(told.map(({ word }) => word).join(' ')).toBe(caption);
      expect(told.filter(({ object }) => object).length).toBe(6);
    }
  }
});

test('a caption begins with the first by colour, then by shape, and no word is about two', () => {
  const colors = ['red', 'green', 'blue', 'yellow', 'purple'];
  const shapes = ['circle', 'square', 'triangle', 'cross'];
  for (const scene of scenes) {
    expect(scene.captions.length).toBe(1);
    const told = sceneWords(scene, scene.captions[0] as string);
    const places = [told[1], told.at(-1)].map(
      (word) =>
        10 * colors.indexOf(word?.object?.color as string) + shapes.indexOf(word?.object?.shape as string),
    ) as [number, number];
    expect(places[0]).toBeLessThan(places[1]);
  }
});

test('a word about what is not in the scene is about nothing', () => {
  const { objects } = scenes[0] as Scene;
  const red = { ...objects[0], color: 'red', shape: 'circle' } as const;
  const scene = { objects: [red, { ...objects[1], color: 'blue', shape: 'cross' }] } as const;
  const found = sceneWords(scene, 'a red cross above a large red circle').map(({ object }) => object);
  expect(found).toEqual([undefined, undefined, undefined, undefined, undefined, red, red, red]);
});

test('the same seed gives the same scenes, whatever their number; what is no number is refused', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(3), (seed, count) => {
      const [few, more] = [syntheticScenes({ count, seed }), syntheticScenes({ count: count + 2, seed })];
      expect(more.slice(0, count)).toEqual(few);
    }),
    { numRuns: 10 },
  );
  expect(() => syntheticScenes({ count: -1, seed: 1 })).toThrow('count is -1');
  expect(() => syntheticScenes({ count: 1, seed: 0.5 })).toThrow('seed is 0.5');
});
