import { Summarizer } from '@heed/summarization';
import { renderSvg } from '@heed/visualization';
import { attentionOf } from '../attention-of.js';
import { describeModel } from '../describe-model.js';
import type { Figure } from '../figure.js';
import { traceRows } from '../trace-rows.js';

const ARTICLE =
  'Recurrent networks read long documents word by word and forget how they began. We propose a network that keeps a ' +
  'small memory of sentences and learns which of them to read again. On two data sets of long documents it answers ' +
  'questions more accurately than networks without such a memory.';

/** A headline over the words of its article (Rush et al. 2015, figure 1). */
export const headline: Figure = {
  name: 'headline',
  async draw(materials) {
    const location = materials.model('summarization');
    const summarizer = await Summarizer.load(location);
    try {
      const trace = attentionOf(await summarizer.summarize(ARTICLE), location);
      return {
        svg: renderSvg(trace),
        rows: traceRows([{ heading: trace.output.text, trace }]),
        caption:
          'A headline (left) and the article that it was made of (top): a row is where one word of the headline looked. ' +
          `Data: an article written for the figure. Model: ${await describeModel(location, summarizer.name)}.`,
      };
    } finally {
      summarizer.dispose();
    }
  },
};
