import { splitByTarget, syntheticDates } from '@heed/translation';
import type { Example, SyntheticTask } from './synthetic-task.js';

const CHARACTERS = [..." ',-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÉÛéû"];

const symbolOf = new Map(CHARACTERS.map((character, symbol) => [character, symbol]));

function encode(text: string): number[] {
  return Array.from(text, (character) => {
    const symbol = symbolOf.get(character);
    if (symbol === undefined)
      throw new Error(`a date has the character "${character}", which was not expected`);
    return symbol;
  });
}

/** Dates in French and English spellings, to be written as ISO dates, character by character. */
export const datesTask: SyntheticTask = {
  name: 'dates',
  work: 'dates in French and English spellings, to be written as ISO dates, character by character',
  symbols: CHARACTERS.length,
  data({ training, heldOut }, seed) {
    const dates = syntheticDates({ count: training + heldOut, seed });
    const split = splitByTarget(dates, { validation: 0, test: heldOut });
    const examples = (pairs: typeof split.test): Example[] =>
      pairs.map(({ source, target }) => ({ source: encode(source), target: encode(target) }));
    return { training: examples(split.train), heldOut: examples(split.test) };
  },
};
