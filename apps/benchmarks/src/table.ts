import { type Comparison, type FigureName, figureNames, type Growth, LONG_MEMORY } from './figures.js';
import type { Machine } from './machine.js';
import type { BenchmarkReport } from './run-benchmarks.js';

const labels: Record<FigureName, string> = {
  median: 'median',
  tenthPercentile: '10th percentile',
  first: 'first run',
  unseen: 'first run, other length',
  peakMemory: 'peak memory',
};

/** Three digits, in the unit that suits them. */
function formatFigure(name: FigureName, value: number | undefined): string {
  if (value === undefined) return '';
  if (name === 'peakMemory') return `${(value / 2 ** 30).toFixed(2)} GiB`;
  return value < 0.9995 ? `${(value * 1000).toPrecision(3)} ms` : `${value.toPrecision(3)} s`;
}

function rowsOf(name: string, { heed, PyTorch, ratios }: Comparison): string[][] {
  return figureNames
    .filter((figure) => heed[figure] !== undefined)
    .map((figure, i) => [
      i === 0 ? name : '',
      labels[figure],
      formatFigure(figure, heed[figure]),
      formatFigure(figure, PyTorch?.[figure]),
      ratios?.[figure]?.toFixed(2) ?? '',
    ]);
}

/** A row for each mechanism, two columns for each length of its memory. */
function growthRows(name: string, { memories, exponent }: Growth): string[] {
  const cells = memories.flatMap(({ heed, ratios }) => [
    formatFigure('median', heed.median),
    ratios?.median?.toFixed(2) ?? '',
  ]);
  return [name, ...cells, exponent?.heed.toFixed(2) ?? '', exponent?.PyTorch?.toFixed(2) ?? ''];
}

function growthTable(
  growths: readonly (Growth & { readonly name: string; readonly work: string })[],
): string[] {
  const first = growths[0];
  if (!first) return [];
  const header = first.memories.flatMap(({ places }) => [`${places} places`, '']);
  const rows = growths.map(({ name, ...growth }) => growthRows(name, growth));
  return [
    align([['', ...header, 'heed’s exponent', 'PyTorch’s'], ...rows], 1),
    `${first.work}: heed’s median, and PyTorch’s divided by it. Exponent: the power of the places by which time grows from ${LONG_MEMORY} places on; 1 is linear.`,
    '',
  ];
}

/** @param left how many columns begin at their left; the others end at their right */
function align(rows: readonly string[][], left = 2): string {
  const widths = (rows[0] as string[]).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] as string).length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] as number;
          return column < left ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function describe({
  cpu,
  threads,
  platform,
  node,
  tfjsNode,
  tensorflow,
  python,
  torch,
  date,
}: Machine): string {
  const ours = `Node ${node.replace(/^v/, '')}, tfjs-node ${tfjsNode}, libtensorflow ${tensorflow}`;
  const theirs = torch ? `; Python ${python}, PyTorch ${torch}` : '';
  return `${cpu}, ${threads} threads, ${platform}; ${ours}${theirs}; ${date.slice(0, 10)}`;
}

/** The report for people: a table, what was left out and why, and the machine. */
export function formatTable({ results, machine, noTorch }: BenchmarkReport): string {
  const header = ['', '', 'heed', 'PyTorch', 'PyTorch / heed'];
  const rows = results.flatMap((result) => ('heed' in result ? rowsOf(result.name, result) : []));
  const growths = results.filter((result) => 'memories' in result);
  const skipped = results.flatMap((result) =>
    'skipped' in result ? [`${result.name} was left out: ${result.skipped}.`] : [],
  );
  return [
    ...(rows.length > 0 ? [align([header, ...rows]), ''] : []),
    ...growthTable(growths),
    ...skipped,
    ...(noTorch ? [`PyTorch was not measured: ${noTorch}`] : []),
    describe(machine),
  ].join('\n');
}
