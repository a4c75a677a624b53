import { evaluateTranslator, type SentencePair, Translator } from '@heed/translation';
import { readParallelCorpus } from '@heed/translation/node';
import { renderLineChart } from '@heed/visualization';
import { describeModel } from '../describe-model.js';
import type { DrawnFigure, Figure } from '../figure.js';
import { joinPairs } from '../joined-pairs.js';
import type { Materials } from '../materials.js';
import { type LengthScore, scoreByLength } from '../score-by-length.js';

const SPLITS = { multi30k: 'test_2016_flickr', tatoeba: 'test' };
/** The fewest words of each class of lengths in Multi30k. */
const STARTS = [1, 9, 11, 13, 15, 17, 20, 24];
/** How many sentences of Tatoeba are joined, and how many such rows there are of each. */
const JOINED = [1, 2, 3, 4, 6, 8, 10, 12, 16, 20];
const JOINED_ROWS = 50;

type Measure = (
  translate: (pairs: readonly SentencePair[]) => Promise<readonly string[]>,
) => Promise<LengthScore[]>;

/** What a model without attention loses, and one with it does not. */
function locationsOf(materials: Materials): Record<string, string> {
  return { attention: materials.model('translation'), 'fixed vector': materials.model('fixed-vector') };
}

/** A line a model. `caption` says what was translated. */
async function compare(
  locations: Readonly<Record<string, string>>,
  { title, caption, measure }: { title: string; caption: string; measure: Measure },
  progress: (line: string) => void,
): Promise<DrawnFigure> {
  const measured: { name: string; scores: LengthScore[] }[] = [];
  const models: string[] = [];
  for (const [name, location] of Object.entries(locations)) {
    const translator = await Translator.load(location);
    let translated = 0;
    try {
      const scores = await measure(async (pairs) => {
        const before = translated;
        const { hypotheses } = await evaluateTranslator(translator, pairs, {}, (done) => {
          translated = before + done;
          progress(`${name}, ${translated} sentences`);
        });
        return hypotheses;
      });
      measured.push({ name, scores });
      models.push(`${name}, ${await describeModel(location, translator.name)}`);
    } finally {
      translator.dispose();
    }
  }
  const [signature] = measured.flatMap(({ scores }) => scores.map((score) => score.signature));
  return {
    svg: renderLineChart({
      title,
      x: 'words of the French source',
      y: 'BLEU',
      lines: measured.map(({ name, scores }) => ({
        name,
        points: scores.map(({ words, bleu }) => [Number(words.toFixed(1)), bleu] as const),
      })),
    }),
    rows: measured.flatMap(({ name, scores }) =>
      scores.map(({ sentences, words, fewest, most, bleu, low, high }) => ({
        ...{ model: name, sentences, words: words.toFixed(2), fewest, most },
        ...{ bleu: bleu.toFixed(2), low: low.toFixed(2), high: high.toFixed(2) },
      })),
    ),
    caption: `${caption} BLEU: ${signature}. Models: ${models.join('; ')}.`,
  };
}

/** BLEU by the length of sentences like those in training (Bahdanau et al. 2015, figure 2). */
export const length: Figure = {
  name: 'length',
  async draw(materials, progress) {
    const [locations, path] = [locationsOf(materials), materials.data('multi30k')];
    const { pairs } = await readParallelCorpus(path, SPLITS.multi30k);
    const measure: Measure = async (translate) => scoreByLength(pairs, await translate(pairs), STARTS);
    const title = 'BLEU by the length of the source';
    const caption =
      'BLEU of sentences of about one length, at their mean length. ' +
      `Data: Multi30k, ${SPLITS.multi30k}, ${pairs.length} sentences.`;
    return compare(locations, { title, caption, measure }, progress);
  },
};

/** The same for sentences joined to be longer than any in training. */
export const joinedLength: Figure = {
  name: 'joined-length',
  async draw(materials, progress) {
    const [locations, path] = [locationsOf(materials), materials.data('tatoeba')];
    const { pairs } = await readParallelCorpus(path, SPLITS.tatoeba);
    const measure: Measure = async (translate) => {
      const scores: LengthScore[] = [];
      for (const size of JOINED) {
        const joined = joinPairs(pairs, JOINED_ROWS, size);
        scores.push(...scoreByLength(joined, await translate(joined), [1]));
      }
      return scores;
    };
    const title = 'BLEU of sentences joined to be longer';
    const caption =
      `BLEU of ${JOINED_ROWS} sources each of ${JOINED.join(', ')} sentences in a row, at their mean length. ` +
      `Data: Tatoeba, the ${pairs.length} pairs kept for testing.`;
    return compare(locations, { title, caption, measure }, progress);
  },
};
