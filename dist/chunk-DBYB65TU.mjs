import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  build,
  compressionOf,
  createBuildLog,
  decompress,
  decompressBriefly,
  describeSpec,
  features,
  fetchEntry,
  fetchingFrom,
  findNix,
  findProgram,
  installUnpacked,
  isBrokenConnection,
  isLoopback,
  nixSystem,
  openNix,
  openTransport,
  planSave,
  planSaveOfLayers,
  readClosure,
  readLogLine,
  readNarHashes,
  redirectOf,
  registrationOf,
  releaseName,
  releaseToInstall,
  requireSpace,
  requireSystem,
  restoreLayers,
  restoreStore,
  retry,
  runProgram,
  savingStore,
  specArguments
} from "./chunk-WO6OQI32.mjs";
import {
  annotationsOf,
  baseLabels,
  compress,
  computeMetadata,
  defaultCompression,
  encodingOf,
  formatReference,
  formatRepository,
  isPath,
  joinMetadata,
  metadataOfEnvironment,
  nameOf,
  noMetadata,
  packageLabels,
  parseImageName,
  parseMetadataJson,
  parsePlatform,
  parseReference,
  toTag,
  withoutKeys
} from "./chunk-C25C3PWN.mjs";
import {
  formatSize,
  resolveCreated
} from "./chunk-MAGKRFWX.mjs";
import {
  DamagedEntry,
  bytesOf,
  claimOf,
  codePointKey,
  createPool,
  factsOf,
  inBackground,
  isAscii,
  isDescriptor,
  isUtf8,
  layerEncodings,
  mediaTypeOf,
  mediaTypes,
  openEntry,
  readParts,
  replaceNonAscii,
  seal,
  settleAll,
  textOf,
  withFacts,
  withLayersKept
} from "./chunk-P2O3J3TS.mjs";
import {
  Failure,
  blocksOf,
  createBlockMemory,
  digestOf,
  digestOfHash,
  hasCode,
  hexOf,
  isDigest,
  messageOf,
  parseDigest
} from "./chunk-IQWQOVRW.mjs";
import {
  __require
} from "./chunk-MPN7ELPR.mjs";

// src/stages/as-triggering-run.ts
function asTriggeringRun(host) {
  const { commitTime: _, checkoutTime: __, ...context } = host.context;
  const sha = context.triggeringRun?.sha;
  return sha === void 0 ? host : { ...host, context: { ...context, revision: sha, sha } };
}

// src/image/find-stream-settings.ts
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

// node_modules/lossless-json/lib/esm/utils.js
function isInteger(value) {
  return INTEGER_REGEX.test(value);
}
var INTEGER_REGEX = /^-?[0-9]+$/;
function isNumber(value) {
  return NUMBER_REGEX.test(value);
}
var NUMBER_REGEX = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
function isSafeNumber(value, config2) {
  if (isInteger(value)) {
    return Number.isSafeInteger(Number.parseInt(value, 10));
  }
  const num = Number.parseFloat(value);
  if (Number.isInteger(num) && !Number.isSafeInteger(num)) {
    return false;
  }
  const parsed = String(num);
  if (value === parsed) {
    return true;
  }
  const valueDigits = extractSignificantDigits(value);
  const parsedDigits = extractSignificantDigits(parsed);
  if (valueDigits === parsedDigits) {
    return true;
  }
  if (config2?.approx === true) {
    const requiredDigits = 14;
    if (parsedDigits.length >= requiredDigits && valueDigits.startsWith(parsedDigits.substring(0, requiredDigits))) {
      return true;
    }
  }
  return false;
}
var UnsafeNumberReason = /* @__PURE__ */ (function(UnsafeNumberReason2) {
  UnsafeNumberReason2["underflow"] = "underflow";
  UnsafeNumberReason2["overflow"] = "overflow";
  UnsafeNumberReason2["truncate_integer"] = "truncate_integer";
  UnsafeNumberReason2["truncate_float"] = "truncate_float";
  return UnsafeNumberReason2;
})({});
function getUnsafeNumberReason(value) {
  if (isSafeNumber(value, {
    approx: false
  })) {
    return void 0;
  }
  if (isInteger(value)) {
    return UnsafeNumberReason.truncate_integer;
  }
  const num = Number.parseFloat(value);
  if (!Number.isFinite(num)) {
    return UnsafeNumberReason.overflow;
  }
  if (num === 0) {
    return UnsafeNumberReason.underflow;
  }
  return UnsafeNumberReason.truncate_float;
}
function extractSignificantDigits(value) {
  const {
    start,
    end: end2
  } = getSignificantDigitRange(value);
  const digits = value.substring(start, end2);
  const dot = digits.indexOf(".");
  if (dot === -1) {
    return digits;
  }
  return digits.substring(0, dot) + digits.substring(dot + 1);
}
function getSignificantDigitRange(value) {
  let start = 0;
  if (value[0] === "-") {
    start++;
  }
  while (value[start] === "0" || value[start] === ".") {
    start++;
  }
  let end2 = value.lastIndexOf("e");
  if (end2 === -1) {
    end2 = value.lastIndexOf("E");
  }
  if (end2 === -1) {
    end2 = value.length;
  }
  while ((value[end2 - 1] === "0" || value[end2 - 1] === ".") && end2 > start) {
    end2--;
  }
  return {
    start,
    end: end2
  };
}

// node_modules/lossless-json/lib/esm/LosslessNumber.js
var losslessNumberMarker = /* @__PURE__ */ Symbol.for("lossless-json.LosslessNumber");
var LosslessNumber = class {
  // numeric value as string
  value;
  /**
   * @deprecated Use the isLosslessNumber(value) function instead.
   *
   * Ordinary objects may also have an isLosslessNumber property, so this
   * field cannot reliably identify lossless numbers.
   */
  isLosslessNumber = true;
  get [losslessNumberMarker]() {
    return true;
  }
  constructor(value) {
    if (!isNumber(value)) {
      throw new Error(`Invalid number (value: "${value}")`);
    }
    this.value = value;
  }
  /**
   * Get the value of the LosslessNumber as number or bigint.
   *
   * - a number is returned for safe numbers and decimal values that only lose some insignificant digits
   * - a bigint is returned for big integer numbers
   * - an Error is thrown for values that will overflow or underflow
   *
   * Note that you can implement your own strategy for conversion by just getting the value as string
   * via .toString(), and using util functions like isInteger, isSafeNumber, getUnsafeNumberReason,
   * and toSafeNumberOrThrow to convert it to a numeric value.
   */
  valueOf() {
    const unsafeReason = getUnsafeNumberReason(this.value);
    if (unsafeReason === void 0 || unsafeReason === UnsafeNumberReason.truncate_float) {
      return Number.parseFloat(this.value);
    }
    if (isInteger(this.value)) {
      return BigInt(this.value);
    }
    throw new Error(`Cannot safely convert to number: the value '${this.value}' would ${unsafeReason} and become ${Number.parseFloat(this.value)}`);
  }
  /**
   * Get the value of the LosslessNumber as string.
   */
  toString() {
    return this.value;
  }
  // Note: we do NOT implement a .toJSON() method, and you should not implement
  // or use that, it cannot safely turn the numeric value in the string into
  // stringified JSON since it has to be parsed into a number first.
};
function isLosslessNumber(value) {
  return value !== null && typeof value === "object" && value[losslessNumberMarker] === true;
}

// node_modules/lossless-json/lib/esm/numberParsers.js
function parseLosslessNumber(value) {
  return new LosslessNumber(value);
}

// node_modules/lossless-json/lib/esm/revive.js
function revive(json, reviver) {
  return reviveValue({
    "": json
  }, "", json, reviver);
}
function reviveValue(context, key, value, reviver) {
  if (Array.isArray(value)) {
    return reviver.call(context, key, reviveArray(value, reviver));
  }
  if (value && typeof value === "object" && !isLosslessNumber(value)) {
    return reviver.call(context, key, reviveObject(value, reviver));
  }
  return reviver.call(context, key, value);
}
function reviveObject(object2, reviver) {
  for (const key of Object.keys(object2)) {
    const value = reviveValue(object2, key, object2[key], reviver);
    if (value !== void 0) {
      object2[key] = value;
    } else {
      delete object2[key];
    }
  }
  return object2;
}
function reviveArray(array, reviver) {
  for (let i = 0; i < array.length; i++) {
    const value = reviveValue(array, String(i), array[i], reviver);
    if (value === void 0) {
      delete array[i];
    } else {
      array[i] = value;
    }
  }
  return array;
}

// node_modules/lossless-json/lib/esm/parse.js
function parse(text3, reviver, options2) {
  const optionsObj = typeof options2 === "function" ? {
    parseNumber: options2
  } : options2;
  const parseNumber = optionsObj?.parseNumber ?? parseLosslessNumber;
  const onDuplicateKey = optionsObj?.onDuplicateKey ?? throwDuplicateKey;
  let i = 0;
  const value = parseValue();
  expectValue(value);
  expectEndOfInput();
  return reviver ? revive(value, reviver) : value;
  function parseObject3() {
    if (text3.charCodeAt(i) === codeOpeningBrace) {
      i++;
      skipWhitespace();
      const object2 = {};
      let initial = true;
      while (i < text3.length && text3.charCodeAt(i) !== codeClosingBrace) {
        if (!initial) {
          eatComma();
          skipWhitespace();
        } else {
          initial = false;
        }
        const start = i;
        const key = parseString();
        if (key === void 0) {
          throwObjectKeyExpected();
          return;
        }
        skipWhitespace();
        eatColon();
        const value2 = parseValue();
        if (value2 === void 0) {
          throwObjectValueExpected();
          return;
        }
        if (Object.prototype.hasOwnProperty.call(object2, key) && !isDeepEqual(value2, object2[key])) {
          const returnedValue = onDuplicateKey({
            key,
            position: start + 1,
            oldValue: object2[key],
            newValue: value2
          });
          if (returnedValue !== void 0) {
            setObjectKey(object2, key, returnedValue);
          }
        } else {
          setObjectKey(object2, key, value2);
        }
      }
      if (text3.charCodeAt(i) !== codeClosingBrace) {
        throwObjectKeyOrEndExpected();
      }
      i++;
      return object2;
    }
  }
  function parseArray() {
    if (text3.charCodeAt(i) === codeOpeningBracket) {
      i++;
      skipWhitespace();
      const array = [];
      let initial = true;
      while (i < text3.length && text3.charCodeAt(i) !== codeClosingBracket) {
        if (!initial) {
          eatComma();
        } else {
          initial = false;
        }
        const value2 = parseValue();
        expectArrayItem(value2);
        array.push(value2);
      }
      if (text3.charCodeAt(i) !== codeClosingBracket) {
        throwArrayItemOrEndExpected();
      }
      i++;
      return array;
    }
  }
  function parseValue() {
    skipWhitespace();
    const value2 = parseString() ?? parseNumeric() ?? parseObject3() ?? parseArray() ?? parseKeyword("true", true) ?? parseKeyword("false", false) ?? parseKeyword("null", null);
    skipWhitespace();
    return value2;
  }
  function parseKeyword(name2, value2) {
    if (text3.slice(i, i + name2.length) === name2) {
      i += name2.length;
      return value2;
    }
  }
  function skipWhitespace() {
    while (isWhitespace(text3.charCodeAt(i))) {
      i++;
    }
  }
  function parseString() {
    if (text3.charCodeAt(i) === codeDoubleQuote) {
      i++;
      let result = "";
      while (i < text3.length && text3.charCodeAt(i) !== codeDoubleQuote) {
        if (text3.charCodeAt(i) === codeBackslash) {
          const char = text3[i + 1];
          const escapeChar = escapeCharacters[char];
          if (escapeChar !== void 0) {
            result += escapeChar;
            i++;
          } else if (char === "u") {
            if (isHex(text3.charCodeAt(i + 2)) && isHex(text3.charCodeAt(i + 3)) && isHex(text3.charCodeAt(i + 4)) && isHex(text3.charCodeAt(i + 5))) {
              result += String.fromCharCode(Number.parseInt(text3.slice(i + 2, i + 6), 16));
              i += 5;
            } else {
              throwInvalidUnicodeCharacter(i);
            }
          } else {
            throwInvalidEscapeCharacter(i);
          }
        } else {
          if (isValidStringCharacter(text3.charCodeAt(i))) {
            result += text3[i];
          } else {
            throwInvalidCharacter(text3[i]);
          }
        }
        i++;
      }
      expectEndOfString();
      i++;
      return result;
    }
  }
  function parseNumeric() {
    const start = i;
    if (text3.charCodeAt(i) === codeMinus) {
      i++;
      expectDigit(start);
    }
    if (text3.charCodeAt(i) === codeZero) {
      i++;
    } else if (isNonZeroDigit(text3.charCodeAt(i))) {
      i++;
      while (isDigit(text3.charCodeAt(i))) {
        i++;
      }
    } else {
      return void 0;
    }
    if (text3.charCodeAt(i) === codeDot) {
      i++;
      expectDigit(start);
      while (isDigit(text3.charCodeAt(i))) {
        i++;
      }
    }
    if (text3.charCodeAt(i) === codeLowercaseE || text3.charCodeAt(i) === codeUppercaseE) {
      i++;
      if (text3.charCodeAt(i) === codeMinus || text3.charCodeAt(i) === codePlus) {
        i++;
      }
      expectDigit(start);
      while (isDigit(text3.charCodeAt(i))) {
        i++;
      }
    }
    if (i > start) {
      return parseNumber(text3.slice(start, i));
    }
  }
  function eatComma() {
    if (text3.charCodeAt(i) !== codeComma) {
      throw new SyntaxError(`Comma ',' expected after value ${gotAt()}`);
    }
    i++;
  }
  function eatColon() {
    if (text3.charCodeAt(i) !== codeColon) {
      throw new SyntaxError(`Colon ':' expected after property name ${gotAt()}`);
    }
    i++;
  }
  function expectValue(value2) {
    if (value2 === void 0) {
      throw new SyntaxError(`JSON value expected ${gotAt()}`);
    }
  }
  function expectArrayItem(value2) {
    if (value2 === void 0) {
      throw new SyntaxError(`Array item expected ${gotAt()}`);
    }
  }
  function expectEndOfInput() {
    if (i < text3.length) {
      throw new SyntaxError(`Expected end of input ${gotAt()}`);
    }
  }
  function expectDigit(start) {
    if (!isDigit(text3.charCodeAt(i))) {
      const numSoFar = text3.slice(start, i);
      throw new SyntaxError(`Invalid number '${numSoFar}', expecting a digit ${gotAt()}`);
    }
  }
  function expectEndOfString() {
    if (text3.charCodeAt(i) !== codeDoubleQuote) {
      throw new SyntaxError(`End of string '"' expected ${gotAt()}`);
    }
  }
  function throwObjectKeyExpected() {
    throw new SyntaxError(`Quoted object key expected ${gotAt()}`);
  }
  function throwDuplicateKey({
    key,
    position
  }) {
    throw new SyntaxError(`Duplicate key '${key}' encountered at position ${position}`);
  }
  function throwObjectKeyOrEndExpected() {
    throw new SyntaxError(`Quoted object key or end of object '}' expected ${gotAt()}`);
  }
  function throwArrayItemOrEndExpected() {
    throw new SyntaxError(`Array item or end of array ']' expected ${gotAt()}`);
  }
  function throwInvalidCharacter(char) {
    throw new SyntaxError(`Invalid character '${char}' ${pos()}`);
  }
  function throwInvalidEscapeCharacter(start) {
    const chars = text3.slice(start, start + 2);
    throw new SyntaxError(`Invalid escape character '${chars}' ${pos()}`);
  }
  function throwObjectValueExpected() {
    throw new SyntaxError(`Object value expected after ':' ${pos()}`);
  }
  function throwInvalidUnicodeCharacter(start) {
    const chars = text3.slice(start, start + 6);
    throw new SyntaxError(`Invalid unicode character '${chars}' ${pos()}`);
  }
  function pos() {
    return `at position ${i}`;
  }
  function got() {
    return i < text3.length ? `but got '${text3[i]}'` : "but reached end of input";
  }
  function gotAt() {
    return `${got()} ${pos()}`;
  }
}
function setObjectKey(object2, key, value) {
  if (key === "__proto__") {
    Object.defineProperty(object2, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true
    });
  } else {
    object2[key] = value;
  }
}
function isWhitespace(code2) {
  return code2 === codeSpace || code2 === codeNewline || code2 === codeTab || code2 === codeReturn;
}
function isHex(code2) {
  return code2 >= codeZero && code2 <= codeNine || code2 >= codeUppercaseA && code2 <= codeUppercaseF || code2 >= codeLowercaseA && code2 <= codeLowercaseF;
}
function isDigit(code2) {
  return code2 >= codeZero && code2 <= codeNine;
}
function isNonZeroDigit(code2) {
  return code2 >= codeOne && code2 <= codeNine;
}
function isValidStringCharacter(code2) {
  return code2 >= 32 && code2 <= 1114111;
}
function isDeepEqual(a, b) {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isDeepEqual(item, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = [.../* @__PURE__ */ new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.every((key) => isDeepEqual(a[key], b[key]));
  }
  return false;
}
function isObject(value) {
  return typeof value === "object" && value !== null;
}
var escapeCharacters = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "	"
  // note that \u is handled separately in parseString()
};
var codeBackslash = 92;
var codeOpeningBrace = 123;
var codeClosingBrace = 125;
var codeOpeningBracket = 91;
var codeClosingBracket = 93;
var codeSpace = 32;
var codeNewline = 10;
var codeTab = 9;
var codeReturn = 13;
var codeDoubleQuote = 34;
var codePlus = 43;
var codeMinus = 45;
var codeZero = 48;
var codeOne = 49;
var codeNine = 57;
var codeComma = 44;
var codeDot = 46;
var codeColon = 58;
var codeUppercaseA = 65;
var codeLowercaseA = 97;
var codeUppercaseE = 69;
var codeLowercaseE = 101;
var codeUppercaseF = 70;
var codeLowercaseF = 102;

// node_modules/lossless-json/lib/esm/stringify.js
function stringify(value, replacer, space, numberStringifiers) {
  const resolvedSpace = resolveSpace(space);
  const replacedValue = typeof replacer === "function" ? replacer.call({
    "": value
  }, "", value) : value;
  return stringifyValue(replacedValue, "");
  function stringifyValue(value2, indent) {
    if (Array.isArray(numberStringifiers)) {
      const stringifier = numberStringifiers.find((item) => item.test(value2));
      if (stringifier) {
        const str = stringifier.stringify(value2);
        if (typeof str !== "string" || !isNumber(str)) {
          throw new Error(`Invalid JSON number: output of a number stringifier must be a string containing a JSON number (output: ${str})`);
        }
        return str;
      }
    }
    if (typeof value2 === "boolean" || typeof value2 === "number" || typeof value2 === "string" || value2 === null || value2 instanceof Date || value2 instanceof Boolean || value2 instanceof Number || value2 instanceof String) {
      return JSON.stringify(value2);
    }
    if (isLosslessNumber(value2)) {
      return value2.toString();
    }
    if (typeof value2 === "bigint") {
      return value2.toString();
    }
    if (Array.isArray(value2)) {
      return stringifyArray(value2, indent);
    }
    if (value2 && typeof value2 === "object") {
      return stringifyObject(value2, indent);
    }
    return void 0;
  }
  function stringifyArray(array, indent) {
    if (array.length === 0) {
      return "[]";
    }
    const childIndent = resolvedSpace ? indent + resolvedSpace : void 0;
    let str = resolvedSpace ? "[\n" : "[";
    for (let i = 0; i < array.length; i++) {
      const item = typeof replacer === "function" ? replacer.call(array, String(i), array[i]) : array[i];
      if (resolvedSpace) {
        str += childIndent;
      }
      if (typeof item !== "undefined" && typeof item !== "function") {
        const serialized = stringifyValue(item, childIndent);
        str += serialized === void 0 ? "null" : serialized;
      } else {
        str += "null";
      }
      if (i < array.length - 1) {
        str += resolvedSpace ? ",\n" : ",";
      }
    }
    str += resolvedSpace ? `
${indent}]` : "]";
    return str;
  }
  function stringifyObject(object2, indent) {
    if (typeof object2.toJSON === "function") {
      return stringifyValue(object2.toJSON(), indent);
    }
    const keys = Array.isArray(replacer) ? [...new Set(replacer.map(String))] : Object.keys(object2);
    if (keys.length === 0) {
      return "{}";
    }
    const childIndent = resolvedSpace ? indent + resolvedSpace : void 0;
    let first = true;
    let str = resolvedSpace ? "{\n" : "{";
    for (const key of keys) {
      const value2 = typeof replacer === "function" ? replacer.call(object2, key, object2[key]) : object2[key];
      if (includeProperty(key, value2)) {
        const serialized = stringifyValue(value2, childIndent);
        if (serialized === void 0) {
          continue;
        }
        if (first) {
          first = false;
        } else {
          str += resolvedSpace ? ",\n" : ",";
        }
        const keyStr = JSON.stringify(key);
        str += resolvedSpace ? `${childIndent + keyStr}: ` : `${keyStr}:`;
        str += serialized;
      }
    }
    str += resolvedSpace ? `
${indent}}` : "}";
    return str;
  }
  function includeProperty(_key, value2) {
    return typeof value2 !== "undefined" && typeof value2 !== "function" && typeof value2 !== "symbol";
  }
}
var MAX_SPACE_LENGTH = 10;
function resolveSpace(space) {
  if (typeof space === "number") {
    const count2 = Math.min(Math.trunc(space), MAX_SPACE_LENGTH);
    return count2 >= 1 ? " ".repeat(count2) : void 0;
  }
  if (typeof space === "string" && space !== "") {
    return space.slice(0, MAX_SPACE_LENGTH);
  }
  return void 0;
}

// src/lib/json-object.ts
function isObject2(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function objectIn(bytes) {
  try {
    const json = JSON.parse(bytes.toString("utf8"));
    return isObject2(json) ? json : {};
  } catch {
    return {};
  }
}

// src/image/merge-env.ts
function envOf({ Env }, whose) {
  if (Env === void 0 || Env === null) return [];
  if (Array.isArray(Env) && Env.every((entry) => typeof entry === "string")) return Env;
  throw new Failure(`Cannot make the image config: config.Env of ${whose} is not a list of strings.`);
}
function mergeEnv(before, after) {
  return [...new Map([...before, ...after].map((entry) => [entry.split("=", 1)[0], entry])).values()];
}

// src/image/stream-settings.ts
var knownKeys = /* @__PURE__ */ new Set([
  ...["architecture", "config", "os", "store_dir", "from_image", "store_layers", "customisation_layer", "repo_tag"],
  ...["created", "mtime", "uid", "gid", "uname", "gname"]
]);
function parseStreamSettings(text3, { file, now }) {
  const { conf, refuse: refuse2, string, integer } = readerOf(parseObject(text3, file, parse), file);
  const { unknown } = keysOfSettings(text3, file);
  if (unknown.length > 0) {
    throw new Failure(
      `Cannot read ${file}: its "${unknown.join('", "')}" is unknown. This streamLayeredImage is newer than this program; update this program, or give the image as a docker-archive (dockerTools.buildLayeredImage).`
    );
  }
  const time = (key, fallback) => parseTime(string(key, fallback), now) ?? refuse2(key, '"now" or a time such as 1970-01-01T00:00:01+00:00');
  const created2 = time("created");
  const mtime = time("mtime", string("created"));
  if (string("os") !== "linux") refuse2("os", '"linux"');
  return {
    architecture: string("architecture"),
    config: isObject2(conf.config) ? conf.config : refuse2("config", "an object"),
    created: created2.text,
    repoTag: string("repo_tag"),
    fromImage: conf.from_image === null ? void 0 : string("from_image"),
    storeLayers: isStoreLayers(conf.store_layers, string("store_dir")) ? conf.store_layers : refuse2("store_layers", `a list of lists of paths in ${string("store_dir")}`),
    customisationLayer: string("customisation_layer"),
    owner: {
      mtime: mtime.seconds,
      uid: integer("uid"),
      gid: integer("gid"),
      uname: string("uname", "root"),
      gname: string("gname", "root")
    },
    isTimeNow: mtime.isNow
  };
}
function keysOfSettings(text3, file) {
  const keys = Object.keys(parseObject(text3, file, JSON.parse));
  return { keys, unknown: keys.filter((key) => !knownKeys.has(key)) };
}
function readerOf(conf, file) {
  const refuse2 = (key, what) => {
    throw new Failure(`Cannot read ${file}: "${key}" is not ${what}.`);
  };
  const string = (key, fallback) => {
    const value = Object.hasOwn(conf, key) ? conf[key] : fallback;
    return typeof value === "string" ? value : refuse2(key, "a string");
  };
  const integer = (key) => {
    const text3 = string(key, "0");
    return /^-?[0-9]{1,15}$/.test(text3) ? Number(text3) : refuse2(key, "a whole number in quotes");
  };
  return { conf, refuse: refuse2, string, integer };
}
function streamConfig(settings, base = { layerNames: [], env: [] }) {
  const { architecture: architecture2, created: created2, config: config2, storeLayers, customisationLayer } = settings;
  const env = settings.fromImage === void 0 ? [] : mergeEnv(base.env, envOf(config2, "the image"));
  const layers = [...base.layerNames.map((name2) => [name2]), ...storeLayers, [customisationLayer]];
  return {
    created: created2,
    architecture: architecture2,
    os: "linux",
    config: env.length === 0 ? config2 : { ...config2, Env: env },
    rootfs: { type: "layers" },
    history: layers.map((paths) => ({ created: created2, comment: `store paths: [${paths.map(pythonRepr).join(", ")}]` }))
  };
}
function parseObject(text3, file, parse2) {
  let conf;
  try {
    conf = parse2(text3);
  } catch (cause) {
    throw new Failure(`Cannot read ${file}: it is not JSON (${messageOf(cause)}).`, { cause });
  }
  if (isObject2(conf)) return conf;
  throw new Failure(`Cannot read ${file}: it is not a JSON object.`);
}
function parseTime(text3, now) {
  if (text3 === "now") {
    const iso = new Date(now).toISOString().replace("Z", "000+00:00");
    return { text: iso, seconds: Math.floor(now / 1e3), isNow: true };
  }
  const milliseconds = Date.parse(text3);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/.test(text3) || Number.isNaN(milliseconds)) return void 0;
  return { text: text3, seconds: milliseconds / 1e3, isNow: false };
}
function isStoreLayers(value, storeDirectory2) {
  const isPath2 = (path) => typeof path === "string" && path.startsWith(`${storeDirectory2}/`);
  return Array.isArray(value) && value.every((layer2) => Array.isArray(layer2) && layer2.every(isPath2));
}
function pythonRepr(text3) {
  if (/^[ -~]*$/.test(text3) && !/['\\]/.test(text3)) return `'${text3}'`;
  const quote = text3.includes("'") && !text3.includes('"') ? '"' : "'";
  const special = new RegExp(`[${quote}\\\\]|(?! )[\\p{C}\\p{Z}]`, "gu");
  return quote + text3.replace(special, pythonEscape) + quote;
}
function pythonEscape(char) {
  const named2 = { "\n": "\\n", "\r": "\\r", "	": "\\t" };
  if (/['"\\]/.test(char)) return `\\${char}`;
  const hex = (char.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return named2[char] ?? `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

// src/image/find-stream-settings.ts
var nixpkgsScripts = /* @__PURE__ */ new Map([
  // Since July 2024 (24.11), however it was formatted and commented later.
  ["f5c845f8121af4d9c0b1810b9a6059ad2bd5dc74c0e4d968dd4307f491e8dbdd", 493],
  // 24.05: owners, but no mtime and no --repo_tag. Put together from the texts before and after it.
  ["4ba2f6384d044c990b5a0f14b07c33b840a3818397e3fe0a58e5c8f45f7e79e6", 493],
  // Up to 23.11: base images, but no owners. Two as forks have it, and one put together in the words of the later texts.
  ["1f97e83644908f6cda47a036408c78549ec8336ea7a8cdcc901cac523d0ffd21", 365],
  ["38cb7814cb13d0bc3a14eb60f399d95ccc212feefcabd79beb90c63c0327d140", 365],
  ["6b3ea683bfe69dd465e20929eb81e351e6bc2d5c5e22941e071cdb9b3f4a6ef5", 365]
]);
var longestScript = 64 << 10;
var longestSettings = 64 << 20;
var storePath = /(?:\/[^/\s"']+)+\/[0-9a-df-np-sv-z]{32}-[0-9a-zA-Z+\-._?=]+/g;
function findStreamSettings(place2) {
  const { path, locate = (storePath3) => storePath3, knownScripts = nixpkgsScripts } = place2;
  const start = readStart(path, longestScript);
  if (start.startsWith("{")) return readSettings(path, void 0);
  if (!start.startsWith("#!")) return { native: false, why: `${path} is no script` };
  const named2 = [...new Set(start.match(storePath))];
  const [settings, ...moreSettings] = named2.filter((name2) => name2.endsWith("-conf.json"));
  const [script, ...moreScripts] = named2.filter((name2) => name2.endsWith("-stream"));
  if (settings === void 0 || script === void 0 || moreSettings.length + moreScripts.length > 0) {
    return { native: false, why: `${path} does not name one \u2026-stream and its \u2026-conf.json` };
  }
  const nixMode = knownScripts.get(scriptDigest(readStart(locate(script), longestScript)));
  if (nixMode === void 0) return { native: false, why: `its script ${script} is not a known version of nixpkgs'` };
  return readSettings(locate(settings), nixMode);
}
function scriptDigest(text3) {
  return createHash("sha256").update(text3.replace(/"""[\s\S]*?"""|#.*$|[\s(),\\]/gm, "")).digest("hex");
}
function readSettings(settingsPath, nixMode) {
  const { keys, unknown } = keysOfSettings(readStart(settingsPath, longestSettings), settingsPath);
  if (unknown.length > 0) {
    return { native: false, why: `"${unknown.join('", "')}" of its settings ${settingsPath} is unknown` };
  }
  if (nixMode !== void 0) return { native: true, settingsPath, nixMode };
  if (keys.includes("mtime")) return { native: true, settingsPath, nixMode: 493 };
  return {
    native: false,
    why: `only its script tells the mode of /nix, the settings ${settingsPath} are of before 2024-07`
  };
}
function readStart(path, limit) {
  let file;
  try {
    file = openSync(path, "r");
    const bytes = Buffer.alloc(Math.min(fstatSync(file).size, limit));
    return bytes.toString("utf8", 0, readSync(file, bytes));
  } catch (cause) {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new Failure(`Cannot read ${path}: there is no such file.`, { cause });
  } finally {
    if (file !== void 0) closeSync(file);
  }
}

// src/nix/facts.ts
var readFactsOf = `x:
let
  value = if builtins.isFunction x then x { } else x;
  attempt = thing: let tried = builtins.tryEval thing; in if tried.success then tried.value else null;
  get = name: from: attempt (if builtins.isAttrs from && from ? \${name} then from.\${name} else null);
  text = thing: if builtins.isString thing then builtins.unsafeDiscardStringContext thing else null;
  bool = thing: if builtins.isBool thing then thing else null;
  head = thing: if builtins.isList thing && thing != [ ] then attempt (builtins.head thing) else thing;
  only = thing: if builtins.isList thing && builtins.length thing > 1 then null else head thing;
  isDerivation = thing: text (get "type" thing) == "derivation";
  isStream = thing: isDerivation thing && bool (get "isExe" thing) == true && text (get "imageName" thing) != null;
  hasConf = thing: isStream thing && isDerivation (get "conf" thing);
  meta = get "meta" value;
  stream = get "stream" value;
in {
  isDerivation = isDerivation value;
  hasStream = isStream stream;
  streamHasConf = hasConf stream;
  hasConf = hasConf value;
  isExe = bool (get "isExe" value);
  imageName = text (get "imageName" value);
  imageTag = text (get "imageTag" value);
  mainProgram = text (get "mainProgram" meta);
  system = let host = text (get "system" (get "hostPlatform" (get "stdenv" value))); in
    if host == null then text (get "system" value) else host;
  name = text (get "name" value);
  pname = text (get "pname" value);
  version = text (get "version" value);
  description = text (get "description" meta);
  license = text (get "spdxId" (only (get "license" meta)));
  homepage = text (head (get "homepage" meta));
}`;
async function readFacts(nix, inputs, host) {
  const spec = attributeSpec(inputs.spec);
  if (spec === void 0) return void 0;
  const log = createBuildLog();
  const output = ["--json", "--log-format", "internal-json", "--apply", readFactsOf];
  const { code: code2, stdout } = await runProgram(
    nix.program,
    ["eval", ...features, ...output, ...specArguments({ ...inputs, spec })],
    {
      env: nix.env,
      cwd: host.directory,
      // The build evaluates again and tells everything else.
      onErrorLine: (line) => {
        const said = readLogLine(log, line);
        if (said?.text.startsWith("fetching ")) host.log.info(said.text);
      }
    }
  );
  if (code2 === 0) return JSON.parse(stdout);
  host.log.debug(`No facts: ${[...log.errors, ...log.plain].join("\n")}`);
  return void 0;
}
function whatToBuild(spec, facts, { native, preferStream }) {
  if (facts === void 0) return spec;
  const stream = preferStream && facts.hasStream ? ["stream"] : [];
  const hasConf = stream.length > 0 ? facts.streamHasConf : facts.hasConf;
  const path = [...stream, ...native !== "off" && hasConf ? ["conf"] : []];
  return path.length === 0 ? spec : attributeSpec(spec, path) ?? spec;
}
function attributeSpec(spec, path = []) {
  if (spec.kind === "file") {
    const attr2 = [...spec.attr === void 0 ? [] : [spec.attr], ...path].join(".");
    return attr2 === "" ? spec : { ...spec, attr: attr2 };
  }
  const [, flake = "", attr = ""] = /^([^#]*)#?(.*)$/s.exec(spec.installable) ?? [];
  const isStorePath = /^\/.*\/[0-9a-df-np-sv-z]{32}-[^/]+(?:\/|$)/.test(spec.installable);
  if (isStorePath && !spec.installable.includes("#") || /\^[^"]*$/.test(spec.installable)) return void 0;
  return { kind: "installable", installable: `${flake}#${[attr === "" ? "default" : attr, ...path].join(".")}` };
}

// src/cache/unpack-toolchain.ts
import { lstatSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
async function unpackToolchain(file, directory, system) {
  const entry = openEntry(file);
  try {
    requireSystem(entry, system);
    const paths = toolchainOf(entry.manifest);
    if (paths.length === 0) return false;
    const size = paths.reduce((sum, { narSize }) => sum + narSize, 0);
    await requireSpace(size, directory);
    const store = join(directory, "store");
    await mkdir(store);
    const places = new Map(paths.map(({ path }) => [path, join(store, basename(path))]));
    await readParts({ file, parts: entry.findParts(), places });
    for (const place2 of places.values()) if (lstatSync(place2).isDirectory()) seal(place2);
    await writeFile(join(directory, ".reginfo"), paths.map(registrationOf).join(""));
    return true;
  } finally {
    entry.close();
  }
}
function toolchainOf({ paths, toolchain }) {
  const named2 = new Set(toolchain);
  const held = paths.slice(0, paths.findLastIndex(({ path }) => named2.has(path)) + 1);
  const all = new Set(held.map(({ path }) => path));
  const absent = [...toolchain, ...held.flatMap(({ references }) => references)].find((path) => !all.has(path));
  if (absent === void 0) return held;
  throw new DamagedEntry(`its Nix needs ${absent}, which is not in it`);
}

// src/stages/open-toolchain.ts
async function openToolchain(inputs, settings, host) {
  const release = await releaseToInstall(settings, host);
  const fetching = fetchEntry(inputs, host, release && releaseName(release));
  let refusal2;
  const restore = async (wanted) => {
    const fetched2 = await fetching.withNix;
    if (fetched2 === void 0) return false;
    const entry = `the entry ${fetched2.matchedKey}`;
    try {
      const isInstalled = await restoreNix(fetched2, wanted, host);
      host.log.info(`Nix ${wanted.version} ${isInstalled ? "comes from" : "is not in"} ${entry}`);
      return isInstalled;
    } catch (error) {
      refusal2 = asRefusal(error);
      host.log.warning(`Nix ${wanted.version} does not come from ${entry}: ${messageOf(error)}`);
      return false;
    }
  };
  const nix = await openNix(settings, host, restore).finally(() => fetching.entry);
  const fetched = await fetching.entry;
  return { nix, fetched: fetched && { ...fetched, refusal: refusal2 } };
}
function restoreNix({ file }, release, host) {
  return installUnpacked((directory) => unpackToolchain(file, directory, nixSystem), release, host);
}
function asRefusal(error) {
  if (error instanceof DamagedEntry) return error;
  return error instanceof Failure ? new DamagedEntry(error.message, { cause: error }) : void 0;
}

// src/stages/build-images.ts
function isBuilt({ variants: [first] }) {
  return first?.spec.kind === "path";
}
function givenImage(inputs, host) {
  const [first] = inputs.variants;
  if (first?.spec.kind !== "path") return void 0;
  const platform = first.platform ?? inputs.platform;
  return {
    path: host.resolve(first.spec.path),
    platform,
    nix: findNix(callsOf(inputs), host),
    facts: void 0,
    contents: []
  };
}
async function buildImages(images, host) {
  const [common] = images;
  const given = givenImage(common, host);
  if (given !== void 0) {
    const cache2 = await restoreLayers(common, host);
    const save = cache2 && planSaveOfLayers(cache2, { inputs: common, host });
    return { images: [[given]], nixVersion: void 0, cache: cache2?.result, vouched: cache2?.vouched, save };
  }
  const variants = images.flatMap((image2) => image2.variants);
  const inputs = { ...common, variants };
  const { nix, fetched } = await host.log.group("Toolchain", () => openToolchain(inputs, callsOf(common), host));
  const cache = await restoreStore(fetched, nix, { inputs, host });
  return host.log.group("Build", async () => {
    const contents = await settleAll(common.contents.map((one) => buildInstallable(one, nix, { inputs, host })));
    const paths = contents.map(({ path }) => path);
    const built = await settleAll(
      images.map(
        (image2) => settleAll(image2.variants.map((variant) => buildVariant(variant, nix, { inputs: image2, host })))
      )
    );
    const save = cache && await planSave(cache, [...built.flat(), ...contents], { nix, inputs, host });
    return {
      work: workOf([...built.flat(), ...contents]),
      images: built.map((of) => of.map((one) => ({ ...one, nix, contents: paths }))),
      nixVersion: nix.version,
      cache: cache?.result,
      vouched: cache?.vouched,
      save
    };
  });
}
function callsOf({ cache: { binaryCache, use }, nix, githubToken }) {
  const calls = binaryCache === void 0 || use === "off" ? nix : fetchingFrom(nix, binaryCache);
  return { ...calls, ...githubToken === void 0 ? {} : { githubToken } };
}
function workOf(built) {
  const sum = (key) => built.reduce((total, { work }) => total + work[key], 0);
  return { built: sum("built"), substituted: sum("substituted") };
}
function buildInstallable(installable, nix, { inputs, host }) {
  return build(nix, { ...inputs, spec: { kind: "installable", installable } }, host);
}
async function buildVariant({ spec, platform }, nix, { inputs, host }) {
  if (spec.kind === "path") throw new TypeError("What is built already is not built.");
  const facts = await readFacts(nix, { ...inputs, spec }, host);
  const built = await buildLeast({ spec, facts, nix }, { inputs, host });
  return { ...built, platform: platform ?? inputs.platform, facts };
}
async function buildLeast({ spec, facts, nix }, { inputs, host }) {
  const least = whatToBuild(spec, facts, inputs);
  const built = await build(nix, { ...inputs, spec: least }, host);
  const whole = whatToBuild(spec, facts, { ...inputs, native: "off" });
  if (inputs.native !== "auto" || describeSpec(least) === describeSpec(whole)) return built;
  const settings = findStreamSettings({ path: built.path });
  if (settings.native) return built;
  host.log.info(`The image is built as a whole: ${settings.why}.`);
  return build(nix, { ...inputs, spec: whole }, host);
}

// src/github/github-api.ts
var GitHubError = class extends Failure {
  name = "GitHubError";
  status;
  /** Milliseconds after which another try may help; undefined if none will. */
  retryAfter;
  constructor(message, answer) {
    super(message);
    this.status = answer.status;
    this.retryAfter = answer.retryAfter;
  }
};
var largestAnswer = 16 << 20;
var mostRedirects = 3;
var mostPages = 200;
var usualWaits = { first: 500, longest: 6e4 };
function openGitHubApi(access) {
  const { apiUrl } = access;
  if (!/^https?:/.test(apiUrl) || !URL.canParse(apiUrl)) {
    throw new Failure(`Cannot use GITHUB_API_URL="${apiUrl}": it is not a URL. Give https://HOST/api/v3.`);
  }
  const urlOf = (path) => new URL(`${apiUrl.replace(/\/$/, "")}/${path.replace(/^\//, "")}`);
  return {
    get: async (path) => (await ask({ method: "GET", url: urlOf(path) }, access)).value,
    request: async (method, path, body) => (await ask({ method, url: urlOf(path), body }, access)).value,
    async *pages(path) {
      let url = urlOf(path);
      for (let page = 1; url !== void 0; page++) {
        if (page > mostPages) throw new Failure(`Cannot list ${url.origin}${url.pathname}: over ${mostPages} pages.`);
        const answer = await ask({ method: "GET", url }, access);
        yield answer.value;
        url = answer.next;
      }
    }
  };
}
async function ask(question, access) {
  const { log, waits = usualWaits } = access;
  return retry(() => askOnce(question, access), {
    waits,
    waitFor(error) {
      const wait = error instanceof GitHubError ? error.retryAfter : waitAfterLoss(error, question);
      return wait === void 0 || wait > waits.longest ? void 0 : wait;
    },
    onRetry: (error, wait) => log.info(`${messageOf(error)} Trying again in ${(wait / 1e3).toFixed(1)} s.`)
  });
}
function waitAfterLoss(error, { method }) {
  return error instanceof Failure && isBrokenConnection(error.cause) && method !== "POST" ? 0 : void 0;
}
async function askOnce(question, access) {
  const response = await follow(question, access);
  if (response.status < 200 || response.status > 299) throw await readRefusal(question, response, access);
  const bytes = await response.bytes(largestAnswer + 1);
  if (bytes.length > largestAnswer)
    throw new Failure(`${failed(question)}: the answer has over ${largestAnswer} bytes.`);
  return { value: parseAnswer(bytes, question), next: nextOf(response.header("link") ?? "", question.url) };
}
async function follow(question, access) {
  let { url } = question;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const response = await send({ ...question, url }, access);
    const location = response.header("location");
    if (![301, 302, 307, 308].includes(response.status) || location === void 0) return response;
    await response.discard();
    url = within(new URL(location, url), question.url);
  }
  throw new Failure(`${failed(question)}: it redirects more than ${mostRedirects} times.`);
}
async function send(question, access) {
  try {
    return await access.send(requestOf(question, access));
  } catch (cause) {
    throw new Failure(`${failed(question)}: ${messageOf(cause).replace(/\.?$/, ".")}`, { cause });
  }
}
function requestOf({ method, url, body }, { token }) {
  const headers = {
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
    ...token === void 0 ? {} : { authorization: `Bearer ${token}` }
  };
  if (body === void 0) return { method, url, headers };
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    method,
    url,
    headers: { ...headers, "content-type": "application/json" },
    body: {
      size: bytes.length,
      async *open() {
        yield bytes;
      }
    }
  };
}
function within(url, start) {
  if (url.origin === start.origin) return url;
  throw new Failure(`Cannot follow ${start.origin}${start.pathname} to ${url.origin}: it leaves GitHub's API.`);
}
function nextOf(link, base) {
  const [, target] = /<([^<>]*)>[^<]*;\s*rel="next"/.exec(link) ?? [];
  return target === void 0 ? void 0 : within(new URL(target, base), base);
}
function parseAnswer(bytes, question) {
  if (bytes.length === 0) return void 0;
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new Failure(`${failed(question)}: the answer is not JSON.`, { cause });
  }
}
function failed({ method, url }) {
  return `Cannot ${method} ${url.origin}${url.pathname}`;
}
var largestRefusal = 64 << 10;
async function readRefusal(question, response, { token }) {
  const { status } = response;
  const said = wordsOf(await response.bytes(largestRefusal).then(String, () => ""));
  const words = token === void 0 ? said : said.replaceAll(token, "***");
  const retryAfter = waitOf(response, words, question);
  const cure = retryAfter === void 0 ? cureOf(response) : limitOf(response, retryAfter);
  const answer = [`GitHub answered ${status}`, words].filter((part) => part !== "").join(" ");
  const message = `${failed(question)}: ${answer.replace(/\.$/, "")}.`;
  return new GitHubError(cure === "" ? message : `${message} ${cure}`, { status, retryAfter });
}
function wordsOf(body) {
  try {
    const answer = JSON.parse(body);
    if (!isObject2(answer)) return "";
    const errors = Array.isArray(answer.errors) ? answer.errors : [];
    const details2 = errors.map((error) => isObject2(error) ? error.message ?? error.code : error);
    const words = [answer.message, ...details2].filter((word) => typeof word === "string");
    return words.join("; ").slice(0, 400).replaceAll(/\s+/g, " ").trim();
  } catch {
    return "";
  }
}
function waitOf(response, words, { method }) {
  const { status } = response;
  const isUsedUp = response.header("x-ratelimit-remaining") === "0";
  const asked = response.header("retry-after");
  const isLimit = status === 429 || status === 403 && (isUsedUp || asked !== void 0 || /rate limit/i.test(words));
  if (!isLimit) return status >= 500 && method !== "POST" ? secondsOf(asked) * 1e3 : void 0;
  if (asked !== void 0) return secondsOf(asked) * 1e3;
  if (!isUsedUp) return 6e4;
  const now = Date.parse(response.header("date") ?? "") / 1e3;
  const wait = secondsOf(response.header("x-ratelimit-reset")) - now;
  return Number.isNaN(wait) ? 6e4 : Math.max(0, wait * 1e3);
}
function secondsOf(header) {
  return /^\d+$/.test(header ?? "") ? Number(header) : 0;
}
function limitOf({ status }, wait) {
  return status >= 500 ? "" : `The rate limit ends in ${Math.ceil(wait / 1e3)} s.`;
}
function cureOf(response) {
  if (response.status === 401) return "Check github-token.";
  const permissions = response.header("x-accepted-github-permissions") ?? "";
  if (response.status !== 403 || permissions === "") return "";
  return `The token needs ${permissions.replaceAll("=", ": ")}; give it under "permissions" of the job.`;
}

// src/github/container-package.ts
async function openContainerPackage(api, path) {
  const [owner3 = "", ...name2] = path.split("/");
  const accounts = await isOrganization(api, owner3) ? "orgs" : "users";
  const base = `${accounts}/${encodeURIComponent(owner3)}/packages/container/${encodeURIComponent(name2.join("/"))}`;
  const listVersions = async () => {
    const versions2 = [];
    try {
      for await (const page of api.pages(`${base}/versions?per_page=100&state=active`)) {
        versions2.push(...(Array.isArray(page) ? page : []).map((item) => parseVersion(item, path)));
      }
    } catch (error) {
      if (error instanceof GitHubError && error.status === 404) return [];
      throw error;
    }
    return versions2;
  };
  return {
    readTags: async () => new Map((await listVersions()).flatMap(({ digest: digest2, tags }) => tags.map((tag) => [tag, digest2]))),
    async deleteManifest(digest2, all) {
      const versions2 = await listVersions();
      const version2 = versions2.find((one) => one.digest === digest2);
      if (version2 === void 0) return "gone";
      const others = versions2.filter((one) => one !== version2);
      const isLast = others.length === 0 || version2.tags.length > 0 && others.every(({ tags }) => tags.length === 0);
      if (!isLast) return remove(api, `${base}/versions/${version2.id}`);
      if (others.every((one) => all.has(one.digest))) return remove(api, base);
      const left = `${others.length} untagged ${others.length === 1 ? "version is" : "versions are"} left`;
      return { refused: `GitHub does not delete the last version with a tag of a package, and ${left}` };
    },
    deleteTag: async () => ({
      refused: "other tags lead to its manifest, and GitHub can only delete a manifest with all its tags"
    })
  };
}
async function isOrganization(api, owner3) {
  const account = await api.get(`users/${encodeURIComponent(owner3)}`);
  return isObject2(account) && account.type === "Organization";
}
async function remove(api, path) {
  try {
    await api.request("DELETE", path);
    return "deleted";
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return "gone";
    throw error;
  }
}
function parseVersion(item, path) {
  const { id, name: name2, metadata } = isObject2(item) ? item : {};
  const container = isObject2(metadata) && isObject2(metadata.container) ? metadata.container : {};
  const { tags = [] } = container;
  const isList = Array.isArray(tags) && tags.every((tag) => typeof tag === "string");
  if (typeof id === "number" && typeof name2 === "string" && isDigest(name2) && isList) return { id, digest: name2, tags };
  throw new Failure(`Cannot read the versions of the package ${path}: GitHub's list has one that is no image.`);
}

// src/registry/credentials.ts
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join as join2 } from "node:path";
var hubServer = "https://index.docker.io/v1/";
async function findCredentials(repository, { login, githubToken, env }) {
  if (login !== void 0) return { kind: "basic", ...login };
  for (const path of authFiles(env)) {
    const found = await credentialsIn(path, repository, env);
    if (found !== void 0) return found;
  }
  if (repository.host === "ghcr.io" && githubToken !== void 0) {
    return { kind: "basic", username: "x-access-token", password: githubToken };
  }
  return void 0;
}
function authFiles(env) {
  const home = env.HOME ?? homedir();
  const runtime = env.XDG_RUNTIME_DIR;
  const named2 = env.REGISTRY_AUTH_FILE;
  return [
    join2(env.DOCKER_CONFIG || join2(home, ".docker"), "config.json"),
    ...named2 === void 0 || named2 === "" ? [] : [named2],
    ...runtime === void 0 ? [] : [join2(runtime, "containers", "auth.json")],
    join2(env.XDG_CONFIG_HOME || join2(home, ".config"), "containers", "auth.json")
  ];
}
async function credentialsIn(path, repository, env) {
  const file = readAuthFile(path);
  if (file === void 0) return void 0;
  const names2 = namesOf(repository);
  for (const name2 of names2) {
    const helper = file.credHelpers?.[name2];
    if (helper !== void 0) return askHelper(helper, name2, env);
  }
  if (file.credsStore !== void 0 && file.credsStore !== "") {
    const server = repository.host === "docker.io" ? hubServer : repository.host;
    const found = await askHelper(file.credsStore, server, env);
    if (found !== void 0) return found;
  }
  for (const name2 of names2) {
    const found = credentialsOf(file.auths?.[name2], path);
    if (found !== void 0) return found;
  }
  return void 0;
}
function namesOf(repository) {
  const parts = formatRepository(repository).split("/");
  const paths = parts.map((_, i) => parts.slice(0, parts.length - i).join("/"));
  const { host } = repository;
  const urls = [`https://${host}`, `https://${host}/v1/`, `https://${host}/v2/`];
  const hub = [hubServer, "index.docker.io", "registry-1.docker.io"];
  return [...paths, ...urls, ...host === "docker.io" ? hub : []];
}
function readAuthFile(path) {
  let text3;
  try {
    text3 = readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return void 0;
    throw new Failure(`Cannot read the registry logins in ${path}: ${messageOf(error)}.`, { cause: error });
  }
  try {
    const json = JSON.parse(text3 === "" ? "{}" : text3);
    if (typeof json === "object" && json !== null) return json;
  } catch {
  }
  throw new Failure(`Cannot read the registry logins in ${path}: it is not a JSON object. Run docker login again.`);
}
function credentialsOf(entry, path) {
  if (entry === void 0) return void 0;
  if (entry.identitytoken) return { kind: "identity", token: entry.identitytoken };
  if (entry.registrytoken) return { kind: "bearer", token: entry.registrytoken };
  if (entry.username && entry.password) return { kind: "basic", username: entry.username, password: entry.password };
  if (!entry.auth) return void 0;
  const pair = Buffer.from(entry.auth, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = pair.indexOf(":");
  if (colon > 0) return { kind: "basic", username: pair.slice(0, colon), password: pair.slice(colon + 1) };
  throw new Failure(
    `Cannot read the registry logins in ${path}: an "auth" is not base64 of USER:PASSWORD. Run docker login again.`
  );
}
async function askHelper(name2, server, env) {
  const program = `docker-credential-${name2}`;
  if (findProgram(program, env) === void 0) {
    throw new Failure(
      `Cannot get the login for ${server}: Docker's config names the helper ${program}, which is not on PATH.`
    );
  }
  const { code: code2, stdout } = await runProgram(program, ["get"], { env, input: server });
  if (code2 !== 0) {
    if (/credentials not found|no credentials|not found in native keychain/i.test(stdout)) return void 0;
    throw new Failure(`Cannot get the login for ${server}: ${program} failed with exit code ${code2}.`);
  }
  const { Username, Secret } = parseAnswer2(stdout, program);
  if (Username === "<token>") return { kind: "identity", token: Secret };
  return { kind: "basic", username: Username, password: Secret };
}
function parseAnswer2(stdout, program) {
  try {
    const { Username, Secret } = JSON.parse(stdout);
    if (typeof Username === "string" && typeof Secret === "string") return { Username, Secret };
  } catch {
  }
  throw new Failure(`Cannot get a login from ${program}: its answer is not JSON with Username and Secret.`);
}

// src/registry/challenge.ts
function parseChallenges(header) {
  const challenges = [];
  const pattern = /\s*,?\s*(?:([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z][\w-]*))/y;
  for (let match = pattern.exec(header); match !== null; match = pattern.exec(header)) {
    const [, name2, quoted, bare, scheme] = match;
    if (scheme !== void 0) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    const current = challenges.at(-1);
    if (name2 !== void 0 && current !== void 0) {
      current.parameters[name2.toLowerCase()] = quoted?.replaceAll(/\\(.)/g, "$1") ?? bare ?? "";
    }
  }
  return challenges;
}

// src/registry/registry-error.ts
var RegistryError = class extends Failure {
  name = "RegistryError";
  status;
  /** The registry's own codes, such as MANIFEST_BLOB_UNKNOWN. */
  codes;
  /** Milliseconds that the registry asks to wait (Retry-After), 0 where it does not say. */
  retryAfter;
  constructor(message, answer) {
    super(message);
    this.status = answer.status;
    this.codes = answer.codes;
    this.retryAfter = answer.retryAfter;
  }
};
var IndexRefusal = class extends RegistryError {
};
var unknownContent = ["BLOB_UNKNOWN", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_UNKNOWN"];
function isUnknownContent(error) {
  if (!(error instanceof Error)) return false;
  const codes = error instanceof RegistryError ? error.codes : [];
  const unknown = error instanceof IndexRefusal ? [...unknownContent, "MANIFEST_INVALID"] : unknownContent;
  return codes.some((code2) => unknown.includes(code2)) || isUnknownContent(error.cause);
}
function isDenied(error) {
  return error instanceof RegistryError && (error.status === 401 || error.status === 403);
}
var UnsettledError = class extends RegistryError {
};
var largestErrorBody = 8192;
async function readRegistryError(failed2, { url, method }, response) {
  const { codes, words } = parseErrors(await response.bytes(largestErrorBody).then(String, () => ""));
  const said = [response.status, words].filter((part) => part !== "").join(" ");
  const cure = cureOf2(response.status, url.host, words);
  const message = `${failed2}: the answer to ${method} ${url.origin}${url.pathname} was ${said}.`;
  return new RegistryError(cure === "" ? message : `${message} ${cure}`, {
    status: response.status,
    codes,
    retryAfter: retryAfterOf(response)
  });
}
function parseErrors(body) {
  try {
    const { errors = [] } = JSON.parse(body);
    const words = errors.map(({ code: code2, message }) => [code2, message].filter(Boolean).join(": ")).join("; ");
    if (words !== "") return { codes: errors.flatMap(({ code: code2 }) => code2 ?? []), words: onOneLine(words) };
  } catch {
  }
  const text3 = body.trimStart();
  return { codes: [], words: text3.startsWith("<") ? "" : onOneLine(text3) };
}
function onOneLine(text3) {
  return text3.slice(0, 400).replaceAll(/\s+/g, " ").trim();
}
function cureOf2(status, host, words) {
  const isGhcr = host === "ghcr.io";
  if (status === 401) {
    return isGhcr ? "Give github-token, or log in with username and password." : "Log in: give username and password, or run docker login in a step before.";
  }
  if (status === 403) {
    return isGhcr ? 'Add "permissions: packages: write" to the job, and give this repository write access in the settings of the package.' : "The login is known but may not do this: check that it may push to this repository.";
  }
  if (status === 404 && /NAME_UNKNOWN|not found|does not exist/i.test(words)) {
    return "Create the repository in the registry first, or check its name.";
  }
  return "";
}
function retryAfterOf(response) {
  const value = response.header("retry-after") ?? "";
  return /^\d+$/.test(value) ? Number(value) * 1e3 : 0;
}

// required:node:net
var { isIP } = __require("node:net");

// src/registry/token.ts
var largestToken = 1 << 20;
async function fetchToken(transport, token) {
  const realm = realmOf(token);
  if (token.credentials?.kind === "bearer") return token.credentials.token;
  try {
    return await askRealm(transport, realm, token);
  } catch (error) {
    const isRefused = error instanceof RegistryError && [400, 401, 403, 404].includes(error.status);
    if (!isRefused || token.mountScopes.length === 0) throw error;
    return askRealm(transport, realm, { ...token, mountScopes: [] });
  }
}
async function askRealm(transport, realm, token) {
  const { credentials } = token;
  const request = credentials?.kind === "identity" ? refreshRequest(realm, token, credentials.token) : getRequest(realm, token);
  const response = await transport.send(request);
  if (response.status !== 200) throw await readRegistryError(`Cannot log in to ${token.origin}`, request, response);
  const found = tokenIn(await response.bytes(largestToken));
  if (found === void 0) throw new Failure(`Cannot log in to ${token.origin}: ${realm.host} sent no token.`);
  return found;
}
function tokenIn(body) {
  try {
    const { token, access_token } = JSON.parse(body.toString("utf8"));
    const found = token || access_token;
    return typeof found === "string" ? found : void 0;
  } catch {
    return void 0;
  }
}
function realmOf({ challenge, origin }) {
  const { realm = "" } = challenge.parameters;
  const refuse2 = (why) => new Failure(`Cannot log in to ${origin}: it names the token realm "${realm}", ${why}.`);
  if (!URL.canParse(realm)) throw refuse2("which is not a URL");
  const url = new URL(realm);
  const registry = new URL(origin);
  if (url.protocol !== "https:" && url.protocol !== registry.protocol) throw refuse2("which is not https");
  const isLocal = (host) => isLoopback(host) || isIP(host.replaceAll(/[[\]]/g, "")) !== 0;
  if (isLocal(url.hostname) && !isLocal(registry.hostname)) throw refuse2("an address that it has no business with");
  return url;
}
function getRequest(realm, { challenge, scope, mountScopes, credentials }) {
  const url = new URL(realm);
  const { service } = challenge.parameters;
  if (service !== void 0) url.searchParams.set("service", service);
  for (const each of [scope, ...mountScopes]) url.searchParams.append("scope", each);
  return { method: "GET", url, headers: credentials?.kind === "basic" ? { authorization: basicOf(credentials) } : {} };
}
function refreshRequest(url, { challenge, scope, mountScopes }, token) {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: "nix-image-action",
    service: challenge.parameters.service ?? "",
    scope: [scope, ...mountScopes].join(" "),
    refresh_token: token
  });
  const bytes = Buffer.from(form.toString());
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: {
      size: bytes.length,
      async *open() {
        yield bytes;
      }
    }
  };
}
function basicOf({ username, password }) {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

// src/registry/registry.ts
var mostRedirects2 = 5;
var transientStatus = /* @__PURE__ */ new Set([408, 429, 499, 500, 502, 503, 504, 522]);
async function openRepository(repository, access) {
  const { log, waits } = access;
  const tryAgain = async (what, body) => {
    const onRetry = (error, wait) => log.info(`${what}: ${sentenceOf(error)} Trying again in ${(wait / 1e3).toFixed(1)} s.`);
    try {
      return await retry(body, { waitFor: transientWait, onRetry, ...waits === void 0 ? {} : { waits } });
    } catch (error) {
      if (error instanceof Failure || codeOf(error) === "") throw error;
      const broken = `Cannot reach ${formatRepository(repository)}. ${what}: ${sentenceOf(error)}`;
      throw new Failure(broken, { cause: error });
    }
  };
  const { origin, challenges } = await tryAgain(`Reaching ${repository.host}`, () => greet(repository, access));
  const login = createLogin({ repository, origin, challenges, access });
  const resolve = (to) => typeof to === "string" ? new URL(`/v2/${repository.path}/${to}`, origin) : to;
  return {
    repository,
    origin,
    request: ({ to, ...request }) => follow2({ ...request, url: resolve(to) }, { origin, login, transport: access.transport }),
    retry: tryAgain,
    refusal: ({ to, ...request }, response) => {
      const doing = { GET: "read from", HEAD: "read from", DELETE: "delete from" }[request.method] ?? "push to";
      const failed2 = `Cannot ${doing} ${formatRepository(repository)}`;
      return readRegistryError(failed2, { ...request, url: resolve(to) }, response);
    }
  };
}
function transientWait(error) {
  if (error instanceof UnsettledError) return error.retryAfter;
  if (error instanceof RegistryError) return transientStatus.has(error.status) ? error.retryAfter : void 0;
  if (error instanceof Failure) return void 0;
  return isBrokenConnection(error) ? 0 : void 0;
}
function codeOf(error) {
  const { code: code2 } = error;
  return typeof code2 === "string" ? code2 : "";
}
function sentenceOf(error) {
  return messageOf(error).replace(/\.?$/, ".");
}
async function greet({ host }, { transport, insecure }) {
  const apiHost = host === "docker.io" ? "registry-1.docker.io" : host;
  const ask2 = async (origin) => {
    const request = { method: "GET", url: new URL("/v2/", origin) };
    const response = await transport.send(request);
    if (response.status !== 200 && response.status !== 401)
      throw await readRegistryError(`Cannot use ${host} as a registry`, request, response);
    await response.discard();
    return { origin, challenges: parseChallenges(response.header("www-authenticate") ?? "") };
  };
  if (isLoopback(host)) {
    try {
      return await ask2(`http://${apiHost}`);
    } catch (error) {
      if (error instanceof RegistryError && error.status !== 400) throw error;
    }
  }
  try {
    return await ask2(`https://${apiHost}`);
  } catch (error) {
    const isOpenToHttp = insecure || isLoopback(host);
    if (error instanceof RegistryError || isUnknownCertificate(error) || !isOpenToHttp) throw explain(error, host);
    try {
      return await ask2(`http://${apiHost}`);
    } catch (second) {
      throw isNoTls(error) || second instanceof RegistryError ? second : explain(error, host);
    }
  }
}
function isUnknownCertificate(error) {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(codeOf(error));
}
function isNoTls(error) {
  return /^(EPROTO|ERR_SSL_\w+)$/.test(codeOf(error));
}
function explain(error, host) {
  if (isUnknownCertificate(error)) {
    return new Failure(
      `Cannot trust ${host}: ${messageOf(error)} (${codeOf(error)}). Set SSL_CERT_FILE to its authority, or name it in insecure-registries.`,
      { cause: error }
    );
  }
  if (codeOf(error) === "ENOTFOUND")
    return new Failure(`Cannot find ${host}: no such host. Check the registry's name in tags.`, { cause: error });
  if (isNoTls(error)) {
    return new Failure(`Cannot speak TLS to ${host}. If it serves plain http, name it in insecure-registries.`, {
      cause: error
    });
  }
  return error;
}
function createLogin(context) {
  const { repository, origin, access } = context;
  let { challenges } = context;
  let current;
  const newHeader = async () => {
    const { credentials } = access;
    const challenge = challenges.find(({ scheme }) => scheme === "bearer");
    if (challenge !== void 0) {
      const scope = `repository:${repository.path}:${access.actions}`;
      const mountScopes = access.mountSources.map(({ path }) => `repository:${path}:pull`);
      const token = await fetchToken(access.transport, { challenge, origin, scope, mountScopes, credentials });
      access.log.secret(token);
      return `Bearer ${token}`;
    }
    const basic = challenges.some(({ scheme }) => scheme === "basic");
    return basic && credentials?.kind === "basic" ? basicOf(credentials) : void 0;
  };
  return {
    header() {
      if (current !== void 0) return current;
      const mine = newHeader();
      mine.catch(() => {
        if (current === mine) current = void 0;
      });
      current = mine;
      return mine;
    },
    learn(response, used) {
      const offered = parseChallenges(response.header("www-authenticate") ?? "");
      if (!offered.some(({ scheme }) => scheme === "bearer" || scheme === "basic")) return false;
      if (used === current) {
        challenges = offered;
        current = void 0;
      }
      return true;
    }
  };
}
async function follow2(request, way) {
  let { url } = request;
  for (let hops = 0; hops <= mostRedirects2; hops++) {
    const response = await sendWithLogin({ ...request, url }, way);
    const location = redirectOf(response);
    if (location === void 0) return response;
    await response.discard();
    url = resolveLocation(location, url);
  }
  throw new Failure(`Cannot reach ${request.url.host}: it redirects more than ${mostRedirects2} times.`);
}
async function sendWithLogin(request, { origin, login, transport }) {
  if (request.url.origin !== origin) return transport.send(request);
  const sendWith = async (header2) => {
    const authorization = await header2;
    const headers = { ...request.headers, ...authorization === void 0 ? {} : { authorization } };
    return transport.send({ ...request, headers });
  };
  const header = login.header();
  const response = await sendWith(header);
  if (response.status !== 401 || !login.learn(response, header)) return response;
  await response.discard();
  return sendWith(login.header());
}
function resolveLocation(location, base) {
  const url = new URL(location, base);
  if (base.protocol !== "https:" || url.protocol === "https:") return url;
  if (url.hostname === base.hostname) {
    url.protocol = "https:";
    url.port = base.port;
    return url;
  }
  throw new Failure(`Cannot follow ${base.host} to ${url.origin}: it leads from https to http.`);
}

// src/registry/client.ts
async function openClient({ host, path }, access) {
  const repository = { host, path };
  const credentials = await findCredentials(repository, access);
  if (credentials !== void 0) {
    access.log.secret(credentials.kind === "basic" ? credentials.password : credentials.token);
  }
  return openRepository(repository, { ...access, credentials, insecure: access.insecureRegistries.includes(host) });
}
function isSameRepository(a, b) {
  return a.host === b.host && a.path === b.path;
}
function byRepository(references) {
  const groups = /* @__PURE__ */ new Map();
  for (const reference of references) {
    const name2 = formatRepository(reference);
    const group = groups.get(name2);
    if (group === void 0) groups.set(name2, [reference]);
    else group.push(reference);
  }
  return [...groups.values()];
}

// src/registry/delete-manifest.ts
async function deleteManifest(client, name2) {
  const request = { method: "DELETE", to: `manifests/${name2}` };
  return client.retry(`Deleting ${name2}`, async () => {
    const response = await client.request(request);
    if ([200, 202, 204].includes(response.status)) {
      await response.discard();
      return "deleted";
    }
    if (response.status === 404) {
      await response.discard();
      return "gone";
    }
    const refusal2 = await client.refusal(request, response);
    const { status, codes } = refusal2;
    const isTag = !name2.startsWith("sha256:");
    const isUnsupported = status === 405 || codes.includes("UNSUPPORTED") || isTag && codes.includes("DIGEST_INVALID");
    if (!isUnsupported) throw refusal2;
    const said = [status, ...codes].join(" ");
    if (!isTag) return { refused: `the registry does not support deletion (${said})` };
    return { refused: `other tags lead to its manifest, and the registry cannot delete a tag alone (${said})` };
  });
}

// src/registry/stored-digest.ts
function hasOtherDigest(response, digest2) {
  return (response.header("docker-content-digest") ?? digest2) !== digest2;
}
function expectDigest({ repository }, response, digest2) {
  if (!hasOtherDigest(response, digest2)) return;
  const stored = response.header("docker-content-digest");
  const { status } = response;
  const message = `Cannot trust ${formatRepository(repository)}: it answered ${status}, but stored ${digest2} as ${stored}.`;
  throw new UnsettledError(message, { status, codes: [], retryAfter: 0 });
}

// src/registry/manifests.ts
var largestManifest = 4 << 20;
var accept = [
  mediaTypes.manifest,
  mediaTypes.index,
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json"
].join(", ");
async function putManifest(client, manifest, name2) {
  const { mediaType: mediaType2, size, digest: digest2 } = manifest.descriptor;
  const request = {
    method: "PUT",
    to: `manifests/${name2}`,
    headers: { "content-type": mediaType2 },
    body: { size, open: manifest.open }
  };
  let isTried = false;
  await client.retry(`Writing the manifest ${name2}`, async () => {
    if (isTried && await digestUnder(client, name2) === digest2) return;
    isTried = true;
    const response = await client.request(request);
    if (![200, 201, 202].includes(response.status)) {
      const refusal2 = await client.refusal(request, response);
      throw mediaType2 === mediaTypes.index ? new IndexRefusal(refusal2.message, refusal2) : refusal2;
    }
    await response.discard();
    expectDigest(client, response, digest2);
  });
}
async function digestUnder(client, name2) {
  const response = await client.request({ method: "HEAD", to: `manifests/${name2}`, headers: { accept } });
  await response.discard();
  return response.status === 200 ? response.header("docker-content-digest") : void 0;
}
async function readManifestIfThere(client, tag) {
  try {
    return await readManifest(client, tag);
  } catch (error) {
    if (error instanceof RegistryError && [400, 401, 403, 404, 405].includes(error.status)) return void 0;
    throw error;
  }
}
async function getManifest(client, name2) {
  return (await readManifest(client, name2)).bytes;
}
async function readManifest(client, name2) {
  const request = { method: "GET", to: `manifests/${name2}`, headers: { accept } };
  return client.retry(`Reading the manifest ${name2}`, async () => {
    const response = await client.request(request);
    if (response.status !== 200) throw await client.refusal(request, response);
    const bytes = await response.bytes(largestManifest);
    if (name2.startsWith("sha256:") && digestOf(bytes) !== name2) {
      throw new Failure(
        `Cannot trust ${formatRepository(client.repository)}: the manifest ${name2} came as ${digestOf(bytes)}.`
      );
    }
    return { bytes, mediaType: response.header("content-type") ?? mediaTypes.manifest };
  });
}

// src/registry/tags.ts
var largestPage = 16 << 20;
async function listTags(client) {
  const tags = [];
  const asked = /* @__PURE__ */ new Set();
  let to = "tags/list?n=1000";
  while (!asked.has(String(to))) {
    asked.add(String(to));
    const page = await readPage(client, to);
    tags.push(...page.tags);
    if (page.next === void 0) break;
    to = page.next;
  }
  return [...new Set(tags)];
}
async function readPage(client, to) {
  const request = { method: "GET", to };
  return client.retry("Listing the tags", async () => {
    const response = await client.request(request);
    if (response.status === 404) {
      await response.discard();
      return { tags: [] };
    }
    if (response.status !== 200) throw await client.refusal(request, response);
    const next = nextOf2(response.header("link") ?? "", response.url);
    const tags = tagsIn(await response.bytes(largestPage), formatRepository(client.repository));
    return { tags, ...next === void 0 ? {} : { next } };
  });
}
function nextOf2(link, base) {
  const [, target] = /<([^<>]*)>[^<]*;\s*rel="?next"?/i.exec(link) ?? [];
  return target === void 0 ? void 0 : resolveLocation(target, base);
}
function tagsIn(bytes, repository) {
  let tags;
  try {
    const json = JSON.parse(bytes.toString("utf8"));
    tags = isObject2(json) ? json.tags ?? [] : void 0;
  } catch {
  }
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === "string")) return tags;
  throw new Failure(`Cannot list the tags of ${repository}: the answer is no list of tags.`);
}
async function resolveTag(client, tag) {
  const request = { method: "HEAD", to: `manifests/${tag}`, headers: { accept } };
  return client.retry(`Reading the tag ${tag}`, async () => {
    const response = await client.request(request);
    await response.discard();
    if (response.status === 404) return void 0;
    if (response.status !== 200) throw await client.refusal(request, response);
    const digest2 = response.header("docker-content-digest") ?? "";
    return isDigest(digest2) ? digest2 : digestOf(await getManifest(client, tag));
  });
}

// src/registry/manifest-links.ts
var largestReferrers = 4 << 20;
var mostPages2 = 100;
async function readLinks(client, digest2) {
  try {
    const json = objectIn(await getManifest(client, digest2));
    return { children: digestsIn(json.manifests), subject: digestsIn([json.subject])[0] };
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404) return { children: [], subject: void 0 };
    throw error;
  }
}
async function listReferrers(client, digest2) {
  const found = [];
  let to = `referrers/${digest2}`;
  for (let page = 0; to !== void 0 && page < mostPages2; page++) {
    const request = { method: "GET", to };
    to = await client.retry(`Listing the referrers of ${digest2}`, async () => {
      const response = await client.request(request);
      const isApi = response.url.origin === client.origin;
      if (isApi && (response.status === 429 || response.status >= 500)) throw await client.refusal(request, response);
      if (!isApi || response.status !== 200) {
        await response.discard();
        return void 0;
      }
      found.push(...digestsIn(objectIn(await response.bytes(largestReferrers)).manifests));
      return nextOf2(response.header("link") ?? "", response.url);
    });
  }
  return [...new Set(found)];
}
function subjectOfTag(tag) {
  const [, hex] = /^sha256-([0-9a-f]{64})(\.[\w.-]+)?$/.exec(tag) ?? [];
  return hex === void 0 ? void 0 : `sha256:${hex}`;
}
function digestsIn(descriptors) {
  const list2 = Array.isArray(descriptors) ? descriptors : [];
  return list2.flatMap((item) => {
    const digest2 = isObject2(item) ? item.digest : void 0;
    return typeof digest2 === "string" && isDigest(digest2) ? [digest2] : [];
  });
}

// src/registry/held-manifests.ts
function createManifestReader(client) {
  const known2 = /* @__PURE__ */ new Map();
  return {
    links(digest2) {
      const links = known2.get(digest2) ?? readLinks(client, digest2);
      known2.set(digest2, links);
      return links;
    },
    referrers: (digest2) => listReferrers(client, digest2)
  };
}
async function findHeld(going, tags, reader) {
  const held = /* @__PURE__ */ new Map();
  await walk(going.values(), async (digest2) => {
    const links = await reader.links(digest2);
    const tagged = [...tags].flatMap(([tag, of]) => subjectOfTag(tag) === digest2 ? [of] : []);
    const referrers = [.../* @__PURE__ */ new Set([...await reader.referrers(digest2), ...tagged])];
    held.set(digest2, { ...links, referrers });
    return [...links.children, ...referrers];
  });
  return sortPointersFirst(held);
}
async function findKept(now, { going, held }, reader) {
  const others = [...now].filter(([tag, digest2]) => {
    const subject = subjectOfTag(tag);
    return going.get(tag) !== digest2 && (subject === void 0 || !held.has(subject));
  });
  const reached = await walk(
    others.map(([, digest2]) => digest2),
    async (digest2) => (await reader.links(digest2)).children
  );
  const starts = [...held].filter(
    ([digest2, { subject }]) => reached.has(digest2) || subject !== void 0 && reached.has(subject)
  );
  return walk(
    starts.map(([digest2]) => digest2),
    async (digest2) => {
      const { children = [], referrers = [] } = held.get(digest2) ?? {};
      return [...children, ...referrers];
    }
  );
}
var requestsAtATime = 8;
async function walk(starts, next) {
  const pool = createPool(requestsAtATime);
  const seen = new Set(starts);
  let level = [...seen];
  while (level.length > 0) {
    const found = await settleAll(level.map((digest2) => pool(() => next(digest2))));
    level = [...new Set(found.flat())].filter((digest2) => !seen.has(digest2));
    for (const digest2 of level) seen.add(digest2);
  }
  return seen;
}
function sortPointersFirst(held) {
  const sorted2 = [];
  const seen = /* @__PURE__ */ new Set();
  const visit = (digest2) => {
    const manifest = held.get(digest2);
    if (manifest === void 0 || seen.has(digest2)) return;
    seen.add(digest2);
    for (const pointed of [...manifest.children, ...manifest.subject === void 0 ? [] : [manifest.subject]]) {
      visit(pointed);
    }
    sorted2.push([digest2, manifest]);
  };
  for (const digest2 of [...held.keys()].sort()) visit(digest2);
  return new Map(sorted2.reverse());
}

// src/registry/delete-tags.ts
function registryShelf(client) {
  return {
    async readTags() {
      const pool = createPool(8);
      const names2 = await listTags(client);
      const found = await settleAll(names2.map((tag) => pool(async () => [tag, await resolveTag(client, tag)])));
      return new Map(found.flatMap(([tag, digest2]) => digest2 === void 0 ? [] : [[tag, digest2]]));
    },
    deleteManifest: (digest2) => deleteManifest(client, digest2),
    deleteTag: (tag) => deleteManifest(client, tag)
  };
}
async function deleteTags(names2, options2) {
  const { client, shelf, log } = options2;
  const tags = await shelf.readTags();
  const going = await findGoing(names2, tags, options2);
  const reader = createManifestReader(client);
  const held = await findHeld(going, tags, reader);
  const deletions = { deleted: [], kept: [] };
  const keep = (name2, reason) => deletions.kept.push({ name: name2, reason });
  const end2 = ending(options2, deletions);
  for (const digest2 of held.keys()) {
    const kept = await findKept(await readAgain({ tags, going }, options2), { going, held }, reader);
    const all = new Set([...held.keys()].filter((one) => !kept.has(one)));
    const name2 = `${formatRepository(client.repository)}@${digest2}`;
    if (kept.has(digest2)) {
      log.info(`${name2} stays: other tags lead to it`);
      keep(name2, "other tags lead to it");
    } else if (!await end2(name2, () => shelf.deleteManifest(digest2, all))) return deletions;
  }
  for (const [tag, digest2] of going) {
    const now = (await shelf.readTags()).get(tag);
    const name2 = formatReference({ ...client.repository, tag });
    const isMoved = now !== void 0 && now !== digest2;
    if (isMoved) {
      log.notice(`${name2} was moved meanwhile, and stays.`);
      keep(name2, "it was moved meanwhile");
    } else await end2(name2, async () => now === void 0 ? "deleted" : shelf.deleteTag(tag));
  }
  return deletions;
}
async function readAgain({ tags, going }, { client, shelf }) {
  const now = new Map(await shelf.readTags());
  for (const tag of tags.keys()) {
    const digest2 = now.has(tag) || going.has(tag) ? void 0 : await resolveTag(client, tag);
    if (digest2 !== void 0) now.set(tag, digest2);
  }
  return now;
}
async function findGoing(names2, tags, { client, log }) {
  const going = /* @__PURE__ */ new Map();
  for (const tag of names2) {
    const digest2 = tags.get(tag);
    const name2 = formatReference({ ...client.repository, tag });
    if (digest2 !== void 0) going.set(tag, digest2);
    else if (await resolveTag(client, tag) === void 0) log.info(`${name2} is gone already`);
    else {
      throw new Failure(
        `Cannot delete ${name2}: it is there, but the list of tags and versions lacks it. Check that the login may see and delete it; for ghcr.io the job needs "permissions: packages: write", and the repository the role Admin in the settings of the package.`
      );
    }
  }
  return going;
}
function ending({ dryRun, log }, { deleted, kept }) {
  return async (name2, body) => {
    const deletion = dryRun ? "deleted" : await body();
    if (typeof deletion === "object") {
      log.notice(`Cannot delete ${name2}: ${deletion.refused}. It stays.`);
      kept.push({ name: name2, reason: deletion.refused });
      return false;
    }
    log.info(`${name2} ${dryRun ? "would be deleted" : deletion === "deleted" ? "is deleted" : "was gone already"}`);
    deleted.push(name2);
    return true;
  };
}

// src/local/read-text.ts
import { readdir, readFile } from "node:fs/promises";
import { join as join3 } from "node:path";
async function readText(path, what) {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Failure(`Cannot read ${path}, given as ${what}: ${messageOf(cause)}.`, { cause });
  }
}
async function readTexts(path, what) {
  let names2;
  try {
    names2 = await readdir(path, { recursive: true });
  } catch (error) {
    if (hasCode(error, "ENOTDIR", "ENOENT")) return [{ path, text: await readText(path, what) }];
    throw new Failure(`Cannot read ${path}, given as ${what}: ${messageOf(error)}.`, { cause: error });
  }
  const files = names2.filter((name2) => name2.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (name2) => ({ path: join3(path, name2), text: await readText(join3(path, name2), what) }))
  );
}

// src/github/repository-facts.ts
async function readRepository(api, repository) {
  const answer = objectOf(await api.get(`repos/${repository}`));
  return {
    ...text("repositoryUrl", answer.html_url),
    description: typeof answer.description === "string" ? answer.description : "",
    ...text("license", objectOf(answer.license).spdx_id),
    ...text("defaultBranch", answer.default_branch)
  };
}
async function readCommitTime(api, { repository, sha }) {
  const answer = objectOf(await api.get(`repos/${repository}/git/commits/${sha}`));
  const time = Date.parse(String(objectOf(answer.committer).date));
  return Number.isNaN(time) ? void 0 : Math.floor(time / 1e3);
}
function text(key, value) {
  return typeof value === "string" ? { [key]: value } : {};
}
function objectOf(value) {
  return isObject2(value) ? value : {};
}

// src/stages/complete-context.ts
var longestAnswer = 15e3;
async function completeContext({ githubToken: token }, host) {
  const { context, log, env } = host;
  const { apiUrl, repository, sha } = context;
  const lacksRepository = context.description === void 0;
  const lacksTime = context.commitTime === void 0 && sha !== void 0;
  if (apiUrl === void 0 || repository === void 0 || !(lacksRepository || lacksTime)) return context;
  if (token === void 0) {
    log.info("Without github-token GitHub is not asked for what the event does not say of the repository.");
    return context;
  }
  const transport = openTransport({ insecureHosts: [], env });
  const ask2 = async (what, question) => {
    try {
      const api = openGitHubApi({ apiUrl, token, send: transport.send, log: { ...log, info: log.debug } });
      return await inTime(question(api));
    } catch (error) {
      log.info(`Going on without ${what}: ${messageOf(error)}`);
      return void 0;
    }
  };
  try {
    const facts = lacksRepository ? await ask2("the repository's description and license", (api) => readRepository(api, repository)) : {};
    const commitTime = lacksTime ? await ask2("the time of the commit", (api) => readCommitTime(api, { repository, sha })) : void 0;
    return { ...context, ...facts, ...commitTime === void 0 ? {} : { commitTime } };
  } finally {
    await transport.close();
  }
}
function inTime(answer) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Failure(`no answer in ${longestAnswer / 1e3} s.`)), longestAnswer);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

// src/stages/describe-run.ts
async function describeRun(images, host) {
  const [first, ...others] = images;
  const known2 = { ...host, context: await completeContext(first, host) };
  const described = [await describeImage(first, known2)];
  for (const inputs of others) described.push(await describeImage(inputs, known2));
  return described;
}
async function describeImage(inputs, host) {
  const { log, context } = host;
  const now = host.now();
  const created2 = createdOf(inputs, host);
  const given = await readGiven(inputs, host);
  const metadata = computeMetadata({ ...inputs, given, created: created2 }, { ...context, now });
  for (const note of metadata.notes) log.notice(note);
  for (const reference of metadata.references) log.info(formatReference(reference));
  expectTags(metadata, inputs);
  return metadata;
}
function createdOf(inputs, { log, context, env, now }) {
  const commitTime = context.checkoutTime ?? context.commitTime;
  const created2 = resolveCreated(inputs.created, { sourceDateEpoch: env.SOURCE_DATE_EPOCH, commitTime, now });
  if (created2 === void 0 && inputs.created === "commit" && inputs.mode !== "cleanup") {
    log.notice("The commit is not known here, so the image keeps the created time of its build.");
  }
  return created2;
}
async function readGiven({ metadata }, { env, resolve }) {
  if (metadata === void 0) return noMetadata;
  if (metadata.kind === "env") return metadataOfEnvironment(env);
  if (metadata.kind === "given") return metadata.metadata;
  const read = async (path) => parseMetadataJson(await readText(resolve(path), "metadata"), path);
  return joinMetadata(await Promise.all(metadata.paths.map(read)));
}
function expectTags({ references, notes }, { push, load, tagging }) {
  if (references.length > 0 || !(push || load)) return;
  if (tagging.rules?.images.length === 0) {
    throw new Failure(
      `Cannot ${push ? "push" : "load"}: every line of images has enable=false. Enable one, or do not push here.`
    );
  }
  const lines = tagging.rules?.rules.map(({ line }) => `"${line}"`) ?? [];
  const what = lines.length === 0 ? "metadata gives" : `the rules ${lines.join(", ")} give`;
  const why = notes.length > 0 ? notes.join(" ") : lines.length === 0 ? "it has none." : "none is for this event.";
  throw new Failure(
    `Cannot ${push ? "push" : "load"}: ${what} no tag: ${why} Add a rule for it, such as type=ref,event=branch, type=ref,event=tag, type=ref,event=pr, type=sha or type=raw,value=TAG, or do not push here.`
  );
}

// src/stages/cleanup.ts
async function cleanUp(images, { host, access }) {
  const [inputs] = images;
  const described = await describeRun(images, asPullRequest(host));
  const references = described.flatMap((metadata2) => metadata2.references);
  const [metadata] = described;
  if (references.length === 0) {
    throw new Failure(
      "Cannot clean up: tags name nothing for this event. Give references, or images and a rule for it, such as type=ref,event=pr."
    );
  }
  const { dryRun } = inputs;
  const all = [];
  for (const tags of byRepository(references)) {
    const [repository] = tags;
    const isGitHub = isGitHubRegistry(repository, host);
    const actions = isGitHub ? "pull" : "pull,delete";
    const client = await openClient(repository, { ...access, actions, mountSources: [] });
    const shelf = isGitHub ? await openGitHubShelf(client, { inputs, host, access }) : registryShelf(client);
    const names2 = [...new Set(tags.map(({ tag }) => tag))];
    all.push(await deleteTags(names2, { client, shelf, dryRun, log: host.log }));
  }
  const [deleted, kept] = [all.flatMap((one) => one.deleted), all.flatMap((one) => one.kept)];
  return { metadata, deleted, kept, dryRun };
}
function asPullRequest(host) {
  const { pullRequest } = host.context;
  if (pullRequest === void 0) return host;
  return { ...host, context: { ...host.context, ref: `refs/pull/${pullRequest}/merge` } };
}
function isGitHubRegistry({ host: registry }, { context }) {
  const { repositoryUrl } = context;
  const isServers = repositoryUrl !== void 0 && registry === `containers.${new URL(repositoryUrl).host}`;
  return registry === "ghcr.io" || isServers;
}
async function openGitHubShelf({ repository }, { inputs, host, access }) {
  const { githubToken: token } = inputs;
  if (token === void 0) {
    throw new Failure(
      `Cannot clean up ${formatRepository(repository)}: versions of packages are deleted by GitHub's API, which needs github-token.`
    );
  }
  const { apiUrl = "https://api.github.com" } = host.context;
  const api = openGitHubApi({ apiUrl, token, send: access.transport.send, log: host.log });
  return openContainerPackage(api, repository.path);
}

// src/github/edit-comment.ts
var mostTries = 4;
async function editComment(api, edit) {
  const base = `repos/${edit.repository.split("/").map(encodeURIComponent).join("/")}/issues`;
  const login = await readLogin(api, edit.apiUrl);
  let created2;
  for (let tried = 0; tried < mostTries; tried++) {
    const [first, ...extras] = withCreated(
      await listOwn(api, `${base}/${edit.pullRequest}/comments`, { edit, login }),
      created2
    );
    const body = edit.edit([first, ...extras].flatMap((one) => one?.body ?? []));
    if (first === void 0) {
      created2 = parseComment(await api.request("POST", `${base}/${edit.pullRequest}/comments`, { body }));
      continue;
    }
    if (first.body === body && extras.length === 0) return first.url;
    if (first.body !== body) await api.request("PATCH", `${base}/comments/${first.id}`, { body });
    for (const { id } of extras) await remove2(api, `${base}/comments/${id}`);
    created2 = void 0;
  }
  return created2?.url;
}
function withCreated(own, created2) {
  const isMissing = created2 !== void 0 && own.every(({ id }) => id !== created2.id);
  return [...own, ...isMissing ? [created2] : []].sort((a, b) => a.id - b.id);
}
async function listOwn(api, path, { edit, login }) {
  const own = [];
  for await (const page of api.pages(`${path}?per_page=100`)) {
    for (const item of Array.isArray(page) ? page : []) {
      const comment = parseComment(item);
      if (comment?.body.startsWith(edit.marker) && isBy(item, login)) own.push(comment);
    }
  }
  return own;
}
async function readLogin(api, apiUrl) {
  const path = /\/api\/v3\/?$/.test(apiUrl) ? "../graphql" : "graphql";
  const answer = await api.request("POST", path, { query: "query { viewer { login } }" });
  const data = isObject2(answer) && isObject2(answer.data) ? answer.data : {};
  const login = isObject2(data.viewer) ? data.viewer.login : void 0;
  return typeof login === "string" ? login : "";
}
function isBy(comment, login) {
  const { login: author, type } = isObject2(comment) && isObject2(comment.user) ? comment.user : {};
  return login !== "" && (author === login || type === "Bot" && author === `${login}[bot]`);
}
function parseComment(item) {
  const { id, body, html_url: url } = isObject2(item) ? item : {};
  if (typeof id !== "number" || typeof body !== "string" || typeof url !== "string") return void 0;
  return { id, body, url };
}
async function remove2(api, path) {
  try {
    await api.request("DELETE", path);
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 404) throw error;
  }
}

// src/github/find-pull-request.ts
async function findPullRequest(api, repository, head) {
  const [owner3 = ""] = head.repository.split("/");
  const query = new URLSearchParams({ state: "open", head: `${owner3}:${head.branch}`, per_page: "100" });
  const answer = await api.get(`repos/${repository.split("/").map(encodeURIComponent).join("/")}/pulls?${query}`);
  const found = (Array.isArray(answer) ? answer : []).flatMap((item) => parsePullRequest(item, head) ?? []);
  return found.length === 1 ? found[0] : void 0;
}
function parsePullRequest(item, { repository, sha }) {
  const { number: number2, head, base } = isObject2(item) ? item : {};
  if (typeof number2 !== "number" || !isObject2(head) || head.sha !== sha) return void 0;
  if (!isObject2(head.repo) || head.repo.full_name !== repository) return void 0;
  return { number: number2, baseRef: isObject2(base) && typeof base.ref === "string" ? base.ref : void 0 };
}

// src/oci/config.ts
function parseConfig(bytes, what) {
  const text3 = Buffer.from(bytes).toString("utf8");
  let json;
  try {
    json = parse(text3);
  } catch (cause) {
    throw new Failure(`Cannot read ${what}: it is not JSON (${messageOf(cause)}).`, { cause });
  }
  if (!isObject2(json)) throw new Failure(`Cannot read ${what}: an image config is a JSON object.`);
  for (const field of ["config", "rootfs"]) expectObjectOrNull(json[field], field, what);
  const config2 = { json, bytes };
  labelsOf(config2);
  return config2;
}
function configOf(json) {
  return { json, bytes: Buffer.from(stringify(json) ?? "") };
}
function labelsOf(config2) {
  const labels = objectOf2(config2.json.config).Labels ?? {};
  if (isObject2(labels) && Object.values(labels).every((value) => typeof value === "string")) return labels;
  throw new Failure("Cannot read the image config: config.Labels is not a map of strings.");
}
function diffIdsOf(config2) {
  const list2 = objectOf2(config2.json.rootfs).diff_ids;
  if (list2 === void 0 || list2 === null) return void 0;
  if (!Array.isArray(list2)) throw new Failure("Cannot read the image config: rootfs.diff_ids is not a list.");
  return list2.map((item, i) => parseDigest(item, `rootfs.diff_ids[${i}] of the image config`));
}
function createdOf2(config2) {
  const { created: created2 } = config2.json;
  return typeof created2 === "string" ? created2 : void 0;
}
function platformOf(config2) {
  const { os, architecture: architecture2, variant } = config2.json;
  return [os, architecture2, variant].filter((part) => typeof part === "string" && part !== "").join("/");
}
function withChanges(config2, { labels, deleted, created: created2 }) {
  const before = labelsOf(config2);
  const added = Object.keys(labels).sort();
  const merged2 = new Map([...Object.entries(before), ...added.map((key) => [key, labels[key] ?? ""])]);
  const after = Object.fromEntries([...merged2].filter(([key]) => !deleted.has(key)));
  const isCreatedSame = created2 === void 0 || created2 === config2.json.created;
  const areLabelsSame = sameLabels(before, after);
  if (isCreatedSame && areLabelsSame) return config2;
  return configOf({
    ...config2.json,
    ...isCreatedSame ? {} : { created: created2 },
    ...areLabelsSame ? {} : { config: { ...objectOf2(config2.json.config), Labels: after } }
  });
}
function withDiffIds(config2, diffIds) {
  const listed = diffIdsOf(config2);
  if (listed === void 0) {
    return configOf({ ...config2.json, rootfs: { diff_ids: diffIds, type: "layers" } });
  }
  if (listed.length === diffIds.length && listed.every((digest2, i) => digest2 === diffIds[i])) return config2;
  throw new Failure(`Cannot use the image: its config lists layers [${listed}], its layers are [${diffIds}].`);
}
function sameLabels(a, b) {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
function objectOf2(value) {
  return isObject2(value) ? value : {};
}
function expectObjectOrNull(value, field, what) {
  if (value === void 0 || value === null || isObject2(value)) return;
  throw new Failure(`Cannot read ${what}: its field "${field}" is not an object.`);
}

// src/oci/manifest.ts
function manifestBlob({ config: config2, layers, annotations }) {
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config2,
    layers,
    ...sortedAnnotations(annotations)
  };
  return blobOf(JSON.stringify(json), mediaTypes.manifest);
}
function sortedAnnotations(annotations) {
  const names2 = Object.keys(annotations).sort();
  if (names2.length === 0) return {};
  return { annotations: Object.fromEntries(names2.map((name2) => [name2, annotations[name2] ?? ""])) };
}
function blobOf(content, mediaType2) {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return {
    descriptor: { mediaType: mediaType2, digest: digestOf(bytes), size: bytes.length },
    async *open() {
      yield bytes;
    }
  };
}

// src/registry/blobs.ts
var chunkSize = 4 << 20;
var largestChunk = 64 << 20;
var largestReadBlob = 16 << 20;
async function uploadBlob(client, blob, from) {
  const { digest: digest2 } = blob.descriptor;
  const upload = { client, blob, url: void 0, inChunks: false };
  return client.retry(`Uploading ${digest2}`, async () => {
    const resumed = upload.url === void 0 ? void 0 : await resumeUpload(client, upload.url);
    if (resumed !== void 0) {
      await putChunks(upload, resumed);
      return "uploaded";
    }
    const isFirstTry = upload.url === void 0;
    if (!(isFirstTry && from === "new") && await hasBlob(client, digest2)) return isFirstTry ? "exists" : "uploaded";
    const mounted = typeof from === "object" ? await mountBlob(client, digest2, from) : void 0;
    const session = mounted ?? await startUpload(client);
    if (session === "mounted") return "mounted";
    upload.url = session.url;
    if (!upload.inChunks && await putWhole(upload, session)) return "uploaded";
    await putChunks(upload, upload.inChunks ? session : await startUpload(client));
    return "uploaded";
  });
}
async function hasBlob(client, digest2) {
  const request = { method: "HEAD", to: `blobs/${digest2}` };
  const response = await client.request(request);
  if (response.status >= 500 || response.status === 429) throw await client.refusal(request, response);
  await response.discard();
  return response.status === 200 && !hasOtherDigest(response, digest2);
}
async function mountBlob(client, digest2, from) {
  const to = `blobs/uploads/?mount=${digest2}&from=${encodeURIComponent(from.path)}`;
  const response = await client.request({ method: "POST", to, body: emptyBody });
  await response.discard();
  if (response.status === 201 && !hasOtherDigest(response, digest2)) return "mounted";
  return response.status === 202 ? sessionOf(response) : void 0;
}
async function startUpload(client) {
  const request = { method: "POST", to: "blobs/uploads/", body: emptyBody };
  const response = await client.request(request);
  const session = response.status === 202 ? sessionOf(response) : void 0;
  if (session === void 0) throw await client.refusal(request, response);
  await response.discard();
  return session;
}
async function resumeUpload(client, url) {
  const response = await client.request({ method: "GET", to: url });
  await response.discard();
  const offset = offsetOf(response);
  if (response.status !== 204 || offset === 0) return void 0;
  return { url, chunkMinimum: chunkMinimumOf(response), ...sessionOf(response), offset };
}
async function putWhole(upload, { url }) {
  const { client, blob } = upload;
  const { digest: digest2, size } = blob.descriptor;
  const request = {
    method: "PUT",
    to: withDigest(url, digest2),
    headers: { "content-type": "application/octet-stream" },
    body: { size, open: () => blob.open("brief") }
  };
  const response = await client.request(request);
  if (response.status === 413) {
    await response.discard();
    return false;
  }
  await expectStored(upload, request, response);
  return true;
}
async function putChunks(upload, { url, offset, chunkMinimum }) {
  const { client, blob } = upload;
  upload.inChunks = true;
  upload.url = url;
  let start = offset;
  for await (const chunk of chunksOf(blob.open(), offset, Math.max(chunkSize, chunkMinimum))) {
    const request = {
      method: "PATCH",
      to: upload.url,
      headers: {
        "content-type": "application/octet-stream",
        "content-range": `${start}-${start + chunk.length - 1}`
      },
      body: {
        size: chunk.length,
        async *open() {
          yield chunk;
        }
      }
    };
    const response = await client.request(request);
    if (response.status !== 202 && response.status !== 201) throw await uploadRefusal(client, request, response);
    await response.discard();
    upload.url = locationOf(response) ?? upload.url;
    start += chunk.length;
  }
  const end2 = { method: "PUT", to: withDigest(upload.url, blob.descriptor.digest), body: emptyBody };
  await expectStored(upload, end2, await client.request(end2));
}
async function* chunksOf(source, offset, size) {
  let skip = offset;
  let parts = [];
  let length = 0;
  for await (const piece of source) {
    const wanted = piece.subarray(Math.min(skip, piece.length));
    skip -= piece.length - wanted.length;
    parts.push(wanted);
    length += wanted.length;
    while (length >= size) {
      const all = Buffer.concat(parts);
      yield all.subarray(0, size);
      parts = [all.subarray(size)];
      length -= size;
    }
  }
  if (length > 0) yield Buffer.concat(parts);
}
async function expectStored({ client, blob }, request, response) {
  if (![201, 202, 204].includes(response.status)) throw await uploadRefusal(client, request, response);
  await response.discard();
  expectDigest(client, response, blob.descriptor.digest);
}
async function uploadRefusal(client, request, response) {
  const error = await client.refusal(request, response);
  const isUnsettled = [404, 416].includes(error.status) || error.codes.some((code2) => /^(BLOB_UPLOAD_|DIGEST_INVALID)/.test(code2));
  return isUnsettled ? new UnsettledError(error.message, error) : error;
}
function sessionOf(response) {
  const url = locationOf(response);
  return url === void 0 ? void 0 : { url, offset: 0, chunkMinimum: chunkMinimumOf(response) };
}
function locationOf(response) {
  const location = response.header("location");
  return location === void 0 ? void 0 : resolveLocation(location, response.url);
}
function chunkMinimumOf(response) {
  const bytes = Number(response.header("oci-chunk-min-length") ?? 0);
  return bytes > 0 ? Math.min(bytes, largestChunk) : 0;
}
function offsetOf(response) {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(response.header("range") ?? "")?.[1];
  return last === void 0 || last === "0" ? 0 : Number(last) + 1;
}
function withDigest(url, digest2) {
  const ended = new URL(url);
  ended.search += `${url.search === "" ? "?" : "&"}digest=${encodeURIComponent(digest2)}`;
  return ended;
}
var emptyBody = { size: 0, async *open() {
} };
async function checkMayPush(client) {
  await client.retry(`Asking ${client.repository.host} whether a push is allowed`, async () => {
    const request = { method: "POST", to: "blobs/uploads/", body: emptyBody };
    const response = await client.request(request);
    if (response.status !== 202) throw await client.refusal(request, response);
    await response.discard();
    const url = locationOf(response);
    if (url !== void 0) await cancelUpload(client, url);
  });
}
async function cancelUpload(client, url) {
  try {
    await (await client.request({ method: "DELETE", to: url })).discard();
  } catch {
  }
}
async function readBlob(client, { digest: digest2 }) {
  const request = { method: "GET", to: `blobs/${digest2}` };
  return client.retry(`Reading ${digest2}`, async () => {
    const response = await client.request(request);
    if (response.status !== 200) throw await client.refusal(request, response);
    const bytes = await response.bytes(largestReadBlob);
    if (digestOf(bytes) === digest2) return bytes;
    throw new Failure(
      `Cannot trust ${formatRepository(client.repository)}: it gave other bytes for the blob ${digest2}.`
    );
  });
}
async function* openBlob(client, { digest: digest2 }) {
  const request = { method: "GET", to: `blobs/${digest2}` };
  const response = await client.request(request);
  if (response.status !== 200) throw await client.refusal(request, response);
  yield* response.body;
}

// src/registry/stored-image.ts
var imageTypes = [mediaTypes.manifest, "application/vnd.docker.distribution.manifest.v2+json"];
var indexTypes = [mediaTypes.index, "application/vnd.docker.distribution.manifest.list.v2+json"];
async function readStored(client, name2, platform) {
  const what = `${formatRepository(client.repository)} (${name2})`;
  const bytes = await getManifest(client, name2);
  const json = parseObject2(bytes, what);
  const digest2 = digestOf(bytes);
  const { manifests } = json;
  if (!Array.isArray(manifests)) {
    return { digest: digest2, images: [await readImage(client, { bytes, json, what })], others: 0 };
  }
  const entries = imageEntries(manifests, what);
  const [first, ...more] = await readEntries(client, entries, { platform, what });
  if (first === void 0 || platform !== void 0 && more.length > 0) {
    const there = entries.map((entry) => entry.platform ?? entry.descriptor.digest).join(", ");
    throw new Failure(
      platform === void 0 ? `Cannot use ${what}: it is an index that lists no image.` : `Cannot choose an image for ${platform} from ${what}: it has ${there}. Name one by its digest.`
    );
  }
  const index = { annotations: annotationsOf2(json) };
  return { digest: digest2, index, images: [first, ...more], others: manifests.length - entries.length };
}
function imageEntries(manifests, what) {
  const descriptors = manifests.filter(isDescriptor);
  const nested = descriptors.find(({ mediaType: mediaType2 }) => indexTypes.includes(mediaType2));
  if (nested !== void 0) {
    throw new Failure(`Cannot use ${what}: it is an index that lists another, ${nested.digest}. Name that one.`);
  }
  const entries = descriptors.filter(isImage).map((descriptor) => ({ descriptor, platform: platformIn(descriptor) }));
  return entries.filter(({ platform }) => platform !== "unknown/unknown");
}
function isImage(entry) {
  return imageTypes.includes(entry.mediaType) && entry.artifactType === void 0;
}
function platformIn({ platform }) {
  if (!isObject2(platform)) return void 0;
  const { os, architecture: architecture2, variant } = platform;
  return [os, architecture2, variant].filter((part) => typeof part === "string" && part !== "").join("/");
}
async function readEntries(client, entries, { platform: wanted, what }) {
  const isWanted = (platform) => wanted === void 0 || platform === wanted || platform.startsWith(`${wanted}/`);
  const candidates = entries.filter(({ platform }) => platform === void 0 || isWanted(platform));
  const images = await settleAll(
    candidates.map(async ({ descriptor: { digest: digest2 } }) => {
      const bytes = await getManifest(client, digest2);
      return readImage(client, { bytes, json: parseObject2(bytes, what), what: `${what}, ${digest2}` });
    })
  );
  return images.filter((image2, i) => isWanted(candidates[i]?.platform ?? image2.platform));
}
async function readImage(client, { bytes, json, what }) {
  const { mediaType: mediaType2 = mediaTypes.manifest, config: configDescriptor, layers } = json;
  const isKnown = typeof mediaType2 === "string" && imageTypes.includes(mediaType2);
  if (!isKnown || !isDescriptor(configDescriptor) || !Array.isArray(layers) || !layers.every(isDescriptor)) {
    throw new Failure(`Cannot use ${what}: it is not an image that is understood (${JSON.stringify(mediaType2)}).`);
  }
  const configBytes = await readBlob(client, configDescriptor);
  const config2 = parseConfig(configBytes, `the config of ${what}`);
  return {
    manifest: blobOf(bytes, mediaType2),
    configBlob: blobOf(configBytes, configDescriptor.mediaType),
    config: config2,
    platform: platformOf(config2),
    layers: layers.map((descriptor) => ({ descriptor, open: () => openBlob(client, descriptor) })),
    annotations: annotationsOf2(json),
    place: client.repository
  };
}
function annotationsOf2({ annotations }) {
  const entries = isObject2(annotations) ? Object.entries(annotations) : [];
  return Object.fromEntries(entries.filter((entry) => typeof entry[1] === "string"));
}
function parseObject2(bytes, what) {
  try {
    const json = JSON.parse(bytes.toString("utf8"));
    if (isObject2(json)) return json;
  } catch {
  }
  throw new Failure(`Cannot use ${what}: its manifest is not a JSON object.`);
}

// src/report/image-summary.ts
function summarizeImage({ config: config2, platform, layers }) {
  const contents = contentsOf(config2);
  const isByLayer = contents.length === layers.length;
  const all = contents.flat();
  return {
    platform,
    layers: layers.map(({ descriptor: { digest: digest2, size } }, i) => ({
      digest: digest2,
      size,
      contents: isByLayer ? contents[i] ?? [] : []
    })),
    packages: all.length === 0 ? void 0 : packagesOf(all)
  };
}
var storePath2 = /\/([0-9a-df-np-sv-z]{32})-([0-9A-Za-z+._?=-]{1,211})/g;
function contentsOf({ json }) {
  const history2 = Array.isArray(json.history) ? json.history.filter(isObject2) : [];
  return history2.filter(({ empty_layer: isEmpty2 }) => isEmpty2 !== true).map(({ comment }) => {
    const paths = typeof comment === "string" && comment.startsWith("store paths: ") ? comment : "";
    return [...paths.matchAll(storePath2)].map(([, , name2 = ""]) => name2);
  });
}
function packagesOf(names2) {
  const versions2 = /* @__PURE__ */ new Map();
  for (const { name: name2, version: version2 } of names2.map(parsePackageName)) {
    versions2.set(name2, (versions2.get(name2) ?? /* @__PURE__ */ new Set()).add(version2));
  }
  return new Map([...versions2].sort(byName).map(([name2, found]) => [name2, [...found].sort()]));
}
var byName = ([a], [b]) => a < b ? -1 : 1;
function parsePackageName(text3) {
  const dash = text3.search(/-[^A-Za-z]/);
  if (dash < 1) return { name: text3, version: "" };
  return { name: text3.slice(0, dash), version: text3.slice(dash + 1).replace(/(?<=.)-([a-z]+|lib32|lib64)$/, "") };
}

// src/report/compare-images.ts
function compareImages(before, after) {
  const known2 = new Set(before.layers.map(({ digest: digest2 }) => digest2));
  const isTold = before.packages !== void 0 && after.packages !== void 0;
  return {
    size: sizeOfLayers(after) - sizeOfLayers(before),
    newLayers: after.layers.filter(({ digest: digest2 }) => !known2.has(digest2)),
    packages: isTold ? comparePackages(before.packages, after.packages) : void 0
  };
}
function sizeOfLayers({ layers }) {
  return layers.reduce((sum, { size }) => sum + size, 0);
}
function comparePackages(before, after) {
  const names2 = [.../* @__PURE__ */ new Set([...before.keys(), ...after.keys()])].sort();
  return names2.flatMap((name2) => {
    const [old, now] = [before.get(name2), after.get(name2)];
    if (old === void 0) return [{ name: name2, kind: "added", before: [], after: now ?? [] }];
    if (now === void 0) return [{ name: name2, kind: "removed", before: old, after: [] }];
    const gone = old.filter((version2) => !now.includes(version2));
    const come = now.filter((version2) => !old.includes(version2));
    return gone.length + come.length === 0 ? [] : [{ name: name2, kind: "changed", before: gone, after: come }];
  });
}

// src/report/markdown.ts
function table(head, rows) {
  if (rows.length === 0) return ["None."];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
}
var longestCode = 500;
function code(text3) {
  if (text3 === "") return "";
  const cut = text3.length > longestCode ? `${text3.slice(0, longestCode)}\u2026` : text3;
  const shown = cut.replaceAll(/\s*[\r\n]\s*/g, " \u23CE ").replaceAll("|", "\\|");
  const longestRun = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run2) => run2.length));
  const fence = "`".repeat(longestRun + 1);
  return longestRun === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}

// src/report/preview-comment.ts
var commentMarker = "<!-- nix-image-action -->";
var mostPackages = 50;
var mostLayers = 20;
function renderSection(preview) {
  const { repository, name: name2, references, digest: digest2, images, base, revision, runUrl } = preview;
  const image2 = `${formatRepository(repository)}@${digest2}`;
  const key = name2 === void 0 ? formatRepository(repository) : `${formatRepository(repository)} ${plain(name2)}`;
  const built = revision === void 0 ? [] : [`Built from ${plain(revision).slice(0, 12)}.`];
  const tags = references.length === 0 ? [] : [`Tags: ${references.map((one) => span(formatReference(one))).join(", ")}.`];
  const link = runUrl === void 0 ? [] : [`[Run](${encodeURI(runUrl)})`];
  const lines = [
    `### Container image ${span(name2 ?? repository.path)}`,
    "",
    "```sh",
    `docker pull ${image2}`,
    `docker run --rm ${image2}`,
    "```",
    "",
    ...images.flatMap((one) => platformLines(one, base)),
    [...tags, ...built, ...link].join(" ")
  ];
  return { key, text: lines.join("\n") };
}
function withSection(body, { key, text: text3 }) {
  const sections = new Map(sectionsOf(body)).set(key, text3);
  const sorted2 = [...sections].sort(([a], [b]) => a < b ? -1 : 1);
  return [commentMarker, ...sorted2.map(([name2, section]) => `${begin(name2)}
${section}
${end(name2)}`)].join("\n\n");
}
function sectionsOf(body) {
  const pattern = /^<!-- nix-image-action begin (.+) -->\n([\s\S]*?)\n<!-- nix-image-action end \1 -->$/gm;
  return new Map(
    [...body.replaceAll("\r\n", "\n").matchAll(pattern)].map(([, key = "", text3 = ""]) => [key, text3])
  );
}
var begin = (key) => `<!-- nix-image-action begin ${key} -->`;
var end = (key) => `<!-- nix-image-action end ${key} -->`;
function platformLines(image2, base) {
  const size = formatSize(sizeOfLayers(image2));
  const title = `**${span(image2.platform)}**: ${size} in ${image2.layers.length} layers`;
  const before = base?.images.find((one) => one.platform === image2.platform);
  if (base === void 0 || before === void 0) {
    return [
      `${title}. There is no image of the base branch to compare with.`,
      "",
      ...layerLines(image2.layers, "Layers")
    ];
  }
  const changes = compareImages(before, image2);
  return [
    `${title}, ${signedSize(changes.size)} against ${span(formatReference(base.reference))}.`,
    "",
    ...packageLines(changes),
    ...layerLines(changes.newLayers, "New layers")
  ];
}
function packageLines({ packages }) {
  if (packages === void 0) return [];
  if (packages.length === 0) return ["No package was added, removed or changed its version.", ""];
  const count2 = (kind) => packages.filter((one) => one.kind === kind).length;
  const counts = `${count2("added")} added, ${count2("removed")} removed, ${count2("changed")} changed`;
  const rows = packages.slice(0, mostPackages).map(({ name: name2, kind, before, after }) => {
    return [span(name2), kind, versions(before, kind === "added"), versions(after, kind === "removed")];
  });
  return details(`Packages: ${counts}`, [
    ...table(["Package", "", "Before", "Now"], rows),
    ...moreThan(mostPackages, packages.length)
  ]);
}
function layerLines(layers, what) {
  if (layers.length === 0) return ["No layer is new.", ""];
  const largest = layers.toSorted((a, b) => b.size - a.size).slice(0, mostLayers);
  const rows = largest.map(({ digest: digest2, size, contents }) => [
    span(hexOf(digest2).slice(0, 12)),
    formatSize(size),
    contents.length === 0 ? "" : listShort(contents)
  ]);
  const total = formatSize(sizeOfLayers({ layers }));
  return details(`${what}: ${layers.length}, ${total}`, [
    ...table(["Layer", "Size", "Contents"], rows),
    ...moreThan(mostLayers, layers.length)
  ]);
}
function details(summary, lines) {
  return ["<details>", `<summary>${summary}</summary>`, "", ...lines, "", "</details>", ""];
}
function moreThan(most, length) {
  return length > most ? ["", `and ${length - most} more`] : [];
}
function versions(list2, isAbsent) {
  if (isAbsent) return "";
  return list2.map((version2) => version2 === "" ? "without version" : span(version2)).join(", ");
}
function listShort(names2) {
  const more = names2.length > 3 ? ` and ${names2.length - 3} more` : "";
  return `${names2.slice(0, 3).map(span).join(", ")}${more}`;
}
function signedSize(bytes) {
  if (bytes === 0) return "the same";
  return `${bytes > 0 ? "+" : "\u2212"}${formatSize(Math.abs(bytes))}`;
}
var longestText = 150;
function plain(text3) {
  return text3.replaceAll(/[^A-Za-z0-9._+:/@=?-]/g, "?").slice(0, longestText);
}
function span(text3) {
  return code(plain(text3));
}

// src/stages/comment.ts
async function commentOnPullRequest(inputs, results, circumstances) {
  const { log } = circumstances.host;
  const images = results.flatMap((result, i) => inputs.slice(i, i + 1).map((of) => ({ inputs: of, result })));
  const wanted = images.filter((image2) => image2.inputs.comment);
  const pushed = wanted.filter(({ result }) => result.pushed);
  if (wanted.length > pushed.length) log.info("No comment is written of images that were not pushed.");
  if (pushed.length === 0) return;
  try {
    const url = await writeComment(pushed, circumstances);
    if (url !== void 0) log.info(`Commented: ${url}`);
  } catch (error) {
    log.warning(`Cannot comment on the pull request: ${messageOf(error)}`);
  }
}
async function writeComment(images, circumstances) {
  const { host, access } = circumstances;
  const { repository, apiUrl } = host.context;
  if (!isForPullRequest(host.context) || repository === void 0 || apiUrl === void 0) {
    host.log.info("No comment is written: the run is not for a pull request.");
    return void 0;
  }
  const token = images[0]?.inputs.githubToken;
  if (token === void 0) throw new Failure("it needs github-token.");
  const api = openGitHubApi({ apiUrl, token, send: access.transport.send, log: host.log });
  const pullRequest = await pullRequestOf(host.context, api, repository);
  if (pullRequest === void 0) {
    const { sha = "the commit of the run before" } = host.context.triggeringRun ?? {};
    host.log.info(`No comment is written: no open pull request is at ${sha}, or more than one.`);
    return void 0;
  }
  const previews = [];
  for (const image2 of images) previews.push(await readPreview(image2, pullRequest, circumstances));
  const sections = previews.map(renderSection);
  return editComment(api, {
    repository,
    pullRequest: pullRequest.number,
    apiUrl,
    marker: commentMarker,
    edit: (bodies) => {
      const there = bodies.flatMap((body) => [...sectionsOf(body)].map(([key, text3]) => ({ key, text: text3 })));
      return [...there, ...sections].reduce(withSection, "");
    }
  });
}
function isForPullRequest({ pullRequest, triggeringRun }) {
  return pullRequest !== void 0 || /^pull_request/.test(triggeringRun?.eventName ?? "");
}
async function pullRequestOf({ pullRequest, baseRef, triggeringRun = {} }, api, own) {
  if (pullRequest !== void 0) return { number: pullRequest, baseRef };
  const { repository, branch, sha } = triggeringRun;
  if (repository === void 0 || branch === void 0 || sha === void 0) return void 0;
  return findPullRequest(api, own, { repository, branch, sha });
}
async function readPreview({ inputs, result }, { baseRef }, { host, access }) {
  const { name: name2, root, references, repositories } = result;
  const [repository] = repositories;
  if (repository === void 0) throw new Failure("the image was pushed nowhere.");
  const { revision, runUrl } = host.context;
  const images = await readSummaries(repository, root.digest, access);
  const base = await readBase(baseReferences(inputs, repository, baseRef), { host, access });
  return { repository, name: name2, references, digest: root.digest, images, base, revision, runUrl };
}
function baseReferences({ reuseFrom }, { host, path }, baseRef) {
  const tags = [...baseRef === void 0 ? [] : [toTag(baseRef)], "latest"];
  return [...reuseFrom.slice(0, 1), ...tags.map((tag) => ({ host, path, tag }))];
}
async function readBase(references, { host, access }) {
  for (const reference of references) {
    try {
      const client = await openClient(reference, { ...access, actions: "pull", mountSources: [] });
      const manifest = await readManifestIfThere(client, reference.tag);
      if (manifest === void 0) continue;
      return { reference, images: await readSummaries(reference, digestOf(manifest.bytes), access) };
    } catch (error) {
      host.log.info(`Not compared with ${formatReference(reference)}: ${messageOf(error)}`);
    }
  }
  return void 0;
}
async function readSummaries(repository, name2, access) {
  const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
  return (await readStored(client, name2)).images.map(summarizeImage);
}

// src/oci/image-index.ts
function indexBlob(entries, annotations) {
  const sorted2 = entries.toSorted((a, b) => a.platform < b.platform ? -1 : 1);
  sorted2.forEach(({ platform, descriptor }, i) => {
    const before = sorted2[i - 1];
    if (before?.platform !== platform) return;
    throw new Failure(
      `Cannot make an index: ${before.descriptor.digest} and ${descriptor.digest} are both for ${platform}. Keep one of them.`
    );
  });
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: sorted2.map(({ descriptor: { mediaType: mediaType2, digest: digest2, size }, platform }) => ({
      mediaType: mediaType2,
      digest: digest2,
      size,
      platform: parsePlatform(platform, `the config of ${digest2}`)
    })),
    ...sortedAnnotations(annotations)
  };
  return blobOf(JSON.stringify(json), mediaTypes.index);
}

// src/tar/go-tar.ts
import { posix } from "node:path";
var goTar = {
  device: "0000000",
  recordSize: 512,
  splitName(name2) {
    if (!isAscii(name2)) return void 0;
    const end2 = name2.length > 156 ? 156 : name2.length - Number(name2.endsWith("/"));
    const slash = name2.lastIndexOf("/", end2 - 1);
    const suffix = name2.slice(slash + 1);
    if (slash <= 0 || suffix.length > 100) return void 0;
    return { prefix: name2.slice(0, slash), name: suffix };
  },
  fieldOf(value, size) {
    const ascii = withoutNonAscii(value);
    const cut = ascii.slice(0, size);
    if (ascii.length <= size || !cut.endsWith("/")) return cut;
    const length = cut.replace(/\/+$/, "").length;
    return `${cut.slice(0, length)}\0${cut.slice(length + 1)}`;
  },
  paxName(name2) {
    const slash = name2.lastIndexOf("/") + 1;
    const path = posix.join(name2.slice(0, slash), "PaxHeaders.0", name2.slice(slash));
    return withoutNonAscii(path).slice(0, 100).replace(/\/+$/, "");
  },
  paxRecords: (needed) => needed.toSorted(([a], [b]) => a < b ? -1 : 1)
};
function withoutNonAscii(value) {
  return value.replace(/[\x80-\xff]/g, "");
}

// src/tar/read-header.ts
var blockSize = 512;
var types = {
  "\0": "file",
  "0": "file",
  "7": "file",
  "1": "hardlink",
  "2": "symlink",
  "5": "directory",
  x: "pax",
  g: "pax-global",
  L: "gnu-name",
  K: "gnu-link"
};
function readHeader(block, what) {
  if (block.every((byte) => byte === 0)) return void 0;
  if (readNumber(block, 148, 8) !== checksumOf(block)) {
    throw new Failure(`Cannot read ${what}: it is not a tar archive, or a damaged one (bad header checksum).`);
  }
  const prefix = block.toString("latin1", 257, 262) === "ustar" && block[262] === 0 ? readText2(block, 345, 155) : "";
  const name2 = readText2(block, 0, 100);
  const size = readNumber(block, 124, 12);
  if (!Number.isSafeInteger(size) || size < 0)
    throw new Failure(`Cannot read ${what}: "${name2}" has an impossible size.`);
  return {
    name: prefix === "" ? name2 : `${prefix}/${name2}`,
    type: types[String.fromCharCode(block[156] ?? 0)] ?? "other",
    size,
    linkname: readText2(block, 157, 100)
  };
}
function readPaxRecords(data, what) {
  const records = /* @__PURE__ */ new Map();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(32, at);
    const length = space < 0 ? Number.NaN : Number(data.toString("latin1", at, space));
    const equals = data.indexOf(61, space);
    if (!(length > 0) || at + length > data.length || equals < 0 || equals >= at + length) {
      throw new Failure(`Cannot read ${what}: it has a damaged PAX header.`);
    }
    records.set(data.toString("utf8", space + 1, equals), data.toString("utf8", equals + 1, at + length - 1));
    at += length;
  }
  return records;
}
function paddedSize(size) {
  return Math.ceil(size / blockSize) * blockSize;
}
function readText2(block, start, length) {
  const field = block.subarray(start, start + length);
  const end2 = field.indexOf(0);
  return field.toString("utf8", 0, end2 < 0 ? length : end2);
}
function readNumber(block, start, length) {
  if (((block[start] ?? 0) & 128) === 0) {
    const text3 = readText2(block, start, length).trim();
    return text3 === "" ? 0 : /^[0-7]+$/.test(text3) ? Number.parseInt(text3, 8) : Number.NaN;
  }
  let value = (block[start] ?? 0) & 127;
  for (let i = 1; i < length; i++) value = value * 256 + (block[start + i] ?? 0);
  return value;
}
function checksumOf(block) {
  let sum = 0;
  for (let i = 0; i < blockSize; i++) sum += i >= 148 && i < 156 ? 32 : block[i] ?? 0;
  return sum;
}

// src/tar/write-entry.ts
var typeFlags = { file: "0", symlink: "2", directory: "5", pax: "x" };
var paxHeader = {
  type: "pax",
  ...{ mode: 0, uid: 0, gid: 0, mtime: 0 },
  ...{ prefix: "", linkname: "", uname: "", gname: "", device: "" }
};
function writeEntry(entry, dialect) {
  const { device } = dialect;
  const needed = neededRecords(entry);
  const split = needed.length === 1 && needed[0]?.[0] === "path" ? dialect.splitName(entry.name) : void 0;
  if (needed.length === 0 || split) {
    const block = zeros(blockSize);
    writeBlock(block, { ...entry, prefix: "", device, ...split });
    return block;
  }
  const records = dialect.paxRecords(needed).map(formatRecord).join("");
  const mainAt = blockSize + paddedSize(records.length);
  const blocks = zeros(mainAt + blockSize);
  writeBlock(blocks, { ...paxHeader, name: dialect.paxName(entry.name), size: records.length });
  blocks.write(records, blockSize, "latin1");
  writeBlock(blocks.subarray(mainAt), {
    ...entry,
    name: dialect.fieldOf(entry.name, 100),
    prefix: "",
    linkname: dialect.fieldOf(entry.linkname, 100),
    uname: dialect.fieldOf(entry.uname, 32),
    gname: dialect.fieldOf(entry.gname, 32),
    device
  });
  return blocks;
}
function writeEnd(written, { recordSize }) {
  const end2 = written + 2 * blockSize;
  return Buffer.alloc(Math.ceil(end2 / recordSize) * recordSize - written);
}
function neededRecords(entry) {
  const records = [];
  const text3 = (key, value, size) => {
    if (value.length > size || !isAscii(value)) records.push([key, value]);
  };
  const number2 = (key, value, digits) => {
    if (!fitsOctal(value, digits)) records.push([key, String(value)]);
  };
  text3("path", entry.name, 100);
  text3("linkpath", entry.linkname, 100);
  text3("uname", entry.uname, 32);
  text3("gname", entry.gname, 32);
  number2("uid", entry.uid, 7);
  number2("gid", entry.gid, 7);
  number2("size", entry.size, 11);
  number2("mtime", entry.mtime, 11);
  return records;
}
function formatRecord([key, value]) {
  const rest = ` ${key}=${value}
`;
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return length + rest;
}
function writeBlock(block, fields) {
  const sum = putText(block, 0, fields.name) + putOctal(block, 100, fields.mode) + putOctal(block, 108, fields.uid) + putOctal(block, 116, fields.gid) + putOctal(block, 124, fields.size, 11) + putOctal(block, 136, fields.mtime, 11) + putText(block, 148, "        ") + putText(block, 156, typeFlags[fields.type]) + putText(block, 157, fields.linkname) + putText(block, 257, "ustar\x0000") + putText(block, 265, fields.uname) + putText(block, 297, fields.gname) + putText(block, 329, fields.device) + putText(block, 337, fields.device) + putText(block, 345, fields.prefix);
  putOctal(block, 148, sum, 6);
  block[154] = 0;
}
function putText(block, at, text3) {
  let sum = 0;
  for (let i = 0; i < text3.length; i++) sum += block[at + i] = text3.charCodeAt(i);
  return sum;
}
function putOctal(block, at, value, digits = 7) {
  let rest = fitsOctal(value, digits) ? value : 0;
  let sum = 0;
  for (let i = at + digits - 1; i >= at; i--) {
    sum += block[i] = 48 + (rest & 7);
    rest = Math.floor(rest / 8);
  }
  return sum;
}
function zeros(length) {
  return Buffer.allocUnsafe(length).fill(0);
}
function fitsOctal(value, digits) {
  return value >= 0 && value < 8 ** digits;
}

// src/tar/write-tar.ts
async function* writeTar(members) {
  for await (const member of members) {
    const { size } = member;
    const owner3 = { uid: 0, gid: 0, uname: "", gname: "" };
    const name2 = bytesOf(member.name);
    yield writeEntry({ name: name2, type: "file", mode: 420, size, mtime: 0, linkname: "", ...owner3 }, goTar);
    yield* contentOf(member);
    yield Buffer.alloc(paddedSize(size) - size);
  }
  yield writeEnd(0, goTar);
}
async function* contentOf(member) {
  const fail = (got) => new Failure(`Cannot write ${member.name} into an archive: its content has ${got} than ${member.size} bytes.`);
  let left = member.size;
  for await (const chunk of member.open()) {
    left -= chunk.length;
    if (left < 0) throw fail("more");
    yield chunk;
  }
  if (left > 0) throw fail("less");
}

// src/local/layout.ts
function layoutMembers({ root, images, references }) {
  const blobs = [...images.flatMap((image2) => [...image2.layers, image2.configBlob, image2.manifest]), root];
  const members = blobs.map(({ descriptor, open: open5 }) => ({
    name: `blobs/sha256/${hexOf(descriptor.digest)}`,
    size: descriptor.size,
    open: open5
  }));
  return [
    ...new Map(members.map((member) => [member.name, member])).values(),
    textMember("index.json", JSON.stringify(indexOf(root, references))),
    textMember("oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" }))
  ];
}
function indexOf({ descriptor }, references) {
  const named2 = references.map((reference) => ({
    ...descriptor,
    annotations: {
      "io.containerd.image.name": formatReference(reference),
      "org.opencontainers.image.ref.name": reference.tag
    }
  }));
  return { schemaVersion: 2, mediaType: mediaTypes.index, manifests: named2.length === 0 ? [descriptor] : named2 };
}
async function dockerArchiveMembers({ images, references }) {
  const image2 = onlyOf(images);
  const layers = await Promise.all(
    image2.layers.map(async (layer2) => ({
      name: `${hexOf(layer2.diffId)}/layer.tar`,
      size: await layer2.tarSize(),
      open: layer2.openTar
    }))
  );
  const { descriptor, open: open5 } = image2.configBlob;
  const config2 = { name: `${hexOf(descriptor.digest)}.json`, size: descriptor.size, open: open5 };
  const manifest = [
    { Config: config2.name, RepoTags: references.map(formatReference), Layers: layers.map((layer2) => layer2.name) }
  ];
  return [
    ...new Map(layers.map((layer2) => [layer2.name, layer2])).values(),
    config2,
    textMember("manifest.json", JSON.stringify(manifest))
  ];
}
function onlyOf(images) {
  const [image2] = images;
  if (image2 !== void 0 && images.length === 1) return image2;
  throw new Failure(
    `Cannot make a docker-archive of an image for ${images.length} platforms: it holds one. Use oci or oci-archive.`
  );
}
function textMember(name2, text3) {
  const bytes = Buffer.from(text3);
  return {
    name: name2,
    size: bytes.length,
    async *open() {
      yield bytes;
    }
  };
}

// src/local/load-engine.ts
async function loadIntoEngine(image2, env) {
  const engine = await findEngine(env);
  const { code: code2, stderr } = await runProgram(engine, ["load"], {
    env,
    input: writeTar(await dockerArchiveMembers(image2))
  });
  if (code2 === 0) return engine;
  throw new Failure(
    `Cannot load the image: ${engine} load failed with exit code ${code2}.
${stderr.slice(-2e3).trimEnd()}`
  );
}
async function findEngine(env) {
  for (const engine of ["docker", "podman"]) {
    if (findProgram(engine, env) !== void 0) return engine;
  }
  throw new Failure("Cannot load the image: neither docker nor podman is on PATH. Install one, or set load to false.");
}

// src/local/write-output.ts
import { randomUUID } from "node:crypto";
import { mkdir as mkdir2, open, readdir as readdir2, rename, rm } from "node:fs/promises";
import { dirname, join as join4 } from "node:path";
import { pipeline } from "node:stream/promises";
async function writeOutput(image2, output) {
  const { kind, path } = output;
  if (kind === "oci") await refuseFilled(path);
  const members = kind === "docker-archive" ? await dockerArchiveMembers(image2) : layoutMembers(image2);
  try {
    await mkdir2(dirname(path), { recursive: true });
    await writeAside(members, output);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot write the image to ${kind}:${path}: ${messageOf(cause)}.`, { cause });
  }
}
async function writeAside(members, { kind, path }) {
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    if (kind === "oci") await writeDirectory(members, draft);
    else await writeFile2(writeTar(members), draft);
    await rename(draft, path);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
async function refuseFilled(directory) {
  let names2;
  try {
    names2 = await readdir2(directory);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw new Failure(`Cannot write the image to oci:${directory}: it is not a directory.`, { cause: error });
  }
  if (names2.length > 0)
    throw new Failure(`Cannot write the image to oci:${directory}: it is not empty. Remove it or name another.`);
}
async function writeDirectory(members, directory) {
  for (const member of members) {
    const file = join4(directory, member.name);
    await mkdir2(dirname(file), { recursive: true });
    await writeFile2(member.open(), file);
  }
}
async function writeFile2(source, path) {
  const file = await open(path, "w");
  await pipeline(source, file.createWriteStream());
}

// src/pack/pack-image.ts
import { cpus } from "node:os";
import { join as join5 } from "node:path";

// src/pack/meter.ts
import { createHash as createHash2 } from "node:crypto";
function createMeter() {
  const hash = createHash2("sha256");
  let size = 0;
  return {
    async *through(source) {
      for await (const chunk of source) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    size: () => size,
    digest: () => digestOfHash(hash)
  };
}
async function drain(source) {
  for await (const _ of source) ;
}

// src/pack/spool.ts
import { open as open3 } from "node:fs/promises";

// src/lib/open-file.ts
import { open as open2 } from "node:fs/promises";
var memory = createBlockMemory(1 << 18);
var smallChunk = 1 << 16;
async function* openFile(path, use, { offset, size } = { offset: 0, size: Number.POSITIVE_INFINITY }) {
  const file = await open2(path);
  try {
    const kept = use === "brief" ? memory.take() : void 0;
    for (let at = 0; at < size; ) {
      const block = kept ?? Buffer.allocUnsafeSlow(Math.min(memory.size, size - at));
      const { bytesRead } = await file.read(block, 0, Math.min(block.length, size - at), offset + at);
      if (bytesRead === 0) break;
      const chunk = block.subarray(0, bytesRead);
      yield bytesRead > smallChunk ? chunk : Buffer.from(chunk);
      at += bytesRead;
    }
    if (kept !== void 0) memory.give(kept);
  } finally {
    await file.close();
  }
}

// src/pack/spool.ts
var memory2 = createBlockMemory(1 << 17);
var mostBlocks = 128;
var blocksKept = 0;
async function spool(source, file) {
  const kept = [];
  const release = () => {
    blocksKept -= kept.length;
    for (const { buffer } of kept.splice(0)) memory2.give(Buffer.from(buffer));
  };
  let handle;
  try {
    for await (const { block, length } of blocksOf(source, memory2)) {
      const bytes = block.subarray(0, length);
      if (handle === void 0 && blocksKept < mostBlocks) {
        kept.push(bytes);
        blocksKept += 1;
        continue;
      }
      handle ??= await open3(file, "w");
      for (const part of kept) await handle.writeFile(part);
      release();
      await handle.writeFile(bytes);
      memory2.give(block);
    }
  } catch (error) {
    release();
    throw error;
  } finally {
    await handle?.close();
  }
  if (handle !== void 0) return { open: (use) => openFile(file, use), release };
  return {
    async *open() {
      yield* kept;
    },
    release
  };
}

// src/pack/pack-layer.ts
async function packLayer(layer2, file, compression) {
  return isPassedOn(layer2, compression) ? keepLayer(layer2) : makeLayer(layer2, file, compression ?? defaultCompression);
}
function isPassedOn({ encoding, isKept }, compression) {
  return compression === void 0 && (encoding !== "tar" || isKept === true);
}
async function makeLayer(layer2, file, compression) {
  const tar = createMeter();
  const blob = createMeter();
  const { open: open5, release } = await spool(
    blob.through(compress(tar.through(openTar(layer2, "brief")), compression)),
    file
  );
  const diffId = checkDiffId(layer2, tar.digest());
  const descriptor = {
    mediaType: mediaTypeOf[encodingOf(compression)],
    digest: blob.digest(),
    size: blob.size()
  };
  return {
    descriptor: withFacts(descriptor, { ...identityOf(layer2), diffId, compression: nameOf(compression) }),
    diffId,
    isCertain: true,
    tarSize: async () => tar.size(),
    open: open5,
    openTar: () => openTar(layer2),
    release
  };
}
async function keepLayer(layer2) {
  const tar = createMeter();
  const blob = createMeter();
  const { encoding } = layer2;
  const bytes = blob.through(layer2.open("brief"));
  await drain(tar.through(encoding === "tar" ? bytes : decompressBriefly(bytes, encoding, whatOf(layer2))));
  const diffId = checkDiffId(layer2, tar.digest());
  const descriptor = { mediaType: mediaTypeOf[encoding], digest: blob.digest(), size: blob.size() };
  checkDescriptor(layer2, descriptor);
  return {
    descriptor: withFacts(descriptor, { ...identityOf(layer2), diffId }),
    diffId,
    isCertain: false,
    tarSize: async () => tar.size(),
    // What is compressed is in a file; a tar that is made as it is read may have chunks too small to be sent briefly.
    open: (use) => layer2.open(encoding === "tar" ? void 0 : use),
    openTar: () => openTar(layer2),
    release() {
    }
  };
}
function openTar(layer2, use) {
  const { encoding } = layer2;
  if (encoding === "tar") return layer2.open(use);
  const plain2 = use === "brief" ? decompressBriefly : decompress;
  return plain2(layer2.open("brief"), encoding, whatOf(layer2));
}
function whatOf({ what, diffId }) {
  return what ?? (diffId === void 0 ? "a layer" : `the layer ${diffId}`);
}
function identityOf({ identity }) {
  return identity === void 0 ? {} : { identity };
}
function checkDiffId(layer2, diffId) {
  if (layer2.diffId === void 0 || layer2.diffId === diffId) return diffId;
  throw new Failure(
    `Cannot use ${whatOf(layer2)}: the diffID ${layer2.diffId} is promised, but the bytes have ${diffId}. What it is made of has changed since, or does not build reproducibly: build all of it anew on this machine.`
  );
}
function checkDescriptor(layer2, { digest: digest2, size }) {
  const { descriptor } = layer2;
  if (descriptor === void 0 || descriptor.digest === digest2 && descriptor.size === size) return;
  throw new Failure(
    `Cannot use ${whatOf(layer2)}: ${descriptor.digest} of ${descriptor.size} bytes is promised, but its blob is ${digest2} of ${size}.`
  );
}

// src/pack/reuse-layer.ts
function reuseLayer(layer2, options2) {
  if (layer2.remote !== void 0 && options2.compression === void 0) return packedOf(layer2, layer2.remote, false);
  if (options2.reuse === "off" || isPassedOn(layer2, options2.compression)) return void 0;
  const claimed = claimsAbout(layer2, options2);
  if (options2.reuse === "verify") {
    const honest = claimed.find((blob) => isVouchedFor(blob, layer2, options2));
    return honest && packedOf(layer2, honest, true);
  }
  const found = claimed.find(({ facts }) => layer2.diffId === void 0 || layer2.diffId === facts.diffId);
  return found && packedOf(layer2, found, false);
}
function confirmLayer(packed, layer2, options2) {
  if (options2.reuse === "off" || !packed.isCertain) return packed;
  const { descriptor, diffId } = packed;
  const claimed = claimsAbout({ ...layer2, diffId }, options2);
  const isTrue = (blob) => blob.descriptor.digest === descriptor.digest && blob.descriptor.size === descriptor.size;
  const untrue = claimed.find((blob) => !isTrue(blob));
  if (untrue !== void 0) {
    options2.onFalseClaim(`Cannot confirm that ${nameIn(untrue)} is the layer ${diffId}: made here it is another blob.`);
  }
  const known2 = claimed.find(isTrue);
  return known2 === void 0 ? packed : { ...packed, known: known2 };
}
function claimsAbout({ diffId, identity }, { known: known2, compression = defaultCompression }) {
  const named2 = [diffId, identity].flatMap((name2) => name2 === void 0 ? [] : known2.get(name2) ?? []);
  return [...new Set(named2)].filter((blob) => isMadeBy(blob, compression));
}
function isMadeBy({ descriptor, facts }, compression) {
  return facts.compression === nameOf(compression) && descriptor.mediaType === mediaTypeOf[encodingOf(compression)];
}
function isVouchedFor({ descriptor, facts }, { diffId, identity }, { vouched }) {
  if (vouched === void 0 || diffId !== void 0 && diffId !== facts.diffId) return false;
  return [diffId, identity].some((name2) => name2 !== void 0 && vouched.has(claimOf(name2, descriptor, facts)));
}
async function* exactly(size, known2) {
  const fail = () => new Failure(`Cannot use ${nameIn(known2)}: it has not the ${size} bytes that a manifest claims.`);
  let left = size;
  for await (const chunk of known2.open()) {
    left -= chunk.length;
    if (left < 0) throw fail();
    yield chunk;
  }
  if (left > 0) throw fail();
}
function nameIn({ descriptor, place: place2 }) {
  return `${descriptor.digest} in ${formatRepository(place2)}`;
}
function packedOf(layer2, known2, isCertain) {
  const { descriptor, facts } = known2;
  const { diffId, compression } = facts;
  return {
    descriptor: withFacts(descriptor, {
      ...identityOf(layer2),
      diffId,
      ...compression === void 0 ? {} : { compression }
    }),
    diffId,
    isCertain,
    known: known2,
    async tarSize() {
      const tar = createMeter();
      await drain(tar.through(openTar(layer2, "brief")));
      return tar.size();
    },
    open: () => exactly(descriptor.size, known2),
    openTar: () => openTar(layer2),
    release() {
    }
  };
}

// src/pack/pack-image.ts
var mostLayersAtATime = 4;
function createPacker(directory) {
  const pool = createPool(Math.min(cpus().length, mostLayersAtATime));
  const packed = /* @__PURE__ */ new Map();
  const pack = async (layer2, file, options2) => reuseLayer(layer2, options2) ?? confirmLayer(await packLayer(layer2, file, options2.compression), layer2, options2);
  return {
    pack(layer2, options2) {
      const key = keyOf(layer2);
      const file = join5(directory, `layer-${packed.size}`);
      const promise = packed.get(key) ?? pool(() => pack(layer2, file, options2));
      packed.set(key, promise);
      return promise;
    }
  };
}
function keyOf(layer2) {
  const { isKept, descriptor, diffId, identity } = layer2;
  return (isKept ? descriptor?.digest : void 0) ?? diffId ?? identity ?? layer2;
}
async function packImage(image2, options2) {
  const { annotations, onLayer, packer } = options2;
  const handled = /* @__PURE__ */ new Map();
  const handle = async (layer2) => {
    const packed = await packer.pack(layer2, options2);
    await onLayer(packed);
    return packed;
  };
  const handleOnce = (layer2) => {
    const promise = handled.get(keyOf(layer2)) ?? handle(layer2);
    handled.set(keyOf(layer2), promise);
    return promise;
  };
  const layers = await settleAll(image2.layers.map(handleOnce));
  const config2 = withDiffIds(
    image2.config,
    layers.map((layer2) => layer2.diffId)
  );
  const configBlob2 = blobOf(config2.bytes, mediaTypes.config);
  const manifest = manifestBlob({
    config: configBlob2.descriptor,
    layers: layers.map((layer2) => layer2.descriptor),
    annotations: { ...image2.annotations, ...annotations }
  });
  return { manifest, configBlob: configBlob2, config: config2, layers };
}

// src/registry/move-tags.ts
async function moveTags(moves, options2) {
  const { ifExists, log } = options2;
  const wanted = ifExists === "overwrite" ? moves : await movesLeft(moves, options2);
  const moved = [];
  try {
    for (const [i, move] of wanted.entries()) {
      const isLast = i === wanted.length - 1;
      const mayStay = isLast && ifExists === "overwrite";
      const before = mayStay ? void 0 : await readManifestIfThere(move.client, move.reference.tag);
      if (ifExists !== "overwrite" && isTaken(move, before)) {
        leave([move], options2);
        continue;
      }
      await putManifest(move.client, move.manifest, move.reference.tag);
      moved.push({ ...move, before });
    }
  } catch (error) {
    const left = await putBack(moved, log);
    if (left.length === 0) throw error;
    throw new Failure(`${messageOf(error)} Before that the image was tagged ${namesOf2(left)}.`, { cause: error });
  }
  for (const { reference, manifest } of moved) {
    log.info(`${formatReference(reference)} is ${manifest.descriptor.digest}`);
  }
  return moved.map(({ reference }) => reference);
}
async function movesLeft(moves, options2) {
  const befores = await settleAll(moves.map(({ client, reference }) => readManifestIfThere(client, reference.tag)));
  const taken = moves.filter((move, i) => isTaken(move, befores[i]));
  if (taken.length > 0) leave(taken, options2);
  return moves.filter((move) => !taken.includes(move));
}
function isTaken({ manifest }, now) {
  return now !== void 0 && digestOf(now.bytes) !== manifest.descriptor.digest;
}
function leave(taken, { ifExists, log }) {
  if (ifExists === "error") {
    throw new Failure(
      `Cannot tag the image: ${namesOf2(taken)} exists already and names another one. Choose a new tag, or set if-exists to overwrite or skip.`
    );
  }
  log.notice(`Left as it is, since it exists already: ${namesOf2(taken)}`);
}
function namesOf2(tags) {
  return tags.map(({ reference }) => formatReference(reference)).join(", ");
}
async function putBack(moved, log) {
  const left = [];
  for (const tag of moved) {
    const { client, reference, before } = tag;
    try {
      if (isTaken(tag, await readManifestIfThere(client, reference.tag))) {
        log.info(`${formatReference(reference)} was moved by somebody else and stays so.`);
      } else if (before === void 0) left.push(tag);
      else await putManifest(client, blobOf(before.bytes, before.mediaType), reference.tag);
    } catch (error) {
      log.warning(`Cannot put ${formatReference(reference)} back: ${messageOf(error)}`);
      left.push(tag);
    }
  }
  return left;
}

// src/stages/publish-images.ts
async function publishImages(images, host) {
  let isKept = false;
  return orAnew(host, async (isAnew) => {
    const packer = createPacker(host.temporary);
    const keepsBlobs = images.flatMap(({ variants }) => variants).length > 1 || images.some(isKeptHere);
    const workshop = { host, packer, places: /* @__PURE__ */ new Map(), keepsBlobs, onlyTag: onlyTagOf(images) };
    const pushed = [];
    for (const image2 of images) pushed.push(await packAndPush(isAnew ? withoutReuse(image2) : image2, workshop));
    if (!isKept) for (const [i, one] of pushed.entries()) await keepHere(one, images[i], host);
    isKept = true;
    return tagImages(images, pushed, host);
  });
}
function onlyTagOf(images) {
  const [tag, ...others] = images.flatMap(({ destination }) => destination.tags);
  return others.length === 0 && images[0]?.inputs.ifExists === "overwrite" ? tag : void 0;
}
async function orAnew({ log }, push) {
  try {
    return await push(false);
  } catch (error) {
    if (!isUnknownContent(error)) throw error;
    log.warning(
      `${messageOf(error)} The registry lacks what it was taken to have, so all layers are made and sent anew.`
    );
    return push(true);
  }
}
function withoutReuse(image2) {
  return { ...image2, inputs: { ...image2.inputs, reuse: "off" } };
}
async function tagImages(images, pushed, host) {
  const moves = images.flatMap(
    ({ destination }, i) => destination.tags.map((tag) => ({ ...tag, manifest: pushed[i].root }))
  );
  const ifExists = images[0]?.inputs.ifExists ?? "overwrite";
  const moved = new Set((await moveTags(moves, { ifExists, log: host.log })).map(formatReference));
  return pushed.map(({ result }) => ({
    ...result,
    references: result.pushed ? result.references.filter((reference) => moved.has(formatReference(reference))) : result.references
  }));
}
async function packAndPush(image2, workshop) {
  const { inputs, destination } = image2;
  const known2 = inputs.reuse === "off" ? void 0 : await destination.readKnown();
  const packed = [];
  for (const variant of image2.variants) packed.push(await packVariant(variant, { ...image2, known: known2 }, workshop));
  const images = packed.map((one) => one.image);
  const root = rootOf(images, image2);
  const listed = images.map(({ manifest }) => manifest).filter((manifest) => manifest !== root);
  await settleAll(listed.map(destination.putManifest));
  if (workshop.onlyTag === void 0 || !destination.tags.includes(workshop.onlyTag)) {
    await destination.putManifest(root);
  }
  const variants = packed.map((one) => one.result);
  return { root, images, result: resultOf(image2, root, variants) };
}
function resultOf({ inputs, metadata, destination, layout }, root, variants) {
  return {
    name: inputs.name,
    metadata,
    root: root.descriptor,
    variants,
    repositories: destination.repositories,
    references: inputs.pushByDigest ? [] : metadata.references,
    pushed: inputs.push && !inputs.dryRun,
    uploadedBytes: destination.uploadedBytes(),
    layout: layout?.path
  };
}
async function packVariant({ image: image2, annotations }, { inputs, destination, known: known2, vouched }, { host: { log }, packer, places, keepsBlobs }) {
  const states = /* @__PURE__ */ new Map();
  const packed = await packImage(image2, {
    packer,
    annotations,
    compression: inputs.compression,
    reuse: inputs.reuse,
    known: known2?.layers ?? /* @__PURE__ */ new Map(),
    vouched,
    onFalseClaim: log.warning,
    async onLayer({ descriptor, open: open5, release, known: from }) {
      const { digest: digest2, size } = descriptor;
      const state = stateOf(await destination.upload({ descriptor, open: open5 }, from?.place ?? places.get(digest2)), inputs);
      if (!keepsBlobs) release();
      const [place2] = destination.repositories;
      if (place2 !== void 0 && !inputs.dryRun) places.set(digest2, place2);
      states.set(digest2, state);
      log.info(`${digest2}  ${formatSize(size)}  ${state}`);
    }
  });
  const configPlace = known2 && (known2.configs.get(packed.configBlob.descriptor.digest) ?? "new");
  await destination.upload(packed.configBlob, configPlace);
  const layers = packed.layers.map(({ descriptor, diffId, isCertain }) => ({
    descriptor,
    diffId,
    isCertain,
    state: states.get(descriptor.digest) ?? "not pushed"
  }));
  return { image: packed, result: { ...factsOf2(packed), layers } };
}
function rootOf(images, { inputs, metadata, variants, index }) {
  const [only] = images;
  if (only !== void 0 && images.length === 1 && index === void 0) return only.manifest;
  const entries = images.map(({ manifest, config: config2 }) => ({
    descriptor: manifest.descriptor,
    platform: platformOf(config2)
  }));
  const before = withoutKeys(index?.annotations ?? {}, metadata.deleted);
  const labels = inputs.annotate.includes("index") ? commonOf(variants) : {};
  return indexBlob(entries, { ...before, ...labels, ...annotationsOf(metadata.annotations, "index", void 0) });
}
function commonOf([first, ...others]) {
  const common = Object.entries(first?.labels ?? {}).filter(
    ([key, value]) => others.every(({ labels }) => labels[key] === value)
  );
  return Object.fromEntries(common);
}
function isKeptHere({ inputs: { output, load }, layout }) {
  return output !== void 0 || layout !== void 0 || load;
}
async function keepHere({ root, images }, { inputs, metadata, layout }, { log, env, resolve }) {
  if (inputs.dryRun) return;
  const image2 = { root, images, references: metadata.references };
  const output = inputs.output && { ...inputs.output, path: resolve(inputs.output.path) };
  const outputs = output?.path === layout?.path ? [output] : [output, layout];
  for (const one of outputs) {
    if (one === void 0) continue;
    await writeOutput(image2, one);
    log.info(`Wrote ${one.kind}:${one.path}`);
  }
  if (inputs.load) log.info(`Loaded into ${await loadIntoEngine(image2, env)}`);
}
function stateOf(outcomes, { dryRun }) {
  if (outcomes.length === 0) return "not pushed";
  if (outcomes.includes("uploaded")) return dryRun ? "would be uploaded" : "uploaded";
  return outcomes.includes("mounted") ? "mounted" : "already there";
}
function factsOf2({
  manifest,
  configBlob: configBlob2,
  config: config2
}) {
  return {
    manifest: manifest.descriptor,
    configDigest: configBlob2.descriptor.digest,
    platform: platformOf(config2),
    created: createdOf2(config2),
    labels: labelsOf(config2)
  };
}

// src/stages/join-images.ts
async function joinImages(publications, circumstances) {
  const { host } = circumstances;
  const sources = [];
  for (const publication of publications) sources.push(await openStored(publication, circumstances));
  return orAnew(host, async () => {
    const joined = [];
    for (const [i, publication] of publications.entries()) joined.push(await joinOne(publication, sources[i] ?? []));
    return tagImages(publications, joined, host);
  });
}
async function joinOne(publication, images) {
  const { inputs, metadata, destination } = publication;
  const root = indexBlob(
    images.map(({ manifest, platform }) => ({ descriptor: manifest.descriptor, platform })),
    {
      ...inputs.annotate.includes("index") ? metadata.labels : {},
      ...annotationsOf(metadata.annotations, "index", void 0)
    }
  );
  const variants = [];
  for (const image2 of images) variants.push(await bring(image2, publication));
  await destination.putManifest(root);
  return { root, result: resultOf(publication, root, variants) };
}
async function openStored({ inputs, sources, destination }, { host, access }) {
  const [home] = destination.repositories;
  const found = /* @__PURE__ */ new Map();
  for (const { repository = home, name: name2 } of sources) {
    if (repository === void 0) {
      throw new Failure(`Cannot find ${name2}: it is given without its repository, and tags names none. Give both.`);
    }
    const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
    for (const image2 of (await readStored(client, name2)).images) {
      host.log.info(`${image2.platform}: ${formatRepository(repository)}@${image2.manifest.descriptor.digest}`);
      found.set(image2.manifest.descriptor.digest, image2);
    }
  }
  const images = [...found.values()];
  expectPlatforms(images, inputs);
  return images;
}
function expectPlatforms(images, { platform }) {
  const without = images.find((image2) => !image2.platform.includes("/"));
  if (without !== void 0) {
    throw new Failure(
      `Cannot make an index: the config of ${without.manifest.descriptor.digest} names no platform ("${without.platform}").`
    );
  }
  const wanted = platform?.split(",").map((one) => one.trim());
  if (wanted === void 0) return;
  const there = images.map((image2) => image2.platform);
  const missing = wanted.filter((one) => !there.includes(one));
  const foreign = there.filter((one) => !wanted.includes(one));
  if (missing.length + foreign.length === 0) return;
  throw new Failure(
    `Cannot make an index for ${wanted.join(", ")}: the sources are for ${there.join(", ")}. Check sources, or platform.`
  );
}
async function bring(image2, { inputs, destination }) {
  const { manifest, configBlob: configBlob2, config: config2, layers, place: place2 } = image2;
  const send2 = (blob) => destination.upload(blob, place2);
  const diffIds = diffIdsOf(config2) ?? [];
  const results = [];
  for (const [i, layer2] of layers.entries()) {
    const { descriptor } = layer2;
    const state = stateOf(await send2(layer2), inputs);
    results.push({ descriptor, diffId: diffIds[i] ?? descriptor.digest, state });
  }
  await send2(configBlob2);
  await destination.putManifest(manifest);
  return { ...factsOf2(image2), layers: results };
}

// src/image/oci-layout/open-layout-files.ts
import { lstat, stat } from "node:fs/promises";

// src/tar/index-archive.ts
import { open as open4 } from "node:fs/promises";
import { posix as posix2 } from "node:path";
var longestExtendedHeader = 1 << 20;
var mostLinks = 40;
async function indexArchive(path, what) {
  const extents = /* @__PURE__ */ new Map();
  const links = /* @__PURE__ */ new Map();
  const file = await open4(path);
  try {
    for await (const { header, offset } of membersOf(file, what)) {
      const name2 = memberName(header.name, what);
      extents.delete(name2);
      links.delete(name2);
      if (header.type === "file") extents.set(name2, { offset, size: header.size });
      if (header.type === "symlink") links.set(name2, memberName(targetOf(name2, header.linkname), what));
      if (header.type === "hardlink") links.set(name2, memberName(header.linkname, what));
    }
  } finally {
    await file.close();
  }
  return archiveOf({ path, what, extents, links });
}
function archiveOf({ path, what, extents, links }) {
  const follow3 = (name2) => {
    let target = name2;
    for (let hops = 0; target !== void 0 && hops < mostLinks; hops++) {
      const extent = extents.get(target);
      if (extent !== void 0) return extent;
      target = links.get(target);
    }
    return void 0;
  };
  const find = (name2) => {
    const extent = follow3(name2);
    if (extent === void 0) throw new Failure(`Cannot read ${what}: it has no file "${name2}".`);
    return extent;
  };
  const archive = {
    what,
    names: [...extents.keys(), ...links.keys()],
    has: (name2) => follow3(name2) !== void 0,
    size: (name2) => find(name2).size,
    open: (name2, use) => openFile(path, use, find(name2)),
    async read(name2, limit) {
      if (find(name2).size > limit) {
        throw new Failure(
          `Cannot read ${what}: "${name2}" has ${find(name2).size} bytes, more than the ${limit} it may have.`
        );
      }
      const chunks = [];
      for await (const chunk of archive.open(name2)) chunks.push(chunk);
      return Buffer.concat(chunks);
    }
  };
  return archive;
}
async function* membersOf(file, what) {
  const { size: fileSize } = await file.stat();
  let name2;
  let linkname;
  let size;
  for (let at = 0; at < fileSize; ) {
    const found = readHeader(await readBytes(file, { at, length: blockSize, what }), what);
    if (found === void 0) return;
    const offset = at + blockSize;
    const isExtension = found.type === "pax" || found.type === "gnu-name" || found.type === "gnu-link";
    if (isExtension) {
      if (found.size > longestExtendedHeader)
        throw new Failure(`Cannot read ${what}: it has an extended header of ${found.size} bytes.`);
      const data = await readBytes(file, { at: offset, length: found.size, what });
      const records = found.type === "pax" ? readPaxRecords(data, what) : /* @__PURE__ */ new Map();
      const text3 = data.toString("utf8").replace(/\0.*$/s, "");
      name2 = records.get("path") ?? (found.type === "gnu-name" ? text3 : name2);
      linkname = records.get("linkpath") ?? (found.type === "gnu-link" ? text3 : linkname);
      size = records.has("size") ? Number(records.get("size")) : size;
      at = offset + paddedSize(found.size);
      continue;
    }
    const header = {
      ...found,
      name: name2 ?? found.name,
      linkname: linkname ?? found.linkname,
      size: size ?? found.size
    };
    if (!Number.isSafeInteger(header.size) || header.size < 0) {
      throw new Failure(`Cannot read ${what}: "${header.name}" has an impossible size.`);
    }
    if (offset + header.size > fileSize) throw cutOff(what, header.name);
    if (header.type !== "pax-global") yield { header, offset };
    at = offset + paddedSize(header.size);
    [name2, linkname, size] = [void 0, void 0, void 0];
  }
}
async function readBytes(file, { at, length, what }) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  if (bytesRead < length) throw cutOff(what, "a header");
  return buffer;
}
function cutOff(what, where) {
  return new Failure(`Cannot read ${what}: it is cut off within "${where}". Build or download it again.`);
}
function targetOf(name2, linkname) {
  return linkname.startsWith("/") ? linkname : posix2.join(posix2.dirname(name2), linkname);
}
function memberName(name2, what) {
  const normal = posix2.normalize(name2).replace(/\/$/, "");
  if (normal.startsWith("/") || normal === ".." || normal.startsWith("../")) {
    throw new Failure(
      `Cannot read ${what}: its member "${name2}" points out of the archive. Do not trust this archive.`
    );
  }
  return normal;
}

// src/image/shape.ts
import { closeSync as closeSync2, fstatSync as fstatSync2, openSync as openSync2, readSync as readSync2 } from "node:fs";
var startSize = 4096;
function shapeOf(path) {
  const { start, mode } = readStart2(path);
  const compression = compressionOf(start);
  if (compression === "bzip2") return "unknown";
  if (compression !== void 0) return compression;
  if (start.toString("latin1", 257, 262) === "ustar") return "tar";
  if (isScript(start)) return (mode & 73) === 0 ? "unknown" : "stream-script";
  if (start[0] !== 123) return "unknown";
  return /"(version|image-config)"\s*:/.test(start.toString("utf8")) ? "nix2container" : "stream-settings";
}
function describeFile(path) {
  const { start } = readStart2(path);
  if (start.length === 0) return "an empty file";
  if (isScript(start)) return "a script that is not executable";
  if (compressionOf(start) === "bzip2") return "compressed with bzip2";
  if (start.toString("latin1", 1, 4) === "ELF") return "a program";
  return `a file of another kind (it begins with ${JSON.stringify(start.toString("latin1", 0, 16))})`;
}
function isScript(start) {
  return start.toString("latin1", 0, 2) === "#!";
}
function readStart2(path) {
  const file = openSync2(path, "r");
  try {
    const start = Buffer.alloc(startSize);
    const length = readSync2(file, start, 0, startSize, 0);
    return { start: start.subarray(0, length), mode: fstatSync2(file).mode };
  } finally {
    closeSync2(file);
  }
}

// src/image/oci-layout/layout-directory.ts
import { realpathSync, statSync } from "node:fs";
import { readFile as readFile2 } from "node:fs/promises";
import { join as join6 } from "node:path";
var storeDirectory = "/nix/store";
function openLayoutDirectory(path, what, links = "store") {
  const directory = { root: realpathSync(path), what, links };
  const find = (name2) => {
    const found = findFile(directory, name2);
    if (found === void 0) throw new Failure(`Cannot read ${what}: it has no file "${name2}".`);
    return found;
  };
  return {
    what,
    has: (name2) => findFile(directory, name2) !== void 0,
    size: (name2) => find(name2).size,
    open: (name2, use) => openFile(find(name2).path, use),
    async read(name2, limit) {
      const { path: path2, size } = find(name2);
      if (size <= limit) return readFile2(path2);
      throw new Failure(`Cannot read ${what}: "${name2}" has ${size} bytes, more than the ${limit} it may have.`);
    }
  };
}
function findFile({ root, what, links }, name2) {
  try {
    const path = realpathSync(join6(root, name2));
    if (links === "none" && path !== join6(root, name2)) {
      throw new Failure(
        `Cannot read ${what}: its file "${name2}" is reached by a link, to ${path}. No link is followed here.`
      );
    }
    if (![root, storeDirectory].some((directory) => path.startsWith(`${directory}/`))) {
      throw new Failure(
        `Cannot read ${what}: its file "${name2}" is a link to ${path}, out of the directory and of ${storeDirectory}. Put the file itself there.`
      );
    }
    const facts = statSync(path);
    return facts.isFile() ? { path, size: facts.size } : void 0;
  } catch (cause) {
    if (hasCode(cause, "ENOENT", "ENOTDIR")) return void 0;
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot read "${name2}" of ${what}: ${messageOf(cause)}.`, { cause });
  }
}

// src/image/oci-layout/open-layout-files.ts
async function openLayoutFiles(path, { isTrusted }) {
  const what = `the OCI layout ${path}`;
  const facts = await factsOf3(path, isTrusted ? stat : lstat);
  if (facts.isDirectory()) return openLayoutDirectory(path, what, isTrusted ? "store" : "none");
  if (facts.isSymbolicLink()) throw new Failure(`Cannot use ${what}: it is a link. Name the layout itself.`);
  if (facts.isFile() && shapeOf(path) === "tar") return indexArchive(path, what);
  const found = facts.isFile() ? describeFile(path) : "neither a file nor a directory";
  throw new Failure(`Cannot use ${what}: it is ${found}. Give a directory or an uncompressed tar archive.`);
}
async function factsOf3(path, look) {
  try {
    return await look(path);
  } catch (cause) {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new Failure(`Cannot open the OCI layout ${path}: there is no such file.`, { cause });
  }
}

// src/image/with-name.ts
function withName(items, wanted) {
  const reference = referenceOf(wanted);
  const isWanted = (name2) => name2 === wanted || reference !== void 0 && isSame(reference, name2);
  const named2 = items.filter(({ names: names2 }) => names2.some(isWanted));
  if (named2.length > 0 || reference === void 0 || hasTag(wanted)) return named2;
  return items.filter(({ names: names2 }) => names2.some((name2) => isSameRepository2(reference, name2)));
}
function isSame(reference, name2) {
  const other = referenceOf(name2);
  return other !== void 0 && formatReference(other) === formatReference(reference);
}
function isSameRepository2(reference, name2) {
  const other = referenceOf(name2);
  return other !== void 0 && formatRepository(other) === formatRepository(reference);
}
function hasTag(name2) {
  return name2.lastIndexOf(":") > name2.lastIndexOf("/");
}
function referenceOf(name2) {
  try {
    return parseReference(name2);
  } catch {
    return void 0;
  }
}

// src/image/oci-layout/layout-files.ts
var largestJson = 16 << 20;
function blobName(digest2) {
  return `blobs/sha256/${hexOf(digest2)}`;
}
function findBlob(files, { digest: digest2, size }, role) {
  const name2 = blobName(digest2);
  if (!files.has(name2)) throw new Failure(`Cannot use ${files.what}: its ${role} ${digest2} is missing (${name2}).`);
  if (files.size(name2) === size) return name2;
  throw new Failure(
    `Cannot use ${files.what}: its ${role} ${digest2} has ${files.size(name2)} bytes, ${size} are promised.`
  );
}
async function readBlob2(files, descriptor, role) {
  const bytes = await files.read(findBlob(files, descriptor, role), largestJson);
  if (digestOf(bytes) === descriptor.digest) return bytes;
  throw new Failure(`Cannot use ${files.what}: its ${role} ${descriptor.digest} has the digest ${digestOf(bytes)}.`);
}

// src/image/oci-layout/parse-descriptor.ts
function parseDescriptor(value, what) {
  if (!isObject2(value)) throw new Failure(`Cannot read ${what}: it is not a descriptor.`);
  const { mediaType: mediaType2, size } = value;
  const digest2 = parseDigest(value.digest, `the digest of ${what}`);
  if (typeof mediaType2 !== "string") throw new Failure(`Cannot read ${what}: its "mediaType" is not a string.`);
  if (typeof size !== "number" || !Number.isSafeInteger(size)) {
    throw new Failure(`Cannot read ${what}: its "size" is not a number of bytes.`);
  }
  return { mediaType: mediaType2, digest: digest2, size, annotations: parseAnnotations(value.annotations, what) };
}
function parseAnnotations(value, what) {
  const annotations = value ?? {};
  if (isStrings(annotations)) return annotations;
  throw new Failure(`Cannot read ${what}: its "annotations" is not a map of strings.`);
}
function parseJson(bytes, what) {
  let json;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new Failure(`Cannot read ${what}: it is not JSON (${messageOf(cause)}).`, { cause });
  }
  if (isObject2(json)) return json;
  throw new Failure(`Cannot read ${what}: it is not a JSON object.`);
}
function isStrings(value) {
  return isObject2(value) && Object.values(value).every((item) => typeof item === "string");
}

// src/image/oci-layout/read-index.ts
var deepest = 4;
var indexTypes2 = [mediaTypes.index, "application/vnd.docker.distribution.manifest.list.v2+json"];
var manifestTypes = [mediaTypes.manifest, "application/vnd.docker.distribution.manifest.v2+json"];
async function readIndex(files) {
  const found = [];
  let level = parseIndex(await files.read("index.json", largestJson), `index.json of ${files.what}`).entries;
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > deepest)
      throw new Failure(`Cannot read ${files.what}: its indexes are nested more than ${deepest} deep.`);
    const entries = merged(level);
    found.push(...entries.filter(({ descriptor }) => manifestTypes.includes(descriptor.mediaType)));
    const indexes = entries.filter(({ descriptor }) => indexTypes2.includes(descriptor.mediaType));
    level = (await Promise.all(indexes.map((index) => readNested(files, index)))).flat();
  }
  if (found.length > 0) return merged(found);
  throw new Failure(`Cannot use ${files.what}: its index.json leads to no image.`);
}
async function readNested(files, { descriptor, names: names2 }) {
  const what = `the index ${blobName(descriptor.digest)} of ${files.what}`;
  const { entries, annotations, attestations } = parseIndex(await readBlob2(files, descriptor, "index"), what);
  const index = { digest: descriptor.digest, annotations, attestations };
  return entries.map((entry) => ({ ...entry, names: [...names2, ...entry.names], index }));
}
function merged(entries) {
  const byDigest = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    const { digest: digest2 } = entry.descriptor;
    const before = byDigest.get(digest2) ?? entry;
    byDigest.set(digest2, {
      descriptor: before.descriptor,
      names: [.../* @__PURE__ */ new Set([...before.names, ...entry.names])],
      platform: before.platform ?? entry.platform,
      index: before.index ?? entry.index
    });
  }
  return [...byDigest.values()];
}
function parseIndex(bytes, what) {
  const { manifests, annotations } = parseJson(bytes, what);
  if (!Array.isArray(manifests)) throw new Failure(`Cannot read ${what}: its "manifests" is not a list.`);
  const all = manifests.map((item, i) => parseEntry(item, `"manifests[${i}]" of ${what}`));
  const entries = all.filter(({ platform }) => platform !== "unknown/unknown");
  return { entries, annotations: parseAnnotations(annotations, what), attestations: all.length - entries.length };
}
function parseEntry(item, what) {
  const descriptor = parseDescriptor(item, what);
  const { annotations = {} } = descriptor;
  const names2 = [annotations["io.containerd.image.name"], annotations["org.opencontainers.image.ref.name"]];
  return {
    descriptor,
    names: names2.filter((name2) => name2 !== void 0),
    platform: isObject2(item) && isObject2(item.platform) ? parsePlatform2(item.platform, what) : void 0
  };
}
function parsePlatform2(platform, what) {
  const { os, architecture: architecture2, variant = "" } = platform;
  const parts = [os, architecture2, variant];
  if (parts.every((part) => typeof part === "string")) return parts.filter((part) => part !== "").join("/");
  throw new Failure(`Cannot read ${what}: its "platform" has no os and architecture.`);
}

// src/image/oci-layout/read-manifest.ts
var configTypes = [mediaTypes.config, "application/vnd.docker.container.image.v1+json"];
async function readManifest2(files, descriptor) {
  const what = `the manifest ${blobName(descriptor.digest)} of ${files.what}`;
  const { config: config2, layers, annotations } = parseJson(await readBlob2(files, descriptor, "manifest"), what);
  if (!Array.isArray(layers)) throw new Failure(`Cannot read ${what}: its "layers" is not a list.`);
  return {
    config: parseDescriptor(config2, `"config" of ${what}`),
    layers: layers.map((item, i) => parseDescriptor(item, `"layers[${i}]" of ${what}`)),
    annotations: parseAnnotations(annotations, what)
  };
}
function isImageManifest({ config: config2 }) {
  return configTypes.includes(config2.mediaType);
}
async function readConfig(files, manifest) {
  const { config: config2 } = manifest;
  if (!isImageManifest(manifest)) {
    throw new Failure(
      `Cannot use ${files.what}: it is not a container image, its config is of type ${config2.mediaType}.`
    );
  }
  return parseConfig(await readBlob2(files, config2, "config"), `the config ${blobName(config2.digest)} of ${files.what}`);
}

// src/image/oci-layout/choose-entry.ts
async function chooseEntry(files, choice) {
  const left = await entriesLeft(files, choice);
  const [entry] = left.found;
  if (entry !== void 0 && left.found.length === 1) return entry;
  throw noChoice(files, choice, left);
}
async function chooseEntries(files, choice) {
  const left = await entriesLeft(files, choice);
  const indexes = new Set(left.found.map(({ index }) => index?.digest));
  const isOneIndex = indexes.size === 1 && !indexes.has(void 0);
  if (left.found.length === 1 || isOneIndex) return left.found;
  throw noChoice(files, choice, left);
}
async function entriesLeft(files, { imageName, platform }) {
  const all = await readIndex(files);
  const named2 = imageName === void 0 ? all : withName(all, imageName);
  const known2 = await Promise.all(named2.map((entry) => withPlatform(files, entry)));
  const meant = platform === void 0 ? known2 : known2.filter((entry) => isFor(entry, platform));
  const found = presentOf(meant, files);
  return { found, held: [found, known2, all].find((entries) => entries.length > 0) ?? [] };
}
function noChoice(files, { imageName, platform }, { found, held }) {
  const asked = [
    ...imageName === void 0 ? [] : [`named ${imageName}`],
    ...platform === void 0 ? [] : [`for ${platform}`]
  ];
  const count2 = found.length === 0 ? "none is" : `${found.length} are`;
  return new Failure(
    `Cannot choose an image from ${files.what}: ${count2} ${asked.join(" and ") || "there"}. It holds ${held.map(describe).join(", ")}. Set image-name or platform to what only one of them has.`
  );
}
function describe({ descriptor, names: names2, platform }) {
  const name2 = names2.length === 0 ? descriptor.digest : names2.join(" ");
  return platform === void 0 ? name2 : `${name2} (${platform})`;
}
async function withPlatform(files, entry) {
  if (entry.platform !== void 0 || !isPresent(entry, files)) return entry;
  const manifest = await readManifest2(files, entry.descriptor);
  if (!isImageManifest(manifest)) return entry;
  return { ...entry, platform: platformOf(await readConfig(files, manifest)) };
}
function isFor({ platform = "" }, wanted) {
  const [os, architecture2, variant] = wanted.split("/");
  const [ownOs, ownArchitecture, ownVariant] = platform.split("/");
  const variantOf = (text3) => text3 ?? (architecture2 === "arm64" ? "v8" : void 0);
  const isSameVariant = variant === void 0 || variantOf(ownVariant) === variant;
  return ownOs === os && ownArchitecture === architecture2 && isSameVariant;
}
function presentOf(entries, files) {
  const present = entries.filter((entry) => isPresent(entry, files));
  return present.length === 0 ? entries : present;
}
function isPresent({ descriptor }, files) {
  return files.has(blobName(descriptor.digest));
}

// src/image/oci-layout/open-oci-layout.ts
async function openOciLayout(files, choice = {}) {
  await checkVersion(files);
  return openEntry2(files, await chooseEntry(files, choice));
}
async function openLayoutImages(files, choice) {
  await checkVersion(files);
  const entries = await chooseEntries(files, choice);
  const images = await Promise.all(entries.map((entry) => openEntry2(files, entry)));
  const index = entries[0]?.index;
  return { index, images, others: index?.attestations ?? 0 };
}
async function openEntry2(files, entry) {
  const manifest = await readManifest2(files, entry.descriptor);
  const config2 = await readConfig(files, manifest);
  checkPlatform(entry, config2, files.what);
  const diffIds = diffIdsOf(config2) ?? [];
  if (diffIds.length !== manifest.layers.length) {
    throw new Failure(
      `Cannot read ${files.what}: its manifest lists ${manifest.layers.length} layers, the config ${diffIds.length || "no"} diff_ids.`
    );
  }
  const layers = manifest.layers.map((descriptor, i) => openLayer(files, descriptor, diffIds[i]));
  return { config: config2, layers, annotations: manifest.annotations };
}
async function checkVersion(files) {
  if (!files.has("oci-layout")) {
    throw new Failure(`Cannot read ${files.what}: it has no file "oci-layout", so it is not an OCI image layout.`);
  }
  const what = `oci-layout of ${files.what}`;
  const { imageLayoutVersion: version2 } = parseJson(await files.read("oci-layout", largestJson), what);
  if (version2 === "1.0.0") return;
  throw new Failure(
    `Cannot read ${what}: its imageLayoutVersion is ${JSON.stringify(version2)}, only "1.0.0" is known.`
  );
}
function checkPlatform({ platform, descriptor }, config2, what) {
  const machineOf = (text3) => text3.split("/", 2).join("/");
  const found = platformOf(config2);
  if (platform === void 0 || machineOf(platform) === machineOf(found)) return;
  throw new Failure(
    `Cannot use ${what}: its index lists ${descriptor.digest} for ${platform}, but the config there is for ${found}.`
  );
}
function openLayer(files, descriptor, diffId) {
  const { mediaType: mediaType2, digest: digest2, size } = descriptor;
  const what = `the layer ${digest2} of ${files.what}`;
  const encoding = layerEncodings.get(mediaType2);
  if (encoding === void 0) {
    const isForeign = /\.(?:foreign|nondistributable)\./.test(mediaType2);
    const why = isForeign ? "its content is not part of the image" : "its media type is not understood";
    throw new Failure(`Cannot use ${what}: ${why} (${mediaType2}).`);
  }
  if (encoding === "tar" && digest2 !== diffId) {
    throw new Failure(`Cannot use ${what}: it is not compressed, yet the config promises the diffID ${diffId}.`);
  }
  const name2 = findBlob(files, descriptor, "layer");
  return { diffId, encoding, descriptor, what, size, open: (use) => files.open(name2, use) };
}

// src/registry/remote-image.ts
async function openRemoteImage(client, name2, platform) {
  const { digest: digest2, images } = await readStored(client, name2, platform);
  return { ...remoteImageOf(images[0]), digest: digest2 };
}
function remoteImageOf({ config: config2, layers, annotations, place: place2, manifest }) {
  const diffIds = diffIdsOf(config2) ?? [];
  if (diffIds.length !== layers.length) {
    throw new Failure(
      `Cannot use ${formatRepository(place2)}@${manifest.descriptor.digest}: it lists ${layers.length} layers, its config ${diffIds.length} diff_ids.`
    );
  }
  return { config: config2, annotations, layers: layers.map((layer2, i) => remoteLayer(layer2, place2, diffIds[i])) };
}
function remoteLayer({ descriptor, open: open5 }, place2, diffId) {
  const { mediaType: mediaType2, digest: digest2, size } = descriptor;
  const encoding = layerEncodings.get(mediaType2);
  if (encoding === void 0) {
    throw new Failure(`Cannot use ${formatRepository(place2)}: its layer ${digest2} is of the type ${mediaType2}.`);
  }
  const blob = { mediaType: mediaTypeOf[encoding], digest: digest2, size };
  return {
    diffId,
    encoding,
    size,
    descriptor: blob,
    remote: { descriptor: blob, facts: { diffId }, place: place2, open: open5 },
    open: open5
  };
}

// src/stages/label-image.ts
function labelImage(image2, metadata, { inputs, facts, host }) {
  const { created: created2, deleted } = metadata;
  const nix = facts === void 0 ? {} : packageLabels(facts);
  const all = { ...nix, ...baseLabels(image2.base), ...metadata.labels };
  const labels = withoutKeys(all, deleted);
  const intoConfig = inputs.annotate.includes("config") ? labels : {};
  const config2 = withChanges(image2.config, { labels: intoConfig, deleted, created: created2 });
  for (const [key, value] of Object.entries(labelsOf(config2))) host.log.info(`${key}=${value}`);
  const annotations = {
    ...inputs.annotate.includes("manifest") ? labels : {},
    ...annotationsOf(metadata.annotations, "manifest", platformOf(config2))
  };
  const print = inputs.dryRun ? host.log.info : host.log.debug;
  for (const [key, value] of Object.entries(annotations)) print(`manifest:${key}=${value}`);
  const before = withoutKeys(image2.annotations ?? {}, deleted);
  return { image: { ...image2, config: config2, annotations: before }, labels, annotations };
}

// src/stages/open-promoted.ts
async function openPromoted(publications, circumstances) {
  const { host } = circumstances;
  const ready = [];
  for (const publication of publications) {
    const { inputs, metadata } = publication;
    const { index, images, others } = await openFrom(inputs, circumstances);
    if (others > 0) {
      host.log.notice(`Attestations are left out (${others}): they speak of the images as they were before.`);
    }
    const variants = images.map(
      (image2) => labelImage(withLayersKept(image2), metadata, { inputs, facts: void 0, host })
    );
    ready.push({ ...publication, variants, index: inputs.platform === void 0 ? index : void 0 });
  }
  return ready;
}
async function openFrom(inputs, { host, access }) {
  const { from, platform, imageName } = inputs;
  if (from === void 0) throw new TypeError("What is promoted is named in from.");
  if ("layout" in from) {
    const files = await openLayoutFiles(host.resolve(from.layout), { isTrusted: true });
    const choice = {
      ...imageName === void 0 ? {} : { imageName },
      ...platform === void 0 ? {} : { platform }
    };
    return openLayoutImages(files, choice);
  }
  const client = await openClient(from, { ...access, actions: "pull", mountSources: [] });
  const { digest: digest2, index, images, others } = await readStored(client, from.name, platform);
  host.log.info(`From ${formatRepository(from)}@${digest2}`);
  for (const { config: config2, manifest } of images) {
    const own = platformOf(config2);
    host.log.info(`${own}: ${manifest.descriptor.digest}`);
    if (platform === void 0 || own === platform || own.startsWith(`${platform}/`)) continue;
    throw new Failure(`Cannot promote ${formatRepository(from)}@${digest2} for ${platform}: it is for ${own}.`);
  }
  return { index, images: images.map(remoteImageOf), others };
}

// src/registry/known-blobs.ts
async function readKnown(tags) {
  const layers = /* @__PURE__ */ new Map();
  const configs = /* @__PURE__ */ new Map();
  const readTag = async ({ client, tag }) => {
    const manifest = await readManifestIfThere(client, tag);
    return { client, images: manifest === void 0 ? [] : await imagesUnder(client, manifest.bytes) };
  };
  for (const { client, images } of await settleAll(tags.map(readTag))) {
    for (const [name2, known2] of layersByName(images, client)) layers.set(name2, [...layers.get(name2) ?? [], known2]);
    for (const { config: config2 } of images) {
      if (isDescriptor(config2) && !configs.has(config2.digest)) configs.set(config2.digest, client.repository);
    }
  }
  return { layers, configs };
}
function layersByName(images, client) {
  const byName2 = /* @__PURE__ */ new Map();
  for (const { descriptor, facts } of images.flatMap(layersOf)) {
    const known2 = { descriptor, facts, place: client.repository, open: () => openBlob(client, descriptor) };
    for (const name2 of [facts.identity, facts.diffId]) {
      if (name2 !== void 0 && !byName2.has(name2)) byName2.set(name2, known2);
    }
  }
  return byName2;
}
var knownMediaTypes = [mediaTypes.layerTar, mediaTypes.layerGzip, mediaTypes.layerZstd];
var mostImages = 32;
async function imagesUnder(client, bytes) {
  const root = objectIn(bytes);
  const { manifests } = root;
  if (!Array.isArray(manifests)) return [root];
  const images = manifests.filter(isDescriptor).filter(({ mediaType: mediaType2 }) => mediaType2 === mediaTypes.manifest);
  const read = images.slice(0, mostImages).map(({ digest: digest2 }) => readManifestIfThere(client, digest2));
  return (await settleAll(read)).flatMap((image2) => image2 === void 0 ? [] : [objectIn(image2.bytes)]);
}
function layersOf({ layers }) {
  if (!Array.isArray(layers)) return [];
  return layers.filter(isLayerDescriptor).flatMap(({ mediaType: mediaType2, digest: digest2, size, annotations }) => {
    const facts = factsOf({ mediaType: mediaType2, digest: digest2, size, annotations: annotations ?? {} });
    return facts === void 0 ? [] : [{ descriptor: { mediaType: mediaType2, digest: digest2, size }, facts }];
  });
}
function isLayerDescriptor(value) {
  return isDescriptor(value) && knownMediaTypes.includes(value.mediaType);
}

// src/registry/destination.ts
var enoughMissed = 8;
var smallBlob = 1 << 20;
var uploadsAtATime = 5;
async function openDestination(options2, access) {
  const { reuseFrom, preflight, readsAhead = false, dryRun = false, pushByDigest = false } = options2;
  const targets = await openTargets(options2, access);
  let reading;
  const readOnce = () => {
    reading ??= openKnownTags(targets, reuseFrom, access).then(readKnown);
    return reading;
  };
  await settleAll([
    ...preflight && !dryRun ? targets.map(({ client }) => checkMayPush(client)) : [],
    ...readsAhead ? [readOnce()] : []
  ]);
  const pool = createPool(uploadsAtATime);
  let uploadedBytes = 0;
  const uploadTo = async (target, blob, place2) => {
    const { client } = target;
    const { size } = blob.descriptor;
    if (typeof place2 === "object" && isSameRepository(place2, client.repository)) return "exists";
    const uploaded = await pool(() => {
      const isHardlyThere = place2 === void 0 && target.missed >= enoughMissed && size <= smallBlob;
      const from = place2 === "new" || place2?.host === client.repository.host ? place2 : void 0;
      return dryRun ? seeBlob(client, blob) : uploadBlob(client, blob, isHardlyThere ? "new" : from);
    });
    target.missed = uploaded === "uploaded" ? target.missed + 1 : Number.NEGATIVE_INFINITY;
    if (uploaded === "uploaded") uploadedBytes += size;
    return uploaded;
  };
  return {
    readKnown: readOnce,
    upload: (blob, place2) => settleAll(targets.map((target) => uploadTo(target, blob, place2))),
    uploadedBytes: () => uploadedBytes,
    async putManifest(manifest) {
      if (dryRun) return;
      await settleAll(targets.map(({ client }) => putManifest(client, manifest, manifest.descriptor.digest)));
    },
    repositories: targets.map(({ client }) => client.repository),
    tags: dryRun || pushByDigest ? [] : targets.flatMap(({ client, tags }) => tags.map((reference) => ({ client, reference })))
  };
}
async function seeBlob(client, { descriptor }) {
  const { digest: digest2 } = descriptor;
  return await client.retry(`Asking for ${digest2}`, () => hasBlob(client, digest2)) ? "exists" : "uploaded";
}
function openTargets({ references, reuseFrom, mountFrom = [] }, access) {
  return settleAll(
    byRepository(references).map(async (tags) => {
      const [repository] = tags;
      const others = byRepository([...references, ...reuseFrom, ...mountFrom]).map(([first]) => first);
      const mountSources = others.filter(({ host, path }) => host === repository.host && path !== repository.path);
      return {
        client: await openClient(repository, { ...access, actions: "pull,push", mountSources }),
        tags,
        missed: 0
      };
    })
  );
}
async function openKnownTags(targets, reuseFrom, access) {
  if (targets.length === 0) return [];
  const further = await settleAll(
    byRepository(reuseFrom).map(async (tags) => {
      const [repository] = tags;
      const target = targets.find(({ client: client2 }) => isSameRepository(client2.repository, repository));
      const client = target?.client ?? await openClient(repository, { ...access, actions: "pull", mountSources: [] });
      return { client, tags };
    })
  );
  return [...targets, ...further].flatMap(({ client, tags }) => tags.map(({ tag }) => ({ client, tag })));
}

// src/image/open-image.ts
import { createWriteStream, realpathSync as realpathSync2, statSync as statSync3 } from "node:fs";
import { mkdtemp, writeFile as writeFile3 } from "node:fs/promises";
import { join as join8 } from "node:path";

// src/image/docker-archive.ts
var largestJson2 = 16 << 20;
async function openDockerArchive(archive, choice = {}) {
  const entry = chooseEntry2(await readManifest3(archive), choice, archive.what);
  const config2 = await readConfig2(archive, entry.config);
  const diffIds = diffIdsOf(config2) ?? [];
  if (diffIds.length !== entry.layers.length) {
    throw new Failure(
      `Cannot read ${archive.what}: manifest.json lists ${entry.layers.length} layers, the config ${diffIds.length || "no"} diff_ids.`
    );
  }
  const layers = [];
  for (const [i, member] of entry.layers.entries()) layers.push(await openLayer2(archive, member, diffIds[i]));
  return { config: config2, layers, layerNames: entry.layers };
}
function chooseEntry2(entries, choice, what) {
  const { imageName } = choice === "first" ? {} : choice;
  const found = imageName === void 0 ? entries : withName(entries, imageName);
  const [entry] = found;
  if (entry !== void 0 && (found.length === 1 || choice === "first")) return entry;
  const held = entries.map(({ names: names2 }) => names2.join(" ") || "one without a name").join(", ");
  const why = imageName === void 0 ? `it holds ${entries.length} (${held})` : `${found.length === 0 ? "none is" : `${found.length} are`} named ${imageName}; it holds ${held}`;
  throw new Failure(`Cannot choose an image from ${what}: ${why}. Set image-name to the name of one of them.`);
}
async function readManifest3(archive) {
  const bytes = await archive.read("manifest.json", largestJson2);
  let json;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new Failure(`Cannot read manifest.json of ${archive.what}: it is not JSON (${messageOf(cause)}).`, { cause });
  }
  const entries = Array.isArray(json) ? json.map(parseEntry2) : [];
  if (entries.length > 0 && entries.every((entry) => entry !== void 0)) return entries;
  throw new Failure(`Cannot read manifest.json of ${archive.what}: it is not a list of images with Config and Layers.`);
}
function parseEntry2(value) {
  if (typeof value !== "object" || value === null) return void 0;
  const { Config, Layers, RepoTags } = value;
  const names2 = RepoTags ?? [];
  const layers = Layers === null ? [] : Layers;
  if (typeof Config !== "string" || !isStrings2(layers) || !isStrings2(names2)) return void 0;
  return { config: Config, layers, names: names2 };
}
function isStrings2(value) {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
async function readConfig2(archive, member) {
  const bytes = await archive.read(member, largestJson2);
  const promised = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(member)?.[1];
  if (promised !== void 0 && digestOf(bytes) !== `sha256:${promised}`) {
    throw new Failure(
      `Cannot use ${archive.what}: its config "${member}" has the digest ${digestOf(bytes)}, not the one it is named after.`
    );
  }
  return parseConfig(bytes, `the config "${member}" of ${archive.what}`);
}
async function openLayer2(archive, member, diffId) {
  const what = `the layer "${member}" of ${archive.what}`;
  const size = archive.size(member);
  const open5 = (use) => archive.open(member, use);
  const compression = compressionOf(await readStart3(archive, member));
  if (size === 0) throw new Failure(`Cannot read ${what}: it is empty.`);
  if (compression === void 0) return { diffId, encoding: "tar", what, size, open: open5 };
  if (compression === "xz") return { diffId, encoding: "tar", what, open: () => decompress(open5("brief"), "xz", what) };
  if (compression === "bzip2") {
    throw new Failure(`Cannot read ${what}: bzip2 is not understood; plain, gzip, zstd and xz are.`);
  }
  const mediaType2 = compression === "gzip" ? mediaTypes.layerGzip : mediaTypes.layerZstd;
  const digest2 = blobDigestOf(member);
  const promised = digest2 === void 0 ? {} : { descriptor: { mediaType: mediaType2, digest: digest2, size } };
  return { diffId, encoding: compression, what, size, ...promised, open: open5 };
}
async function readStart3(archive, member) {
  for await (const start of archive.open(member)) return start;
  return new Uint8Array(0);
}
function blobDigestOf(member) {
  const hex = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(member)?.[1];
  return hex === void 0 ? void 0 : `sha256:${hex}`;
}

// src/image/nix2container/open-nix2container.ts
import { lstat as lstat2, readFile as readFile3, stat as stat2 } from "node:fs/promises";

// src/image/store-layer/nix2container-layer.ts
import { posix as posix3 } from "node:path";

// src/image/store-layer/go-regex.ts
var portable = /^(?:[^\\[(]|\\[^a-zA-Z0-9]|\\[bBdDwW]|\[\^?(?:[^\\[\]]|\\[^a-zA-Z0-9]|\\[dDwW])+\]|\((?!\?)|\(\?:)*$/;
function parseGoRegex(source) {
  const fail = (why, options2) => new Failure(`Cannot use the nix2container regex "${source}": ${why}`, options2);
  if (!isAscii(source) || !portable.test(source)) {
    throw fail('use only ASCII literals, ".", classes, groups, anchors, quantifiers and \\b \\d \\w.');
  }
  try {
    return new RegExp(source, "g");
  } catch (cause) {
    throw fail(`${messageOf(cause)}.`, { cause });
  }
}

// src/image/store-layer/pack-files.ts
import { closeSync as closeSync3, openSync as openSync3, readSync as readSync3 } from "node:fs";
import { setImmediate } from "node:timers/promises";

// src/image/store-layer/walk-files.ts
import { lstatSync as lstatSync2, readdirSync, readlinkSync } from "node:fs";
function* walkFiles(storePath3, locate) {
  const path = bytesOf(storePath3);
  const source = bytesOf(locate(storePath3));
  const rest = [""];
  for (let tail = rest.pop(); tail !== void 0; tail = rest.pop()) {
    const file = describe2(path + tail, source + tail);
    yield file;
    if (file.type !== "directory") continue;
    for (const name2 of sortNames(readdirSync(onDisk(file.source), "latin1")).reverse()) rest.push(`${tail}/${name2}`);
  }
}
function readTarget({ source }) {
  return readlinkSync(onDisk(source), "latin1");
}
function onDisk(path) {
  return Buffer.from(path, "latin1");
}
function describe2(path, source) {
  const stats = lstatSync2(onDisk(source));
  const type = typeOf(stats);
  if (type === void 0) {
    throw new Failure(`Cannot put ${textOf(path)} into a layer: it is no file, directory or symlink.`);
  }
  return { path, source, type, mode: stats.mode & 4095, size: type === "file" ? stats.size : 0 };
}
function typeOf(stats) {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "symlink" : void 0;
}
function sortNames(names2) {
  if (names2.every(isUtf8)) return names2.sort();
  return names2.sort((a, b) => codePointKey(a) < codePointKey(b) ? -1 : 1);
}

// src/image/store-layer/pack-files.ts
var chunkSize2 = 256 * 1024;
var memory3 = createBlockMemory(chunkSize2 + 1);
async function* packFiles(entries, dialect, use) {
  const block = use === "brief" ? memory3.take() : void 0;
  const take = () => block ?? Buffer.allocUnsafeSlow(memory3.size);
  let written = 0;
  try {
    for (const chunk of packChunks(entries, dialect, take)) {
      written += chunk.length;
      yield chunk;
      await setImmediate();
    }
  } catch (cause) {
    if (!isFileSystemError(cause)) throw cause;
    const advice = 'Check the store with "nix-store --verify --check-contents".';
    throw new Failure(`Cannot make a layer: ${messageOf(cause)}. ${advice}`, { cause });
  } finally {
    if (block !== void 0) memory3.give(block);
  }
  yield writeEnd(written, dialect);
}
function* packChunks(entries, dialect, take) {
  let chunk = take();
  let used = 0;
  for (const { header, file } of entries) {
    const blocks = writeEntry(header, dialect);
    if (chunkSize2 - used < blocks.length) {
      yield chunk.subarray(0, used);
      chunk = take();
      used = 0;
    }
    chunk.set(blocks, used);
    used += blocks.length;
    if (file === void 0 || header.size === 0) continue;
    const descriptor = openSync3(onDisk(file.source), "r");
    try {
      for (let left = file.size; left > 0; ) {
        if (used === chunkSize2) {
          yield chunk.subarray(0, used);
          chunk = take();
          used = 0;
        }
        const length = Math.min(left, chunkSize2 - used);
        const end2 = used + length;
        const room = chunk.subarray(used, left > length ? end2 : end2 + 1);
        if (readAtLeast(length, descriptor, room) !== length) throw changed(file);
        used = end2;
        left -= length;
      }
    } finally {
      closeSync3(descriptor);
    }
    chunk.fill(0, used, paddedSize(used));
    used = paddedSize(used);
  }
  if (used > 0) yield chunk.subarray(0, used);
}
function readAtLeast(length, descriptor, into) {
  let got = 0;
  while (got < length) {
    const count2 = readSync3(descriptor, into, got, into.length - got, null);
    if (count2 === 0) break;
    got += count2;
  }
  return got;
}
function changed({ path, size }) {
  return new Failure(
    `Cannot make a layer: ${textOf(path)} changed while it was read, it had ${size} bytes before. Stop what writes to the store, then run "nix-store --verify --check-contents".`
  );
}
function isFileSystemError(error) {
  return error instanceof Error && "syscall" in error;
}

// src/image/store-layer/nix2container-layer.ts
function openNix2containerLayer(paths, locate = (path) => path, use) {
  return packFiles(entriesOf(paths, locate), goTar, use);
}
function* entriesOf(paths, locate) {
  const root = {};
  for (const { path, options: options2 } of paths) {
    const rules = parseRules(options2);
    for (const file of walkFiles(path, locate)) {
      const name2 = rules.rewrite(file.path);
      if (name2 !== "") place(nodeAt(root, name2), { file, rules, name: name2 });
    }
  }
  yield* entriesBelow(root, "");
}
function checkPathOptions(options2) {
  parseRules(options2);
}
function parseRules(options2) {
  const perms = options2?.perms ?? [];
  return {
    rewrite: parseRewrite(options2?.rewrite),
    perms: perms.map(parsePerm),
    permsText: JSON.stringify(perms),
    hasOptions: options2 !== void 0
  };
}
function parseRewrite(rewrite = { regex: "", repl: "" }) {
  if (rewrite.regex === "") return (path) => path;
  const regex = parseGoRegex(rewrite.regex);
  if (rewrite.repl.includes("$")) {
    throw new Failure(`Cannot use the nix2container replacement "${rewrite.repl}": "$" is not supported.`);
  }
  const replacement = bytesOf(rewrite.repl);
  return (path) => path.replace(regex, () => replacement);
}
function parsePerm({ regex, mode, uid, gid, uname, gname }) {
  if (!/^[0-7]{0,7}$/.test(mode)) {
    throw new Failure(`Cannot use the nix2container mode "${mode}": write octal digits, as in "0755".`);
  }
  const owner3 = { uid, gid, ...uname && { uname: bytesOf(uname) }, ...gname && { gname: bytesOf(gname) } };
  return { regex: parseGoRegex(regex), fields: { ...owner3, ...mode && { mode: Number.parseInt(mode, 8) } } };
}
function nodeAt(root, name2) {
  const clean2 = posix3.normalize(name2).replace(/\/$/, "");
  let node = root;
  for (const part of clean2.split("/")) {
    node.children ??= /* @__PURE__ */ new Map();
    const next = node.children.get(part) ?? {};
    node.children.set(part, next);
    node = next;
  }
  return node;
}
function place(node, { file, rules, name: name2 }) {
  const before = node.file;
  if (before !== void 0) {
    const isSame2 = before.type === file.type && before.mode === file.mode && before.size === file.size;
    const permsAgree = !node.rules?.hasOptions || node.rules.permsText === rules.permsText;
    if (!isSame2 || !permsAgree) {
      const both = `${textOf(before.path)} and ${textOf(file.path)}`;
      const what = isSame2 ? "perms" : "mode or size";
      throw new Failure(`Cannot make a layer: ${both} both give ${textOf(name2)}, of different ${what}.`);
    }
  }
  node.file = file;
  node.rules = rules;
}
function* entriesBelow(node, directory) {
  const children = [...node.children ?? []].sort(([a], [b]) => a < b ? -1 : 1);
  for (const [part, child] of children) {
    const name2 = directory === "" ? part || "/" : posix3.join(directory, part);
    yield entryOf(name2, child);
    yield* entriesBelow(child, name2);
  }
}
function entryOf(name2, { file, rules }) {
  const root = { uid: 0, gid: 0, uname: "root", gname: "root", mtime: 1, size: 0, linkname: "" };
  if (file === void 0) return { header: { name: name2, type: "directory", mode: 493, ...root } };
  const { type, size } = file;
  const isLink = type === "symlink";
  const mode = isLink ? 511 : file.mode;
  const linkname = isLink ? readTarget(file) : "";
  const matching = rules?.perms.filter(({ regex }) => file.path.search(regex) >= 0) ?? [];
  const changes = Object.assign({}, ...matching.map(({ fields }) => fields));
  return { header: { name: name2, type, ...root, mode, size, linkname, ...changes }, file };
}

// src/image/nix2container/config-blob.ts
function configBlob({ created: created2, arch, "image-config": config2, layers }) {
  const history2 = layers.map(({ History }) => new Map(withoutEmpty(Object.entries(History))));
  const rootfs = [
    ["type", "layers"],
    ["diff_ids", layers.map((layer2) => layer2.diff_ids)]
  ];
  const json = new Map([
    ...withoutEmpty([["created", created2]]),
    ["architecture", arch],
    ["os", "linux"],
    ["config", new Map(withoutEmpty(config2))],
    ["rootfs", new Map(rootfs)],
    ...withoutEmpty([["history", history2]])
  ]);
  return Buffer.from(goJson(json));
}
function withoutEmpty(fields) {
  return [...fields].filter(([, value]) => !isEmpty(value));
}
function isEmpty(value) {
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  return value === void 0 || value === "" || value === false;
}
function goJson(value) {
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  if (value instanceof Map) return `{${[...value].map(([key, one]) => `${goJson(key)}:${goJson(one)}`).join(",")}}`;
  const json = stringify(value) ?? "null";
  return json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// src/image/nix2container/image-json.ts
import { posix as posix4 } from "node:path";

// src/image/nix2container/json-shape.ts
var text2 = (value, at) => typeof value === "string" ? value : refuse(value, at, "a string");
var flag = (value, at) => typeof value === "boolean" ? value : refuse(value, at, "true or false");
var count = (value, at) => {
  const number2 = isLosslessNumber(value) && /^[0-9]+$/.test(value.value) ? Number(value.value) : Number.NaN;
  return Number.isSafeInteger(number2) ? number2 : refuse(value, at, "a whole number");
};
function object(fields) {
  return (value, at) => {
    const given = entriesOf2(value, at);
    const read = Object.entries(fields).map(([key, shape]) => [key, shape(given.get(key), below(at, key))]);
    const unknown = [...given.keys()].find((key) => !Object.hasOwn(fields, key));
    if (unknown === void 0) return Object.fromEntries(read);
    throw new Failure(
      `Cannot read ${nameOf2(below(at, unknown))}: the field is unknown. Known are ${Object.keys(fields).join(", ")}.`
    );
  };
}
function list(item) {
  return (value, at) => Array.isArray(value) ? value.map((one, i) => item(one, { ...at, field: `${at.field}[${i}]` })) : refuse(value, at, "a list");
}
function mapOf(item) {
  return (value, at) => new Map([...entriesOf2(value, at)].map(([key, one]) => [key, item(one, below(at, key))]));
}
function optional(shape, fallback) {
  return (value, at) => value === void 0 ? fallback : shape(value, at);
}
function nullable(shape, fallback) {
  return (value, at) => value === null ? fallback : shape(value, at);
}
function refuse(value, at, expected) {
  const found = stringify(value)?.slice(0, 200);
  const problem = found === void 0 ? `it is missing; expected is ${expected}` : `it is ${found}, not ${expected}`;
  throw new Failure(`Cannot read ${nameOf2(at)}: ${problem}.`);
}
function nameOf2({ field, file }) {
  return field === "" ? file : `${field} of ${file}`;
}
function entriesOf2(value, at) {
  const isObject3 = typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
  return isObject3 ? new Map(Object.entries(value)) : refuse(value, at, "an object");
}
function below(at, key) {
  return { ...at, field: at.field === "" ? key : `${at.field}.${key}` };
}

// src/image/nix2container/image-config.ts
function sorted(shape) {
  return (value, at) => new Map([...shape(value, at)].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
}
var names = sorted(mapOf(object({})));
var texts = list(text2);
var known = /* @__PURE__ */ new Map([
  ["User", text2],
  ["ExposedPorts", names],
  ["Env", texts],
  ["Entrypoint", texts],
  ["Cmd", texts],
  ["Volumes", names],
  ["WorkingDir", text2],
  ["Labels", sorted(mapOf(text2))],
  ["StopSignal", text2],
  ["ArgsEscaped", flag]
]);
var spellings = new Map([...known.keys()].map((name2) => [name2.toLowerCase(), name2]));
var imageConfig = (value, at) => {
  const given = /* @__PURE__ */ new Map();
  for (const [key, one] of mapOf((any) => any)(value, at)) {
    const name2 = spellings.get(key.toLowerCase()) ?? key;
    if (given.has(name2)) throw new Failure(`Cannot read ${nameOf2(at)}: it has ${name2} twice, in different spellings.`);
    given.set(name2, one);
  }
  const fields = [...known].map(([name2, shape]) => {
    const field = { ...at, field: `${at.field}.${name2}` };
    return [name2, optional(nullable(shape, void 0), void 0)(given.get(name2), field)];
  });
  return new Map([...fields, ...[...given].filter(([name2]) => !known.has(name2))]);
};

// src/image/nix2container/image-json.ts
var version = (value, at) => {
  const number2 = count(value, at);
  return number2 === 1 ? number2 : refuse(value, at, "1, the only version that this program understands");
};
var digest = (value, at) => parseDigest(text2(value, at), nameOf2(at));
var architecture = (value, at) => text2(value, at) || refuse(value, at, "an architecture. Give what pullImage makes to buildImage, as its fromImage");
var encodings = {
  [mediaTypes.layerTar]: "tar",
  [mediaTypes.layerGzip]: "gzip",
  [mediaTypes.layerZstd]: "zstd"
};
var mediaType = (value, at) => {
  const name2 = text2(value, at);
  const encoding = Object.hasOwn(encodings, name2) ? encodings[name2] : void 0;
  return { name: name2, encoding: encoding ?? refuse(value, at, `one of ${Object.keys(encodings).join(", ")}`) };
};
var pathInStore = (value, at) => {
  const path = text2(value, at);
  const isInStore = /^\/(?:[^/]+\/)+[0-9a-df-np-sv-z]{32}-[^/]+(?:\/|$)/.test(path) && posix4.normalize(path) === path;
  return isInStore ? path : refuse(value, at, "a path in the Nix store");
};
var optionsShape = object({
  rewrite: optional(object({ regex: text2, repl: text2 }), void 0),
  perms: optional(list(object({ regex: text2, mode: text2, uid: count, gid: count, uname: text2, gname: text2 })), [])
});
var options = (value, at) => {
  const read = optionsShape(value, at);
  try {
    checkPathOptions(read);
  } catch (cause) {
    throw new Failure(`Cannot read ${nameOf2(at)}: ${messageOf(cause)}`, { cause });
  }
  return read;
};
var history = object({
  created: optional(text2, void 0),
  created_by: optional(text2, ""),
  author: optional(text2, ""),
  comment: optional(text2, "")
});
var oldHistory = {
  created: void 0,
  created_by: "nix2container",
  author: "",
  comment: ""
};
var layer = object({
  digest,
  size: count,
  diff_ids: digest,
  paths: optional(list(object({ path: pathInStore, options: optional(options, void 0) })), []),
  mediatype: mediaType,
  "layer-path": optional(pathInStore, void 0),
  History: optional(history, oldHistory)
});
var image = object({
  version,
  "image-config": imageConfig,
  layers: nullable(list(layer), []),
  arch: architecture,
  created: optional(nullable(text2, void 0), void 0)
});
function parseImageJson(bytes, file) {
  let json;
  try {
    json = parse(Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw new Failure(`Cannot read ${file}: it is not JSON (${messageOf(cause)}).`, { cause });
  }
  return image(json, { field: "", file });
}

// src/image/nix2container/open-nix2container.ts
async function openNix2container({ path, locate = (same) => same }) {
  const image2 = parseImageJson(await readImage2(path), path);
  const config2 = parseConfig(configBlob(image2), `the config of ${path}`);
  const layers = image2.layers.map((layer2, i) => openLayer3(layer2, { field: `layers[${i}]`, file: path }, locate));
  return { config: config2, layers: await Promise.all(layers) };
}
async function readImage2(path) {
  try {
    return await readFile3(path);
  } catch (cause) {
    throw new Failure(`Cannot open the image ${path}: ${messageOf(cause)}.`, { cause });
  }
}
async function openLayer3(layer2, at, locate) {
  const { digest: digest2, diff_ids: diffId, mediatype } = layer2;
  if (mediatype.encoding === "tar" && digest2 !== diffId) {
    throw new Failure(`Cannot use ${nameOf2(at)}: as an uncompressed tar it needs digest and diff_ids to be the same.`);
  }
  const file = layer2["layer-path"];
  return file === void 0 ? storeLayer(layer2, at, locate) : fileLayer(layer2, { file, at, locate });
}
async function storeLayer({ diff_ids, size, paths, mediatype }, at, locate) {
  if (paths.length === 0 || mediatype.encoding !== "tar") {
    const problem = paths.length === 0 ? "has neither paths nor layer-path" : `is ${mediatype.name} without layer-path`;
    throw new Failure(`Cannot use ${nameOf2(at)}: it ${problem}.`);
  }
  for (const [i, { path }] of paths.entries()) await expectThere(lstat2(locate(path)), path, below2(at, `paths[${i}]`));
  return {
    diffId: diff_ids,
    encoding: "tar",
    ...size === 0 ? {} : { size },
    what: `${nameOf2(at)} (${listShort2(paths.map(({ path }) => path))})`,
    open: (use) => openNix2containerLayer(paths, locate, use)
  };
}
async function fileLayer({ digest: digest2, diff_ids, size, mediatype }, { file, at, locate }) {
  const { encoding, name: name2 } = mediatype;
  const facts = await expectThere(stat2(locate(file)), file, below2(at, "layer-path"));
  if (!facts.isFile()) throw new Failure(`Cannot use ${nameOf2(below2(at, "layer-path"))}: ${file} is no file.`);
  const real = facts.size;
  if (size !== 0 && size !== real) {
    throw new Failure(`Cannot use ${nameOf2(below2(at, "size"))}: it is ${size}, but ${file} has ${real} bytes.`);
  }
  return {
    diffId: diff_ids,
    encoding,
    size: real,
    ...encoding === "tar" ? {} : { descriptor: { mediaType: name2, digest: digest2, size: real } },
    what: `${nameOf2(at)} (${file})`,
    open: (use) => openFile(locate(file), use)
  };
}
async function expectThere(facts, path, at) {
  try {
    return await facts;
  } catch (cause) {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new Failure(
      `Cannot use ${nameOf2(at)}: ${path} is not in the store. Build the image again, or fetch it with "nix copy".`,
      { cause }
    );
  }
}
function below2(at, field) {
  return { ...at, field: `${at.field}.${field}` };
}
function listShort2(paths) {
  const more = paths.length - 3;
  return paths.slice(0, 3).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

// src/image/stream-layered.ts
import { lstatSync as lstatSync3, readFileSync as readFileSync2, statSync as statSync2 } from "node:fs";
import { join as join7 } from "node:path";

// src/image/store-layer/layer-identity.ts
import { createHash as createHash3 } from "node:crypto";
function layerIdentity(layer2, narHashOf2) {
  const { mtime, uid, gid, uname, gname } = layer2.owner;
  const paths = layer2.paths.map((path) => [path, narHashOf2(path)]);
  const key = JSON.stringify(["stream", layer2.nixMode, mtime, uid, gid, uname, gname, paths]);
  return `stream1:${createHash3("sha256").update(key).digest("hex")}`;
}

// src/tar/python-tar.ts
var pythonTar = {
  device: "",
  recordSize: 10240,
  splitName: () => void 0,
  fieldOf: (value, size) => replaceNonAscii(value, () => "?").slice(0, size),
  paxName: () => "././@PaxHeader",
  paxRecords(needed) {
    const isText = needed.every(([, value]) => isUtf8(value));
    return isText ? needed : [["hdrcharset", "BINARY"], ...needed];
  }
};

// src/image/store-layer/stream-layer.ts
function openStreamLayer(layer2, locate = (path) => path, use) {
  return packFiles(entriesOf3(layer2, locate), pythonTar, use);
}
function* entriesOf3({ paths, owner: owner3, nixMode }, locate) {
  const same = { ...owner3, uname: bytesOf(owner3.uname), gname: bytesOf(owner3.gname) };
  for (const name2 of ["/nix/", "/nix/store/"]) {
    yield { header: { name: name2, type: "directory", mode: nixMode, size: 0, linkname: "", ...same } };
  }
  for (const path of paths) {
    for (const file of walkFiles(path, locate)) {
      const { type, mode, size } = file;
      const name2 = type === "directory" ? `${file.path}/` : file.path;
      const linkname = type === "symlink" ? readTarget(file) : "";
      yield { header: { name: name2, type, mode, size, linkname, ...same }, file };
    }
  }
}

// src/image/stream-layered.ts
async function openStreamLayered(options2) {
  const { settingsPath, nixMode, now, narHashes, locate = (path) => path, openBase: openBase2 } = options2;
  const settings = parseStreamSettings(readText3(settingsPath), { file: settingsPath, now });
  const { fromImage, storeLayers, owner: owner3, isTimeNow } = settings;
  checkPaths(settings, settingsPath, locate);
  const base = fromImage === void 0 ? void 0 : await openBase2(locate(fromImage));
  const hashes = await narHashes?.([...new Set(storeLayers.flat())].sort());
  const storeLayer3 = (paths) => {
    const layer2 = { paths, owner: owner3, nixMode };
    const open5 = (use) => openStreamLayer(layer2, locate, use);
    if (hashes === void 0) return { diffId: void 0, encoding: "tar", open: open5 };
    return { diffId: void 0, identity: layerIdentity(layer2, narHashOf(hashes)), encoding: "tar", open: open5 };
  };
  const customisationLayer = openCustomisationLayer(locate(settings.customisationLayer));
  return {
    config: configOf(streamConfig(settings, base && streamBaseOf(base))),
    layers: [...base?.layers ?? [], ...storeLayers.map(storeLayer3), customisationLayer],
    isTimeNow
  };
}
function checkPaths(settings, file, locate) {
  const check = (field, path) => {
    try {
      lstatSync3(locate(path));
    } catch (cause) {
      if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
      throw new Failure(
        `Cannot use ${file}: its "${field}" names ${path}, which is not there. Build the image again, or repair the store with "nix-store --verify --check-contents --repair".`,
        { cause }
      );
    }
  };
  const { fromImage, storeLayers, customisationLayer } = settings;
  if (fromImage !== void 0) check("from_image", fromImage);
  for (const path of storeLayers.flat()) check("store_layers", path);
  check("customisation_layer", customisationLayer);
}
function narHashOf(hashes) {
  return (path) => {
    const hash = hashes.get(path);
    if (hash !== void 0) return hash;
    throw new Failure(`Cannot tell what is in a layer: the NAR hash of ${path} is missing.`);
  };
}
function openCustomisationLayer(directory) {
  const file = join7(directory, "layer.tar");
  const checksum = join7(directory, "checksum");
  const diffId = parseDigest(`sha256:${readText3(checksum).trim()}`, checksum);
  const { size } = named(file, (path) => statSync2(path));
  const what = `the layer ${file} (customisation_layer, its checksum beside it)`;
  return { diffId, encoding: "tar", what, size, open: (use) => openFile(file, use) };
}
function streamBaseOf({ config: config2, layerNames }) {
  return { layerNames, env: envOf(config2.json.config ?? {}, "the base image") };
}
function readText3(path) {
  return named(path, () => readFileSync2(path, "utf8"));
}
function named(path, read) {
  try {
    return read(path);
  } catch (cause) {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new Failure(`Cannot read ${path}: there is no such file.`, { cause });
  }
}

// src/image/open-image.ts
var understood = "Understood are dockerTools' buildImage, buildLayeredImage and streamLayeredImage, docker-archives, OCI layouts (directory or tar), nix2container's image.json, and packages.";
async function openImage(place2) {
  const path = resolvePath(place2.path);
  if (statSync3(path).isDirectory()) return openDirectory(path, place2);
  const shape = shapeOf(path);
  if (shape === "stream-script" || shape === "stream-settings") return openStream(path, { ...place2, shape });
  if (shape === "nix2container") return { image: await openNix2container({ path }), shape: "nix2container image" };
  if (shape === "tar") return openArchive(path, path, { ...place2, shape: "plain" });
  if (shape === "unknown") throw refusal(path, describeFile(path));
  return openArchive(await unpack(path, shape, place2.directory), path, { ...place2, shape });
}
async function openDirectory(path, place2) {
  const files = openLayoutDirectory(path, nameOf3(path));
  if (files.has("oci-layout")) return { image: await openOciLayout(files, place2), shape: "OCI layout" };
  if (place2.openPackage !== void 0) return { image: await place2.openPackage(path), shape: "package" };
  throw refusal(path, "a directory that is no OCI layout, and without Nix it cannot be taken for a package");
}
async function openArchive(file, path, { shape, ...choice }) {
  const archive = await indexArchive(file, nameOf3(path));
  if (archive.has("manifest.json")) {
    return { image: await openDockerArchive(archive, choice), shape: `docker-archive (${shape})` };
  }
  if (archive.has("oci-layout"))
    return { image: await openOciLayout(archive, choice), shape: `OCI archive (${shape})` };
  throw refusal(path, "a tar archive without manifest.json and without oci-layout");
}
async function openStream(path, place2) {
  const { native, log, directory, now, shape } = place2;
  const found = native === "off" ? void 0 : findStreamSettings({ path });
  if (found?.native) {
    const openBase2 = async (archive) => openDockerArchive(await openBaseArchive(archive, directory), "first");
    const narHashes = place2.narHashes === void 0 ? {} : { narHashes: place2.narHashes };
    const image2 = await openStreamLayered({ ...found, ...narHashes, now, openBase: openBase2 });
    if (image2.isTimeNow)
      log.warning('The files of the image have the time of the run (mtime = "now"), so every run makes other layers.');
    return { image: image2, shape: "streamLayeredImage, read from its settings" };
  }
  if (native === "require")
    throw new Failure(`Cannot read the image ${path} without its script, as native: require asks: ${found?.why}.`);
  if (shape === "stream-settings") {
    throw refusal(
      path,
      `JSON that is not taken for settings of streamLayeredImage${found === void 0 ? "" : ` (${found.why})`}`
    );
  }
  if (found !== void 0) log.info(`The script ${path} is run: ${found.why}.`);
  const spooled = await newFile(directory);
  await spoolScript(path, spooled, place2.env);
  return openArchive(spooled, path, { ...place2, shape: "written by its script" });
}
async function openBaseArchive(path, directory) {
  const shape = shapeOf(path);
  if (shape === "tar") return indexArchive(path, nameOf3(path));
  if (shape !== "gzip" && shape !== "zstd" && shape !== "xz") throw refusal(path, describeFile(path));
  return indexArchive(await unpack(path, shape, directory), nameOf3(path));
}
async function unpack(path, compression, directory) {
  const file = await newFile(directory);
  await writeFile3(file, decompressBriefly(openFile(path, "brief"), compression, nameOf3(path)));
  return file;
}
async function newFile(directory) {
  return join8(await mkdtemp(join8(directory, "image-")), "image.tar");
}
async function spoolScript(script, file, env) {
  const { code: code2, stderr } = await runProgram(script, [], { env, output: createWriteStream(file) });
  if (code2 === 0) return;
  throw new Failure(
    `Cannot read the image ${script}: the script failed with exit code ${code2}.
${stderr.slice(-4e3).trimEnd()}`
  );
}
function resolvePath(path) {
  try {
    return realpathSync2(path);
  } catch (cause) {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new Failure(`Cannot open the image ${path}: there is no such file.`, { cause });
  }
}
function nameOf3(path) {
  return `the image ${path}`;
}
function refusal(path, found) {
  return new Failure(`Cannot use ${path} as an image: it is ${found}. ${understood}`);
}

// src/stages/open-base.ts
function baseImageName(base) {
  return isPath(base) ? void 0 : parseImageName(base);
}
async function openBase({ base, imageName }, platform, { host, access }) {
  if (base === void 0) return void 0;
  const remote = baseImageName(base);
  if (remote !== void 0) {
    const client = await openClient(remote, { ...access, actions: "pull", mountSources: [] });
    const image3 = await openRemoteImage(client, remote.name, platform);
    return { image: image3, named: { name: fullNameOf(base), digest: image3.digest } };
  }
  const { env, log, temporary: directory } = host;
  const place2 = { path: host.resolve(base), directory, env, log, now: host.now(), native: "off", platform };
  const { image: image2 } = await openImage({ ...place2, ...imageName === void 0 ? {} : { imageName } });
  return { image: image2 };
}
function fullNameOf(base) {
  const [name2 = "", digest2] = base.split("@");
  const reference = parseReference(name2);
  const isTagged = name2.lastIndexOf(":") > name2.lastIndexOf("/");
  return digest2 === void 0 || isTagged ? formatReference(reference) : `${formatRepository(reference)}@${digest2}`;
}

// src/stages/read-sources.ts
async function readSources(lines, host) {
  const sources = await Promise.all(lines.map((line) => readSource(line, host)));
  return sources.flat();
}
async function readSource(line, { resolve }) {
  if (line.startsWith("{") || line.startsWith("[")) return parseDescriptors(line, "sources");
  if (isDigest(line)) return [{ name: line }];
  if (!isPath(line) && !/\.json$|^[^:@]*$/.test(line)) return [parseName(line)];
  const texts2 = await readTexts(resolve(line), "sources");
  if (texts2.length === 0) throw new Failure(`Cannot use the source ${line}: it is a directory without files in JSON.`);
  return texts2.flatMap(({ path, text: text3 }) => parseDescriptors(text3, path));
}
function parseName(line) {
  const { name: name2, ...repository } = parseImageName(line);
  return { repository, name: name2 };
}
function parseDescriptors(text3, what) {
  let json;
  try {
    json = JSON.parse(text3);
  } catch (cause) {
    throw new Failure(`Cannot read ${what}: it is not a descriptor in JSON (${messageOf(cause)}).`, { cause });
  }
  return (Array.isArray(json) ? json : [json]).map((item) => parseDescriptor2(item, what));
}
function parseDescriptor2(item, what) {
  const { digest: digest2, annotations } = isObject2(item) ? item : {};
  if (typeof digest2 !== "string" || !isDigest(digest2)) {
    throw new Failure(`Cannot read ${what}: ${JSON.stringify(item)} is not a descriptor, it has no digest.`);
  }
  const name2 = isObject2(annotations) ? annotations["io.containerd.image.name"] : void 0;
  if (typeof name2 !== "string") return { name: digest2 };
  const source = parseName(name2);
  if (source.name === digest2) return source;
  throw new Failure(`Cannot read ${what}: it names ${name2}, but its digest is ${digest2}.`);
}

// src/stages/open-publications.ts
async function openPublications(described, { host, access }) {
  const isPushed = ({ inputs }) => inputs.push || inputs.dryRun;
  const mountFrom = [
    ...described.filter(isPushed).flatMap(({ metadata }) => metadata.references),
    ...described.flatMap(placesOf)
  ];
  const open5 = (one) => {
    const references = isPushed(one) ? one.metadata.references : [];
    return openDestination({ ...optionsOf(one, host), references, mountFrom }, access);
  };
  try {
    return await settleAll(described.map(async (one) => ({ ...one, destination: await open5(one) })));
  } catch (error) {
    if (!isDenied(error) || !host.context.isRestricted || described[0]?.inputs.mode !== "build") throw error;
    const layouts = await chooseLayouts(described, host);
    host.log.warning(
      `Nothing is pushed: ${error.message} A pull request from a fork, or by Dependabot, has a token that only reads. The image is built and written to ${layouts.map(({ path }) => path).join(", ")}: upload that as an artifact, and push it by a workflow_run job with mode: push-layout.`
    );
    return settleAll(described.map((one, i) => forLayout(one, layouts[i], { host, access })));
  }
}
async function describeImages(images, host) {
  const all = await host.log.group("Metadata", () => describeRun(images, host));
  const described = images.map(async (inputs, i) => {
    return { inputs, metadata: all[i], sources: await readSources(inputs.sources, host) };
  });
  return Promise.all(described);
}
function placesOf({ inputs: { base, from }, sources }) {
  const bases = base === void 0 ? [] : baseImageName(base) ?? [];
  const joined = sources.flatMap(({ repository }) => repository ?? []);
  return [bases, from !== void 0 && "host" in from ? from : [], ...joined].flat();
}
function optionsOf({ inputs }, { context }) {
  const isPushedAtOnce = inputs.mode === "build" && isBuilt(inputs);
  return {
    ...inputs,
    references: [],
    preflight: inputs.preflight && !isPushedAtOnce || context.isRestricted === true,
    readsAhead: isPushedAtOnce && inputs.reuse !== "off"
  };
}
async function chooseLayouts(described, host) {
  const directory = await host.createDirectory();
  return described.map(
    ({ inputs: { name: name2 = "layout", output } }) => output === void 0 || output.kind === "docker-archive" ? { kind: "oci", path: `${directory}/${name2}` } : { kind: output.kind, path: host.resolve(output.path) }
  );
}
async function forLayout(one, layout, { host, access }) {
  const destination = await openDestination(optionsOf(one, host), access);
  return { ...one, inputs: { ...one.inputs, push: false }, destination, layout };
}

// src/image/package/package-image.ts
import { posix as posix7 } from "node:path";

// src/image/package/link-tree.ts
function linkTree(claims, tree) {
  const merged2 = /* @__PURE__ */ new Map();
  function link(names2, at) {
    return new Map([...names2].map(([name2, paths]) => [name2, linkName([...new Set(paths)], `${at}/${name2}`)]));
  }
  function linkName(paths, at) {
    const entries = paths.map((path) => tree.find(path));
    const directories = entries.flatMap((entry) => entry?.type === "directory" ? [entry] : []);
    const first = { link: paths[0] ?? "" };
    const isLink = entries.length === 1 && entries[0]?.path !== first.link;
    if (directories.length === entries.length && !isLink) return linkDirectory(directories, at);
    const other = entries.findIndex((entry, i) => i > 0 && !isSameFile(entries[0], entry));
    if (other < 0) return first;
    const [one, two, place2] = [first.link, paths[other] ?? "", at].map(textOf);
    throw new Failure(`Cannot link ${one} and ${two}: both give ${place2} and they differ. Leave one of them out.`);
  }
  function linkDirectory(directories, at) {
    const key = [...new Set(directories.map(({ path }) => path))].join("\0");
    const place2 = merged2.get(key);
    if (place2 !== void 0) return { link: place2 };
    merged2.set(key, at);
    return link(claimsOf(directories, tree), at);
  }
  function isSameFile(a, b) {
    if (a?.type !== "file" || b?.type !== "file") return false;
    if (a.path === b.path) return true;
    return a.isExecutable === b.isExecutable && a.size === b.size && tree.read(a).equals(tree.read(b));
  }
  return link(claims, "");
}
function claimsOf(directories, tree) {
  const claims = /* @__PURE__ */ new Map();
  for (const directory of directories) {
    for (const name2 of tree.list(directory)) {
      claims.set(name2, [...claims.get(name2) ?? [], `${directory.path}/${name2}`]);
    }
  }
  return claims;
}

// src/image/package/main-program.ts
import { posix as posix5 } from "node:path";
function findMainProgram({ path, mainProgram }, tree) {
  const bin = posix5.join(path, "bin");
  if (mainProgram && tree.find(bytesOf(posix5.join(bin, mainProgram)))?.isExecutable)
    return posix5.join(bin, mainProgram);
  const directory = tree.find(bytesOf(bin));
  const names2 = directory?.type === "directory" ? tree.list(directory) : [];
  const programs = names2.filter((name2) => !name2.startsWith(".") && tree.find(`${bytesOf(bin)}/${name2}`)?.isExecutable).map(textOf);
  const [only] = programs;
  if (!mainProgram && only !== void 0 && programs.length === 1) return posix5.join(bin, only);
  const found = programs.length === 0 ? "no executable" : `the executables ${programs.join(", ")}`;
  return new Failure(
    mainProgram ? `Cannot find the main program of ${path}: meta.mainProgram is "${mainProgram}", its bin has ${found}. Correct meta.mainProgram, or give the config an Entrypoint.` : `Cannot tell the main program of ${path}: its bin has ${found}. Set meta.mainProgram of the package, or give the config an Entrypoint.`
  );
}

// src/image/package/package-config.ts
var kinds = {
  "a string": (value) => typeof value === "string",
  "a list of strings": isStrings3,
  "a list of NAME=value": (value) => isStrings3(value) && value.every((item) => /^[^=]+=/.test(item)),
  "an object": isObject2,
  "an object of strings": (value) => isObject2(value) && isStrings3(Object.values(value)),
  "a number": (value) => typeof value === "number" || isLosslessNumber(value),
  "true or false": (value) => typeof value === "boolean"
};
var kindOf = {
  User: "a string",
  WorkingDir: "a string",
  Entrypoint: "a list of strings",
  Cmd: "a list of strings",
  Env: "a list of NAME=value",
  ExposedPorts: "an object",
  Volumes: "an object",
  Labels: "an object of strings",
  StopSignal: "a string",
  StopTimeout: "a number",
  Healthcheck: "an object",
  Shell: "a list of strings",
  OnBuild: "a list of strings",
  ArgsEscaped: "true or false"
};
function checkConfig(config2) {
  if (!isObject2(config2)) throw new Failure("Cannot use the config of the image: it is not a JSON object.");
  for (const [key, value] of Object.entries(config2)) {
    const kind = Object.hasOwn(kindOf, key) ? kindOf[key] : void 0;
    if (kind === void 0) {
      const known2 = Object.keys(kindOf).join(", ");
      throw new Failure(`Cannot use the config of the image: "${key}" is unknown. Known are ${known2}.`);
    }
    if (value === null || kinds[kind]?.(value)) continue;
    throw new Failure(`Cannot use the config of the image: "${key}" is not ${kind}.`);
  }
}
function mergeConfigs(configs) {
  const merged2 = configs.reduce((before, config2) => {
    const { Cmd: _, ...withoutCmd } = before;
    const kept = Object.hasOwn(config2, "Entrypoint") ? withoutCmd : before;
    const Env = config2.Env === null ? [] : mergeEnv(checkedEnv(before), checkedEnv(config2));
    return { ...kept, ...config2, Env: Env.length === 0 ? null : Env };
  }, {});
  return Object.fromEntries(Object.entries(merged2).filter(([, value]) => value !== null));
}
function checkedEnv(config2) {
  return envOf(config2, "the base image");
}
function isStrings3(value) {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

// src/image/package/popularity-contest.ts
function layerClosure(closure, maxLayers) {
  const order = orderByPopularity(closure);
  const alone = order.slice(0, maxLayers - 1).map((path) => [path]);
  const rest = order.slice(maxLayers - 1);
  return rest.length === 0 ? alone : [...alone, rest];
}
function orderByPopularity(closure) {
  const nodes = linkNodes(closure);
  countWays(nodes);
  return nodes.map((node) => ({ path: node.path, name: sortName(node.path), popularity: popularityOf(node) })).sort((a, b) => compare(b.popularity, a.popularity) || compare(a.name, b.name)).map(({ path }) => path);
}
function linkNodes(closure) {
  const nodes = /* @__PURE__ */ new Map();
  for (const path of closure.keys()) nodes.set(path, { path, references: [], users: [], ways: 0n, waiting: 0 });
  for (const [path, { references }] of closure) {
    const user = nodes.get(path);
    for (const reference of new Set(references)) {
      const node = nodes.get(reference);
      if (user === void 0 || node === void 0) {
        throw new Failure(`Cannot lay out the closure: ${path} refers to ${reference}, which is not in it.`);
      }
      if (node === user) continue;
      user.references.push(node);
      node.users.push(user);
    }
  }
  return [...nodes.values()];
}
function countWays(nodes) {
  for (const node of nodes) node.waiting = node.users.length;
  const counted = nodes.filter((node) => node.waiting === 0);
  for (const root of counted) root.ways = 1n;
  for (const node of counted) {
    for (const reference of node.references) {
      reference.ways += node.ways;
      reference.waiting--;
      if (reference.waiting === 0) counted.push(reference);
    }
  }
  const circular = nodes.find((node) => node.waiting > 0);
  if (circular === void 0) return;
  throw new Failure(`Cannot lay out the closure: references lead in a circle to ${circular.path}.`);
}
function popularityOf(node) {
  let sum = 0n;
  const leading = /* @__PURE__ */ new Set([node]);
  for (const { ways, users } of leading) {
    sum += ways;
    for (const user of users) leading.add(user);
  }
  return sum;
}
function sortName(path) {
  const [start, ...name2] = path.split("-");
  return [...name2, start].join("-");
}
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

// src/image/package/root-layer.ts
var owner = { mtime: 1, uid: 0, gid: 0, uname: "root", gname: "root" };
function rootLayer(root) {
  const blocks = [...blocksBelow(root, "/")];
  const written = blocks.reduce((sum, block) => sum + block.length, 0);
  const tar = Buffer.concat([...blocks, writeEnd(written, pythonTar)]);
  return {
    diffId: digestOf(tar),
    encoding: "tar",
    size: tar.length,
    async *open() {
      yield tar;
    }
  };
}
function* blocksBelow(directory, at) {
  const entries = [...directory].sort(([a], [b]) => a < b ? -1 : 1);
  for (const [name2, entry] of entries) yield* blocksOf2(entry, at + name2);
}
function* blocksOf2(entry, name2) {
  if (entry instanceof Map) {
    yield blockOf({ name: `${name2}/`, type: "directory", mode: name2 === "/tmp" ? 1023 : 493 });
    yield* blocksBelow(entry, `${name2}/`);
  } else if ("link" in entry) {
    yield blockOf({ name: name2, type: "symlink", mode: 511, linkname: entry.link });
  } else {
    const text3 = Buffer.from(entry.text);
    yield blockOf({ name: name2, type: "file", mode: 420, size: text3.length });
    yield Buffer.concat([text3], paddedSize(text3.length));
  }
}
function blockOf(fields) {
  return writeEntry({ size: 0, linkname: "", ...owner, ...fields }, pythonTar);
}

// src/image/package/store-tree.ts
import { lstatSync as lstatSync4, readdirSync as readdirSync2, readFileSync as readFileSync3, readlinkSync as readlinkSync2 } from "node:fs";
import { posix as posix6 } from "node:path";
function openStoreTree(storeDirectory2, locate) {
  const root = bytesOf(storeDirectory2);
  const known2 = /* @__PURE__ */ new Map();
  function follow3(path) {
    if (path === root) return root;
    if (!path.startsWith(`${root}/`)) return void 0;
    if (!known2.has(path)) {
      known2.set(path, void 0);
      known2.set(path, followOnce(path));
    }
    return known2.get(path);
  }
  function followOnce(path) {
    const directory = follow3(posix6.dirname(path));
    if (directory === void 0) return void 0;
    const here = posix6.join(directory, posix6.basename(path));
    const stats = statsOf(here);
    if (!stats?.isSymbolicLink()) return stats && here;
    return follow3(posix6.resolve(directory, readlinkSync2(onDisk(sourceOf(here)), "latin1")));
  }
  function statsOf(path) {
    try {
      return lstatSync4(onDisk(sourceOf(path)));
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return void 0;
      throw error;
    }
  }
  function sourceOf(path) {
    const end2 = path.indexOf("/", root.length + 1);
    const storePath3 = end2 < 0 ? path : path.slice(0, end2);
    return bytesOf(locate(textOf(storePath3))) + path.slice(storePath3.length);
  }
  return {
    find(path) {
      const real = follow3(path);
      const stats = real === void 0 || real === root ? void 0 : statsOf(real);
      if (real === void 0 || stats === void 0) return void 0;
      if (!stats.isFile() && !stats.isDirectory()) return void 0;
      const isFile = stats.isFile();
      const isExecutable = isFile && (stats.mode & 73) !== 0;
      return { path: real, type: isFile ? "file" : "directory", isExecutable, size: stats.size };
    },
    list: ({ path }) => readdirSync2(onDisk(sourceOf(path)), "latin1").sort(),
    read: ({ path }) => readFileSync3(onDisk(sourceOf(path)))
  };
}

// src/image/package/user.ts
var name = "[a-z_][a-z0-9_-]{0,31}";
var number = "[0-9]{1,10}";
var withoutBase = new RegExp(`^(?:${name}|${number}(?::${number})?)$`);
var withBase = new RegExp(`^(?:${name}|${number})(?::(?:${name}|${number}))?$`);
function checkUser(user, { isOnBase }) {
  if ((isOnBase ? withBase : withoutBase).test(user)) return;
  throw new Failure(
    `Cannot run as the user "${user}": write a number (1000), two (1000:1000) or a name in lower case (nobody).`
  );
}
function addUser(root, user) {
  const etc = root.get("etc") ?? /* @__PURE__ */ new Map();
  if (/^[0-9]/.test(user) || !(etc instanceof Map)) return;
  root.set("etc", etc);
  const ids = new Map([["root", 0], ...user === "root" ? [] : [[user, user === "nobody" ? 65534 : 1e3]]]);
  const linesOf = (line) => [...ids].map(([name2, id]) => line(name2, id)).join("");
  if (!etc.has("passwd")) etc.set("passwd", { text: linesOf((name2, id) => `${name2}:x:${id}:${id}::/:/bin/sh
`) });
  if (!etc.has("group")) etc.set("group", { text: linesOf((name2, id) => `${name2}:x:${id}:
`) });
}

// src/image/package/package-image.ts
var created = "1970-01-01T00:00:01Z";
var owner2 = { mtime: 1, uid: 0, gid: 0, uname: "root", gname: "root" };
var bundle = "etc/ssl/certs/ca-bundle.crt";
var defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
var mergedUsr = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];
function openPackageImage(options2) {
  const { path, base, user, maxLayers = 100, locate = (storePath3) => storePath3 } = options2;
  checkConfig(options2.config);
  if (user !== void 0) checkUser(user, { isOnBase: base !== void 0 });
  checkClosure(options2);
  checkPlatform2(options2);
  const tree = openStoreTree(posix7.dirname(path), locate);
  const root = rootOf2(options2, tree);
  const top = root.size === 0 ? [] : [rootLayer(root)];
  const below3 = base?.layers ?? [];
  const room = maxLayers - below3.length - top.length;
  if (room < 1) {
    throw new Failure(
      `Cannot make an image of ${path} in ${maxLayers} layers: the base has ${below3.length}, links at the root take ${top.length}, and the store needs one or more. Allow more layers.`
    );
  }
  const store = layerClosure(options2.closure, room);
  const layers = [...below3, ...store.map((paths) => storeLayer2(paths, options2.closure, locate)), ...top];
  const comments = [...store.map((paths) => `store paths: ['${paths.join("', '")}']`), ...top.map(() => "links at /")];
  const config2 = mergeConfigs([baseConfigOf(base), ownConfig(options2, options2.config, tree), options2.config]);
  const history2 = [...baseHistory(base), ...comments.map((comment) => ({ created, comment }))];
  return { config: imageConfig2(options2, config2, history2), layers };
}
function checkClosure({ path, contents, closure }) {
  const storeDirectory2 = posix7.dirname(path);
  for (const root of [path, ...contents]) {
    if (!closure.has(root)) throw new Failure(`Cannot make an image of ${path}: ${root} is missing in its closure.`);
  }
  for (const storePath3 of closure.keys()) {
    if (posix7.isAbsolute(storePath3) && posix7.dirname(storePath3) === storeDirectory2) continue;
    throw new Failure(
      `Cannot make an image of ${path}: "${storePath3}" of its closure is no path in ${storeDirectory2}.`
    );
  }
}
function checkPlatform2({ path, base, architecture: architecture2 }) {
  if (base === void 0) return;
  const { os, architecture: of } = base.config.json;
  if (os === "linux" && of === architecture2) return;
  throw new Failure(
    `Cannot put ${path} on the base: the package is for linux/${architecture2}, the base for ${os}/${of}.`
  );
}
function storeLayer2(paths, closure, locate) {
  const layer2 = { paths, owner: owner2, nixMode: 493 };
  return {
    diffId: void 0,
    identity: layerIdentity(layer2, (path) => closure.get(path)?.narHash ?? ""),
    encoding: "tar",
    open: (use) => openStreamLayer(layer2, locate, use)
  };
}
function rootOf2({ path, contents, base, user }, tree) {
  const bin = bytesOf(`${path}/bin`);
  const claims = claimsOf(
    contents.map((content) => directoryAt(content, tree)),
    tree
  );
  claims.delete("nix-support");
  if (base !== void 0) {
    for (const name2 of mergedUsr) claims.delete(name2);
    return linkTree(claims, tree);
  }
  if (tree.find(bin)?.type === "directory") claims.set("bin", [bin, ...claims.get("bin") ?? []]);
  const root = linkTree(claims, tree);
  if (!root.has("tmp")) root.set("tmp", /* @__PURE__ */ new Map());
  if (user !== void 0) addUser(root, user);
  return root;
}
function directoryAt(path, tree) {
  const entry = tree.find(bytesOf(path));
  if (entry?.type === "directory") return entry;
  const found = entry === void 0 ? "there is nothing there" : "it is a file";
  throw new Failure(`Cannot link the contents of ${path} at the root: ${found}. Name packages that are directories.`);
}
function ownConfig(options2, config2, tree) {
  const program = findMainProgram(options2, tree);
  const isNamed = Object.hasOwn(config2, "Entrypoint") || Object.hasOwn(config2, "Cmd");
  if (program instanceof Failure && !isNamed) throw program;
  const certificates = findCertificates(options2, tree);
  return {
    ...options2.user === void 0 ? {} : { User: options2.user },
    Env: [
      `PATH=${searchPath(options2, tree)}`,
      ...certificates === void 0 ? [] : [`SSL_CERT_FILE=${certificates}`]
    ],
    ...program instanceof Failure ? {} : { Entrypoint: [program] }
  };
}
function searchPath({ path, contents, base }, tree) {
  if (base === void 0) return "/bin";
  const of = envOf(baseConfigOf(base), "the base image").find((entry) => entry.startsWith("PATH="));
  const bins = [path, ...contents].map((root) => `${root}/bin`);
  const own = bins.filter((bin) => tree.find(bytesOf(bin))?.type === "directory");
  return [...new Set(own), of?.slice("PATH=".length) ?? defaultPath].join(":");
}
function findCertificates({ contents, closure }, tree) {
  const isCacert = (path) => /^[^-]*-(?:nss-)?cacert(?:-|$)/.test(posix7.basename(path));
  const candidates = [...contents, ...[...closure.keys()].filter(isCacert).sort()];
  return candidates.map((path) => `${path}/${bundle}`).find((file) => tree.find(bytesOf(file))?.type === "file");
}
function baseConfigOf(base) {
  return base?.config.json.config ?? {};
}
function baseHistory(base) {
  const { layers, config: config2 } = base ?? { layers: [], config: { json: {} } };
  const { history: history2 } = config2.json;
  const fits = Array.isArray(history2) && history2.filter((entry) => entry?.empty_layer !== true).length === layers.length;
  return fits ? history2 : layers.map(() => ({ created }));
}
function imageConfig2({ architecture: architecture2, base }, config2, history2) {
  const variant = base?.config.json.variant;
  return configOf({
    created,
    architecture: architecture2,
    ...variant === void 0 ? {} : { variant },
    os: "linux",
    config: config2,
    rootfs: { type: "layers" },
    history: history2
  });
}

// src/stages/open-source.ts
function openGiven(images, circumstances) {
  const given = givenImage(images[0], circumstances.host);
  return given && inBackground(openSources(images, { images: [[given]] }, circumstances));
}
async function openSources(images, built, { host, access }) {
  const sources = [];
  for (const [i, inputs] of images.entries()) {
    const variants = [];
    for (const one of built.images[i] ?? []) variants.push(await openSource(one, { inputs, host, access }));
    sources.push(variants);
  }
  return sources;
}
function labelSources(publications, sources, { built: { images, vouched }, host }) {
  return publications.map((publication, i) => {
    const { inputs, metadata } = publication;
    const variants = (sources[i] ?? []).map(({ image: image2, description }, j) => {
      host.log.info(description);
      return labelImage(image2, metadata, { inputs, facts: images[i]?.[j]?.facts, host });
    });
    return { ...publication, variants, vouched };
  });
}
async function openSource(built, circumstances) {
  const { inputs, host } = circumstances;
  const { path, nix, platform: wanted } = built;
  const { log, env, temporary } = host;
  const { image: image2, shape } = await openImage({
    ...inputs.imageName === void 0 ? {} : { imageName: inputs.imageName },
    ...wanted === void 0 ? {} : { platform: wanted },
    path,
    directory: temporary,
    env,
    log,
    now: host.now(),
    native: inputs.native,
    ...nix === void 0 ? {} : { narHashes: (paths) => readNarHashes(nix, paths) },
    ...nix === void 0 ? {} : { openPackage: (storePath3) => openPackage(storePath3, nix, { built, ...circumstances }) }
  });
  const platform = platformOf(image2.config);
  if (shape !== "package") refusePackageInputs(inputs, shape);
  const description = `${path}: ${shape}, ${platform}, ${image2.layers.length} layers`;
  if (wanted === void 0 || platform === wanted) return { image: image2, description };
  throw new Failure(
    `Cannot use the image ${path} for ${wanted}: it is for ${platform}. Build the image of that system.`
  );
}
async function openPackage(path, nix, { built, ...circumstances }) {
  const { facts, contents } = built;
  const { user, maxLayers, config: config2 = {} } = circumstances.inputs;
  const architecture2 = architectureOf(facts?.system ?? `${hostProcessor}-linux`);
  const base = await openBase(circumstances.inputs, `linux/${architecture2}`, circumstances);
  const image2 = openPackageImage({
    path,
    contents,
    closure: await readClosure(nix, [path, ...contents]),
    mainProgram: facts?.mainProgram,
    config: config2,
    user,
    maxLayers,
    architecture: architecture2,
    base: base?.image
  });
  return base?.named === void 0 ? image2 : { ...image2, base: base.named };
}
var architectures = {
  x86_64: "amd64",
  aarch64: "arm64",
  i686: "386",
  armv6l: "arm",
  armv7l: "arm",
  riscv64: "riscv64",
  powerpc64le: "ppc64le",
  s390x: "s390x"
};
var hostProcessor = process.arch === "arm64" ? "aarch64" : "x86_64";
function architectureOf(system) {
  const [processor = "", kernel] = system.split("-");
  const architecture2 = architectures[processor];
  if (architecture2 !== void 0 && kernel === "linux") return architecture2;
  throw new Failure(
    `Cannot make an image of a package for ${system}: containers run Linux. Build it for a Linux system, such as x86_64-linux.`
  );
}
function refusePackageInputs(inputs, shape) {
  const given = Object.entries({
    config: inputs.config !== void 0,
    contents: inputs.contents.length > 0,
    user: inputs.user !== void 0,
    base: inputs.base !== void 0,
    "max-layers": inputs.maxLayers !== void 0
  }).filter(([, isGiven]) => isGiven);
  if (given.length === 0) return;
  const names2 = given.map(([name2]) => name2).join(", ");
  throw new Failure(
    `Cannot use ${names2}: what was built is an image already (${shape}), and these make an image of a package. Remove them.`
  );
}

// src/image/oci-layout/open-untrusted-layout.ts
var largestJson3 = 4 << 20;
var mostImages2 = 32;
var mostLayers2 = 127;
async function openUntrustedLayout(files, platforms) {
  await checkVersion(files);
  const index = await files.read("index.json", largestJson3);
  const roots = distinct(readList(index, `index.json of ${files.what}`));
  const [root] = roots;
  if (root === void 0 || roots.length > 1) {
    throw new Failure(`Cannot use ${files.what}: it holds ${roots.length} images or indexes, and must hold one.`);
  }
  const isIndex = root.mediaType === mediaTypes.index;
  const manifests = isIndex ? await readIndex2(files, root) : [root];
  const images = [];
  for (const manifest of manifests) images.push(await openImage2(files, manifest, platforms));
  expectPlatformsOnce(images, files);
  return { images, others: 0, ...isIndex ? { index: { annotations: {} } } : {} };
}
function expectPlatformsOnce(images, { what }) {
  const platforms = images.map(({ config: config2 }) => platformOf(config2));
  const twice = platforms.find((platform, i) => platforms.indexOf(platform) !== i);
  if (twice !== void 0) throw new Failure(`Cannot use ${what}: it holds two images that are both for ${twice}.`);
}
async function readIndex2(files, root) {
  const what = `the index ${root.digest} of ${files.what}`;
  const manifests = distinct(readList(await readSmall(files, root, "index"), what));
  if (manifests.length > 0 && manifests.length <= mostImages2) return manifests;
  throw new Failure(`Cannot use ${what}: it lists ${manifests.length} images. It may list 1 to ${mostImages2}.`);
}
async function openImage2(files, descriptor, platforms) {
  const what = `the image ${descriptor.digest} of ${files.what}`;
  const fail = (why) => new Failure(`Cannot use ${what}: ${why}.`);
  if (descriptor.mediaType !== mediaTypes.manifest) throw fail(`it is listed as ${descriptor.mediaType}`);
  checkSmall(descriptor, "manifest", files);
  const manifest = await readManifest2(files, descriptor);
  checkSmall(manifest.config, "config", files);
  if (manifest.config.mediaType !== mediaTypes.config) throw fail(`its config is of type ${manifest.config.mediaType}`);
  const { layers } = manifest;
  if (layers.length > mostLayers2) throw fail(`it has ${layers.length} layers, more than the ${mostLayers2} it may have`);
  const config2 = await readConfig(files, manifest);
  checkNames(config2, what);
  const platform = platformOf(config2);
  if (!platforms.includes(platform)) {
    throw fail(
      `it is for ${JSON.stringify(platform)}, and allowed is ${platforms.join(", ")}. Name what may be pushed in platform`
    );
  }
  const diffIds = diffIdsOf(config2) ?? [];
  if (diffIds.length !== layers.length)
    throw fail(`it has ${layers.length} layers, its config ${diffIds.length} diff_ids`);
  return { config: config2, layers: layers.map((layer2, i) => openLayer(files, layer2, diffIds[i])) };
}
var judged = {
  "": ["architecture", "config", "os", "rootfs", "variant"],
  config: ["Labels"],
  rootfs: ["diff_ids", "type"]
};
function checkNames({ json }, what) {
  const fold = (name2) => name2.toLowerCase().toUpperCase();
  for (const [place2, names2] of Object.entries(judged)) {
    const object2 = place2 === "" ? json : json[place2];
    const keys = Object.keys(isObject2(object2) ? object2 : {});
    const wrong = keys.find((key) => !names2.includes(key) && names2.some((name2) => fold(name2) === fold(key)));
    if (wrong === void 0) continue;
    throw new Failure(
      `Cannot use ${what}: engines read ${JSON.stringify(wrong)} in its config as another name. Write it as OCI does.`
    );
  }
}
function readList(bytes, what) {
  const { manifests } = parseJson(bytes, what);
  if (!Array.isArray(manifests)) throw new Failure(`Cannot read ${what}: its "manifests" is not a list.`);
  return manifests.map((item, i) => parseDescriptor(item, `"manifests[${i}]" of ${what}`));
}
function distinct(descriptors) {
  return [...new Map(descriptors.map((descriptor) => [descriptor.digest, descriptor])).values()];
}
async function readSmall(files, descriptor, role) {
  checkSmall(descriptor, role, files);
  return readBlob2(files, descriptor, role);
}
function checkSmall({ digest: digest2, size }, role, { what }) {
  if (size <= largestJson3) return;
  throw new Failure(
    `Cannot use ${what}: its ${role} ${digest2} has ${size} bytes, more than the ${largestJson3} it may have.`
  );
}

// src/metadata/allowed-labels.ts
function keysNotAllowed(labels, patterns) {
  const allowed = patterns.map(patternOf);
  return Object.keys(labels).filter((key) => !allowed.some((pattern) => pattern.test(key)));
}
function patternOf(text3) {
  const parts = text3.split("*").map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}

// src/pack/check-layer.ts
async function checkLayer(layer2, most) {
  const tooLarge = () => new Failure(`Cannot use ${layer2.what}: it has more than ${most} bytes, all that is left to it.`);
  if ((layer2.size ?? 0) > most) throw tooLarge();
  const blob = createMeter();
  const tar = createMeter();
  for await (const _ of tar.through(openTar({ ...layer2, open: () => blob.through(layer2.open()) }))) {
    if (tar.size() > most) throw tooLarge();
  }
  checkDescriptor(layer2, { digest: blob.digest(), size: blob.size() });
  checkDiffId(layer2, tar.digest());
  return tar.size();
}

// src/stages/open-untrusted.ts
var usualPlatforms = ["linux/amd64", "linux/arm64"];
var mostBytes = 16 * 2 ** 30;
async function openUntrusted(publications, host) {
  const ready = [];
  for (const publication of publications) {
    const { inputs, metadata } = publication;
    const files = await openLayoutFiles(host.resolve(pathOf(inputs)), { isTrusted: false });
    const { index, images } = await openUntrustedLayout(files, inputs.platform?.split(",") ?? usualPlatforms);
    for (const image2 of images) checkLabels(image2, metadata, inputs);
    await checkLayers(images);
    host.log.info(`${files.what}: ${images.map(({ config: config2 }) => platformOf(config2)).join(", ")}`);
    const variants = images.map(
      (image2) => labelImage(withLayersKept(image2), metadata, { inputs, facts: void 0, host })
    );
    ready.push({ ...publication, variants, index });
  }
  return ready;
}
function pathOf({ variants }) {
  const spec = variants[0]?.spec;
  if (spec?.kind === "path") return spec.path;
  throw new TypeError("A layout is given by its path.");
}
function checkLabels({ config: config2 }, { labels, deleted }, { allowLabels, annotate }) {
  const isOurs = (key) => deleted.has(key) || annotate.includes("config") && Object.hasOwn(labels, key);
  const foreign = keysNotAllowed(labelsOf(config2), allowLabels).filter((key) => !isOurs(key));
  if (foreign.length === 0) return;
  throw new Failure(
    `Cannot push the layout: its labels ${foreign.map((key) => JSON.stringify(key)).join(", ")} are not allowed. Allow them in allow-labels, or delete them with a line !KEY in labels.`
  );
}
async function checkLayers(images) {
  const layers = images.flatMap((image2) => image2.layers);
  const distinct2 = new Map(layers.map((layer2) => [`${layer2.descriptor?.digest} ${layer2.diffId}`, layer2]));
  let left = mostBytes;
  for (const layer2 of distinct2.values()) left -= await checkLayer(layer2, left);
}

// src/stages/with-login.ts
function withLogin({ login, ...inputs }, { context, log }) {
  if (login === void 0) return inputs;
  if (login.password !== "") return { ...inputs, login };
  if (!context.isRestricted) {
    throw new Failure("Cannot log in with username alone: password is empty. Give username and password.");
  }
  log.info(`Nobody is logged in as ${login.username}: a pull request from a fork, or by Dependabot, has no secrets.`);
  return inputs;
}

// src/run.ts
function run(images, host) {
  return withAccess(images, host, async (access) => {
    const given = openGiven(images, { host, access });
    const described = await describeImages(images, host);
    const opening = inBackground(openPublications(described, { host, access }));
    if (given === void 0) await opening;
    const built = await buildImages(images, host);
    const published = await savingStore(built.save, { inputs: images[0], host }, async () => {
      const ready = await host.log.group("Image", async () => {
        const sources = await (given ?? openSources(images, built, { host, access }));
        return labelSources(await opening, sources, { built, host });
      });
      return host.log.group("Push", () => publishImages(ready, host));
    });
    await commentOnPullRequest(images, published, { host, access });
    return { images: published, nixVersion: built.nixVersion, work: built.work, cache: built.cache };
  });
}
function join9(images, host) {
  return withAccess(images, host, async (access) => {
    const described = await describeImages(images, host);
    const publications = await openPublications(described, { host, access });
    const joined = await host.log.group("Index", () => joinImages(publications, { host, access }));
    await commentOnPullRequest(images, joined, { host, access });
    return { images: joined, nixVersion: void 0 };
  });
}
function promote(images, host) {
  return withAccess(images, host, async (access) => {
    const described = await describeImages(images, host);
    const publications = await openPublications(described, { host, access });
    const ready = await host.log.group("Image", () => openPromoted(publications, { host, access }));
    const published = await host.log.group("Push", () => publishImages(ready, host));
    await commentOnPullRequest(images, published, { host, access });
    return { images: published, nixVersion: void 0 };
  });
}
function pushLayout(images, ownHost) {
  const host = asTriggeringRun(ownHost);
  return withAccess(images, host, async (access) => {
    const described = await describeImages(images, host);
    const publications = await openPublications(described, { host, access });
    const ready = await host.log.group("Image", () => openUntrusted(publications, host));
    const published = await host.log.group("Push", () => publishImages(ready, host));
    await commentOnPullRequest(images, published, { host, access });
    return { images: published, nixVersion: void 0 };
  });
}
async function describe3(images, host) {
  const [metadata] = await host.log.group("Metadata", () => describeRun(images, host));
  return { metadata };
}
function clean(images, host) {
  return withAccess(images, host, (access) => host.log.group("Clean-up", () => cleanUp(images, { host, access })));
}
var stories = {
  build: run,
  index: join9,
  promote,
  "push-layout": pushLayout,
  metadata: describe3,
  cleanup: clean
};
async function withAccess([inputs], host, body) {
  const { env, log } = host;
  const transport = openTransport({ insecureHosts: inputs.insecureRegistries, env });
  try {
    return await body({ ...withLogin(inputs, host), transport, env, log });
  } finally {
    await transport.close();
  }
}

export {
  table,
  code,
  stories
};
