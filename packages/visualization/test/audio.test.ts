import { decode } from 'fast-png';
import { XMLParser } from 'fast-xml-parser';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type AttentionTrace, renderHtml, renderSvg, renderTerminal } from '../src/index.js';
import { recordingExample } from './trace.js';

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, trimValues: false });
const plain = { columns: 40, colors: false };

/** The pixels of the PNGs in a drawing, in their order. */
function rastersOf(drawing: string) {
  return [...drawing.matchAll(/href="data:image\/png;base64,([^"]*)"/gu)].map(([, data]) => {
    const { width, height, data: levels } = decode(Buffer.from(data!, 'base64'));
    return { width, height, levels: Array.from(levels) };
  });
}

/** Symbols that are heard one after the other. */
function diagonal(symbols: number, frames: number): AttentionTrace<'audio'> {
  const tokens = Array.from({ length: symbols }, (_, i) => `S${i}`);
  return {
    ...recordingExample,
    input: { kind: 'audio', seconds: 100, frames },
    output: { text: tokens.join(' '), tokens },
    weights: tokens.map((_, i) =>
      Array.from({ length: frames }, (_, frame) =>
        frame === Math.floor(((i + 0.5) / symbols) * frames) ? 1 : 0,
      ),
    ),
  };
}

describe('a recording as SVG', () => {
  it('has its spectrogram over its alignment, on the same axis of seconds', () => {
    const drawing = renderSvg(recordingExample);
    const { svg } = parser.parse(drawing);
    expect(svg.title).toBe('Attention: hi.wav → hi');
    expect(svg.desc).toContain('HH: 0.20 to 0.40 s; AY: 1.60 to 2.00 s');
    expect(drawing).toContain('<title>AY: 1.60 to 2.00 s, most at 1.70 s (0.500)</title>');
    const [above, below] = svg.g[0].image;
    expect([above['@_x'], above['@_width']]).toEqual([below['@_x'], below['@_width']]);
    expect(Number(above['@_y']) + Number(above['@_height'])).toBeLessThan(Number(below['@_y']));
    const ticks = [...drawing.matchAll(/<text x="([\d.]+)" [^>]*>([\d.]+) s<\/text>/gu)];
    const left = Number(below['@_x']);
    for (const [, x, seconds] of ticks) {
      expect(Number(x)).toBeCloseTo(left + (Number(seconds) / 2) * Number(below['@_width']), 1);
    }
    expect(ticks.map(([, , seconds]) => seconds).slice(0, 3)).toEqual(['0', '0.2', '0.4']);
  });

  it('shows the lowest frequency at the bottom, and each symbol in its frames', () => {
    const [spectrogram, alignment] = rastersOf(renderSvg(recordingExample));
    expect(spectrogram).toEqual({ width: 3, height: 2, levels: [63, 32, 0, 0, 32, 63] });
    expect(alignment).toEqual({
      width: 10,
      height: 2,
      levels: [0, 63, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 32],
    });
  });

  it('takes a spectrogram as bytes', () => {
    const values = Buffer.from([0, 255, 128, 128, 255, 0]).toString('base64');
    const written = { ...recordingExample.input, spectrogram: { bins: 2, values } };
    expect(rastersOf(renderSvg({ ...recordingExample, input: written }))).toEqual(
      rastersOf(renderSvg(recordingExample)),
    );
  });

  it.each([
    [0, 10],
    [1, 1],
    [10, 20_000],
    [100, 900],
  ])('keeps %i symbols over %i frames within its frame', (symbols, frames) => {
    const drawing = renderSvg(diagonal(symbols, frames));
    const { svg } = parser.parse(drawing);
    expect(Number(svg['@_width'])).toBeLessThan(1100);
    expect(drawing.match(/class="part"/gu) ?? []).toHaveLength(symbols);
    for (const { width } of rastersOf(drawing)) expect(width).toBeLessThanOrEqual(760);
    for (const [, y] of drawing.matchAll(/ y="([\d.]+)"/gu)) {
      expect(Number(y)).toBeLessThan(Number(svg['@_height']));
    }
  });

  it('still shows each symbol at its time when frames are many', () => {
    const [{ width, levels }] = rastersOf(renderSvg(diagonal(10, 20_000))) as [
      ReturnType<typeof rastersOf>[number],
    ];
    for (let symbol = 0; symbol < 10; symbol++) {
      const row = levels.slice(symbol * width, (symbol + 1) * width);
      expect(row.indexOf(Math.max(...row))).toBe(Math.floor(((symbol + 0.5) / 10) * width));
    }
  });
});

describe('a recording on the page', () => {
  it('is drawn for light and dark, with the frame of each symbol ready', () => {
    const page = renderHtml([recordingExample]);
    expect(page.match(/class="on-light"/gu)).toHaveLength(2);
    expect(page.match(/class="on-dark"/gu)).toHaveLength(2);
    expect(page.match(/class="found"/gu)).toHaveLength(2);
    expect(page.match(/class="ink"/gu)).toHaveLength(1);
    expect(renderSvg(recordingExample)).not.toContain('class="found"');
  });
});

describe('a recording in the terminal', () => {
  it('is a bar of time for each symbol, with the time of its peak', () => {
    const lines = renderTerminal(recordingExample, plain).split('\n');
    expect(lines[0]).toMatch(/^ {3}0 s .*1 s .*/u);
    expect(lines[1]).toMatch(/^HH ·+[░▒▓]*█+[░▒▓]*·+ 0\.30 s$/u);
    expect(lines[2]).toMatch(/^AY ·+░[▒▓]+ 1\.70 s$/u);
    expect(new Set(lines.slice(1).map((line) => stringWidth(line)))).toEqual(new Set([40]));
  });

  it('shows where among very many frames a symbol was heard', () => {
    const lines = renderTerminal(diagonal(10, 20_000), plain).split('\n').slice(1);
    const places = lines.map((line) => line.search(/[░▒▓█]/u));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(new Set(places).size).toBe(10);
  });

  it('has an axis even of no symbols', () => {
    expect(renderTerminal(diagonal(0, 10), plain)).toMatch(/^ 0 s +50 s$/u);
  });
});
