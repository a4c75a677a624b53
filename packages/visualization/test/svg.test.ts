import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { renderSvg } from '../src/index.js';
import { anyKindOfTrace, example, makeTrace, squareTrace } from './trace.js';

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, trimValues: false });

describe('renderSvg', () => {
  it('has a title, a description and a tip on every cell', () => {
    const { svg } = parser.parse(renderSvg(example));
    expect(svg.title).toBe('Attention: Un chien court → A dog runs');
    expect(svg.desc).toContain('A ← Un (1.00); dog ← chien (0.75); runs ← chien (0.50)');
    const cells = svg.g.slice(1).flatMap((row: { rect: { title: string }[] }) => row.rect);
    expect(cells.map((cell: { title: string }) => cell.title)).toEqual([
      'A ← Un: 1.000',
      'A ← chien: 0.000',
      'A ← court: 0.000',
      'dog ← Un: 0.250',
      'dog ← chien: 0.750',
      'dog ← court: 0.000',
      'runs ← Un: 0.000',
      'runs ← chien: 0.500',
      'runs ← court: 0.500',
    ]);
  });

  it('is darker the greater the weight, and the same every time', () => {
    const fills = [...renderSvg(example).matchAll(/rx="2" fill="#(..)/gu)].map(([, red]) =>
      Number.parseInt(red!, 16),
    );
    expect(fills).toHaveLength(9);
    expect(fills[0]).toBeLessThan(fills[4]!);
    expect(fills[4]).toBeLessThan(fills[3]!);
    expect(fills[3]).toBeLessThan(fills[1]!);
    expect(renderSvg(example)).toBe(renderSvg(structuredClone(example)));
  });

  it.each([1, 2, 12, 40, 80])('keeps a matrix of %i by itself within its frame', (size) => {
    const { svg } = parser.parse(renderSvg(squareTrace(size)));
    const rows = [svg.g].flat().slice(1);
    const last = [rows.at(-1).rect].flat().at(-1);
    expect([rows.length, [rows[0].rect].flat().length]).toEqual([size, size]);
    expect(Number(last['@_x']) + Number(last['@_width'])).toBeLessThan(Number(svg['@_width']));
    expect(Number(last['@_y']) + Number(last['@_height'])).toBeLessThan(Number(svg['@_height']));
    expect(Number(svg['@_width'])).toBeLessThan(1300);
  });

  it('draws lines on request, each as strong as its weight, between the rows of their words', () => {
    const { svg } = parser.parse(renderSvg(example, 'lines'));
    const [words, ...rows] = svg.g;
    const heightOf = Object.fromEntries(
      words.text.map((text: Record<string, string>) => [text['#text'], Number(text['@_y'])]),
    );
    expect(Object.keys(heightOf)).toEqual(['Un', 'chien', 'court', 'A', 'dog', 'runs']);
    const lines = rows.flatMap((row: { path: Record<string, string>[] }) => row.path);
    expect(lines.map((line: Record<string, string>) => Number(line['@_stroke-opacity']))).toEqual(
      example.weights.flat(),
    );
    expect(lines[3].title).toBe('dog ← Un: 0.250');
    const ends = /^M\S+ (\S+)C.* (\S+)$/u.exec(lines[3]['@_d'])?.slice(1).map(Number) as [number, number];
    expect(Math.abs(ends[0] - (heightOf.Un as number))).toBeLessThan(6);
    expect(Math.abs(ends[1] - (heightOf.dog as number))).toBeLessThan(6);
    expect(renderSvg(example)).not.toContain('<path');
  });

  it.each([
    [1, 30],
    [40, 3],
  ])('keeps lines between %i and %i words within their frame', (inputs, outputs) => {
    const words = (count: number) => Array.from({ length: count }, (_, i) => `word${i}`);
    const weights = words(outputs).map(() => words(inputs).map(() => 1 / inputs));
    const { svg } = parser.parse(renderSvg(makeTrace(words(inputs), words(outputs), weights), 'lines'));
    for (const text of svg.g[0].text) {
      expect(Number(text['@_y'])).toBeGreaterThan(10);
      expect(Number(text['@_y'])).toBeLessThan(Number(svg['@_height']) - 10);
    }
  });

  it('shortens a long word, but not in its tip', () => {
    const word = 'x'.repeat(500);
    const svg = renderSvg(makeTrace([word], ['y'], [[1]]));
    expect(svg).toContain(`>${'x'.repeat(27)}…</text>`);
    expect(svg).toContain(`y ← ${word}: 1.000`);
  });

  it('says what was decided below the drawing, in a frame with room for it', () => {
    const name = 'x'.repeat(60);
    const label = { name, probabilities: { other: 0.25, [name]: 0.75 } };
    const { svg } = parser.parse(renderSvg({ ...example, label }));
    const [before] = [parser.parse(renderSvg(example)).svg];
    expect(svg.text['#text']).toBe(`${name} 0.75 · other 0.25`);
    expect(Number(svg.text['@_y'])).toBeLessThan(Number(svg['@_height']));
    expect(Number(svg['@_height'])).toBeGreaterThan(Number(before['@_height']));
    expect(Number(svg['@_width'])).toBeGreaterThan(500);
  });

  it('is well-formed XML that holds the words, whatever they are', () => {
    fc.assert(
      fc.property(anyKindOfTrace, (trace) => {
        const svg = renderSvg(trace);
        expect(XMLValidator.validate(svg)).toBe(true);
        // Char of XML 1.0, section 2.2
        expect(svg).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
        const elements = [...svg.matchAll(/<(\w+)/gu)].map(([, name]) => name!);
        const allowed = 'svg title desc rect g text defs use image filter feColorMatrix'.split(' ');
        expect(elements.filter((name) => !allowed.includes(name))).toEqual([]);
      }),
    );
  });
});
