import { findColumn, parseTable, restIsTraining, WHOLE } from '@heed/training';
import { addCaption, type CaptionsByImage, joinCaptions } from './captioned-image.js';

const IMAGE_COLUMNS = ['image', 'image_name', 'file', 'file_name', 'filename'];
const CAPTION_COLUMNS = ['caption', 'comment', 'text'];

/**
 * A table of captions, one a row, with a header: a column `image` (or `file`), a column `caption`, and perhaps one
 * `split`. Cells are parted by commas, tabs, semicolons or bars, as the header has it, and may stand in quotes.
 *
 * @returns the captions of each split; of `all` where none is named, and of `train` where rows name none beside others
 * @throws if a column or a cell is missing, or the quotes do not match (file and line are named)
 */
export function parseCaptionTable(file: string, text: string): Map<string, CaptionsByImage> {
  const rows = parseTable(file, text, 'captions');
  const [image, caption] = [findColumn(rows, IMAGE_COLUMNS), findColumn(rows, CAPTION_COLUMNS)];
  if (image === undefined || caption === undefined) {
    throw new Error(
      `${file}: no captions. Expected a first line that names the columns, "image" and "caption" among them, ` +
        `and rows below it; found: ${Object.keys(rows[0]?.cells ?? {}).join(', ') || 'nothing'}.`,
    );
  }
  const splits = new Map<string, CaptionsByImage>();
  for (const { cells, line } of rows) {
    const [name, words] = [cells[image] as string, cells[caption] as string];
    if (name === '' || words === '') {
      throw new Error(
        `${file}, line ${line}: no ${name === '' ? image : caption}. Give every row an image and a caption.`,
      );
    }
    const split = cells.split?.toLowerCase() || WHOLE;
    const captions = splits.get(split) ?? new Map();
    splits.set(split, captions);
    addCaption(captions, name, words);
  }
  return restIsTraining(splits, joinCaptions);
}
