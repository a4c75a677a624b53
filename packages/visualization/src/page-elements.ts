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

/** Words that can be pointed at and focused. @param weights with which each is shaded while none is pointed at */
export function wordButtons(tokens: readonly string[], weights?: readonly number[]): string {
  return tokens
    .map((token, i) => {
      const shade = `w${Math.round(100 * (weights?.[i] ?? 0))}`;
      const rest = shade === 'w0' ? '' : ` class="${shade}" data-rest="${shade}"`;
      return `<button type="button"${rest}>${escapeMarkup(token)}</button>`;
    })
    .join(' ');
}
