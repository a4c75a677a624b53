import type { AttentionTrace, Panels } from '@heed/visualization';
import type { DrawnFigure } from './figure.js';

/** Smaller ones are 0 in two decimals, and have no row. */
const SMALLEST = 0.005;

export type Panel = Panels['panels'][number];
type Input = AttentionTrace['input'];

/** What a place of the input is: its word, its row and column, or the time of its middle in seconds. */
function placeOf(input: Input, place: number): string {
  switch (input.kind) {
    case 'tokens':
      return input.tokens[place] as string;
    case 'image':
      return `${Math.floor(place / input.grid.columns) + 1},${(place % input.grid.columns) + 1}`;
    case 'audio':
      return (((place + 0.5) * input.seconds) / input.frames).toFixed(3);
  }
}

/** The weights of the panels of a figure, a row a weight; outputs and inputs are counted from 1. */
export function traceRows(panels: readonly Panel[]): DrawnFigure['rows'] {
  return panels.flatMap(({ heading, trace: { input, output, weights } }) =>
    weights.flatMap((row, i) =>
      row.flatMap((weight, place) => {
        if (weight < SMALLEST) return [];
        const [token, at] = [output.tokens[i] as string, placeOf(input, place)];
        return [
          { panel: heading, output: i + 1, token, input: place + 1, place: at, weight: weight.toFixed(2) },
        ];
      }),
    ),
  );
}
