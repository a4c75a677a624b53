import { longestCopiedRun } from '@heed/evaluation';
import { Summarizer } from '@heed/summarization';
import type { Inputs, OpenModel } from './answer.js';

export async function openSummarization(url: string): Promise<OpenModel<Inputs['summarization']>> {
  const summarizer = await Summarizer.load(url);
  return {
    async answer({ text: article }) {
      const { text, score, attention } = await summarizer.summarize(article);
      const copied = longestCopiedRun(text, article).tokens;
      return { text, parts: text.split(' '), score, copied, ...(attention && { trace: attention }) };
    },
  };
}
