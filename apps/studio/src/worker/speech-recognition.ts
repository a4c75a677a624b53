import { SpeechRecognizer } from '@heed/speech-recognition';
import type { Inputs, OpenModel } from './answer.js';

export async function openSpeech(url: string): Promise<OpenModel<Inputs['speech-recognition']>> {
  const recognizer = await SpeechRecognizer.load(url);
  return {
    async answer({ recording }) {
      const { text, score, attention } = await recognizer.recognize(recording);
      return { text, parts: attention.output.tokens, score, trace: attention };
    },
  };
}
