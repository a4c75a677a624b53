import { randomSource } from '@heed/backend';
import type { Picture } from '../picture.js';
import type { CaptionedImage } from './captioned-image.js';

const SCENE_COLORS = ['red', 'green', 'blue', 'yellow', 'purple'] as const;
const SCENE_SHAPES = ['circle', 'square', 'triangle', 'cross'] as const;
const SCENE_SIZES = ['small', 'large'] as const;

/** A part of an image, in pixels from its upper left corner; the far edges are not in it. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface SceneObject {
  readonly color: (typeof SCENE_COLORS)[number];
  readonly shape: (typeof SCENE_SHAPES)[number];
  readonly size: (typeof SCENE_SIZES)[number];
  /** Around every pixel that the object colours. */
  readonly box: Box;
}

/** A picture of two objects, its caption, and where the objects are. */
export interface Scene extends CaptionedImage {
  readonly image: Picture;
  readonly objects: readonly [SceneObject, SceneObject];
}

/** Whether an image is one of `syntheticScenes`. */
export const isScene = (image: CaptionedImage): image is Scene => 'objects' in image;

/** The side of a scene's picture, in pixels. */
const SCENE_SIZE = 64;

/**
 * A task made by code: two coloured shapes on a light, noisy ground, one above, below, left of or right of the other,
 * to be described: `a large red circle above a small blue square`. One caption is right: it begins with the object whose
 * colour comes first among red, green, blue, yellow and purple, or, where they have one colour, whose shape comes first
 * among circle, square, triangle and cross. No two objects of a scene have both in common, so that every word has one object.
 *
 * @param options.count number of scenes, an integer from 0
 * @param options.seed an integer; the same seed gives the same scenes everywhere
 */
export function syntheticScenes({ count, seed }: { count: number; seed: number }): Scene[] {
  if (!Number.isSafeInteger(count) || count < 0) throw new Error(`count is ${count}: expected 0, 1, 2, …`);
  if (!Number.isSafeInteger(seed)) throw new Error(`seed is ${seed}: expected an integer.`);
  const random = randomSource(seed);
  return Array.from({ length: count }, (_, i) => drawScene(random, `scene ${i + 1}`));
}

/** What a word of a scene's caption is about: one of its objects, or none, as `a` and `above` are. */
export function sceneWords(
  { objects }: Pick<Scene, 'objects'>,
  caption: string,
): { word: string; object: SceneObject | undefined }[] {
  const words = caption.split(' ');
  const isNoun = (word: string) => (SCENE_SHAPES as readonly string[]).includes(word);
  const isAttribute = (word: string) => [...SCENE_COLORS, ...SCENE_SIZES].some((known) => known === word);
  return words.map((word, i) => {
    if (!isNoun(word) && !isAttribute(word)) return { word, object: undefined };
    // Attributes stand before their noun.
    const noun = words.findIndex((other, j) => j >= i && isNoun(other));
    const phrase = words.slice(i, noun + 1);
    const begin = words.slice(0, i).findLastIndex((other) => !isAttribute(other)) + 1;
    const told = [...words.slice(begin, i), ...phrase];
    const object = objects.find(({ color, shape }) => told.includes(shape) && told.includes(color));
    return { word, object };
  });
}

type Placed = Omit<SceneObject, 'box'> & {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly rgb: readonly [number, number, number];
};

const RGB: Readonly<Record<SceneObject['color'], readonly [number, number, number]>> = {
  red: [214, 44, 40],
  green: [46, 158, 62],
  blue: [40, 84, 214],
  yellow: [238, 204, 36],
  purple: [142, 58, 176],
};
const RADII: Readonly<Record<SceneObject['size'], readonly [number, number]>> = {
  small: [5, 6.5],
  large: [9.5, 11.5],
};
/** How far colours stray, and the ground's noise. */
const COLOR_JITTER = 18;
const NOISE = 10;
/** Between objects, and between them and the picture's edge. */
const GAP = 2;
/** How far an object may be out of line with the other. */
const ACROSS = 6;
/** Each pixel is so many by so many points. */
const SUBPIXELS = 3;

const RELATIONS = [
  { forward: 'above', backward: 'below', vertical: true },
  { forward: 'left of', backward: 'right of', vertical: false },
] as const;

function drawScene(random: () => number, name: string): Scene {
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
  const between = (low: number, high: number) => low + random() * (high - low);
  const dress = () => {
    const [color, size] = [pick(SCENE_COLORS), pick(SCENE_SIZES)];
    const jitter = (value: number) => value + between(-COLOR_JITTER, COLOR_JITTER);
    const [r, g, b] = RGB[color];
    const rgb = [jitter(r), jitter(g), jitter(b)] as const;
    return { color, shape: pick(SCENE_SHAPES), size, radius: between(...RADII[size]), rgb };
  };
  const first = dress();
  let second = dress();
  while (second.color === first.color && second.shape === first.shape) second = dress();

  const relation = pick(RELATIONS);
  const room = (radius: number) => [radius + GAP, SCENE_SIZE - radius - GAP] as const;
  // Along the relation's axis the first comes before the second; across it they are about in line.
  const [low, high] = [room(first.radius)[0], room(second.radius)[1]];
  const distance = between(first.radius + second.radius + GAP, high - low);
  const along = between(low, high - distance);
  const [least, most] = room(Math.max(first.radius, second.radius));
  const across = between(least, most);
  const beside = Math.min(most, Math.max(least, across + between(-ACROSS, ACROSS)));
  const place = (a: number, c: number) => (relation.vertical ? { x: c, y: a } : { x: a, y: c });
  const objects = [
    { ...first, ...place(along, across) },
    { ...second, ...place(along + distance, beside) },
  ] as const;

  const ground = between(200, 245);
  const pixels = new Uint8Array(SCENE_SIZE * SCENE_SIZE * 3);
  for (let i = 0; i < pixels.length; i += 3) pixels.fill(clamp(ground + between(-NOISE, NOISE)), i, i + 3);
  const boxes = objects.map((object) => paint(pixels, object)) as [Box, Box];
  const [one, other] = objects.map(({ size, color, shape }) => `a ${size} ${color} ${shape}`) as [
    string,
    string,
  ];
  return {
    image: { width: SCENE_SIZE, height: SCENE_SIZE, pixels, name },
    captions: [
      rank(first) < rank(second)
        ? `${one} ${relation.forward} ${other}`
        : `${other} ${relation.backward} ${one}`,
    ],
    objects: [
      { color: first.color, shape: first.shape, size: first.size, box: boxes[0] },
      { color: second.color, shape: second.shape, size: second.size, box: boxes[1] },
    ],
  };
}

/** Which of two objects is told first: the one of lower rank. */
const rank = ({ color, shape }: Pick<SceneObject, 'color' | 'shape'>) =>
  SCENE_COLORS.indexOf(color) * SCENE_SHAPES.length + SCENE_SHAPES.indexOf(shape);

const clamp = (value: number) => Math.min(255, Math.max(0, Math.round(value)));

/** Whether a point, in units of the radius from the centre, belongs to the shape. */
const INSIDE: Readonly<Record<SceneObject['shape'], (x: number, y: number) => boolean>> = {
  circle: (x, y) => x * x + y * y <= 1,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.9,
  triangle: (x, y) => y <= 0.9 && y >= 2 * Math.abs(x) - 0.9,
  cross: (x, y) => Math.min(Math.abs(x), Math.abs(y)) <= 0.33 && Math.max(Math.abs(x), Math.abs(y)) <= 1,
};

/** Draws an object over what is there. @returns the box of the pixels that it touched */
function paint(pixels: Uint8Array, { x, y, radius, shape, rgb }: Placed): Box {
  const inside = INSIDE[shape];
  let [left, top, right, bottom] = [SCENE_SIZE, SCENE_SIZE, 0, 0];
  for (let row = Math.floor(y - radius); row <= y + radius; row++) {
    for (let column = Math.floor(x - radius); column <= x + radius; column++) {
      let covered = 0;
      for (let point = 0; point < SUBPIXELS ** 2; point++) {
        const px = column + ((point % SUBPIXELS) + 0.5) / SUBPIXELS;
        const py = row + (Math.floor(point / SUBPIXELS) + 0.5) / SUBPIXELS;
        if (inside((px - x) / radius, (py - y) / radius)) covered++;
      }
      if (covered === 0) continue;
      const share = covered / SUBPIXELS ** 2;
      for (const [channel, value] of rgb.entries()) {
        const at = (row * SCENE_SIZE + column) * 3 + channel;
        pixels[at] = clamp((1 - share) * (pixels[at] as number) + share * value);
      }
      [left, top] = [Math.min(left, column), Math.min(top, row)];
      [right, bottom] = [Math.max(right, column + 1), Math.max(bottom, row + 1)];
    }
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
