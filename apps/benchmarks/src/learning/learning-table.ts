import type { LearningCell } from './learning-cells.js';

const percent = (share: number | undefined) => (share === undefined ? '' : (100 * share).toFixed(1));

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

const unique = (names: readonly string[]) => [...new Set(names)];

/** The cells as a table in Markdown, a row a mechanism, and what its columns are. Rows and columns as they first come. */
export function formatLearningTable(cells: readonly LearningCell[]): string {
  const tasks = unique(cells.map(({ task }) => task));
  const columns = tasks.flatMap((task) => {
    const those = cells.filter((cell) => cell.task === task);
    const learnt = (mechanism: string) => those.find((cell) => cell.mechanism === mechanism)?.learnt;
    const alike = { header: task, of: (mechanism: string) => percent(learnt(mechanism)?.heldOut) };
    const longer = { header: `${task} ×2`, of: (mechanism: string) => percent(learnt(mechanism)?.longer) };
    return those.some((cell) => cell.learnt.longer !== undefined) ? [alike, longer] : [alike];
  });
  const mechanisms = unique(cells.map(({ mechanism }) => mechanism));
  const notes = tasks.map((task) => {
    const { work, budget } = cells.find((cell) => cell.task === task) as LearningCell;
    return `- ${task}: ${work}; ${budget.steps} steps of ${budget.batch}, width ${budget.width}`;
  });
  return [
    row(['', ...columns.map(({ header }) => header)]),
    row(['---', ...columns.map(() => '---:')]),
    ...mechanisms.map((mechanism) => row([mechanism, ...columns.map(({ of }) => of(mechanism))])),
    '',
    'Percent of held-out sequences that greedy search gives back without any fault; ×2: of twice the greatest length in training.',
    '',
    ...notes,
  ].join('\n');
}
