import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import {
  Failure,
  messageOf
} from "./chunk-WFDJKZW3.mjs";

// src/lib/parse-json.ts
var largestJson = 4 << 20;
var deepestJson = 200;
function parseJson(source, description, options = {}) {
  const { largest = largestJson, parse = JSON.parse } = options;
  if (source.length > largest) {
    throw new Failure(
      `Cannot read ${description}: it has ${source.length} bytes of JSON, more than the limit of ${largest}.`
    );
  }
  const text = typeof source === "string" ? source : Buffer.from(source.buffer, source.byteOffset, source.length).toString();
  if (isDeeper(text, deepestJson)) {
    throw new Failure(`Cannot read ${description}: its JSON is nested more than ${deepestJson} levels deep.`);
  }
  try {
    return parse(text);
  } catch (cause) {
    throw new Failure(`Cannot read ${description}: it is not JSON (${messageOf(cause)}).`, { cause });
  }
}
function parseJsonObject(source, description, options) {
  const json = parseJson(source, description, options);
  if (isObject(json)) return json;
  throw new Failure(`Cannot read ${description}: it is not a JSON object.`);
}
function objectIn(source, options) {
  try {
    return parseJsonObject(source, "an answer", options);
  } catch {
    return {};
  }
}
function isDeeper(text, limit) {
  let depth = 0;
  let isString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) isString = !isString;
    else if (code === 92 && isString) i++;
    else if (isString) continue;
    else if (code === 91 || code === 123) depth++;
    else if (code === 93 || code === 125) depth--;
    if (depth > limit) return true;
  }
  return false;
}

export {
  largestJson,
  parseJson,
  parseJsonObject,
  objectIn
};
