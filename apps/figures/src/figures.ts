import type { Figure } from './figure.js';
import { alignments } from './figures/alignments.js';
import { captions, wrongCaptions } from './figures/captions.js';
import { entailment } from './figures/entailment.js';
import { headline } from './figures/headline.js';
import { joinedLength, length } from './figures/length.js';
import { needle } from './figures/needle.js';
import { longSpeech, speechAlignments } from './figures/speech.js';

/** All of them, in the story's order. */
export const figures: readonly Figure[] = [
  needle,
  length,
  joinedLength,
  alignments,
  captions,
  wrongCaptions,
  entailment,
  speechAlignments,
  longSpeech,
  headline,
];
