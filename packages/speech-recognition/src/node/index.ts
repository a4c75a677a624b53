export { type ErrorsAtLength, errorsByLength, longestOf } from './errors-by-length.js';
export {
  type FeaturesOfOptions,
  featuresOf,
  type OpenUtterancesOptions,
  openRecordings,
  utterancesForFirst,
} from './open-utterances.js';
export { AudioFileError, decodeAudio, readAudio } from './read-audio.js';
export { openSpeech, readPronunciations, type Speech, type SpeechReader } from './read-speech.js';
export { type TrainSpeechInFolderOptions, trainSpeechRecognizerInFolder } from './train-in-folder.js';
export { writeWav } from './write-wav.js';
