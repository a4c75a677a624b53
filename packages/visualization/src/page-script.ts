/**
 * The body of a function of one `article` element. A word that is pointed at or focused shades its partners, or
 * lights up the part of the drawing that is its own; so does a cell or a part that is pointed at. Arrow keys walk
 * from word to word.
 */
export const ARTICLE_SCRIPT = `
  const weights = JSON.parse(article.dataset.weights ?? '[]');
  const inputs = [...article.querySelectorAll('.input button')];
  const outputs = [...article.querySelectorAll('.output button')];
  const rows = [...article.querySelectorAll('svg g.row')].map((row) => [...row.children]);
  const parts = [...article.querySelectorAll('.part')];
  const stage = article.querySelector('.stage .map');
  const shade = (word, weight) => {
    const percent = Math.round(weight * 100);
    word.className = percent > 0 ? 'w' + percent : '';
  };
  const mark = (marked) => {
    article.classList.add('pointing');
    for (const element of marked) element.classList.add('on');
  };
  const clear = () => {
    for (const word of [...inputs, ...outputs]) word.className = word.dataset.rest ?? '';
    article.classList.remove('pointing');
    stage?.removeAttribute('href');
    for (const element of article.querySelectorAll('.on')) element.classList.remove('on');
  };
  const light = (part, word) => {
    word.className = 'here';
    stage?.setAttribute('href', part.querySelector('.map').getAttribute('href'));
    mark([part]);
  };
  const show = (element) => {
    clear();
    const input = inputs.indexOf(element);
    const output = outputs.indexOf(element);
    const part = output < 0 ? parts.findIndex((part) => part.contains(element)) : output;
    if (part in parts) {
      light(parts[part], outputs[part]);
    } else if (input >= 0) {
      element.className = 'here';
      outputs.forEach((word, i) => shade(word, weights[i][input]));
      mark(rows.map((row) => row[input]));
    } else if (output >= 0) {
      element.className = 'here';
      inputs.forEach((word, i) => shade(word, weights[output][i]));
      mark(rows[output]);
    } else if (element.matches('.cell')) {
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
  const walk = (event) => {
    const words = [inputs, outputs].find((words) => words.includes(event.target)) ?? [];
    const forward = getComputedStyle(event.target).direction === 'rtl' ? -1 : 1;
    const step = { ArrowRight: forward, ArrowDown: 1, ArrowLeft: -forward, ArrowUp: -1 }[event.key] ?? 0;
    const next = words[words.indexOf(event.target) + step];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  article.addEventListener('pointerover', (event) => show(event.target));
  article.addEventListener('pointerout', rest);
  article.addEventListener('focusin', (event) => show(event.target));
  article.addEventListener('focusout', clear);
  article.addEventListener('keydown', walk);
`;

/** What the page runs. */
export const PAGE_SCRIPT = `
for (const article of document.querySelectorAll('article')) {
${ARTICLE_SCRIPT}
}
`;
