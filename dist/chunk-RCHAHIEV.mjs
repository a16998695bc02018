import {
  DamagedEntry,
  parseResult,
  withDamageReported
} from "./chunk-JYQXIE4E.mjs";

// src/results/results-backend.ts
var mostEntries = 3;
function numberedKeys(key) {
  return Array.from({ length: mostEntries }, (_, i) => i === 0 ? key : `${key}-${i + 1}`);
}
async function fetchResult(key, backend, onDamage) {
  for (const entry of numberedKeys(key)) {
    const found = await readResult(entry, key, backend);
    if (!(found instanceof DamagedEntry)) return found;
    onDamage(found, entry);
  }
  return void 0;
}
async function saveResult(key, text, backend) {
  for (const entry of numberedKeys(key)) {
    const found = await readResult(entry, key, backend);
    if (found instanceof DamagedEntry) continue;
    return found === void 0 && await backend.save(entry, text) ? entry : void 0;
  }
  return void 0;
}
async function readResult(entry, key, backend) {
  try {
    const text = await backend.read(entry);
    return text && withDamageReported(() => parseResult(text, key));
  } catch (error) {
    if (error instanceof DamagedEntry) return error;
    throw error;
  }
}

export {
  fetchResult,
  saveResult
};
