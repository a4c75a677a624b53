import { CsvError, parse } from 'csv-parse/sync';
import { addCaption, type CaptionsByImage } from './captioned-image.js';

const IMAGE_COLUMNS = ['image', 'image_name', 'file', 'file_name', 'filename'];
const CAPTION_COLUMNS = ['caption', 'comment', 'text'];
const SEPARATORS = [',', '\t', ';', '|'];
/** Of rows without a split. */
const WHOLE = 'all';

/**
 * A table of captions, one a row, with a header: a column `image` (or `file`), a column `caption`, and perhaps one
 * `split`. Cells are parted by commas, tabs, semicolons or bars, as the header has it, and may stand in quotes.
 *
 * @returns the captions of each split; of `all` where there is no such column
 * @throws if a column or a cell is missing, or the quotes do not match (file and line are named)
 */
export function parseCaptionTable(file: string, text: string): Map<string, CaptionsByImage> {
  const header = text.split(/\r?\n/, 1)[0] as string;
  const separator = SEPARATORS.find((candidate) => header.includes(candidate)) ?? ',';
  let rows: { record: Record<string, string>; info: { lines: number } }[];
  try {
    rows = parse(text, {
      bom: true,
      columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
      delimiter: separator,
      trim: true,
      skip_empty_lines: true,
      relax_quotes: separator !== ',',
      info: true,
    }) as unknown as typeof rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Error(`${file}: not a table of captions: ${error.message}.`);
  }
  const columns = Object.keys(rows[0]?.record ?? {});
  const image = IMAGE_COLUMNS.find((name) => columns.includes(name));
  const caption = CAPTION_COLUMNS.find((name) => columns.includes(name));
  if (image === undefined || caption === undefined) {
    throw new Error(
      `${file}: no captions. Expected a first line that names the columns, "image" and "caption" among them, ` +
        `and rows below it; found: ${columns.join(', ') || 'nothing'}.`,
    );
  }
  const splits = new Map<string, CaptionsByImage>();
  for (const { record, info } of rows) {
    const [name, words] = [record[image] as string, record[caption] as string];
    if (name === '' || words === '') {
      throw new Error(
        `${file}, line ${info.lines}: no ${name === '' ? image : caption}. Give every row an image and a caption.`,
      );
    }
    const split = record.split || WHOLE;
    const captions = splits.get(split) ?? new Map();
    splits.set(split, captions);
    addCaption(captions, name, words);
  }
  return splits;
}
