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
 * A table whose first line that is not blank names its columns, with tabs, commas, semicolons or bars between cells,
 * whichever the header has, in this order; of a file called .csv, tabs last. Cells may stand in quotes; between tabs and
 * bars a quotation mark that does not enclose a whole cell is a character. Rows without anything in them are passed over.
 *
 * @param file its name, for messages
 * @param what it is a table of, for messages
 * @throws if two columns have one name, a row has more or fewer cells than the header, or the quotes do not match (the file
 *   is named, and the line of a row)
 */
export function parseTable(file: string, text: string, what: string): TableRow[] {
  const header = /\S.*/.exec(text)?.[0] ?? '';
  const linesBefore = text.slice(0, text.search(/\S|$/)).split('\n').length - 1;
  const order = /\.csv(?:\.gz)?$/i.test(file) ? [...SEPARATORS.slice(1), '\t'] : SEPARATORS;
  const separator = order.find((candidate) => header.includes(candidate)) ?? ',';
  const quoted = separator === ',' || separator === ';';
  const unquote = (cell: string) =>
    !quoted && /^"(?:[^"]|"")*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"').trim() : cell;
  try {
    const rows = parse(text, {
      bom: true,
      from_line: linesBefore + 1,
      columns: (cells: string[]) =>
        distinctNames(
          cells.map((cell) => unquote(cell).trim().toLowerCase()),
          file,
        ),
      delimiter: separator,
      trim: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
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

/** The names of columns. @throws if two are the same */
export function distinctNames(names: readonly string[], file: string): string[] {
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) < i);
  if (twice !== undefined) throw new Error(`${file}: two columns are called "${twice}". Rename one of them.`);
  return [...names];
}

/** The first of these columns that a table has. */
export const findColumn = (rows: readonly TableRow[], names: readonly string[]): string | undefined =>
  names.find((name) => Object.hasOwn(rows[0]?.cells ?? {}, name));
