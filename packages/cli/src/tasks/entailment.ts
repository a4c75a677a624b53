import {
  EntailmentClassifier,
  entailmentLabels,
  entailmentPresets,
  evaluateEntailmentClassifier,
  parseEntailmentConfig,
  type SentencePair,
} from '@heed/entailment';
import { openSentencePairs, trainEntailmentInFolder } from '@heed/entailment/node';
import { UsageError } from '../errors.js';
import { chooseTraining, outcome } from './choose-training.js';
import { type Answer, answerEach, RefusedInput, type Task } from './task.js';

/** @throws RefusedInput if the line is not one pair that can be classified */
function pairOf(line: string, classifier: EntailmentClassifier): SentencePair {
  const sides = line.split('\t');
  if (sides.length !== 2)
    throw new RefusedInput('expected a premise and a hypothesis, with one tab between them');
  const [premise, hypothesis] = sides as [string, string];
  const refusal = classifier.refusalOf({ premise, hypothesis });
  if (refusal !== undefined) throw new RefusedInput(refusal);
  return { premise, hypothesis };
}

export const entailment: Task = {
  defaultModel: '@heed/entailment-sick',
  unit: 'pairs',
  inputs: 'lines',
  takes: ['embeddings'],

  async train(request) {
    const { config, seed } = await chooseTraining(request, entailmentPresets, parseEntailmentConfig);
    const { classifier, ...ended } = await trainEntailmentInFolder({ ...request, config, seed });
    classifier.dispose();
    return outcome(ended, config.training.steps, request);
  },

  async evaluate({ model, data, split, limit, onProgress }) {
    const classifier = await EntailmentClassifier.load(model);
    const pairs = (await (await openSentencePairs(data)).read(split)).pairs.slice(0, limit);
    const started = performance.now();
    const result = await evaluateEntailmentClassifier(classifier, pairs, (done) =>
      onProgress(done, pairs.length),
    );
    const seconds = (performance.now() - started) / 1000;
    const { accuracy, calibration, correlation } = result;
    const { name, score, low, high, signature, macroF1, labels, confusion } = accuracy;
    return {
      count: result.pairs,
      metrics: [
        { name, score, signature, low, high },
        { name: 'macro F1', score: macroF1, signature },
        { name: calibration.name, score: calibration.score, signature: calibration.signature },
        ...(correlation ? [correlation] : []),
      ],
      confusion: { labels, counts: confusion },
      seconds,
    };
  },

  async openPredictor({ model, nBest }) {
    const { length: labels } = entailmentLabels;
    if (nBest > labels) throw new UsageError(`--n-best ${nBest}: there are ${labels} labels`);
    const classifier = await EntailmentClassifier.load(model);
    const answersTo = async (pairs: readonly SentencePair[]): Promise<Answer[][]> =>
      (await classifier.classifyAll(pairs)).map(({ probabilities, relatedness, trace }) =>
        Object.entries(probabilities)
          .sort(([, a], [, b]) => b - a)
          .slice(0, nBest)
          .map(([text, probability], i) => ({
            text,
            score: Math.log(probability),
            ...(i === 0 && {
              probabilities,
              ...(relatedness !== undefined && { relatedness }),
              ...(trace && { attention: trace }),
            }),
          })),
      );
    return {
      attends: classifier.attends,
      answer: (lines) => answerEach(lines, (line) => pairOf(line, classifier), answersTo),
    };
  },
};
