import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  addJobNotes,
  deleteOldEntries,
  features,
  findInvalidPaths,
  findNix,
  inBatches,
  installedPaths,
  listValidPaths,
  nixSystem,
  openCacheAccess,
  openEntries,
  readFlakeInputs,
  readJobNotes,
  readRegistrations,
  readRequisites,
  readStoreSetting
} from "./chunk-HXNBXDC5.mjs";
import {
  withoutLogins
} from "./chunk-2MCXTNV4.mjs";
import {
  formatSize
} from "./chunk-ANYIBTUE.mjs";
import {
  sortByReferences
} from "./chunk-BEREXGZV.mjs";
import {
  parseJson
} from "./chunk-LI5CVXRG.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import {
  isDigest
} from "./chunk-LZSYUQMR.mjs";
import {
  Failure,
  messageOf
} from "./chunk-WFDJKZW3.mjs";

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
    end
  } = getSignificantDigitRange(value);
  const digits = value.substring(start, end);
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
  let end = value.lastIndexOf("e");
  if (end === -1) {
    end = value.lastIndexOf("E");
  }
  if (end === -1) {
    end = value.length;
  }
  while ((value[end - 1] === "0" || value[end - 1] === ".") && end > start) {
    end--;
  }
  return {
    start,
    end
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
function parse(text2, reviver, options) {
  const optionsObj = typeof options === "function" ? {
    parseNumber: options
  } : options;
  const parseNumber = optionsObj?.parseNumber ?? parseLosslessNumber;
  const onDuplicateKey = optionsObj?.onDuplicateKey ?? throwDuplicateKey;
  let i = 0;
  const value = parseValue();
  expectValue(value);
  expectEndOfInput();
  return reviver ? revive(value, reviver) : value;
  function parseObject() {
    if (text2.charCodeAt(i) === codeOpeningBrace) {
      i++;
      skipWhitespace();
      const object2 = {};
      let initial = true;
      while (i < text2.length && text2.charCodeAt(i) !== codeClosingBrace) {
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
      if (text2.charCodeAt(i) !== codeClosingBrace) {
        throwObjectKeyOrEndExpected();
      }
      i++;
      return object2;
    }
  }
  function parseArray() {
    if (text2.charCodeAt(i) === codeOpeningBracket) {
      i++;
      skipWhitespace();
      const array = [];
      let initial = true;
      while (i < text2.length && text2.charCodeAt(i) !== codeClosingBracket) {
        if (!initial) {
          eatComma();
        } else {
          initial = false;
        }
        const value2 = parseValue();
        expectArrayItem(value2);
        array.push(value2);
      }
      if (text2.charCodeAt(i) !== codeClosingBracket) {
        throwArrayItemOrEndExpected();
      }
      i++;
      return array;
    }
  }
  function parseValue() {
    skipWhitespace();
    const value2 = parseString() ?? parseNumeric() ?? parseObject() ?? parseArray() ?? parseKeyword("true", true) ?? parseKeyword("false", false) ?? parseKeyword("null", null);
    skipWhitespace();
    return value2;
  }
  function parseKeyword(name, value2) {
    if (text2.slice(i, i + name.length) === name) {
      i += name.length;
      return value2;
    }
  }
  function skipWhitespace() {
    while (isWhitespace(text2.charCodeAt(i))) {
      i++;
    }
  }
  function parseString() {
    if (text2.charCodeAt(i) === codeDoubleQuote) {
      i++;
      let result = "";
      while (i < text2.length && text2.charCodeAt(i) !== codeDoubleQuote) {
        if (text2.charCodeAt(i) === codeBackslash) {
          const char = text2[i + 1];
          const escapeChar = escapeCharacters[char];
          if (escapeChar !== void 0) {
            result += escapeChar;
            i++;
          } else if (char === "u") {
            if (isHex(text2.charCodeAt(i + 2)) && isHex(text2.charCodeAt(i + 3)) && isHex(text2.charCodeAt(i + 4)) && isHex(text2.charCodeAt(i + 5))) {
              result += String.fromCharCode(Number.parseInt(text2.slice(i + 2, i + 6), 16));
              i += 5;
            } else {
              throwInvalidUnicodeCharacter(i);
            }
          } else {
            throwInvalidEscapeCharacter(i);
          }
        } else {
          if (isValidStringCharacter(text2.charCodeAt(i))) {
            result += text2[i];
          } else {
            throwInvalidCharacter(text2[i]);
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
    if (text2.charCodeAt(i) === codeMinus) {
      i++;
      expectDigit(start);
    }
    if (text2.charCodeAt(i) === codeZero) {
      i++;
    } else if (isNonZeroDigit(text2.charCodeAt(i))) {
      i++;
      while (isDigit(text2.charCodeAt(i))) {
        i++;
      }
    } else {
      return void 0;
    }
    if (text2.charCodeAt(i) === codeDot) {
      i++;
      expectDigit(start);
      while (isDigit(text2.charCodeAt(i))) {
        i++;
      }
    }
    if (text2.charCodeAt(i) === codeLowercaseE || text2.charCodeAt(i) === codeUppercaseE) {
      i++;
      if (text2.charCodeAt(i) === codeMinus || text2.charCodeAt(i) === codePlus) {
        i++;
      }
      expectDigit(start);
      while (isDigit(text2.charCodeAt(i))) {
        i++;
      }
    }
    if (i > start) {
      return parseNumber(text2.slice(start, i));
    }
  }
  function eatComma() {
    if (text2.charCodeAt(i) !== codeComma) {
      throw new SyntaxError(`Comma ',' expected after value ${gotAt()}`);
    }
    i++;
  }
  function eatColon() {
    if (text2.charCodeAt(i) !== codeColon) {
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
    if (i < text2.length) {
      throw new SyntaxError(`Expected end of input ${gotAt()}`);
    }
  }
  function expectDigit(start) {
    if (!isDigit(text2.charCodeAt(i))) {
      const numSoFar = text2.slice(start, i);
      throw new SyntaxError(`Invalid number '${numSoFar}', expecting a digit ${gotAt()}`);
    }
  }
  function expectEndOfString() {
    if (text2.charCodeAt(i) !== codeDoubleQuote) {
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
    const chars = text2.slice(start, start + 2);
    throw new SyntaxError(`Invalid escape character '${chars}' ${pos()}`);
  }
  function throwObjectValueExpected() {
    throw new SyntaxError(`Object value expected after ':' ${pos()}`);
  }
  function throwInvalidUnicodeCharacter(start) {
    const chars = text2.slice(start, start + 6);
    throw new SyntaxError(`Invalid unicode character '${chars}' ${pos()}`);
  }
  function pos() {
    return `at position ${i}`;
  }
  function got() {
    return i < text2.length ? `but got '${text2[i]}'` : "but reached end of input";
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
function isWhitespace(code) {
  return code === codeSpace || code === codeNewline || code === codeTab || code === codeReturn;
}
function isHex(code) {
  return code >= codeZero && code <= codeNine || code >= codeUppercaseA && code <= codeUppercaseF || code >= codeLowercaseA && code <= codeLowercaseF;
}
function isDigit(code) {
  return code >= codeZero && code <= codeNine;
}
function isNonZeroDigit(code) {
  return code >= codeOne && code <= codeNine;
}
function isValidStringCharacter(code) {
  return code >= 32 && code <= 1114111;
}
function isDeepEqual(a, b) {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isDeepEqual(item, b[index]));
  }
  if (isObject2(a) && isObject2(b)) {
    const keys = [.../* @__PURE__ */ new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.every((key) => isDeepEqual(a[key], b[key]));
  }
  return false;
}
function isObject2(value) {
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
    const count = Math.min(Math.trunc(space), MAX_SPACE_LENGTH);
    return count >= 1 ? " ".repeat(count) : void 0;
  }
  if (typeof space === "string" && space !== "") {
    return space.slice(0, MAX_SPACE_LENGTH);
  }
  return void 0;
}

// src/oci/config-fields.ts
var text = field("a string", (value) => typeof value === "string");
var flag = field("true or false", (value) => typeof value === "boolean");
var texts = field("a list of strings", isTexts);
var textMap = field("a map of strings", (value) => isMap(value) && isTexts(Object.values(value)));
var nameMap = field("a map of empty objects", isNameMap);
var time = field("a time of RFC 3339, as in 2026-01-31T12:00:00Z", isTime);
var wholeNumber = field("a whole number of 64 bits", isWholeNumber);
var layersType = field('"layers"', (value) => value === "layers");
var digest = field("a digest (sha256: and 64 hex digits)", (value) => typeof value === "string" && isDigest(value));
var healthcheck = object({
  Test: texts,
  Interval: wholeNumber,
  Timeout: wholeNumber,
  StartPeriod: wholeNumber,
  StartInterval: wholeNumber,
  Retries: wholeNumber
});
var specFields = {
  ...{ User: text, WorkingDir: text, StopSignal: text },
  ...{ Env: texts, Entrypoint: texts, Cmd: texts, Shell: texts, OnBuild: texts },
  ...{ ExposedPorts: nameMap, Volumes: nameMap, Labels: textMap },
  ...{ StopTimeout: wholeNumber, Healthcheck: healthcheck, ArgsEscaped: flag }
};
var containerConfig = object({
  ...specFields,
  ...{ Hostname: text, Domainname: text, Image: text, MacAddress: text },
  ...{ AttachStdin: flag, AttachStdout: flag, AttachStderr: flag },
  ...{ Tty: flag, OpenStdin: flag, StdinOnce: flag, NetworkDisabled: flag }
});
var imageConfig = object({
  ...{ architecture: text, variant: text, os: text, "os.version": text, "os.features": texts },
  ...{ created: time, author: text, comment: text },
  ...{ id: text, parent: text, container: text, docker_version: text, Size: wholeNumber },
  ...{ config: containerConfig, container_config: containerConfig },
  rootfs: object({ type: layersType, diff_ids: list(digest) }),
  history: list(object({ created: time, created_by: text, author: text, comment: text, empty_layer: flag }))
});
function readConfigFields(json, description) {
  return imageConfig(json, "", description);
}
function checkSpecFields(config2, description) {
  if (!isMap(config2)) throw new Failure(`Cannot use ${description}: it is not a JSON object.`);
  for (const [key, value] of Object.entries(config2)) {
    const check = Object.hasOwn(specFields, key) ? specFields[key] : void 0;
    if (check === void 0) {
      const known = Object.keys(specFields).join(", ");
      throw new Failure(`Cannot use ${description}: the field "${key}" is unknown. Known fields are ${known}.`);
    }
    if (value !== null) check(value, key, description);
  }
}
function field(expected, isValid) {
  return (value, at, description) => isValid(value) ? value : fail(value, { at, description, expected });
}
function list(item) {
  return (value, at, description) => {
    if (!Array.isArray(value)) return fail(value, { at, description, expected: "a list" });
    return value.map((one, i) => item(one, `${at}[${i}]`, description));
  };
}
function object(fields) {
  const spellings = new Map(Object.keys(fields).map((name) => [fold(name), name]));
  return (value, at, description) => {
    if (!isMap(value)) return fail(value, { at, description, expected: "an object" });
    const read = /* @__PURE__ */ new Map();
    const keys = /* @__PURE__ */ new Map();
    for (const [key, one] of Object.entries(value)) {
      const known = spellings.get(fold(key));
      const name = known ?? key;
      const path = at === "" ? name : `${at}.${name}`;
      const before = keys.get(name);
      if (before !== void 0) {
        throw new Failure(
          `Cannot use ${description}: it has "${before}" and "${key}", which engines both read as ${path}. Keep one of them.`
        );
      }
      keys.set(name, key);
      read.set(name, known === void 0 || one === null ? one : fields[known]?.(one, path, description));
    }
    return Object.fromEntries(read);
  };
}
function fail(value, { at, description, expected }) {
  const found = (stringify(value) ?? "").slice(0, 200);
  if (at === "") throw new Failure(`Cannot use ${description}: an image config must be a JSON object, not ${found}.`);
  const position = /[.[]/.test(at) ? at : `field "${at}"`;
  throw new Failure(`Cannot use ${description}: its ${position} is not ${expected}: ${found}.`);
}
function fold(name) {
  return name.replaceAll("\u017F", "s").replaceAll("\u212A", "k").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}
function isNameMap(value) {
  return isMap(value) && Object.values(value).every((item) => item === null || isMap(item));
}
function isTexts(value) {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
function isWholeNumber(value) {
  const digits = isLosslessNumber(value) ? value.value : String(value);
  return typeof value !== "string" && /^-?\d{1,19}$/.test(digits) && BigInt.asIntN(64, BigInt(digits)) === BigInt(digits);
}
function isTime(value) {
  const pattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-](\d\d):(\d\d))$/;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = typeof value === "string" ? pattern.exec(value)?.slice(1).map((part) => Number(part ?? 0)) ?? [] : [];
  const lastDay = new Date(Date.UTC(2e3 + year % 400, month, 0)).getUTCDate();
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
  return isDay && hour < 24 && minute < 60 && second < 60 && zoneHour < 24 && zoneMinute < 60;
}

// src/oci/config.ts
function parseConfig(bytes, description) {
  return { json: readConfigFields(parseJson(bytes, description, { parse }), description), bytes };
}
function configOf(json, description = "the image config") {
  return { json: readConfigFields(json, description), bytes: Buffer.from(stringify(json) ?? "") };
}
function labelsOf(config2) {
  return objectOf(config2.json.config).Labels ?? {};
}
function diffIdsOf(config2) {
  const list2 = objectOf(config2.json.rootfs).diff_ids;
  return list2 ?? void 0;
}
function createdOf(config2) {
  const { created } = config2.json;
  return typeof created === "string" ? created : void 0;
}
function platformOf(config2) {
  const { os, architecture, variant } = config2.json;
  return [os, architecture, variant].filter((part) => typeof part === "string" && part !== "").join("/");
}
function withChanges(config2, { labels, deleted, created }) {
  const before = labelsOf(config2);
  const added = Object.keys(labels).sort();
  const merged = new Map([...Object.entries(before), ...added.map((key) => [key, labels[key] ?? ""])]);
  const after = Object.fromEntries([...merged].filter(([key]) => !deleted.has(key)));
  const isCreatedSame = created === void 0 || created === config2.json.created;
  const areLabelsSame = sameLabels(before, after);
  if (isCreatedSame && areLabelsSame) return config2;
  return configOf({
    ...config2.json,
    ...isCreatedSame ? {} : { created },
    ...areLabelsSame ? {} : { config: { ...objectOf(config2.json.config), Labels: after } }
  });
}
function withDiffIds(config2, diffIds) {
  const listed = diffIdsOf(config2);
  if (listed === void 0) {
    return configOf({ ...config2.json, rootfs: { diff_ids: diffIds, type: "layers" } });
  }
  if (listed.length === diffIds.length && listed.every((digest2, i) => digest2 === diffIds[i])) return config2;
  throw new Failure(
    `Cannot use the image: its config lists the diffIDs [${listed}], but its layers have [${diffIds}].`
  );
}
function sameLabels(a, b) {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
function objectOf(value) {
  return isObject(value) ? value : {};
}

// src/cache/choose-paths.ts
function choosePaths(candidates, choice) {
  const { maxSize = Number.POSITIVE_INFINITY, toolchain } = choice;
  const withToolchain = chooseWithin(maxSize - totalSize(toolchain), candidates, choice);
  if (withToolchain.evicted.every(({ isSubstitutable }) => isSubstitutable)) return { ...withToolchain, toolchain };
  return { ...chooseWithin(maxSize, candidates, choice), toolchain: [] };
}
function chooseWithin(maxSize, candidates, { excludeSubstitutable, outputs }) {
  const substitutable = excludeSubstitutable ? candidates.filter(({ isSubstitutable }) => isSubstitutable) : [];
  const left = new Map(candidates.map((candidate) => [candidate.path, candidate]));
  for (const { path } of substitutable) left.delete(path);
  let size = totalSize([...left.values()]);
  const evicted = [];
  for (const next of leastUsefulFirst([...left.values()], outputs)) {
    if (size <= maxSize) break;
    for (const gone of withReferrers(next, left)) {
      left.delete(gone.path);
      evicted.push(gone);
      size -= gone.narSize;
    }
  }
  return { paths: [...left.values()], substitutable, evicted };
}
function totalSize(paths) {
  return paths.reduce((sum, { narSize }) => sum + narSize, 0);
}
function leastUsefulFirst(candidates, outputs) {
  const closure = closureOf(outputs, new Map(candidates.map((candidate) => [candidate.path, candidate])));
  const use = ({ path, isSubstitutable }) => isSubstitutable ? 0 : closure.has(path) ? 2 : 1;
  return candidates.toSorted((a, b) => use(a) - use(b) || b.narSize - a.narSize || (a.path < b.path ? -1 : 1));
}
function closureOf(paths, all) {
  const closure = /* @__PURE__ */ new Set();
  for (const rest = [...paths]; rest.length > 0; ) {
    const path = rest.pop();
    if (closure.has(path)) continue;
    closure.add(path);
    rest.push(...all.get(path)?.references ?? []);
  }
  return closure;
}
function withReferrers(candidate, left) {
  if (!left.has(candidate.path)) return [];
  if (candidate.isSubstitutable) return [candidate];
  const gone = /* @__PURE__ */ new Set([candidate]);
  for (const one of gone) {
    for (const other of left.values()) if (other.references.includes(one.path)) gone.add(other);
  }
  return [...gone];
}

// src/nix/binary-cache.ts
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
function fetchingFrom(settings, { url, signingKey }) {
  const isTrusted = signingKey === void 0 && url.startsWith("file://");
  const nixConf = [
    // After the user's own lines, which may replace substituters.
    ...settings.nixConf,
    `extra-substituters = ${isTrusted ? withParameter(url, "trusted", "true") : url}`,
    ...signingKey === void 0 ? [] : [`extra-trusted-public-keys = ${publicKeyOf(signingKey)}`]
  ];
  return { ...settings, nixConf };
}
function publicKeyOf(signingKey) {
  const [name, key = ""] = signingKey.split(":");
  return `${name}:${Buffer.from(key, "base64").subarray(32).toString("base64")}`;
}
async function copyToBinaryCache(paths, { url, signingKey }, { nix, directory }) {
  let target = withParameter(url, "compression", "zstd");
  if (signingKey !== void 0) {
    const file = join(directory, "signing-key");
    await writeFile(file, signingKey, { mode: 384 });
    target = withParameter(target, "secret-key", file);
  }
  const { env, direction } = await aimAt(target, nix);
  const copied = /* @__PURE__ */ new Set();
  for (const batch of inBatches(paths)) {
    const args = ["copy", ...features, ...direction, "--", ...batch];
    const { code, stderr } = await nix.exec(nix.program, args, { env });
    if (code !== 0) throw new Failure(withoutLogins(`nix copy --to ${url} failed: ${reasonIn(stderr)}`));
    for (const [, path = ""] of stderr.matchAll(/^copying path '(.+?)' to /gm)) copied.add(path);
  }
  return copied;
}
async function aimAt(target, nix) {
  if (withoutLogins(target) === target) return { env: nix.env, direction: ["--to", target] };
  const { env } = nix;
  const config2 = [...env.NIX_CONFIG ? [env.NIX_CONFIG] : [], `store = ${target}`].join("\n");
  return { env: { ...env, NIX_CONFIG: config2 }, direction: ["--from", await readStoreSetting(nix)] };
}
function reasonIn(stderr) {
  const [, reason = stderr] = /.*error: (.*)/s.exec(stderr) ?? [];
  return reason.replace(/\s+/g, " ").trim();
}
function withParameter(url, name, value) {
  const [, query = ""] = /\?(.*)$/.exec(url) ?? [];
  if (new URLSearchParams(query).has(name)) return url;
  return `${url}${query === "" && !url.endsWith("?") ? "?" : query === "" ? "" : "&"}${name}=${value}`;
}

// src/stages/build/save-store.ts
async function planSave(cache, built, { nix, inputs, runtime }) {
  const task = planSaveOfLayers(cache, { inputs, runtime });
  if (task === void 0) return void 0;
  try {
    const roots = await rootsOf(built, task, runtime);
    const build = {
      outputs: roots.filter((path) => !path.endsWith(".drv")),
      paths: await neededPaths(roots, cache, { nix, inputs, runtime }),
      toolchain: inputs.cache.binaryCache === void 0 ? await installedPaths(nix) : []
    };
    return { ...task, build };
  } catch (error) {
    runtime.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
    return void 0;
  }
}
async function rootsOf(built, { key }, runtime) {
  const own = built.flatMap(({ path, drvPath }) => drvPath === void 0 ? [path] : [path, drvPath]);
  if (key === void 0) return [...new Set(own)];
  const roots = [.../* @__PURE__ */ new Set([...(await readJobNotes(runtime)).built[key] ?? [], ...own])];
  await addJobNotes(runtime, { built: { [key]: roots } });
  return roots;
}
function planSaveOfLayers({ result }, { inputs, runtime }) {
  const { key, matchedKey } = result ?? {};
  if (key !== void 0 && key === matchedKey || !isSaveWanted(inputs, runtime)) return void 0;
  const base = matchedKey === void 0 ? {} : { base: matchedKey };
  return { ...key === void 0 ? {} : { key, ...base }, layers: [] };
}
function isSaveWanted(inputs, runtime) {
  const { registry } = inputs.cache;
  if (registry !== void 0 && registry.signingKey === void 0 && inputs.nix.trustedPublicKeys.length > 0) {
    runtime.log.info(
      "Not saving: with trusted-public-keys no run accepts an unsigned entry, and cache-signing-key is not set."
    );
    return false;
  }
  const may = maySave(inputs, runtime);
  if (!may && maySave(inputs, { context: { isTrusted: true } })) {
    runtime.log.info(
      registry === void 0 ? "Not saving: this run is neither for the default branch nor for a pull request from the repository itself." : "Not saving: this run is not for the default branch, and a registry does not separate entries by branch."
    );
  }
  return may;
}
function maySave({ cache }, { context }) {
  if (cache.use === "restore" || cache.save === "never") return false;
  const isForOthers = cache.registry !== void 0 && context.pullRequest !== void 0;
  return cache.save === "always" || context.isTrusted === true && !isForOthers;
}
async function neededPaths(roots, { before }, { nix, inputs, runtime }) {
  const valid = await listValidPaths(nix);
  const written = [...valid].filter((path) => path.endsWith(".drv") && !before.has(path));
  const needed = await readRequisites(nix, [.../* @__PURE__ */ new Set([...roots.filter((path) => valid.has(path)), ...written])]);
  const sources = await Promise.all(
    inputs.builds.map(
      ({ source }) => source.kind === "path" ? [] : readFlakeInputs(nix, { ...inputs, target: source }, runtime.directory)
    )
  );
  return [.../* @__PURE__ */ new Set([...needed, ...sources.flat()])].filter((path) => !before.has(path)).sort();
}
async function saveStore({ build, ...entry }, run) {
  const { runtime, inputs } = run;
  const { binaryCache } = inputs.cache;
  const entries = openEntries(inputs, runtime);
  if (entries !== void 0 && entry.key !== void 0 && await entries.find(entry.key, []) === entry.key) {
    runtime.log.info(`Nothing to save: another step or job already saved the entry ${entry.key}.`);
    return;
  }
  const added = (build?.paths.length ?? 0) + (build?.toolchain.length ?? 0);
  if (added === 0 && (entries === void 0 || entry.layers.length === 0)) {
    runtime.log.info("Nothing to save: this build added nothing to the store.");
    return;
  }
  const nix = build === void 0 ? void 0 : nixFor(run);
  const chosen = build === void 0 || nix === void 0 ? nothing : await chooseFor(build, nix, run);
  if (chosen === void 0) return;
  if (chosen.paths.length + chosen.toolchain.length === 0 && !(entries !== void 0 && entry.layers.length > 0)) {
    runtime.log.info("Nothing to save: this build added nothing to the store.");
  } else if (entries !== void 0) {
    const isSaved = await saveEntry(chosen, entry, { build, entries, runtime });
    if (isSaved) await keepEntries(run);
  } else if (nix !== void 0 && binaryCache !== void 0) {
    await copyPaths(chosen.paths, binaryCache, { nix, runtime });
  }
}
var nothing = { paths: [], toolchain: [] };
function nixFor({ inputs, runtime }) {
  const nix = findNix(inputs.nix, runtime);
  if (nix === void 0) throw new Failure("Nix is no longer installed.");
  return nix;
}
async function chooseFor(build, nix, { inputs: { cache }, runtime }) {
  const listed = [.../* @__PURE__ */ new Set([...build.outputs, ...build.paths])];
  const invalid = await findInvalidPaths(nix, listed);
  const gone = build.outputs.find((path) => invalid.has(path));
  if (gone !== void 0) {
    runtime.log.info(`Not saving: the output ${gone} is no longer in the store.`);
    return void 0;
  }
  const left = listed.filter((path) => !invalid.has(path));
  const closure = await readRequisites(
    nix,
    left.filter((path) => !path.endsWith(".drv"))
  );
  const candidates = await readCandidates(nix, [.../* @__PURE__ */ new Set([...closure, ...left])]);
  const held = await readCandidates(nix, [...await readRequisites(nix, build.toolchain)]);
  const { excludeSubstitutable, maxSize } = cache;
  const choice = { outputs: build.outputs, excludeSubstitutable, maxSize, toolchain: held };
  const { paths, substitutable, evicted, toolchain } = choosePaths(candidates, choice);
  report("left out because binary caches have them", substitutable, runtime);
  report("left out for cache-max-size: Nix itself", toolchain.length === 0 ? held : [], runtime);
  report("left out for cache-max-size, the least useful first", evicted, runtime);
  const lost = evicted.find(({ path, isSubstitutable }) => build.outputs.includes(path) && !isSubstitutable);
  if (lost === void 0) return { paths, toolchain };
  runtime.log.warning(`Not saving the store cache: cache-max-size leaves no room for the output ${lost.path}.`);
  return void 0;
}
async function copyPaths(paths, binaryCache, { nix, runtime }) {
  const url = withoutLogins(binaryCache.url);
  const copied = await copyToBinaryCache(
    paths.map(({ path }) => path),
    binaryCache,
    { nix, directory: runtime.temporary }
  );
  runtime.log.info(
    copied.size === 0 ? `Nothing to copy: ${url} already has everything.` : `Copied ${copied.size} store paths to ${url}`
  );
}
async function saveEntry({ paths, toolchain }, { key = "", base, layers }, { build, entries, runtime }) {
  const held = new Map([...toolchain, ...paths].map((path) => [path.path, path]));
  const all = [...held.values()];
  const manifest = {
    system: nixSystem,
    paths: sortByReferences(all),
    layers,
    outputs: (build?.outputs ?? []).filter((path) => held.has(path)),
    toolchain: toolchain.length === 0 ? [] : build?.toolchain ?? []
  };
  const saved = await entries.save(manifest, key, base);
  if (saved === void 0) return false;
  const nix = toolchain.length === 0 ? "" : ", including Nix itself";
  const description = `${all.length} store paths, ${formatSize(totalSize(all))}${nix}, and the digests of ${layers.length} layers`;
  runtime.log.info(
    `Saved ${description}, as ${key}: ${formatSize(saved.size)}, of which ${formatSize(saved.sent)} sent`
  );
  return true;
}
async function keepEntries({ inputs, runtime }) {
  const { keep, registry } = inputs.cache;
  if (keep === void 0 || registry === void 0) return;
  try {
    const access = openCacheAccess(inputs, runtime);
    await deleteOldEntries(registry.repository, keep, { runtime, access, dryRun: false });
  } catch (error) {
    runtime.log.warning(`Cannot delete old entries of the store cache: ${messageOf(error)}`);
  }
}
async function readCandidates(nix, paths) {
  const registered = await readRegistrations(nix, paths);
  const kept = new Set([...registered.keys()].filter((path) => !path.endsWith(".drv")));
  for (const path of kept) {
    for (const reference of registered.get(path)?.references ?? []) if (registered.has(reference)) kept.add(reference);
  }
  return [...registered].filter(([path]) => kept.has(path)).map(([path, facts]) => ({ path, ...facts }));
}
var longestList = 10;
function report(why, paths, { log }) {
  if (paths.length === 0) return;
  const shown = paths.slice(0, longestList).map(({ path, narSize }) => `  ${path}  ${formatSize(narSize)}`);
  const more = paths.length > longestList ? [`  and ${paths.length - longestList} more`] : [];
  log.info([`${paths.length} store paths, ${formatSize(totalSize(paths))}, ${why}:`, ...shown, ...more].join("\n"));
}

export {
  isLosslessNumber,
  parse,
  stringify,
  checkSpecFields,
  parseConfig,
  configOf,
  labelsOf,
  diffIdsOf,
  createdOf,
  platformOf,
  withChanges,
  withDiffIds,
  fetchingFrom,
  planSave,
  planSaveOfLayers,
  maySave,
  saveStore
};
