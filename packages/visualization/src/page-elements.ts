import { escapeMarkup } from './printable.js';

/** A table of texts for the page: a name and cells in each row, a name over each column of cells. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly { name: string; cells: readonly string[] }[],
): string {
  const head = columns.map((column) => `<th scope="col">${escapeMarkup(column)}</th>`).join('');
  const lines = rows.map(({ name, cells }) => {
    const texts = cells.map((cell) => `<td>${escapeMarkup(cell)}</td>`).join('');
    return `<tr><th scope="row">${escapeMarkup(name)}</th>${texts}</tr>`;
  });
  return `<table>
<caption>${escapeMarkup(caption)}</caption>
<thead><tr><td></td>${head}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
</table>`;
}

/** Words that can be pointed at and focused. */
export function wordButtons(tokens: readonly string[]): string {
  return tokens.map((token) => `<button type="button">${escapeMarkup(token)}</button>`).join(' ');
}
