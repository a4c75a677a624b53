import type { AttentionTrace, InputKind } from '../attention-trace.js';
import type { Drawing, Surface } from '../drawing.js';
import type { TerminalOptions } from '../shade.js';
import { audioView } from './audio.js';
import { imageView } from './image.js';
import { tokensView } from './tokens.js';

/** How words are drawn over words: their matrix (the default), or lines between them. Nothing else has a choice. */
export type Figure = 'matrix' | 'lines';

/** How traces over one kind of input are shown. */
export interface View<Kind extends InputKind> {
  /** What a reader of the page can do, in one sentence. */
  hint: string;
  draw(trace: AttentionTrace<Kind>, surface: Surface, figure?: Figure): Drawing;
  terminal(trace: AttentionTrace<Kind>, options: TerminalOptions): string;
  article(trace: AttentionTrace<Kind>, figure?: Figure): ArticleParts;
}

/** What of an article on the page is the view's own, each as HTML. */
export interface ArticleParts {
  /** The weights that the script needs, if it does: [outputs][inputs]. */
  weights?: readonly (readonly number[])[];
  input: string;
  figure: string;
  table: string;
}

const views: { [Kind in InputKind]: View<Kind> } = {
  tokens: tokensView,
  image: imageView,
  audio: audioView,
};

/** The view that the trace's input asks for. */
export function viewOf<Kind extends InputKind>(trace: AttentionTrace<Kind>): View<Kind> {
  return views[trace.input.kind as Kind];
}
