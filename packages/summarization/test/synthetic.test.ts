import fc from 'fast-check';
import { expect, test } from 'vitest';
import { syntheticArticles } from '../src/index.js';

const NUMBERS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Reads the headline off the sentences with expressions of its own. */
function headlineOf(text: string): string {
  const news = /^(\w+) said in (\w+) on \w+day that its (\w+) reached (\w+) billion\./.exec(text) ?? [];
  const [, company, city, figure, now] = news;
  const [, before] = /A year ago it was (\w+) billion\./.exec(text) ?? [];
  const change = NUMBERS.indexOf(now as string) - NUMBERS.indexOf(before as string);
  const verb = change === 0 ? 'stays' : change > 0 ? 'rises' : 'falls';
  return `${company} ${figure} ${verb} in ${city}`;
}

test('every headline follows from its article, and the rival is never in it', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      for (const { text, headline, company, city } of syntheticArticles({ count: 20, seed })) {
        expect(headline).toBe(headlineOf(text));
        const [, rival, elsewhere] = /Its rival (\w+) of (\w+) gave no \w+\./.exec(text) ?? [];
        expect(headline.split(' ')).not.toContain(rival);
        expect([company, city]).not.toContain(elsewhere);
      }
    }),
    // Of this seed, a company and its rival were drawn the same name.
    { numRuns: 20, examples: [[-770705571]] },
  );
});

test('the same seed gives the same articles, most names are in one alone, and all verbs come', () => {
  const articles = syntheticArticles({ count: 500, seed: 4 });
  expect(syntheticArticles({ count: 500, seed: 4 })).toEqual(articles);
  expect(new Set(articles.map(({ company }) => company)).size).toBeGreaterThan(480);
  const verbs = new Set(articles.map(({ headline }) => headline.split(' ')[2]));
  expect(verbs).toEqual(new Set(['rises', 'falls', 'stays']));
});

test('refuses what is no count or seed', () => {
  expect(() => syntheticArticles({ count: -1, seed: 1 })).toThrow('count is -1');
  expect(() => syntheticArticles({ count: 1, seed: 0.5 })).toThrow('seed is 0.5');
});
