import { decode } from 'fast-png';
import { XMLParser } from 'fast-xml-parser';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type AttentionTrace, renderHtml, renderSvg, renderTerminal } from '../src/index.js';
import { pictureExample } from './trace.js';

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, trimValues: false });
const plain = { columns: 80, colors: false };

/** How bright each pixel of the maps is, 0 to 63: [words][pixels], with their width. */
function mapsOf(drawing: string): { width: number; height: number; levels: number[] }[] {
  return [...drawing.matchAll(/href="data:image\/png;base64,([^"]*)" class="map"/gu)].map(([, data]) => {
    const { width, height, data: levels } = decode(Buffer.from(data!, 'base64'));
    return { width, height, levels: Array.from(levels) };
  });
}

function gridTrace(rows: number, columns: number, words: number): AttentionTrace<'image'> {
  const tokens = Array.from({ length: words }, (_, i) => `word${i}`);
  return {
    ...pictureExample,
    input: { kind: 'image', width: columns * 10, height: rows * 10, grid: { rows, columns } },
    output: { text: tokens.join(' '), tokens },
    weights: tokens.map((_, i) =>
      Array.from({ length: rows * columns }, (_, cell) => (cell === i % (rows * columns) ? 1 : 0)),
    ),
    gates: tokens.map(() => 0.5),
  };
}

describe('a picture as SVG', () => {
  it('stands once in the file and is shown for itself and for each word', () => {
    const drawing = renderSvg(pictureExample);
    const { svg } = parser.parse(drawing);
    expect(svg.title).toBe('Attention: dog.png → a dog');
    expect(svg.desc).toContain('a: row 1, column 2 (1.00); dog: row 1, column 1 (0.25)');
    const [picture, ...others] = drawing.split(pictureExample.input.data!);
    expect(picture).toMatch(/<defs><image [^>]*href="$/u);
    expect(others).toHaveLength(1);
    expect(drawing.match(/<use /gu)).toHaveLength(3);
    expect(drawing.match(/<use [^>]*filter=/gu)).toHaveLength(2);
    expect(drawing).toContain('>β 0.25</text>');
  });

  it('lights the place that the word looked at, smoothly, and falls off towards the others', () => {
    const [{ width, height, levels }] = mapsOf(renderSvg(pictureExample)) as [
      ReturnType<typeof mapsOf>[number],
    ];
    expect([width, height]).toEqual([64, 64]);
    const at = (row: number, column: number) => levels[row * width + column]!;
    expect(levels.indexOf(Math.max(...levels))).toBe(63);
    expect(at(0, 63)).toBeGreaterThan(3 * at(63, 0));
    for (let column = 1; column < width; column++) {
      expect(at(0, column) - at(0, column - 1)).toBeGreaterThanOrEqual(0);
      expect(at(0, column) - at(0, column - 1)).toBeLessThan(6);
    }
  });

  it('is as bright as can be at its peak, but not for a word that looked everywhere alike', () => {
    const peaked = gridTrace(7, 7, 1);
    const even = { ...peaked, weights: [Array.from({ length: 49 }, () => 1 / 49)] };
    expect(Math.max(...mapsOf(renderSvg(peaked))[0]!.levels)).toBe(63);
    expect(new Set(mapsOf(renderSvg(even))[0]!.levels)).toEqual(new Set([Math.round(63 / 4)]));
  });

  it.each([
    [1, 1, 1],
    [1, 400, 3],
    [400, 1, 3],
    [14, 14, 30],
    [100, 100, 2],
    [3, 3, 0],
  ])('keeps a grid of %i by %i and %i words within its frame', (rows, columns, words) => {
    const drawing = renderSvg(gridTrace(rows, columns, words));
    const { svg } = parser.parse(drawing);
    const places = [...drawing.matchAll(/translate\(([\d.]+) ([\d.]+)\)/gu)];
    expect(places).toHaveLength(words + 1);
    expect(Math.max(...places.map(([, x]) => Number(x)))).toBeLessThan(Number(svg['@_width']) - 20);
    expect(Math.max(...places.map(([, , y]) => Number(y)))).toBeLessThan(Number(svg['@_height']) - 20);
    expect(Number(svg['@_width'])).toBeLessThan(1100);
    expect(new Set(mapsOf(drawing).map(({ width, height }) => Math.max(width, height))).size).toBeLessThan(2);
  });
});

describe('a picture on the page', () => {
  it('has a large one and one for each word, and stands there once', () => {
    const page = renderHtml([pictureExample]);
    expect(page.split(pictureExample.input.data!)).toHaveLength(2);
    expect(page.match(/<li class="part">/gu)).toHaveLength(2);
    expect(mapsOf(page)).toEqual(mapsOf(renderSvg(pictureExample)));
    expect(page).not.toContain('data-weights');
  });

  it('has names of its own for what it refers to, so that pages can hold many', () => {
    const page = renderHtml([pictureExample, { ...pictureExample, model: 'other' }]);
    const names = [...page.matchAll(/ id="([^"]*)"/gu)].map(([, name]) => name);
    expect(names).toHaveLength(4);
    expect(new Set(names).size).toBe(4);
  });
});

describe('a picture in the terminal', () => {
  it('is a map of blocks for each word, side by side', () => {
    expect(renderTerminal(pictureExample, plain).split('\n')).toEqual([
      'a         dog',
      ' ·██      ░░░░',
      ' · ·      ░░░░',
      'β 0.25    β 1.00',
    ]);
  });

  it('goes on below where there is no more room, and shrinks a map that is too fine', () => {
    const drawn = renderTerminal(gridTrace(100, 50, 5), { columns: 30, colors: false });
    const lines = drawn.split('\n');
    expect(drawn.split('\n\n').map((block) => block.split('\n').length)).toEqual([16, 16, 16]);
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBe(30);
    expect(drawn).toContain('█');
  });

  it('draws nothing of no words', () => {
    expect(renderTerminal(gridTrace(3, 3, 0), plain)).toBe('');
  });
});
