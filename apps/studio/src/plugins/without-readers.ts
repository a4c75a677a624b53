import type { Plugin } from 'vite';

const ABSENT = '\0absent';

/** Leaves out the readers of other networks' files, which none of the studio's models needs. */
export function withoutReaders(): Plugin {
  return {
    name: 'without-readers',
    enforce: 'pre',
    resolveId(id) {
      return /^@tensorflow\/tfjs-(converter|layers)$/.test(id) ? ABSENT : undefined;
    },
    load(id) {
      return id === ABSENT ? 'throw new Error("left out");' : undefined;
    },
  };
}
