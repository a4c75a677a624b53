import {
  evaluateTranslator,
  parseTranslationConfig,
  Translator,
  translationPresets,
} from '@heed/translation';
import { readParallelCorpus, trainTranslatorInFolder } from '@heed/translation/node';
import { chooseTraining, outcome } from './choose-training.js';
import { decodingOptions, requireBeam } from './decoding-options.js';
import { answerEach, inInterval, RefusedInput, type Task } from './task.js';

export const translation: Task = {
  defaultModel: '@heed/translation-fr-en',
  unit: 'sentences',
  inputs: 'lines',
  takes: ['beam', 'lengthPenalty'],

  async train(request) {
    const { config, seed } = await chooseTraining(request, translationPresets, parseTranslationConfig);
    const { translator, ...ended } = await trainTranslatorInFolder({ ...request, config, seed });
    translator.dispose();
    return outcome(ended, config.training.steps, request);
  },

  async evaluate({ model, data, split, limit, onProgress, ...decoding }) {
    const translator = await Translator.load(model);
    const { pairs } = await readParallelCorpus(data, split, translator.config.languages);
    const chosen = pairs.slice(0, limit);
    const options = decodingOptions(decoding);
    const started = performance.now();
    const result = await evaluateTranslator(translator, chosen, options, (done) =>
      onProgress(done, chosen.length),
    );
    const seconds = (performance.now() - started) / 1000;
    const { beamSize, lengthPenalty } = { ...translator.config.decoding, ...options };
    const { bleu, bleuLowercase, chrf } = result;
    return {
      count: result.sentences,
      decoding: { beam: beamSize, lengthPenalty },
      metrics: [
        inInterval(bleu.name, result.bleuInterval),
        { name: 'BLEU lowercase', score: bleuLowercase.score, signature: bleuLowercase.signature },
        { name: chrf.name, score: chrf.score, signature: chrf.signature },
      ],
      seconds,
    };
  },

  async openPredictor({ model, nBest, ...decoding }) {
    const translator = await Translator.load(model);
    const options = { ...decodingOptions(decoding), nBest };
    requireBeam(nBest, { ...translator.config.decoding, ...options }.beamSize);
    const prepare = (line: string) => {
      const refusal = translator.refusalOf(line);
      if (refusal === undefined) return line;
      throw new RefusedInput(refusal);
    };
    return {
      attends: translator.attends,
      answer: (lines) => answerEach(lines, prepare, (given) => translator.translate(given, options)),
    };
  },
};
