import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);

// src/lib/format-size.ts
function formatSize(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let power = 0;
  for (; value >= 999.5 && power < units.length - 1; power++) value /= 1e3;
  return `${power === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

export {
  formatSize
};
