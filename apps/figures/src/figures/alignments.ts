import { Translator } from '@heed/translation';
import { renderPanels } from '@heed/visualization';
import { attentionOf } from '../attention-of.js';
import { describeModel } from '../describe-model.js';
import type { Figure } from '../figure.js';
import { traceRows } from '../trace-rows.js';

/** In each the order of words is another one in English: nouns before their adjectives, and more. */
const SENTENCES = [
  'Une femme aux cheveux noirs porte une robe rouge.',
  'Le petit garçon aux yeux bleus lui donne un ballon rouge.',
  "Peux-tu m'aider à porter cette valise noire ?",
  "Un chien noir et blanc court sur l'herbe verte.",
];

/** Four alignments of French and English words (Bahdanau et al. 2015, figure 3). */
export const alignments: Figure = {
  name: 'alignments',
  async draw(materials) {
    const location = materials.model('translation');
    const translator = await Translator.load(location);
    try {
      const found = await translator.translate(SENTENCES);
      const panels = found.map(([best], i) => ({
        heading: `(${'abcd'.charAt(i)})`,
        trace: attentionOf(best ?? { text: '' }, location),
      }));
      return {
        svg: renderPanels({ title: 'Where the words of four translations looked', columns: 2, panels }),
        rows: traceRows(panels),
        caption:
          'Four French sentences (top of each matrix) and their English translations (left): a row is where one English ' +
          'word looked, the darker the more. Where the languages order their words differently the alignment leaves the ' +
          `diagonal. Data: four sentences written for the figure. Model: ${await describeModel(location, translator.name)}.`,
      };
    } finally {
      translator.dispose();
    }
  },
};
