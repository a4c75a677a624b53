import { type Tokenizer, trainTokenizer } from '@heed/text';
import {
  reportLeftOut,
  spread,
  type TrainingProgress,
  type TrainTaskOptions,
  trainTask,
} from '@heed/training';
import {
  type EncodedUtterance,
  encodeUtterances,
  joinUtterances,
  speechBatches,
  type TranscribedFeatures,
  toSpeechBatch,
} from './batches.js';
import type { SpeechConfig } from './config.js';
import { errorUnits, recognizeSymbols, scoreSymbols } from './evaluate.js';
import { FRAMES_PER_SECOND } from './features/log-mel.js';
import { speechBatchSizes } from './model.js';
import { framesPerPlace } from './speech-encoder.js';
import { SpeechRecognizer } from './speech-recognizer.js';

export interface TrainSpeechRecognizerOptions extends TrainTaskOptions<SpeechConfig> {
  /** Each recording at each speed. */
  readonly train: readonly TranscribedFeatures[];
  readonly validation: readonly TranscribedFeatures[];
}

/** Learns the tokenizer that the configuration asks for, of what is to be written. */
export const trainSpeechTokenizer = (
  symbols: readonly string[],
  options: SpeechConfig['tokenizer'],
): Tokenizer => trainTokenizer(symbols, options);

/**
 * Trains a recogniser; the best on the validation utterances (greedy search), by their error rate, is kept.
 *
 * @throws DivergedError when the loss is not finite
 */
export async function trainSpeechRecognizer(
  options: TrainSpeechRecognizerOptions,
): Promise<{ recognizer: SpeechRecognizer; progress: TrainingProgress; reason: string }> {
  const { config, seed, tokenizer } = options;
  const { training, features } = config;
  const limits = {
    maximumLength: training.maximumLength,
    maximumFrames: training.maximumSeconds * FRAMES_PER_SECOND,
    framesPerPlace: framesPerPlace(config.network.encoder),
  };
  const { utterances, leftOut } = encodeUtterances(options.train, tokenizer, limits);
  const { joined: most } = training;
  const ofEpoch = (epoch: number): readonly EncodedUtterance[] =>
    most === undefined ? utterances : joinUtterances(utterances, tokenizer, { ...limits, most, seed, epoch });
  if (utterances.length === 0) {
    throw new Error(
      `training: none of ${leftOut} utterances has 1 to ${training.maximumLength} tokens and at most ` +
        `${training.maximumSeconds} seconds (training.maximumLength, training.maximumSeconds)`,
    );
  }
  const { maximumLength, maximumSeconds } = training;
  reportLeftOut(
    options,
    leftOut,
    'utterances',
    `no token, more than ${maximumLength}, or more than ${maximumSeconds} seconds`,
  );
  const validation = spread(options.validation, training.validationUtterances);
  if (validation.length === 0) throw new Error('training: there are no validation utterances');
  const recognizer = SpeechRecognizer.create(config, tokenizer, seed);
  const { begin, end } = tokenizer.vocabulary.specials;
  const units = errorUnits(config.symbols);
  try {
    const { progress, reason } = await trainTask(
      {
        model: recognizer.model,
        batches: (epoch) =>
          speechBatches(ofEpoch(epoch), { ...training, seed, epoch }).map(
            (batch) => () => toSpeechBatch(batch, { begin, end }),
          ),
        sizes: speechBatchSizes(features),
        loss: (batch, random) => recognizer.model.loss(batch, training, random),
        validate: async () => {
          const found = await recognizeSymbols(recognizer, validation, { beamSize: 1 });
          const references = validation.map(({ symbols }) => symbols);
          return Object.fromEntries(
            units.map((unit) => {
              const { name, score } = scoreSymbols(unit, found, references, config.symbols);
              return [name.toLowerCase(), score];
            }),
          );
        },
        metric: { name: config.symbols === 'text' ? 'cer' : 'per', higherIsBetter: false },
      },
      options,
    );
    return { recognizer, progress, reason };
  } catch (error) {
    recognizer.dispose();
    throw error;
  }
}
