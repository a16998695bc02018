import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  addJobNotes,
  build,
  compressedFormatOf,
  connectionFaultOf,
  createBuildLog,
  decompress,
  decompressReusing,
  describeTarget,
  failureOf,
  features,
  fetchEntry,
  fetchingFrom,
  findNix,
  followRedirects,
  hostArchitecture,
  imageArchitecture,
  installUnpacked,
  isBrokenConnection,
  isLocal,
  isLocalHost,
  isLoopback,
  isOwnInstallation,
  namesHost,
  nixSystem,
  oneLine,
  openNix,
  openTransport,
  planSave,
  planSaveOfLayers,
  readClosure,
  readJobNotes,
  readLogLine,
  readNarHashes,
  registrationOf,
  releaseName,
  releaseToInstall,
  requireSpace,
  requireSystem,
  resolveLocation,
  restoreLayers,
  restoreStore,
  retry,
  saveStoreAfter,
  targetArguments
} from "./chunk-KNMLOGKE.mjs";
import {
  baseLabels,
  computeMetadata,
  packageLabels,
  toTag
} from "./chunk-C6H2LYCW.mjs";
import {
  annotationsOf,
  closestTo,
  compress,
  compressionName,
  defaultCompression,
  defaultMaxLayers,
  encodingOf,
  escapeControls,
  findProgram,
  formatReference,
  formatRepository,
  formatSize,
  isPath,
  isSamePlatform,
  isTag,
  joinMetadata,
  keysNotAllowed,
  layersOfClosure,
  metadataOfEnvironment,
  noMetadata,
  normalizePlatform,
  parseImageName,
  parseMetadataJson,
  parsePlatform,
  parseReference,
  parseRepository,
  resolveCreated,
  runProgram,
  stableLayers,
  storePathsComment,
  withoutKeys
} from "./chunk-QJY2LTPM.mjs";
import {
  DamagedEntry,
  chunkedPlacesOf,
  claimOf,
  isDescriptor,
  isInStore,
  isStorePath,
  layerEncoding,
  layerFactsOf,
  makeReadOnly,
  mediaTypeOf,
  mediaTypes,
  openEntry,
  readParts,
  storeDirectory,
  storeDirectoryOf,
  storeHash,
  withFacts,
  withLayersKept
} from "./chunk-C7A6GD7E.mjs";
import {
  isObject,
  largestJson,
  objectIn,
  parseJson,
  parseJsonObject
} from "./chunk-Z6I6B3TS.mjs";
import {
  blockSize,
  decimalOf,
  paddedSize,
  readHeader,
  readPaxRecords
} from "./chunk-REFZ6E6F.mjs";
import {
  bytesOf,
  codePointKey,
  isAscii,
  isUtf8,
  replaceNonAscii,
  textOf
} from "./chunk-7T77N3KP.mjs";
import {
  blocksOf,
  createBlockMemory,
  createPool,
  digestOf,
  digestOfHash,
  hexOf,
  inBackground,
  isDigest,
  parseDigest,
  settleAll
} from "./chunk-R6VUWMYB.mjs";
import {
  Failure,
  codeOf,
  hasCode,
  messageOf,
  sentence
} from "./chunk-32ADV6HS.mjs";

// src/image/find-stream-settings.ts
import { createHash } from "node:crypto";

// src/image/shape.ts
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
var startSize = 4096;
function shapeOf(path) {
  const { start, mode } = readStart(path);
  const compression = compressedFormatOf(start);
  if (compression === "bzip2") return "unknown";
  if (compression !== void 0) return compression;
  if (start.toString("latin1", 257, 262) === "ustar") return "tar";
  if (isScript(start)) return (mode & 73) === 0 ? "unknown" : "script";
  if (!/^\{\s*["}]/.test(start.toString("latin1"))) return "unknown";
  return /"(version|image-config)"\s*:/.test(start.toString("utf8")) ? "nix2container" : "stream-settings";
}
function isBzip2(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true && compressedFormatOf(readStart(path).start) === "bzip2";
}
function describeFile(path) {
  const { start } = readStart(path);
  if (start.length === 0) return "an empty file";
  if (path.endsWith(".nix")) return "a Nix file that has not been built: name it in the input file, not in path";
  if (isScript(start)) return "a script that is not executable";
  if (compressedFormatOf(start) === "bzip2") return "compressed with bzip2";
  if (start.toString("latin1", 1, 4) === "ELF") return "an executable program";
  return `an unknown kind of file (it begins with ${JSON.stringify(start.toString("latin1", 0, 16))})`;
}
function describeDirectory(path) {
  const names2 = new Set(readdirSync(path));
  if (names2.has("manifest.json") && /^Directory Transport/.test(readText(join(path, "version")))) {
    return `an image in the format of skopeo's dir: transport. Convert it to a layout: skopeo copy dir:${path} oci:layout:latest`;
  }
  if (names2.has("bin")) return void 0;
  if (names2.has("tarball")) {
    return "the root file system of a NixOS system (tarball/), without an image config. Build an image from it, for example with copyToRoot of dockerTools.buildImage";
  }
  if (names2.has("layers.json")) {
    return "a layer of nix2container's buildLayer, not an image. Pass it to buildImage in layers, and build that";
  }
  const source = ["flake.nix", "default.nix"].find((name2) => names2.has(name2));
  if (source === void 0) return void 0;
  return `a directory with ${source} that has not been built: name it in the input ${source === "flake.nix" ? "installable" : "file"}, not in path`;
}
function readText(path) {
  try {
    return readStart(path).start.toString("utf8");
  } catch (cause) {
    if (hasCode(cause, "ENOENT", "EISDIR")) return "";
    throw cause;
  }
}
function isScript(start) {
  return start.toString("latin1", 0, 2) === "#!";
}
function readStart(path) {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(startSize);
    const length = readSync(file, start, 0, startSize, 0);
    return { start: start.subarray(0, length), mode: fstatSync(file).mode };
  } finally {
    closeSync(file);
  }
}

// src/image/stream-script.ts
import { closeSync as closeSync2, fstatSync as fstatSync2, openSync as openSync2, readSync as readSync2 } from "node:fs";

// src/image/stays-in-store.ts
import { realpathSync } from "node:fs";
function staysInStore(path, store) {
  try {
    return isInStore(realpathSync(path), realpathSync(store));
  } catch (cause) {
    if (hasCode(cause, "ENOENT", "ENOTDIR")) return false;
    throw cause;
  }
}

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
    end: end3
  } = getSignificantDigitRange(value);
  const digits = value.substring(start, end3);
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
  let end3 = value.lastIndexOf("e");
  if (end3 === -1) {
    end3 = value.lastIndexOf("E");
  }
  if (end3 === -1) {
    end3 = value.length;
  }
  while ((value[end3 - 1] === "0" || value[end3 - 1] === ".") && end3 > start) {
    end3--;
  }
  return {
    start,
    end: end3
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
function reviveObject(object3, reviver) {
  for (const key of Object.keys(object3)) {
    const value = reviveValue(object3, key, object3[key], reviver);
    if (value !== void 0) {
      object3[key] = value;
    } else {
      delete object3[key];
    }
  }
  return object3;
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
function parse(text4, reviver, options2) {
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
  function parseObject() {
    if (text4.charCodeAt(i) === codeOpeningBrace) {
      i++;
      skipWhitespace();
      const object3 = {};
      let initial = true;
      while (i < text4.length && text4.charCodeAt(i) !== codeClosingBrace) {
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
        if (Object.prototype.hasOwnProperty.call(object3, key) && !isDeepEqual(value2, object3[key])) {
          const returnedValue = onDuplicateKey({
            key,
            position: start + 1,
            oldValue: object3[key],
            newValue: value2
          });
          if (returnedValue !== void 0) {
            setObjectKey(object3, key, returnedValue);
          }
        } else {
          setObjectKey(object3, key, value2);
        }
      }
      if (text4.charCodeAt(i) !== codeClosingBrace) {
        throwObjectKeyOrEndExpected();
      }
      i++;
      return object3;
    }
  }
  function parseArray() {
    if (text4.charCodeAt(i) === codeOpeningBracket) {
      i++;
      skipWhitespace();
      const array = [];
      let initial = true;
      while (i < text4.length && text4.charCodeAt(i) !== codeClosingBracket) {
        if (!initial) {
          eatComma();
        } else {
          initial = false;
        }
        const value2 = parseValue();
        expectArrayItem(value2);
        array.push(value2);
      }
      if (text4.charCodeAt(i) !== codeClosingBracket) {
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
  function parseKeyword(name2, value2) {
    if (text4.slice(i, i + name2.length) === name2) {
      i += name2.length;
      return value2;
    }
  }
  function skipWhitespace() {
    while (isWhitespace(text4.charCodeAt(i))) {
      i++;
    }
  }
  function parseString() {
    if (text4.charCodeAt(i) === codeDoubleQuote) {
      i++;
      let result = "";
      while (i < text4.length && text4.charCodeAt(i) !== codeDoubleQuote) {
        if (text4.charCodeAt(i) === codeBackslash) {
          const char = text4[i + 1];
          const escapeChar = escapeCharacters[char];
          if (escapeChar !== void 0) {
            result += escapeChar;
            i++;
          } else if (char === "u") {
            if (isHex(text4.charCodeAt(i + 2)) && isHex(text4.charCodeAt(i + 3)) && isHex(text4.charCodeAt(i + 4)) && isHex(text4.charCodeAt(i + 5))) {
              result += String.fromCharCode(Number.parseInt(text4.slice(i + 2, i + 6), 16));
              i += 5;
            } else {
              throwInvalidUnicodeCharacter(i);
            }
          } else {
            throwInvalidEscapeCharacter(i);
          }
        } else {
          if (isValidStringCharacter(text4.charCodeAt(i))) {
            result += text4[i];
          } else {
            throwInvalidCharacter(text4[i]);
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
    if (text4.charCodeAt(i) === codeMinus) {
      i++;
      expectDigit(start);
    }
    if (text4.charCodeAt(i) === codeZero) {
      i++;
    } else if (isNonZeroDigit(text4.charCodeAt(i))) {
      i++;
      while (isDigit(text4.charCodeAt(i))) {
        i++;
      }
    } else {
      return void 0;
    }
    if (text4.charCodeAt(i) === codeDot) {
      i++;
      expectDigit(start);
      while (isDigit(text4.charCodeAt(i))) {
        i++;
      }
    }
    if (text4.charCodeAt(i) === codeLowercaseE || text4.charCodeAt(i) === codeUppercaseE) {
      i++;
      if (text4.charCodeAt(i) === codeMinus || text4.charCodeAt(i) === codePlus) {
        i++;
      }
      expectDigit(start);
      while (isDigit(text4.charCodeAt(i))) {
        i++;
      }
    }
    if (i > start) {
      return parseNumber(text4.slice(start, i));
    }
  }
  function eatComma() {
    if (text4.charCodeAt(i) !== codeComma) {
      throw new SyntaxError(`Comma ',' expected after value ${gotAt()}`);
    }
    i++;
  }
  function eatColon() {
    if (text4.charCodeAt(i) !== codeColon) {
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
    if (i < text4.length) {
      throw new SyntaxError(`Expected end of input ${gotAt()}`);
    }
  }
  function expectDigit(start) {
    if (!isDigit(text4.charCodeAt(i))) {
      const numSoFar = text4.slice(start, i);
      throw new SyntaxError(`Invalid number '${numSoFar}', expecting a digit ${gotAt()}`);
    }
  }
  function expectEndOfString() {
    if (text4.charCodeAt(i) !== codeDoubleQuote) {
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
    const chars = text4.slice(start, start + 2);
    throw new SyntaxError(`Invalid escape character '${chars}' ${pos()}`);
  }
  function throwObjectValueExpected() {
    throw new SyntaxError(`Object value expected after ':' ${pos()}`);
  }
  function throwInvalidUnicodeCharacter(start) {
    const chars = text4.slice(start, start + 6);
    throw new SyntaxError(`Invalid unicode character '${chars}' ${pos()}`);
  }
  function pos() {
    return `at position ${i}`;
  }
  function got() {
    return i < text4.length ? `but got '${text4[i]}'` : "but reached end of input";
  }
  function gotAt() {
    return `${got()} ${pos()}`;
  }
}
function setObjectKey(object3, key, value) {
  if (key === "__proto__") {
    Object.defineProperty(object3, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true
    });
  } else {
    object3[key] = value;
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
  function stringifyObject(object3, indent) {
    if (typeof object3.toJSON === "function") {
      return stringifyValue(object3.toJSON(), indent);
    }
    const keys = Array.isArray(replacer) ? [...new Set(replacer.map(String))] : Object.keys(object3);
    if (keys.length === 0) {
      return "{}";
    }
    const childIndent = resolvedSpace ? indent + resolvedSpace : void 0;
    let first = true;
    let str = resolvedSpace ? "{\n" : "{";
    for (const key of keys) {
      const value2 = typeof replacer === "function" ? replacer.call(object3, key, object3[key]) : object3[key];
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

// src/image/merge-env.ts
function envOf({ Env }, whose) {
  if (Env === void 0 || Env === null) return [];
  if (Array.isArray(Env) && Env.every((entry) => typeof entry === "string")) return Env;
  throw new Failure(`Cannot create the image config: config.Env of ${whose} is not a list of strings.`);
}
function mergeEnv(before, after) {
  return [...new Map([...before, ...after].map((entry) => [entry.split("=", 1)[0], entry])).values()];
}

// src/image/stream-settings.ts
var longestSettings = 64 << 20;
var knownKeys = /* @__PURE__ */ new Set([
  ...["architecture", "config", "os", "store_dir", "from_image", "store_layers", "customisation_layer", "repo_tag"],
  ...["created", "mtime", "uid", "gid", "uname", "gname"]
]);
function parseStreamSettings(text4, { file, now, store = storeDirectory }) {
  const json = parseJsonObject(text4, file, { parse, largest: longestSettings });
  const { conf, refuse: refuse2, string, integer } = readerOf(json, file);
  const { unknown } = keysOfSettings(text4, file);
  if (unknown.length > 0) {
    throw new Failure(
      `Cannot read ${file}: its "${unknown.join('", "')}" is unknown, so a newer nixpkgs wrote these settings. Update this action, or build the image as a docker-archive (dockerTools.buildLayeredImage).`
    );
  }
  const time2 = (key, fallback) => parseTime(string(key, fallback), now) ?? refuse2(key, '"now" or a time such as 1970-01-01T00:00:01+00:00');
  const created2 = time2("created");
  const mtime = time2("mtime", string("created"));
  const pathInStore2 = (key, isRight) => isRight(string(key), store) ? string(key) : refuse2(key, `a path in ${store}`);
  if (string("os") !== "linux") refuse2("os", '"linux"');
  if (string("store_dir") !== store) refuse2("store_dir", `${store}, the store of this machine`);
  return {
    architecture: string("architecture"),
    config: isObject(conf.config) ? conf.config : refuse2("config", "an object"),
    created: created2.text,
    repoTag: string("repo_tag"),
    fromImage: conf.from_image === null ? void 0 : pathInStore2("from_image", isInStore),
    storeLayers: isStoreLayers(conf.store_layers, store) ? conf.store_layers : refuse2("store_layers", `a list of lists of paths in ${store}`),
    customisationLayer: pathInStore2("customisation_layer", isStorePath),
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
function keysOfSettings(text4, file) {
  const conf = parseJsonObject(text4, file, { largest: longestSettings });
  const keys = Object.keys(conf);
  const base = typeof conf.from_image === "string" ? conf.from_image : void 0;
  return { keys, unknown: keys.filter((key) => !knownKeys.has(key)), base };
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
    const text4 = string(key, "0");
    return /^-?[0-9]{1,15}$/.test(text4) ? Number(text4) : refuse2(key, "a whole number in quotes");
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
function parseTime(text4, now) {
  if (text4 === "now") {
    const iso = new Date(now).toISOString().replace("Z", "000+00:00");
    return { text: iso, seconds: Math.floor(now / 1e3), isNow: true };
  }
  const milliseconds = Date.parse(text4);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/.test(text4) || Number.isNaN(milliseconds)) return void 0;
  return { text: text4, seconds: milliseconds / 1e3, isNow: false };
}
function isStoreLayers(value, store) {
  const isPath2 = (path) => isStorePath(path, store);
  return Array.isArray(value) && value.every((layer2) => Array.isArray(layer2) && layer2.every(isPath2));
}
function pythonRepr(text4) {
  if (/^[ -~]*$/.test(text4) && !/['\\]/.test(text4)) return `'${text4}'`;
  const quote = text4.includes("'") && !text4.includes('"') ? '"' : "'";
  const special = new RegExp(`[${quote}\\\\]|(?! )[\\p{C}\\p{Z}]`, "gu");
  return quote + text4.replace(special, pythonEscape) + quote;
}
function pythonEscape(char) {
  const named3 = { "\n": "\\n", "\r": "\\r", "	": "\\t" };
  if (/['"\\]/.test(char)) return `\\${char}`;
  const hex = (char.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return named3[char] ?? `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

// src/image/stream-script.ts
var longestScript = 64 << 10;
var wrapper = /^#! ?\/\S+(?: -eu?)?\n(?:declare -a extraFlagsArray=\(\)\nset \+u\n)?exec (?:-- )?(["']?)(\/[^\s"']+-stream)\1 +(\/[^\s"']+-conf\.json) (?:"\$\{extraFlagsArray\[@\]\}" )?"\$@" ?\n$/;
function parseStreamScript(text4) {
  const [, , program, settings] = wrapper.exec(text4) ?? [];
  return program === void 0 || settings === void 0 ? void 0 : { program, settings };
}
function findRunnableScript(path, store) {
  const script = isStorePath(path, store) ? parseStreamScript(readStart2(path, longestScript)) : void 0;
  if (script === void 0) return void 0;
  const { program, settings } = script;
  const areInStore = [program, settings].every((file) => isStorePath(file, store) && staysInStore(file, store));
  return areInStore && isStream(program, store) && areSettings(settings) ? script : void 0;
}
function isStream(program, store) {
  const [, python = ""] = /^#! ?(\S+)\/bin\/python3[0-9.]*\n/.exec(readStart2(program, longestScript)) ?? [];
  return new RegExp(`/${storeHash}-stream$`).test(program) && isStorePath(python, store) && /-python3-/.test(python);
}
function areSettings(file) {
  const text4 = readStart2(file, longestSettings);
  try {
    const settings = parseJson(text4, file, { largest: longestSettings });
    return isObject(settings) && Array.isArray(settings.store_layers) && "customisation_layer" in settings;
  } catch (cause) {
    if (cause instanceof Failure) return false;
    throw cause;
  }
}
function readScript(path) {
  return readStart2(path, longestScript);
}
function readSettings(path) {
  return readStart2(path, longestSettings);
}
function readStart2(path, limit) {
  let file;
  try {
    file = openSync2(path, "r");
    const bytes = Buffer.alloc(Math.min(fstatSync2(file).size, limit));
    return bytes.toString("utf8", 0, readSync2(file, bytes));
  } catch (cause) {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new Failure(`Cannot read ${path}: the file does not exist.`, { cause });
  } finally {
    if (file !== void 0) closeSync2(file);
  }
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
function findStreamSettings(place2) {
  const { path, locate = (storePath2) => storePath2, knownScripts = nixpkgsScripts } = place2;
  const text4 = readScript(path);
  if (text4.startsWith("{")) return judgeSettings(path, void 0, locate);
  if (!text4.startsWith("#!")) return { native: false, why: `${path} is not a script` };
  const script = parseStreamScript(text4);
  if (script === void 0) {
    return { native: false, why: `${path} does not name one \u2026-stream and its \u2026-conf.json` };
  }
  const { program, settings } = script;
  const nixMode = knownScripts.get(scriptDigest(readScript(locate(program))));
  if (nixMode === void 0) return { native: false, why: `its script ${program} is not a known version of nixpkgs'` };
  return judgeSettings(locate(settings), nixMode, locate);
}
function scriptDigest(text4) {
  return createHash("sha256").update(text4.replace(/"""[\s\S]*?"""|#.*$|[\s(),\\]/gm, "")).digest("hex");
}
function judgeSettings(settingsPath, nixMode, locate) {
  const { keys, unknown, base } = keysOfSettings(readSettings(settingsPath), settingsPath);
  if (unknown.length > 0) {
    return { native: false, why: `"${unknown.join('", "')}" of its settings ${settingsPath} is unknown` };
  }
  if (base !== void 0 && isBzip2(locate(base))) {
    return { native: false, why: `its base ${base} is compressed with bzip2, which only its script can read` };
  }
  if (nixMode !== void 0) return { native: true, settingsPath, nixMode };
  if (keys.includes("mtime")) return { native: true, settingsPath, nixMode: 493 };
  return {
    native: false,
    why: `the settings ${settingsPath} are older than July 2024 and do not state the mode of /nix`
  };
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
  meta = get "meta" value;
  stream = get "stream" value;

  # The attributes of the derivation that is built, and its output; null where others are shown.
  inputsOf = thing:
    let
      inputs = get "drvAttrs" thing;
      made = derivation inputs;
      isWhole = isDerivation thing && builtins.isAttrs inputs && inputs ? name && inputs ? builder && inputs ? system;
      isShown = attempt (made.drvPath == thing.drvPath && made.outPath == thing.outPath);
    in if isWhole && isShown == true then inputs // { output = made.outPath; } else null;
  isEmpty = thing: thing == null || thing == false || thing == "" || thing == [ ] || thing == { };
  usual = [
    "name" "system" "builder" "args" "stdenv" "buildCommand" "passAsFile" "outputs" "output" "imageName"
    "nativeBuildInputs" "preferLocalBuild" "allowSubstitutes" "strictDeps" "enableParallelBuilding"
    "enableParallelChecking" "enableParallelInstalling" "configureFlags" "cmakeFlags" "mesonFlags" "__structuredAttrs"
    "__ignoreNulls"
  ];
  nameOf = path: builtins.elemAt (builtins.match "(.*/${storeHash}-)?(.*)" (text (toString path))) 1;
  # Whether a derivation is a runCommand and no more: with these tools, in the stdenv of the other one.
  isCommand = inputs: other: tools:
    builtins.all (name: builtins.elem name usual || isEmpty inputs.\${name}) (builtins.attrNames inputs)
    && inputs.outputs or [ "out" ] == [ "out" ]
    && builtins.isString (inputs.buildCommand or null)
    && builtins.all (name: inputs.\${name} or null == other.\${name} or null) [ "builder" "args" "stdenv" ]
    && builtins.all (tool: builtins.match tools (nameOf tool) != null) (inputs.nativeBuildInputs or [ ]);

  # writePython3 "stream" of nixpkgs' own script, or a link to it, as it is since 2024.
  isNixpkgsScript = script: other:
    if script ? contentPath then
      let
        file = text (toString script.contentPath);
        own = "/pkgs/build-support/docker/stream_layered_image.py";
        start = builtins.stringLength file - builtins.stringLength own;
      in start > 0 && builtins.substring start (-1) file == own
    else
      isCommand script other "" && builtins.match "ln -s /[^ ]*/${storeHash}-stream/bin/stream [$]out\\n" (text script.buildCommand) != null;
  hasConf = thing: attempt (isStream thing && isDerivation (get "conf" thing) && (
    let
      inputs = inputsOf thing;
      conf = inputsOf thing.conf;
      script = inputsOf (get "streamScript" thing);
    in inputs != null && conf != null && script != null
      && isNixpkgsScript script conf
      && isCommand inputs conf "make-shell-wrapper-hook"
      && inputs.buildCommand == "makeWrapper \${script.output} $out --add-flags \${conf.output}\\n"
  )) == true;
  hasStream = thing: attempt (isStream (get "stream" thing) && (
    let
      inputs = inputsOf thing;
      stream = inputsOf thing.stream;
      start = "\${stream.output} | ";
      length = builtins.stringLength start;
      compress = text (builtins.substring length (-1) inputs.buildCommand);
    in inputs != null && stream != null
      && isCommand inputs stream "(pigz|zstd)-.*"
      && builtins.substring 0 length inputs.buildCommand == start
      && builtins.match "(cat|pigz( -(p[$]NIX_BUILD_CORES|nTR?))*|zstd -T[$]NIX_BUILD_CORES) > [$]out\\n?" compress != null
  )) == true;
in {
  isDerivation = isDerivation value;
  hasStream = hasStream value;
  streamHasConf = hasStream value && hasConf stream;
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
async function readFacts(nix, inputs, runtime) {
  const target = attributeOf(inputs.target);
  if (target === void 0) return void 0;
  const facts = await evaluateFacts(nix, { ...inputs, target }, runtime);
  if (facts !== void 0 || !isDefault(inputs.target)) return facts;
  const whole = await evaluateFacts(nix, inputs, runtime);
  return whole && { ...whole, hasStream: false, streamHasConf: false, hasConf: false };
}
function isDefault(target) {
  return target.kind === "installable" && /^[^#]*#?$/.test(target.installable);
}
async function evaluateFacts(nix, inputs, runtime) {
  const log = createBuildLog();
  const output = ["--json", "--log-format", "internal-json", "--apply", readFactsOf];
  const { code: code2, stdout } = await nix.exec(nix.program, ["eval", ...features, ...output, ...targetArguments(inputs)], {
    env: nix.env,
    cwd: runtime.directory,
    // The build evaluates again and tells everything else.
    onErrorLine: (line) => {
      const said = readLogLine(log, line);
      if (said?.text.startsWith("fetching ")) runtime.log.info(said.text);
    }
  });
  if (code2 === 0) return JSON.parse(stdout);
  runtime.log.debug(`No facts: ${[...log.errors, ...log.plain].join("\n")}`);
  return void 0;
}
function chooseTarget(target, facts, { native, preferStream }) {
  if (facts === void 0) return target;
  const stream = preferStream && facts.hasStream ? ["stream"] : [];
  const hasConf = stream.length > 0 ? facts.streamHasConf : facts.hasConf;
  const path = [...stream, ...native !== "off" && hasConf ? ["conf"] : []];
  return path.length === 0 ? target : attributeOf(target, path) ?? target;
}
function attributeOf(target, path = []) {
  if (target.kind === "file") {
    const attr2 = [...target.attr === void 0 ? [] : [target.attr], ...path].join(".");
    return attr2 === "" ? target : { ...target, attr: attr2 };
  }
  const [, flake = "", attr = ""] = /^([^#]*)#?(.*)$/s.exec(target.installable) ?? [];
  const isStorePath2 = new RegExp(`^/.*/${storeHash}-[^/]+(?:/|$)`).test(target.installable);
  if (isStorePath2 && !target.installable.includes("#") || /\^[^"]*$/.test(target.installable)) return void 0;
  return { kind: "installable", installable: `${flake}#${[attr === "" ? "default" : attr, ...path].join(".")}` };
}

// src/cache/unpack-toolchain.ts
import { lstatSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join as join2 } from "node:path";
async function unpackToolchain(file, directory, system) {
  const entry = openEntry(file);
  try {
    requireSystem(entry, system);
    const paths = toolchainOf(entry.manifest);
    if (paths.length === 0) return false;
    const size = paths.reduce((sum, { narSize }) => sum + narSize, 0);
    const parts = entry.findParts();
    await requireSpace(size, directory);
    const store = join2(directory, "store");
    await mkdir(store);
    const places = new Map(paths.map(({ path }) => [path, join2(store, basename(path))]));
    await readParts({ file, parts, places });
    for (const place2 of places.values()) if (lstatSync(place2).isDirectory()) makeReadOnly(place2);
    await writeFile(join2(directory, ".reginfo"), paths.map(registrationOf).join(""));
    return true;
  } finally {
    entry.close();
  }
}
function toolchainOf({ paths, toolchain }) {
  const named3 = new Set(toolchain);
  const held = paths.slice(0, paths.findLastIndex(({ path }) => named3.has(path)) + 1);
  const all = new Set(held.map(({ path }) => path));
  const absent = [...toolchain, ...held.flatMap(({ references }) => references)].find((path) => !all.has(path));
  if (absent === void 0) return held;
  throw new DamagedEntry(`its Nix needs ${absent}, which is not in it`);
}

// src/stages/build/open-toolchain.ts
async function openToolchain(inputs, settings, runtime) {
  const release = await releaseToInstall(settings, runtime);
  const installedBefore = release === void 0 ? await findInstalledInJob(settings, runtime) : void 0;
  const name2 = release === void 0 ? installedBefore : releaseName(release);
  const fetching = fetchEntry(inputs, runtime, name2);
  let refusal2;
  const restore = async (wanted) => {
    const fetched2 = await fetching.withNix;
    if (fetched2 === void 0) return false;
    const entry = `the entry ${fetched2.matchedKey}`;
    try {
      const isInstalled = await restoreNix(fetched2, wanted, runtime);
      runtime.log.info(`Nix ${wanted.version} ${isInstalled ? "restored from" : "is not in"} ${entry}`);
      return isInstalled;
    } catch (error) {
      refusal2 = damagedEntryOf(error);
      runtime.log.warning(`Cannot restore Nix ${wanted.version} from ${entry}: ${messageOf(error)}`);
      return false;
    }
  };
  const nix = await openNix(settings, runtime, restore).finally(() => fetching.entry);
  if (nix.installed && name2 !== void 0) await addJobNotes(runtime, { installed: name2 });
  const fetched = await fetching.entry;
  return {
    nix: { ...nix, installed: nix.installed || installedBefore !== void 0 },
    fetched: fetched && { ...fetched, refusal: fetched.refusal ?? refusal2 }
  };
}
async function findInstalledInJob(settings, runtime) {
  const { installed } = await readJobNotes(runtime);
  const program = findNix(settings, runtime)?.program;
  return program !== void 0 && await isOwnInstallation(program) ? installed : void 0;
}
function restoreNix({ file }, release, runtime) {
  return installUnpacked((directory) => unpackToolchain(file, directory, nixSystem), release, runtime);
}
function damagedEntryOf(error) {
  if (error instanceof DamagedEntry) return error;
  return error instanceof Failure ? new DamagedEntry(error.message, { cause: error }) : void 0;
}

// src/stages/build/build-images.ts
function isPrebuilt({ builds: [first] }) {
  return first?.source.kind === "path";
}
function prebuiltImage(inputs, runtime) {
  const [first] = inputs.builds;
  if (first?.source.kind !== "path") return void 0;
  const platform = first.platform ?? inputs.platforms[0];
  return {
    path: runtime.resolve(first.source.path),
    platform,
    nix: findNix(toolchainInputsOf(inputs), runtime),
    facts: void 0,
    contents: []
  };
}
async function buildImages(images, runtime) {
  const [common] = images;
  const given = prebuiltImage(common, runtime);
  if (given !== void 0) {
    const cache2 = await restoreLayers(common, runtime);
    const save = cache2 && planSaveOfLayers(cache2, { inputs: common, runtime });
    return { images: [[given]], nixVersion: void 0, cache: cache2?.result, confirmed: cache2?.confirmed, save };
  }
  const inputs = { ...common, builds: images.flatMap((image2) => image2.builds) };
  const { nix, fetched } = await runtime.log.group(
    "Toolchain",
    () => openToolchain(inputs, toolchainInputsOf(common), runtime)
  );
  const cache = await restoreStore(fetched, nix, { inputs, runtime });
  return runtime.log.group("Build", async () => {
    const contents = await settleAll(common.contents.map((one) => buildInstallable(one, nix, { inputs, runtime })));
    const paths = contents.map(({ path }) => path);
    const built = await settleAll(
      images.map((image2) => settleAll(image2.builds.map((one) => buildPlatform(one, nix, { inputs: image2, runtime }))))
    );
    const save = cache && await planSave(cache, [...built.flat(), ...contents], { nix, inputs, runtime });
    return {
      work: workOf([...built.flat(), ...contents]),
      images: built.map((of) => of.map((one) => ({ ...one, nix, contents: paths }))),
      nixVersion: nix.version,
      cache: cache?.result,
      confirmed: cache?.confirmed,
      save
    };
  });
}
function toolchainInputsOf({ cache: { binaryCache, use }, nix, githubToken }) {
  const calls = binaryCache === void 0 || use === "off" ? nix : fetchingFrom(nix, binaryCache);
  return { ...calls, ...githubToken === void 0 ? {} : { githubToken } };
}
function workOf(built) {
  const sum = (key) => built.reduce((total, { work }) => total + work[key], 0);
  return { built: sum("built"), substituted: sum("substituted") };
}
function buildInstallable(installable, nix, { inputs, runtime }) {
  return build(nix, { ...inputs, target: { kind: "installable", installable } }, runtime);
}
async function buildPlatform({ source, platform }, nix, { inputs, runtime }) {
  if (source.kind === "path") throw new TypeError("A prebuilt image is never built.");
  const facts = await readFacts(nix, { ...inputs, target: source }, runtime);
  const built = await buildMinimal({ source, facts, nix }, { inputs, runtime });
  return { ...built, platform: platform ?? inputs.platforms[0], facts };
}
async function buildMinimal({ source, facts, nix }, { inputs, runtime }) {
  const least = chooseTarget(source, facts, inputs);
  const built = await build(nix, { ...inputs, target: least }, runtime);
  const whole = chooseTarget(source, facts, { ...inputs, native: "off" });
  if (inputs.native !== "auto" || describeTarget(least) === describeTarget(whole)) return built;
  const settings = findStreamSettings({ path: built.path });
  if (settings.native) return built;
  runtime.log.info(`Building the whole image: ${settings.why}.`);
  return build(nix, { ...inputs, target: whole }, runtime);
}

// src/lib/http/read-pages.ts
var mostPages = 200;
var EndlessListError = class extends Failure {
  name = "EndlessListError";
};
async function* readPages(first, read) {
  const seen = /* @__PURE__ */ new Set();
  for (let url = first; url !== void 0; ) {
    const failed2 = `Cannot list ${url.origin}${url.pathname}`;
    if (seen.has(url.href)) throw new EndlessListError(`${failed2}: its pages form a cycle.`);
    if (seen.size >= mostPages) throw new EndlessListError(`${failed2}: it has more than ${mostPages} pages.`);
    seen.add(url.href);
    const page = await read(url);
    yield page.value;
    url = page.next;
  }
}
function nextPageOf(response, resolve) {
  const target = nextLinkOf(response.header("link") ?? "");
  return target === void 0 ? void 0 : resolve(target, response);
}
function nextLinkOf(header) {
  for (const [, target, parameters = ""] of header.matchAll(/<([^<>]*)>([^<]*)/g)) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
    const relations = (quoted ?? bare ?? "").toLowerCase().split(/\s+/);
    if (relations.includes("next")) return target;
  }
  return void 0;
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
var usualWaits = { first: 500, longest: 6e4 };
function openGitHubApi(access) {
  const { apiUrl } = access;
  if (!/^https?:/.test(apiUrl) || !URL.canParse(apiUrl)) {
    throw new Failure(`Cannot use GITHUB_API_URL="${apiUrl}": it is not a URL. Set it to https://HOST/api/v3.`);
  }
  const urlOf = (path) => new URL(`${apiUrl.replace(/\/$/, "")}/${path.replace(/^\//, "")}`);
  return {
    get: async (path) => (await ask({ method: "GET", url: urlOf(path) }, access)).value,
    request: async (method, path, body) => (await ask({ method, url: urlOf(path), body }, access)).value,
    pages: (path) => readPages(urlOf(path), async (url) => {
      const { value, response } = await ask({ method: "GET", url }, access);
      return { value, next: nextPageOf(response, resolveWithinApi) };
    })
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
  const response = await followRedirects(requestOf(question, access), {
    send: (request) => send(request, access),
    resolve: resolveWithinApi
  });
  if (response.status < 200 || response.status > 299) throw await readRefusal(question, response, access);
  const bytes = await response.bytes(largestAnswer + 1);
  if (bytes.length > largestAnswer)
    throw new Failure(`${failed(question)}: the answer has more than ${largestAnswer} bytes.`);
  return { value: parseAnswer(bytes, question), response };
}
async function send(request, access) {
  try {
    return await access.send(request);
  } catch (cause) {
    const fault = connectionFaultOf(cause);
    const why = fault === void 0 ? sentence(messageOf(cause)) : `${fault.why}. ${fault.advice}`.trimEnd();
    throw new Failure(`${failed(request)}: ${why}`, { cause });
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
function resolveWithinApi(location, source) {
  const url = resolveLocation(location, source);
  const { origin, pathname } = source.url;
  if (url.origin === origin) return url;
  throw new Failure(`Cannot follow ${origin}${pathname} to ${url.origin}: it leads outside of GitHub's API.`);
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
  const advice = retryAfter === void 0 ? adviceFor(response) : rateLimitAdvice(response, retryAfter);
  const answer = [`GitHub answered ${status}`, words].filter((part) => part !== "").join(" ");
  const message = `${failed(question)}: ${sentence(answer)}`;
  return new GitHubError(advice === "" ? message : `${message} ${advice}`, { status, retryAfter });
}
function wordsOf(body) {
  try {
    const answer = JSON.parse(body);
    if (!isObject(answer)) return "";
    const errors = Array.isArray(answer.errors) ? answer.errors : [];
    const details2 = errors.map((error) => isObject(error) ? error.message ?? error.code : error);
    const words = [answer.message, ...details2].filter((word) => typeof word === "string");
    return oneLine(words.join("; "));
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
function rateLimitAdvice({ status }, wait) {
  return status >= 500 ? "" : `The rate limit ends in ${Math.ceil(wait / 1e3)} s.`;
}
function adviceFor(response) {
  if (response.status === 401) return "Check github-token.";
  const permissions = response.header("x-accepted-github-permissions") ?? "";
  if (response.status !== 403 || permissions === "") return "";
  return `The token needs ${oneLine(permissions, 200).replaceAll("=", ": ")}; add it to "permissions" of the job.`;
}

// src/github/container-package.ts
var pageSize = 100;
async function openContainerPackage(api, path) {
  const [owner3 = "", ...name2] = path.split("/");
  const accounts = await isOrganization(api, owner3) ? "orgs" : "users";
  const base = `${accounts}/${encodeURIComponent(owner3)}/packages/container/${encodeURIComponent(name2.join("/"))}`;
  const listVersions = async () => {
    const list3 = `${base}/versions?per_page=${pageSize}&state=active`;
    const pages = [];
    try {
      for await (const page of api.pages(list3)) pages.push(parseVersions(page, path));
    } catch (error) {
      if (error instanceof GitHubError && error.status === 404 && pages.length === 0) return [];
      throw error;
    }
    const isFull = pages.at(-1)?.length === pageSize;
    if (isFull && parseVersions(await api.get(`${list3}&page=${pages.length + 1}`), path).length > 0) {
      throw new Failure(
        `Cannot read the versions of the package ${path}: GitHub's list is incomplete. Run the job again.`
      );
    }
    return pages.flat();
  };
  return {
    async readTags() {
      const named3 = (await listVersions()).flatMap(({ digest: digest3, tags }) => tags.map((tag) => [tag, digest3]));
      return { tags: new Map(named3) };
    },
    async deleteManifest(digest3, all) {
      const versions2 = await listVersions();
      const version2 = versions2.find((one) => one.digest === digest3);
      if (version2 === void 0) return "gone";
      const others = versions2.filter((one) => one !== version2);
      const isLast = others.length === 0 || version2.tags.length > 0 && others.every(({ tags }) => tags.length === 0);
      if (!isLast) return remove(api, `${base}/versions/${version2.id}`);
      if (others.every((one) => all.has(one.digest))) return remove(api, base);
      const left = `${others.length} untagged ${others.length === 1 ? "version is" : "versions are"} left`;
      return { refused: `GitHub does not delete the last tagged version of a package, and ${left}` };
    },
    deleteTag: async () => ({
      refused: "GitHub can only delete a manifest together with all its tags"
    })
  };
}
async function isOrganization(api, owner3) {
  const account = await api.get(`users/${encodeURIComponent(owner3)}`);
  return isObject(account) && account.type === "Organization";
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
function parseVersions(page, path) {
  if (Array.isArray(page)) return page.map((item) => parseVersion(item, path));
  throw new Failure(`Cannot read the versions of the package ${path}: GitHub's answer is not a list.`);
}
function parseVersion(item, path) {
  const { id, name: name2, metadata } = isObject(item) ? item : {};
  const container = isObject(metadata) && isObject(metadata.container) ? metadata.container : {};
  const { tags = [] } = container;
  const isList = Array.isArray(tags) && tags.every((tag) => typeof tag === "string");
  if (typeof id === "number" && typeof name2 === "string" && isDigest(name2) && isList) return { id, digest: name2, tags };
  throw new Failure(
    `Cannot read the versions of the package ${path}: GitHub's list has a version that is not an image.`
  );
}

// src/registry/access/credentials.ts
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join as join3 } from "node:path";

// src/registry/access/credential-helper.ts
async function askHelper(name2, { server, env }) {
  const program = `docker-credential-${name2}`;
  const failed2 = `Cannot get the login for ${server}`;
  if (!/^[\w.-]+$/.test(name2)) {
    throw new Failure(
      `${failed2}: "${oneLine(name2, 80)}" in Docker's config is not a valid name for a credential helper. Correct credHelpers or credsStore there.`
    );
  }
  if (findProgram(program, env) === void 0) {
    throw new Failure(
      `${failed2}: Docker's config names the helper ${program}, which is not on PATH. Install it, or remove it from that config.`
    );
  }
  const result = await runProgram(program, ["get"], { env, input: server });
  const { code: code2, stdout } = result;
  if (code2 !== 0) {
    if (/credentials not found|no credentials|not found in native keychain/i.test(stdout)) return void 0;
    const said = wordsOf2(result);
    throw new Failure(`${failed2}: ${program} failed with exit code ${code2}${said === "" ? "" : ` and said: ${said}`}.`);
  }
  return parseAnswer2(stdout, program);
}
function parseAnswer2(stdout, program) {
  if (/^\s*(\{\s*\})?\s*$/.test(stdout)) return void 0;
  const { Username, Secret } = objectIn(Buffer.from(stdout));
  if (Secret === "") return void 0;
  if (typeof Username !== "string" || typeof Secret !== "string") {
    throw new Failure(
      `Cannot get a login from ${program}: its answer is not JSON with Username and Secret. Update or replace this helper.`
    );
  }
  return { username: Username, secret: Secret };
}
function wordsOf2({ stdout, stderr }) {
  const text4 = [stdout, stderr].find((output) => output.trim() !== "") ?? "";
  if (/"Secret"/i.test(text4)) return "";
  const words = oneLine(text4, 2e3).split(" ").map(withoutSecret);
  return oneLine(words.join(" "), 300).replace(/\.+$/, "");
}
function withoutSecret(word, i, words) {
  const isNamed2 = /(?:password|secret|token)["']?[:=]$/i.test(words[i - 1] ?? "");
  const looksSecret = word.length >= 8 && /\d|[^=]=[^=]|[A-Za-z0-9+/_-]{32}/.test(word);
  return isNamed2 || looksSecret ? "***" : word;
}

// src/registry/access/credentials.ts
var hubServer = "https://index.docker.io/v1/";
var hubName = "index.docker.io";
async function findCredentials(repository, { login, githubToken, env }) {
  if (login !== void 0 && (await login.hosts).has(repository.host)) {
    const { username, password } = login;
    return { kind: "basic", username, password };
  }
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
  const home = env.HOME || homedir();
  const runtime = env.XDG_RUNTIME_DIR;
  const named3 = env.REGISTRY_AUTH_FILE;
  return [
    join3(env.DOCKER_CONFIG || join3(home, ".docker"), "config.json"),
    ...named3 === void 0 || named3 === "" ? [] : [named3],
    ...runtime === void 0 ? [] : [join3(runtime, "containers", "auth.json")],
    join3(env.XDG_CONFIG_HOME || join3(home, ".config"), "containers", "auth.json")
  ];
}
async function credentialsIn(path, repository, env) {
  const file = readAuthFile(path);
  const names2 = namesOf(repository);
  const failed2 = `Cannot read the registry logins in ${path}`;
  for (const { key, name: name2, value } of entriesFor(names2, objectAt(file, "credHelpers", failed2))) {
    if (typeof value !== "string")
      throw new Failure(`${failed2}: "credHelpers" of ${name2} must be the name of a helper.`);
    const server = key === name2 || name2 !== hubName ? name2 : hubServer;
    const found = value === "" ? void 0 : await askHelper(value, { server, env });
    if (found !== void 0) return helped(found);
  }
  const store = file.credsStore ?? "";
  if (typeof store !== "string") throw new Failure(`${failed2}: "credsStore" must be the name of a helper.`);
  if (store !== "") {
    const server = repository.host === "docker.io" ? hubServer : repository.host;
    const found = await askHelper(store, { server, env });
    if (found !== void 0) return helped(found);
  }
  for (const { value } of entriesFor(names2, objectAt(file, "auths", failed2))) {
    const found = credentialsOf(value, failed2);
    if (found !== void 0) return found;
  }
  return void 0;
}
function helped({ username, secret }) {
  return username === "<token>" ? { kind: "identity", token: secret } : { kind: "basic", username, password: secret };
}
function namesOf(repository) {
  const parts = formatRepository(repository).split("/");
  const paths = parts.map((_, i) => parts.slice(0, parts.length - i).join("/"));
  return [...paths, ...repository.host === "docker.io" ? [hubName, "registry-1.docker.io"] : []];
}
function entriesFor(names2, object3) {
  const entries = Object.entries(object3).filter(([, value]) => value !== null);
  return names2.flatMap((name2) => {
    const exact = entries.filter(([key]) => key === name2);
    const others = entries.filter(([key]) => key !== name2 && plainName(key) === name2);
    return [...exact, ...others].map(([key, value]) => ({ key, name: name2, value }));
  });
}
function plainName(key) {
  return key.toLowerCase().replace(/^https?:\/\//, "").replace(/(?:\/v[12])?\/?$/, "");
}
function readAuthFile(path) {
  let text4;
  try {
    text4 = readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return {};
    throw new Failure(`Cannot read the registry logins in ${path}: ${messageOf(error)}.`, { cause: error });
  }
  try {
    const json = JSON.parse(text4 === "" ? "{}" : text4);
    if (isObject(json)) return json;
  } catch {
  }
  throw new Failure(`Cannot read the registry logins in ${path}: it is not a JSON object. Run docker login again.`);
}
function objectAt(file, name2, failed2) {
  const value = file[name2] ?? {};
  if (isObject(value)) return value;
  throw new Failure(`${failed2}: "${name2}" is not a JSON object. Run docker login again.`);
}
function credentialsOf(entry, failed2) {
  const fields = ["identitytoken", "registrytoken", "username", "password", "auth"];
  const [identity, registry, username, password, auth] = fields.map((name2) => {
    const value = isObject(entry) ? entry[name2] ?? "" : void 0;
    if (typeof value === "string") return value;
    throw new Failure(`${failed2}: "${name2}" of a registry is not a string. Run docker login again.`);
  });
  if (identity) return { kind: "identity", token: identity };
  if (registry) return { kind: "bearer", token: registry };
  if (username && password) return { kind: "basic", username, password };
  if (!auth) return void 0;
  const pair = Buffer.from(auth, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = pair.indexOf(":");
  if (colon > 0) return { kind: "basic", username: pair.slice(0, colon), password: pair.slice(colon + 1) };
  throw new Failure(`${failed2}: an "auth" is not base64 of USER:PASSWORD. Run docker login again.`);
}

// src/registry/access/advice.ts
var ghcrLogin = "Set github-token, or set username and password.";
var ghcrPush = 'Add "permissions: packages: write" to the job, and give this repository write access in the settings of the package.';
var ghcrRead = 'Add "permissions: packages: read" to the job, and give this repository access in the settings of the package.';
var logIn = "Log in: set username and password, which apply to the registries in tags, or run docker login in an earlier step.";
var wrongLogin = "The registry does not accept this login. Check username and password; a token may have expired.";
var missingRepository = "Create the repository in the registry first, or check its name.";
var rows = [
  {
    statuses: [404],
    actions: ["reach"],
    advice: "The host has no /v2/ endpoint, so it is not a registry. Check the host and the port in tags."
  },
  {
    statuses: [407],
    advice: "The proxy requires a valid login. Set HTTP_PROXY to http://USER:PASSWORD@HOST:PORT."
  },
  {
    statuses: [429],
    logins: ["none"],
    advice: "Log in to get a higher rate limit, or wait and run again."
  },
  { statuses: [429], advice: "This login has reached its rate limit. Wait and run again." },
  { statuses: [401, 403], registry: "ghcr.io", logins: ["none"], advice: ghcrLogin },
  { statuses: [401, 403], logins: ["none"], advice: logIn },
  { statuses: [401, 403], registry: "ghcr.io", words: /scope/i, advice: "Give the token the scope write:packages." },
  {
    statuses: [403],
    registry: "ghcr.io",
    actions: ["log in"],
    advice: `Check github-token, or username and password. ${ghcrPush}`
  },
  { statuses: [403], registry: "ghcr.io", actions: ["push"], advice: ghcrPush },
  { statuses: [403], registry: "ghcr.io", actions: ["read"], advice: ghcrRead },
  { statuses: [400, 401, 403], actions: ["log in"], advice: wrongLogin },
  { statuses: [401], logins: ["password"], advice: wrongLogin },
  {
    statuses: [401, 403],
    actions: ["push"],
    advice: "The login is valid, but has no permission to push here. Give its account write access to this repository."
  },
  {
    statuses: [401, 403],
    actions: ["delete"],
    advice: "The login is valid, but has no permission to delete here. Give its account permission to delete in this repository."
  },
  {
    statuses: [401, 403],
    advice: "The login is valid, but has no permission to read here. Give its account read access to this repository."
  },
  {
    statuses: [404],
    actions: ["read"],
    words: /MANIFEST_UNKNOWN|manifest unknown/i,
    advice: "Check the tag or digest."
  },
  { statuses: [404], words: /NAME_UNKNOWN|not found|does not exist/i, advice: missingRepository }
];
function adviceFor2({ status, words, registry, action, login }) {
  const row = rows.find(
    (row2) => row2.statuses.includes(status) && (row2.actions?.includes(action) ?? true) && (row2.logins?.includes(login) ?? true) && (row2.registry === void 0 || row2.registry === registry) && (row2.words?.test(words) ?? true)
  );
  return row?.advice ?? "";
}
var inTags = "Check the host and the port in tags, and that the registry is running.";
var connectionRows = [
  [/^(ECONNREFUSED|ENOTFOUND)$/, inTags],
  [
    /SELF_SIGNED|^UNABLE_TO_/,
    "Set SSL_CERT_FILE to the certificate of its authority, or add the registry to insecure-registries."
  ],
  [/^(EPROTO|ERR_SSL_\w+)$/, "If the registry serves plain HTTP, add it to insecure-registries."]
];
function connectionAdviceFor(code2) {
  return connectionRows.find(([codes]) => codes.test(code2))?.[1];
}

// src/registry/access/challenge.ts
function parseChallenges(header) {
  const challenges = [];
  const pattern = /[\s,]*(?:([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z][\w-]*))/y;
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

// src/registry/access/registry-error.ts
var RegistryError = class extends Failure {
  name = "RegistryError";
  status;
  /** The registry's own codes, such as MANIFEST_BLOB_UNKNOWN. */
  codes;
  /** Milliseconds that the registry asks to wait (Retry-After), 0 if it does not say. */
  retryAfter;
  /** The end of the message that says what to do; empty if nobody knows. */
  advice;
  constructor(message, answer) {
    super(message);
    this.status = answer.status;
    this.codes = answer.codes;
    this.retryAfter = answer.retryAfter;
    this.advice = answer.advice ?? "";
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
async function readRegistryError({ failed: failed2, request: { method, url }, asked }, response) {
  const { status } = response;
  const { codes, words } = parseErrors(await response.bytes(largestErrorBody).catch(() => Buffer.alloc(0)));
  const said = [status, words].filter((part) => part !== "").join(" ");
  const refusal2 = sentence(`${failed2}: the answer to ${method} ${url.origin}${url.pathname} was ${said}`);
  const advice = asked === void 0 ? "" : adviceFor2({ ...asked, status, words });
  const message = advice === "" ? refusal2 : `${refusal2} ${advice}`;
  return new RegistryError(message, { status, codes, retryAfter: retryAfterOf(response), advice });
}
var mostErrors = 10;
function parseErrors(body) {
  const { errors } = objectIn(body);
  const list3 = (Array.isArray(errors) ? errors : []).filter(isObject).slice(0, mostErrors);
  const fields = list3.map(({ code: code2, message }) => [code2, message].map((text5) => typeof text5 === "string" ? text5 : ""));
  const words = fields.map((field2) => field2.filter((text5) => text5 !== "").join(": ")).join("; ");
  if (words.trim() !== "") {
    return { codes: fields.map(([code2 = ""]) => oneLine(code2, 80)).filter((code2) => code2 !== ""), words: oneLine(words) };
  }
  const text4 = body.toString("utf8").trimStart();
  return { codes: [], words: text4.startsWith("<") ? "" : oneLine(text4) };
}
function retryAfterOf(response) {
  const value = response.header("retry-after") ?? "";
  return /^\d+$/.test(value) ? Number(value) * 1e3 : 0;
}

// src/registry/access/token.ts
var largestToken = 1 << 20;
var headerValue = /^[\x21-\x7e]+$/;
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
  const { credentials, registry } = token;
  const failed2 = `Cannot log in to ${registry.url.origin}`;
  const request = credentials?.kind === "identity" ? refreshRequest(realm, token, credentials.token) : getRequest(realm, token);
  const isPublicOnly = realm.origin !== registry.url.origin && !isLocal(registry);
  const response = await followRedirects(
    { ...request, isPublicOnly },
    {
      send({ headers: { authorization, ...headers } = {}, ...each }) {
        const isRealm = each.url.origin === realm.origin;
        if (!isRealm && each.body !== void 0) {
          throw new Failure(
            `${failed2}: ${realm.host} redirects the login to ${each.url.origin}, which must not receive it. Check the configuration of the registry.`
          );
        }
        const shown = isRealm && authorization !== void 0 ? { ...headers, authorization } : headers;
        return transport.send({ ...each, headers: shown });
      },
      resolve: resolveLocation
    }
  );
  if (response.status !== 200) {
    const login = credentials === void 0 ? "none" : "password";
    const asked = { registry: token.host, action: "log in", login };
    throw await readRegistryError({ failed: failed2, request, asked }, response);
  }
  const found = tokenIn(await response.bytes(largestToken));
  if (found === void 0 || !headerValue.test(found)) {
    const what = found === void 0 ? "no token" : found === "" ? "an empty token" : "a token with characters that are not allowed in a header";
    throw new Failure(`${failed2}: its token service ${realm.host} sent ${what}. Try again, or ask its operator.`);
  }
  return found;
}
function tokenIn(body) {
  const { token, access_token } = objectIn(body);
  const found = token || access_token || token;
  return typeof found === "string" ? found : void 0;
}
function realmOf({ challenge, registry }) {
  const { realm = "" } = challenge.parameters;
  const { origin, protocol } = registry.url;
  const refuse2 = (why) => new Failure(
    `Cannot log in to ${origin}: it sent the token realm "${oneLine(realm, 200)}", ${why}. Check the configuration of the registry.`
  );
  if (!URL.canParse(realm)) throw refuse2("which is not a URL");
  const url = new URL(realm);
  if (url.protocol !== "https:" && url.protocol !== protocol) throw refuse2("which is not https");
  if (isLocalHost(url.hostname) && !isLocal(registry))
    throw refuse2("which is in a local network, while the registry is not");
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

// src/registry/access/registry.ts
var transientStatus = /* @__PURE__ */ new Set([408, 429, 499, 500, 502, 503, 504, 520, 521, 522, 523, 524]);
async function openRepository(repository, access) {
  const { log, waits } = access;
  const tryAgain = async (what, body) => {
    const onRetry = (error, wait) => log.info(`${what}: ${sentence(withoutAdvice(error))} Trying again in ${(wait / 1e3).toFixed(1)} s.`);
    try {
      return await retry(body, { waitFor: transientWait, onRetry, ...waits === void 0 ? {} : { waits } });
    } catch (error) {
      if (isBrokenConnection(error)) {
        const broken = `Cannot reach ${formatRepository(repository)}. ${what}: ${sentence(messageOf(error))}`;
        throw new Failure(broken, { cause: error });
      }
      const fault = connectionFaultOf(error);
      throw fault === void 0 ? error : failureOf(fault, error);
    }
  };
  const { source, challenges } = await tryAgain(`Reaching ${repository.host}`, () => ping(repository, access));
  const { origin } = source.url;
  const login = createLogin({ repository, source, challenges, access });
  const resolve = (to) => typeof to === "string" ? new URL(`/v2/${repository.path}/${to}`, origin) : to;
  return {
    repository,
    origin,
    request: ({ to, ...request }) => followRedirects(
      { ...request, url: resolve(to) },
      { send: (each) => sendWithLogin(each, { source, login, transport: access.transport }), resolve: resolveLocation }
    ),
    retry: tryAgain,
    refusal: ({ to, ...request }, response) => {
      const action = actionOf(request);
      const failed2 = `Cannot ${action} ${action === "push" ? "to" : "from"} ${formatRepository(repository)}`;
      const isOwn = response.url.origin === origin;
      const asked = isOwn ? { registry: repository.host, action, login: login.kind() } : void 0;
      return readRegistryError({ failed: failed2, request: { ...request, url: resolve(to) }, asked }, response);
    }
  };
}
function withoutAdvice(error) {
  const message = messageOf(error);
  return error instanceof RegistryError ? message.slice(0, message.length - error.advice.length) : message;
}
function actionOf({ method }) {
  if (method === "DELETE") return "delete";
  return method === "GET" || method === "HEAD" ? "read" : "push";
}
function transientWait(error) {
  if (error instanceof UnsettledError) return error.retryAfter;
  if (error instanceof RegistryError) return transientStatus.has(error.status) ? error.retryAfter : void 0;
  if (error instanceof Failure) return void 0;
  return isBrokenConnection(error) ? 0 : void 0;
}
async function ping(repository, { transport, insecure }) {
  const { host } = repository;
  const apiHost = host === "docker.io" ? "registry-1.docker.io" : host;
  const ask2 = async (origin) => {
    const request = { method: "GET", url: new URL("/v2/", origin) };
    let source;
    const send2 = async (each) => {
      const response2 = await transport.send(each);
      if (source === void 0 || isSecured(source.url, response2.url)) source = response2;
      return response2;
    };
    const response = await followRedirects(request, { send: send2, resolve: resolveLocation });
    if (response.status !== 200 && response.status !== 401) {
      const asked = { registry: host, action: "reach", login: "none" };
      throw await readRegistryError({ failed: `Cannot use ${host} as a registry`, request, asked }, response);
    }
    await response.discard();
    const challenges = parseChallenges(response.header("www-authenticate") ?? "");
    return { source: source ?? response, challenges };
  };
  const schemes = isLoopback(host) ? ["http", "https"] : insecure ? ["https", "http"] : ["https"];
  const errors = [];
  for (const scheme of schemes) {
    try {
      return await ask2(`${scheme}://${apiHost}`);
    } catch (error) {
      errors.push(error);
      if (!mayBeOther(scheme, error)) break;
    }
  }
  throw explain(errors.findLast((error) => !isNoTls(error)) ?? errors[0], repository);
}
function mayBeOther(scheme, error) {
  if (error instanceof RegistryError) return scheme === "http" && error.status === 400;
  return !(error instanceof Failure) && !isUnknownCertificate(error) && codeOf(error) !== "ERR_TIMEOUT";
}
function isSecured(from, to) {
  return from.protocol === "http:" && to.protocol === "https:" && from.hostname === to.hostname;
}
function isUnknownCertificate(error) {
  return connectionFaultOf(error)?.failed === "Cannot trust";
}
function isNoTls(error) {
  return connectionFaultOf(error)?.failed === "Cannot speak TLS to";
}
function explain(error, { host, path }) {
  const fault = connectionFaultOf(error);
  if (fault === void 0) return error;
  const server = fault.failed === "Cannot reach" ? `${host}/${path}` : host;
  return failureOf({ ...fault, server, advice: connectionAdviceFor(codeOf(error)) ?? fault.advice }, error);
}
function createLogin(context) {
  const { repository, source, access } = context;
  let { challenges } = context;
  let current;
  const newHeader = async () => {
    const { credentials } = access;
    const challenge = challenges.find(({ scheme }) => scheme === "bearer");
    if (challenge !== void 0) {
      const scope = `repository:${repository.path}:${access.actions}`;
      const mountScopes = access.mountSources.map(({ path }) => `repository:${path}:pull`);
      const token = await fetchToken(access.transport, {
        challenge,
        registry: source,
        host: repository.host,
        scope,
        mountScopes,
        credentials
      });
      access.log.secret(token);
      return `Bearer ${token}`;
    }
    const basic = challenges.some(({ scheme }) => scheme === "basic");
    return basic && credentials?.kind === "basic" ? basicOf(credentials) : void 0;
  };
  return {
    kind() {
      if (access.credentials === void 0) return "none";
      return challenges.some(({ scheme }) => scheme === "bearer") ? "token" : "password";
    },
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
async function sendWithLogin(request, { source, login, transport }) {
  if (request.url.origin !== source.url.origin) return transport.send({ ...request, isPublicOnly: !isLocal(source) });
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

// src/registry/access/client.ts
async function openClient({ host, path }, access) {
  const repository = { host, path };
  const credentials = await findCredentials(repository, access);
  if (credentials !== void 0) {
    access.log.secret(credentials.kind === "basic" ? credentials.password : credentials.token);
  }
  return openRepository(repository, { ...access, credentials, insecure: namesHost(access.insecureRegistries, host) });
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

// src/registry/content/stored-digest.ts
function hasOtherDigest(response, digest3) {
  return (response.header("docker-content-digest") ?? digest3) !== digest3;
}
function expectDigest({ repository }, response, digest3) {
  if (!hasOtherDigest(response, digest3)) return;
  const stored = response.header("docker-content-digest");
  const { status } = response;
  const message = `Cannot trust ${formatRepository(repository)}: it answered ${status}, but stored ${digest3} as ${stored}.`;
  throw new UnsettledError(message, { status, codes: [], retryAfter: 0 });
}

// src/registry/content/manifests.ts
var largestManifest = 4 << 20;
var readsAtATime = 8;
var accept = [
  mediaTypes.manifest,
  mediaTypes.index,
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json"
].join(", ");
async function putManifest(client, manifest, name2) {
  const { mediaType: mediaType2, size, digest: digest3 } = manifest.descriptor;
  const request = {
    method: "PUT",
    to: `manifests/${name2}`,
    headers: { "content-type": mediaType2 },
    body: { size, open: manifest.open }
  };
  let isTried = false;
  await client.retry(`Writing the manifest ${name2}`, async () => {
    if (isTried && await digestUnder(client, name2) === digest3) return;
    isTried = true;
    const response = await client.request(request);
    if (![200, 201, 202].includes(response.status)) {
      const refusal2 = await client.refusal(request, response);
      throw mediaType2 === mediaTypes.index ? new IndexRefusal(refusal2.message, refusal2) : refusal2;
    }
    await response.discard();
    expectDigest(client, response, digest3);
  });
}
async function digestUnder(client, name2) {
  const response = await client.request({ method: "HEAD", to: `manifests/${name2}`, headers: { accept } });
  await response.discard();
  return response.status === 200 ? response.header("docker-content-digest") : void 0;
}
function findManifest(client, name2) {
  return readUnless(client, name2, [404]);
}
async function readManifestIfThere(client, name2) {
  try {
    return await readUnless(client, name2, [400, 401, 403, 404, 405]);
  } catch (error) {
    if (error instanceof LargeManifest) return void 0;
    throw error;
  }
}
var LargeManifest = class extends Failure {
};
async function readUnless(client, name2, absent) {
  try {
    return await readManifest(client, name2);
  } catch (error) {
    if (error instanceof RegistryError && absent.includes(error.status)) return void 0;
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
    const bytes = await response.bytes(largestManifest + 1);
    if (bytes.length > largestManifest) {
      throw new LargeManifest(
        `Cannot use ${formatRepository(client.repository)} (${name2}): its manifest is larger than 4 MiB.`
      );
    }
    if (name2.startsWith("sha256:") && digestOf(bytes) !== name2) {
      throw new Failure(
        `Cannot trust ${formatRepository(client.repository)}: it sent a manifest with the digest ${digestOf(bytes)} for ${name2}.`
      );
    }
    return { bytes, mediaType: response.header("content-type") ?? mediaTypes.manifest };
  });
}

// src/registry/content/tags.ts
var largestPage = 16 << 20;
var mostTags = 1e5;
var pageSize2 = 1e3;
async function listTags(client) {
  const first = new URL(`/v2/${client.repository.path}/tags/list?n=${pageSize2}`, client.origin);
  const reading = { tags: /* @__PURE__ */ new Set(), size: 0, isPromised: false, isEmpty: false };
  const { tags } = reading;
  const asked = /* @__PURE__ */ new Set();
  let last;
  const read = async (url) => {
    const page = await readPage(client, url, asked.size === 0);
    asked.add(url.href);
    const fresh = (page?.value ?? []).filter((tag) => !tags.has(tag));
    for (const tag of fresh) tags.add(tag);
    if (tags.size > mostTags) throw new EndlessListError(`Cannot list more than ${mostTags} tags.`);
    last = fresh.at(-1) ?? last;
    if (page !== void 0 && fresh.length > 0) reading.size = page.value.length;
    reading.isEmpty = page?.value.length === 0;
    if (page !== void 0) reading.isPromised = page.next !== void 0;
    const byName2 = last === void 0 ? void 0 : new URL(`${first}&last=${encodeURIComponent(last)}`);
    return { value: void 0, next: [page?.next, byName2].find((one) => one !== void 0 && !asked.has(one.href)) };
  };
  let gap;
  try {
    for await (const _ of readPages(first, read)) ;
    gap = gapIn(reading);
  } catch (error) {
    if (!(error instanceof EndlessListError)) throw error;
    gap = "the list of tags does not end";
  }
  return { tags: [...tags].filter(isTag), gap };
}
function gapIn({ tags, size, isPromised, isEmpty: isEmpty2 }) {
  if (![...tags].every(isTag)) return "the registry lists a name that is not a valid tag";
  if (isEmpty2 || tags.size === 0) return void 0;
  if (isPromised) return "the registry announces another page of tags, but does not return it";
  const isFull = size % 50 === 0 || size > pageSize2;
  return isFull ? `the registry lists ${size} tags and announces no further page` : void 0;
}
async function readPage(client, to, isFirst) {
  const request = { method: "GET", to };
  return client.retry("Listing the tags", async () => {
    const response = await client.request(request);
    if (response.status === 404 || !isFirst && [400, 405].includes(response.status)) {
      await response.discard();
      return void 0;
    }
    if (response.status !== 200) throw await client.refusal(request, response);
    const next = nextPageOf(response, resolveLocation);
    return { value: tagsIn(await response.bytes(largestPage), formatRepository(client.repository)), next };
  });
}
function tagsIn(bytes, repository) {
  let tags;
  try {
    const json = JSON.parse(bytes.toString("utf8"));
    const listed = isObject(json) ? json.tags : void 0;
    tags = listed === null ? [] : listed;
  } catch {
  }
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === "string")) return tags;
  throw new Failure(`Cannot list the tags of ${repository}: the registry's answer is not a list of tags.`);
}
async function resolveTag(client, tag) {
  const request = { method: "HEAD", to: `manifests/${tag}`, headers: { accept } };
  return client.retry(`Reading the tag ${tag}`, async () => {
    const response = await client.request(request);
    await response.discard();
    if (response.status === 404) return void 0;
    if (response.status !== 200) throw await client.refusal(request, response);
    const digest3 = response.header("docker-content-digest") ?? "";
    return isDigest(digest3) ? digest3 : digestOf(await getManifest(client, tag));
  });
}

// src/registry/delete/delete-manifest.ts
async function deleteManifest(client, name2) {
  const request = { method: "DELETE", to: `manifests/${name2}` };
  return client.retry(`Deleting ${name2}`, async () => {
    const response = await client.request(request);
    if ([200, 202, 204].includes(response.status)) {
      await response.discard();
      return "deleted";
    }
    const refusal2 = await client.refusal(request, response);
    const { status, codes } = refusal2;
    const said = [status, ...codes].join(" ");
    const isTag2 = !name2.startsWith("sha256:");
    if (codes.includes("GOOGLE_MANIFEST_DANGLING_TAG")) return "tagged";
    if (codes.includes("GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE"))
      return { refused: `an index still lists it (${said})` };
    if (status === 404 && !await isThere(client, name2)) return "gone";
    const isUnsupported = status === 404 || status === 405 || codes.includes("UNSUPPORTED") || isTag2 && codes.includes("DIGEST_INVALID");
    if (!isUnsupported) throw refusal2;
    return { refused: `the registry ${isTag2 ? "cannot delete a single tag" : "does not support deletion"} (${said})` };
  });
}
async function isThere(client, name2) {
  const response = await client.request({ method: "HEAD", to: `manifests/${name2}`, headers: { accept } });
  await response.discard();
  return response.status === 200;
}

// src/registry/content/manifest-links.ts
var largestReferrers = 4 << 20;
var mostReferrers = 1e3;
async function readLinks(client, digest3) {
  try {
    const json = objectIn(await getManifest(client, digest3));
    return { isThere: true, children: digestsIn(json.manifests), subject: digestsIn([json.subject])[0] };
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404)
      return { isThere: false, children: [], subject: void 0 };
    throw error;
  }
}
async function listReferrers(client, digest3) {
  const first = new URL(`/v2/${client.repository.path}/referrers/${digest3}`, client.origin);
  const found = /* @__PURE__ */ new Set();
  for await (const page of readPages(first, (url) => readReferrers(client, { url, digest: digest3 }))) {
    for (const referrer of page.slice(0, mostReferrers - found.size)) found.add(referrer);
    if (found.size >= mostReferrers) break;
  }
  return [...found];
}
async function readReferrers(client, { url, digest: digest3 }) {
  const request = { method: "GET", to: url };
  return client.retry(`Listing the referrers of ${digest3}`, async () => {
    const response = await client.request(request);
    const isApi = response.url.origin === client.origin;
    if (isApi && (response.status === 429 || response.status >= 500)) throw await client.refusal(request, response);
    if (!isApi || response.status !== 200) {
      await response.discard();
      return { value: [], next: void 0 };
    }
    const value = digestsIn(objectIn(await response.bytes(largestReferrers)).manifests);
    return { value, next: nextPageOf(response, resolveLocation) };
  });
}
function subjectOfTag(tag) {
  const [, hex] = /^sha256-([0-9a-f]{64})(\.[\w.-]+)?$/.exec(tag) ?? [];
  return hex === void 0 ? void 0 : `sha256:${hex}`;
}
function digestsIn(descriptors) {
  const list3 = Array.isArray(descriptors) ? descriptors : [];
  return list3.flatMap((item) => {
    const digest3 = isObject(item) ? item.digest : void 0;
    return typeof digest3 === "string" && isDigest(digest3) ? [digest3] : [];
  });
}

// src/registry/delete/reachable-manifests.ts
function createManifestReader(client) {
  const known2 = /* @__PURE__ */ new Map();
  return {
    links(digest3) {
      const links = known2.get(digest3) ?? readLinks(client, digest3);
      known2.set(digest3, links);
      return links;
    },
    referrers: (digest3) => listReferrers(client, digest3),
    resolve: (tag) => resolveTag(client, tag)
  };
}
async function findReachableManifests(going, tags, reader) {
  const held = /* @__PURE__ */ new Map();
  await walk([...going.values()], mostHeld, async (digest3) => {
    const links = await reader.links(digest3);
    const tagged = [...tags].flatMap(([tag, of]) => subjectOfTag(tag) === digest3 ? [of] : []);
    const referrers = [.../* @__PURE__ */ new Set([...await reader.referrers(digest3), ...tagged])];
    held.set(digest3, { ...links, referrers });
    return [...links.children, ...referrers];
  });
  return sortPointersFirst(held);
}
async function findManifestsInUse(now, { going, held }, reader) {
  const others = [...now].filter(([tag, digest3]) => {
    const subject = subjectOfTag(tag);
    return going.get(tag) !== digest3 && (subject === void 0 || !held.has(subject));
  });
  const reached = await walk(
    others.map(([, digest3]) => digest3),
    mostReached,
    async (digest3) => (await reader.links(digest3)).children
  );
  for (const [tag, digest3] of others) await expectThere(tag, digest3, reader);
  const starts = [...held].filter(
    ([digest3, { subject }]) => reached.has(digest3) || subject !== void 0 && reached.has(subject)
  );
  return walk(
    starts.map(([digest3]) => digest3),
    mostHeld,
    async (digest3) => {
      const { children = [], referrers = [] } = held.get(digest3) ?? {};
      return [...children, ...referrers];
    }
  );
}
async function expectThere(tag, digest3, reader) {
  if ((await reader.links(digest3)).isThere || await reader.resolve(tag) === void 0) return;
  throw new Failure(
    `Cannot clean up: the tag ${tag} names ${digest3}, which the registry does not have, so the manifests that it uses are unknown. Delete that tag or push it again, then run the clean-up again.`
  );
}
var mostHeld = 5e3;
var mostReached = 2e5;
async function walk(starts, most, next) {
  const pool = createPool(readsAtATime);
  const seen = new Set(starts);
  let level = [...seen];
  while (level.length > 0) {
    const found = await settleAll(level.map((digest3) => pool(() => next(digest3))));
    level = [...new Set(found.flat())].filter((digest3) => !seen.has(digest3));
    for (const digest3 of level) seen.add(digest3);
    if (seen.size > most) throw new Failure(`Cannot clean up: the tags use more than ${most} manifests.`);
  }
  return seen;
}
function sortPointersFirst(held) {
  const sorted2 = [];
  const seen = /* @__PURE__ */ new Set();
  const visit = (digest3) => {
    const manifest = held.get(digest3);
    if (manifest === void 0 || seen.has(digest3)) return;
    seen.add(digest3);
    for (const pointed of [...manifest.children, ...manifest.subject === void 0 ? [] : [manifest.subject]]) {
      visit(pointed);
    }
    sorted2.push([digest3, manifest]);
  };
  for (const digest3 of [...held.keys()].sort()) visit(digest3);
  return new Map(sorted2.reverse());
}

// src/registry/delete/delete-tags.ts
function registryTagStore(client) {
  return {
    async readTags() {
      const pool = createPool(readsAtATime);
      const { tags, gap } = await listTags(client);
      const found = await settleAll(tags.map((tag) => pool(async () => [tag, await resolveTag(client, tag)])));
      return { tags: new Map(found.flatMap(([tag, digest3]) => digest3 === void 0 ? [] : [[tag, digest3]])), gap };
    },
    deleteManifest: (digest3) => deleteManifest(client, digest3),
    async deleteTag(tag) {
      const deletion = await deleteManifest(client, tag);
      return deletion === "tagged" ? { refused: "the registry cannot delete a single tag" } : deletion;
    }
  };
}
async function deleteTags(names2, options2) {
  const { client, tagStore, log } = options2;
  const now = await tagStore.readTags();
  if (now.gap !== void 0) {
    log.notice(
      `Deleting no manifest of ${formatRepository(client.repository)}: ${now.gap}, so tags that are not listed may still use it.`
    );
  }
  const going = await findGoing(names2, now, options2);
  const cleanUp2 = { ...options2, going, tags: now.tags, deleted: [], kept: [] };
  if (await deleteHeld(cleanUp2)) await deleteLeft(cleanUp2);
  return { deleted: cleanUp2.deleted, kept: cleanUp2.kept };
}
async function deleteHeld(cleanUp2) {
  const { client, going } = cleanUp2;
  const reader = createManifestReader(client);
  const held = await findReachableManifests(going, cleanUp2.tags, reader);
  for (const digest3 of held.keys()) {
    const { tags, gap } = await readAgain(cleanUp2);
    const kept = gap === void 0 ? await findManifestsInUse(tags, { going, held }, reader) : held;
    const all = new Set([...held.keys()].filter((one) => !kept.has(one)));
    const name2 = `${formatRepository(client.repository)}@${digest3}`;
    if (kept.has(digest3)) keep(name2, gap === void 0 ? "other tags use it" : unseenTags, cleanUp2);
    else if (!await end(name2, () => deleteWithTags(digest3, { tags, all }, cleanUp2), cleanUp2)) return false;
  }
  return true;
}
var unseenTags = "tags that the registry does not list may use it";
async function deleteWithTags(digest3, { tags, all }, cleanUp2) {
  const deletion = await cleanUp2.tagStore.deleteManifest(digest3, all);
  if (deletion !== "tagged") return deletion;
  for (const [tag, of] of tags) if (of === digest3) await deleteTag(tag, digest3, cleanUp2);
  const again = await cleanUp2.tagStore.deleteManifest(digest3, all);
  return again === "tagged" ? { refused: "a tag points to it again" } : again;
}
async function deleteLeft(cleanUp2) {
  const { client, going, deleted } = cleanUp2;
  for (const [tag, digest3] of going) {
    if (!deleted.includes(formatReference({ ...client.repository, tag }))) await deleteTag(tag, digest3, cleanUp2);
  }
}
async function deleteTag(tag, digest3, cleanUp2) {
  const { client, tagStore, log } = cleanUp2;
  const name2 = formatReference({ ...client.repository, tag });
  const { tags, gap } = await tagStore.readTags();
  const now = tags.get(tag) ?? (gap === void 0 ? void 0 : await resolveTag(client, tag));
  if (now !== void 0 && now !== digest3) {
    log.notice(`${name2} was moved to another image in the meantime, and is kept.`);
    cleanUp2.kept.push({ name: name2, reason: "it was moved to another image in the meantime" });
    return;
  }
  await end(name2, async () => now === void 0 ? "deleted" : deleteAlone(tag, gap, tagStore), cleanUp2);
}
async function deleteAlone(tag, gap, tagStore) {
  const deletion = await tagStore.deleteTag(tag);
  if (typeof deletion !== "object") return deletion;
  const why = gap === void 0 ? "other tags use its manifest" : "tags that are not listed may use its manifest";
  return { refused: `${why}, and ${deletion.refused}` };
}
async function readAgain({ tags, going, client, tagStore }) {
  const { tags: listed, gap } = await tagStore.readTags();
  const now = new Map(listed);
  for (const tag of tags.keys()) {
    const digest3 = now.has(tag) || going.has(tag) ? void 0 : await resolveTag(client, tag);
    if (digest3 !== void 0) now.set(tag, digest3);
  }
  return { tags: now, gap };
}
async function findGoing(names2, { tags, gap }, options2) {
  const { client, log } = options2;
  const going = /* @__PURE__ */ new Map();
  for (const tag of names2) {
    const digest3 = tags.get(tag) ?? await findUnlisted(tag, { tags, gap }, client);
    const name2 = formatReference({ ...client.repository, tag });
    if (digest3 === void 0) log.info(`${name2} does not exist`);
    else if (tags.has(tag) || gap !== void 0) going.set(tag, digest3);
    else {
      throw new Failure(
        `Cannot delete ${name2}: it exists, but is missing from the list of tags and versions. Check that the login may see and delete it; for ghcr.io the job needs "permissions: packages: write", and the repository needs the role Admin in the package settings.`
      );
    }
  }
  return going;
}
async function findUnlisted(tag, { tags, gap }, client) {
  try {
    return await resolveTag(client, tag);
  } catch (error) {
    if (isDenied(error) && gap === void 0 && tags.size > 0) return void 0;
    throw error;
  }
}
function keep(name2, reason, { log, kept }) {
  log.info(`Keeping ${name2}: ${reason}`);
  kept.push({ name: name2, reason });
}
async function end(name2, body, cleanUp2) {
  const { dryRun, log, deleted, kept } = cleanUp2;
  const deletion = dryRun ? "deleted" : await body();
  if (typeof deletion === "object") {
    log.notice(`Cannot delete ${name2}: ${deletion.refused}.`);
    kept.push({ name: name2, reason: deletion.refused });
    return false;
  }
  log.info(`${dryRun ? "Would delete" : deletion === "deleted" ? "Deleted" : "Already deleted:"} ${name2}`);
  deleted.push(name2);
  return true;
}

// src/stages/cleanup.ts
async function cleanUp(described, { runtime, access }) {
  const [{ inputs, metadata }] = described;
  const references = described.flatMap((one) => one.metadata.references);
  if (references.length === 0) {
    throw new Failure(
      "Cannot clean up: tags gives no reference for this event. Give references, or images and a rule for the event, such as type=ref,event=pr."
    );
  }
  const { dryRun } = inputs;
  const all = [];
  for (const tags of byRepository(references)) {
    const [repository] = tags;
    const isGitHub = isGitHubRegistry(repository, runtime);
    const actions2 = isGitHub ? "pull" : "pull,delete";
    const client = await openClient(repository, { ...access, actions: actions2, mountSources: [] });
    const tagStore = isGitHub ? await openGitHubTagStore(client, { inputs, runtime, access }) : registryTagStore(client);
    const names2 = [...new Set(tags.map(({ tag }) => tag))];
    all.push(await deleteTags(names2, { client, tagStore, dryRun, log: runtime.log }));
  }
  const [deleted, kept] = [all.flatMap((one) => one.deleted), all.flatMap((one) => one.kept)];
  return { metadata, deleted, kept, dryRun };
}
function asPullRequest(runtime) {
  const { pullRequest } = runtime.context;
  if (pullRequest === void 0) return runtime;
  return { ...runtime, context: { ...runtime.context, ref: `refs/pull/${pullRequest}/merge` } };
}
function isGitHubRegistry({ host: registry }, { context }) {
  const { repositoryUrl } = context;
  const isServers = repositoryUrl !== void 0 && registry === `containers.${new URL(repositoryUrl).host}`;
  return registry === "ghcr.io" || isServers;
}
async function openGitHubTagStore({ repository }, { inputs, runtime, access }) {
  const { githubToken: token } = inputs;
  if (token === void 0) {
    throw new Failure(
      `Cannot clean up ${formatRepository(repository)}: deleting package versions through GitHub's API needs github-token. Set it.`
    );
  }
  const { apiUrl = "https://api.github.com" } = runtime.context;
  const api = openGitHubApi({ apiUrl, token, send: access.transport.send, log: runtime.log });
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
  const data = isObject(answer) && isObject(answer.data) ? answer.data : {};
  const login = isObject(data.viewer) ? data.viewer.login : void 0;
  return typeof login === "string" ? login : "";
}
function isBy(comment, login) {
  const { login: author, type } = isObject(comment) && isObject(comment.user) ? comment.user : {};
  return login !== "" && (author === login || type === "Bot" && author === `${login}[bot]`);
}
function parseComment(item) {
  const { id, body, html_url: url } = isObject(item) ? item : {};
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
  const { number: number2, head, base } = isObject(item) ? item : {};
  if (typeof number2 !== "number" || !isObject(head) || head.sha !== sha) return void 0;
  if (!isObject(head.repo) || head.repo.full_name !== repository) return void 0;
  return { number: number2, baseRef: isObject(base) && typeof base.ref === "string" ? base.ref : void 0 };
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
var containerConfig = object({
  ...{
    User: text,
    WorkingDir: text,
    StopSignal: text,
    Hostname: text,
    Domainname: text,
    Image: text,
    MacAddress: text
  },
  ...{ Env: texts, Entrypoint: texts, Cmd: texts, Shell: texts, OnBuild: texts },
  ...{ ExposedPorts: nameMap, Volumes: nameMap, Labels: textMap },
  ...{ ArgsEscaped: flag, AttachStdin: flag, AttachStdout: flag, AttachStderr: flag },
  ...{ Tty: flag, OpenStdin: flag, StdinOnce: flag, NetworkDisabled: flag },
  ...{ StopTimeout: wholeNumber, Healthcheck: healthcheck }
});
var imageConfig = object({
  ...{ architecture: text, variant: text, os: text, "os.version": text, "os.features": texts },
  ...{ created: time, author: text, comment: text },
  ...{ id: text, parent: text, container: text, docker_version: text, Size: wholeNumber },
  ...{ config: containerConfig, container_config: containerConfig },
  rootfs: object({ type: layersType, diff_ids: list(digest) }),
  history: list(object({ created: time, created_by: text, author: text, comment: text, empty_layer: flag }))
});
function readConfigFields(json, what) {
  return imageConfig(json, "", what);
}
function field(expected, isValid) {
  return (value, at, what) => isValid(value) ? value : refuse(value, { at, what, expected });
}
function list(item) {
  return (value, at, what) => {
    if (!Array.isArray(value)) return refuse(value, { at, what, expected: "a list" });
    return value.map((one, i) => item(one, `${at}[${i}]`, what));
  };
}
function object(fields) {
  const spellings2 = new Map(Object.keys(fields).map((name2) => [fold(name2), name2]));
  return (value, at, what) => {
    if (!isMap(value)) return refuse(value, { at, what, expected: "an object" });
    const read = /* @__PURE__ */ new Map();
    const keys = /* @__PURE__ */ new Map();
    for (const [key, one] of Object.entries(value)) {
      const known2 = spellings2.get(fold(key));
      const name2 = known2 ?? key;
      const place2 = at === "" ? name2 : `${at}.${name2}`;
      const before = keys.get(name2);
      if (before !== void 0) {
        throw new Failure(
          `Cannot use ${what}: it has "${before}" and "${key}", which engines both read as ${place2}. Keep one of them.`
        );
      }
      keys.set(name2, key);
      read.set(name2, known2 === void 0 || one === null ? one : fields[known2]?.(one, place2, what));
    }
    return Object.fromEntries(read);
  };
}
function refuse(value, { at, what, expected }) {
  const found = (stringify(value) ?? "").slice(0, 200);
  if (at === "") throw new Failure(`Cannot use ${what}: an image config must be a JSON object, not ${found}.`);
  const place2 = /[.[]/.test(at) ? at : `field "${at}"`;
  throw new Failure(`Cannot use ${what}: its ${place2} is not ${expected}: ${found}.`);
}
function fold(name2) {
  return name2.replaceAll("\u017F", "s").replaceAll("\u212A", "k").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
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
function parseConfig(bytes, what) {
  return { json: readConfigFields(parseJson(bytes, what, { parse }), what), bytes };
}
function configOf(json, what = "the image config") {
  return { json: readConfigFields(json, what), bytes: Buffer.from(stringify(json) ?? "") };
}
function labelsOf(config2) {
  return objectOf(config2.json.config).Labels ?? {};
}
function diffIdsOf(config2) {
  const list3 = objectOf(config2.json.rootfs).diff_ids;
  return list3 ?? void 0;
}
function createdOf(config2) {
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
    ...areLabelsSame ? {} : { config: { ...objectOf(config2.json.config), Labels: after } }
  });
}
function withDiffIds(config2, diffIds) {
  const listed = diffIdsOf(config2);
  if (listed === void 0) {
    return configOf({ ...config2.json, rootfs: { diff_ids: diffIds, type: "layers" } });
  }
  if (listed.length === diffIds.length && listed.every((digest3, i) => digest3 === diffIds[i])) return config2;
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

// src/lib/read-options.ts
var reuseBuffer = { reuseBuffer: true };

// src/registry/content/blobs.ts
var chunkSize = 4 << 20;
var largestChunk = 64 << 20;
var largestReadBlob = 4 << 20;
async function uploadBlob(client, blob, from) {
  const { digest: digest3 } = blob.descriptor;
  const upload = { client, blob, url: void 0, inChunks: false };
  return client.retry(`Uploading ${digest3}`, async () => {
    const resumed = upload.url === void 0 ? void 0 : await resumeUpload(client, upload.url);
    if (resumed !== void 0) {
      await putChunks(upload, resumed);
      return "uploaded";
    }
    const isFirstTry = upload.url === void 0;
    if (!(isFirstTry && from === "new") && await hasBlob(client, digest3)) return isFirstTry ? "exists" : "uploaded";
    const mounted = typeof from === "object" ? await mountBlob(client, digest3, from) : void 0;
    const session = mounted ?? await startUpload(client);
    if (session === "mounted") return "mounted";
    upload.url = session.url;
    if (!upload.inChunks && await putWhole(upload, session)) return "uploaded";
    await putChunks(upload, upload.inChunks ? session : await startUpload(client));
    return "uploaded";
  });
}
async function hasBlob(client, digest3) {
  const request = { method: "HEAD", to: `blobs/${digest3}` };
  const response = await client.request(request);
  if (response.status >= 500 || response.status === 429) throw await client.refusal(request, response);
  await response.discard();
  return response.status === 200 && !hasOtherDigest(response, digest3);
}
async function mountBlob(client, digest3, from) {
  const to = `blobs/uploads/?mount=${digest3}&from=${encodeURIComponent(from.path)}`;
  const response = await client.request({ method: "POST", to, body: emptyBody });
  await response.discard();
  if (response.status === 201 && !hasOtherDigest(response, digest3)) return "mounted";
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
  const { digest: digest3, size } = blob.descriptor;
  const request = {
    method: "PUT",
    to: withDigest(url, digest3),
    headers: { "content-type": "application/octet-stream" },
    body: { size, open: () => blob.open(reuseBuffer) }
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
  const end3 = { method: "PUT", to: withDigest(upload.url, blob.descriptor.digest), body: emptyBody };
  await expectStored(upload, end3, await client.request(end3));
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
  return location === void 0 ? void 0 : resolveLocation(location, response);
}
function chunkMinimumOf(response) {
  const bytes = Number(response.header("oci-chunk-min-length") ?? 0);
  return bytes > 0 ? Math.min(bytes, largestChunk) : 0;
}
function offsetOf(response) {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(response.header("range") ?? "")?.[1];
  return last === void 0 || last === "0" ? 0 : Number(last) + 1;
}
function withDigest(url, digest3) {
  const ended = new URL(url);
  ended.search += `${url.search === "" ? "?" : "&"}digest=${encodeURIComponent(digest3)}`;
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
async function readBlob(client, { digest: digest3, size }) {
  if (size > largestReadBlob) {
    throw new Failure(`Cannot use ${formatRepository(client.repository)}: its config ${digest3} is larger than 4 MiB.`);
  }
  const request = { method: "GET", to: `blobs/${digest3}` };
  return client.retry(`Reading ${digest3}`, async () => {
    const response = await client.request(request);
    if (response.status !== 200) throw await client.refusal(request, response);
    const bytes = await response.bytes(size + 1);
    if (digestOf(bytes) === digest3) return bytes;
    throw new Failure(
      `Cannot trust ${formatRepository(client.repository)}: the bytes it sent for the blob ${digest3} do not have that digest.`
    );
  });
}
async function* openBlob(client, { digest: digest3 }) {
  const request = { method: "GET", to: `blobs/${digest3}` };
  const response = await client.request(request);
  if (response.status !== 200) throw await client.refusal(request, response);
  yield* response.body;
}

// src/registry/read/stored-image.ts
var imageTypes = [mediaTypes.manifest, "application/vnd.docker.distribution.manifest.v2+json"];
var indexTypes = [mediaTypes.index, "application/vnd.docker.distribution.manifest.list.v2+json"];
var mostImages = 100;
var longestPlatform = 100;
async function readStored(client, name2, platform) {
  const what = `${formatRepository(client.repository)} (${name2})`;
  const bytes = await getManifest(client, name2);
  const json = parseJsonObject(bytes, `the manifest of ${what}`);
  const digest3 = digestOf(bytes);
  const { manifests } = json;
  if (!Array.isArray(manifests)) {
    return { digest: digest3, images: [await readImage(client, { bytes, json, what })], others: 0 };
  }
  const entries = imageEntries(manifests, what);
  const [first, ...more] = await readEntries(client, entries, { platform, what });
  if (first === void 0 || platform !== void 0 && more.length > 0) {
    const there = entries.map((entry) => entry.platform ?? entry.descriptor.digest).join(", ");
    throw new Failure(
      platform === void 0 ? `Cannot use ${what}: it is an index without images.` : `Cannot choose an image for ${platform} from ${what}: it has ${there}. Name one of them by its digest.`
    );
  }
  const index = { annotations: annotationsOf2(json) };
  return { digest: digest3, index, images: [first, ...more], others: manifests.length - entries.length };
}
function imageEntries(manifests, what) {
  const descriptors = manifests.filter(isDescriptor);
  const nested = descriptors.find(({ mediaType: mediaType2 }) => indexTypes.includes(mediaType2));
  if (nested !== void 0) {
    throw new Failure(
      `Cannot use ${what}: it is an index that lists another index, ${nested.digest}. Name that index instead.`
    );
  }
  const entries = descriptors.filter(isImage).map((descriptor) => ({ descriptor, platform: platformIn(descriptor) })).filter(({ platform }) => platform !== "unknown/unknown");
  if (entries.length <= mostImages) return entries;
  throw new Failure(
    `Cannot use ${what}: it is an index of ${entries.length} images; at most ${mostImages} are allowed.`
  );
}
function isImage(entry) {
  return imageTypes.includes(entry.mediaType) && entry.artifactType === void 0;
}
function platformIn({ platform }) {
  if (!isObject(platform)) return void 0;
  const { os, architecture: architecture2, variant } = platform;
  const named3 = [os, architecture2, variant].filter((part) => typeof part === "string" && part !== "").join("/");
  return named3.length > longestPlatform ? void 0 : named3;
}
async function readEntries(client, entries, { platform: wanted, what }) {
  const candidates = wanted === void 0 ? entries : entriesFor2(wanted, entries);
  const pool = createPool(readsAtATime);
  const read = async ({ descriptor: { digest: digest3 } }) => {
    const bytes = await getManifest(client, digest3);
    return readImage(client, {
      bytes,
      json: parseJsonObject(bytes, `the manifest ${digest3} of ${what}`),
      what: `${what}, ${digest3}`
    });
  };
  const images = await settleAll(candidates.map((entry) => pool(() => read(entry))));
  if (wanted === void 0) return images;
  const found = images.map((image2, i) => ({ image: image2, platform: candidates[i]?.platform ?? image2.platform }));
  return closestTo(wanted, found, ({ platform }) => platform).map(({ image: image2 }) => image2);
}
function entriesFor2(wanted, entries) {
  const named3 = closestTo(wanted, entries, ({ platform }) => platform ?? "");
  return entries.filter((entry) => entry.platform === void 0 || named3.includes(entry));
}
async function readImage(client, { bytes, json, what }) {
  const { mediaType: mediaType2 = mediaTypes.manifest, config: configDescriptor, layers } = json;
  const isKnown = typeof mediaType2 === "string" && imageTypes.includes(mediaType2);
  if (!isKnown || !isDescriptor(configDescriptor) || !Array.isArray(layers) || !layers.every(isDescriptor)) {
    throw new Failure(
      `Cannot use ${what}: it is not a supported image (media type ${JSON.stringify(mediaType2)?.slice(0, 100)}).`
    );
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
  const entries = isObject(annotations) ? Object.entries(annotations) : [];
  return Object.fromEntries(entries.filter((entry) => typeof entry[1] === "string"));
}

// src/report/image-summary.ts
function summarizeImage({ config: config2, platform, layers }) {
  const contents = contentsOf(config2);
  const isByLayer = contents.length === layers.length;
  const all = contents.flat();
  return {
    platform,
    layers: layers.map(({ descriptor: { digest: digest3, size } }, i) => ({
      digest: digest3,
      size,
      contents: isByLayer ? contents[i] ?? [] : []
    })),
    packages: all.length === 0 ? void 0 : packagesOf(all)
  };
}
var storePath = new RegExp(`/${storeHash}-([0-9A-Za-z+._?=-]{1,211})`, "g");
function contentsOf({ json }) {
  const history2 = Array.isArray(json.history) ? json.history.filter(isObject) : [];
  return history2.filter(({ empty_layer: isEmpty2 }) => isEmpty2 !== true).map(({ comment }) => {
    const paths = typeof comment === "string" && comment.startsWith("store paths: ") ? comment : "";
    return [...paths.matchAll(storePath)].map(([, name2 = ""]) => name2);
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
function parsePackageName(text4) {
  const dash = text4.search(/-[^A-Za-z]/);
  if (dash < 1) return { name: text4, version: "" };
  return { name: text4.slice(0, dash), version: text4.slice(dash + 1).replace(/(?<=.)-([a-z]+|lib32|lib64)$/, "") };
}

// src/report/compare-images.ts
function compareImages(before, after) {
  const known2 = new Set(before.layers.map(({ digest: digest3 }) => digest3));
  const isTold = before.packages !== void 0 && after.packages !== void 0;
  return {
    size: sizeOfLayers(after) - sizeOfLayers(before),
    newLayers: after.layers.filter(({ digest: digest3 }) => !known2.has(digest3)),
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
function table(head, rows2) {
  if (rows2.length === 0) return ["None."];
  return [head, head.map(() => "---"), ...rows2].map((row) => `| ${row.join(" | ")} |`);
}
var longestCode = 500;
function code(text4) {
  if (text4 === "") return "";
  const cut = text4.length > longestCode ? `${text4.slice(0, longestCode)}\u2026` : text4;
  const shown = escapeControls(cut.replaceAll(/\s*[\r\n]\s*/g, " \u23CE ")).replaceAll("|", "\\|");
  const longestRun = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return longestRun === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}

// src/report/preview-comment.ts
var commentMarker = "<!-- nix-image-action -->";
var mostCommentCharacters = 65536;
var mostPackages = 50;
var mostLayers = 20;
function renderSection(preview) {
  const { repository, name: name2, references, digest: digest3, images, base, revision, runUrl } = preview;
  const image2 = `${formatRepository(repository)}@${digest3}`;
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
function withSection(body, { key, text: text4 }) {
  const sections = new Map(sectionsOf(body)).set(key, text4);
  const others = [...sections.keys()].filter((name2) => name2 !== key);
  const lengthOf = (name2) => sections.get(name2)?.length ?? 0;
  for (const name2 of [key, ...others.sort((a, b) => lengthOf(b) - lengthOf(a))]) {
    if (bodyOf(sections).length <= mostCommentCharacters) break;
    sections.set(name2, withoutLists(sections.get(name2) ?? ""));
  }
  let left = 0;
  for (const name2 of others) {
    if (bodyOf(sections, left).length <= mostCommentCharacters) break;
    sections.delete(name2);
    left++;
  }
  return bodyOf(sections, left);
}
function bodyOf(sections, left = 0) {
  const sorted2 = [...sections].sort(([a], [b]) => a < b ? -1 : 1);
  return [
    commentMarker,
    ...sorted2.map(([name2, section]) => `${begin(name2)}
${section}
${end2(name2)}`),
    ...left === 0 ? [] : [`${left} more images are left out: ${commentLimit}`]
  ].join("\n\n");
}
var commentLimit = "GitHub accepts comments of at most 65,536 characters.";
function withoutLists(section) {
  const short = section.replaceAll(/^<details>\n[\s\S]*?^<\/details>\n\n?/gm, "");
  return short === section ? section : `${short}

Packages and layers are left out: ${commentLimit}`;
}
function sectionsOf(body) {
  const pattern = /^<!-- nix-image-action begin (.+) -->\n([\s\S]*?)\n<!-- nix-image-action end \1 -->$/gm;
  return new Map(
    [...body.replaceAll("\r\n", "\n").matchAll(pattern)].map(([, key = "", text4 = ""]) => [key, text4])
  );
}
var begin = (key) => `<!-- nix-image-action begin ${key} -->`;
var end2 = (key) => `<!-- nix-image-action end ${key} -->`;
function platformLines(image2, base) {
  const size = formatSize(sizeOfLayers(image2));
  const title = `**${span(image2.platform)}**: ${size} in ${image2.layers.length} layers`;
  const before = base?.images.find((one) => one.platform === image2.platform);
  if (base === void 0 || before === void 0) {
    return [`${title}. The base branch has no image to compare with.`, "", ...layerLines(image2.layers, "Layers")];
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
  if (packages.length === 0) return ["No packages were added, removed or updated.", ""];
  const count2 = (kind) => packages.filter((one) => one.kind === kind).length;
  const counts = `${count2("added")} added, ${count2("removed")} removed, ${count2("changed")} changed`;
  const rows2 = packages.slice(0, mostPackages).map(({ name: name2, kind, before, after }) => {
    return [span(name2), kind, versions(before, kind === "added"), versions(after, kind === "removed")];
  });
  return details(`Packages: ${counts}`, [
    ...table(["Package", "", "Before", "Now"], rows2),
    ...moreThan(mostPackages, packages.length)
  ]);
}
function layerLines(layers, what) {
  if (layers.length === 0) return ["No new layers.", ""];
  const largest = layers.toSorted((a, b) => b.size - a.size).slice(0, mostLayers);
  const rows2 = largest.map(({ digest: digest3, size, contents }) => [
    span(hexOf(digest3).slice(0, 12)),
    formatSize(size),
    contents.length === 0 ? "" : listShort(contents)
  ]);
  const total = formatSize(sizeOfLayers({ layers }));
  return details(`${what}: ${layers.length}, ${total}`, [
    ...table(["Layer", "Size", "Contents"], rows2),
    ...moreThan(mostLayers, layers.length)
  ]);
}
function details(summary, lines) {
  return ["<details>", `<summary>${summary}</summary>`, "", ...lines, "", "</details>", ""];
}
function moreThan(most, length) {
  return length > most ? ["", `and ${length - most} more`] : [];
}
function versions(list3, isAbsent) {
  if (isAbsent) return "";
  return list3.map((version2) => version2 === "" ? "without version" : span(version2)).join(", ");
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
function plain(text4) {
  return text4.replaceAll(/[^A-Za-z0-9._+:/@=?-]/g, "?").slice(0, longestText);
}
function span(text4) {
  return code(plain(text4));
}

// src/stages/comment.ts
async function commentOnPullRequest(inputs, results, context) {
  const { log } = context.runtime;
  const images = results.flatMap((result, i) => inputs.slice(i, i + 1).map((of) => ({ inputs: of, result })));
  const wanted = images.filter((image2) => image2.inputs.comment);
  const pushed = wanted.filter(({ result }) => result.pushed);
  if (wanted.length > pushed.length) log.info("Not commenting on images that were not pushed.");
  if (pushed.length === 0) return;
  try {
    const url = await writeComment(pushed, context);
    if (url !== void 0) log.info(`Commented: ${url}`);
  } catch (error) {
    const advice = adviceFor3(error, context.runtime.context);
    log.warning(`Cannot comment on the pull request: ${messageOf(error)}${advice}`);
  }
}
function adviceFor3(error, { isRestricted }) {
  const isRefused = error instanceof GitHubError && [403, 404].includes(error.status) && error.retryAfter === void 0;
  if (!isRefused) return "";
  if (isRestricted) return " Pull requests from forks and by Dependabot get a read-only token.";
  return ' Add "permissions: pull-requests: write" to the job.';
}
async function writeComment(images, context) {
  const { runtime, access } = context;
  const { repository, apiUrl } = runtime.context;
  if (!isForPullRequest(runtime.context) || repository === void 0 || apiUrl === void 0) {
    runtime.log.info("Not commenting: the run is not for a pull request.");
    return void 0;
  }
  const token = images[0]?.inputs.githubToken;
  if (token === void 0) throw new Failure("github-token is not set.");
  const api = openGitHubApi({ apiUrl, token, send: access.transport.send, log: runtime.log });
  const pullRequest = await pullRequestOf(runtime.context, api, repository);
  if (pullRequest === void 0) {
    const { sha = "the commit of the triggering run" } = runtime.context.triggeringRun ?? {};
    runtime.log.info(`Not commenting: there is no open pull request at ${sha}, or more than one.`);
    return void 0;
  }
  const previews = [];
  for (const image2 of images) previews.push(await readPreview(image2, pullRequest, context));
  const sections = previews.map(renderSection);
  return editComment(api, {
    repository,
    pullRequest: pullRequest.number,
    apiUrl,
    marker: commentMarker,
    edit: (bodies) => {
      const there = bodies.flatMap((body) => [...sectionsOf(body)].map(([key, text4]) => ({ key, text: text4 })));
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
async function readPreview({ inputs, result }, { baseRef }, { runtime, access }) {
  const { name: name2, root, references, repositories } = result;
  const [repository] = repositories;
  if (repository === void 0) throw new Failure("the image was pushed nowhere.");
  const { revision, runUrl } = runtime.context;
  const images = await readSummaries(repository, root.digest, access);
  const base = await readBase(baseReferences(inputs, repository, baseRef), { runtime, access });
  return { repository, name: name2, references, digest: root.digest, images, base, revision, runUrl };
}
function baseReferences({ reuseFrom }, { host, path }, baseRef) {
  const tags = [toTag(baseRef ?? ""), "latest"].filter((tag) => tag !== void 0);
  return [...reuseFrom.slice(0, 1), ...tags.map((tag) => ({ host, path, tag }))];
}
async function readBase(references, { runtime, access }) {
  for (const reference of references) {
    try {
      const client = await openClient(reference, { ...access, actions: "pull", mountSources: [] });
      const manifest = await findManifest(client, reference.tag);
      if (manifest === void 0) continue;
      return { reference, images: await readSummaries(reference, digestOf(manifest.bytes), access) };
    } catch (error) {
      runtime.log.info(`Not compared with ${formatReference(reference)}: ${messageOf(error)}`);
    }
  }
  return void 0;
}
async function readSummaries(repository, name2, access) {
  const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
  return (await readStored(client, name2)).images.map(summarizeImage);
}

// src/stages/describe/as-triggering-run.ts
function asTriggeringRun(runtime) {
  const { commitTime: _, checkoutTime: __, ...context } = runtime.context;
  const sha = context.triggeringRun?.sha;
  return sha === void 0 ? runtime : { ...runtime, context: { ...context, revision: sha, sha } };
}

// src/local/read-text.ts
import { readdir, readFile } from "node:fs/promises";
import { join as join4 } from "node:path";
async function readText2(path, what) {
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
    if (hasCode(error, "ENOTDIR", "ENOENT")) return [{ path, text: await readText2(path, what) }];
    throw new Failure(`Cannot read ${path}, given as ${what}: ${messageOf(error)}.`, { cause: error });
  }
  const files = names2.filter((name2) => name2.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (name2) => ({ path: join4(path, name2), text: await readText2(join4(path, name2), what) }))
  );
}

// src/github/repository-facts.ts
async function readRepository(api, repository) {
  const answer = objectOf2(await api.get(`repos/${repository}`));
  return {
    ...text2("repositoryUrl", answer.html_url),
    description: typeof answer.description === "string" ? answer.description : "",
    ...text2("license", objectOf2(answer.license).spdx_id),
    ...text2("defaultBranch", answer.default_branch)
  };
}
async function readCommitTime(api, { repository, sha }) {
  const answer = objectOf2(await api.get(`repos/${repository}/git/commits/${sha}`));
  const time2 = Date.parse(String(objectOf2(answer.committer).date));
  return Number.isNaN(time2) ? void 0 : Math.floor(time2 / 1e3);
}
function text2(key, value) {
  return typeof value === "string" ? { [key]: value } : {};
}
function objectOf2(value) {
  return isObject(value) ? value : {};
}

// src/stages/describe/complete-context.ts
var longestAnswer = 15e3;
async function completeContext({ githubToken: token }, runtime) {
  const { context, log, env } = runtime;
  const { apiUrl, repository, sha } = context;
  const lacksRepository = context.description === void 0;
  const lacksTime = context.commitTime === void 0 && sha !== void 0;
  if (apiUrl === void 0 || repository === void 0 || !(lacksRepository || lacksTime)) return context;
  if (token === void 0) {
    log.info("github-token is not set, so facts that the event lacks, such as description and license, stay unknown.");
    return context;
  }
  const transport = openTransport({ insecureHosts: [], env });
  const ask2 = async (what, question) => {
    try {
      const api = openGitHubApi({ apiUrl, token, send: transport.send, log: { ...log, info: log.debug } });
      return await inTime(question(api));
    } catch (error) {
      log.info(`Continuing without ${what}: ${messageOf(error)}`);
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

// src/stages/describe/find-changed.ts
var [mostNames, longestName] = [3, 100];
async function findChanged(images, runtime) {
  const { log, context } = runtime;
  const affected = images.filter((inputs) => isBuiltFromCheckout(inputs, runtime));
  if (affected.length === 0 || context.revision === void 0) return /* @__PURE__ */ new Set();
  const files = await runtime.changedFiles();
  if (files === void 0) {
    log.info("git cannot tell whether files of the checkout differ from the commit that the labels name.");
    return /* @__PURE__ */ new Set();
  }
  if (files.length === 0) return /* @__PURE__ */ new Set();
  log.warning(
    `${files.length === 1 ? "One tracked file differs" : `${files.length} tracked files differ`} from the commit (${namesOf2(files)}). The revision label ends in "-dirty", and created: commit keeps the build's time. Commit the change or restore the files; set created to have a time all the same.`
  );
  return new Set(affected);
}
function namesOf2(files) {
  const names2 = files.slice(0, mostNames).map((file) => oneLine(file, longestName));
  return [...names2, ...files.length > mostNames ? ["\u2026"] : []].join(", ");
}
function isBuiltFromCheckout({ mode, builds, contents }, runtime) {
  if (mode !== "build" || builds.some(({ source }) => source.kind === "path")) return false;
  const sources = [...builds.map(({ source }) => directoryOf(source)), ...contents.map(directoryOfFlake)];
  return sources.some((directory) => directory !== void 0 && isInCheckout(directory, runtime));
}
function isInCheckout(path, { resolve, directory }) {
  const [place2, checkout] = [`${resolve(path)}/`, `${directory}/`];
  return place2.startsWith(checkout) || checkout.startsWith(place2);
}
function directoryOf(source) {
  if (source.kind === "installable") return directoryOfFlake(source.installable);
  return source.kind === "file" ? source.file.replace(/[^/]*$/, "") : void 0;
}
function directoryOfFlake(installable) {
  const reference = installable.replace(/[?#].*$/s, "").replace(/^(?:path|git\+file):(?:\/\/(?=\/))?/, "");
  return /^(?:$|[./])/.test(reference) ? reference : void 0;
}

// src/stages/describe/describe-run.ts
async function describeRun(images, runtime) {
  const [first, ...others] = images;
  const [context, changed2] = await Promise.all([completeContext(first, runtime), findChanged(images, runtime)]);
  const describe4 = (inputs) => describeImage(inputs, { ...runtime, context: { ...context, isDirty: changed2.has(inputs) } });
  const described = [await describe4(first)];
  for (const inputs of others) described.push(await describe4(inputs));
  return described;
}
async function describeImage(inputs, runtime) {
  const { log, context } = runtime;
  const now = runtime.now();
  const created2 = createdOf2(inputs, runtime);
  const given = await readGiven(inputs, runtime);
  const metadata = computeMetadata({ ...inputs, given, created: created2 }, { ...context, now });
  for (const note of metadata.notes) log.warning(note);
  for (const reference of metadata.references) log.info(formatReference(reference));
  expectTags(metadata, inputs);
  return metadata;
}
function createdOf2(inputs, { log, context, env, now }) {
  const commitTime = context.isDirty ? void 0 : context.checkoutTime ?? context.commitTime;
  const created2 = resolveCreated(inputs.created, { sourceDateEpoch: env.SOURCE_DATE_EPOCH, commitTime, now });
  if (created2 === void 0 && inputs.created === "commit" && !context.isDirty && inputs.mode !== "cleanup") {
    log.notice("The commit time is unknown, so the image keeps the created time of its build.");
  }
  return created2;
}
async function readGiven({ metadata }, { env, resolve }) {
  if (metadata === void 0) return noMetadata;
  if (metadata.kind === "env") return metadataOfEnvironment(env);
  if (metadata.kind === "given") return metadata.metadata;
  const read = async (path) => parseMetadataJson(await readText2(resolve(path), "metadata"), path);
  return joinMetadata(await Promise.all(metadata.paths.map(read)));
}
function expectTags({ references, notes }, { push: push2, load, tagging }) {
  if (references.length > 0 || !(push2 || load)) return;
  if (tagging.rules?.images.length === 0) {
    throw new Failure(
      `Cannot ${push2 ? "push" : "load"}: every line of images has enable=false. Enable one, or do not push here.`
    );
  }
  const lines = tagging.rules?.rules.map(({ line }) => `"${line}"`) ?? [];
  const what = lines.length === 0 ? "metadata gives" : `the rules ${lines.join(", ")} give`;
  const why = notes.length > 0 ? notes.join(" ") : lines.length === 0 ? "it has none." : "none matches this event.";
  throw new Failure(
    `Cannot ${push2 ? "push" : "load"}: ${what} no tag: ${why} Add a rule for it, such as type=ref,event=branch, type=ref,event=tag, type=ref,event=pr, type=sha or type=raw,value=TAG, or do not push here.`
  );
}

// src/stages/open/open-login.ts
function openLogin({ login }, { context, log }, described) {
  if (login === void 0) return {};
  if (login.password !== "") return { login: { ...login, hosts: inBackground(described.then(hostsOf)) } };
  if (!context.isRestricted) {
    throw new Failure("Cannot log in with username alone: password is empty. Give username and password.");
  }
  log.info(`Not logged in as ${login.username}: pull requests from forks and by Dependabot get no secrets.`);
  return {};
}
function hostsOf(described) {
  const repositories = described.flatMap(({ inputs, metadata }) => [
    ...metadata.references,
    ...inputs.tagging.references,
    ...(inputs.tagging.rules?.images ?? []).map(parseRepository)
  ]);
  return new Set(repositories.map(({ host }) => host));
}

// src/image/oci-layout/open-layout-files.ts
import { lstat, stat } from "node:fs/promises";

// src/tar/index-archive.ts
import { posix } from "node:path";

// src/lib/open-file.ts
import { constants } from "node:fs";
import { open } from "node:fs/promises";
var memory = createBlockMemory(1 << 18);
var smallChunk = 1 << 16;
async function openRegularFile(path) {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Failure(`Cannot read ${path}: it is not a regular file.`);
}
async function* openFile(path, options2, { offset, size } = { offset: 0, size: Number.POSITIVE_INFINITY }) {
  const file = await openRegularFile(path);
  try {
    const kept = options2?.reuseBuffer ? memory.take() : void 0;
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

// src/tar/index-archive.ts
var longestExtendedHeader = 1 << 20;
var longestName2 = 4096;
var mostNames2 = 64 << 20;
var mostLinks = 40;
async function indexArchive(path, what, { followsLinks = true } = {}) {
  const extents = /* @__PURE__ */ new Map();
  const links = /* @__PURE__ */ new Map();
  const file = await openRegularFile(path);
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
  return archiveOf({ path, what, extents, links, followsLinks });
}
function archiveOf({ path, what, extents, links, followsLinks }) {
  const follow = (name2) => {
    if (!followsLinks && links.has(name2)) {
      throw new Failure(
        `Cannot read ${what}: its file "${name2}" is a symlink or hard link. Links are not allowed here.`
      );
    }
    let target = name2;
    for (let hops = 0; target !== void 0 && hops < mostLinks; hops++) {
      const extent = extents.get(target);
      if (extent !== void 0) return extent;
      target = links.get(target);
    }
    return void 0;
  };
  const find = (name2) => {
    const extent = follow(name2);
    if (extent === void 0) throw new Failure(`Cannot read ${what}: it has no file "${name2}".`);
    return extent;
  };
  const archive = {
    what,
    names: [...extents.keys(), ...links.keys()],
    has: (name2) => follow(name2) !== void 0,
    size: (name2) => find(name2).size,
    open: (name2, use) => openFile(path, use, find(name2)),
    async read(name2, limit) {
      if (find(name2).size > limit) {
        throw new Failure(
          `Cannot read ${what}: "${name2}" has ${find(name2).size} bytes, more than the limit of ${limit}.`
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
  let left = mostNames2;
  for (let at = 0; at < fileSize; ) {
    const found = readHeader(await readBytes(file, { at, length: blockSize, what }), what);
    if (found === void 0) return;
    const offset = at + blockSize;
    left -= 256;
    if (left < 0) throw new Failure(`Cannot read ${what}: the names of its files take more than ${mostNames2} bytes.`);
    const isExtension = found.type === "pax" || found.type === "gnu-name" || found.type === "gnu-link";
    if (isExtension) {
      if (found.size > longestExtendedHeader)
        throw new Failure(`Cannot read ${what}: it has an extended header of ${found.size} bytes.`);
      const data = await readBytes(file, { at: offset, length: found.size, what });
      const records = found.type === "pax" ? readPaxRecords(data, what) : /* @__PURE__ */ new Map();
      const text4 = data.toString("utf8").replace(/\0.*$/s, "");
      name2 = records.get("path") ?? (found.type === "gnu-name" ? text4 : name2);
      linkname = records.get("linkpath") ?? (found.type === "gnu-link" ? text4 : linkname);
      size = records.has("size") ? decimalOf(records.get("size") ?? "") : size;
      at = offset + paddedSize(found.size);
      continue;
    }
    const header = {
      ...found,
      name: name2 ?? found.name,
      linkname: linkname ?? found.linkname,
      size: size ?? found.size
    };
    const longest = Math.max(header.name.length, header.linkname.length);
    if (longest > longestName2) {
      throw new Failure(
        `Cannot read ${what}: it has a name of ${longest} characters, more than the limit of ${longestName2}.`
      );
    }
    left -= header.name.length + header.linkname.length;
    if (!Number.isSafeInteger(header.size)) {
      throw new Failure(`Cannot read ${what}: "${header.name}" has an invalid size.`);
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
  return linkname.startsWith("/") ? linkname : posix.join(posix.dirname(name2), linkname);
}
function memberName(name2, what) {
  const normal = posix.normalize(name2).replace(/\/$/, "");
  if (normal.startsWith("/") || normal === ".." || normal.startsWith("../")) {
    throw new Failure(`Cannot read ${what}: its file "${name2}" points outside the archive, which may be malicious.`);
  }
  return normal;
}

// src/image/oci-layout/layout-directory.ts
import { realpathSync as realpathSync2, statSync as statSync2 } from "node:fs";
import { join as join5 } from "node:path";

// src/lib/read-whole-file.ts
async function readWholeFile(path, limit, what) {
  const file = await openRegularFile(path);
  try {
    const { size } = await file.stat();
    if (size <= limit) return await file.readFile();
    throw new Failure(`Cannot read ${what}: it has ${size} bytes, more than the limit of ${limit}.`);
  } finally {
    await file.close();
  }
}

// src/image/oci-layout/layout-directory.ts
function openLayoutDirectory(path, what, links = "store") {
  const directory = { root: realpathSync2(path), what, links };
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
      if (size <= limit) return readWholeFile(path2, limit, `"${name2}" of ${what}`);
      throw new Failure(`Cannot read ${what}: "${name2}" has ${size} bytes, more than the limit of ${limit}.`);
    }
  };
}
function findFile({ root, what, links }, name2) {
  try {
    const path = realpathSync2(join5(root, name2));
    if (links === "none" && path !== join5(root, name2)) {
      throw new Failure(
        `Cannot read ${what}: its file "${name2}" is a symlink to ${path}, or lies behind one. Links are not allowed here.`
      );
    }
    if (![root, storeDirectory].some((directory) => path.startsWith(`${directory}/`))) {
      throw new Failure(
        `Cannot read ${what}: its file "${name2}" leads to ${path}, outside of the directory and of ${storeDirectory}. Put the file itself there.`
      );
    }
    const facts = statSync2(path);
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
  const facts = await factsOf(path, isTrusted ? stat : lstat);
  if (facts.isDirectory()) return openLayoutDirectory(path, what, isTrusted ? "store" : "none");
  if (facts.isSymbolicLink()) throw new Failure(`Cannot use ${what}: it is a symlink. Name the layout itself.`);
  if (facts.isFile() && shapeOf(path) === "tar") {
    return indexArchive(path, what, { followsLinks: isTrusted });
  }
  const found = facts.isFile() ? describeFile(path) : "neither a file nor a directory";
  throw new Failure(`Cannot use ${what}: it is ${found}. Name a directory or an uncompressed tar archive.`);
}
async function factsOf(path, look) {
  try {
    return await look(path);
  } catch (cause) {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new Failure(`Cannot open the OCI layout ${path}: the file does not exist.`, { cause });
  }
}

// src/image/with-name.ts
function withName(items, wanted) {
  const reference = referenceOf(wanted);
  const isWanted = (name2) => name2 === wanted || reference !== void 0 && isSame(reference, name2);
  const named3 = items.filter(({ names: names2 }) => names2.some(isWanted));
  if (named3.length > 0 || reference === void 0 || hasTag(wanted)) return named3;
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
function blobName(digest3) {
  return `blobs/sha256/${hexOf(digest3)}`;
}
function findBlob(files, { digest: digest3, size }, role) {
  const name2 = blobName(digest3);
  if (!files.has(name2)) throw new Failure(`Cannot use ${files.what}: its ${role} ${digest3} is missing (${name2}).`);
  if (files.size(name2) === size) return name2;
  throw new Failure(
    `Cannot use ${files.what}: its ${role} ${digest3} has ${files.size(name2)} bytes, but its descriptor states ${size}.`
  );
}
async function readBlob2(files, descriptor, role) {
  const bytes = await files.read(findBlob(files, descriptor, role), largestJson);
  if (digestOf(bytes) === descriptor.digest) return bytes;
  throw new Failure(
    `Cannot use ${files.what}: the file of its ${role} ${descriptor.digest} has the digest ${digestOf(bytes)}.`
  );
}

// src/image/oci-layout/parse-descriptor.ts
function parseDescriptor(value, what) {
  if (!isObject(value)) throw new Failure(`Cannot read ${what}: it is not a descriptor.`);
  const { mediaType: mediaType2, size } = value;
  const digest3 = parseDigest(value.digest, `the digest of ${what}`);
  if (typeof mediaType2 !== "string") throw new Failure(`Cannot read ${what}: its "mediaType" is not a string.`);
  if (typeof size !== "number" || !Number.isSafeInteger(size)) {
    throw new Failure(`Cannot read ${what}: its "size" is not a number of bytes.`);
  }
  return { mediaType: mediaType2, digest: digest3, size, annotations: parseAnnotations(value.annotations, what) };
}
function parseAnnotations(value, what) {
  const annotations = value ?? {};
  if (isStrings(annotations)) return annotations;
  throw new Failure(`Cannot read ${what}: its "annotations" is not a map of strings.`);
}
function isStrings(value) {
  return isObject(value) && Object.values(value).every((item) => typeof item === "string");
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
  throw new Failure(`Cannot use ${files.what}: its index.json lists no image, directly or through an index.`);
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
    const { digest: digest3 } = entry.descriptor;
    const before = byDigest.get(digest3) ?? entry;
    byDigest.set(digest3, {
      descriptor: before.descriptor,
      names: [.../* @__PURE__ */ new Set([...before.names, ...entry.names])],
      platform: before.platform ?? entry.platform,
      index: before.index ?? entry.index
    });
  }
  return [...byDigest.values()];
}
function parseIndex(bytes, what) {
  const { manifests, annotations } = parseJsonObject(bytes, what);
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
    platform: isObject(item) && isObject(item.platform) ? parsePlatform2(item.platform, what) : void 0
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
  const { config: config2, layers, annotations } = parseJsonObject(await readBlob2(files, descriptor, "manifest"), what);
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
      `Cannot use ${files.what}: it is not a container image, its config has the media type ${config2.mediaType}.`
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
  const named3 = imageName === void 0 ? all : withName(all, imageName);
  const known2 = await Promise.all(named3.map((entry) => withPlatform(files, entry)));
  const meant = platform === void 0 ? known2 : closestTo(platform, known2, (entry) => entry.platform ?? "");
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
    `Cannot choose an image from ${files.what}: ${count2} ${asked.join(" and ") || "in it"}. It contains ${held.map(describe).join(", ")}. Set image-name or platform to select exactly one.`
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
      `Cannot read ${files.what}: its manifest lists ${manifest.layers.length} layers, but the config lists ${diffIds.length || "no"} diff_ids.`
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
  const { imageLayoutVersion: version2 } = parseJsonObject(await files.read("oci-layout", largestJson), what);
  if (version2 === "1.0.0") return;
  throw new Failure(
    `Cannot read ${what}: its imageLayoutVersion is ${JSON.stringify(version2)}; only "1.0.0" is supported.`
  );
}
function checkPlatform({ platform, descriptor }, config2, what) {
  const machineOf = (text4) => normalizePlatform(text4).split("/", 2).join("/");
  const found = platformOf(config2);
  if (platform === void 0 || machineOf(platform) === machineOf(found)) return;
  throw new Failure(
    `Cannot use ${what}: its index lists ${descriptor.digest} for ${platform}, but its config is for ${found}.`
  );
}
function openLayer(files, descriptor, diffId) {
  const { mediaType: mediaType2, digest: digest3, size } = descriptor;
  const what = `the layer ${digest3} of ${files.what}`;
  const encoding = layerEncoding(descriptor, diffId);
  if (encoding === void 0) {
    const isForeign = /\.(?:foreign|nondistributable)\./.test(mediaType2);
    const why = isForeign ? "its content is not part of the image" : "its media type is not supported";
    throw new Failure(`Cannot use ${what}: ${why} (${mediaType2}).`);
  }
  if (encoding === "tar" && digest3 !== diffId) {
    throw new Failure(`Cannot use ${what}: it is not compressed, but its diffID in the config is ${diffId}.`);
  }
  const name2 = findBlob(files, descriptor, "layer");
  return { diffId, encoding, descriptor, what, size, open: (use) => files.open(name2, use) };
}

// src/registry/content/await-manifest.ts
import { setTimeout as sleep } from "node:timers/promises";
async function awaitManifest(client, tag, { pause, longest, now }) {
  const end3 = now() + longest;
  while (now() < end3) {
    await sleep(pause);
    if (await findManifest(client, tag) !== void 0) return true;
  }
  return false;
}

// src/registry/read/remote-image.ts
async function openRemoteImage(client, name2, platform) {
  const { digest: digest3, images } = await readStored(client, name2, platform);
  return { ...remoteImageOf(images[0]), digest: digest3 };
}
function remoteImageOf({ config: config2, layers, annotations, place: place2, manifest }) {
  const diffIds = diffIdsOf(config2) ?? [];
  if (diffIds.length !== layers.length) {
    throw new Failure(
      `Cannot use ${formatRepository(place2)}@${manifest.descriptor.digest}: it lists ${layers.length} layers, but its config lists ${diffIds.length} diff_ids.`
    );
  }
  return { config: config2, annotations, layers: layers.map((layer2, i) => remoteLayer(layer2, place2, diffIds[i])) };
}
function remoteLayer({ descriptor, open: open4 }, place2, diffId) {
  const { mediaType: mediaType2, digest: digest3, size } = descriptor;
  const encoding = layerEncoding(descriptor, diffId);
  if (encoding === void 0) {
    throw new Failure(
      `Cannot use ${formatRepository(place2)}: its layer ${digest3} has the unsupported media type ${mediaType2}.`
    );
  }
  const chunked = chunkedPlacesOf(descriptor);
  const blob = { mediaType: mediaTypeOf[encoding], digest: digest3, size };
  return {
    diffId,
    encoding,
    size,
    descriptor: blob,
    remote: { descriptor: blob, facts: { diffId, ...chunked === void 0 ? {} : { chunked } }, place: place2, open: open4 },
    open: open4
  };
}

// src/metadata/image-labels.ts
function imageLabels({ meta, base, platform }, metadata, annotate) {
  const ofPackage = meta === void 0 ? {} : packageLabels(meta);
  const labels = withoutKeys({ ...ofPackage, ...baseLabels(base), ...metadata.labels }, metadata.deleted);
  const at = (place2) => annotate.includes(place2) ? labels : {};
  const annotations = annotationsOf(metadata.annotations, "manifest", platform);
  return { labels, config: at("config"), manifest: { ...at("manifest"), ...annotations } };
}

// src/stages/open/label-image.ts
function labelImage(image2, metadata, { inputs, facts, runtime }) {
  const { created: created2, deleted } = metadata;
  const target = { meta: facts, base: image2.base, platform: platformOf(image2.config) };
  const { labels, config: ofConfig, manifest: annotations } = imageLabels(target, metadata, inputs.annotate);
  const config2 = withChanges(image2.config, { labels: ofConfig, deleted, created: created2 });
  for (const [key, value] of Object.entries(labelsOf(config2))) runtime.log.info(`${key}=${value}`);
  const print = inputs.dryRun ? runtime.log.info : runtime.log.debug;
  for (const [key, value] of Object.entries(annotations)) print(`manifest:${key}=${value}`);
  const before = withoutKeys(image2.annotations ?? {}, deleted);
  return { image: { ...image2, config: config2, annotations: before }, labels, annotations };
}

// src/stages/open/open-promoted.ts
var usualPatience = { pause: 15e3, longest: 9e5 };
async function openPromoted(publications, context, patience = usualPatience) {
  const { runtime } = context;
  const ready = [];
  for (const publication of publications) {
    const { inputs, metadata } = publication;
    const { index, images, others } = await openFrom(inputs, context, patience);
    if (others > 0) {
      runtime.log.notice(`Attestations are not copied (${others}): they describe the images before promotion.`);
    }
    const platforms = images.map(
      (image2) => labelImage(withLayersKept(image2), metadata, { inputs, facts: void 0, runtime })
    );
    ready.push({ ...publication, platforms, index: inputs.platforms.length === 0 ? index : void 0 });
  }
  return ready;
}
async function openFrom(inputs, context, patience) {
  const { runtime, access } = context;
  const { from, platforms, imageName } = inputs;
  const [platform] = platforms;
  if (from === void 0) throw new TypeError("from is set in mode promote.");
  if ("layout" in from) {
    const files = await openLayoutFiles(runtime.resolve(from.layout), { isTrusted: true });
    const choice = {
      ...imageName === void 0 ? {} : { imageName },
      ...platform === void 0 ? {} : { platform }
    };
    return openLayoutImages(files, choice);
  }
  const client = await openClient(from, { ...access, actions: "pull", mountSources: [] });
  await expectImage(client, from.name, { runtime, patience });
  const { digest: digest3, index, images, others } = await readStored(client, from.name, platform);
  runtime.log.info(`From ${formatRepository(from)}@${digest3}`);
  for (const { config: config2, manifest } of images) {
    const own = platformOf(config2);
    runtime.log.info(`${own}: ${manifest.descriptor.digest}`);
    if (platform === void 0 || closestTo(platform, [own], (one) => one).length > 0) continue;
    throw new Failure(`Cannot promote ${formatRepository(from)}@${digest3} for ${platform}: it is for ${own}.`);
  }
  return { index, images: images.map(remoteImageOf), others };
}
var eventsOfTags = ["push", "create", "release"];
async function expectImage(client, name2, { runtime: { context, log, now }, patience }) {
  if (await findManifest(client, name2) !== void 0) return;
  const what = `${formatRepository(client.repository)}${isDigest(name2) ? "@" : ":"}${name2}`;
  const missing = `Cannot promote ${what}: the image does not exist`;
  if (isDigest(name2) || !eventsOfTags.includes(context.eventName)) {
    throw new Failure(`${missing}. Check from, or push the image first.`);
  }
  const minutes = Math.ceil(patience.longest / 6e4);
  log.notice(`${what} does not exist yet. Waiting up to ${minutes} min for the run that pushes it.`);
  if (await awaitManifest(client, name2, { ...patience, now })) return;
  throw new Failure(
    `${missing}, after ${minutes} min of waiting. Check from and the job that pushes the image, and run this job again.`
  );
}

// src/image/open-image.ts
import { createWriteStream, realpathSync as realpathSync3, statSync as statSync4 } from "node:fs";
import { mkdtemp as mkdtemp2 } from "node:fs/promises";
import { join as join8 } from "node:path";

// src/image/docker-archive.ts
async function openDockerArchive(archive, choice = {}) {
  const entry = chooseEntry2(await readManifest3(archive), choice, archive.what);
  const config2 = await readConfig2(archive, entry.config);
  const diffIds = diffIdsOf(config2) ?? [];
  if (diffIds.length !== entry.layers.length) {
    throw new Failure(
      `Cannot read ${archive.what}: manifest.json lists ${entry.layers.length} layers, but the config lists ${diffIds.length || "no"} diff_ids.`
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
  const held = entries.map(({ names: names2 }) => names2.join(" ") || "one unnamed image").join(", ");
  const why = imageName === void 0 ? `it contains ${entries.length} images (${held})` : `${found.length === 0 ? "none is" : `${found.length} are`} named ${imageName}; it contains ${held}`;
  throw new Failure(`Cannot choose an image from ${what}: ${why}. Set image-name to the name of the one you want.`);
}
async function readManifest3(archive) {
  const bytes = await archive.read("manifest.json", largestJson);
  const json = parseJson(bytes, `manifest.json of ${archive.what}`);
  const entries = Array.isArray(json) ? json.map(parseEntry2) : [];
  if (entries.length > 0 && entries.every((entry) => entry !== void 0)) return entries;
  throw new Failure(
    `Cannot read manifest.json of ${archive.what}: it must be a list of images with Config and Layers.`
  );
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
  const bytes = await archive.read(member, largestJson);
  const promised = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(member)?.[1];
  if (promised !== void 0 && digestOf(bytes) !== `sha256:${promised}`) {
    throw new Failure(
      `Cannot use ${archive.what}: its config "${member}" has the digest ${digestOf(bytes)}, but its name states another. Build or download the archive again.`
    );
  }
  return parseConfig(bytes, `the config "${member}" of ${archive.what}`);
}
async function openLayer2(archive, member, diffId) {
  const what = `the layer "${member}" of ${archive.what}`;
  const size = archive.size(member);
  const open4 = (options2) => archive.open(member, options2);
  const compression = compressedFormatOf(await readStart3(archive, member));
  if (size === 0) throw new Failure(`Cannot read ${what}: it is empty.`);
  if (compression === void 0) return { diffId, encoding: "tar", what, size, open: open4 };
  if (compression === "xz")
    return { diffId, encoding: "tar", what, open: () => decompress(open4(reuseBuffer), "xz", what) };
  if (compression === "bzip2") {
    throw new Failure(`Cannot read ${what}: bzip2 is not supported. Use no compression, gzip, zstd or xz.`);
  }
  const mediaType2 = compression === "gzip" ? mediaTypes.layerGzip : mediaTypes.layerZstd;
  const digest3 = blobDigestOf(member);
  const promised = digest3 === void 0 ? {} : { descriptor: { mediaType: mediaType2, digest: digest3, size } };
  return { diffId, encoding: compression, what, size, ...promised, open: open4 };
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
import { lstat as lstat2, stat as stat2 } from "node:fs/promises";
import { dirname } from "node:path";

// src/image/store-layer/nix2container-layer.ts
import { posix as posix3 } from "node:path";

// src/tar/go-tar.ts
import { posix as posix2 } from "node:path";
var goTar = {
  device: "0000000",
  recordSize: 512,
  splitName(name2) {
    if (!isAscii(name2)) return void 0;
    const end3 = name2.length > 156 ? 156 : name2.length - Number(name2.endsWith("/"));
    const slash = name2.lastIndexOf("/", end3 - 1);
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
    const path = posix2.join(name2.slice(0, slash), "PaxHeaders.0", name2.slice(slash));
    return withoutNonAscii(path).slice(0, 100).replace(/\/+$/, "");
  },
  paxRecords: (needed) => needed.toSorted(([a], [b]) => a < b ? -1 : 1)
};
function withoutNonAscii(value) {
  return value.replace(/[\x80-\xff]/g, "");
}

// src/image/store-layer/go-regex.ts
async function loadGoRegex() {
  const { RE2JS: engine } = await import("./chunk-UQZP6OKG.mjs");
  return (source) => {
    const regex = compile(source, engine);
    const matcherOf = (path) => regex.matcher(isAscii(path) ? path : Buffer.from(path, "latin1"));
    return {
      matches: (path) => matcherOf(path).find(),
      replaceAll: (path, template) => replaceAll(path, matcherOf(path), template)
    };
  };
}
function compile(source, engine) {
  try {
    return engine.compile(source);
  } catch (cause) {
    throw new Failure(
      `Cannot use the nix2container regex "${source}": it is not a valid Go regular expression (${messageOf(cause)}). See https://pkg.go.dev/regexp/syntax for the syntax.`,
      { cause }
    );
  }
}
function replaceAll(path, matcher, template) {
  let result = "";
  let done = 0;
  for (let at = 0; at <= path.length && matcher.find(at); ) {
    const [start, end3] = [matcher.start(), matcher.end()];
    result += path.slice(done, start);
    if (end3 > done || start === 0) result += expand(template, path, matcher);
    done = end3;
    at = end3 > at ? end3 : at + widthAt(path, at);
  }
  return result + path.slice(done);
}
function widthAt(path, at) {
  const [character = ""] = Buffer.from(path.slice(at, at + 4), "latin1").toString("utf8");
  return character === "\uFFFD" ? 1 : Math.max(1, Buffer.byteLength(character));
}
function expand(template, path, matcher) {
  return bytesOf(template).replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, name2, braced) => {
    if (whole === "$$") return "$";
    const group = name2 ?? braced ?? "";
    const key = /^\d+$/.test(group) ? Number(group) : group;
    if (typeof key === "number" ? key > matcher.groupCount() : !Object.hasOwn(matcher.namedGroups, key)) return "";
    const start = matcher.start(key);
    return start < 0 ? "" : path.slice(start, matcher.end(key));
  });
}

// src/image/store-layer/pack-files.ts
import { closeSync as closeSync3, openSync as openSync3, readSync as readSync3 } from "node:fs";
import { setImmediate } from "node:timers/promises";

// src/tar/write-entry.ts
var typeFlags = { file: "0", symlink: "2", directory: "5", pax: "x" };
var paxHeader = {
  type: "pax",
  ...{ mode: 0, uid: 0, gid: 0, mtime: 0 },
  ...{ prefix: "", linkname: "", uname: "", gname: "", device: "" }
};
function writeTarEntry(entry, dialect) {
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
  const end3 = written + 2 * blockSize;
  return Buffer.alloc(Math.ceil(end3 / recordSize) * recordSize - written);
}
function neededRecords(entry) {
  const records = [];
  const text4 = (key, value, size) => {
    if (value.length > size || !isAscii(value)) records.push([key, value]);
  };
  const number2 = (key, value, digits) => {
    if (!fitsOctal(value, digits)) records.push([key, String(value)]);
  };
  text4("path", entry.name, 100);
  text4("linkpath", entry.linkname, 100);
  text4("uname", entry.uname, 32);
  text4("gname", entry.gname, 32);
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
function putText(block, at, text4) {
  let sum = 0;
  for (let i = 0; i < text4.length; i++) sum += block[at + i] = text4.charCodeAt(i);
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

// src/image/store-layer/walk-files.ts
import { lstatSync as lstatSync2, readdirSync as readdirSync2, readlinkSync } from "node:fs";
function* walkFiles(storePath2, locate) {
  const path = bytesOf(storePath2);
  const source = bytesOf(locate(storePath2));
  const rest = [""];
  for (let tail = rest.pop(); tail !== void 0; tail = rest.pop()) {
    const file = describe2(path + tail, source + tail);
    yield file;
    if (file.type !== "directory") continue;
    for (const name2 of sortNames(readdirSync2(onDisk(file.source), "latin1")).reverse()) rest.push(`${tail}/${name2}`);
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
    throw new Failure(`Cannot put ${textOf(path)} into a layer: it is not a file, directory or symlink.`);
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
var memory2 = createBlockMemory(chunkSize2 + 1);
async function* packFiles(entries, dialect, options2) {
  const block = options2?.reuseBuffer ? memory2.take() : void 0;
  const take = () => block ?? Buffer.allocUnsafeSlow(memory2.size);
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
    throw new Failure(`Cannot create a layer: ${messageOf(cause)}. ${advice}`, { cause });
  } finally {
    if (block !== void 0) memory2.give(block);
  }
  yield writeEnd(written, dialect);
}
function* packChunks(entries, dialect, take) {
  let chunk = take();
  let used = 0;
  for (const { header, file } of entries) {
    const blocks = writeTarEntry(header, dialect);
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
        const end3 = used + length;
        const room = chunk.subarray(used, left > length ? end3 : end3 + 1);
        if (readAtLeast(length, descriptor, room) !== length) throw changed(file);
        used = end3;
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
    `Cannot create a layer: ${textOf(path)} changed while it was being read (it had ${size} bytes before). Stop programs that write to the store, then run "nix-store --verify --check-contents".`
  );
}
function isFileSystemError(error) {
  return error instanceof Error && "syscall" in error;
}

// src/image/store-layer/nix2container-layer.ts
var newestVersion = { mtime: 1, groupName: "gname" };
async function* openNix2containerLayer(paths, locate = (path) => path, {
  version: version2 = newestVersion,
  options: options2
} = {}) {
  const rules = await Promise.all(paths.map(({ options: options3 }) => parseRules(options3, version2)));
  const tree = makeTree(paths, rules, locate);
  yield* packFiles(entriesBelow(tree, { directory: "", mtime: version2.mtime }), goTar, options2);
}
function makeTree(paths, rulesOfPaths, locate) {
  const root = {};
  for (const [i, { path }] of paths.entries()) {
    const rules = rulesOfPaths[i] ?? plainRules;
    for (const file of walkFiles(path, locate)) {
      const name2 = rules.rewrite(file.path);
      if (name2 !== "") place(nodeAt(root, name2), { file, rules, name: name2 });
    }
  }
  return root;
}
async function namesBelow(directory, paths, locate) {
  const rules = await Promise.all(paths.map(({ options: options2 }) => parseRules(options2)));
  const node = nodeAt(makeTree(paths, rules, locate), bytesOf(directory));
  return [...node.children?.keys() ?? []].map(textOf);
}
async function checkPathOptions(options2) {
  await parseRules(options2);
}
var plainRules = { rewrite: (path) => path, perms: [], permsText: "[]", hasOptions: false };
async function parseRules(options2, { groupName } = newestVersion) {
  if (options2 === void 0) return plainRules;
  const { rewrite, perms = [] } = options2;
  const parseRegex = await loadGoRegex();
  return {
    rewrite: parseRewrite(rewrite, parseRegex),
    perms: perms.map((perm) => parsePerm(perm, parseRegex, groupName)),
    permsText: JSON.stringify(perms),
    hasOptions: true
  };
}
function parseRewrite(rewrite = { regex: "", repl: "" }, parseRegex) {
  if (rewrite.regex === "") return (path) => path;
  const regex = parseRegex(rewrite.regex);
  return (path) => regex.replaceAll(path, rewrite.repl);
}
function parsePerm(perm, parseRegex, groupName) {
  const { regex, mode, uid, gid, uname, gname } = perm;
  if (!/^[0-7]{0,7}$/.test(mode)) {
    throw new Failure(`Cannot use the nix2container mode "${mode}". Write octal digits, as in "0755".`);
  }
  const owner3 = {
    uid,
    gid,
    ...uname && { uname: bytesOf(uname) },
    ...gname && { gname: bytesOf(perm[groupName]) }
  };
  return { regex: parseRegex(regex), fields: { ...owner3, ...mode && { mode: Number.parseInt(mode, 8) } } };
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
      throw new Failure(`Cannot create a layer: ${both} both provide ${textOf(name2)}, with different ${what}.`);
    }
  }
  node.file = file;
  node.rules = rules;
}
function* entriesBelow(node, { directory, mtime }) {
  const children = [...node.children ?? []].sort(([a], [b]) => a < b ? -1 : 1);
  for (const [part, child] of children) {
    const name2 = directory === "" ? part || "/" : posix3.join(directory, part);
    yield entryOf(name2, child, mtime);
    yield* entriesBelow(child, { directory: name2, mtime });
  }
}
function entryOf(name2, { file, rules }, mtime) {
  const root = { uid: 0, gid: 0, uname: "root", gname: "root", mtime, size: 0, linkname: "" };
  if (file === void 0) return { header: { name: name2, type: "directory", mode: 493, ...root } };
  const { type, size } = file;
  const isLink = type === "symlink";
  const mode = isLink ? 511 : file.mode;
  const linkname = isLink ? readTarget(file) : "";
  const matching = rules?.perms.filter(({ regex }) => regex.matches(file.path)) ?? [];
  const changes = Object.assign({}, ...matching.map(({ fields }) => fields));
  return { header: { name: name2, type, ...root, mode, size, linkname, ...changes }, file };
}

// src/image/nix2container/config-blob.ts
var oldHistory = { created_by: "nix2container" };
function configBlob({ created: created2, arch, "image-config": config2, layers }) {
  const history2 = layers.map(({ History = oldHistory }) => new Map(withoutEmpty(Object.entries(History))));
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

// src/image/nix2container/json-shape.ts
var text3 = (value, at) => typeof value === "string" ? value : rejectValue(value, at, "a string");
var flag2 = (value, at) => typeof value === "boolean" ? value : rejectValue(value, at, "true or false");
var count = (value, at) => {
  const number2 = isLosslessNumber(value) && /^[0-9]+$/.test(value.value) ? Number(value.value) : Number.NaN;
  return Number.isSafeInteger(number2) ? number2 : rejectValue(value, at, "a whole number");
};
function object2(fields) {
  return (value, at) => {
    const given = entriesOf(value, at);
    const read = Object.entries(fields).map(([key, shape]) => [key, shape(given.get(key), below(at, key))]);
    const unknown = [...given.keys()].find((key) => !Object.hasOwn(fields, key));
    if (unknown === void 0) return Object.fromEntries(read);
    throw new Failure(
      `Cannot read ${formatPosition(below(at, unknown))}: this field is unknown. Known fields are ${Object.keys(fields).join(", ")}.`
    );
  };
}
function list2(item) {
  return (value, at) => Array.isArray(value) ? value.map((one, i) => item(one, { ...at, field: `${at.field}[${i}]` })) : rejectValue(value, at, "a list");
}
function mapOf(item) {
  return (value, at) => new Map([...entriesOf(value, at)].map(([key, one]) => [key, item(one, below(at, key))]));
}
function optional(shape, fallback) {
  return (value, at) => value === void 0 ? fallback : shape(value, at);
}
function nullable(shape, fallback) {
  return (value, at) => value === null ? fallback : shape(value, at);
}
function rejectValue(value, at, expected) {
  const found = stringify(value)?.slice(0, 200);
  const problem = found === void 0 ? `it is missing. It must be ${expected}` : `it is ${found}, not ${expected}`;
  throw new Failure(`Cannot read ${formatPosition(at)}: ${problem}.`);
}
function formatPosition({ field: field2, file }) {
  return field2 === "" ? file : `${field2} of ${file}`;
}
function entriesOf(value, at) {
  const isObject3 = typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
  return isObject3 ? new Map(Object.entries(value)) : rejectValue(value, at, "an object");
}
function below(at, key) {
  return { ...at, field: at.field === "" ? key : `${at.field}.${key}` };
}

// src/image/nix2container/image-config.ts
function sorted(shape) {
  return (value, at) => new Map([...shape(value, at)].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
}
var names = sorted(mapOf(object2({})));
var texts2 = list2(text3);
var known = /* @__PURE__ */ new Map([
  ["User", text3],
  ["ExposedPorts", names],
  ["Env", texts2],
  ["Entrypoint", texts2],
  ["Cmd", texts2],
  ["Volumes", names],
  ["WorkingDir", text3],
  ["Labels", sorted(mapOf(text3))],
  ["StopSignal", text3],
  ["ArgsEscaped", flag2]
]);
var spellings = new Map([...known.keys()].map((name2) => [name2.toLowerCase(), name2]));
var imageConfig2 = (value, at) => {
  const given = /* @__PURE__ */ new Map();
  for (const [key, one] of mapOf((any) => any)(value, at)) {
    const name2 = spellings.get(key.toLowerCase()) ?? key;
    if (given.has(name2))
      throw new Failure(
        `Cannot read ${formatPosition(at)}: it has ${name2} twice, in different spellings. Keep one of them.`
      );
    given.set(name2, one);
  }
  const fields = [...known].map(([name2, shape]) => {
    const field2 = { ...at, field: `${at.field}.${name2}` };
    return [name2, optional(nullable(shape, void 0), void 0)(given.get(name2), field2)];
  });
  return new Map([...fields, ...[...given].filter(([name2]) => !known.has(name2))]);
};

// src/image/nix2container/image-json.ts
var version = (value, at) => {
  if (value === void 0) {
    throw new Failure(
      `Cannot read ${formatPosition(at)}: it is missing, so a nix2container older than release 1.0.0 (March 2023) wrote this file. Update nix2container and build the image again.`
    );
  }
  const number2 = count(value, at);
  return number2 === 1 ? number2 : rejectValue(value, at, "1, the only supported version");
};
var digest2 = (value, at) => parseDigest(text3(value, at), formatPosition(at));
var architecture = (value, at) => text3(value, at) || rejectValue(value, at, "an architecture. Pass the result of pullImage to buildImage as fromImage");
var encodings = {
  [mediaTypes.layerTar]: "tar",
  [mediaTypes.layerGzip]: "gzip",
  [mediaTypes.layerZstd]: "zstd"
};
var mediaType = (value, at) => {
  const name2 = text3(value, at);
  const encoding = Object.hasOwn(encodings, name2) ? encodings[name2] : void 0;
  return { name: name2, encoding: encoding ?? rejectValue(value, at, `one of ${Object.keys(encodings).join(", ")}`) };
};
var pathInStore = (value, at) => {
  const path = text3(value, at);
  return isInStore(path, at.store) ? path : rejectValue(value, at, "a path in the Nix store");
};
var options = object2({
  rewrite: optional(object2({ regex: text3, repl: text3 }), void 0),
  perms: optional(list2(object2({ regex: text3, mode: text3, uid: count, gid: count, uname: text3, gname: text3 })), [])
});
var history = object2({
  created: optional(text3, void 0),
  created_by: optional(text3, ""),
  author: optional(text3, ""),
  comment: optional(text3, "")
});
var layer = object2({
  digest: digest2,
  size: count,
  diff_ids: digest2,
  paths: optional(list2(object2({ path: pathInStore, options: optional(options, void 0) })), []),
  mediatype: mediaType,
  "layer-path": optional(pathInStore, void 0),
  History: optional(history, void 0)
});
var image = object2({
  version,
  "image-config": imageConfig2,
  layers: nullable(list2(layer), []),
  arch: architecture,
  created: optional(nullable(text3, void 0), void 0)
});
function parseImageJson(bytes, file, store) {
  return image(parseJson(bytes, file, { parse, largest: longestSettings }), { field: "", file, store });
}

// src/image/nix2container/layer-version.ts
import { createHash as createHash2 } from "node:crypto";
var withoutHistory = [
  { mtime: 0, groupName: "uname" },
  { mtime: 1, groupName: "uname" }
];
function versionsOf({ History, paths }) {
  if (History === void 0) return withoutHistory;
  const perms = paths.flatMap(({ options: options2 }) => options2?.perms ?? []);
  const hasGroup = perms.some(({ uname, gname }) => gname !== "" && gname !== uname);
  return hasGroup ? [newestVersion, { mtime: 1, groupName: "uname" }] : [newestVersion];
}
async function findVersion(layer2, open4) {
  const versions2 = versionsOf(layer2);
  for (const version2 of versions2.slice(0, -1)) {
    const hash = createHash2("sha256");
    for await (const chunk of open4(version2, reuseBuffer)) hash.update(chunk);
    if (`sha256:${hash.digest("hex")}` === layer2.diff_ids) return version2;
  }
  return versions2.at(-1) ?? newestVersion;
}

// src/image/nix2container/split-layers.ts
import { posix as posix4 } from "node:path";

// src/image/layering/split-paths.ts
async function splitPaths(paths, { image: image2, kept, alsoKnown = [] }, { maxLayers = defaultMaxLayers, readClosure: readClosure2 }) {
  const room = maxLayers - kept;
  if (room < 1) {
    throw new Failure(
      `Cannot use layering: stable for ${image2} with ${maxLayers} layers: ${kept} layers stay as they are, and the store paths need one or more. Raise max-layers.`
    );
  }
  const closure = await readClosure2([.../* @__PURE__ */ new Set([...paths, ...alsoKnown])].sort());
  const layers = stableLayers(closureWithin(new Set(paths), closure), room);
  return { layers, narHashes: new Map([...closure].map(([path, { narHash }]) => [path, narHash])) };
}
function closureWithin(paths, closure) {
  const of = (path) => {
    const info = closure.get(path);
    if (info !== void 0) return info;
    throw new Failure(`Cannot distribute store paths over layers: nothing is known of ${path}.`);
  };
  const referencesOf = (path) => {
    const found = /* @__PURE__ */ new Set();
    const passed = /* @__PURE__ */ new Set([path]);
    for (const one of passed) for (const to of of(one).references) (paths.has(to) ? found : passed).add(to);
    return [...found];
  };
  return new Map([...paths].map((path) => [path, { narSize: of(path).narSize, references: referencesOf(path) }]));
}

// src/image/store-layer/layer-identity.ts
import { createHash as createHash3 } from "node:crypto";
function layerIdentity(layer2, narHashOf2) {
  const { mtime, uid, gid, uname, gname } = layer2.owner;
  const paths = layer2.paths.map((path) => [path, narHashOf2(path)]);
  return named("stream1", ["stream", layer2.nixMode, mtime, uid, gid, uname, gname, paths]);
}
function nix2containerIdentity(paths, { mtime, groupName }, narHashOf2) {
  const items = paths.map(({ path, options: options2 }) => [path, options2 ?? null, narHashOf2(path)]);
  return named("nix2container1", ["nix2container", mtime, groupName, items]);
}
function narHashOf(hashes) {
  return (path) => {
    const hash = hashes.get(path);
    if (hash !== void 0) return hash;
    throw new Failure(`Cannot identify a layer: the NAR hash of ${path} is missing.`);
  };
}
function named(kind, key) {
  return `${kind}:${createHash3("sha256").update(JSON.stringify(key)).digest("hex")}`;
}

// src/image/nix2container/split-layers.ts
async function splitLayers(asBuilt, source) {
  const { path, layers, store, locate, split } = source;
  const divided = await divideLayers(source);
  const version2 = versionOf(divided, path);
  const rests = divided.map((one) => one?.rest ?? []);
  const last = divided.findLastIndex((one) => one !== void 0);
  const moved = new Set(divided.flatMap((one) => one?.moved ?? []));
  const kept = divided.filter((one, i) => one === void 0 || rests[i]?.length !== 0).length;
  const alsoKnown = rests.flat().map((item) => rootOf(item.path, store));
  const { layers: planned, narHashes } = await splitPaths([...moved], { image: path, kept, alsoKnown }, split);
  const hashOf = narHashOf(narHashes);
  const open4 = (paths, of) => ({
    diffId: void 0,
    identity: nix2containerIdentity(paths, of, (one) => hashOf(rootOf(one, store))),
    encoding: "tar",
    open: (options2) => openNix2containerLayer(paths, locate, { version: of, options: options2 })
  });
  const history2 = asBuilt.config.json.history ?? [];
  const stable = planned.map((paths) => ({
    layer: open4(
      paths.map((one) => ({ path: one })),
      version2
    ),
    history: { created_by: "nix2container", comment: storePathsComment(paths) }
  }));
  const stack = layers.flatMap((_, i) => {
    const [one, rest = []] = [divided[i], rests[i]];
    const layer2 = one === void 0 ? asBuilt.layers[i] : rest.length > 0 ? open4(rest, one.version) : void 0;
    return [...i === last ? stable : [], ...layer2 === void 0 ? [] : [{ layer: layer2, history: history2[i] }]];
  });
  const json = { ...asBuilt.config.json, rootfs: { type: "layers" }, history: stack.map((one) => one.history) };
  return { config: configOf(json, `the config of ${path}`), layers: stack.map(({ layer: layer2 }) => layer2) };
}
function versionOf(divided, image2) {
  const [version2, ...others] = divided.flatMap((one) => one === void 0 ? [] : [one.version]);
  const why = version2 === void 0 ? "no layer of it is made from whole store paths" : others.some(({ mtime }) => mtime !== version2.mtime) ? "different versions of nix2container made its layers and give files different times" : void 0;
  if (version2 !== void 0 && why === void 0) return version2;
  throw new Failure(`Cannot use layering: stable for ${image2}: ${why}. Remove layering to keep its layers.`);
}
async function divideLayers({ layers, store, locate }) {
  const isFile = (layer2) => layer2["layer-path"] !== void 0;
  const isWhole = ({ path, options: options2 }) => options2 === void 0 && isStorePath(path, store);
  const fixed = /* @__PURE__ */ new Set();
  for (const layer2 of layers) {
    const others = isFile(layer2) ? [] : layer2.paths.filter((item) => !isWhole(item));
    for (const name2 of await namesBelow(store, others, locate)) fixed.add(`${store}/${name2}`);
    if (isFile(layer2)) for (const { path } of layer2.paths) fixed.add(rootOf(path, store));
  }
  const isMovable = (item) => isWhole(item) && !fixed.has(item.path);
  return Promise.all(
    layers.map(async (layer2) => {
      if (isFile(layer2) || !layer2.paths.some(isMovable)) return void 0;
      return {
        moved: layer2.paths.filter(isMovable).map(({ path }) => path),
        rest: layer2.paths.filter((item) => !isMovable(item)),
        version: await findVersion(
          layer2,
          (version2, options2) => openNix2containerLayer(layer2.paths, locate, { version: version2, options: options2 })
        )
      };
    })
  );
}
function rootOf(path, store) {
  return posix4.join(store, path.slice(store.length + 1).split("/")[0] ?? "");
}

// src/image/nix2container/open-nix2container.ts
async function openNix2container(options2) {
  const { path, locate = (same) => same, store = storeDirectory, split } = options2;
  const image2 = parseImageJson(await readImage2(path), path, store);
  const config2 = parseConfig(configBlob(image2), `the config of ${path}`);
  const layers = image2.layers.map((layer2, i) => openLayer3(layer2, { field: `layers[${i}]`, file: path, store }, locate));
  const asBuilt = { config: config2, layers: await Promise.all(layers) };
  return split === void 0 ? asBuilt : splitLayers(asBuilt, { path, layers: image2.layers, store, locate, split });
}
async function readImage2(path) {
  try {
    return await readWholeFile(path, longestSettings, `the image ${path}`);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot open the image ${path}: ${messageOf(cause)}.`, { cause });
  }
}
async function openLayer3(layer2, at, locate) {
  const { digest: digest3, diff_ids: diffId, mediatype } = layer2;
  if (mediatype.encoding === "tar" && digest3 !== diffId) {
    throw new Failure(`Cannot use ${formatPosition(at)}: for an uncompressed tar, digest and diff_ids must be equal.`);
  }
  const file = layer2["layer-path"];
  return file === void 0 ? storeLayer(layer2, at, locate) : fileLayer(layer2, { file, at, locate });
}
async function storeLayer(layer2, at, locate) {
  const { diff_ids, size, paths, mediatype } = layer2;
  if (paths.length === 0 || mediatype.encoding !== "tar") {
    const problem = paths.length === 0 ? "has neither paths nor layer-path" : `has the media type ${mediatype.name}, but no layer-path`;
    throw new Failure(`Cannot use ${formatPosition(at)}: it ${problem}.`);
  }
  for (const [i, { path, options: options2 }] of paths.entries()) {
    const place2 = below2(at, `paths[${i}]`);
    await expectThere2(lstat2(locate(path)), path, place2);
    await expectOptions(options2, below2(place2, "options"));
    if (!isStorePath(path, place2.store)) expectInside(dirname(path), place2, locate);
  }
  return {
    diffId: diff_ids,
    encoding: "tar",
    ...size === 0 ? {} : { size },
    what: `${formatPosition(at)} (${listShort2(paths.map(({ path }) => path))})`,
    open: openKnown(layer2, locate)
  };
}
function openKnown(layer2, locate) {
  const [version2, ...others] = versionsOf(layer2);
  const open4 = (version3, options2) => openNix2containerLayer(layer2.paths, locate, { version: version3, options: options2 });
  if (others.length === 0) return (options2) => open4(version2, options2);
  let found;
  return async function* (options2) {
    found ??= findVersion(layer2, open4);
    yield* open4(await found, options2);
  };
}
async function fileLayer({ digest: digest3, diff_ids, size, mediatype }, { file, at, locate }) {
  const { encoding, name: name2 } = mediatype;
  const facts = await expectThere2(stat2(locate(file)), file, below2(at, "layer-path"));
  expectInside(file, below2(at, "layer-path"), locate);
  if (!facts.isFile())
    throw new Failure(`Cannot use ${formatPosition(below2(at, "layer-path"))}: ${file} is not a file.`);
  const real = facts.size;
  if (size !== 0 && size !== real) {
    throw new Failure(`Cannot use ${formatPosition(below2(at, "size"))}: it is ${size}, but ${file} has ${real} bytes.`);
  }
  return {
    diffId: diff_ids,
    encoding,
    size: real,
    ...encoding === "tar" ? {} : { descriptor: { mediaType: name2, digest: digest3, size: real } },
    what: `${formatPosition(at)} (${file})`,
    open: (options2) => openFile(locate(file), options2)
  };
}
async function expectThere2(facts, path, at) {
  try {
    return await facts;
  } catch (cause) {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new Failure(
      `Cannot use ${formatPosition(at)}: ${path} is not in the store. Build the image again, or fetch it with "nix copy".`,
      { cause }
    );
  }
}
async function expectOptions(options2, at) {
  try {
    await checkPathOptions(options2);
  } catch (cause) {
    throw new Failure(`Cannot read ${formatPosition(at)}: ${messageOf(cause)}`, { cause });
  }
}
function expectInside(path, at, locate) {
  if (staysInStore(locate(path), locate(at.store))) return;
  throw new Failure(
    `Cannot use ${formatPosition(at)}: ${path} leads out of the store through a symlink. Name a file in the store itself.`
  );
}
function below2(at, field2) {
  return { ...at, field: `${at.field}.${field2}` };
}
function listShort2(paths) {
  const more = paths.length - 3;
  return paths.slice(0, 3).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

// src/image/stream-layered.ts
import { lstatSync as lstatSync3, readFileSync as readFileSync2, statSync as statSync3 } from "node:fs";
import { join as join6 } from "node:path";

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
function openStreamLayer(layer2, locate = (path) => path, options2) {
  return packFiles(entriesOf2(layer2, locate), pythonTar, options2);
}
function* entriesOf2({ paths, owner: owner3, nixMode }, locate) {
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
  const { settingsPath, nixMode, now, locate = (path) => path, store, openBase: openBase2 } = options2;
  const asBuilt = parseStreamSettings(readText3(settingsPath), { file: settingsPath, now, store });
  const { fromImage, owner: owner3, isTimeNow } = asBuilt;
  checkPaths(asBuilt, settingsPath, locate);
  const base = fromImage === void 0 ? void 0 : await openBase2(locate(fromImage));
  const { storeLayers, hashes } = await storeLayersOf(asBuilt, base?.layers.length ?? 0, options2);
  const settings = { ...asBuilt, storeLayers };
  const storeLayer3 = (paths) => {
    const layer2 = { paths, owner: owner3, nixMode };
    const open4 = (options3) => openStreamLayer(layer2, locate, options3);
    if (hashes === void 0) return { diffId: void 0, encoding: "tar", open: open4 };
    return { diffId: void 0, identity: layerIdentity(layer2, narHashOf(hashes)), encoding: "tar", open: open4 };
  };
  const customisationLayer = openCustomisationLayer(locate(settings.customisationLayer));
  return {
    config: configOf(streamConfig(settings, base && streamBaseOf(base)), `the image of ${settingsPath}`),
    layers: [...base?.layers ?? [], ...storeLayers.map(storeLayer3), customisationLayer],
    isTimeNow
  };
}
async function storeLayersOf({ storeLayers }, baseLayers, { settingsPath, narHashes, split }) {
  const paths = [...new Set(storeLayers.flat())].sort();
  if (split === void 0 || paths.length === 0) return { storeLayers, hashes: await narHashes?.(paths) };
  const { layers, narHashes: hashes } = await splitPaths(paths, { image: settingsPath, kept: baseLayers + 1 }, split);
  return { storeLayers: layers, hashes };
}
function checkPaths(settings, file, locate) {
  const check = (field2, path) => {
    try {
      lstatSync3(locate(path));
    } catch (cause) {
      if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
      throw new Failure(
        `Cannot use ${file}: its "${field2}" names ${path}, which does not exist. Build the image again, or repair the store with "nix-store --verify --check-contents --repair".`,
        { cause }
      );
    }
  };
  const { fromImage, storeLayers, customisationLayer } = settings;
  if (fromImage !== void 0) check("from_image", fromImage);
  for (const path of storeLayers.flat()) check("store_layers", path);
  check("customisation_layer", customisationLayer);
}
function openCustomisationLayer(directory) {
  const file = join6(directory, "layer.tar");
  const checksum = join6(directory, "checksum");
  const diffId = parseDigest(`sha256:${readText3(checksum).trim()}`, checksum);
  const { size } = named2(file, (path) => statSync3(path));
  const what = `the layer ${file} (customisation_layer, its checksum beside it)`;
  return { diffId, encoding: "tar", what, size, open: (options2) => openFile(file, options2) };
}
function streamBaseOf({ config: config2, layerNames }) {
  return { layerNames, env: envOf(config2.json.config ?? {}, "the base image") };
}
function readText3(path) {
  return named2(path, () => readFileSync2(path, "utf8"));
}
function named2(path, read) {
  try {
    return read(path);
  } catch (cause) {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new Failure(`Cannot read ${path}: the file does not exist.`, { cause });
  }
}

// src/image/unpack-archive.ts
import { mkdtemp, stat as stat3, statfs, writeFile as writeFile2 } from "node:fs/promises";
import { join as join7 } from "node:path";
var mostBytes = 64 * 2 ** 30;
var mostRatio = 200;
var harmless = 2 ** 30;
async function unpackArchive(path, {
  compression,
  directory,
  what
}) {
  const file = join7(await mkdtemp(join7(directory, "image-")), "image.tar");
  const { size } = await stat3(path);
  const { bavail, bsize } = await statfs(directory);
  const limit = unpackLimit({ size, free: bavail * bsize, directory });
  const plain2 = decompressReusing(openFile(path, reuseBuffer), compression, what);
  await writeFile2(file, withByteLimit(plain2, limit, what));
  return file;
}
function unpackLimit({ size, free, directory }) {
  const limits = [
    { bytes: mostBytes, why: "the limit for an archive" },
    { bytes: Math.max(harmless, size * mostRatio), why: `which is more than ${mostRatio} times its size` },
    { bytes: free, why: `all the free space in ${directory}` }
  ];
  return limits.reduce((least, limit) => limit.bytes < least.bytes ? limit : least);
}
async function* withByteLimit(plain2, { bytes, why }, what) {
  let left = bytes;
  for await (const chunk of plain2) {
    left -= chunk.length;
    if (left < 0) throw new Failure(`Cannot read ${what}: it unpacks to more than ${bytes} bytes, ${why}.`);
    yield chunk;
  }
}

// src/image/open-image.ts
var understood = "Supported are dockerTools' buildImage, buildLayeredImage and streamLayeredImage, docker-archives, OCI layouts (directory or tar), nix2container's image.json, and packages.";
var notAStream = "an executable script, but not that of a streamLayeredImage in the Nix store, so it was not run. For an image that runs this script, build a package with it in bin/ (writeShellScriptBin)";
async function openImage(place2) {
  const path = resolvePath(place2.path);
  const facts = statSync4(path);
  if (facts.isDirectory()) return openDirectory(path, place2);
  if (!facts.isFile()) throw refusal(path, "neither a file nor a directory");
  const shape = shapeOf(path);
  if (shape === "script" || shape === "stream-settings") return openStream(path, { ...place2, shape });
  if (shape === "nix2container") {
    const image2 = await openNix2container({ path, store: storeDirectoryOf(place2.env), split: place2.split });
    return { image: image2, shape: "nix2container image" };
  }
  if (shape !== "unknown") refuseSplit(path, `an archive (${shape})`, place2);
  if (shape === "tar") return openArchive(path, path, { ...place2, shape: "plain" });
  if (shape === "unknown") throw refusal(path, describeFile(path));
  return openArchive(await unpack(path, shape, place2.directory), path, { ...place2, shape });
}
async function openDirectory(path, place2) {
  const files = openLayoutDirectory(path, describeImage2(path));
  if (files.has("oci-layout")) {
    refuseSplit(path, "an OCI layout", place2);
    return { image: await openOciLayout(files, place2), shape: "OCI layout" };
  }
  const found = describeDirectory(path);
  if (found !== void 0) throw refusal(path, found);
  const store = storeDirectoryOf(place2.env);
  if (!isStorePath(path, store)) {
    throw refusal(path, `a directory without oci-layout. A package must be a store path, right below ${store}`);
  }
  if (place2.openPackage !== void 0) return { image: await place2.openPackage(path), shape: "package" };
  throw refusal(path, "a directory, but not an OCI layout; opening it as a package requires Nix");
}
async function openArchive(file, path, { shape, ...choice }) {
  const archive = await indexArchive(file, describeImage2(path));
  if (archive.has("manifest.json")) {
    return { image: await openDockerArchive(archive, choice), shape: `docker-archive (${shape})` };
  }
  if (archive.has("oci-layout"))
    return { image: await openOciLayout(archive, choice), shape: `OCI archive (${shape})` };
  throw refusal(path, "a tar archive without manifest.json and without oci-layout");
}
async function openStream(path, place2) {
  const { native, log, directory, now, shape } = place2;
  const store = storeDirectoryOf(place2.env);
  const found = native === "off" ? void 0 : findStreamSettings({ path });
  if (found?.native) {
    const openBase2 = async (archive) => {
      if (!staysInStore(archive, store)) throw refusal(archive, `not in the store ${store}, where a base must be`);
      return openDockerArchive(await openBaseArchive(archive, directory), "first");
    };
    const narHashes = place2.narHashes === void 0 ? {} : { narHashes: place2.narHashes };
    const image2 = await openStreamLayered({ ...found, ...narHashes, split: place2.split, now, store, openBase: openBase2 });
    if (image2.isTimeNow)
      log.warning(
        'The files in the image have the time of the run (mtime = "now"), so its layers differ in every run.'
      );
    return { image: image2, shape: "streamLayeredImage, read from its settings" };
  }
  if (native === "require")
    throw new Failure(
      `Cannot read the image ${path} without running its script, which native: require forbids: ${found?.why}.`
    );
  if (shape === "stream-settings") {
    throw refusal(
      path,
      `JSON, but not the settings of a streamLayeredImage${found === void 0 ? "" : ` (${found.why})`}`
    );
  }
  const script = findRunnableScript(path, store);
  if (script === void 0) throw refusal(path, notAStream);
  refuseSplit(path, `an image that its script writes${found === void 0 ? "" : ` (${found.why})`}`, place2);
  if (found !== void 0) log.info(`Running the script ${path}: ${found.why}.`);
  const spooled = await newFile(directory);
  await spoolScript(path, script, spooled);
  return openArchive(spooled, path, { ...place2, shape: "written by its script" });
}
async function openBaseArchive(path, directory) {
  const shape = shapeOf(path);
  if (shape === "tar") return indexArchive(path, describeImage2(path));
  if (shape !== "gzip" && shape !== "zstd" && shape !== "xz") throw refusal(path, describeFile(path));
  return indexArchive(await unpack(path, shape, directory), describeImage2(path));
}
function unpack(path, compression, directory) {
  return unpackArchive(path, { compression, directory, what: describeImage2(path) });
}
async function newFile(directory) {
  return join8(await mkdtemp2(join8(directory, "image-")), "image.tar");
}
async function spoolScript(path, { program, settings }, file) {
  const { code: code2, stderr } = await runProgram(program, [settings], { env: {}, output: createWriteStream(file) });
  if (code2 === 0) return;
  throw new Failure(
    `Cannot read the image ${path}: the script failed with exit code ${code2}.
${stderr.slice(-4e3).trimEnd()}`
  );
}
function refuseSplit(path, what, { split }) {
  if (split === void 0) return;
  throw new Failure(
    `Cannot use layering: stable for ${path}: it is ${what}, whose layers are fixed. Remove layering, or build a streamLayeredImage, a nix2container image or a package.`
  );
}
function resolvePath(path) {
  try {
    return realpathSync3(path);
  } catch (cause) {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new Failure(`Cannot open the image ${path}: the file does not exist.`, { cause });
  }
}
function describeImage2(path) {
  return `the image ${path}`;
}
function refusal(path, found) {
  return new Failure(`Cannot use ${path} as an image: it is ${found}. ${understood}`);
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
    throw new Failure(
      `Cannot link ${one} and ${two}: both provide ${place2}, with different content. Remove one of them.`
    );
  }
  function linkDirectory(directories, at) {
    const key = [...new Set(directories.map(({ path }) => path))].join("\0");
    const place2 = merged2.get(key);
    if (place2 !== void 0) return { link: place2 };
    merged2.set(key, at);
    return link(pathsByName(directories, tree), at);
  }
  function isSameFile(a, b) {
    if (a?.type !== "file" || b?.type !== "file") return false;
    if (a.path === b.path) return true;
    return a.isExecutable === b.isExecutable && a.size === b.size && tree.read(a).equals(tree.read(b));
  }
  return link(claims, "");
}
function pathsByName(directories, tree) {
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
    mainProgram ? `Cannot find the main program of ${path}: meta.mainProgram is "${mainProgram}", but its bin has ${found}. Correct meta.mainProgram, or set Entrypoint in config.` : `Cannot find the main program of ${path}: its bin has ${found}. Set meta.mainProgram of the package, or Entrypoint in config.`
  );
}

// src/image/package/package-config.ts
var kinds = {
  "a string": (value) => typeof value === "string",
  "a list of strings": isStrings3,
  "a list of NAME=value": (value) => isStrings3(value) && value.every((item) => /^[^=]+=/.test(item)),
  "an object": isObject,
  "an object of strings": (value) => isObject(value) && isStrings3(Object.values(value)),
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
  if (!isObject(config2)) throw new Failure("Cannot use the config of the image: it is not a JSON object.");
  for (const [key, value] of Object.entries(config2)) {
    const kind = Object.hasOwn(kindOf, key) ? kindOf[key] : void 0;
    if (kind === void 0) {
      const known2 = Object.keys(kindOf).join(", ");
      throw new Failure(
        `Cannot use the config of the image: the field "${key}" is unknown. Known fields are ${known2}.`
      );
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
    const text4 = Buffer.from(entry.text);
    yield blockOf({ name: name2, type: "file", mode: 420, size: text4.length });
    yield Buffer.concat([text4], paddedSize(text4.length));
  }
}
function blockOf(fields) {
  return writeTarEntry({ size: 0, linkname: "", ...owner, ...fields }, pythonTar);
}

// src/image/package/store-tree.ts
import { lstatSync as lstatSync4, readdirSync as readdirSync3, readFileSync as readFileSync3, readlinkSync as readlinkSync2 } from "node:fs";
import { posix as posix6 } from "node:path";
function openStoreTree(storeDirectory2, locate) {
  const root = bytesOf(storeDirectory2);
  const known2 = /* @__PURE__ */ new Map();
  function follow(path) {
    if (path === root) return root;
    if (!path.startsWith(`${root}/`)) return void 0;
    if (!known2.has(path)) {
      known2.set(path, void 0);
      known2.set(path, followOnce(path));
    }
    return known2.get(path);
  }
  function followOnce(path) {
    const directory = follow(posix6.dirname(path));
    if (directory === void 0) return void 0;
    const here = posix6.join(directory, posix6.basename(path));
    const stats = statsOf(here);
    if (!stats?.isSymbolicLink()) return stats && here;
    return follow(posix6.resolve(directory, readlinkSync2(onDisk(sourceOf(here)), "latin1")));
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
    const end3 = path.indexOf("/", root.length + 1);
    const storePath2 = end3 < 0 ? path : path.slice(0, end3);
    return bytesOf(locate(textOf(storePath2))) + path.slice(storePath2.length);
  }
  return {
    find(path) {
      const real = follow(path);
      const stats = real === void 0 || real === root ? void 0 : statsOf(real);
      if (real === void 0 || stats === void 0) return void 0;
      if (!stats.isFile() && !stats.isDirectory()) return void 0;
      const isFile = stats.isFile();
      const isExecutable = isFile && (stats.mode & 73) !== 0;
      return { path: real, type: isFile ? "file" : "directory", isExecutable, size: stats.size };
    },
    list: ({ path }) => readdirSync3(onDisk(sourceOf(path)), "latin1").sort(),
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
    `Cannot use the user "${user}". Write a number (1000), two numbers (1000:1000) or a lower-case name (nobody).`
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
  const { path, base, user, layering = "stable", maxLayers = defaultMaxLayers, locate = (same) => same } = options2;
  if (layering === "as-built") {
    throw new Failure(
      `Cannot use layering: as-built for ${path}: it is a package, which has no layers yet. Use stable, which is the default, or popularity.`
    );
  }
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
      `Cannot build an image of ${path} with ${maxLayers} layers: the base has ${below3.length}, links at the root take ${top.length}, and the store needs at least one. Increase max-layers.`
    );
  }
  const store = layersOfClosure(layering, options2.closure, room);
  const layers = [...below3, ...store.map((paths) => storeLayer2(paths, options2.closure, locate)), ...top];
  const comments = [...store.map(storePathsComment), ...top.map(() => "links at /")];
  const config2 = mergeConfigs([baseConfigOf(base), ownConfig(options2, options2.config, tree), options2.config]);
  const history2 = [...baseHistory(base), ...comments.map((comment) => ({ created, comment }))];
  return { config: imageConfig3(options2, config2, history2), layers };
}
function checkClosure({ path, contents, closure }) {
  const storeDirectory2 = posix7.dirname(path);
  for (const root of [path, ...contents]) {
    if (!closure.has(root)) throw new Failure(`Cannot build an image of ${path}: ${root} is missing from its closure.`);
  }
  for (const storePath2 of closure.keys()) {
    if (posix7.isAbsolute(storePath2) && posix7.dirname(storePath2) === storeDirectory2) continue;
    throw new Failure(
      `Cannot build an image of ${path}: "${storePath2}" in its closure is not a path in ${storeDirectory2}.`
    );
  }
}
function checkPlatform2({ path, base, architecture: architecture2 }) {
  if (base === void 0) return;
  const { os, architecture: of } = base.config.json;
  if (os === "linux" && of === architecture2) return;
  throw new Failure(
    `Cannot build an image of ${path} on this base: the package is for linux/${architecture2}, but the base is for ${os}/${of}.`
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
  const claims = pathsByName(
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
  const found = entry === void 0 ? "it does not exist" : "it is a file";
  throw new Failure(
    `Cannot link the contents of ${path} at the root: ${found}. Name only packages that are directories.`
  );
}
function ownConfig(options2, config2, tree) {
  const program = findMainProgram(options2, tree);
  const isNamed2 = Object.hasOwn(config2, "Entrypoint") || Object.hasOwn(config2, "Cmd");
  if (program instanceof Failure && !isNamed2) throw program;
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
function imageConfig3({ path, architecture: architecture2, base }, config2, history2) {
  const variant = base?.config.json.variant;
  const json = {
    created,
    architecture: architecture2,
    ...variant === void 0 ? {} : { variant },
    os: "linux",
    config: config2,
    rootfs: { type: "layers" },
    history: history2
  };
  return configOf(json, `the image of ${path}`);
}

// src/stages/open/open-base.ts
function baseImageName(base) {
  return isPath(base) ? void 0 : parseImageName(base);
}
async function openBase({ base, imageName }, platform, { runtime, access }) {
  if (base === void 0) return void 0;
  const remote = baseImageName(base);
  if (remote !== void 0) {
    const client = await openClient(remote, { ...access, actions: "pull", mountSources: [] });
    const image3 = await openRemoteImage(client, remote.name, platform);
    return { image: image3, named: { name: fullNameOf(base), digest: image3.digest } };
  }
  const { env, log, temporary: directory } = runtime;
  const place2 = {
    path: runtime.resolve(base),
    directory,
    env,
    log,
    now: runtime.now(),
    native: "off",
    platform
  };
  const { image: image2 } = await openImage({ ...place2, ...imageName === void 0 ? {} : { imageName } });
  return { image: image2 };
}
function fullNameOf(base) {
  const [name2 = "", digest3] = base.split("@");
  const reference = parseReference(name2);
  const isTagged = name2.lastIndexOf(":") > name2.lastIndexOf("/");
  return digest3 === void 0 || isTagged ? formatReference(reference) : `${formatRepository(reference)}@${digest3}`;
}

// src/stages/open/open-source.ts
function openPrebuilt(images, context) {
  const given = prebuiltImage(images[0], context.runtime);
  return given && inBackground(openSources(images, { images: [[given]] }, context));
}
async function openSources(images, built, { runtime, access }) {
  const sources = [];
  for (const [i, inputs] of images.entries()) {
    const platforms = [];
    for (const one of built.images[i] ?? []) platforms.push(await openSource(one, { inputs, runtime, access }));
    sources.push(platforms);
  }
  return sources;
}
function labelSources(publications, sources, { built: { images, confirmed }, runtime }) {
  return publications.map((publication, i) => {
    const { inputs, metadata } = publication;
    const platforms = (sources[i] ?? []).map(({ image: image2, description }, j) => {
      runtime.log.info(description);
      return labelImage(image2, metadata, { inputs, facts: images[i]?.[j]?.facts, runtime });
    });
    return { ...publication, platforms, confirmed };
  });
}
async function openSource(built, context) {
  const { inputs, runtime } = context;
  const { path, nix, platform: wanted } = built;
  const { log, env, temporary } = runtime;
  const { image: image2, shape } = await openImage({
    ...inputs.imageName === void 0 ? {} : { imageName: inputs.imageName },
    ...wanted === void 0 ? {} : { platform: wanted },
    path,
    directory: temporary,
    env,
    log,
    now: runtime.now(),
    native: inputs.native,
    ...nix === void 0 ? {} : { narHashes: (paths) => hashesIfKnown(paths, nix, log) },
    split: splitOf(inputs, path, nix),
    ...nix === void 0 ? {} : { openPackage: (storePath2) => openPackage(storePath2, nix, { built, ...context }) }
  });
  warnOfDepth(image2, runtime, path);
  const platform = platformOf(image2.config);
  if (shape !== "package") refusePackageInputs(inputs, shape);
  const description = `${path}: ${shape}, ${platform}, ${image2.layers.length} layers`;
  if (wanted === void 0) noticeForeign(platform, log);
  if (wanted === void 0 || closestTo(wanted, [platform], (one) => one).length > 0) return { image: image2, description };
  throw new Failure(`Cannot use the image ${path} for ${wanted}: it is for ${platform}. Build it for that platform.`);
}
function noticeForeign(platform, log) {
  const own = `linux/${hostArchitecture}`;
  if (closestTo(own, [platform], (one) => one).length > 0) return;
  log.notice(
    `The image is for ${platform}, but this machine is ${own}. If that is intended, set platform: ${platform}.`
  );
}
var mostLayers2 = 125;
function warnOfDepth({ layers }, runtime, path) {
  if (layers.length <= mostLayers2) return;
  runtime.log.warning(
    `The image ${path} has ${layers.length} layers. Docker supports at most ${mostLayers2} and fails with "max depth exceeded". Build the image with fewer (maxLayers).`
  );
}
async function hashesIfKnown(paths, nix, log) {
  try {
    return await readNarHashes(nix, paths);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.info(`Nix does not know all store paths of the image, so this run builds every layer: ${error.message}`);
    return void 0;
  }
}
function splitOf({ layering, maxLayers }, image2, nix) {
  if (layering !== "stable") return void 0;
  return {
    maxLayers,
    async readClosure(paths) {
      const start = `Cannot use layering: stable for ${image2}: Nix has to know the references of its store paths`;
      const advice = "Build the image in this step, or remove layering to keep its layers.";
      if (nix === void 0) throw new Failure(`${start}, and there is no Nix. ${advice}`);
      try {
        return await readClosure(nix, paths);
      } catch (cause) {
        if (!(cause instanceof Failure)) throw cause;
        throw new Failure(`${start}. ${cause.message}
${advice}`, { cause });
      }
    }
  };
}
async function openPackage(path, nix, { built, ...context }) {
  const { facts, contents } = built;
  const { user, layering, maxLayers, config: config2 = {} } = context.inputs;
  const architecture2 = facts?.system ? imageArchitecture(facts.system) : hostArchitecture;
  const base = await openBase(context.inputs, `linux/${architecture2}`, context);
  const image2 = openPackageImage({
    path,
    contents,
    closure: await readClosure(nix, [path, ...contents]),
    mainProgram: facts?.mainProgram,
    config: config2,
    user,
    layering,
    maxLayers,
    architecture: architecture2,
    base: base?.image
  });
  return base?.named === void 0 ? image2 : { ...image2, base: base.named };
}
function refusePackageInputs(inputs, shape) {
  const given = Object.entries({
    config: inputs.config !== void 0,
    contents: inputs.contents.length > 0,
    user: inputs.user !== void 0,
    base: inputs.base !== void 0,
    "layering: popularity": inputs.layering === "popularity",
    "max-layers": inputs.maxLayers !== void 0 && inputs.layering !== "stable"
  }).filter(([, isGiven]) => isGiven);
  if (given.length === 0) return;
  const names2 = given.map(([name2]) => name2).join(", ");
  throw new Failure(
    `Cannot use ${names2}: these inputs apply to packages, but Nix built an image (${shape}). Remove them.`
  );
}

// src/image/oci-layout/open-untrusted-layout.ts
var mostImages2 = 32;
var mostLayers3 = 127;
async function openUntrustedLayout(files, platforms) {
  await checkVersion(files);
  const index = await files.read("index.json", largestJson);
  const roots = distinct(readList(index, `index.json of ${files.what}`));
  const [root] = roots;
  if (root === void 0 || roots.length > 1) {
    throw new Failure(
      `Cannot use ${files.what}: it contains ${roots.length} images or indexes; exactly one is allowed.`
    );
  }
  const isIndex = root.mediaType === mediaTypes.index;
  const manifests = isIndex ? await readIndex2(files, root) : [root];
  const images = [];
  for (const manifest of manifests) images.push(await openImage2(files, manifest, platforms));
  expectPlatformsOnce(images, files);
  return { images, others: 0, ...isIndex ? { index: { annotations: {} } } : {} };
}
function expectPlatformsOnce(images, { what }) {
  const platforms = images.map(({ config: config2 }) => normalizePlatform(platformOf(config2)));
  const twice = platforms.find((platform, i) => platforms.indexOf(platform) !== i);
  if (twice !== void 0) throw new Failure(`Cannot use ${what}: it contains two images for ${twice}.`);
}
async function readIndex2(files, root) {
  const what = `the index ${root.digest} of ${files.what}`;
  const manifests = distinct(readList(await readSmall(files, root, "index"), what));
  if (manifests.length > 0 && manifests.length <= mostImages2) return manifests;
  throw new Failure(`Cannot use ${what}: it lists ${manifests.length} images; 1 to ${mostImages2} are allowed.`);
}
async function openImage2(files, descriptor, platforms) {
  const what = `the image ${descriptor.digest} of ${files.what}`;
  const fail = (why) => new Failure(`Cannot use ${what}: ${why}.`);
  if (descriptor.mediaType !== mediaTypes.manifest)
    throw fail(`the index lists it with the media type ${descriptor.mediaType}`);
  checkSmall(descriptor, "manifest", files);
  const manifest = await readManifest2(files, descriptor);
  checkSmall(manifest.config, "config", files);
  if (manifest.config.mediaType !== mediaTypes.config)
    throw fail(`its config has the media type ${manifest.config.mediaType}`);
  const { layers } = manifest;
  if (layers.length > mostLayers3) throw fail(`it has ${layers.length} layers, more than the limit of ${mostLayers3}`);
  const config2 = await readConfig(files, manifest);
  const platform = platformOf(config2);
  if (!platforms.some((allowed) => isSamePlatform(allowed, platform))) {
    throw fail(
      `it is for ${JSON.stringify(platform)}; allowed: ${platforms.join(", ")}. Set the input platform to the platforms that may be pushed`
    );
  }
  const diffIds = diffIdsOf(config2) ?? [];
  if (diffIds.length !== layers.length)
    throw fail(`it lists ${layers.length} layers, but its config lists ${diffIds.length} diff_ids`);
  return { config: config2, layers: layers.map((layer2, i) => openLayer(files, layer2, diffIds[i])) };
}
function readList(bytes, what) {
  const { manifests } = parseJsonObject(bytes, what);
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
function checkSmall({ digest: digest3, size }, role, { what }) {
  if (size <= largestJson) return;
  throw new Failure(
    `Cannot use ${what}: its ${role} ${digest3} has ${size} bytes, more than the limit of ${largestJson}.`
  );
}

// src/pack/meter.ts
import { createHash as createHash4 } from "node:crypto";
function createMeter() {
  const hash = createHash4("sha256");
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
import { open as open2 } from "node:fs/promises";
import { dirname as dirname2 } from "node:path";
var memory3 = createBlockMemory(1 << 17);
var mostBlocks = 128;
var blocksKept = 0;
async function onDisk2(work, file) {
  try {
    return await work;
  } catch (cause) {
    const advice = "Free some space there, or set TMPDIR (on a runner: RUNNER_TEMP) to a directory with room for all layers.";
    throw new Failure(`Cannot keep a layer in ${dirname2(file)}: ${messageOf(cause)}. ${advice}`, { cause });
  }
}
async function spool(source, file) {
  const kept = [];
  const release = () => {
    blocksKept -= kept.length;
    for (const { buffer } of kept.splice(0)) memory3.give(Buffer.from(buffer));
  };
  let handle;
  try {
    for await (const { block, length } of blocksOf(source, memory3)) {
      const bytes = block.subarray(0, length);
      if (handle === void 0 && blocksKept < mostBlocks) {
        kept.push(bytes);
        blocksKept += 1;
        continue;
      }
      handle ??= await onDisk2(open2(file, "w"), file);
      for (const part of kept) await onDisk2(handle.writeFile(part), file);
      release();
      await onDisk2(handle.writeFile(bytes), file);
      memory3.give(block);
    }
  } catch (error) {
    release();
    throw error;
  } finally {
    await handle?.close();
  }
  if (handle !== void 0) return { open: (options2) => openFile(file, options2), release };
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
  const { bytes, chunked } = compress(tar.through(openTar(layer2, reuseBuffer)), compression);
  const { open: open4, release } = await spool(blob.through(bytes), file);
  const diffId = checkDiffId(layer2, tar.digest());
  const descriptor = {
    mediaType: mediaTypeOf[encodingOf(compression)],
    digest: blob.digest(),
    size: blob.size()
  };
  return {
    descriptor: withFacts(descriptor, {
      ...identityOf(layer2),
      diffId,
      compression: compressionName(compression),
      ...chunkedFact(chunked())
    }),
    diffId,
    isCertain: true,
    tarSize: async () => tar.size(),
    open: open4,
    openTar: () => openTar(layer2),
    release
  };
}
async function keepLayer(layer2) {
  const tar = createMeter();
  const blob = createMeter();
  const { encoding } = layer2;
  const bytes = blob.through(layer2.open(reuseBuffer));
  await drain(tar.through(encoding === "tar" ? bytes : decompressReusing(bytes, encoding, whatOf(layer2))));
  const diffId = checkDiffId(layer2, tar.digest());
  const descriptor = { mediaType: mediaTypeOf[encoding], digest: blob.digest(), size: blob.size() };
  checkDescriptor(layer2, descriptor);
  return {
    descriptor: withFacts(descriptor, {
      ...identityOf(layer2),
      diffId,
      ...chunkedFact(layer2.descriptor && chunkedPlacesOf(layer2.descriptor))
    }),
    diffId,
    isCertain: false,
    tarSize: async () => tar.size(),
    // What is compressed is in a file; a tar that is made as it is read may have chunks too small to be sent from one buffer.
    open: (options2) => layer2.open(encoding === "tar" ? void 0 : options2),
    openTar: () => openTar(layer2),
    release() {
    }
  };
}
function openTar(layer2, options2) {
  const { encoding } = layer2;
  if (encoding === "tar") return layer2.open(options2);
  const plain2 = options2?.reuseBuffer ? decompressReusing : decompress;
  return plain2(layer2.open(reuseBuffer), encoding, whatOf(layer2));
}
function whatOf({ what, diffId }) {
  return what ?? (diffId === void 0 ? "a layer" : `the layer ${diffId}`);
}
function identityOf({ identity }) {
  return identity === void 0 ? {} : { identity };
}
function chunkedFact(chunked) {
  return chunked === void 0 ? {} : { chunked };
}
function checkDiffId(layer2, diffId) {
  if (layer2.diffId === void 0 || layer2.diffId === diffId) return diffId;
  throw new Failure(
    `Cannot use ${whatOf(layer2)}: the config lists the diffID ${layer2.diffId}, but its content has ${diffId}. The store paths in it changed after the build, or do not build reproducibly: rebuild all of them on this machine.`
  );
}
function checkDescriptor(layer2, { digest: digest3, size }) {
  const { descriptor } = layer2;
  if (descriptor === void 0 || descriptor.digest === digest3 && descriptor.size === size) return;
  throw new Failure(
    `Cannot use ${whatOf(layer2)}: the manifest lists ${descriptor.digest} with ${descriptor.size} bytes, but its blob is ${digest3} with ${size} bytes.`
  );
}

// src/pack/check-layer.ts
async function checkLayer(layer2, most) {
  const tooLarge = () => new Failure(`Cannot use ${layer2.what}: it exceeds the remaining limit of ${most} bytes.`);
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

// src/stages/open/open-untrusted.ts
var usualPlatforms = ["linux/amd64", "linux/arm64"];
var mostBytes2 = 16 * 2 ** 30;
async function openUntrusted(publications, { runtime }) {
  const ready = [];
  for (const publication of publications) {
    const { inputs, metadata } = publication;
    const files = await openLayoutFiles(runtime.resolve(pathOf(inputs)), { isTrusted: false });
    const { index, images } = await openUntrustedLayout(
      files,
      inputs.platforms.length === 0 ? usualPlatforms : inputs.platforms
    );
    for (const image2 of images) checkLabels(image2, metadata, inputs);
    await checkLayers(images);
    runtime.log.info(`${files.what}: ${images.map(({ config: config2 }) => platformOf(config2)).join(", ")}`);
    const platforms = images.map(
      (image2) => labelImage(withLayersKept(image2), metadata, { inputs, facts: void 0, runtime })
    );
    ready.push({ ...publication, platforms, index });
  }
  return ready;
}
function pathOf({ builds }) {
  const source = builds[0]?.source;
  if (source?.kind === "path") return source.path;
  throw new TypeError("path is set in mode push-layout.");
}
function checkLabels({ config: config2 }, { labels, deleted }, { allowLabels, annotate }) {
  const isOurs = (key) => deleted.has(key) || annotate.includes("config") && Object.hasOwn(labels, key);
  const foreign = keysNotAllowed(labelsOf(config2), allowLabels).filter((key) => !isOurs(key));
  if (foreign.length === 0) return;
  throw new Failure(
    `Cannot push the layout: its labels ${foreign.map((key) => JSON.stringify(key)).join(", ")} are not allowed. Allow them in allow-labels, or delete them with !KEY in labels.`
  );
}
async function checkLayers(images) {
  const layers = images.flatMap((image2) => image2.layers);
  const distinct2 = new Map(layers.map((layer2) => [`${layer2.descriptor?.digest} ${layer2.diffId}`, layer2]));
  let left = mostBytes2;
  for (const layer2 of distinct2.values()) left -= await checkLayer(layer2, left);
}

// src/oci/check-image.ts
function checkImage(image2) {
  const { json, bytes } = image2.config;
  const fail = (why) => new Failure(`Cannot publish the image: its config ${why}.`);
  for (const field2 of ["architecture", "os"]) {
    if (!json[field2]) throw fail(`has no ${field2}. Engines need one, such as ${field2 === "os" ? "linux" : "amd64"}`);
  }
  const diffIds = diffIdsOf(image2.config);
  if (diffIds !== void 0 && diffIds.length !== image2.layers.length) {
    throw fail(`lists ${diffIds.length} diff_ids, but the image has ${image2.layers.length} layers`);
  }
  if (diffIds !== void 0 && isObject(json.rootfs) && json.rootfs.type !== "layers") {
    throw fail('has no rootfs.type, which must be "layers"');
  }
  if (bytes.length > largestJson) {
    throw fail(`has ${bytes.length} bytes, more than the ${largestJson} that registries and engines accept`);
  }
}

// src/oci/image-index.ts
function indexBlob(entries, annotations) {
  const sorted2 = entries.toSorted((a, b) => a.platform < b.platform ? -1 : 1);
  sorted2.forEach(({ platform, descriptor }, i) => {
    const before = sorted2.slice(0, i).find((earlier) => isSamePlatform(earlier.platform, platform));
    if (before === void 0) return;
    throw new Failure(
      `Cannot create an index: ${before.descriptor.digest} and ${descriptor.digest} are both for ${platform}. Keep one of them.`
    );
  });
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: sorted2.map(({ descriptor: { mediaType: mediaType2, digest: digest3, size }, platform }) => ({
      mediaType: mediaType2,
      digest: digest3,
      size,
      platform: parsePlatform(platform, `the config of ${digest3}`)
    })),
    ...sortedAnnotations(annotations)
  };
  return blobOf(JSON.stringify(json), mediaTypes.index);
}

// src/stages/publish/push-result.ts
function resultOf({ inputs, metadata, destination, layout }, root, platforms) {
  return {
    name: inputs.name,
    metadata,
    root: root.descriptor,
    platforms,
    repositories: destination.repositories,
    references: inputs.pushByDigest ? [] : metadata.references,
    pushed: inputs.push && !inputs.dryRun,
    uploadedBytes: destination.uploadedBytes(),
    layout: layout?.path
  };
}
function stateOf(outcomes, { dryRun }) {
  if (outcomes.length === 0) return "not pushed";
  if (outcomes.includes("uploaded")) return dryRun ? "would be uploaded" : "uploaded";
  return outcomes.includes("mounted") ? "mounted" : "already there";
}
function platformResultOf({
  manifest,
  configBlob: configBlob2,
  config: config2
}) {
  return {
    manifest: manifest.descriptor,
    configDigest: configBlob2.descriptor.digest,
    platform: platformOf(config2),
    created: createdOf(config2),
    labels: labelsOf(config2)
  };
}

// src/stages/publish/retry-without-reuse.ts
async function retryWithoutReuse({ log }, push2) {
  try {
    return await push2(false);
  } catch (error) {
    if (!isUnknownContent(error)) throw error;
    log.warning(`${messageOf(error)} The registry lost content that it listed; uploading everything again.`);
    return push2(true);
  }
}

// src/registry/push/move-tags.ts
async function moveTags(moves, options2) {
  const { ifExists, log, cancelled } = options2;
  const wanted = ifExists === "overwrite" ? moves : await movesLeft(moves, options2);
  const named3 = [];
  const moved = [];
  const warn = () => {
    if (moved.length > 0)
      log.warning(`Cancelled while moving tags. These already point to the new image: ${namesOf3(moved)}`);
  };
  cancelled.addEventListener("abort", warn);
  try {
    for (const [i, move] of wanted.entries()) {
      cancelled.throwIfAborted();
      const isLast = i === wanted.length - 1;
      const mayStay = isLast && ifExists === "overwrite";
      const before = mayStay ? void 0 : await readBefore(move, options2);
      if (ifExists !== "overwrite" && isTaken(move, before)) {
        leave([move], options2);
        continue;
      }
      const isMoved = !isNamed(move, before) && await moveTag(move, log);
      if (isMoved) moved.push({ ...move, before });
      named3.push(move.reference);
      log.info(`${formatReference(move.reference)} is ${isMoved ? "" : "already "}${move.manifest.descriptor.digest}`);
    }
  } catch (error) {
    const left = await putBack(moved, log);
    if (left.length === 0) throw error;
    throw new Failure(`${messageOf(error)} These tags already point to the new image: ${namesOf3(left)}.`, {
      cause: error
    });
  } finally {
    cancelled.removeEventListener("abort", warn);
  }
  return named3;
}
async function movesLeft(moves, options2) {
  const befores = await settleAll(moves.map((move) => readBefore(move, options2)));
  const taken = moves.filter((move, i) => isTaken(move, befores[i]));
  if (taken.length > 0) leave(taken, options2);
  return moves.filter((move) => !taken.includes(move));
}
async function readBefore({ client, reference }, { ifExists }) {
  if (ifExists === "overwrite") return readManifestIfThere(client, reference.tag);
  try {
    return await findManifest(client, reference.tag);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new Failure(
      `Cannot tag the image: if-exists: ${ifExists} requires knowing whether ${formatReference(reference)} exists. ${error.message}`,
      { cause: error }
    );
  }
}
function isTaken(move, now) {
  return now !== void 0 && !isNamed(move, now);
}
function isNamed({ manifest }, now) {
  return now !== void 0 && digestOf(now.bytes) === manifest.descriptor.digest;
}
async function moveTag(move, log) {
  const { client, manifest, reference } = move;
  try {
    await putManifest(client, manifest, reference.tag);
    return true;
  } catch (error) {
    if (isUnknownContent(error)) throw error;
    const isRefused = error instanceof RegistryError && error.status < 500;
    const now = await findManifest(client, reference.tag).catch(() => "unknown");
    if (now === "unknown" && !isRefused) {
      log.warning(`Cannot tell whether ${formatReference(reference)} points to the new image: ${messageOf(error)}`);
    }
    if (now === "unknown" || !isNamed(move, now)) throw error;
    return !isRefused;
  }
}
function leave(taken, { ifExists, log }) {
  if (ifExists === "error") {
    throw new Failure(
      `Cannot tag the image: ${namesOf3(taken)} already exists and points to another image. Choose a new tag, or set if-exists to overwrite or skip.`
    );
  }
  log.notice(`Not moved, because it already exists: ${namesOf3(taken)}`);
}
function namesOf3(tags) {
  return tags.map(({ reference }) => formatReference(reference)).join(", ");
}
async function putBack(moved, log) {
  const left = [];
  for (const tag of moved) {
    const { client, reference, before } = tag;
    try {
      const now = await findManifest(client, reference.tag);
      if (!isNamed(tag, now)) {
        const isAsBefore = now === void 0 || before !== void 0 && now.bytes.equals(before.bytes);
        if (!isAsBefore) log.info(`${formatReference(reference)} was moved by another run and is kept.`);
      } else if (before === void 0) {
        log.warning(
          `${formatReference(reference)} is new and is kept: deleting it could delete the manifest and other tags.`
        );
        left.push(tag);
      } else {
        await putManifest(client, blobOf(before.bytes, before.mediaType), reference.tag);
        log.info(`${formatReference(reference)} is ${digestOf(before.bytes)} again`);
      }
    } catch (error) {
      log.warning(`Cannot restore ${formatReference(reference)}: ${messageOf(error)}`);
      left.push(tag);
    }
  }
  return left;
}

// src/stages/publish/tag-images.ts
async function tagImages(images, pushed, runtime) {
  const moves = images.flatMap(
    ({ destination }, i) => destination.tags.map((tag) => ({ ...tag, manifest: pushed[i].root }))
  );
  const ifExists = images[0]?.inputs.ifExists ?? "overwrite";
  const { log, cancelled } = runtime;
  const named3 = await runtime.holdExit(moveTags(moves, { ifExists, log, cancelled }));
  const moved = new Set(named3.map(formatReference));
  return pushed.map(({ result }) => ({
    ...result,
    references: result.pushed ? result.references.filter((reference) => moved.has(formatReference(reference))) : result.references
  }));
}

// src/stages/publish/join-images.ts
async function joinImages(publications, context) {
  const { runtime } = context;
  const sources = [];
  for (const publication of publications) sources.push(await openSourceImages(publication, context));
  return retryWithoutReuse(runtime, async () => {
    const joined = [];
    for (const [i, publication] of publications.entries()) joined.push(await joinOne(publication, sources[i] ?? []));
    return tagImages(publications, joined, runtime);
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
  const platforms = [];
  for (const image2 of images) platforms.push(await copyImage(image2, publication));
  await destination.putManifest(root);
  return { root, result: resultOf(publication, root, platforms) };
}
async function openSourceImages({ inputs, sources, destination }, { runtime, access }) {
  const [home] = destination.repositories;
  const found = /* @__PURE__ */ new Map();
  for (const { repository = home, name: name2 } of sources) {
    if (repository === void 0) {
      throw new Failure(`Cannot find ${name2}: it has no repository, and neither has tags. Give NAME@DIGEST.`);
    }
    const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
    for (const image2 of (await readStored(client, name2)).images) {
      runtime.log.info(`${image2.platform}: ${formatRepository(repository)}@${image2.manifest.descriptor.digest}`);
      found.set(image2.manifest.descriptor.digest, image2);
    }
  }
  const images = [...found.values()];
  expectPlatforms(images, inputs);
  for (const image2 of images) checkImage(image2);
  return images;
}
function expectPlatforms(images, { platforms: wanted }) {
  const without = images.find((image2) => !image2.platform.includes("/"));
  if (without !== void 0) {
    throw new Failure(
      `Cannot create an index: the config of ${without.manifest.descriptor.digest} names no platform ("${without.platform}").`
    );
  }
  if (wanted.length === 0) return;
  const there = images.map((image2) => image2.platform);
  const isAmong = (platforms, one) => platforms.some((other) => isSamePlatform(other, one));
  const missing = wanted.filter((one) => !isAmong(there, one));
  const foreign = there.filter((one) => !isAmong(wanted, one));
  if (missing.length + foreign.length === 0) return;
  throw new Failure(
    `Cannot make an index for ${wanted.join(", ")}: the sources are for ${there.join(", ")}. Check sources, or platform.`
  );
}
async function copyImage(image2, { inputs, destination }) {
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
  return { ...platformResultOf(image2), layers: results };
}

// src/registry/read/read-known.ts
async function readKnown(tags) {
  const layers = /* @__PURE__ */ new Map();
  const configs = /* @__PURE__ */ new Map();
  const pool = createPool(readsAtATime);
  const readTag = async ({ client, tag }) => {
    const read = (name2) => pool(() => readManifestIfThere(client, name2));
    const manifest = await read(tag);
    return { client, images: manifest === void 0 ? [] : await imagesUnder(manifest.bytes, read) };
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
var mostImages3 = 32;
async function imagesUnder(bytes, readManifest4) {
  const root = objectIn(bytes);
  const { manifests } = root;
  if (!Array.isArray(manifests)) return [root];
  const images = manifests.filter(isDescriptor).filter(({ mediaType: mediaType2 }) => mediaType2 === mediaTypes.manifest);
  const read = images.slice(0, mostImages3).map(({ digest: digest3 }) => readManifest4(digest3));
  return (await settleAll(read)).flatMap((image2) => image2 === void 0 ? [] : [objectIn(image2.bytes)]);
}
function layersOf({ layers }) {
  if (!Array.isArray(layers)) return [];
  return layers.filter(isLayerDescriptor).flatMap(({ mediaType: mediaType2, digest: digest3, size, annotations }) => {
    const facts = layerFactsOf({ mediaType: mediaType2, digest: digest3, size, annotations: annotations ?? {} });
    return facts === void 0 ? [] : [{ descriptor: { mediaType: mediaType2, digest: digest3, size }, facts }];
  });
}
function isLayerDescriptor(value) {
  return isDescriptor(value) && knownMediaTypes.includes(value.mediaType);
}

// src/registry/push/destination.ts
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
  const { digest: digest3 } = descriptor;
  return await client.retry(`Asking for ${digest3}`, () => hasBlob(client, digest3)) ? "exists" : "uploaded";
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

// src/stages/open/read-sources.ts
async function readSources(lines, runtime) {
  const sources = await Promise.all(lines.map((line) => readSource(line, runtime)));
  return sources.flat();
}
async function readSource(line, { resolve }) {
  if (line.startsWith("{") || line.startsWith("[")) return parseDescriptors(line, "sources");
  if (isDigest(line)) return [{ name: line }];
  if (!isPath(line) && !/\.json$|^[^:@]*$/.test(line)) return [parseName(line)];
  const texts3 = await readTexts(resolve(line), "sources");
  if (texts3.length === 0) throw new Failure(`Cannot use the source ${line}: the directory contains no JSON files.`);
  return texts3.flatMap(({ path, text: text4 }) => parseDescriptors(text4, path));
}
function parseName(line) {
  const { name: name2, ...repository } = parseImageName(line);
  return { repository, name: name2 };
}
function parseDescriptors(text4, what) {
  let json;
  try {
    json = parseJson(text4, what);
  } catch (cause) {
    throw new Failure(`Cannot read ${what}: it is not a JSON descriptor (${messageOf(cause)}).`, { cause });
  }
  return (Array.isArray(json) ? json : [json]).map((item) => parseDescriptor2(item, what));
}
function parseDescriptor2(item, what) {
  const { digest: digest3, annotations } = isObject(item) ? item : {};
  if (typeof digest3 !== "string" || !isDigest(digest3)) {
    throw new Failure(`Cannot read ${what}: ${JSON.stringify(item)} is not a descriptor: it has no digest.`);
  }
  const name2 = isObject(annotations) ? annotations["io.containerd.image.name"] : void 0;
  if (typeof name2 !== "string") return { name: digest3 };
  const source = parseName(name2);
  if (source.name === digest3) return source;
  throw new Failure(`Cannot read ${what}: it names ${name2}, but its digest is ${digest3}.`);
}

// src/stages/publish/open-publications.ts
async function openPublications(described, { runtime, access }) {
  const isPushed = ({ inputs }) => inputs.push || inputs.dryRun;
  const mountFrom = [
    ...described.filter(isPushed).flatMap(({ metadata }) => metadata.references),
    ...described.flatMap(placesOf)
  ];
  const open4 = (one) => {
    const references = isPushed(one) ? one.metadata.references : [];
    return openDestination({ ...optionsOf(one, runtime), references, mountFrom }, access);
  };
  try {
    return await settleAll(described.map(async (one) => ({ ...one, destination: await open4(one) })));
  } catch (error) {
    if (!isDenied(error) || !runtime.context.isRestricted || described[0]?.inputs.mode !== "build") throw error;
    const layouts = await chooseLayouts(described, runtime);
    runtime.log.warning(
      `Not pushed: ${error.message} Pull requests from forks and by Dependabot get a read-only token. The image is built and written to ${layouts.map(({ path }) => path).join(", ")}: upload that as an artifact, and push it in a workflow_run job with the push-layout action.`
    );
    return settleAll(described.map((one, i) => forLayout(one, layouts[i], { runtime, access })));
  }
}
async function describeImages(images, runtime) {
  const all = await runtime.log.group("Metadata", () => describeRun(images, runtime));
  const describe4 = async (inputs, i) => {
    return { inputs, metadata: all[i], sources: await readSources(inputs.sources, runtime) };
  };
  const [first, ...others] = images;
  return Promise.all([describe4(first, 0), ...others.map((inputs, i) => describe4(inputs, i + 1))]);
}
function placesOf({ inputs: { base, from }, sources }) {
  const bases = base === void 0 ? [] : baseImageName(base) ?? [];
  const joined = sources.flatMap(({ repository }) => repository ?? []);
  return [bases, from !== void 0 && "host" in from ? from : [], ...joined].flat();
}
function optionsOf({ inputs }, { context }) {
  const isPushedAtOnce = inputs.mode === "build" && isPrebuilt(inputs);
  return {
    ...inputs,
    references: [],
    preflight: inputs.preflight && !isPushedAtOnce || context.isRestricted === true,
    readsAhead: isPushedAtOnce && inputs.reuse !== "off"
  };
}
async function chooseLayouts(described, runtime) {
  const directory = await runtime.createDirectory();
  return described.map(
    ({ inputs: { name: name2 = "layout", output } }) => output === void 0 || output.kind === "docker-archive" ? { kind: "oci", path: `${directory}/${name2}` } : { kind: output.kind, path: runtime.resolve(output.path) }
  );
}
async function forLayout(one, layout, { runtime, access }) {
  const destination = await openDestination(optionsOf(one, runtime), access);
  return { ...one, inputs: { ...one.inputs, push: false }, destination, layout };
}

// src/pack/pack-image.ts
import { cpus } from "node:os";
import { join as join9 } from "node:path";

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
    options2.onFalseClaim(
      `Cannot confirm that ${nameIn(untrue)} is the layer ${diffId}: this run packed it into a different blob.`
    );
  }
  const known2 = claimed.find(isTrue);
  return known2 === void 0 ? packed : { ...packed, known: known2 };
}
function claimsAbout({ diffId, identity }, { known: known2, compression = defaultCompression }) {
  const named3 = [diffId, identity].flatMap((name2) => name2 === void 0 ? [] : known2.get(name2) ?? []);
  return [...new Set(named3)].filter((blob) => isMadeBy(blob, compression));
}
function isMadeBy({ descriptor, facts }, compression) {
  return facts.compression === compressionName(compression) && descriptor.mediaType === mediaTypeOf[encodingOf(compression)];
}
function isVouchedFor({ descriptor, facts }, { diffId, identity }, { confirmed }) {
  if (confirmed === void 0 || diffId !== void 0 && diffId !== facts.diffId) return false;
  return [diffId, identity].some((name2) => name2 !== void 0 && confirmed.has(claimOf(name2, descriptor, facts)));
}
async function* exactly(size, known2) {
  const fail = () => new Failure(`Cannot use ${nameIn(known2)}: it does not have the ${size} bytes that a manifest states.`);
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
  const { identity: _, ...others } = facts;
  return {
    descriptor: withFacts(descriptor, { ...others, ...identityOf(layer2) }),
    diffId: facts.diffId,
    isCertain,
    known: known2,
    async tarSize() {
      const tar = createMeter();
      await drain(tar.through(openTar(layer2, reuseBuffer)));
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
      const file = join9(directory, `layer-${packed.size}`);
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

// src/tar/write-tar.ts
import { pipeline } from "node:stream/promises";
async function* writeTar(members) {
  const { default: tarStream } = await import("./chunk-YUXPRYIC.mjs");
  const archive = tarStream.pack();
  fill(archive, members).catch((error) => archive.destroy(error));
  yield* archive;
}
async function fill(archive, members) {
  for await (const member of members) {
    const { name: name2, size } = member;
    const entry = archive.entry({ name: name2, size, type: "file", mode: 420, uid: 0, gid: 0, mtime: /* @__PURE__ */ new Date(0) });
    await pipeline(contentOf(member), entry);
  }
  archive.finalize();
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
  const members = blobs.map(({ descriptor, open: open4 }) => ({
    name: `blobs/sha256/${hexOf(descriptor.digest)}`,
    size: descriptor.size,
    open: open4
  }));
  return [
    ...new Map(members.map((member) => [member.name, member])).values(),
    textMember("index.json", JSON.stringify(indexOf(root, references))),
    textMember("oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" }))
  ];
}
function indexOf({ descriptor }, references) {
  const named3 = references.map((reference) => ({
    ...descriptor,
    annotations: {
      "io.containerd.image.name": formatReference(reference),
      "org.opencontainers.image.ref.name": reference.tag
    }
  }));
  return { schemaVersion: 2, mediaType: mediaTypes.index, manifests: named3.length === 0 ? [descriptor] : named3 };
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
  const { descriptor, open: open4 } = image2.configBlob;
  const config2 = { name: `${hexOf(descriptor.digest)}.json`, size: descriptor.size, open: open4 };
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
    `Cannot write an image for ${images.length} platforms as a docker-archive, which holds one platform. Use oci or oci-archive.`
  );
}
function textMember(name2, text4) {
  const bytes = Buffer.from(text4);
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
import { mkdir as mkdir2, open as open3, readdir as readdir2, rename, rm } from "node:fs/promises";
import { dirname as dirname3, join as join10 } from "node:path";
import { pipeline as pipeline2 } from "node:stream/promises";
async function writeOutput(image2, output) {
  const { kind, path } = output;
  if (kind === "oci") await refuseFilled(path);
  const members = kind === "docker-archive" ? await dockerArchiveMembers(image2) : layoutMembers(image2);
  try {
    await mkdir2(dirname3(path), { recursive: true });
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
    else await writeFile3(writeTar(members), draft);
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
    throw new Failure(`Cannot write the image to oci:${directory}: it is not empty. Remove it or name another one.`);
}
async function writeDirectory(members, directory) {
  for (const member of members) {
    const file = join10(directory, member.name);
    await mkdir2(dirname3(file), { recursive: true });
    await writeFile3(member.open(), file);
  }
}
async function writeFile3(source, path) {
  const file = await open3(path, "w");
  await pipeline2(source, file.createWriteStream());
}

// src/stages/publish/write-locally.ts
function isWrittenLocally({ inputs: { output, load }, layout }) {
  return output !== void 0 || layout !== void 0 || load;
}
async function writeLocally({ root, images }, { inputs, metadata, layout }, { log, env, resolve }) {
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

// src/stages/publish/publish-images.ts
async function publishImages(images, runtime) {
  for (const { image: image2 } of images.flatMap(({ platforms }) => platforms)) checkImage(image2);
  let isWritten = false;
  return retryWithoutReuse(runtime, async (isRetry) => {
    const packer = createPacker(runtime.temporary);
    const keepsBlobs = images.flatMap(({ platforms }) => platforms).length > 1 || images.some(isWrittenLocally);
    const run = { runtime, packer, places: /* @__PURE__ */ new Map(), keepsBlobs, onlyTag: onlyTagOf(images) };
    const pushed = [];
    for (const image2 of images) pushed.push(await packAndPush(isRetry ? withoutReuse(image2) : image2, run));
    if (!isWritten) for (const [i, one] of pushed.entries()) await writeLocally(one, images[i], runtime);
    isWritten = true;
    return tagImages(images, pushed, runtime);
  });
}
function onlyTagOf(images) {
  const [tag, ...others] = images.flatMap(({ destination }) => destination.tags);
  return others.length === 0 && images[0]?.inputs.ifExists === "overwrite" ? tag : void 0;
}
function withoutReuse(image2) {
  return { ...image2, inputs: { ...image2.inputs, reuse: "off" } };
}
async function packAndPush(image2, run) {
  const { inputs, destination } = image2;
  const known2 = inputs.reuse === "off" ? void 0 : await destination.readKnown();
  const packed = [];
  for (const one of image2.platforms) packed.push(await packPlatform(one, { ...image2, known: known2 }, run));
  const images = packed.map((one) => one.image);
  const root = rootOf3(images, image2);
  const listed = images.map(({ manifest }) => manifest).filter((manifest) => manifest !== root);
  await settleAll(listed.map(destination.putManifest));
  if (run.onlyTag === void 0 || !destination.tags.includes(run.onlyTag)) {
    await destination.putManifest(root);
  }
  const platforms = packed.map((one) => one.result);
  return { root, images, result: resultOf(image2, root, platforms) };
}
async function packPlatform({ image: image2, annotations }, { inputs, destination, known: known2, confirmed }, { runtime: { log }, packer, places, keepsBlobs }) {
  const states = /* @__PURE__ */ new Map();
  const packed = await packImage(image2, {
    packer,
    annotations,
    compression: inputs.compression,
    reuse: inputs.reuse,
    known: known2?.layers ?? /* @__PURE__ */ new Map(),
    confirmed,
    onFalseClaim: log.warning,
    async onLayer({ descriptor, open: open4, release, known: from }) {
      const { digest: digest3, size } = descriptor;
      const state = stateOf(await destination.upload({ descriptor, open: open4 }, from?.place ?? places.get(digest3)), inputs);
      if (!keepsBlobs) release();
      const [place2] = destination.repositories;
      if (place2 !== void 0 && !inputs.dryRun) places.set(digest3, place2);
      states.set(digest3, state);
      log.info(`${digest3}  ${formatSize(size)}  ${state}`);
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
  return { image: packed, result: { ...platformResultOf(packed), layers } };
}
function rootOf3(images, { inputs, metadata, platforms, index }) {
  const [only] = images;
  if (only !== void 0 && images.length === 1 && index === void 0) return only.manifest;
  const entries = images.map(({ manifest, config: config2 }) => ({
    descriptor: manifest.descriptor,
    platform: platformOf(config2)
  }));
  const before = withoutKeys(index?.annotations ?? {}, metadata.deleted);
  const labels = inputs.annotate.includes("index") ? commonOf(platforms) : {};
  return indexBlob(entries, { ...before, ...labels, ...annotationsOf(metadata.annotations, "index", void 0) });
}
function commonOf([first, ...others]) {
  const common = Object.entries(first?.labels ?? {}).filter(
    ([key, value]) => others.every(({ labels }) => labels[key] === value)
  );
  return Object.fromEntries(common);
}

// src/run.ts
var actions = {
  build: build2,
  index: (images, runtime) => push(
    images,
    runtime,
    (publications, context) => runtime.log.group("Index", () => joinImages(publications, context))
  ),
  promote: (images, runtime) => pushOpened(images, runtime, openPromoted),
  "push-layout": (images, runtime) => pushOpened(images, asTriggeringRun(runtime), openUntrusted),
  metadata: describe3,
  cleanup: clean
};
function build2(images, runtime) {
  return withRegistries(images, runtime, async (context, describing) => {
    const prebuilt = openPrebuilt(images, context);
    const opening = inBackground(openPublications(await describing, context));
    if (prebuilt === void 0) await opening;
    const built = await buildImages(images, runtime);
    const published = await saveStoreAfter(built.save, { inputs: images[0], runtime }, async () => {
      const ready = await runtime.log.group("Image", async () => {
        const sources = await (prebuilt ?? openSources(images, built, context));
        return labelSources(await opening, sources, { built, runtime });
      });
      return runtime.log.group("Push", () => publishImages(ready, runtime));
    });
    await commentOnPullRequest(images, published, context);
    return { images: published, nixVersion: built.nixVersion, work: built.work, cache: built.cache };
  });
}
function pushOpened(images, runtime, open4) {
  return push(images, runtime, async (publications, context) => {
    const ready = await runtime.log.group("Image", () => open4(publications, context));
    return runtime.log.group("Push", () => publishImages(ready, runtime));
  });
}
function push(images, runtime, publish) {
  return withRegistries(images, runtime, async (context, describing) => {
    const published = await publish(await openPublications(await describing, context), context);
    await commentOnPullRequest(images, published, context);
    return { images: published, nixVersion: void 0 };
  });
}
async function describe3(images, runtime) {
  const [metadata] = await runtime.log.group("Metadata", () => describeRun(images, runtime));
  return { metadata };
}
function clean(images, ownRuntime) {
  const runtime = asPullRequest(ownRuntime);
  return withRegistries(images, runtime, async (context, describing) => {
    const described = await describing;
    return runtime.log.group("Clean-up", () => cleanUp(described, context));
  });
}
async function withRegistries(images, runtime, body) {
  const [inputs] = images;
  const { insecureRegistries, githubToken } = inputs;
  const { env, log } = runtime;
  const transport = openTransport({ insecureHosts: insecureRegistries, env });
  try {
    const describing = inBackground(describeImages(images, runtime));
    const token = githubToken === void 0 ? {} : { githubToken };
    const login = openLogin(inputs, runtime, describing);
    return await body({ runtime, access: { ...login, ...token, insecureRegistries, transport, env, log } }, describing);
  } finally {
    await transport.close();
  }
}

export {
  table,
  code,
  actions
};
