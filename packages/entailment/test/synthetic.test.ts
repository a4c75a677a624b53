import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entailmentLabels, syntheticPairs } from '../src/index.js';

const COLORS = ['red', 'green', 'blue', 'yellow'];
const SHAPES = ['ball', 'cube', 'cone', 'ring'];
const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five'];
/** More of any kind change nothing: no sentence counts beyond five. */
const MOST = 7;

/** What a sentence says, read off its words: of which kinds, and whether so many of them make it true. */
function meaningOf(sentence: string): { kinds: Set<string>; isTrue: (count: number) => boolean } {
  const found = /^(no|some|(?:at least |at most )?\w+) (?:(\w+) )?(\w+?)s? (?:is|are) in the box$/.exec(
    sentence,
  );
  if (!found) throw new Error(`not a sentence of the grammar: ${sentence}`);
  const [, amount, color, noun] = found as unknown as [string, string, string | undefined, string];
  const kinds = new Set<string>();
  for (const c of COLORS) {
    for (const s of SHAPES) {
      if ((color === undefined || c === color) && (noun === 'thing' || s === noun)) kinds.add(`${c} ${s}`);
    }
  }
  if (amount === 'no') return { kinds, isTrue: (count) => count === 0 };
  if (amount === 'some') return { kinds, isTrue: (count) => count > 0 };
  const number = NUMBERS.indexOf(amount.split(' ').at(-1) as string);
  if (number < 1 || kinds.size === 0) throw new Error(`no such number or thing: ${sentence}`);
  if (amount.startsWith('at least')) return { kinds, isTrue: (count) => count >= number };
  if (amount.startsWith('at most')) return { kinds, isTrue: (count) => count <= number };
  return { kinds, isTrue: (count) => count === number };
}

/**
 * Looks at every box there can be. What counts is how many things there are of kinds that both sentences speak of, of
 * those that only one does, and of those that only the other does.
 */
function labelByEnumeration(premise: string, hypothesis: string): string {
  const [p, h] = [meaningOf(premise), meaningOf(hypothesis)];
  const both = [...p.kinds].filter((kind) => h.kinds.has(kind)).length;
  const counts = (kinds: number) => Array.from({ length: kinds > 0 ? MOST + 1 : 1 }, (_, n) => n);
  const outcomes = new Set<boolean>();
  for (const shared of counts(both)) {
    for (const ofPremise of counts(p.kinds.size - both)) {
      for (const ofHypothesis of counts(h.kinds.size - both)) {
        if (p.isTrue(shared + ofPremise)) outcomes.add(h.isTrue(shared + ofHypothesis));
      }
    }
  }
  if (outcomes.size === 2) return 'neutral';
  return outcomes.has(true) ? 'entailment' : 'contradiction';
}

test('labels are those of an enumeration of all boxes', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      for (const { premise, hypothesis, label } of syntheticPairs({ count: 20, seed })) {
        expect(`${premise} / ${hypothesis}: ${labelByEnumeration(premise, hypothesis)}`).toBe(
          `${premise} / ${hypothesis}: ${label}`,
        );
      }
    }),
    { numRuns: 30 },
  );
});

test('a seed gives the same pairs everywhere, each label about equally often, and few pairs twice', () => {
  const pairs = syntheticPairs({ count: 900, seed: 4 });
  expect(syntheticPairs({ count: 900, seed: 4 })).toEqual(pairs);
  expect(syntheticPairs({ count: 900, seed: 5 })).not.toEqual(pairs);
  for (const name of entailmentLabels) {
    expect(pairs.filter(({ label }) => label === name).length).toBeGreaterThan(240);
  }
  const sentences = new Set(pairs.flatMap(({ premise, hypothesis }) => [premise, hypothesis]));
  expect(sentences.size).toBeGreaterThan(200);
  expect(sentences).toContain('one red ball is in the box');
});

test('a count or seed that is none is an error', () => {
  expect(() => syntheticPairs({ count: -1, seed: 1 })).toThrow(/count is -1/);
  expect(() => syntheticPairs({ count: 1, seed: 0.5 })).toThrow(/seed is 0.5/);
});
