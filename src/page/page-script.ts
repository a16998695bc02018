/**
 * The script of the page. A click or Enter on a cell enlarges it; a click on the enlarged cell, Escape or the button
 * goes back. The script only moves and resizes cells: without it the page is complete, but no cell can be enlarged.
 */
export const pageScript = `
const map = document.getElementById('map');
const back = document.getElementById('back');
const where = document.getElementById('where');
const cells = [...map.querySelectorAll('.cell')];
const boxOf = cell => ['x', 'y', 'w', 'h'].map(key => Number(cell.dataset[key]));
const steps = [];
function show() {
  const current = steps.at(-1);
  const [x, y, w, h] = current ? boxOf(current) : [0, 0, 1, 1];
  for (const cell of cells) {
    const [cx, cy, cw, ch] = boxOf(cell);
    const isOutside = cx + cw <= x || cx >= x + w || cy + ch <= y || cy >= y + h;
    cell.hidden = isOutside;
    cell.style.left = 100 * (cx - x) / w + '%';
    cell.style.top = 100 * (cy - y) / h + '%';
    cell.style.width = 100 * cw / w + '%';
    cell.style.height = 100 * ch / h + '%';
  }
  back.disabled = !current;
  where.textContent = current ? current.title : '';
}
function goBack() {
  const last = steps.pop();
  show();
  if (last) last.focus();
}
map.addEventListener('click', event => {
  const cell = event.target.closest('.cell');
  if (!cell) return;
  if (steps.at(-1) === cell) return goBack();
  steps.push(cell);
  show();
});
back.addEventListener('click', goBack);
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && steps.length > 0) goBack();
});
show();
`;
