/** The names of the models that were there when the page was built. */
declare const MODELS_HERE: readonly string[];

declare module 'virtual:article-script' {
  /** Lets an article of visualization answer to pointer and keyboard. */
  export function bringToLife(article: Element): void;
}
declare module 'virtual:article.css';
declare module '*.css';
