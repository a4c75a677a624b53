import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { renderPanels, renderSvg } from '../src/index.js';
import { example, makeTrace, pictureExample, squareTrace } from './trace.js';

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, trimValues: false });

interface Group {
  '@_transform': string;
  text: Record<string, string>;
}

const sizeOf = (text: string) => {
  const { svg } = parser.parse(text);
  return { width: Number(svg['@_width']), height: Number(svg['@_height']) };
};
const placesOf = (text: string) =>
  [parser.parse(text).svg.g].flat().map((group: Group) => ({
    heading: group.text['#text'],
    place: /translate\((\S+) (\S+)\)/u.exec(group['@_transform'])?.slice(1).map(Number),
  }));

describe('renderPanels', () => {
  it('sets traces in rows, each as it is drawn alone, as wide and high as the largest of its column and row', () => {
    const traces = [example, squareTrace(12), squareTrace(3)];
    const panels = traces.map((trace, i) => ({ heading: `panel ${i}`, trace }));
    const text = renderPanels({ title: 'Three', columns: 2, panels });
    const [first, second, third] = traces.map((trace) => sizeOf(renderSvg(trace)));
    const widest = Math.max(first!.width, third!.width);
    expect(placesOf(text)).toEqual([
      { heading: 'panel 0', place: [0, 0] },
      { heading: 'panel 1', place: [widest, 0] },
      { heading: 'panel 2', place: [0, second!.height + 14] },
    ]);
    expect(sizeOf(text)).toEqual({
      width: widest + second!.width,
      height: second!.height + third!.height + 2 * 14,
    });
    for (const cell of renderSvg(example).match(/<rect .*?<\/rect>/gu)!) expect(text).toContain(cell);
  });

  it('has one title, and says of each panel what it shows', () => {
    const panels = [{ heading: 'first', trace: example }];
    const { svg } = parser.parse(renderPanels({ title: 'A < B', columns: 3, panels }));
    expect(svg.title).toBe('A < B');
    expect(svg.desc).toMatch(/^first: Weights of 3 input words .*dog ← chien \(0\.75\)/u);
  });

  it('gives a long heading its room, and escapes it', () => {
    const heading = `<script> & ${'x'.repeat(200)}`;
    const trace = makeTrace(['a'], ['b'], [[1]]);
    const text = renderPanels({ title: heading, columns: 1, panels: [{ heading, trace }] });
    expect(XMLValidator.validate(text)).toBe(true);
    expect(text).not.toContain('<script>');
    const shown = placesOf(text)[0]?.heading as string;
    expect(shown).toMatch(/x…$/u);
    expect(sizeOf(text).width).toBeGreaterThan(shown.length * 8);
  });

  it('shows pictures beside each other, each with its own', () => {
    const traces = [pictureExample, { ...pictureExample, model: 'another' }];
    const text = renderPanels({
      title: 'Two',
      columns: 1,
      panels: traces.map((trace) => ({ heading: trace.model ?? 'one', trace })),
    });
    const ids = [...text.matchAll(/ id="(picture-[^"]+)"/gu)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(2);
    for (const [, id] of text.matchAll(/href="#(picture-[^"]+)"/gu)) expect(ids).toContain(id);
  });

  it('refuses what has no panels or no columns', () => {
    expect(() => renderPanels({ title: '', columns: 1, panels: [] })).toThrow('has none');
    for (const columns of [0, 1.5, Number.NaN])
      expect(() => renderPanels({ title: '', columns, panels: [{ heading: '', trace: example }] })).toThrow(
        `${columns} columns`,
      );
  });
});
