import { UsageError } from '../errors.js';
import type { Decoding } from './task.js';

/** The same options as the models name them. */
export function decodingOptions({ beam, lengthPenalty }: Decoding): {
  beamSize?: number;
  lengthPenalty?: number;
} {
  return {
    ...(beam === undefined ? {} : { beamSize: beam }),
    ...(lengthPenalty === undefined ? {} : { lengthPenalty }),
  };
}

/** @throws UsageError if a beam gives fewer answers than are asked for */
export function requireBeam(nBest: number, beamSize: number): void {
  if (nBest > beamSize)
    throw new UsageError(`--n-best ${nBest} needs a beam of as many: give --beam ${nBest}`);
}
