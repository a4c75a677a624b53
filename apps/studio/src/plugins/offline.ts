import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const SCRIPT = new URL('../page/service-worker.js', import.meta.url);

/** Adds the service worker, which knows every file of the page, so that it works without a network once it was loaded. */
export function offline(): Plugin {
  return {
    name: 'offline',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const digest = createHash('sha256');
        const files = Object.values(bundle).map((file) => {
          digest.update(file.fileName).update(file.type === 'asset' ? file.source : file.code);
          return file.fileName === 'index.html' ? './' : file.fileName;
        });
        const known = { version: digest.digest('hex').slice(0, 16), files };
        const source = `const STUDIO = ${JSON.stringify(known)};\n${readFileSync(SCRIPT, 'utf8')}`;
        this.emitFile({ type: 'asset', fileName: 'service-worker.js', source });
      },
    },
  };
}
