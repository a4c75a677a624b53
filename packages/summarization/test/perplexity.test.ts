import { useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { toSummarizationBatch } from '../src/batches.js';
import { encodeArticles, measurePerplexity, type Summarizer, syntheticArticles } from '../src/index.js';
import { networks, smallSummarizer } from './small-summarizer.js';

beforeAll(async () => void (await useBackend()));

const articles = syntheticArticles({ count: 12, seed: 3 });

/** Each article alone, each word as search scores it. */
function wordByWord({ config, tokenizer, model }: Summarizer): number {
  const { begin, end } = tokenizer.vocabulary.specials;
  let [sum, count] = [0, 0];
  for (const article of encodeArticles(articles, tokenizer, config).articles) {
    tf.tidy(() => {
      const batch = toSummarizationBatch([article], { begin, end });
      let { memory, state } = model.encode(batch.article);
      const targets = batch.targets.dataSync();
      [begin, ...article.inputs].forEach((token, i) => {
        const step = model.step(tf.tensor1d([token], 'int32'), state, memory);
        state = step.state;
        const scores = 'logits' in step ? tf.logSoftmax(step.logits) : step.scores;
        sum -= scores.dataSync()[targets[i] as number] as number;
        count++;
      });
    });
  }
  return Math.exp(sum / count);
}

test.each(['abs, attention', 'abs, convolutional', 'pointer-generator', 'no attention'])(
  'perplexity of %s is that of the words one by one',
  (network) => {
    const summarizer = smallSummarizer(networks[network]);
    const perplexity = measurePerplexity(summarizer, articles);
    expect(perplexity).toBeGreaterThan(1);
    expect((perplexity as number) / wordByWord(summarizer)).toBeCloseTo(1, 4);
    const before = tf.memory().numTensors;
    measurePerplexity(summarizer, articles);
    expect(tf.memory().numTensors).toBe(before);
    expect(measurePerplexity(summarizer, [])).toBeUndefined();
    summarizer.dispose();
  },
);
