import { type AlignmentChunk, alignSymbols } from './edit-alignment.js';
import { countCorpus, type Metric, sumCounts } from './metric.js';
import { formatSignature } from './signature.js';
import { splitWords, trim } from './whitespace.js';

/** What is compared: words or phonemes, both separated by whitespace, or characters (code points). */
export type ErrorUnit = 'word' | 'character' | 'phoneme';

const NAMES = { word: 'WER', character: 'CER', phoneme: 'PER' } as const;

export interface ErrorRateOptions {
  /** Compare without case. */
  lowercase?: boolean;
}

export interface ErrorRate {
  name: 'WER' | 'CER' | 'PER';
  /** Errors per 100 symbols of the references; above 100 if much was inserted. */
  score: number;
  substitutions: number;
  insertions: number;
  deletions: number;
  /** Symbols that are right. */
  hits: number;
  /** Symbols in the references. */
  referenceLength: number;
  /** How each hypothesis was aligned with its reference. */
  alignments: AlignmentChunk[][];
  signature: string;
}

/** An error rate as a metric to resample, against one reference set; `corpusErrorRate` computes it. */
export function errorRate(
  unit: ErrorUnit,
  options: ErrorRateOptions = {},
): Metric & { name: ErrorRate['name'] } {
  return {
    name: NAMES[unit],
    signature: { case: options.lowercase ? 'lc' : 'mixed', unit },
    lowerIsBetter: true,
    count: (hypothesis, [reference = '', ...others]) => {
      if (others.length > 0) {
        throw new RangeError(
          `${NAMES[unit]} is defined against one reference: a hypothesis has ${others.length + 1}, give one set.`,
        );
      }
      const chunks = alignTexts(unit, hypothesis, reference, options);
      return [
        countOf(chunks, 'substitute'),
        countOf(chunks, 'insert'),
        countOf(chunks, 'delete'),
        countOf(chunks, 'equal'),
      ];
    },
    score: ([substitutions = 0, insertions = 0, deletions = 0, hits = 0]) => {
      const referenceLength = hits + substitutions + deletions;
      return (100 * (substitutions + insertions + deletions)) / Math.max(1, referenceLength);
    },
  };
}

/**
 * Word, character or phoneme error rate of a corpus: substitutions, insertions and deletions of all utterances over
 * the symbols of all references; its mean over utterances is another number. Equal to jiwer's `process_words` and
 * `process_characters`, in the split of the errors too (`alignSymbols` says how ties are broken); as there, the
 * insertions count as against one symbol if all references are empty, characters include the spaces between words,
 * and nothing is normalised but the whitespace at both ends.
 *
 * @param references one for each hypothesis; words and phonemes are separated by whitespace
 * @throws RangeError if there is no hypothesis, or not one reference for each
 */
export function corpusErrorRate(
  unit: ErrorUnit,
  hypotheses: readonly string[],
  references: readonly string[],
  options: ErrorRateOptions = {},
): ErrorRate {
  const metric = errorRate(unit, options);
  const counts = sumCounts(countCorpus(metric, hypotheses, [references]));
  const [substitutions = 0, insertions = 0, deletions = 0, hits = 0] = counts;
  return {
    name: metric.name,
    score: metric.score(counts),
    substitutions,
    insertions,
    deletions,
    hits,
    referenceLength: hits + substitutions + deletions,
    alignments: hypotheses.map((hypothesis, i) => alignTexts(unit, hypothesis, references[i]!, options)),
    signature: formatSignature([references], metric.signature),
  };
}

function alignTexts(unit: ErrorUnit, hypothesis: string, reference: string, options: ErrorRateOptions) {
  const [symbols, referenceSymbols] = [hypothesis, reference].map((text) => {
    const line = options.lowercase ? text.toLowerCase() : text;
    return unit === 'character' ? [...trim(line)] : splitWords(line);
  });
  return alignSymbols(symbols!, referenceSymbols!);
}

function countOf(chunks: readonly AlignmentChunk[], type: AlignmentChunk['type']): number {
  return chunks
    .filter((chunk) => chunk.type === type)
    .map((chunk) =>
      Math.max(chunk.referenceEnd - chunk.referenceStart, chunk.hypothesisEnd - chunk.hypothesisStart),
    )
    .reduce((sum, length) => sum + length, 0);
}
