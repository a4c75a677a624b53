import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { SentencePair } from './sentence-pair.js';

/** First character and the one after the last, in UTF-16 units of the source. */
export type Span = [start: number, end: number];

export type DateField = 'year' | 'month' | 'day';

/** A date as someone wrote it (source) and in ISO 8601 (target), with the known alignment. */
export interface SyntheticDate extends SentencePair {
  /** Which characters of the source determine the field: where attention should be when it is written. */
  spans: Record<DateField, Span>;
}

/** Where each field stands in the target, `YYYY-MM-DD`. */
export const ISO_DATE_SPANS: Readonly<Record<DateField, Span>> = {
  year: [0, 4],
  month: [5, 7],
  day: [8, 10],
};

/**
 * A task made by code: dates from 1950 to 2049 in many French and English spellings, to be written as ISO
 * dates. Every source has exactly one right answer, by three rules:
 *
 * - a year of two digits is 1950 to 1999 from 50 on, and 2000 to 2049 below;
 * - in digits alone the day comes first (`03/04/98` is 3 April), unless four digits of a year do;
 * - English dates always spell the month out or abbreviate it by its letters.
 *
 * Weekdays are the true ones of the date and determine nothing.
 *
 * @param options.count number of pairs, an integer from 0
 * @param options.seed an integer; the same seed gives the same pairs everywhere
 */
export function syntheticDates(options: { count: number; seed: number }): SyntheticDate[] {
  const { count, seed } = options;
  if (!Number.isSafeInteger(count) || count < 0) throw new Error(`count is ${count}: expected 0, 1, 2, …`);
  if (!Number.isSafeInteger(seed)) throw new Error(`seed is ${seed}: expected an integer.`);
  const random = xoroshiro128plus(seed);
  return Array.from({ length: count }, () => {
    const date = new Date((FIRST_DAY + uniformInt(random, 0, DAYS - 1)) * DAY_MILLISECONDS);
    const spelling = SPELLINGS[uniformInt(random, 0, SPELLINGS.length - 1)]!;
    return { ...write(spelling(fieldsOf(date))), target: date.toISOString().slice(0, 10) };
  });
}

const DAY_MILLISECONDS = 86_400_000;
const FIRST_DAY = Date.UTC(1950, 0, 1) / DAY_MILLISECONDS;
const DAYS = Date.UTC(2050, 0, 1) / DAY_MILLISECONDS - FIRST_DAY;

/** A spelled date: literal text, and text that determines a field. */
type Part = string | [DateField, string];

/** The fields of one date in every form; numbers have leading zeros unless plain. */
interface DateFields {
  year: Part;
  shortYear: Part;
  month: Part;
  plainMonth: Part;
  day: Part;
  plainDay: Part;
  french: { month: Part; shortMonth: Part; capitalMonth: Part; day: Part; weekday: string };
  english: { month: Part; shortMonth: Part; ordinalDay: Part; weekday: string };
}

const SPELLINGS: ((fields: DateFields) => Part[])[] = [
  ({ french, year }) => [french.day, ' ', french.month, ' ', year],
  ({ french, year }) => ['le ', french.day, ' ', french.month, ' ', year],
  ({ french, shortYear }) => [french.day, ' ', french.month, ' ', shortYear],
  ({ french, shortYear }) => ['le ', french.day, ' ', french.shortMonth, ' ', shortYear],
  ({ french, year }) => [french.day, ' ', french.shortMonth, ' ', year],
  ({ french, year }) => [french.weekday, ' ', french.day, ' ', french.month, ' ', year],
  ({ french, year }) => ['le ', french.weekday, ' ', french.day, ' ', french.month, ' ', year],
  ({ french, year }) => ["l'an ", year, ', le ', french.day, ' ', french.month],
  ({ french, year }) => ['en ', year, ', le ', french.weekday, ' ', french.day, ' ', french.month],
  ({ french, year }) => [french.day, ' ', french.capitalMonth, ' ', year],
  ({ day, month, year }) => [day, '/', month, '/', year],
  ({ day, month, shortYear }) => [day, '/', month, '/', shortYear],
  ({ day, month, year }) => ['le ', day, '.', month, '.', year],
  ({ plainDay, plainMonth, year }) => [plainDay, '/', plainMonth, '/', year],
  ({ plainDay, plainMonth, shortYear }) => [plainDay, '.', plainMonth, '.', shortYear],
  ({ day, month, year }) => [day, '-', month, '-', year],
  ({ day, month, year }) => [year, '-', month, '-', day],
  ({ day, month, year }) => [year, '/', month, '/', day],
  ({ english, plainDay, year }) => [english.month, ' ', plainDay, ', ', year],
  ({ english, year }) => [english.month, ' ', english.ordinalDay, ', ', year],
  ({ english, plainDay, year }) => [plainDay, ' ', english.month, ' ', year],
  ({ english, year }) => ['the ', english.ordinalDay, ' of ', english.month, ' ', year],
  ({ english, plainDay, year }) => [english.shortMonth, ' ', plainDay, ' ', year],
  ({ english, plainDay, shortYear }) => [plainDay, ' ', english.shortMonth, ' ', shortYear],
  ({ english, plainDay, year }) => [english.weekday, ', ', english.month, ' ', plainDay, ', ', year],
];

const FRENCH_MONTHS =
  'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' ');
const FRENCH_SHORT_MONTHS = 'janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.'.split(' ');
const FRENCH_WEEKDAYS = 'dimanche lundi mardi mercredi jeudi vendredi samedi'.split(' ');
const ENGLISH_MONTHS =
  'January February March April May June July August September October November December'.split(' ');
const ENGLISH_WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

function fieldsOf(date: Date): DateFields {
  const [year, month, day] = date.toISOString().slice(0, 10).split('-') as [string, string, string];
  const monthIndex = date.getUTCMonth();
  const plainDay = String(date.getUTCDate());
  const frenchMonth = FRENCH_MONTHS[monthIndex]!;
  const englishMonth = ENGLISH_MONTHS[monthIndex]!;
  return {
    year: ['year', year],
    shortYear: ['year', year.slice(2)],
    month: ['month', month],
    plainMonth: ['month', String(monthIndex + 1)],
    day: ['day', day],
    plainDay: ['day', plainDay],
    french: {
      month: ['month', frenchMonth],
      shortMonth: ['month', FRENCH_SHORT_MONTHS[monthIndex]!],
      capitalMonth: ['month', frenchMonth.toUpperCase()],
      day: ['day', plainDay === '1' ? '1er' : plainDay],
      weekday: FRENCH_WEEKDAYS[date.getUTCDay()]!,
    },
    english: {
      month: ['month', englishMonth],
      shortMonth: ['month', englishMonth.slice(0, 3)],
      ordinalDay: ['day', plainDay + ordinalEnding(date.getUTCDate())],
      weekday: ENGLISH_WEEKDAYS[date.getUTCDay()]!,
    },
  };
}

function ordinalEnding(day: number): string {
  if (day >= 11 && day <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}

function write(parts: Part[]): { source: string; spans: Record<DateField, Span> } {
  let source = '';
  const spans: Record<DateField, Span> = { year: [0, 0], month: [0, 0], day: [0, 0] };
  for (const part of parts) {
    const text = typeof part === 'string' ? part : part[1];
    if (typeof part !== 'string') spans[part[0]] = [source.length, source.length + text.length];
    source += text;
  }
  return { source, spans };
}
