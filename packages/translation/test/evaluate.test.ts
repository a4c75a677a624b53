import { useBackend } from '@heed/backend';
import { corpusBleu, corpusChrf } from '@heed/evaluation';
import { beforeAll, expect, test } from 'vitest';
import { evaluateTranslator, type SentencePair, type Translator } from '../src/index.js';
import { smallTranslator } from './small-translator.js';

beforeAll(async () => void (await useBackend()));

const lines: [source: string, hypothesis: string, reference: string][] = [
  ['un chien court sur la plage', 'A dog runs on the beach.', 'A dog runs along the beach.'],
  ['deux hommes parlent', 'two men talk.', 'Two men are talking.'],
  [
    'la femme lit un livre rouge dans le train',
    'The woman reads a red book on the train.',
    'The woman reads a red book on the train.',
  ],
  ['rien', '', 'Nothing.'],
];
// More than one batch's worth, and not in the order of their lengths.
const pairs: SentencePair[] = Array.from({ length: 70 }, (_, i) => {
  const [source, , target] = lines[i % lines.length] as (typeof lines)[number];
  return { source: `${source} ${i}`, target };
});
const answers = pairs.map((_, i) => lines[i % lines.length]?.[1] as string);

/** Knows its answers by heart. */
const dictionary = {
  refusalOf: (sentence: string) => (sentence === 'endless' ? 'it is too long' : undefined),
  translate: async (sentences: readonly string[]) =>
    sentences.map((sentence) => {
      const text = answers[pairs.findIndex(({ source }) => source === sentence)] as string;
      return [{ text, tokens: [], score: 0 }];
    }),
} as unknown as Translator;

test('the scores are those of the hypotheses in the order of the pairs', async () => {
  const heard: number[] = [];
  const found = await evaluateTranslator(dictionary, pairs, {}, (done) => void heard.push(done));
  const references = [pairs.map(({ target }) => target)];
  expect(found.sentences).toBe(70);
  expect(found.hypotheses).toEqual(answers);
  expect(found.bleu).toEqual(corpusBleu(answers, references));
  expect(found.bleu.score).toBeGreaterThan(20);
  expect(found.bleu.signature).toContain('case:mixed');
  expect(found.bleuLowercase).toEqual(corpusBleu(answers, references, { lowercase: true }));
  expect(found.bleuLowercase.score).toBeGreaterThan(found.bleu.score);
  expect(found.chrf).toEqual(corpusChrf(answers, references));
  expect(found.bleuInterval.low).toBeLessThan(found.bleu.score);
  expect(found.bleuInterval.high).toBeGreaterThan(found.bleu.score);
  expect(found.bleuInterval.signature).toMatch(/^nrefs:1\|bs:1000\|seed:12345\|case:mixed/);
  expect(heard).toEqual([64, 70]);
});

test('a translator is asked for its best translations, with the options given', async () => {
  const translator = smallTranslator();
  const some = pairs.slice(0, 5).map(({ source }) => ({ source: source.slice(0, 7), target: 'abc' }));
  const options = { beamSize: 2, lengthPenalty: 0 };
  const { hypotheses } = await evaluateTranslator(translator, some, options);
  const direct = await translator.translate(
    some.map(({ source }) => source),
    options,
  );
  expect(hypotheses).toEqual(direct.map(([best]) => best?.text));
  translator.dispose();
});

test('a sentence that cannot be translated is named by its number, before any is translated', async () => {
  const heard: number[] = [];
  const some = pairs.with(3, { source: 'endless', target: 'x' });
  await expect(evaluateTranslator(dictionary, some, {}, (done) => void heard.push(done))).rejects.toThrow(
    'sentence 4: it is too long',
  );
  expect(heard).toEqual([]);
});

test('no sentences are an error', async () => {
  await expect(evaluateTranslator(dictionary, [])).rejects.toThrow('evaluation: there are no sentences');
});
