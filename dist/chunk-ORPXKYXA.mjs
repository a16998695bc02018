const { randomUUID } = globalThis.process.getBuiltinModule("node:crypto");
const { rename, rm, writeFile } = globalThis.process.getBuiltinModule("node:fs/promises");
const { createHash } = globalThis.process.getBuiltinModule("node:crypto");
import "./chunk-QG475AWI.mjs";
import {
  Failure,
  escapeControls,
  formatSize,
  messageOf
} from "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/page/write-page.ts

// src/page/render-page.ts

// src/page/page-script.ts
var pageScript = `
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

// src/page/page-style.ts
var pageStyle = `
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e6e8eb); --paper: light-dark(#fff, #14171a);
  --line: light-dark(#d4d8dd, #3a4047); --faint: light-dark(#5b6570, #a0a8b1); --focus: light-dark(#0550ae, #79b8ff); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 1rem; font: 1rem/1.45 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
p { margin: .25rem 0; color: var(--faint); }
nav { display: flex; gap: .75rem; align-items: center; margin: 1rem 0 .5rem; min-height: 2.2rem; }
nav button { font: inherit; padding: .25rem .75rem; border: 1px solid var(--line); border-radius: .4rem;
  background: transparent; color: inherit; cursor: pointer; }
nav button[disabled] { opacity: .45; cursor: default; }
#map { position: relative; width: 100%; height: min(45rem, 70vh); overflow: hidden; border: 1px solid var(--line); }
.cell { position: absolute; overflow: hidden; padding: .1rem .3rem; border: 1px solid var(--paper); font: .8rem/1.3 system-ui, sans-serif;
  text-align: left; color: var(--ink); cursor: pointer; white-space: nowrap; text-overflow: ellipsis; }
.cell { display: grid; align-content: start; container-type: size; } .cell[hidden] { display: none; }
.cell span { display: block; overflow: hidden; text-overflow: ellipsis; pointer-events: none; }
.cell .size { color: inherit; opacity: .75; }
.group { display: flex; align-items: flex-start; gap: .5rem; font-weight: 600; background: light-dark(#eceff2, #22272c); }
.group .size { font-weight: 400; flex: none; }
@container (max-width: 4rem) or (max-height: 2.2rem) { .cell .size { display: none; } }
@container (max-width: 10rem) { .group .size { display: none; } }
@container (max-width: 2rem) or (max-height: 1rem) { .cell span { visibility: hidden; } }
.hue0 { background: light-dark(#cfe3f7, #1d3f5e); } .hue1 { background: light-dark(#d5ecd4, #234a2a); }
.hue2 { background: light-dark(#f8e3c2, #57401a); } .hue3 { background: light-dark(#ecd9f2, #47305a); }
.hue4 { background: light-dark(#f8d7d7, #5a2b2f); } .hue5 { background: light-dark(#d2eeee, #1c4a4c); }
.cell:hover { filter: brightness(.94); } :focus-visible { outline: 3px solid var(--focus); outline-offset: -3px; z-index: 2; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: .85rem/1.5 ui-monospace, monospace; border: 1px solid var(--line); padding: .75rem; }
`;

// node_modules/d3-hierarchy/dist/d3-hierarchy.mjs
function count(node) {
  var sum = 0, children = node.children, i = children && children.length;
  if (!i) sum = 1;
  else while (--i >= 0) sum += children[i].value;
  node.value = sum;
}
function node_count() {
  return this.eachAfter(count);
}
function node_each(callback, that) {
  let index2 = -1;
  for (const node of this) {
    callback.call(that, node, ++index2, this);
  }
  return this;
}
function node_eachBefore(callback, that) {
  var node = this, nodes = [node], children, i, index2 = -1;
  while (node = nodes.pop()) {
    callback.call(that, node, ++index2, this);
    if (children = node.children) {
      for (i = children.length - 1; i >= 0; --i) {
        nodes.push(children[i]);
      }
    }
  }
  return this;
}
function node_eachAfter(callback, that) {
  var node = this, nodes = [node], next = [], children, i, n, index2 = -1;
  while (node = nodes.pop()) {
    next.push(node);
    if (children = node.children) {
      for (i = 0, n = children.length; i < n; ++i) {
        nodes.push(children[i]);
      }
    }
  }
  while (node = next.pop()) {
    callback.call(that, node, ++index2, this);
  }
  return this;
}
function node_find(callback, that) {
  let index2 = -1;
  for (const node of this) {
    if (callback.call(that, node, ++index2, this)) {
      return node;
    }
  }
}
function node_sum(value) {
  return this.eachAfter(function(node) {
    var sum = +value(node.data) || 0, children = node.children, i = children && children.length;
    while (--i >= 0) sum += children[i].value;
    node.value = sum;
  });
}
function node_sort(compare) {
  return this.eachBefore(function(node) {
    if (node.children) {
      node.children.sort(compare);
    }
  });
}
function node_path(end) {
  var start = this, ancestor = leastCommonAncestor(start, end), nodes = [start];
  while (start !== ancestor) {
    start = start.parent;
    nodes.push(start);
  }
  var k = nodes.length;
  while (end !== ancestor) {
    nodes.splice(k, 0, end);
    end = end.parent;
  }
  return nodes;
}
function leastCommonAncestor(a, b) {
  if (a === b) return a;
  var aNodes = a.ancestors(), bNodes = b.ancestors(), c = null;
  a = aNodes.pop();
  b = bNodes.pop();
  while (a === b) {
    c = a;
    a = aNodes.pop();
    b = bNodes.pop();
  }
  return c;
}
function node_ancestors() {
  var node = this, nodes = [node];
  while (node = node.parent) {
    nodes.push(node);
  }
  return nodes;
}
function node_descendants() {
  return Array.from(this);
}
function node_leaves() {
  var leaves = [];
  this.eachBefore(function(node) {
    if (!node.children) {
      leaves.push(node);
    }
  });
  return leaves;
}
function node_links() {
  var root = this, links = [];
  root.each(function(node) {
    if (node !== root) {
      links.push({ source: node.parent, target: node });
    }
  });
  return links;
}
function* node_iterator() {
  var node = this, current, next = [node], children, i, n;
  do {
    current = next.reverse(), next = [];
    while (node = current.pop()) {
      yield node;
      if (children = node.children) {
        for (i = 0, n = children.length; i < n; ++i) {
          next.push(children[i]);
        }
      }
    }
  } while (next.length);
}
function hierarchy(data, children) {
  if (data instanceof Map) {
    data = [void 0, data];
    if (children === void 0) children = mapChildren;
  } else if (children === void 0) {
    children = objectChildren;
  }
  var root = new Node$1(data), node, nodes = [root], child, childs, i, n;
  while (node = nodes.pop()) {
    if ((childs = children(node.data)) && (n = (childs = Array.from(childs)).length)) {
      node.children = childs;
      for (i = n - 1; i >= 0; --i) {
        nodes.push(child = childs[i] = new Node$1(childs[i]));
        child.parent = node;
        child.depth = node.depth + 1;
      }
    }
  }
  return root.eachBefore(computeHeight);
}
function node_copy() {
  return hierarchy(this).eachBefore(copyData);
}
function objectChildren(d) {
  return d.children;
}
function mapChildren(d) {
  return Array.isArray(d) ? d[1] : null;
}
function copyData(node) {
  if (node.data.value !== void 0) node.value = node.data.value;
  node.data = node.data.data;
}
function computeHeight(node) {
  var height = 0;
  do
    node.height = height;
  while ((node = node.parent) && node.height < ++height);
}
function Node$1(data) {
  this.data = data;
  this.depth = this.height = 0;
  this.parent = null;
}
Node$1.prototype = hierarchy.prototype = {
  constructor: Node$1,
  count: node_count,
  each: node_each,
  eachAfter: node_eachAfter,
  eachBefore: node_eachBefore,
  find: node_find,
  sum: node_sum,
  sort: node_sort,
  path: node_path,
  ancestors: node_ancestors,
  descendants: node_descendants,
  leaves: node_leaves,
  links: node_links,
  copy: node_copy,
  [Symbol.iterator]: node_iterator
};
function required(f) {
  if (typeof f !== "function") throw new Error();
  return f;
}
function constantZero() {
  return 0;
}
function constant(x) {
  return function() {
    return x;
  };
}
function roundNode(node) {
  node.x0 = Math.round(node.x0);
  node.y0 = Math.round(node.y0);
  node.x1 = Math.round(node.x1);
  node.y1 = Math.round(node.y1);
}
function treemapDice(parent, x0, y0, x1, y1) {
  var nodes = parent.children, node, i = -1, n = nodes.length, k = parent.value && (x1 - x0) / parent.value;
  while (++i < n) {
    node = nodes[i], node.y0 = y0, node.y1 = y1;
    node.x0 = x0, node.x1 = x0 += node.value * k;
  }
}
function TreeNode(node, i) {
  this._ = node;
  this.parent = null;
  this.children = null;
  this.A = null;
  this.a = this;
  this.z = 0;
  this.m = 0;
  this.c = 0;
  this.s = 0;
  this.t = null;
  this.i = i;
}
TreeNode.prototype = Object.create(Node$1.prototype);
function treemapSlice(parent, x0, y0, x1, y1) {
  var nodes = parent.children, node, i = -1, n = nodes.length, k = parent.value && (y1 - y0) / parent.value;
  while (++i < n) {
    node = nodes[i], node.x0 = x0, node.x1 = x1;
    node.y0 = y0, node.y1 = y0 += node.value * k;
  }
}
var phi = (1 + Math.sqrt(5)) / 2;
function squarifyRatio(ratio, parent, x0, y0, x1, y1) {
  var rows = [], nodes = parent.children, row, nodeValue, i0 = 0, i1 = 0, n = nodes.length, dx, dy, value = parent.value, sumValue, minValue, maxValue, newRatio, minRatio, alpha, beta;
  while (i0 < n) {
    dx = x1 - x0, dy = y1 - y0;
    do
      sumValue = nodes[i1++].value;
    while (!sumValue && i1 < n);
    minValue = maxValue = sumValue;
    alpha = Math.max(dy / dx, dx / dy) / (value * ratio);
    beta = sumValue * sumValue * alpha;
    minRatio = Math.max(maxValue / beta, beta / minValue);
    for (; i1 < n; ++i1) {
      sumValue += nodeValue = nodes[i1].value;
      if (nodeValue < minValue) minValue = nodeValue;
      if (nodeValue > maxValue) maxValue = nodeValue;
      beta = sumValue * sumValue * alpha;
      newRatio = Math.max(maxValue / beta, beta / minValue);
      if (newRatio > minRatio) {
        sumValue -= nodeValue;
        break;
      }
      minRatio = newRatio;
    }
    rows.push(row = { value: sumValue, dice: dx < dy, children: nodes.slice(i0, i1) });
    if (row.dice) treemapDice(row, x0, y0, x1, value ? y0 += dy * sumValue / value : y1);
    else treemapSlice(row, x0, y0, value ? x0 += dx * sumValue / value : x1, y1);
    value -= sumValue, i0 = i1;
  }
  return rows;
}
var squarify = (function custom(ratio) {
  function squarify2(parent, x0, y0, x1, y1) {
    squarifyRatio(ratio, parent, x0, y0, x1, y1);
  }
  squarify2.ratio = function(x) {
    return custom((x = +x) > 1 ? x : 1);
  };
  return squarify2;
})(phi);
function index() {
  var tile = squarify, round = false, dx = 1, dy = 1, paddingStack = [0], paddingInner = constantZero, paddingTop = constantZero, paddingRight = constantZero, paddingBottom = constantZero, paddingLeft = constantZero;
  function treemap(root) {
    root.x0 = root.y0 = 0;
    root.x1 = dx;
    root.y1 = dy;
    root.eachBefore(positionNode);
    paddingStack = [0];
    if (round) root.eachBefore(roundNode);
    return root;
  }
  function positionNode(node) {
    var p = paddingStack[node.depth], x0 = node.x0 + p, y0 = node.y0 + p, x1 = node.x1 - p, y1 = node.y1 - p;
    if (x1 < x0) x0 = x1 = (x0 + x1) / 2;
    if (y1 < y0) y0 = y1 = (y0 + y1) / 2;
    node.x0 = x0;
    node.y0 = y0;
    node.x1 = x1;
    node.y1 = y1;
    if (node.children) {
      p = paddingStack[node.depth + 1] = paddingInner(node) / 2;
      x0 += paddingLeft(node) - p;
      y0 += paddingTop(node) - p;
      x1 -= paddingRight(node) - p;
      y1 -= paddingBottom(node) - p;
      if (x1 < x0) x0 = x1 = (x0 + x1) / 2;
      if (y1 < y0) y0 = y1 = (y0 + y1) / 2;
      tile(node, x0, y0, x1, y1);
    }
  }
  treemap.round = function(x) {
    return arguments.length ? (round = !!x, treemap) : round;
  };
  treemap.size = function(x) {
    return arguments.length ? (dx = +x[0], dy = +x[1], treemap) : [dx, dy];
  };
  treemap.tile = function(x) {
    return arguments.length ? (tile = required(x), treemap) : tile;
  };
  treemap.padding = function(x) {
    return arguments.length ? treemap.paddingInner(x).paddingOuter(x) : treemap.paddingInner();
  };
  treemap.paddingInner = function(x) {
    return arguments.length ? (paddingInner = typeof x === "function" ? x : constant(+x), treemap) : paddingInner;
  };
  treemap.paddingOuter = function(x) {
    return arguments.length ? treemap.paddingTop(x).paddingRight(x).paddingBottom(x).paddingLeft(x) : treemap.paddingTop();
  };
  treemap.paddingTop = function(x) {
    return arguments.length ? (paddingTop = typeof x === "function" ? x : constant(+x), treemap) : paddingTop;
  };
  treemap.paddingRight = function(x) {
    return arguments.length ? (paddingRight = typeof x === "function" ? x : constant(+x), treemap) : paddingRight;
  };
  treemap.paddingBottom = function(x) {
    return arguments.length ? (paddingBottom = typeof x === "function" ? x : constant(+x), treemap) : paddingBottom;
  };
  treemap.paddingLeft = function(x) {
    return arguments.length ? (paddingLeft = typeof x === "function" ? x : constant(+x), treemap) : paddingLeft;
  };
  return treemap;
}
var resquarify = (function custom2(ratio) {
  function resquarify2(parent, x0, y0, x1, y1) {
    if ((rows = parent._squarify) && rows.ratio === ratio) {
      var rows, row, nodes, i, j = -1, n, m = rows.length, value = parent.value;
      while (++j < m) {
        row = rows[j], nodes = row.children;
        for (i = row.value = 0, n = nodes.length; i < n; ++i) row.value += nodes[i].value;
        if (row.dice) treemapDice(row, x0, y0, x1, value ? y0 += (y1 - y0) * row.value / value : y1);
        else treemapSlice(row, x0, y0, value ? x0 += (x1 - x0) * row.value / value : x1, y1);
        value -= row.value;
      }
    } else {
      parent._squarify = rows = squarifyRatio(ratio, parent, x0, y0, x1, y1);
      rows.ratio = ratio;
    }
  }
  resquarify2.ratio = function(x) {
    return custom2((x = +x) > 1 ? x : 1);
  };
  return resquarify2;
})(phi);

// src/page/treemap.ts
var smallest = 5e-5;
var heading = 0.028;
function layOut(root) {
  const tree = hierarchy(root, ({ parts }) => parts).sum(({ size }) => size).sort((a, b) => (b.value ?? 0) - (a.value ?? 0) || (a.data.name < b.data.name ? -1 : 1));
  const placed = index().tile(squarify).size([2, 1]).paddingInner(2e-3).paddingOuter(2e-3).paddingTop(({ children, depth }) => children === void 0 ? 0 : depth === 0 ? 0 : heading)(tree);
  const whole = placed.value ?? 0;
  return placed.descendants().filter(({ value = 0, depth }) => depth > 0 && value > whole * smallest).map(cellOf);
}
function cellOf({ data, value = 0, x0, x1, y0, y1, depth }) {
  return { node: data, bytes: value, x: x0 / 2, y: y0, width: (x1 - x0) / 2, height: y1 - y0, depth };
}

// src/page/render-page.ts
function renderPage({ title, caption, map, text }) {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src '${sourceHash(pageScript)}'`;
  const cells = layOut(map);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(caption)} Click or press Enter to enlarge, Escape to go back.</p>
<nav><button id="back" disabled>Back</button><span id="where" aria-live="polite"></span></nav>
<div id="map" role="group" aria-label="Treemap">
${cells.map(cellHtml).join("\n")}
</div>
<h2>Report</h2>
<pre>${escapeHtml(text)}</pre>
<script>${pageScript}</script>
</html>
`;
}
var hues = 6;
function cellHtml({ node, bytes, x, y, width, height }) {
  const isGroup = node.parts.length > 0;
  const kind = isGroup ? "group" : `hue${hueOf(node.name)}`;
  const title = [node.name, formatSize(bytes), node.details].filter((part) => part !== "").join(", ");
  const place = [x, y, width, height].map((value) => value.toFixed(6));
  const data = ["x", "y", "w", "h"].map((key, i) => `data-${key}="${place[i]}"`).join(" ");
  const style = ["left", "top", "width", "height"].map((key, i) => `${key}:${(100 * Number(place[i])).toFixed(3)}%`);
  return `<button class="cell ${kind}" title="${escapeHtml(title)}" ${data} style="${style.join(";")}"><span>${escapeHtml(node.name)}</span><span class="size">${formatSize(bytes)}</span></button>`;
}
function hueOf(name) {
  return (createHash("sha256").update(name).digest()[0] ?? 0) % hues;
}
function sourceHash(script) {
  return `sha256-${createHash("sha256").update(script).digest("base64")}`;
}
function escapeHtml(text) {
  return escapeControls(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

// src/page/write-page.ts
async function writePage(page, path) {
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    await writeFile(draft, renderPage(page));
    await rename(draft, path);
  } catch (cause) {
    throw new Failure(`Cannot write the page ${path}: ${messageOf(cause)}.`, { cause });
  } finally {
    await rm(draft, { force: true });
  }
}
export {
  writePage
};
