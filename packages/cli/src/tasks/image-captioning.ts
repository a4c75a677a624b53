import {
  captioningPresets,
  evaluateImageCaptioner,
  ImageCaptioner,
  isScene,
  parseCaptioningConfig,
  scoreScenes,
} from '@heed/image-captioning';
import {
  ImageFileError,
  openCaptionedImages,
  openImages,
  readImage,
  trainImageCaptionerInFolder,
} from '@heed/image-captioning/node';
import { progressLine } from '../report.js';
import { chooseTraining, outcome } from './choose-training.js';
import { decodingOptions, requireBeam } from './decoding-options.js';
import { answerEach, type Evaluation, inInterval, RefusedInput, type Task } from './task.js';

const load = (model: string, features: string | undefined) =>
  ImageCaptioner.load(model, features === undefined ? {} : { features });

export const imageCaptioning: Task = {
  defaultModel: '@heed/image-captioning-scenes',
  unit: 'images',
  inputs: 'files',
  takes: ['features', 'beam', 'lengthPenalty'],

  async train(request) {
    const { config, seed } = await chooseTraining(request, captioningPresets, parseCaptioningConfig);
    const reading = progressLine();
    const { captioner, ...ended } = await trainImageCaptionerInFolder({
      ...request,
      config,
      seed,
      onImages: (done, images) =>
        done === images ? reading.end() : reading.update(`${done} of ${images} images read`),
    }).finally(() => reading.end());
    captioner.dispose();
    return outcome(ended, config.training.steps, request);
  },

  async evaluate({ model, features, data, split, limit, onProgress, ...decoding }) {
    const captioner = await load(model, features);
    const { encoder } = captioner.config;
    const examples = (await (await openCaptionedImages(data)).read(split)).images.slice(0, limit);
    const images = await openImages(examples, encoder, captioner.extractor, { onProgress });
    const options = decodingOptions(decoding);
    const started = performance.now();
    const references = examples.map(({ captions }) => captions);
    const result = await evaluateImageCaptioner(captioner, images, references, options, (done) =>
      onProgress(done, images.count),
    );
    const seconds = (performance.now() - started) / 1000;
    const { beamSize, lengthPenalty } = { ...captioner.config.decoding, ...options };
    const answered = { count: result.images, decoding: { beam: beamSize, lengthPenalty }, seconds };
    const { bleu, bleuInterval, meteor, rougeL, cider, ciderInterval } = result;
    const { signature } = bleu;
    const metrics: Evaluation['metrics'] = [
      ...bleu.scores.slice(0, -1).map((score, i) => ({ name: `BLEU-${i + 1}`, score, signature })),
      inInterval('BLEU-4', bleuInterval),
      meteor,
      rougeL,
      inInterval(cider.name, ciderInterval),
    ];
    const scenes = examples.filter(isScene);
    if (scenes.length < examples.length) return { ...answered, metrics };
    const { exact, pointing, words } = scoreScenes(scenes, result.captions);
    const ofScenes = [
      { name: 'exact captions', score: 100 * exact, signature: `scenes:${scenes.length}` },
      ...(words > 0 ? [{ name: 'pointing game', score: 100 * pointing, signature: `words:${words}` }] : []),
    ];
    return { ...answered, metrics: [...metrics, ...ofScenes] };
  },

  async openPredictor({ model, features, nBest, ...decoding }) {
    const captioner = await load(model, features);
    const options = { ...decodingOptions(decoding), nBest };
    requireBeam(nBest, { ...captioner.config.decoding, ...options }.beamSize);
    const prepare = (file: string) =>
      readImage(file, { size: captioner.imageSize, preview: captioner.attends }).catch((error) => {
        throw error instanceof ImageFileError ? new RefusedInput(error.problem) : error;
      });
    return {
      attends: captioner.attends,
      answer: (files) => answerEach(files, prepare, (pictures) => captioner.captionAll(pictures, options)),
    };
  },
};
