import { randomSource } from '@heed/backend';
import type { Article } from './article.js';

const FIGURES = ['profit', 'revenue', 'output', 'income'] as const;
const NUMBERS = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'] as const;
const CITIES = ['Lisbon', 'Oslo', 'Cairo', 'Lima', 'Seoul', 'Perth', 'Quito', 'Turin'] as const;
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'] as const;
const SYLLABLES = [
  'ba',
  'do',
  'fi',
  'gu',
  'ka',
  'lo',
  'mi',
  'nu',
  'pa',
  're',
  'si',
  'to',
  'va',
  'zu',
] as const;

/** A record told in sentences, and what is in it. */
export interface SyntheticArticle extends Article {
  /** A word that was made up. */
  readonly company: string;
  readonly city: string;
}

/**
 * A task made by code: what a company earned this year and the last, told in three sentences, one of them about a rival that
 * is of no account. The headline follows by rule: who, what, whether it rose, fell or stayed, and where. Companies' names are
 * made up, too many for a vocabulary: they can only be copied.
 *
 * @param options.count number of articles, an integer from 0
 * @param options.seed an integer; the same seed gives the same articles everywhere
 */
export function syntheticArticles({ count, seed }: { count: number; seed: number }): SyntheticArticle[] {
  if (!Number.isSafeInteger(count) || count < 0) throw new Error(`count is ${count}: expected 0, 1, 2, …`);
  if (!Number.isSafeInteger(seed)) throw new Error(`seed is ${seed}: expected an integer.`);
  const random = randomSource(seed);
  const draw = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
  const drawName = () => {
    const name = Array.from({ length: 4 }, () => draw(SYLLABLES)).join('');
    return name.charAt(0).toUpperCase() + name.slice(1);
  };
  return Array.from({ length: count }, () => {
    const company = drawName();
    let rival = drawName();
    while (rival === company) rival = drawName();
    const [city, figure] = [draw(CITIES), draw(FIGURES)];
    const [now, before] = [draw(NUMBERS), draw(NUMBERS)];
    const news = `${company} said in ${city} on ${draw(DAYS)} that its ${figure} reached ${now} billion.`;
    const past = `A year ago it was ${before} billion.`;
    const aside = `Its rival ${rival} of ${draw(CITIES.filter((other) => other !== city))} gave no ${draw(FIGURES)}.`;
    const told = random() < 0.5 ? [news, past, aside] : [news, aside, past];
    const headline = `${company} ${figure} ${verb(now, before)} in ${city}`;
    return { text: told.join(' '), headline, company, city };
  });
}

function verb(now: (typeof NUMBERS)[number], before: (typeof NUMBERS)[number]): string {
  const change = Math.sign(NUMBERS.indexOf(now) - NUMBERS.indexOf(before));
  return change > 0 ? 'rises' : change < 0 ? 'falls' : 'stays';
}
