import { ticks } from 'd3-array';
import stringWidth from 'string-width';
import { type AttentionTrace, spectrogramLevels } from '../attention-trace.js';
import {
  type Drawing,
  imageElement,
  number,
  PADDING,
  PAGE,
  rectElement,
  type Surface,
  svgElement,
  textWidth,
} from '../drawing.js';
import { table } from '../page-elements.js';
import { peakOf, toPeak } from '../peak.js';
import { escapeMarkup, padStart, printable, truncate } from '../printable.js';
import { ink } from '../ramp.js';
import { rasterUrl } from '../raster.js';
import { resample, transpose } from '../resample.js';
import { penOf, type TerminalOptions } from '../shade.js';
import { strongest } from '../strongest.js';
import type { ArticleParts, View } from './view.js';

type Trace = AttentionTrace<'audio'>;

/** Of the Gaussian over time where there are more frames than pixels, in pixels. */
const SPREAD = 0.5;
/** How much of a symbol's weight lies between the times that are named for it. */
const HELD = 0.9;

const PLOT_WIDTH = 760;
const SPECTROGRAM_HEIGHT = 120;
const SECTION_GAP = 10;
const LEGEND_WIDTH = 90;
const LONGEST_LABEL = 18;
const AXIS_FONT_SIZE = 11;
const FREQUENCY = 'frequency';

/** Symbols over time: Chorowski et al. 2015, figure 3. */
export const audioView: View<'audio'> = {
  hint:
    'Point at a symbol, or walk from symbol to symbol with the tab and arrow keys, to see when it was heard: ' +
    `the outline holds ${HELD * 100} % of its weight.`,
  draw,
  terminal,
  article,
};

/** The spectrogram, and below it, on the same axis of seconds, one row of frames for each symbol. */
function draw(trace: Trace, surface: Surface): Drawing {
  const { input, output, weights } = trace;
  const labels = output.tokens.map((token) => truncate(printable(token), LONGEST_LABEL));
  const row = Math.min(22, Math.max(11, Math.floor(480 / Math.max(1, labels.length))));
  const fontSize = Math.min(13, row - 2);

  const left =
    PADDING +
    10 +
    Math.max(textWidth(FREQUENCY, AXIS_FONT_SIZE), ...labels.map((label) => textWidth(label, fontSize)));
  const above = input.spectrogram === undefined ? 0 : SPECTROGRAM_HEIGHT + SECTION_GAP;
  const top = PADDING + above;
  const bottom = top + labels.length * row;
  const timeX = (seconds: number) => left + (seconds / input.seconds) * PLOT_WIDTH;
  const plot = { x: left, width: PLOT_WIDTH };
  const fitted = weights.map((frames) => fitFrames(frames, PLOT_WIDTH));
  const alignment = toPeak(fitted);
  const matrix = () =>
    surface.schemes.map(({ colorOf, attributes }) =>
      imageElement(
        { ...plot, y: top, height: bottom - top },
        rasterUrl(alignment, colorOf),
        `image-rendering="pixelated"${attributes && ` ${attributes}`}`,
      ),
    );
  const seconds = ticks(0, input.seconds, 10).map((tick) => {
    const x = timeX(tick);
    const label = `<text x="${number(x)}" y="${number(bottom + 19)}" text-anchor="middle" ${surface.quiet}>${tick} s</text>`;
    return (
      rectElement(
        { x: x - 0.5, y: PADDING, width: 1, height: bottom - PADDING + 5 },
        `${surface.line} fill-opacity="0.6"`,
      ) + label
    );
  });
  const rows = labels.map((label, i) => {
    const y = top + i * row;
    const span = spanOf(weights[i]!, input);
    const tip = `${output.tokens[i]}: ${timeRange(span)}, most at ${time(span.peak)} (${span.weight.toFixed(3)})`;
    const found = {
      x: timeX(span.start),
      y: PADDING,
      width: timeX(span.end) - timeX(span.start),
      height: y + row - PADDING,
    };
    return [
      `<g class="part"><title>${escapeMarkup(tip)}</title>`,
      rectElement({ x: PADDING, y, width: left + PLOT_WIDTH - PADDING, height: row }, 'fill-opacity="0"'),
      `<text x="${number(left - 10)}" y="${number(y + row / 2 + fontSize * 0.34)}" text-anchor="end">${escapeMarkup(label)}</text>`,
      i === 0 ? '' : rectElement({ ...plot, y: y - 0.5, height: 1 }, surface.line),
      surface.pointing ? rectElement(found, 'class="found"') : '',
      '</g>',
    ].join('');
  });

  return {
    width: Math.ceil(left + PLOT_WIDTH + PADDING + 16),
    height: Math.ceil(bottom + 56 + PADDING),
    title: `Attention: ${nameOf(input)} → ${output.text}`,
    description: describe(trace),
    body: [
      `<g font-size="${AXIS_FONT_SIZE}" ${surface.text}>`,
      ...(input.spectrogram === undefined ? [] : spectrogram(input.spectrogram, left, surface)),
      ...(weights.length === 0
        ? []
        : [...matrix(), ...legend(peakOf(fitted), left + PLOT_WIDTH, bottom + 34, surface)]),
      ...seconds,
      '</g>',
      `<g font-size="${fontSize}" ${surface.text}>`,
      ...rows,
      '</g>',
    ],
  };
}

type Spectrogram = NonNullable<Trace['input']['spectrogram']>;

function spectrogram({ bins, values }: Spectrogram, left: number, surface: Surface): string[] {
  const levels = spectrogramLevels(values);
  const slices = Array.from({ length: levels.length / bins }, (_, slice) =>
    levels.slice(slice * bins, (slice + 1) * bins).reverse(),
  );
  const rows = transpose(slices).map((bin) => fitFrames(bin, PLOT_WIDTH));
  const box = { x: left, y: PADDING, width: PLOT_WIDTH, height: SPECTROGRAM_HEIGHT };
  const place = `x="${number(left - 10)}" y="${PADDING + SPECTROGRAM_HEIGHT / 2 + 4}" text-anchor="end"`;
  return [
    imageElement(box, rasterUrl(rows, ink), 'class="ink"'),
    `<text ${place} ${surface.quiet}>${FREQUENCY}</text>`,
  ];
}

/** What the colours mean: from 0 to the greatest weight of all. */
function legend(peak: number, right: number, y: number, surface: Surface): string[] {
  const most = String(Number(peak.toPrecision(2)));
  const end = right - textWidth(most, AXIS_FONT_SIZE) - 6;
  const slope = [Array.from({ length: LEGEND_WIDTH }, (_, i) => i / (LEGEND_WIDTH - 1))];
  const text = (x: number, anchor: string, content: string) =>
    `<text x="${number(x)}" y="${number(y + 9)}" text-anchor="${anchor}" ${surface.quiet}>${content}</text>`;
  return [
    text(end - LEGEND_WIDTH - 6, 'end', 'weight 0'),
    ...surface.schemes.map(({ colorOf, attributes }) =>
      imageElement(
        { x: end - LEGEND_WIDTH, y, width: LEGEND_WIDTH, height: 10 },
        rasterUrl(slope, colorOf),
        attributes,
      ),
    ),
    text(right, 'end', most),
  ];
}

function describe({ input, output, weights }: Trace): string {
  const spans = weights.map((row, i) => `${output.tokens[i]}: ${timeRange(spanOf(row, input))}`);
  return (
    `Weights of ${input.frames} frames over ${time(input.seconds)} (columns) for each of ` +
    `${output.tokens.length} symbols (rows). When each symbol was heard: ${spans.join('; ')}.`
  );
}

/** For each symbol a line with a bar of time, and behind it the time to which it attended most. */
function terminal({ input, output, weights }: Trace, options: TerminalOptions): string {
  const { cell, faint } = penOf(options);
  const longest = Math.min(LONGEST_LABEL, Math.floor((options.columns - 8) / 3));
  const labels = output.tokens.map((token) => truncate(printable(token), longest));
  const labelWidth = Math.max(0, ...labels.map((label) => stringWidth(label)));
  const noteWidth = time(input.seconds).length + 1;
  const width = Math.max(1, options.columns - labelWidth - 1 - noteWidth);

  const bars = toPeak(weights.map((frames) => resample(frames, width, SPREAD)));
  return [
    `${' '.repeat(labelWidth)} ${faint(axis(input.seconds, width))}`.trimEnd(),
    ...labels.map((label, i) => {
      const bar = bars[i]!.map((weight) => cell(weight, 1)).join('');
      const note = padStart(time(spanOf(weights[i]!, input).peak), noteWidth);
      return `${padStart(label, labelWidth)} ${bar}${faint(note)}`;
    }),
  ].join('\n');
}

/** Times in seconds, each beginning where it is. */
function axis(seconds: number, width: number): string {
  return ticks(0, seconds, Math.max(2, width / 10)).reduce((line, tick) => {
    const start = Math.floor((tick / seconds) * width);
    const text = `${line.padEnd(start)}${tick} s`;
    return (start === 0 || start > line.length) && text.length <= width ? text : line;
  }, '');
}

function article(trace: Trace): ArticleParts {
  const { input, output, weights } = trace;
  return {
    input: escapeMarkup(`${nameOf(input)}${input.name === undefined ? '' : `, ${time(input.seconds)}`}`),
    figure: `<div class="matrix">\n${svgElement(draw(trace, PAGE), PAGE)}\n</div>`,
    table: table(
      `When each symbol was heard: from when to when ${HELD * 100} % of its weight lies, and the time of the ` +
        'frame with the greatest weight',
      ['From', 'To', 'Most at', 'Weight there'],
      output.tokens.map((token, i) => {
        const { start, end, peak, weight } = spanOf(weights[i]!, input);
        return { name: token, cells: [time(start), time(end), time(peak), weight.toFixed(3)] };
      }),
    ),
  };
}

interface Span {
  /** Seconds between which the middle HELD of the weight lies. */
  start: number;
  end: number;
  /** The middle of the frame with the greatest weight, in seconds, and that weight. */
  peak: number;
  weight: number;
}

function spanOf(weights: readonly number[], { seconds, frames }: Trace['input']): Span {
  const frame = seconds / frames;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const firstBeyond = (share: number) => {
    let sum = 0;
    return weights.findIndex((weight) => {
      sum += weight;
      return sum > share * total;
    });
  };
  const best = strongest(weights);
  return {
    start: firstBeyond((1 - HELD) / 2) * frame,
    end: (firstBeyond((1 + HELD) / 2) + 1) * frame,
    peak: (best + 0.5) * frame,
    weight: weights[best]!,
  };
}

/** A line of frames, made shorter if it has more of them than pixels. */
function fitFrames(frames: readonly number[], most: number): readonly number[] {
  return frames.length > most ? resample(frames, most, SPREAD) : frames;
}

function nameOf(input: Trace['input']): string {
  return input.name ?? `recording of ${time(input.seconds)}`;
}

function timeRange({ start, end }: Span): string {
  return `${start.toFixed(2)} to ${time(end)}`;
}

function time(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
}
