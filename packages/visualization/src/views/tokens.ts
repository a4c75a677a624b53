import stringWidth from 'string-width';
import type { AttentionTrace } from '../attention-trace.js';
import { type Drawing, number, PADDING, PAGE, type Surface, svgElement, textWidth } from '../drawing.js';
import { table, wordButtons } from '../page-elements.js';
import { escapeMarkup, padStart, printable, truncate } from '../printable.js';
import { penOf, type TerminalOptions } from '../shade.js';
import { strongest } from '../strongest.js';
import type { ArticleParts, Figure, View } from './view.js';

const LONGEST_LABEL = 28;
const ANGLE = 50;
const CELL_WIDTH = 2;
const LONGEST_TERMINAL_LABEL = 18;

const LINES_WIDTH = 120;
const LINES_ROW = 26;
const LINES_FONT_SIZE = 14;

type Trace = AttentionTrace<'tokens'>;
type Picture = Pick<Drawing, 'width' | 'height' | 'body'>;

/** Words by words: the matrix of Bahdanau et al. 2015, figure 3. */
export const tokensView: View<'tokens'> = {
  hint: 'Point at a word, or move to it with the tab key, to see the words it goes with.',
  draw,
  terminal,
  article,
};

function draw(trace: Trace, surface: Surface, figure: Figure = 'matrix'): Drawing {
  return {
    ...(figure === 'lines' ? drawLines(trace, surface) : drawMatrix(trace, surface)),
    title: `Attention: ${trace.input.text} → ${trace.output.text}`,
    description: describe(trace),
  };
}

/** The room that the widest of the labels takes: of any number of them. */
const widest = (labels: readonly string[], width: (label: string) => number): number =>
  labels.reduce((most, label) => Math.max(most, width(label)), 0);

/** Input words on top, output words at the left, one cell for each pair. */
function drawMatrix(trace: Trace, surface: Surface): Picture {
  const inputs = trace.input.tokens;
  const outputs = trace.output.tokens;
  const inputLabels = inputs.map((token) => truncate(printable(token), LONGEST_LABEL));
  const outputLabels = outputs.map((token) => truncate(printable(token), LONGEST_LABEL));

  const cell = Math.min(34, Math.max(13, Math.floor(760 / Math.max(1, inputs.length, outputs.length))));
  const fontSize = Math.min(15, Math.max(8.5, Math.round(cell * 0.52 * 2) / 2));
  const gap = cell >= 20 ? 2 : 1;
  const width = (label: string) => textWidth(label, fontSize);
  const slope = { x: Math.cos((ANGLE * Math.PI) / 180), y: Math.sin((ANGLE * Math.PI) / 180) };

  const left = PADDING + widest(outputLabels, width) + 10;
  const top = PADDING + widest(inputLabels, width) * slope.y + fontSize + 4;
  const right = inputLabels.reduce(
    (most, label, i) => Math.max(most, left + (i + 0.5) * cell + width(label) * slope.x + fontSize),
    left + inputs.length * cell,
  );
  const bottom = top + outputs.length * cell;

  const columns = inputLabels.map((label, i) => {
    const x = number(left + (i + 0.5) * cell + fontSize * 0.25);
    const y = number(top - 6);
    return `<text transform="translate(${x} ${y}) rotate(-${ANGLE})">${escapeMarkup(label)}</text>`;
  });
  const rows = outputLabels.map((label, i) => {
    const y = number(top + (i + 0.5) * cell + fontSize * 0.34);
    return `<text x="${number(left - 10)}" y="${y}" text-anchor="end">${escapeMarkup(label)}</text>`;
  });
  const cells = trace.weights.map((weights, row) => {
    const y = number(top + row * cell + gap / 2);
    const marks = weights.map((weight, column) => {
      const x = number(left + column * cell + gap / 2);
      const tip = escapeMarkup(`${outputs[row]} ← ${inputs[column]}: ${weight.toFixed(3)}`);
      const size = cell - gap;
      return `<rect x="${x}" y="${y}" width="${size}" height="${size}" rx="${gap}" ${surface.cell(weight)}><title>${tip}</title></rect>`;
    });
    return `<g class="row">${marks.join('')}</g>`;
  });

  return {
    width: Math.ceil(right + PADDING),
    height: Math.ceil(bottom + PADDING),
    body: [`<g font-size="${fontSize}" ${surface.text}>`, ...columns, ...rows, '</g>', ...cells],
  };
}

/** Input words at the left, output words at the right, a line for each pair, as strong as its weight. */
function drawLines({ input, output, weights }: Trace, surface: Surface): Picture {
  const inputs = input.tokens.map((token) => truncate(printable(token), LONGEST_LABEL));
  const outputs = output.tokens.map((token) => truncate(printable(token), LONGEST_LABEL));
  const width = (label: string) => textWidth(label, LINES_FONT_SIZE);
  const left = PADDING + widest(inputs, width) + 10;
  const right = left + LINES_WIDTH;
  const height = Math.max(inputs.length, outputs.length) * LINES_ROW;
  // The shorter column stands in the middle of the longer one's height.
  const middle = (i: number, { length }: readonly string[]) =>
    PADDING + height / 2 + (i + 0.5 - length / 2) * LINES_ROW;
  const words = (labels: readonly string[], attributes: string) =>
    labels.map(
      (label, i) =>
        `<text y="${number(middle(i, labels) + LINES_FONT_SIZE * 0.34)}" ${attributes}>${escapeMarkup(label)}</text>`,
    );
  const rows = weights.map((row, i) => {
    const to = number(middle(i, outputs));
    const lines = row.map((weight, j) => {
      const from = number(middle(j, inputs));
      const bend = `${number(left + LINES_WIDTH / 2)}`;
      const tip = escapeMarkup(`${output.tokens[i]} ← ${input.tokens[j]}: ${weight.toFixed(3)}`);
      const strength = `stroke-width="${number(0.5 + 4.5 * weight)}" stroke-opacity="${number(weight)}"`;
      return `<path d="M${number(left)} ${from}C${bend} ${from} ${bend} ${to} ${number(right)} ${to}" ${strength} ${surface.link}><title>${tip}</title></path>`;
    });
    return `<g class="row">${lines.join('')}</g>`;
  });
  return {
    width: Math.ceil(right + 10 + widest(outputs, width) + PADDING),
    height: Math.ceil(height + 2 * PADDING),
    body: [
      `<g font-size="${LINES_FONT_SIZE}" ${surface.text}>`,
      ...words(inputs, `x="${number(left - 10)}" text-anchor="end"`),
      ...words(outputs, `x="${number(right + 10)}"`),
      '</g>',
      ...rows,
    ],
  };
}

function describe({ input, output, weights }: Trace): string {
  const links = weights.map((row, i) => {
    const best = strongest(row);
    return `${output.tokens[i]} ← ${input.tokens[best]} (${row[best]!.toFixed(2)})`;
  });
  return (
    `Weights of ${input.tokens.length} input words (columns) for each of ${output.tokens.length} output words ` +
    `(rows). Each output word and the input word that it attends to most: ${links.join('; ')}.`
  );
}

/**
 * Input words across the top, each on its own step with a line down to its column, output words down the side,
 * and behind each row the word that it attended to most. Too wide a matrix is cut into several, one below the
 * other.
 */
function terminal(trace: Trace, options: TerminalOptions): string {
  const { columns } = options;
  const longest = Math.min(LONGEST_TERMINAL_LABEL, Math.floor((columns - 8) / 3));
  const inputs = trace.input.tokens.map((token) => truncate(printable(token), longest));
  const outputs = trace.output.tokens.map((token) => truncate(printable(token), longest));
  const labelWidth = widest(outputs, stringWidth);
  const noteWidth = widest(inputs, stringWidth) + '  ←  0.00'.length;
  const cellsPerBlock = Math.max(1, Math.floor((columns - labelWidth - 1 - noteWidth) / CELL_WIDTH));

  const { cell, faint } = penOf(options);
  const blocks: string[] = [];
  for (let start = 0; start < inputs.length; start += cellsPerBlock) {
    const end = Math.min(inputs.length, start + cellsPerBlock);
    const header = stairs(inputs.slice(start, end), columns - labelWidth - 1, faint);
    const rows = trace.weights.map((weights, i) => {
      const cells = weights.slice(start, end).map((weight) => cell(weight, CELL_WIDTH));
      const best = strongest(weights);
      const note = `  ${faint('←')} ${inputs[best]} ${faint(weights[best]!.toFixed(2))}`;
      return `${padStart(outputs[i]!, labelWidth)} ${cells.join('')}${best >= start && best < end ? note : ''}`;
    });
    blocks.push([...header.map((line) => `${' '.repeat(labelWidth)} ${line}`), ...rows].join('\n'));
  }
  return blocks.join('\n\n');
}

/** Words above their columns, one to a step, with a line from each down to its column. */
function stairs(words: readonly string[], width: number, faint: (text: string) => string): string[] {
  const line = faint('│') + ' '.repeat(CELL_WIDTH - 1);
  return words.map((word, i) => line.repeat(i) + truncate(word, Math.max(1, width - i * CELL_WIDTH)));
}

function article(trace: Trace, figure?: Figure): ArticleParts {
  const { task, input, output, weights } = trace;
  // A headline has looked at few of an article's words: those are to be seen at once.
  const seen = (column: number) => Math.max(0, ...weights.map((row) => row[column] as number));
  const rest = task === 'summarization' ? input.tokens.map((_, column) => seen(column)) : undefined;
  return {
    weights: weights.map((row) => row.map((weight) => Math.round(weight * 1e4) / 1e4)),
    input: wordButtons(input.tokens, rest),
    figure: `<div class="matrix">\n${svgElement(draw(trace, PAGE, figure), PAGE)}\n</div>`,
    table: table(
      'How much each output word (rows) attends to each input word (columns), from 0 to 1',
      input.tokens,
      weights.map((row, i) => ({
        name: output.tokens[i]!,
        cells: row.map((weight) => weight.toFixed(2)),
      })),
    ),
  };
}
