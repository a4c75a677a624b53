/**
 * The Porter stemmer (Porter 1980) with NLTK's extensions, which Google's rouge-score uses; equal to
 * `nltk.stem.PorterStemmer().stem` of lower-case words. It is not Porter's second stemmer (Snowball), which METEOR
 * uses.
 */
export function porterStem(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length <= 2) return word;
  return [step1a, step1b, step1c, step2, step3, step4, step5a, step5b].reduce(
    (stem, step) => step(stem),
    word,
  );
}

const IRREGULAR = new Map([
  ['skies', 'sky'],
  ['sky', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['news', 'news'],
  ['innings', 'inning'],
  ['inning', 'inning'],
  ['outings', 'outing'],
  ['outing', 'outing'],
  ['cannings', 'canning'],
  ['canning', 'canning'],
  ['howe', 'howe'],
  ['proceed', 'proceed'],
  ['exceed', 'exceed'],
  ['succeed', 'succeed'],
]);

/** A suffix, what replaces it, and what must be true of the stem before it. */
type Rule = readonly [suffix: string, replacement: string, condition: (stem: string) => boolean];

const always = () => true;
const hasMeasure = (stem: string) => measure(stem) > 0;
const hasLongMeasure = (stem: string) => measure(stem) > 1;

const STEP_1A: readonly Rule[] = [
  ['sses', 'ss', always],
  ['ies', 'i', always],
  ['ss', 'ss', always],
  ['s', '', always],
];

const STEP_1B_REPAIR: readonly Rule[] = [
  ['at', 'ate', always],
  ['bl', 'ble', always],
  ['iz', 'ize', always],
];

const STEP_2: readonly Rule[] = [
  ...(
    [
      ['ational', 'ate'],
      ['tional', 'tion'],
      ['enci', 'ence'],
      ['anci', 'ance'],
      ['izer', 'ize'],
      ['bli', 'ble'],
      ['alli', 'al'],
      ['entli', 'ent'],
      ['eli', 'e'],
      ['ousli', 'ous'],
      ['ization', 'ize'],
      ['ation', 'ate'],
      ['ator', 'ate'],
      ['alism', 'al'],
      ['iveness', 'ive'],
      ['fulness', 'ful'],
      ['ousness', 'ous'],
      ['aliti', 'al'],
      ['iviti', 'ive'],
      ['biliti', 'ble'],
      ['fulli', 'ful'],
    ] as const
  ).map(([suffix, replacement]): Rule => [suffix, replacement, hasMeasure]),
  ['logi', 'log', (stem) => hasMeasure(`${stem}l`)],
];

const STEP_3: readonly Rule[] = [
  ['icate', 'ic', hasMeasure],
  ['ative', '', hasMeasure],
  ['alize', 'al', hasMeasure],
  ['iciti', 'ic', hasMeasure],
  ['ical', 'ic', hasMeasure],
  ['ful', '', hasMeasure],
  ['ness', '', hasMeasure],
];

const STEP_4: readonly Rule[] =
  'al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize'
    .split(' ')
    .map((suffix): Rule => {
      if (suffix === 'ion') return [suffix, '', (stem) => hasLongMeasure(stem) && /[st]$/u.test(stem)];
      return [suffix, '', hasLongMeasure];
    });

function step1a(word: string): string {
  if (word.length === 4 && word.endsWith('ies')) return word.slice(0, -1);
  return applyRules(word, STEP_1A);
}

function step1b(word: string): string {
  if (word.endsWith('ied')) return word.length === 4 ? word.slice(0, -1) : word.slice(0, -2);
  if (word.endsWith('eed')) return hasMeasure(word.slice(0, -3)) ? word.slice(0, -1) : word;

  const suffix = ['ed', 'ing'].find(
    (ending) => word.endsWith(ending) && shape(word.slice(0, -ending.length)).includes('v'),
  );
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  const repaired = applyRules(stem, STEP_1B_REPAIR);
  if (repaired !== stem) return repaired;
  if (endsWithDoubleConsonant(stem)) return /[lsz]$/u.test(stem) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function step1c(word: string): string {
  return applyRules(word, [['y', 'i', (stem) => stem.length > 1 && shape(stem).endsWith('c')]]);
}

function step2(word: string): string {
  if (word.endsWith('alli') && hasMeasure(word.slice(0, -4))) return step2(word.slice(0, -2));
  return applyRules(word, STEP_2);
}

function step3(word: string): string {
  return applyRules(word, STEP_3);
}

function step4(word: string): string {
  return applyRules(word, STEP_4);
}

function step5a(word: string): string {
  return applyRules(word, [
    ['e', '', (stem) => measure(stem) > 1 || (measure(stem) === 1 && !endsShort(stem))],
  ]);
}

function step5b(word: string): string {
  return applyRules(word, [['ll', 'l', (stem) => hasLongMeasure(`${stem}l`)]]);
}

/** The first rule whose suffix fits decides, even if its condition then is not met. */
function applyRules(word: string, rules: readonly Rule[]): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (rule === undefined) return word;
  const [suffix, replacement, condition] = rule;
  const stem = word.slice(0, word.length - suffix.length);
  return condition(stem) ? stem + replacement : word;
}

/** One `c` or `v` for each letter: a y is a vowel after a consonant. */
function shape(word: string): string {
  let letters = '';
  for (const letter of word) {
    const vowel = letter === 'y' ? letters.endsWith('c') : 'aeiou'.includes(letter);
    letters += vowel ? 'v' : 'c';
  }
  return letters;
}

/** How often a vowel is followed by a consonant: the m of the paper. */
function measure(stem: string): number {
  return shape(stem).split('vc').length - 1;
}

function endsWithDoubleConsonant(word: string): boolean {
  return word.length > 1 && word.at(-1) === word.at(-2) && shape(word).endsWith('c');
}

function endsShort(word: string): boolean {
  const letters = shape(word);
  return (letters.endsWith('cvc') && !/[wxy]$/u.test(word)) || letters === 'vc';
}
