export { AudioFileError, decodeAudio, readAudio } from './read-audio.js';
export { openSpeech, readPronunciations, type Speech, type SpeechReader } from './read-speech.js';
export { writeWav } from './write-wav.js';
