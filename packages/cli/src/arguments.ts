import { LARGEST_BEAM } from '@heed/training';
import { InvalidArgumentError } from 'commander';

/** Reads a whole number from `least` on, or to `most`, for commander. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number ${range}.`);
  };
}

/** Reads the size of a beam, or of a list of what comes of one, for commander. */
export const beamSize = wholeNumber(1, LARGEST_BEAM);

/** Reads a number from 0 on, for commander. */
export function nonNegative(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('Expected a number from 0 on.');
}
