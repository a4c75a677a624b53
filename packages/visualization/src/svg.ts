import type { AttentionTrace } from './attention-trace.js';
import { type Drawing, FILE, number, PADDING, svgElement, textWidth } from './drawing.js';
import { describeLabel } from './label.js';
import { escapeMarkup, printable, truncate } from './printable.js';
import { type Figure, viewOf } from './views/view.js';

const LONGEST_CAPTION = 100;
const FONT_SIZE = 13;

/**
 * The attention as an SVG file that needs nothing else. Over words, their matrix: input words on top, output
 * words at the left, the darker a cell the greater its weight. Over an image, the picture once for each output
 * word, lit where the word looked. Over audio, the spectrogram and below it the alignment. What is drawn says
 * its numbers when pointed at. The same trace gives the same text.
 *
 * @param figure for words over words, `lines` between them instead of the matrix
 */
export function renderSvg(trace: AttentionTrace, figure?: Figure): string {
  return `${svgElement(drawTrace(trace, figure), FILE)}\n`;
}

/** What `renderSvg` makes a file of: with what was decided about the whole below, where the trace has it. */
export function drawTrace(trace: AttentionTrace, figure?: Figure): Drawing {
  const drawing = viewOf(trace).draw(trace, FILE, figure);
  return trace.label === undefined ? drawing : withCaption(drawing, describeLabel(trace.label));
}

function withCaption(drawing: Drawing, text: string): Drawing {
  const caption = truncate(printable(text), LONGEST_CAPTION);
  const y = number(drawing.height + FONT_SIZE / 2);
  return {
    ...drawing,
    width: Math.max(drawing.width, Math.ceil(textWidth(caption, FONT_SIZE)) + 2 * PADDING),
    height: drawing.height + FONT_SIZE + PADDING,
    body: [
      ...drawing.body,
      `<text x="${PADDING}" y="${y}" font-size="${FONT_SIZE}" ${FILE.text}>${escapeMarkup(caption)}</text>`,
    ],
  };
}
