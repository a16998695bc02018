import {
  checkedImage,
  parseJson,
  ruleIds,
  rules,
  secretIn
} from "./chunk-XBGOFGJP.mjs";
import {
  isDigest
} from "./chunk-HEI324TL.mjs";
import {
  Failure,
  isObject,
  oneLine
} from "./chunk-UH7NESJ6.mjs";

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

// src/check/apply-rules.ts
var mostFacts = 5;
var longestFact = 240;
function applyRules(image, { ignored, isEarly = false }) {
  const checked = checkedImage(image);
  const platform = platformOf(image.config);
  return ruleIds.filter((id) => !ignored.includes(id) && (!isEarly || rules[id].isEarly === true)).flatMap((rule) => {
    const facts = rules[rule].find(checked);
    const shown = facts.slice(0, mostFacts).map(shownFact);
    return facts.length === 0 ? [] : [{ rule, platform, facts: shown, others: facts.length - shown.length }];
  });
}
function withKnownFindings(early, known) {
  const ofLayers = known.filter(({ rule }) => rules[rule].isEarly !== true);
  return ruleIds.flatMap((id) => [...early, ...ofLayers].filter(({ rule }) => rule === id));
}
function shownFact(fact) {
  if (secretIn(fact) !== void 0) return "(not shown, because it contains a secret)";
  return fact.length > longestFact ? `${oneLine(fact, longestFact)}\u2026` : oneLine(fact, longestFact);
}
function formatFinding({ rule, facts, others }) {
  const { reason, cure } = rules[rule];
  return `${rule}: ${listFacts({ facts, others })}. ${reason} ${cure}`;
}
function listFacts({ facts, others }) {
  return [...facts, ...others > 0 ? [`${others} more`] : []].join("; ");
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
  mostFacts,
  longestFact,
  applyRules,
  withKnownFindings,
  formatFinding,
  listFacts
};
