import stringWidth from 'string-width';
import type { AttentionTrace } from './attention-trace.js';
import { escapeMarkup, printable, truncate } from './printable.js';
import { strongest } from './strongest.js';

const LONGEST_LABEL = 28;
const ANGLE = 50;

export interface MatrixStyle {
  /** Attributes of the `svg` element, beside its size. */
  root: string;
  /** What stands behind everything, for a drawing of this width and height. */
  background: (width: number, height: number) => string;
  /** Attributes of a cell. */
  cell: (weight: number) => string;
  /** Attributes of the words. */
  text: string;
}

/**
 * The matrix of Bahdanau et al. 2015, figure 3, as an `svg` element: input words on top, output words at the
 * left, one cell for each pair. No font can be measured here, so that room for the words is estimated from
 * their width in a terminal.
 */
export function drawMatrix(trace: AttentionTrace, style: MatrixStyle): string {
  const inputs = trace.input.tokens;
  const outputs = trace.output.tokens;
  const inputLabels = inputs.map((token) => truncate(printable(token), LONGEST_LABEL));
  const outputLabels = outputs.map((token) => truncate(printable(token), LONGEST_LABEL));

  const cell = Math.min(34, Math.max(13, Math.floor(760 / Math.max(1, inputs.length, outputs.length))));
  const fontSize = Math.min(15, Math.max(8.5, Math.round(cell * 0.52 * 2) / 2));
  const gap = cell >= 20 ? 2 : 1;
  const padding = 20;
  const width = (label: string) => stringWidth(label) * fontSize * 0.6;
  const slope = { x: Math.cos((ANGLE * Math.PI) / 180), y: Math.sin((ANGLE * Math.PI) / 180) };

  const left = padding + Math.max(0, ...outputLabels.map(width)) + 10;
  const top = padding + Math.max(0, ...inputLabels.map(width)) * slope.y + fontSize + 4;
  const right = Math.max(
    left + inputs.length * cell,
    ...inputLabels.map((label, i) => left + (i + 0.5) * cell + width(label) * slope.x + fontSize),
  );
  const bottom = top + outputs.length * cell;
  const total = { width: Math.ceil(right + padding), height: Math.ceil(bottom + padding) };

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
      return `<rect x="${x}" y="${y}" width="${size}" height="${size}" rx="${gap}" ${style.cell(weight)}><title>${tip}</title></rect>`;
    });
    return `<g class="row">${marks.join('')}</g>`;
  });

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${total.width}" height="${total.height}" viewBox="0 0 ${total.width} ${total.height}" ${style.root}>`,
    `<title>${escapeMarkup(`Attention: ${trace.input.text} → ${trace.output.text}`)}</title>`,
    `<desc>${escapeMarkup(describe(trace))}</desc>`,
    style.background(total.width, total.height),
    `<g font-size="${fontSize}" ${style.text}>`,
    ...columns,
    ...rows,
    '</g>',
    ...cells,
    '</svg>',
  ].join('\n');
}

function describe({ input, output, weights }: AttentionTrace): string {
  const links = weights.map((row, i) => {
    const best = strongest(row);
    return `${output.tokens[i]} ← ${input.tokens[best]} (${row[best]!.toFixed(2)})`;
  });
  return (
    `Weights of ${input.tokens.length} input words (columns) for each of ${output.tokens.length} output words ` +
    `(rows). Each output word and the input word that it attends to most: ${links.join('; ')}.`
  );
}

/** At most two decimals, none that say nothing. */
function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}
