import type { AttentionTrace } from './attention-trace.js';
import { FILE, number, PADDING, svgElement, textWidth } from './drawing.js';
import { escapeMarkup, printable, truncate } from './printable.js';
import { drawTrace } from './svg.js';

export interface Panels {
  /** Of the whole: what a screen reader says first. */
  readonly title: string;
  /** How many stand side by side. */
  readonly columns: number;
  /** In reading order, each under its heading. */
  readonly panels: readonly { readonly heading: string; readonly trace: AttentionTrace }[];
}

const LONGEST_HEADING = 130;
const FONT_SIZE = 14;
/** Between a heading and its drawing there is the drawing's own padding. */
const HEADING_HEIGHT = FONT_SIZE;

/**
 * Several traces as one SVG file, each drawn as `renderSvg` draws it, as the papers' figures with their panels are.
 *
 * @throws if there is no panel, or `columns` is not a whole number from 1 on
 */
export function renderPanels({ title, columns, panels }: Panels): string {
  if (panels.length === 0) throw new Error('a figure of panels has none');
  if (!Number.isInteger(columns) || columns < 1)
    throw new Error(`${columns} columns of panels: expected a whole number from 1 on`);
  const drawn = panels.map(({ heading, trace }) => {
    const { width, ...drawing } = drawTrace(trace);
    const shown = truncate(printable(heading), LONGEST_HEADING);
    return {
      ...drawing,
      heading: shown,
      width: Math.max(width, Math.ceil(textWidth(shown, FONT_SIZE)) + 2 * PADDING),
    };
  });
  const columnWidths = Array.from({ length: Math.min(columns, drawn.length) }, (_, column) =>
    Math.max(...drawn.filter((_, i) => i % columns === column).map(({ width }) => width)),
  );
  const rowHeights = Array.from({ length: Math.ceil(drawn.length / columns) }, (_, row) =>
    Math.max(...drawn.slice(row * columns, (row + 1) * columns).map(({ height }) => HEADING_HEIGHT + height)),
  );
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  const body = drawn.map(({ heading, body: parts }, i) => {
    const x = sum(columnWidths.slice(0, i % columns));
    const y = sum(rowHeights.slice(0, Math.floor(i / columns)));
    return [
      `<g transform="translate(${number(x)} ${number(y)})">`,
      `<text x="${PADDING}" y="${PADDING + FONT_SIZE / 2}" font-size="${FONT_SIZE}" font-weight="600" ${FILE.text}>${escapeMarkup(heading)}</text>`,
      `<g transform="translate(0 ${HEADING_HEIGHT})">`,
      ...parts,
      '</g>',
      '</g>',
    ].join('\n');
  });
  return `${svgElement(
    {
      width: sum(columnWidths),
      height: sum(rowHeights),
      title,
      description: drawn.map(({ heading, description }) => `${heading}: ${description}`).join(' '),
      body,
    },
    FILE,
  )}\n`;
}
