import { sentenceKey } from '@heed/text';
import { splitByKey } from '@heed/training';
import type { SentencePair } from './sentence-pair.js';

/** Cuts pairs into train, validation and test by the words of their target sentence, see `splitByKey` and {@link sentenceKey}. */
export const splitByTarget = (
  pairs: readonly SentencePair[],
  sizes: { validation: number; test: number },
): { train: SentencePair[]; validation: SentencePair[]; test: SentencePair[] } =>
  splitByKey(pairs, ({ target }) => sentenceKey(target), sizes);
