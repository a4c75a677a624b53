import type { Figure } from './figure.js';
import { figures } from './figures.js';
import { type Materials, MissingMaterialError } from './materials.js';
import { writeFigure } from './write-figure.js';

export const figureNames: readonly string[] = figures.map(({ name }) => name);

export interface DrawFiguresOptions {
  /** Of `figureNames`; all that can be drawn if absent. */
  readonly name?: string;
  readonly materials: Materials;
  /** The folder that they are written into. */
  readonly out: string;
  /** Is told the path of each file as soon as it is there. */
  readonly written: (path: string) => void;
  /** Takes what is to be read: which figures were left out, and why. */
  readonly report: (line: string) => void;
  /** Takes what goes on, often. */
  readonly progress: (line: string) => void;
}

/**
 * Draws figures into files. Call it after `useBackend()`.
 *
 * @throws MissingMaterialError if one figure is asked for that lacks its model or data
 */
export async function drawFigures({ name, ...options }: DrawFiguresOptions): Promise<void> {
  for (const figure of figures) {
    if (name !== undefined && figure.name !== name) continue;
    try {
      await drawFigure(figure, options);
    } catch (error) {
      if (!(error instanceof MissingMaterialError)) throw error;
      const message = `${figure.name}: ${error.message}`;
      if (name !== undefined) throw new MissingMaterialError(message);
      options.report(`left out, ${message}`);
    }
  }
}

async function drawFigure(
  figure: Figure,
  { materials, out, written, progress }: Omit<DrawFiguresOptions, 'name'>,
): Promise<void> {
  const drawn = await figure.draw(materials, (line) => progress(`${figure.name}: ${line}`));
  for (const path of await writeFigure(out, figure.name, drawn)) written(path);
}
