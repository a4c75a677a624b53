import { fileURLToPath } from 'node:url';
import { build, defaultClientConditions, type InlineConfig, type PreviewServer, preview } from 'vite';
import { findModels, type StudioFiles } from './find-models.js';
import { articleModules } from './plugins/article-modules.js';
import { offline } from './plugins/offline.js';
import { servedFiles } from './plugins/served-files.js';
import { withoutReaders } from './plugins/without-readers.js';

const PAGE = fileURLToPath(new URL('./page', import.meta.url));

/** What the page may do: nothing from elsewhere, nothing to elsewhere, no code but its own. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const HEADERS = {
  'Content-Security-Policy': `${POLICY}; frame-ancestors 'none'`,
  'Permissions-Policy': 'microphone=(self), camera=(), geolocation=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-cache',
};

/**
 * Builds the page.
 *
 * @param out the folder to fill; what was in it goes
 * @param files what else goes into it
 */
export async function buildStudio(out: string, files: StudioFiles = {}): Promise<void> {
  const models = findModels(files);
  const readers = files.features === undefined ? [withoutReaders()] : [];
  const config: InlineConfig = {
    root: PAGE,
    configFile: false,
    base: './',
    logLevel: 'warn',
    resolve: { conditions: ['@heed/source', ...defaultClientConditions] },
    define: { MODELS_HERE: JSON.stringify(models.map(({ name }) => name)) },
    plugins: [
      ...readers,
      articleModules(),
      servedFiles(models, files.features),
      offline(),
      {
        name: 'policy',
        transformIndexHtml: () => [
          {
            tag: 'meta',
            attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
            injectTo: 'head-prepend',
          },
        ],
      },
    ],
    worker: { format: 'es', plugins: () => readers },
    build: {
      outDir: out,
      emptyOutDir: true,
      target: 'es2022',
      chunkSizeWarningLimit: 2000,
      modulePreload: { polyfill: false },
      rolldownOptions: { checks: { pluginTimings: false } },
    },
  };
  await build(config);
}

/** Serves a built page on this machine. @param port is the first one to try */
export function serveStudio(out: string, port: number): Promise<PreviewServer> {
  return preview({
    root: PAGE,
    configFile: false,
    logLevel: 'warn',
    build: { outDir: out },
    preview: { port, headers: HEADERS },
  });
}
