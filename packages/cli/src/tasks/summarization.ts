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

type Metrics = Evaluation['metrics'];

/** @param system whose headlines they are, as the names of the metrics begin */
const rougeMetrics = ({ f1, recall }: HeadlineScores, system = ''): Metrics =>
  Object.entries({ '': f1, ' recall, 75 bytes': recall }).flatMap(([what, scores]) =>
    (Object.keys(NAMES) as (keyof typeof NAMES)[]).map((type) => {
      const { score, low, high, signature } = scores[type];
      return { name: `${system}${NAMES[type]}${what}`, score, low, high, signature };
    }),
  );

const copyingMetrics = ({ copying: { overlap, meanRun, signature } }: HeadlineScores): Metrics => [
  ...overlap.map((score, i) => ({ name: `copied ${i + 1}-grams`, score, signature })),
  { name: 'longest copied run, mean', score: meanRun, signature },
];

const perplexityMetric = (score: number) => ({
  name: 'perplexity',
  score,
  signature: 'tokens of the vocabulary, with the end',
});

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
        ...rougeMetrics(result),
        ...(result.perplexity === undefined ? [] : [perplexityMetric(result.perplexity)]),
        ...copyingMetrics(result),
        ...Object.entries(result.baselines).flatMap(([name, scores]) => rougeMetrics(scores, `${name} `)),
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
