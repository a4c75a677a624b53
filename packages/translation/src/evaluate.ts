import {
  type BleuScore,
  type BootstrapInterval,
  bleu,
  bootstrapInterval,
  type ChrfScore,
  corpusBleu,
  corpusChrf,
} from '@heed/evaluation';
import { expectAnswerable } from '@heed/training';
import type { SentencePair } from './data/sentence-pair.js';
import type { TranslateOptions, Translator } from './translator.js';

export interface TranslationEvaluation {
  readonly sentences: number;
  /** Cased, detokenised (sacrebleu's default). */
  readonly bleu: BleuScore;
  /** Of `bleu`: 95 % of bootstrap samples lie between its bounds. */
  readonly bleuInterval: BootstrapInterval;
  /** Lowercased, tokenised as 13a does: comparable with older papers. */
  readonly bleuLowercase: BleuScore;
  readonly chrf: ChrfScore;
  readonly hypotheses: readonly string[];
}

/**
 * Translates the sources and scores the result against the targets.
 *
 * @param onProgress is called with the number of sentences done
 * @throws if a source is longer than 1,000 tokens, with its number, before any is translated
 */
export async function evaluateTranslator(
  translator: Translator,
  pairs: readonly SentencePair[],
  options: TranslateOptions = {},
  onProgress: (done: number) => void = () => {},
): Promise<TranslationEvaluation> {
  if (pairs.length === 0) throw new Error('evaluation: there are no sentences');
  expectAnswerable('sentence', pairs, ({ source }) => translator.refusalOf(source));
  const hypotheses: string[] = new Array(pairs.length);
  // Sentences of like length together: batches are then searched to about the same depth.
  const order = pairs
    .map((_, i) => i)
    .sort((a, b) => (pairs[a]?.source.length ?? 0) - (pairs[b]?.source.length ?? 0));
  for (let first = 0; first < order.length; first += CHUNK) {
    const chunk = order.slice(first, first + CHUNK);
    const found = await translator.translate(
      chunk.map((i) => pairs[i]?.source as string),
      options,
    );
    chunk.forEach((i, row) => {
      hypotheses[i] = found[row]?.[0]?.text ?? '';
    });
    onProgress(Math.min(first + CHUNK, pairs.length));
  }
  const references = [pairs.map(({ target }) => target)];
  return {
    sentences: pairs.length,
    bleu: corpusBleu(hypotheses, references),
    bleuInterval: bootstrapInterval(hypotheses, references, { metric: bleu() }),
    bleuLowercase: corpusBleu(hypotheses, references, { lowercase: true }),
    chrf: corpusChrf(hypotheses, references),
    hypotheses,
  };
}

const CHUNK = 64;
