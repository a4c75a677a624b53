import { spokenText } from './utterance.js';

/**
 * The lists of CMU Sphinx: the recordings of a split, as paths without their endings, one a line.
 *
 * @param file its name, for messages
 * @throws on a path that leaves the folder of recordings (file and line are named)
 */
export function parseFileIds(file: string, lines: readonly string[]): string[] {
  return lines.flatMap((line, index) => {
    const id = line.trim();
    if (id.startsWith('/') || id.split(/[\\/]/u).includes('..')) {
      throw new Error(`${file}, line ${index + 1}: ${id} is outside of the folder of recordings.`);
    }
    return id === '' ? [] : [id];
  });
}

/**
 * The transcriptions of CMU Sphinx, `<s> WORDS </s> (recording)` a line: the words by the recording's name. Silences and
 * noises (`<sil>`, `++UM++`) and the numbers of pronunciations (`THE(2)`) are left out.
 *
 * @param file its name, for messages
 * @throws if a line is not of this form, or a recording has two (file and line are named)
 */
export function parseTranscription(file: string, lines: readonly string[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const [, words, recording] = /^(.*?)\s*\(([^()\s]+)\)\s*$/u.exec(line) ?? [];
    if (words === undefined || recording === undefined) {
      throw new Error(`${file}, line ${index + 1}: expected words and then the recording in brackets.`);
    }
    if (texts.has(recording)) {
      throw new Error(
        `${file}, line ${index + 1}: a second transcription of ${recording}. Name recordings of several folders by their paths.`,
      );
    }
    const spoken = words.replace(/<[^<>\s]*>|\+\+\S*\+\+|\(\d+\)/gu, ' ');
    texts.set(recording, spokenText(spoken));
  }
  return texts;
}
