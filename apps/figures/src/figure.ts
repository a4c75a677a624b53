import type { Materials } from './materials.js';

/** A figure, the numbers in it, and what it shows of what. */
export interface DrawnFigure {
  readonly svg: string;
  /** Of one table: they all have the same columns. */
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  /** Says data, model and seed. */
  readonly caption: string;
}

export interface Figure {
  /** What the command calls it, and its files. */
  readonly name: string;
  /**
   * Call it after `useBackend()`.
   *
   * @param progress takes what goes on, often
   * @throws MissingMaterialError before anything is computed
   */
  draw(materials: Materials, progress: (line: string) => void): Promise<DrawnFigure>;
}
