import { ARTICLE_SCRIPT, ARTICLE_STYLE } from '@heed/visualization';
import type { Plugin } from 'vite';

const MODULES: Readonly<Record<string, string>> = {
  'virtual:article.css': ARTICLE_STYLE,
  'virtual:article-script': `export function bringToLife(article) {${ARTICLE_SCRIPT}}`,
};

/** The style and the script of visualization's articles as modules, since the page's policy allows neither inline. */
export function articleModules(): Plugin {
  return {
    name: 'article-modules',
    resolveId: (id) => (id in MODULES ? `\0${id}` : undefined),
    load: (id) => (id.startsWith('\0virtual:') ? MODULES[id.slice(1)] : undefined),
  };
}
