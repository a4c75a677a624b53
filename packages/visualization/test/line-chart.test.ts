import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { type LineChart, renderLineChart } from '../src/index.js';

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, trimValues: false });

const chart: LineChart = {
  title: 'Errors',
  x: 'seconds',
  y: 'PER (%)',
  lines: [
    {
      name: 'content',
      points: [
        [2, 10],
        [20, 80],
      ],
    },
    {
      name: '<b>location</b>',
      points: [
        [2, 9],
        [10, 9.5],
        [20, 12.345],
      ],
    },
  ],
};

describe('renderLineChart', () => {
  it('has a dot for each point, at its place, that says its numbers, and escapes names', () => {
    const text = renderLineChart(chart);
    expect(text).not.toContain('<b>');
    const { svg } = parser.parse(text);
    expect(svg.title).toBe('Errors');
    expect(svg.desc).toBe('content: 2 10, 20 80; <b>location</b>: 2 9, 10 9.5, 20 12.35');
    const dots = svg.circle.map((dot: Record<string, string>) => ({
      x: Number(dot['@_cx']),
      y: Number(dot['@_cy']),
      tip: dot.title as string,
    }));
    expect(dots.map(({ tip }: { tip: string }) => tip.split(': ')[1])).toEqual([
      '2, 10',
      '20, 80',
      '2, 9',
      '10, 9.5',
      '20, 12.35',
    ]);
    const [first, second, third, , last] = dots;
    expect(first.x).toBe(third.x);
    expect(second.x).toBe(last.x);
    expect((last.x - dots[3].x) / (second.x - first.x)).toBeCloseTo(10 / 18, 2);
    expect((last.y - second.y) / (first.y - second.y)).toBeCloseTo((80 - 12.345) / 70, 2);
    expect(first.y - third.y).toBeLessThan(0);
  });

  it('keeps everything within its frame', () => {
    const { svg } = parser.parse(renderLineChart(chart));
    const [width, height] = [Number(svg['@_width']), Number(svg['@_height'])];
    for (const { '@_x': x, '@_y': y } of svg.text as Record<string, string>[]) {
      expect(Number(x)).toBeGreaterThan(0);
      expect(Number(x)).toBeLessThan(width);
      expect(Number(y)).toBeGreaterThan(0);
      expect(Number(y)).toBeLessThan(height);
    }
  });

  it.each<[what: string, lines: LineChart['lines'], message: RegExp]>([
    ['no lines', [], /a chart of 0 lines: expected 1 to 6/],
    ['a line without points', [{ name: 'a', points: [] }], /has no point/],
    ['what is no number', [{ name: 'a', points: [[1, Number.NaN]] }], /at NaN: expected numbers/],
  ])('%s is an error', (_, lines, message) => {
    expect(() => renderLineChart({ ...chart, lines })).toThrow(message);
  });
});
