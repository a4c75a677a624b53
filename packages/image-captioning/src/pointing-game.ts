import type { AttentionTrace } from '@heed/visualization';
import { type Box, type Scene, type SceneObject, sceneWords } from './data/synthetic.js';
import type { Caption } from './image-captioner.js';

export interface SceneScores {
  /** How many captions are, word for word, their scene's: 0 to 1. */
  readonly exact: number;
  /** The pointing game: how many words that are about an object have the peak of their map on it, 0 to 1; NaN of none. */
  readonly pointing: number;
  /** How many words were asked. */
  readonly words: number;
}

/**
 * Whether attention is where the words are about: the pointing game (Zhang et al. 2016, section 4), over the words of
 * captions that name an object of their scene, its size, its colour and its shape. A peak is on an object if the place
 * of the grid that has it, and the object's box, have a part of the picture in common.
 */
export function scoreScenes(scenes: readonly Scene[], captions: readonly Caption[]): SceneScores {
  const exact = captions.filter(({ text }, i) => scenes[i]?.captions.includes(text)).length;
  const hits = captions.flatMap(({ text, attention }, i) => {
    const words = sceneWords(scenes[i] as Scene, text);
    // Where a word is made of several pieces the map is theirs together; words without a map are not asked.
    if (!attention || attention.output.tokens.length !== words.length) return [];
    return words.flatMap(({ object }, row) => (object ? [isOn(peakOf(attention, row), object)] : []));
  });
  return {
    exact: exact / captions.length,
    pointing: hits.filter(Boolean).length / hits.length,
    words: hits.length,
  };
}

/** The place of the grid that a word looked at most, in pixels of the picture. */
function peakOf({ input, weights }: AttentionTrace<'image'>, word: number): Box {
  const { rows, columns } = input.grid;
  const row = weights[word] as number[];
  const place = row.indexOf(Math.max(...row));
  const [width, height] = [input.width / columns, input.height / rows];
  return { x: (place % columns) * width, y: Math.floor(place / columns) * height, width, height };
}

function isOn(place: Box, { box }: SceneObject): boolean {
  const apart = (a: number, length: number, b: number, other: number) => a + length <= b || b + other <= a;
  return !apart(place.x, place.width, box.x, box.width) && !apart(place.y, place.height, box.y, box.height);
}
