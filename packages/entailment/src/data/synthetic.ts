import { randomSource } from '@heed/backend';
import { type EntailmentLabel, entailmentLabels, type LabelledPair } from './sentence-pair.js';

const COLORS = ['red', 'green', 'blue', 'yellow'] as const;
const SHAPES = ['ball', 'cube', 'cone', 'ring'] as const;
const NUMBERS = ['one', 'two', 'three', 'four', 'five'] as const;

/** A set of things: of one colour or any, of one shape or any. */
interface ThingSet {
  readonly color: (typeof COLORS)[number] | undefined;
  readonly shape: (typeof SHAPES)[number] | undefined;
}

/** How many things of a set there are, at least and at most, and how that is said. */
interface Statement extends ThingSet {
  readonly words: string;
  readonly least: number;
  readonly most: number;
}

const AMOUNTS: readonly Pick<Statement, 'words' | 'least' | 'most'>[] = [
  { words: 'no', least: 0, most: 0 },
  { words: 'some', least: 1, most: Number.POSITIVE_INFINITY },
  ...NUMBERS.flatMap((words, i) => [
    { words, least: i + 1, most: i + 1 },
    { words: `at least ${words}`, least: i + 1, most: Number.POSITIVE_INFINITY },
    { words: `at most ${words}`, least: 0, most: i + 1 },
  ]),
];

/**
 * A task made by code: what two sentences say of the things in a box, `three red balls are in the box` and
 * `at least two things are in the box`. A bare number means exactly so many. Labels follow by logic, and each is as
 * frequent as the others.
 *
 * @param options.count number of pairs, an integer from 0
 * @param options.seed an integer; the same seed gives the same pairs everywhere
 */
export function syntheticPairs({ count, seed }: { count: number; seed: number }): LabelledPair[] {
  if (!Number.isSafeInteger(count) || count < 0) throw new Error(`count is ${count}: expected 0, 1, 2, …`);
  if (!Number.isSafeInteger(seed)) throw new Error(`seed is ${seed}: expected an integer.`);
  const random = randomSource(seed);
  const draw = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
  const drawStatement = (): Statement => ({
    ...draw(AMOUNTS),
    color: draw([undefined, ...COLORS]),
    shape: draw([undefined, ...SHAPES]),
  });
  return Array.from({ length: count }, () => {
    const label = draw(entailmentLabels);
    for (;;) {
      const [premise, hypothesis] = [drawStatement(), drawStatement()];
      if (labelOf(premise, hypothesis) !== label) continue;
      return { premise: sentenceOf(premise), hypothesis: sentenceOf(hypothesis), label };
    }
  });
}

function sentenceOf({ words, color, shape }: Statement): string {
  const one = words.endsWith('one');
  const noun = `${shape ?? 'thing'}${one ? '' : 's'}`;
  return [words, ...(color ? [color] : []), noun, one ? 'is' : 'are', 'in the box'].join(' ');
}

const holds = (whole: ThingSet, part: ThingSet) =>
  (whole.color === undefined || whole.color === part.color) &&
  (whole.shape === undefined || whole.shape === part.shape);

/**
 * Compares what the hypothesis says with the numbers that the premise leaves open for its set: those of a larger set
 * have no upper bound, those of a smaller one no lower, and of any other set the premise says nothing.
 */
function labelOf(premise: Statement, hypothesis: Statement): EntailmentLabel {
  const least = holds(hypothesis, premise) ? premise.least : 0;
  const most = holds(premise, hypothesis) ? premise.most : Number.POSITIVE_INFINITY;
  if (most < hypothesis.least || least > hypothesis.most) return 'contradiction';
  return least >= hypothesis.least && most <= hypothesis.most ? 'entailment' : 'neutral';
}
