import {
  evaluateSummarizer,
  type HeadlineScores,
  parseSummarizationConfig,
  Summarizer,
  summarizationPresets,
} from '@heed/summarization';
import { openArticles, trainSummarizerInFolder } from '@heed/summarization/node';
import { chooseTraining, outcome } from './choose-training.js';
import { decodingOptions, requireBeam } from './decoding-options.js';
import { answerEach, type Evaluation, type Task } from './task.js';

const NAMES = { rouge1: 'ROUGE-1', rouge2: 'ROUGE-2', rougeL: 'ROUGE-L' } as const;

/** @param system whose headlines they are; the model's if empty */
function metricsOf({ f1, recall, copying }: HeadlineScores, system = ''): Evaluation['metrics'] {
  const { signature } = copying;
  const row = (name: string) => `${system}${system && ' '}${name}`;
  return [
    ...Object.entries(NAMES).map(([type, name]) => ({ name: row(name), ...f1[type as keyof typeof NAMES] })),
    ...Object.entries(NAMES).map(([type, name]) => ({
      name: row(`${name} recall, 75 bytes`),
      ...recall[type as keyof typeof NAMES],
    })),
    ...copying.overlap.map((score, i) => ({ name: row(`copied ${i + 1}-grams`), score, signature })),
    { name: row('longest copied run, mean'), score: copying.meanRun, signature },
  ].map(({ name, score, signature, ...interval }) => ({ name, score, signature, ...bounds(interval) }));
}

const bounds = (interval: { low?: number; high?: number }) =>
  interval.low === undefined || interval.high === undefined ? {} : { low: interval.low, high: interval.high };

export const summarization: Task = {
  defaultModel: '@heed/summarization-arxiv',
  unit: 'articles',
  inputs: 'lines',
  takes: ['beam', 'lengthPenalty'],

  async train(request) {
    const { config, seed } = await chooseTraining(request, summarizationPresets, parseSummarizationConfig);
    const { summarizer, ...ended } = await trainSummarizerInFolder({ ...request, config, seed });
    summarizer.dispose();
    return outcome(ended, config.training.steps, request);
  },

  async evaluate({ model, data, split, limit, onProgress, ...decoding }) {
    const summarizer = await Summarizer.load(model);
    const articles = (await (await openArticles(data)).read(split)).articles.slice(0, limit);
    const options = decodingOptions(decoding);
    const started = performance.now();
    const result = await evaluateSummarizer(summarizer, articles, options, (done) =>
      onProgress(done, articles.length),
    );
    const seconds = (performance.now() - started) / 1000;
    const { beamSize, lengthPenalty } = { ...summarizer.config.decoding, ...options };
    return {
      count: result.articles,
      decoding: { beam: beamSize, lengthPenalty },
      metrics: [
        ...metricsOf(result),
        ...Object.entries(result.baselines).flatMap(([name, scores]) => metricsOf(scores, name)),
      ],
      seconds,
    };
  },

  async openPredictor({ model, nBest, ...decoding }) {
    const summarizer = await Summarizer.load(model);
    const options = { ...decodingOptions(decoding), nBest };
    requireBeam(nBest, { ...summarizer.config.decoding, ...options }.beamSize);
    return {
      attends: summarizer.model.attends,
      answer: (lines) =>
        answerEach(
          lines,
          (line) => line,
          (texts) => summarizer.summarizeAll(texts, options),
        ),
    };
  },
};
