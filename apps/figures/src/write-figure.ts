import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@heed/attention-core/node';
import { stringify } from 'csv-stringify/sync';
import type { DrawnFigure } from './figure.js';

/** Writes NAME.svg, NAME.csv and, with the caption, NAME.txt. @returns their paths */
export async function writeFigure(
  folder: string,
  name: string,
  { svg, rows, caption }: DrawnFigure,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const contents = { svg, csv: stringify([...rows], { header: true }), txt: `${caption}\n` };
  const paths: string[] = [];
  for (const [ending, content] of Object.entries(contents)) {
    const path = join(folder, `${name}.${ending}`);
    await replaceFile(path, content);
    paths.push(path);
  }
  return paths;
}
