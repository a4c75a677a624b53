import { sentenceKey } from '@heed/text';
import { WHOLE } from '@heed/training';

/** What a hypothesis may be to a premise, in the order of a model's classes. */
export const entailmentLabels = ['entailment', 'neutral', 'contradiction'] as const;
export type EntailmentLabel = (typeof entailmentLabels)[number];

/** Two sentences: does the hypothesis follow from the premise? */
export interface SentencePair {
  readonly premise: string;
  readonly hypothesis: string;
}

export interface LabelledPair extends SentencePair {
  readonly label: EntailmentLabel;
  /** What the premise is to the hypothesis, where the data say so, as SICK does. */
  readonly reversed?: EntailmentLabel;
  /** How related the two are, 1 to 5, where the data say so, as SICK does. */
  readonly relatedness?: number;
}

/** The pair the other way round: none where the data do not say what label that has. */
export function reversedPairs(pair: LabelledPair): LabelledPair[] {
  const { premise, hypothesis, label, reversed, ...rest } = pair;
  return reversed ? [{ ...rest, premise: hypothesis, hypothesis: premise, label: reversed }] : [];
}

/** What a file holds of one split. */
export interface ParsedPairs {
  readonly pairs: LabelledPair[];
  /** How many were left out, by reason. */
  readonly skipped: Map<string, number>;
}

/** By split; the pairs of a file that names none are in `all`. */
export type PairsBySplit = Map<string, ParsedPairs>;

const NO_GOLD_LABEL = 'no gold label';
const EMPTY_SIDE = 'empty premise or hypothesis';

/** As they stand in a file. */
export interface RawPair extends SentencePair {
  readonly label: string;
  /** What else the data say of it. */
  readonly more?: Pick<LabelledPair, 'reversed' | 'relatedness'>;
  readonly split?: string | null | undefined;
}

/**
 * Adds a pair to those of its split, or counts it if it has no gold label (`-` where annotators did not agree) or an
 * empty side.
 *
 * @param place of the pair, for the message
 * @throws if its label is none of the three
 */
export function addPair(
  splits: PairsBySplit,
  { premise, hypothesis, label, more, split }: RawPair,
  place: string,
) {
  const name = split?.trim().toLowerCase() || WHOLE;
  const parsed = splits.get(name) ?? { pairs: [], skipped: new Map<string, number>() };
  splits.set(name, parsed);
  const skip = (reason: string) => void parsed.skipped.set(reason, (parsed.skipped.get(reason) ?? 0) + 1);
  const [given, wanted] = [
    label.trim().toLowerCase(),
    entailmentLabels.find((known) => known === label.trim().toLowerCase()),
  ];
  const pair = { premise: premise.trim(), hypothesis: hypothesis.trim() };
  if (given === '' || given === '-') skip(NO_GOLD_LABEL);
  else if (!wanted) {
    throw new Error(
      `${place}: the label "${label}". Expected ${entailmentLabels.join(', ')}, or - for none.`,
    );
  } else if (pair.premise === '' || pair.hypothesis === '') skip(EMPTY_SIDE);
  else parsed.pairs.push({ ...pair, label: wanted, ...more });
}

/** What makes two pairs the same one, see `sentenceKey`. */
export const pairKey = ({ premise, hypothesis }: SentencePair): string =>
  [premise, hypothesis].map(sentenceKey).join('\t');
