import { readFileSync } from 'node:fs';

/** Reads what `golden/make_golden.py` wrote. */
export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./golden/${name}`, import.meta.url), 'utf8')) as T;
}

export const corpus = readGolden<string[]>('corpus.json');
