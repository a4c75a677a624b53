/**
 * Values at other places of the same line: each new value is a mean of the old ones around its place under a
 * Gaussian of standard deviation `spread`, counted in old values where the line grows longer, in new ones where
 * it grows shorter.
 *
 * @param values at least one
 */
export function resample(values: readonly number[], length: number, spread: number): number[] {
  const step = values.length / length;
  const deviation = spread * Math.max(1, step);
  return Array.from({ length }, (_, i) => {
    const center = (i + 0.5) * step - 0.5;
    const first = Math.max(0, Math.ceil(center - 3 * deviation));
    const last = Math.min(values.length - 1, Math.floor(center + 3 * deviation));
    let total = 0;
    let mass = 0;
    for (let j = first; j <= last; j++) {
      const near = Math.exp(-0.5 * ((j - center) / deviation) ** 2);
      total += near * values[j]!;
      mass += near;
    }
    return total / mass;
  });
}

/** The same in two directions: [rows][columns] at another size. */
export function resampleGrid(
  values: readonly (readonly number[])[],
  rows: number,
  columns: number,
  spread: number,
): number[][] {
  const wide = values.map((row) => resample(row, columns, spread));
  return transpose(transpose(wide).map((column) => resample(column, rows, spread)));
}

export function transpose(values: readonly (readonly number[])[]): number[][] {
  return (values[0] ?? []).map((_, column) => values.map((row) => row[column]!));
}
