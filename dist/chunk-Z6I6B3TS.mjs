import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  Failure,
  messageOf
} from "./chunk-32ADV6HS.mjs";

// src/lib/json-object.ts
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// src/lib/parse-json.ts
var largestJson = 4 << 20;
var deepestJson = 200;
function parseJson(source, what, options = {}) {
  const { largest = largestJson, parse = JSON.parse } = options;
  if (source.length > largest) {
    throw new Failure(`Cannot read ${what}: it has ${source.length} bytes of JSON, more than the limit of ${largest}.`);
  }
  const text = typeof source === "string" ? source : Buffer.from(source.buffer, source.byteOffset, source.length).toString();
  if (isDeeper(text, deepestJson)) {
    throw new Failure(`Cannot read ${what}: its JSON is nested more than ${deepestJson} levels deep.`);
  }
  try {
    return parse(text);
  } catch (cause) {
    throw new Failure(`Cannot read ${what}: it is not JSON (${messageOf(cause)}).`, { cause });
  }
}
function parseJsonObject(source, what, options) {
  const json = parseJson(source, what, options);
  if (isObject(json)) return json;
  throw new Failure(`Cannot read ${what}: it is not a JSON object.`);
}
function objectIn(source) {
  try {
    return parseJsonObject(source, "an answer");
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
  isObject,
  largestJson,
  parseJson,
  parseJsonObject,
  objectIn
};
