import stringWidth from 'string-width';
import { escapeMarkup } from './printable.js';
import { onDark, onLight } from './ramp.js';

/** The space around a drawing. */
export const PADDING = 20;

export interface Drawing {
  width: number;
  height: number;
  title: string;
  description: string;
  /** Elements of SVG, in the order in which they are painted. */
  body: readonly string[];
}

/** What a drawing is for: colours are written into a file, and on a page come from its style. */
export interface Surface {
  /** Attributes of the `svg` element, beside its size. */
  root: string;
  /** What stands behind everything, for a drawing of this width and height. */
  background: (width: number, height: number) => string;
  /** Attributes of a cell. */
  cell: (weight: number) => string;
  /** Attributes of the line between two words. */
  link: string;
  /** Attributes of the words. */
  text: string;
  /** The fill of what is said beside the words, and of lines. */
  quiet: string;
  line: string;
  /** One for each scheme of colours that the surface may be seen in: its ramp, and attributes that choose it. */
  schemes: readonly { colorOf: (weight: number) => string; attributes: string }[];
  /** Whether parts can be pointed at, so that what belongs to each is drawn and waits. */
  pointing: boolean;
}

export const FILE: Surface = {
  root: 'role="img"',
  background: (width, height) => `<rect width="${width}" height="${height}" fill="#fff"/>`,
  cell: (weight) => `fill="${onLight(weight)}"`,
  link: `fill="none" stroke="${onLight(1)}"`,
  text: 'font-family="Inter, \'Helvetica Neue\', Arial, \'Noto Sans\', sans-serif" fill="#1d2733"',
  quiet: 'fill="#5b6875"',
  line: 'fill="#dfe4ea"',
  schemes: [{ colorOf: onLight, attributes: '' }],
  pointing: false,
};

export const PAGE: Surface = {
  root: 'aria-hidden="true"',
  background: () => '',
  cell: (weight) => `class="cell w${Math.round(weight * 100)}"`,
  link: 'class="cell link"',
  text: 'fill="currentColor"',
  quiet: 'class="quiet"',
  line: 'class="line"',
  schemes: [
    { colorOf: onLight, attributes: 'class="on-light"' },
    { colorOf: onDark, attributes: 'class="on-dark"' },
  ],
  pointing: true,
};

export function svgElement({ width, height, title, description, body }: Drawing, surface: Surface): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${surface.root}>`,
    `<title>${escapeMarkup(title)}</title>`,
    `<desc>${escapeMarkup(description)}</desc>`,
    surface.background(width, height),
    ...body,
    '</svg>',
  ].join('\n');
}

export interface Box {
  x?: number;
  y?: number;
  width: number;
  height: number;
}

export function rectElement(box: Box, attributes: string): string {
  return `<rect ${placeOf(box)} ${attributes}/>`;
}

/** A picture, or the place for one, that fills its box whatever its own shape. */
export function imageElement(box: Box, href: string | undefined, attributes: string): string {
  const source = href === undefined ? '' : ` href="${href}"`;
  return `<image ${placeOf(box)} preserveAspectRatio="none"${source}${attributes && ` ${attributes}`}/>`;
}

function placeOf(box: Box): string {
  return Object.entries(box)
    .map(([name, value]) => `${name}="${number(value)}"`)
    .join(' ');
}

/** No font can be measured here: the room for a text is estimated from its width in a terminal. */
export function textWidth(text: string, fontSize: number): number {
  return stringWidth(text) * fontSize * 0.6;
}

/** At most two decimals, none that say nothing. */
export function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}
