import type { AttentionTrace } from './attention-trace.js';
import { drawMatrix } from './matrix.js';
import { onLight } from './ramp.js';

/**
 * The attention matrix as an SVG file that needs nothing else: input words on top, output words at the left,
 * the darker a cell the greater its weight. Every cell names its words and weight when pointed at. The same
 * trace gives the same text.
 */
export function renderSvg(trace: AttentionTrace): string {
  return `${drawMatrix(trace, {
    root: 'role="img"',
    background: (width, height) => `<rect width="${width}" height="${height}" fill="#fff"/>`,
    cell: (weight) => `fill="${onLight(weight)}"`,
    text: 'font-family="Inter, \'Helvetica Neue\', Arial, \'Noto Sans\', sans-serif" fill="#1d2733"',
  })}\n`;
}
