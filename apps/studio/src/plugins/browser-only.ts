import type { Plugin } from 'vite';

const ABSENT = '\0not-in-a-browser';

/**
 * Leaves out what no page runs: what runs in Node alone, which packages keep in a folder `node` behind a dynamic import,
 * and the readers of other networks' files.
 */
export function browserOnly(): Plugin {
  return {
    name: 'browser-only',
    enforce: 'pre',
    resolveId(id) {
      return /^(\.|@heed\/).*\/node(\/|$)|^@tensorflow\/tfjs-(converter|layers)$/.test(id)
        ? ABSENT
        : undefined;
    },
    load(id) {
      return id === ABSENT ? 'throw new Error("this is not Node.js");' : undefined;
    },
  };
}
