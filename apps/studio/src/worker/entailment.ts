import { EntailmentClassifier } from '@heed/entailment';
import type { Inputs, OpenModel } from './answer.js';

export async function openEntailment(url: string): Promise<OpenModel<Inputs['entailment']>> {
  const classifier = await EntailmentClassifier.load(url);
  return {
    async answer({ premise, hypothesis }) {
      const refusal = classifier.refusalOf({ premise, hypothesis });
      if (refusal !== undefined) throw new Error(refusal);
      const { label, probabilities, relatedness, trace } = await classifier.classify(premise, hypothesis);
      return {
        text: label,
        parts: [label],
        score: Math.log(probabilities[label]),
        ...(relatedness !== undefined && { relatedness }),
        ...(trace && { trace }),
      };
    },
  };
}
