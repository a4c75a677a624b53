import { spokenText } from './utterance.js';

/**
 * LibriSpeech's transcripts of a chapter, `SPEAKER-CHAPTER-NUMBER WORDS` a line: the words by the recording's name.
 *
 * @param file its name, for messages
 * @throws if a line is not of this form (file and line are named)
 */
export function parseChapter(file: string, lines: readonly string[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const [, recording, words] = /^(\w+-\w+-\w+)\s+(\S.*)$/u.exec(line) ?? [];
    if (recording === undefined || words === undefined) {
      throw new Error(`${file}, line ${index + 1}: expected SPEAKER-CHAPTER-NUMBER and the words.`);
    }
    texts.set(recording, spokenText(words));
  }
  return texts;
}
