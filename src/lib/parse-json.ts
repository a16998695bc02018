import { Failure, messageOf } from './failure.ts';
import { isObject, type Json } from './json-object.ts';

/** Most bytes of a manifest, an index or a config; registries and podman accept no larger ones. */
export const largestJson = 4 << 20;
/** None of the documents that the action reads has more than ten levels. */
const deepestJson = 200;

export interface JsonOptions {
  /** Most bytes of the document; `largestJson` if undefined. */
  readonly largest?: number;
  /** `JSON.parse`, or a parser that keeps all digits of numbers. */
  readonly parse?: (text: string) => unknown;
}

/** Reads JSON from outside. A Failure that names `description` if it is not JSON, too large, or nested too deeply. */
export function parseJson(source: string | Uint8Array, description: string, options: JsonOptions = {}): unknown {
  const { largest = largestJson, parse = JSON.parse } = options;
  if (source.length > largest) {
    throw new Failure(
      `Cannot read ${description}: it has ${source.length} bytes of JSON, more than the limit of ${largest}.`,
    );
  }
  const text =
    typeof source === 'string' ? source : Buffer.from(source.buffer, source.byteOffset, source.length).toString();
  if (isDeeper(text, deepestJson)) {
    throw new Failure(`Cannot read ${description}: its JSON is nested more than ${deepestJson} levels deep.`);
  }
  try {
    return parse(text);
  } catch (cause) {
    throw new Failure(`Cannot read ${description}: it is not JSON (${messageOf(cause)}).`, { cause });
  }
}

/** Reads a JSON object from outside, like `parseJson`. */
export function parseJsonObject(source: string | Uint8Array, description: string, options?: JsonOptions): Json {
  const json = parseJson(source, description, options);
  if (isObject(json)) return json;
  throw new Failure(`Cannot read ${description}: it is not a JSON object.`);
}

/** The JSON object in an untrusted text; an empty one for anything else. */
export function objectIn(source: string | Uint8Array, options?: JsonOptions): Json {
  try {
    return parseJsonObject(source, 'an answer', options);
  } catch {
    return {};
  }
}

/** Parsers, and the functions that process their results, recurse once per level. */
function isDeeper(text: string, limit: number): boolean {
  let depth = 0;
  let isString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) isString = !isString;
    else if (code === 0x5c && isString) i++;
    else if (isString) continue;
    else if (code === 0x5b || code === 0x7b) depth++;
    else if (code === 0x5d || code === 0x7d) depth--;
    if (depth > limit) return true;
  }
  return false;
}
