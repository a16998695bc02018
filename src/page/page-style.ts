/** The style of the page, light or dark like the reader's system. */
export const pageStyle = `
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
