import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);

// src/lib/printable.ts
var controls = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
function printable(text) {
  return escapeControls(text.replaceAll(/\r\n?/g, "\n")).replaceAll("##[", "#\u200B#[").replaceAll(/(?<![^\n])((?:(?!\n)[\p{Z}\p{C}])*):(?=:)/gu, "$1:\u200B");
}
function escapeControls(text) {
  return text.replaceAll(controls, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
function oneLine(text, limit = 400) {
  return text.slice(0, limit * 2).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, " ").trim().slice(0, limit);
}

// src/lib/format-size.ts
function formatSize(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let power = 0;
  for (; value >= 999.5 && power < units.length - 1; power++) value /= 1e3;
  return `${power === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

export {
  printable,
  escapeControls,
  oneLine,
  formatSize
};
