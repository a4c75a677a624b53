import { findColumn, parseTable, WHOLE } from '@heed/training';
import { spokenText, type Utterance } from './utterance.js';

const AUDIO_COLUMNS = ['audio', 'path', 'file', 'file_name', 'filename', 'wav'];
const TEXT_COLUMNS = ['transcript', 'text', 'sentence', 'transcription', 'words'];
const SPEAKER_COLUMNS = ['speaker', 'speaker_id', 'client_id'];

/**
 * A table of recordings, one a row, with a header: a column `audio` (or `path`), a column `transcript` or one of
 * `phonemes` or both, and perhaps `speaker` and `split`. Cells are parted by commas, tabs, semicolons or bars, as the
 * header has it, and may stand in quotes. Without a column of speakers every recording has its own.
 *
 * @returns the utterances of each split; of `all` where there is no such column
 * @throws if a column or a cell is missing, or the quotes do not match (file and line are named)
 */
export function parseSpeechTable(file: string, text: string): Map<string, Utterance[]> {
  const rows = parseTable(file, text, 'recordings');
  const columns = {
    audio: findColumn(rows, AUDIO_COLUMNS),
    text: findColumn(rows, TEXT_COLUMNS),
    phonemes: findColumn(rows, ['phonemes', 'phones']),
    speaker: findColumn(rows, SPEAKER_COLUMNS),
  };
  if (columns.audio === undefined || (columns.text === undefined && columns.phonemes === undefined)) {
    throw new Error(
      `${file}: no recordings. Expected a first line that names the columns, "audio" and "transcript" among them, ` +
        `and rows below it; found: ${Object.keys(rows[0]?.cells ?? {}).join(', ') || 'nothing'}.`,
    );
  }
  const splits = new Map<string, Utterance[]>();
  for (const { cells, line } of rows) {
    const cell = (column: string | undefined) => (column === undefined ? undefined : cells[column]);
    const [audio, phonemes] = [cell(columns.audio), cell(columns.phonemes)?.replace(/\s+/gu, ' ')];
    const words = spokenText(cell(columns.text) ?? '');
    if (!audio || (words === '' && !phonemes)) {
      const missing = audio ? (columns.text ?? columns.phonemes) : columns.audio;
      throw new Error(`${file}, line ${line}: no ${missing}. Give every row a recording and what was said.`);
    }
    const split = cells.split?.toLowerCase() || WHOLE;
    const utterances = splits.get(split) ?? [];
    splits.set(split, utterances);
    utterances.push({
      audio,
      ...(words !== '' && { text: words }),
      ...(phonemes && { phonemes }),
      speaker: cell(columns.speaker) || audio,
    });
  }
  return splits;
}
