/** What the page runs: shades the partners of the word, or the words of the cell, that is pointed at or focused. */
export const PAGE_SCRIPT = `
for (const article of document.querySelectorAll('article')) {
  const weights = JSON.parse(article.dataset.weights);
  const inputs = [...article.querySelectorAll('.input button')];
  const outputs = [...article.querySelectorAll('.output button')];
  const rows = [...article.querySelectorAll('svg g.row')].map((row) => [...row.children]);
  const shade = (word, weight) => {
    const percent = Math.round(weight * 100);
    word.className = percent > 0 ? 'w' + percent : '';
  };
  const mark = (cells) => {
    article.classList.add('pointing');
    for (const cell of cells) cell.classList.add('on');
  };
  const clear = () => {
    for (const word of [...inputs, ...outputs]) word.className = '';
    article.classList.remove('pointing');
    for (const cell of article.querySelectorAll('.on')) cell.classList.remove('on');
  };
  const show = (element) => {
    clear();
    const input = inputs.indexOf(element);
    const output = outputs.indexOf(element);
    if (input >= 0) {
      element.className = 'here';
      outputs.forEach((word, i) => shade(word, weights[i][input]));
      mark(rows.map((row) => row[input]));
    } else if (output >= 0) {
      element.className = 'here';
      inputs.forEach((word, i) => shade(word, weights[output][i]));
      mark(rows[output]);
    } else if (element.matches('rect.cell')) {
      const row = rows.findIndex((cells) => cells.includes(element));
      const column = rows[row].indexOf(element);
      shade(inputs[column], weights[row][column]);
      outputs[row].className = 'here';
    }
  };
  const rest = () => {
    if (article.contains(document.activeElement)) show(document.activeElement);
    else clear();
  };
  article.addEventListener('pointerover', (event) => show(event.target));
  article.addEventListener('pointerout', rest);
  article.addEventListener('focusin', (event) => show(event.target));
  article.addEventListener('focusout', clear);
}
`;
