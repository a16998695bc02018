import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  Failure
} from "./chunk-IQWQOVRW.mjs";
import {
  __require
} from "./chunk-MPN7ELPR.mjs";

// required:node:util
var { parseArgs, promisify, stripVTControlCharacters } = __require("node:util");

// src/metadata/created.ts
var lastSecond = 253402300799;
function parseCreated(text) {
  if (text === "commit" || text === "now" || text === "keep") return text;
  const seconds = /^\d+$/.test(text) ? Number(text) : parseRfc3339(text);
  if (seconds !== void 0 && seconds <= lastSecond) return seconds;
  throw new Failure(
    `Cannot use created: "${text}". Give commit, now, keep, an RFC 3339 time (2026-01-31T12:00:00Z) or Unix seconds.`
  );
}
function resolveCreated(created, clocks) {
  if (created === "keep") return void 0;
  if (created === "now") return formatSeconds(Math.floor(clocks.now() / 1e3));
  if (created !== "commit") return formatSeconds(created);
  const { sourceDateEpoch, commitTime } = clocks;
  if (sourceDateEpoch === void 0 || sourceDateEpoch === "") {
    return commitTime === void 0 ? void 0 : formatSeconds(commitTime);
  }
  if (!/^\d+$/.test(sourceDateEpoch) || Number(sourceDateEpoch) > lastSecond) {
    throw new Failure(`Cannot use SOURCE_DATE_EPOCH="${sourceDateEpoch}": it must be Unix seconds.`);
  }
  return formatSeconds(Number(sourceDateEpoch));
}
function parseRfc3339(text) {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/i.exec(text);
  if (parts === null) return void 0;
  const [, date, time, zone] = parts;
  const local = Date.parse(`${date}T${time}Z`);
  const instant = Date.parse(`${date}T${time}${zone?.toUpperCase()}`);
  const exists = !Number.isNaN(local) && new Date(local).toISOString().startsWith(`${date}T${time}`);
  return exists && !Number.isNaN(instant) && instant >= 0 ? Math.floor(instant / 1e3) : void 0;
}
function formatSeconds(seconds) {
  return new Date(seconds * 1e3).toISOString().replace(".000Z", "Z");
}

// src/report/format-size.ts
function formatSize(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let power = 0;
  for (; value >= 999.5 && power < units.length - 1; power++) value /= 1e3;
  return `${power === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

export {
  parseCreated,
  resolveCreated,
  parseRfc3339,
  formatSize,
  parseArgs,
  stripVTControlCharacters
};
