import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);

// src/lib/failure.ts
var Failure = class extends Error {
  name = "Failure";
  /** Where in the checkout the cause is. */
  place;
  log;
  constructor(message, { place, log, ...options } = {}) {
    super(message, options);
    this.place = place;
    this.log = log;
  }
};
function messageOf(error) {
  if (isTooDeep(error)) return "Cannot read a document that is nested thousands of levels deep.";
  if (!(error instanceof Error)) return String(error);
  const [, why] = diskFaults.find(([codes]) => codes.includes(codeOf(error))) ?? [];
  return why === void 0 || error instanceof Failure ? error.message : `${why} (${error.message})`;
}
var diskFaults = [
  [["ENOSPC", "EDQUOT"], "the disk or the quota of this user is full"],
  [["EROFS"], "the file system is mounted read-only"]
];
function codeOf(error) {
  const { code } = error instanceof Error ? error : {};
  return typeof code === "string" ? code : "";
}
function stackOf(error) {
  return error instanceof Failure || isTooDeep(error) || !(error instanceof Error) ? void 0 : error.stack;
}
function isTooDeep(error) {
  return error instanceof RangeError && error.message === "Maximum call stack size exceeded";
}
function sentence(text) {
  const trimmed = text.trimEnd();
  return /[.!?]$/.test(trimmed) ? trimmed.replace(/\.+$/, ".") : `${trimmed}.`;
}
function hasCode(error, ...codes) {
  if (!(error instanceof Error)) return false;
  const { code } = error;
  return code !== void 0 && codes.includes(code) || hasCode(error.cause, ...codes);
}

export {
  Failure,
  messageOf,
  codeOf,
  stackOf,
  sentence,
  hasCode
};
