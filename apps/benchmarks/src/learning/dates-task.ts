import { syntheticDates } from '@heed/translation';
import { drawBelow, type SequenceSizes, type SyntheticTask, sequenceTask } from './synthetic-task.js';

const CHARACTERS = [..." ',-./0123456789;ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÉÛéû"];

const symbolOf = new Map(CHARACTERS.map((character, symbol) => [character, symbol]));

function encode(text: string): number[] {
  return Array.from(text, (character) => {
    const symbol = symbolOf.get(character);
    if (symbol === undefined)
      throw new Error(`a date has the character "${character}", which was not expected`);
    return symbol;
  });
}

const SEEDS = 2 ** 31;

/**
 * Dates in French and English spellings, to be written as ISO dates, character by character. One date fits into a vector;
 * several, one after the other, are what attention is for.
 *
 * @param lengths in dates
 */
export function datesTask({ lengths }: Pick<SequenceSizes, 'lengths'>): SyntheticTask {
  const [least, most] = lengths;
  const sizes = { symbols: CHARACTERS.length, lengths };
  const task = sequenceTask({ name: 'dates', kind: 'characters' }, sizes, (count, random) => {
    const dates = syntheticDates({ count, seed: drawBelow(SEEDS, random) });
    const all = (side: 'source' | 'target') => encode(dates.map((date) => date[side]).join(';'));
    return { source: all('source'), target: all('target') };
  });
  return {
    ...task,
    work: `${least} to ${most} dates in French and English spellings, to be written as ISO dates`,
  };
}
