import {
  evaluateTranslator,
  LONGEST_SOURCE,
  parseTranslationConfig,
  type TranslateOptions,
  type TranslationConfig,
  Translator,
  translationPresets,
} from '@heed/translation';
import { findEarlierTraining, readParallelCorpus, trainTranslatorInFolder } from '@heed/translation/node';
import { UsageError } from '../errors.js';
import { readJsonFile } from '../files.js';
import type { Decoding, Task, TrainRequest } from './task.js';

const DEFAULT_PRESET = 'practical';
const DEFAULT_SEED = 1;

/** The configuration that is asked for: a file's, a preset's, that of the training to resume, the practical one. */
async function chooseConfig(
  request: TrainRequest,
  earlier: TranslationConfig | undefined,
): Promise<TranslationConfig> {
  const { preset, config } = request;
  if (config !== undefined) return parseTranslationConfig(await readJsonFile(config), config);
  if (preset === undefined && earlier) return earlier;
  const presets: Readonly<Record<string, TranslationConfig>> = translationPresets;
  const name = preset ?? DEFAULT_PRESET;
  const chosen = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (!chosen)
    throw new UsageError(`there is no preset "${name}". Presets: ${Object.keys(presets).join(', ')}.`);
  return chosen;
}

function decodingOptions({ beam, lengthPenalty }: Decoding): TranslateOptions {
  return {
    ...(beam === undefined ? {} : { beamSize: beam }),
    ...(lengthPenalty === undefined ? {} : { lengthPenalty }),
  };
}

export const translation: Task = {
  defaultModel: '@heed/translation-fr-en',

  async train(request) {
    const { data, out, from, resume, eager, observers, signal, report } = request;
    const earlier = resume ? await findEarlierTraining(out) : undefined;
    const config = await chooseConfig(request, earlier?.config);
    const earlierSeed = earlier?.identity?.seed;
    const seed = request.seed ?? (typeof earlierSeed === 'number' ? earlierSeed : DEFAULT_SEED);
    const { translator, progress, reason } = await trainTranslatorInFolder({
      config,
      ...(from !== undefined && { from }),
      data,
      out,
      seed,
      resume,
      eager,
      observers,
      signal,
      report,
    });
    translator.dispose();
    return {
      best: progress.best,
      reason,
      complete: !signal.aborted || progress.step >= config.training.steps,
    };
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
    const { bleu, bleuInterval, bleuLowercase, chrf } = result;
    return {
      sentences: result.sentences,
      beam: beamSize,
      lengthPenalty,
      metrics: [
        { name: bleu.name, score: bleu.score, signature: bleu.signature, ...bleuInterval },
        { name: 'BLEU lowercase', score: bleuLowercase.score, signature: bleuLowercase.signature },
        { name: chrf.name, score: chrf.score, signature: chrf.signature },
      ],
      seconds,
    };
  },

  async openPredictor({ model, nBest, ...decoding }) {
    const translator = await Translator.load(model);
    const options = { ...decodingOptions(decoding), nBest };
    const { beamSize } = { ...translator.config.decoding, ...options };
    if (nBest > beamSize)
      throw new UsageError(`--n-best ${nBest} needs a beam of as many: give --beam ${nBest}`);
    return {
      attends: translator.model.attends,
      refuse(line) {
        const { length } = translator.tokenizer.encode(line).ids;
        return length > LONGEST_SOURCE
          ? `the sentence has ${length} tokens, and ${LONGEST_SOURCE} are the most: split it into sentences`
          : undefined;
      },
      answer: (lines) => translator.translate(lines, options),
    };
  },
};
