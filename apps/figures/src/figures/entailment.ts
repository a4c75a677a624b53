import { EntailmentClassifier } from '@heed/entailment';
import { renderPanels } from '@heed/visualization';
import { attentionOf } from '../attention-of.js';
import { describeModel } from '../describe-model.js';
import type { Figure } from '../figure.js';
import { traceRows } from '../trace-rows.js';

const PREMISE = 'A man is playing a guitar.';
/** One for each label. */
const HYPOTHESES = [
  'A person is playing an instrument.',
  'A man is playing a song for his friends.',
  'There is no man playing a guitar.',
];

/** Word by word, a hypothesis over its premise, for each label (Rocktäschel et al. 2016, figure 2). */
export const entailment: Figure = {
  name: 'entailment',
  async draw(materials) {
    const location = materials.model('entailment');
    const classifier = await EntailmentClassifier.load(location);
    try {
      const found = await classifier.classifyAll(
        HYPOTHESES.map((hypothesis) => ({ premise: PREMISE, hypothesis })),
      );
      const panels = found.map(({ label, trace }) => ({
        heading: label,
        trace: attentionOf({ text: label, attention: trace }, location),
      }));
      return {
        svg: renderPanels({
          title: 'Which words of a premise each hypothesis looked at',
          columns: 3,
          panels,
        }),
        rows: traceRows(panels),
        caption:
          'Three hypotheses (left of each matrix) of one premise (top): a row is where one word of the hypothesis looked ' +
          'in the premise, and below stands how probable the model holds each label. Data: three pairs written for the ' +
          `figure. Model: ${await describeModel(location, classifier.name)}.`,
      };
    } finally {
      classifier.dispose();
    }
  },
};
