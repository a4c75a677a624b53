// The build for browsers: the other one reads Node's globals as it loads.
import { CsvError, parse } from 'csv-parse/browser/esm/sync';

/** A row below the header: its cells by the names of their columns, in lower case, and where it ends. */
export interface TableRow {
  readonly cells: Readonly<Record<string, string>>;
  /** Counted from 1, the header's among them. */
  readonly line: number;
}

const SEPARATORS = ['\t', ',', ';', '|'];

/**
 * A table whose first line names its columns, with tabs, commas, semicolons or bars between cells, whichever the
 * header has, in this order; of a file called .csv, tabs last. Cells may stand in quotes; between tabs and bars a
 * quotation mark that does not enclose a whole cell is a character.
 *
 * @param file its name, for messages
 * @param what it is a table of, for messages
 * @throws if a row has more or fewer cells than the header, or the quotes do not match (file and line are named)
 */
export function parseTable(file: string, text: string, what: string): TableRow[] {
  const header = text.split(/\r?\n/, 1)[0] as string;
  const order = /\.csv(?:\.gz)?$/i.test(file) ? [...SEPARATORS.slice(1), '\t'] : SEPARATORS;
  const separator = order.find((candidate) => header.includes(candidate)) ?? ',';
  const quoted = separator === ',' || separator === ';';
  const unquote = (cell: string) =>
    !quoted && /^"(?:[^"]|"")*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"').trim() : cell;
  try {
    const rows = parse(text, {
      bom: true,
      columns: (names: string[]) => names.map((name) => unquote(name).trim().toLowerCase()),
      delimiter: separator,
      trim: true,
      skip_empty_lines: true,
      quote: quoted ? '"' : null,
      cast: (cell) => unquote(cell),
      info: true,
    }) as unknown as { record: Record<string, string>; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Error(`${file}: not a table of ${what}: ${error.message}.`);
  }
}

/** The first of these columns that a table has. */
export const findColumn = (rows: readonly TableRow[], names: readonly string[]): string | undefined =>
  names.find((name) => Object.hasOwn(rows[0]?.cells ?? {}, name));
