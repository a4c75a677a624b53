import { max, ticks } from 'd3-array';
import { type Drawing, FILE, number, PADDING, rectElement, svgElement, textWidth } from './drawing.js';
import { escapeMarkup, printable, truncate } from './printable.js';

export interface LineChart {
  readonly title: string;
  /** What the axes are of, with their units. */
  readonly x: string;
  readonly y: string;
  /** From 1 to 6, each with its points from left to right. */
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
}

/** Told apart by those who do not see all colours (Okabe and Ito 2008). */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const [WIDTH, HEIGHT] = [560, 300];
const FONT_SIZE = 12;
const ROW = 20;
const LONGEST_NAME = 60;

/**
 * Lines over an axis as an SVG file that needs nothing else; both axes begin with 0. What is drawn says its numbers when
 * pointed at.
 *
 * @throws if there are no lines or too many, a line has no point, or a number is not finite or below 0
 */
export function renderLineChart({ title, x, y, lines }: LineChart): string {
  if (lines.length < 1 || lines.length > COLORS.length) {
    throw new Error(`a chart of ${lines.length} lines: expected 1 to ${COLORS.length}`);
  }
  const points = lines.flatMap((line) => line.points);
  if (lines.some((line) => line.points.length === 0)) throw new Error('a line of the chart has no point');
  const bad = points.flat().find((value) => !(Number.isFinite(value) && value >= 0));
  if (bad !== undefined) throw new Error(`a point of the chart is at ${bad}: expected numbers of at least 0`);

  const tops = [0, 1].map((axis) => max(points, (point) => point[axis]) || 1) as [number, number];
  const [across, up] = [ticks(0, tops[0], 8), ticks(0, tops[1], 6)];
  const left = PADDING + 2 * FONT_SIZE + Math.max(...up.map((tick) => textWidth(String(tick), FONT_SIZE)));
  const top = PADDING + 2 * FONT_SIZE;
  const bottom = top + HEIGHT;
  const at = ([horizontal, vertical]: readonly [number, number]) =>
    [left + (horizontal / tops[0]) * WIDTH, bottom - (vertical / tops[1]) * HEIGHT] as const;
  const text = (place: readonly [number, number], content: string, anchor: string, style = FILE.text) =>
    `<text x="${number(place[0])}" y="${number(place[1])}" text-anchor="${anchor}" font-size="${FONT_SIZE}" ${style}>${escapeMarkup(content)}</text>`;
  const told = (value: number) => String(Number(value.toPrecision(4)));
  const label = (content: string) => truncate(printable(content), LONGEST_NAME);
  const grid = [
    ...up.map((tick) => {
      const [, height] = at([0, tick]);
      const line = rectElement({ x: left, y: height - 0.5, width: WIDTH, height: 1 }, FILE.line);
      return line + text([left - 8, height + FONT_SIZE / 3], String(tick), 'end');
    }),
    ...across.map((tick) => text([at([tick, 0])[0], bottom + 1.5 * FONT_SIZE], String(tick), 'middle')),
  ];
  const drawn = lines.map(({ name, points: own }, i) => {
    const color = COLORS[i] as string;
    const path = own.map((point) => at(point).map(number).join(',')).join(' ');
    const dots = own.map((point) => {
      const [cx, cy] = at(point).map(number);
      const tip = `${label(name)}: ${point[0]}, ${told(point[1])}`;
      return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${color}"><title>${escapeMarkup(tip)}</title></circle>`;
    });
    const row = bottom + 3 * FONT_SIZE + (i + 1) * ROW;
    return [
      `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>`,
      ...dots,
      rectElement({ x: left, y: row - FONT_SIZE / 2, width: 18, height: 3 }, `fill="${color}"`),
      text([left + 26, row], label(name), 'start'),
    ].join('\n');
  });
  const longest = Math.max(
    ...[title, ...lines.map(({ name }) => name)].map((of) => textWidth(label(of), FONT_SIZE)),
  );
  const drawing: Drawing = {
    width: Math.ceil(left + Math.max(WIDTH, longest + 26) + PADDING),
    height: Math.ceil(bottom + 3 * FONT_SIZE + (lines.length + 1) * ROW),
    title: printable(title),
    description: lines
      .map(
        ({ name, points: own }) => `${printable(name)}: ${own.map(([a, b]) => `${a} ${told(b)}`).join(', ')}`,
      )
      .join('; '),
    body: [
      text([left, PADDING + FONT_SIZE / 2], label(title), 'start'),
      ...grid,
      text([left + WIDTH / 2, bottom + 3 * FONT_SIZE], label(x), 'middle', FILE.text),
      `<g transform="rotate(-90 ${PADDING} ${top + HEIGHT / 2})">${text([PADDING, top + HEIGHT / 2], label(y), 'middle')}</g>`,
      ...drawn,
    ],
  };
  return `${svgElement(drawing, FILE)}\n`;
}
