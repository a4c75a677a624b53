import stringWidth from 'string-width';
import type { AttentionTrace } from '../attention-trace.js';
import {
  type Drawing,
  imageElement,
  number,
  PADDING,
  PAGE,
  rectElement,
  type Surface,
  textWidth,
} from '../drawing.js';
import { fingerprint } from '../fingerprint.js';
import { table } from '../page-elements.js';
import { toPeak } from '../peak.js';
import { escapeMarkup, printable, truncate } from '../printable.js';
import { overPicture } from '../ramp.js';
import { rasterUrl } from '../raster.js';
import { resampleGrid } from '../resample.js';
import { penOf, type TerminalOptions } from '../shade.js';
import { strongest } from '../strongest.js';
import type { ArticleParts, View } from './view.js';

type Trace = AttentionTrace<'image'>;
type Grid = Trace['input']['grid'];
interface Size {
  width: number;
  height: number;
}

/**
 * A map is as bright as can be at its own peak, unless that is not even so many times the mean weight: then a
 * word that looked everywhere alike would seem to have looked at everything hard.
 */
const BRIGHT = 4;
/** Of the Gaussian over a map, in cells. */
const SPREAD = 0.75;
/** Pixels of a smoothed map along its longer side; whoever shows it interpolates between them. */
const MAP_SIZE = 64;

const PANEL: Size = { width: 150, height: 150 };
const STAGE: Size = { width: 520, height: 340 };
const PANELS_PER_LINE = 6;
const PANEL_GAP = 14;
const FONT_SIZE = 13;
const LINE = 18;
const GATE_BAR = 3;
/** Grey at 55 %: each channel is so much of the picture's luminance (Rec. 709). */
const DIMMING = Array.from({ length: 3 }, () => '0.117 0.393 0.04 0 0').join(' ');

const TERMINAL_CELLS = 14;
const TERMINAL_GAP = 2;
const CELL_WIDTH = 2;
/** Of a map in the terminal, so that there is room for its word and gate. */
const NARROWEST = 8;

/** Words over a picture: Xu et al. 2015, figures 3 and 5. */
export const imageView: View<'image'> = {
  hint:
    'Point at a word, or walk from word to word with the tab and arrow keys, to see where in the picture it ' +
    'looked: the brighter, the more, each map on a scale of its own.',
  draw,
  terminal,
  article,
};

/** The picture, then one panel for each word in reading order. */
function draw(trace: Trace, surface: Surface): Drawing {
  const { input, output, gates } = trace;
  const panel = fit(input, PANEL);
  const id = fingerprint(trace);
  const column = Math.max(panel.width, 64) + PANEL_GAP;
  const line = LINE + panel.height + (gates === undefined ? 0 : LINE) + PANEL_GAP;
  const longest = Math.floor((column - 4) / textWidth('x', FONT_SIZE));

  const panels = [
    [`<use href="#picture-${id}"/>`],
    ...output.tokens.map((token, i) => [
      heading(truncate(printable(token), longest), panel.width / 2),
      lit(trace, i, panel, id),
      ...(gates === undefined
        ? []
        : [gateBar(gates[i]!, panel, surface), gateText(gates[i]!, panel, surface)]),
    ]),
  ];
  const places = panels.map((elements, i) => {
    const x = PADDING + (i % PANELS_PER_LINE) * column + (column - PANEL_GAP - panel.width) / 2;
    const y = PADDING + Math.floor(i / PANELS_PER_LINE) * line + LINE;
    return `<g transform="translate(${number(x)} ${number(y)})">${elements.join('')}</g>`;
  });

  return {
    width: Math.ceil(2 * PADDING + Math.min(panels.length, PANELS_PER_LINE) * column - PANEL_GAP),
    height: Math.ceil(2 * PADDING + Math.ceil(panels.length / PANELS_PER_LINE) * line - PANEL_GAP),
    title: `Attention: ${nameOf(input)} → ${output.text}`,
    description: describe(trace),
    body: [definitions(input, panel, id), `<g font-size="${FONT_SIZE}" ${surface.text}>`, ...places, '</g>'],
  };
}

/** What every panel shows, written once: the picture, or darkness where there is none, and how it is dimmed. */
function definitions({ data }: Trace['input'], panel: Size, id: string): string {
  const name = `id="picture-${id}"`;
  const picture =
    data === undefined ? rectElement(panel, `${name} fill="#23272e"`) : imageElement(panel, data, name);
  return (
    `<defs>${picture}<filter id="dim-${id}" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">` +
    `<feColorMatrix values="${DIMMING} 0 0 0 1 0"/></filter></defs>`
  );
}

/** The dimmed picture and the map of one word over it. */
function lit({ input, output, weights }: Trace, word: number, panel: Size, id: string): string {
  const map = weights[word]!;
  const tip = `${output.tokens[word]}: most at ${strongestCells(map, input.grid, 1).join('')}`;
  return (
    `<g><title>${escapeMarkup(tip)}</title><use href="#picture-${id}" filter="url(#dim-${id})"/>` +
    `${imageElement(panel, mapUrl(map, input.grid), 'class="map"')}</g>`
  );
}

/** The smoothed map as a picture. */
function mapUrl(weights: readonly number[], grid: Grid): string {
  const scale = MAP_SIZE / Math.max(grid.rows, grid.columns);
  const rows = Math.max(1, Math.round(grid.rows * scale));
  const columns = Math.max(1, Math.round(grid.columns * scale));
  return rasterUrl(brightness(resampleGrid(rowsOf(weights, grid), rows, columns, SPREAD), grid), overPicture);
}

function heading(text: string, center: number): string {
  return `<text x="${number(center)}" y="-7" text-anchor="middle">${escapeMarkup(text)}</text>`;
}

function gateBar(gate: number, panel: Size, surface: Surface): string {
  const box = { y: panel.height + 4, width: panel.width, height: GATE_BAR };
  return rectElement(box, surface.line) + rectElement({ ...box, width: panel.width * gate }, surface.quiet);
}

function gateText(gate: number, panel: Size, surface: Surface): string {
  const place = `x="${number(panel.width / 2)}" y="${number(panel.height + 19)}" text-anchor="middle"`;
  return `<text ${place} font-size="11" ${surface.quiet}>${gateName(gate)}</text>`;
}

function describe({ input, output, weights }: Trace): string {
  const places = weights.map(
    (row, i) => `${output.tokens[i]}: ${strongestCells(row, input.grid, 1).join('')}`,
  );
  return (
    `Where in a grid of ${input.grid.rows} rows and ${input.grid.columns} columns over the picture each of ` +
    `${output.tokens.length} words looked most: ${places.join('; ')}.`
  );
}

/** The strongest cells, each as its place and weight, counted from the upper left corner and 1. */
function strongestCells(weights: readonly number[], { columns }: Grid, count: number): string[] {
  const left = [...weights];
  return Array.from({ length: Math.min(count, weights.length) }, () => {
    const best = strongest(left);
    left[best] = -1;
    const place = `row ${Math.floor(best / columns) + 1}, column ${(best % columns) + 1}`;
    return `${place} (${weights[best]!.toFixed(2)})`;
  });
}

/** For each word a map of blocks, as many side by side as there is room for. */
function terminal({ input, output, weights, gates }: Trace, options: TerminalOptions): string {
  const { grid } = input;
  const { cell, faint } = penOf(options);
  const most = Math.min(TERMINAL_CELLS, Math.floor(options.columns / CELL_WIDTH));
  const scale = Math.min(1, most / Math.max(grid.rows, grid.columns));
  const rows = Math.max(1, Math.round(grid.rows * scale));
  const columns = Math.max(1, Math.round(grid.columns * scale));
  const width = Math.max(columns * CELL_WIDTH, NARROWEST);
  const perLine = Math.max(1, Math.floor((options.columns + TERMINAL_GAP) / (width + TERMINAL_GAP)));

  const padded = (text: string, shown = text) => shown + ' '.repeat(width - stringWidth(text));
  const panels = output.tokens.map((token, i) => {
    const map = rowsOf(weights[i]!, grid);
    const fitted = scale < 1 ? resampleGrid(map, rows, columns, SPREAD) : map;
    const gate = gates === undefined ? [] : [gateName(gates[i]!)];
    return [
      padded(truncate(printable(token), width)),
      ...brightness(fitted, grid).map((row) =>
        padded(' '.repeat(columns * CELL_WIDTH), row.map((weight) => cell(weight, CELL_WIDTH)).join('')),
      ),
      ...gate.map((text) => padded(text, faint(text))),
    ];
  });

  const blocks: string[] = [];
  for (let start = 0; start < panels.length; start += perLine) {
    const [first, ...others] = panels.slice(start, start + perLine);
    const beside = ' '.repeat(TERMINAL_GAP);
    const lines = first!.map((line, i) => [line, ...others.map((panel) => panel[i])].join(beside).trimEnd());
    blocks.push(lines.join('\n'));
  }
  return blocks.join('\n\n');
}

function article(trace: Trace): ArticleParts {
  const { input, output, weights, gates } = trace;
  const { grid } = input;
  const panel = fit(input, PANEL);
  const id = fingerprint(trace);
  const svg = (size: Size, box: string, content: string) =>
    `<svg width="${number(size.width)}" height="${number(size.height)}" viewBox="${box}">${content}</svg>`;
  const whole = `0 0 ${number(panel.width)} ${number(panel.height)}`;

  const stage = [
    definitions(input, panel, id),
    `<use class="picture" href="#picture-${id}"/>`,
    imageElement(panel, undefined, 'class="map"'),
  ].join('');
  const panels = output.tokens.map((token, i) => {
    const word = `<b>${escapeMarkup(token)}</b>${svg(panel, whole, lit(trace, i, panel, id))}`;
    if (gates === undefined) return `<li class="part">${word}</li>`;
    const below = `0 ${number(panel.height)} ${number(panel.width)} 8`;
    const bar = svg({ width: panel.width, height: 8 }, below, gateBar(gates[i]!, panel, PAGE));
    return `<li class="part">${word}${bar}<small>${gateName(gates[i]!)}</small></li>`;
  });

  return {
    input: escapeMarkup(nameOf(input)),
    figure: `<div class="pictures" aria-hidden="true">
<div class="stage">${svg(fit(input, STAGE), whole, stage)}</div>
<ol class="panels" lang="" dir="auto">
${panels.join('\n')}
</ol>
</div>`,
    table: table(
      `Where each word looked most, in a grid of ${grid.rows} rows and ${grid.columns} columns over the picture, ` +
        'counted from the upper left, with weights from 0 to 1',
      [
        ...(gates === undefined ? [] : ['Gate β']),
        ...['Strongest', 'Second', 'Third'].slice(0, grid.rows * grid.columns),
      ],
      output.tokens.map((token, i) => ({
        name: token,
        cells: [
          ...(gates === undefined ? [] : [gates[i]!.toFixed(2)]),
          ...strongestCells(weights[i]!, grid, 3),
        ],
      })),
    ),
  };
}

function nameOf(input: Trace['input']): string {
  return input.name ?? `picture of ${input.width} by ${input.height} pixels`;
}

function gateName(gate: number): string {
  return `β ${gate.toFixed(2)}`;
}

/** The shape of the picture, as large as fits; a sliver is widened until it can be seen. */
function fit({ width, height }: Size, room: Size): Size {
  const scale = Math.min(room.width / width, room.height / height);
  return { width: Math.max(8, width * scale), height: Math.max(8, height * scale) };
}

function brightness(map: readonly (readonly number[])[], { rows, columns }: Grid): number[][] {
  return toPeak(map, BRIGHT / (rows * columns));
}

function rowsOf(weights: readonly number[], { rows, columns }: Grid): number[][] {
  return Array.from({ length: rows }, (_, row) => weights.slice(row * columns, (row + 1) * columns));
}
