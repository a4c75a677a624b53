import { meanInterval } from '@heed/evaluation';
import type { TableCell } from './cells.js';

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function describe(values: readonly number[]): string {
  const { mean, low, high } = meanInterval(values);
  return low === undefined || high === undefined
    ? mean.toFixed(1)
    : `${mean.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
}

/** The cells as a table in Markdown, a row a variant, a column a test. Rows as they first come. */
export function formatTable(cells: readonly TableCell[]): string {
  const tests = cells[0]?.tests ?? [];
  const names = [...new Set(cells.map(({ variant }) => variant))];
  return [
    row(['', ...tests.map(({ data, split }) => `${data} ${split}`), 'seeds']),
    row(['---', ...tests.map(() => '---:'), '---:']),
    ...names.map((name) => {
      const own = cells.filter(({ variant }) => variant === name);
      const means = tests.map((_, i) => describe(own.map(({ accuracies }) => accuracies[i] as number)));
      return row([name, ...means, `${own.length}`]);
    }),
    '',
    'Accuracy in percent: mean over the seeds and its 95 % interval (Student’s t).',
  ].join('\n');
}
