import { createHash } from 'node:crypto';
import { reportLeftOut, type TrainingProgress } from '@heed/training';
import { inTrainingFolder, type TrainInFolderOptions, type TrainingFolder } from '@heed/training/node';
import { parseSpeechConfig, type SpeechConfig } from '../config.js';
import type { TranscribedRecording } from '../join-speech.js';
import { secondsOf } from '../recording.js';
import type { SpeechRecognizer } from '../speech-recognizer.js';
import { trainSpeechRecognizer, trainSpeechTokenizer } from '../train.js';
import { featuresOf, openRecordings } from './open-utterances.js';
import { openSpeech, readPronunciations, type Speech } from './read-speech.js';

/**
 * `data` is what `openSpeech` opens. Of a model to start `from`, it takes the weights, the tokenizer, what is written and
 * heard, and the network but for the dropout, which is the configuration's.
 */
export interface TrainSpeechInFolderOptions extends TrainInFolderOptions<SpeechConfig> {
  /** A pronouncing dictionary. Default: the one that comes with the data. */
  readonly dictionary?: string;
  /** Hears how many utterances of a split have been read. */
  readonly onUtterances?: (done: number, utterances: number) => void;
}

/**
 * Trains a recogniser from recordings on disk into a folder, see `inTrainingFolder`.
 *
 * @throws if the folder already holds a training and `resume` is not asked for, or if one is to be resumed with another
 *   configuration, seed or data; nothing of it is touched then
 */
export async function trainSpeechRecognizerInFolder(
  options: TrainSpeechInFolderOptions,
): Promise<{ recognizer: SpeechRecognizer; progress: TrainingProgress; reason: string }> {
  return inTrainingFolder(options, parseSpeechConfig, startedFrom, (folder) => trainIn(folder, options));
}

async function trainIn(
  { config, begin }: TrainingFolder<SpeechConfig>,
  options: TrainSpeechInFolderOptions,
): Promise<{ recognizer: SpeechRecognizer; progress: TrainingProgress; reason: string }> {
  const { data, dictionary, report, signal, onUtterances: onProgress } = options;
  const reader = await openSpeech(data);
  const [train, validation] = [await reader.read('train'), await reader.read('validation')];
  const pronunciations =
    dictionary === undefined ? reader.pronunciations : await readPronunciations(dictionary);
  const reading = { pronunciations, signal, ...(onProgress && { onProgress }) };
  const heard = await openRecordings(train.utterances, config.symbols, reading);
  const held = await openRecordings(validation.utterances, config.symbols, reading);
  const { speeds } = config.training;
  const inputs = {
    train: await featuresOf(heard, config, { speeds, signal }),
    validation: await featuresOf(held, config, { signal }),
  };
  const seconds = Math.round(heard.reduce((sum, { recording }) => sum + secondsOf(recording), 0));
  const facts = {
    utterances: heard.length,
    seconds,
    sha256: digestOf(train, heard, dictionary),
    validationSha256: digestOf(validation, held, dictionary),
  };
  const told = await begin(config, facts, () =>
    trainSpeechTokenizer(
      heard.map(({ symbols }) => symbols),
      config.tokenizer,
    ),
  );
  report(`${heard.length} training utterances, ${Math.round(seconds / 60)} minutes`);
  report(`${held.length} validation utterances`);
  const tooShort = heard.length * speeds.length - inputs.train.length;
  reportLeftOut(options, tooShort, 'utterances', 'too short when they are spoken faster');
  return trainSpeechRecognizer({ ...told, ...inputs });
}

/** The digest of a split; with a dictionary of one's own, of what that makes of it too. */
function digestOf(
  { digest }: Speech,
  recordings: readonly TranscribedRecording[],
  dictionary: string | undefined,
): string {
  if (dictionary === undefined) return digest;
  const written = recordings.map(({ symbols }) => symbols).join('\n');
  return createHash('sha256').update(`${digest}\n${written}`).digest('hex');
}

/** What the model is, with what the configuration says of its training and use. */
function startedFrom(
  { symbols, features, tokenizer, network }: SpeechConfig,
  wanted: SpeechConfig,
): SpeechConfig {
  const { encoder, decoder } = network;
  return {
    ...wanted,
    symbols,
    features,
    tokenizer,
    network: {
      encoder: { ...encoder, dropout: wanted.network.encoder.dropout },
      decoder: { ...decoder, dropout: wanted.network.decoder.dropout },
    },
  };
}
