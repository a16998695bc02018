const { realpathSync } = globalThis.process.getBuiltinModule("node:fs");
const { closeSync, fstatSync, openSync, readSync } = globalThis.process.getBuiltinModule("node:fs");
const { createHash } = globalThis.process.getBuiltinModule("node:crypto");
const { dirname } = globalThis.process.getBuiltinModule("node:path");
const { stripVTControlCharacters } = globalThis.process.getBuiltinModule("node:util");
const { existsSync } = globalThis.process.getBuiltinModule("node:fs");
const { join } = globalThis.process.getBuiltinModule("node:path");
const { statfs } = globalThis.process.getBuiltinModule("node:fs/promises");
const { readFileSync, realpathSync: realpathSync2, statSync } = globalThis.process.getBuiltinModule("node:fs");
const { readdir } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join: join2, relative } = globalThis.process.getBuiltinModule("node:path");
const { writeFile } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join: join3 } = globalThis.process.getBuiltinModule("node:path");
const { Writable } = globalThis.process.getBuiltinModule("node:stream");
const { randomUUID } = globalThis.process.getBuiltinModule("node:crypto");
const { join: join4 } = globalThis.process.getBuiltinModule("node:path");
const { lstatSync } = globalThis.process.getBuiltinModule("node:fs");
const { mkdir, writeFile: writeFile2 } = globalThis.process.getBuiltinModule("node:fs/promises");
const { basename, join: join5 } = globalThis.process.getBuiltinModule("node:path");
const { createHash: createHash2, randomUUID: randomUUID2 } = globalThis.process.getBuiltinModule("node:crypto");
const { createWriteStream } = globalThis.process.getBuiltinModule("node:fs");
const { join: join6 } = globalThis.process.getBuiltinModule("node:path");
const { pipeline } = globalThis.process.getBuiltinModule("node:stream/promises");
const { posix } = globalThis.process.getBuiltinModule("node:path");
const { posix: posix2 } = globalThis.process.getBuiltinModule("node:path");
const { closeSync: closeSync2, openSync: openSync2, readSync: readSync2 } = globalThis.process.getBuiltinModule("node:fs");
const { setImmediate } = globalThis.process.getBuiltinModule("node:timers/promises");
const { lstatSync: lstatSync2, readdirSync, readlinkSync } = globalThis.process.getBuiltinModule("node:fs");
const { posix: posix3 } = globalThis.process.getBuiltinModule("node:path");
const { createHash: createHash3 } = globalThis.process.getBuiltinModule("node:crypto");
const { createHash: createHash4 } = globalThis.process.getBuiltinModule("node:crypto");
const { posix: posix4 } = globalThis.process.getBuiltinModule("node:path");
const { lstat, stat } = globalThis.process.getBuiltinModule("node:fs/promises");
const { dirname: dirname2 } = globalThis.process.getBuiltinModule("node:path");
const { lstatSync: lstatSync3, readFileSync: readFileSync2, statSync: statSync2 } = globalThis.process.getBuiltinModule("node:fs");
const { join: join7 } = globalThis.process.getBuiltinModule("node:path");
const { mkdtemp, stat: stat2, statfs: statfs2, writeFile: writeFile3 } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join: join8 } = globalThis.process.getBuiltinModule("node:path");
const { createWriteStream: createWriteStream2, realpathSync: realpathSync3, statSync: statSync3 } = globalThis.process.getBuiltinModule("node:fs");
const { mkdtemp: mkdtemp2 } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join: join9 } = globalThis.process.getBuiltinModule("node:path");
const { createHash: createHash5 } = globalThis.process.getBuiltinModule("node:crypto");
const { posix: posix5 } = globalThis.process.getBuiltinModule("node:path");
const { createHash: createHash6 } = globalThis.process.getBuiltinModule("node:crypto");
const { lstatSync: lstatSync4, readdirSync: readdirSync2, readFileSync: readFileSync3, readlinkSync: readlinkSync2 } = globalThis.process.getBuiltinModule("node:fs");
const { posix: posix6 } = globalThis.process.getBuiltinModule("node:path");
const { posix: posix7 } = globalThis.process.getBuiltinModule("node:path");
const { posix: posix8 } = globalThis.process.getBuiltinModule("node:path");
import {
  expectEntry,
  fetchEntry,
  installUnpacked,
  keepSources,
  openNix,
  restoreLayers,
  restoreStore
} from "./chunk-CF4VPEFD.mjs";
import {
  fetchingFrom,
  planSave,
  planSaveOfLayers
} from "./chunk-FDAA2TLC.mjs";
import {
  addJobNotes,
  describeTarget,
  features,
  isTrustedBy,
  keepPaths,
  readAvailable,
  readClosure,
  readJobNotes,
  readLargestInDatabase,
  readNarHashes,
  readNarSizes,
  readSettings,
  targetArguments
} from "./chunk-INTXPZ6B.mjs";
import {
  baseImageName,
  describeDirectory,
  describeFile,
  findUnknown,
  indexArchive,
  isBzip2,
  isOnlyPushed,
  labelImage,
  openLayoutDirectory,
  openOciLayout,
  openRemoteImage,
  reuseLayer,
  shapeOf,
  splitPaths,
  withName
} from "./chunk-XL7E7YGZ.mjs";
import {
  compressedFormatOf,
  decompress,
  decompressReusing
} from "./chunk-3DOYXRXT.mjs";
import {
  DamagedEntry,
  NarFault,
  contentsOf,
  findNix,
  fingerprintOf,
  hostArchitecture,
  imageArchitecture,
  isOwnInstallation,
  isSigned,
  isSource,
  makeReadOnly,
  mediaTypes,
  nixSystem,
  openClient,
  openFile,
  parseNar,
  readParts,
  readWholeFile,
  registrationOf,
  releaseName,
  releaseToInstall,
  requireSpace,
  requireSystem,
  reuseBuffer,
  withContents,
  withStore
} from "./chunk-JYQXIE4E.mjs";
import {
  checkSpecFields,
  configOf,
  diffIdsOf,
  isLosslessNumber,
  parse,
  parseConfig,
  platformOf,
  stringify
} from "./chunk-QGRX4KWZ.mjs";
import {
  blockSize,
  paddedSize
} from "./chunk-4GYQYVDP.mjs";
import {
  bytesOf,
  codePointKey,
  isAscii,
  isUtf8,
  onDisk,
  replaceNonAscii,
  textOf
} from "./chunk-25LIPGGA.mjs";
import {
  closestTo,
  createBlockMemory,
  defaultMaxLayers,
  isInStore,
  isStorePath,
  largestJson,
  layersOfClosure,
  parseJson,
  parseJsonObject,
  storeDirectory,
  storeDirectoryOf,
  storeHash,
  storePathName,
  storePathsComment
} from "./chunk-XBGOFGJP.mjs";
import {
  digestOf,
  formatReference,
  formatRepository,
  parseDigest,
  parseReference
} from "./chunk-HEI324TL.mjs";
import {
  Failure,
  createPool,
  formatSize,
  hasCode,
  inBackground,
  isObject,
  messageOf,
  publicUrl,
  readProgram,
  runProgram,
  settleAll,
  untilFailure,
  withoutLogins
} from "./chunk-UH7NESJ6.mjs";
import {
  __commonJS,
  __toESM
} from "./chunk-CEWVY5XM.mjs";

// node_modules/fastest-levenshtein/mod.js
var require_mod = __commonJS({
  "node_modules/fastest-levenshtein/mod.js"(exports) {
    "use strict";
    exports.__esModule = true;
    exports.distance = exports.closest = void 0;
    var peq = new Uint32Array(65536);
    var myers_32 = function(a, b) {
      var n = a.length;
      var m = b.length;
      var lst = 1 << n - 1;
      var pv = -1;
      var mv = 0;
      var sc = n;
      var i = n;
      while (i--) {
        peq[a.charCodeAt(i)] |= 1 << i;
      }
      for (i = 0; i < m; i++) {
        var eq = peq[b.charCodeAt(i)];
        var xv = eq | mv;
        eq |= (eq & pv) + pv ^ pv;
        mv |= ~(eq | pv);
        pv &= eq;
        if (mv & lst) {
          sc++;
        }
        if (pv & lst) {
          sc--;
        }
        mv = mv << 1 | 1;
        pv = pv << 1 | ~(xv | mv);
        mv &= xv;
      }
      i = n;
      while (i--) {
        peq[a.charCodeAt(i)] = 0;
      }
      return sc;
    };
    var myers_x = function(b, a) {
      var n = a.length;
      var m = b.length;
      var mhc = [];
      var phc = [];
      var hsize = Math.ceil(n / 32);
      var vsize = Math.ceil(m / 32);
      for (var i = 0; i < hsize; i++) {
        phc[i] = -1;
        mhc[i] = 0;
      }
      var j = 0;
      for (; j < vsize - 1; j++) {
        var mv_1 = 0;
        var pv_1 = -1;
        var start_1 = j * 32;
        var vlen_1 = Math.min(32, m) + start_1;
        for (var k = start_1; k < vlen_1; k++) {
          peq[b.charCodeAt(k)] |= 1 << k;
        }
        for (var i = 0; i < n; i++) {
          var eq = peq[a.charCodeAt(i)];
          var pb = phc[i / 32 | 0] >>> i & 1;
          var mb = mhc[i / 32 | 0] >>> i & 1;
          var xv = eq | mv_1;
          var xh = ((eq | mb) & pv_1) + pv_1 ^ pv_1 | eq | mb;
          var ph = mv_1 | ~(xh | pv_1);
          var mh = pv_1 & xh;
          if (ph >>> 31 ^ pb) {
            phc[i / 32 | 0] ^= 1 << i;
          }
          if (mh >>> 31 ^ mb) {
            mhc[i / 32 | 0] ^= 1 << i;
          }
          ph = ph << 1 | pb;
          mh = mh << 1 | mb;
          pv_1 = mh | ~(xv | ph);
          mv_1 = ph & xv;
        }
        for (var k = start_1; k < vlen_1; k++) {
          peq[b.charCodeAt(k)] = 0;
        }
      }
      var mv = 0;
      var pv = -1;
      var start = j * 32;
      var vlen = Math.min(32, m - start) + start;
      for (var k = start; k < vlen; k++) {
        peq[b.charCodeAt(k)] |= 1 << k;
      }
      var score = m;
      for (var i = 0; i < n; i++) {
        var eq = peq[a.charCodeAt(i)];
        var pb = phc[i / 32 | 0] >>> i & 1;
        var mb = mhc[i / 32 | 0] >>> i & 1;
        var xv = eq | mv;
        var xh = ((eq | mb) & pv) + pv ^ pv | eq | mb;
        var ph = mv | ~(xh | pv);
        var mh = pv & xh;
        score += ph >>> m - 1 & 1;
        score -= mh >>> m - 1 & 1;
        if (ph >>> 31 ^ pb) {
          phc[i / 32 | 0] ^= 1 << i;
        }
        if (mh >>> 31 ^ mb) {
          mhc[i / 32 | 0] ^= 1 << i;
        }
        ph = ph << 1 | pb;
        mh = mh << 1 | mb;
        pv = mh | ~(xv | ph);
        mv = ph & xv;
      }
      for (var k = start; k < vlen; k++) {
        peq[b.charCodeAt(k)] = 0;
      }
      return score;
    };
    var distance2 = function(a, b) {
      if (a.length < b.length) {
        var tmp = b;
        b = a;
        a = tmp;
      }
      if (b.length === 0) {
        return a.length;
      }
      if (a.length <= 32) {
        return myers_32(a, b);
      }
      return myers_x(a, b);
    };
    exports.distance = distance2;
    var closest = function(str, arr) {
      var min_distance = Infinity;
      var min_index = 0;
      for (var i = 0; i < arr.length; i++) {
        var dist = distance2(str, arr[i]);
        if (dist < min_distance) {
          min_distance = dist;
          min_index = i;
        }
      }
      return arr[min_index];
    };
    exports.closest = closest;
  }
});

// src/image/stays-in-store.ts
function staysInStore(path, store) {
  try {
    return isInStore(realpathSync(path), realpathSync(store));
  } catch (cause) {
    if (hasCode(cause, "ENOENT", "ENOTDIR")) return false;
    throw cause;
  }
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
function parseStreamSettings(text2, { file, now, store = storeDirectory }) {
  const json = parseJsonObject(text2, file, { parse, largest: longestSettings });
  const { conf, fail, string, integer } = readerOf(json, file);
  const { unknown } = keysOfSettings(text2, file);
  if (unknown.length > 0) {
    throw new Failure(
      `Cannot read ${file}: its "${unknown.join('", "')}" is unknown, so a newer nixpkgs wrote these settings. Update this action, or build the image as a docker-archive (dockerTools.buildLayeredImage).`
    );
  }
  const time = (key, fallback) => parseTime(string(key, fallback), now) ?? fail(key, '"now" or a time such as 1970-01-01T00:00:01+00:00');
  const created2 = time("created");
  const mtime = time("mtime", string("created"));
  const pathInStore2 = (key, isRight) => isRight(string(key), store) ? string(key) : fail(key, `a path in ${store}`);
  if (string("os") !== "linux") fail("os", '"linux"');
  if (string("store_dir") !== store) fail("store_dir", `${store}, the store of this machine`);
  return {
    architecture: string("architecture"),
    config: isObject(conf.config) ? conf.config : fail("config", "an object"),
    created: created2.text,
    repoTag: string("repo_tag"),
    fromImage: conf.from_image === null ? void 0 : pathInStore2("from_image", isInStore),
    storeLayers: isStoreLayers(conf.store_layers, store) ? conf.store_layers : fail("store_layers", `a list of lists of paths in ${store}`),
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
function keysOfSettings(text2, file) {
  const conf = parseJsonObject(text2, file, { largest: longestSettings });
  const keys = Object.keys(conf);
  const base = typeof conf.from_image === "string" ? conf.from_image : void 0;
  return { keys, unknown: keys.filter((key) => !knownKeys.has(key)), base };
}
function readerOf(conf, file) {
  const fail = (key, description2) => {
    throw new Failure(`Cannot read ${file}: "${key}" is not ${description2}.`);
  };
  const string = (key, fallback) => {
    const value = Object.hasOwn(conf, key) ? conf[key] : fallback;
    return typeof value === "string" ? value : fail(key, "a string");
  };
  const integer = (key) => {
    const text2 = string(key, "0");
    return /^-?[0-9]{1,15}$/.test(text2) ? Number(text2) : fail(key, "a whole number in quotes");
  };
  return { conf, fail, string, integer };
}
function streamConfig(settings, base = { layerNames: [], env: [] }) {
  const { architecture: architecture2, created: created2, config, storeLayers, customisationLayer } = settings;
  const env = settings.fromImage === void 0 ? [] : mergeEnv(base.env, envOf(config, "the image"));
  const layers = [...base.layerNames.map((name2) => [name2]), ...storeLayers, [customisationLayer]];
  return {
    created: created2,
    architecture: architecture2,
    os: "linux",
    config: env.length === 0 ? config : { ...config, Env: env },
    rootfs: { type: "layers" },
    history: layers.map((paths) => ({ created: created2, comment: `store paths: [${paths.map(pythonRepr).join(", ")}]` }))
  };
}
function parseTime(text2, now) {
  if (text2 === "now") {
    const iso = new Date(now).toISOString().replace("Z", "000+00:00");
    return { text: iso, seconds: Math.floor(now / 1e3), isNow: true };
  }
  const milliseconds = Date.parse(text2);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/.test(text2) || Number.isNaN(milliseconds)) return void 0;
  return { text: text2, seconds: milliseconds / 1e3, isNow: false };
}
function isStoreLayers(value, store) {
  const isPath = (path) => isStorePath(path, store);
  return Array.isArray(value) && value.every((layer2) => Array.isArray(layer2) && layer2.every(isPath));
}
function pythonRepr(text2) {
  if (/^[ -~]*$/.test(text2) && !/['\\]/.test(text2)) return `'${text2}'`;
  const quote = text2.includes("'") && !text2.includes('"') ? '"' : "'";
  const special = new RegExp(`[${quote}\\\\]|(?! )[\\p{C}\\p{Z}]`, "gu");
  return quote + text2.replace(special, pythonEscape) + quote;
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
function parseStreamScript(text2) {
  const [, , program, settings] = wrapper.exec(text2) ?? [];
  return program === void 0 || settings === void 0 ? void 0 : { program, settings };
}
function findRunnableScript(path, store) {
  const script = isStorePath(path, store) ? parseStreamScript(readStart(path, longestScript)) : void 0;
  if (script === void 0) return void 0;
  const { program, settings } = script;
  const areInStore = [program, settings].every((file) => isStorePath(file, store) && staysInStore(file, store));
  return areInStore && isStream(program, store) && areSettings(settings) ? script : void 0;
}
function isStream(program, store) {
  const [, python = ""] = /^#! ?(\S+)\/bin\/python3[0-9.]*\n/.exec(readStart(program, longestScript)) ?? [];
  return new RegExp(`/${storeHash}-stream$`).test(program) && isStorePath(python, store) && /-python3-/.test(python);
}
function areSettings(file) {
  const text2 = readStart(file, longestSettings);
  try {
    const settings = parseJson(text2, file, { largest: longestSettings });
    return isObject(settings) && Array.isArray(settings.store_layers) && "customisation_layer" in settings;
  } catch (cause) {
    if (cause instanceof Failure) return false;
    throw cause;
  }
}
function readScript(path) {
  return readStart(path, longestScript);
}
function readSettings2(path) {
  return readStart(path, longestSettings);
}
function readStart(path, limit) {
  let file;
  try {
    file = openSync(path, "r");
    const bytes = Buffer.alloc(Math.min(fstatSync(file).size, limit));
    return bytes.toString("utf8", 0, readSync(file, bytes));
  } catch (cause) {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new Failure(`Cannot read ${path}: the file does not exist.`, { cause });
  } finally {
    if (file !== void 0) closeSync(file);
  }
}

// src/image/find-stream-settings.ts
var nixpkgsScripts = /* @__PURE__ */ new Map([
  // Since July 2024 (24.11), including later changes of format and comments.
  ["f5c845f8121af4d9c0b1810b9a6059ad2bd5dc74c0e4d968dd4307f491e8dbdd", 493],
  // 24.05: owners, but no mtime and no --repo_tag. Assembled from the previous and the next version.
  ["4ba2f6384d044c990b5a0f14b07c33b840a3818397e3fe0a58e5c8f45f7e79e6", 493],
  // Up to 23.11: base images, but no owners. Two as found in forks, and one assembled from the later texts.
  ["1f97e83644908f6cda47a036408c78549ec8336ea7a8cdcc901cac523d0ffd21", 365],
  ["38cb7814cb13d0bc3a14eb60f399d95ccc212feefcabd79beb90c63c0327d140", 365],
  ["6b3ea683bfe69dd465e20929eb81e351e6bc2d5c5e22941e071cdb9b3f4a6ef5", 365]
]);
function findStreamSettings(location) {
  const { path, locate = (storePath) => storePath, knownScripts = nixpkgsScripts } = location;
  const text2 = readScript(path);
  if (text2.startsWith("{")) return judgeSettings(path, void 0, locate);
  if (!text2.startsWith("#!")) return { native: false, why: `${path} is not a script` };
  const script = parseStreamScript(text2);
  if (script === void 0) {
    return { native: false, why: `${path} does not name one \u2026-stream and its \u2026-conf.json` };
  }
  const { program, settings } = script;
  const nixMode = knownScripts.get(scriptDigest(readScript(locate(program))));
  if (nixMode === void 0) return { native: false, why: `its script ${program} is not a known version of nixpkgs'` };
  return judgeSettings(locate(settings), nixMode, locate);
}
function scriptDigest(text2) {
  return createHash("sha256").update(text2.replace(/"""[\s\S]*?"""|#.*$|[\s(),\\]/gm, "")).digest("hex");
}
function judgeSettings(settingsPath, nixMode, locate) {
  const { keys, unknown, base } = keysOfSettings(readSettings2(settingsPath), settingsPath);
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

// src/nix/build-log.ts
var tailLength = 25;
var levels = { error: 0, warning: 1, info: 3 };
var activities = { copyPath: 100, build: 105, substitute: 108, postBuildHook: 110 };
var results = { buildLogLine: 101, postBuildLogLine: 107 };
function createBuildLog(now) {
  return {
    derivations: /* @__PURE__ */ new Map(),
    tails: /* @__PURE__ */ new Map(),
    errors: [],
    plain: [],
    work: { built: 0, builtElsewhere: 0, substituted: 0, toUnpack: 0 },
    builds: [],
    started: /* @__PURE__ */ new Map(),
    now
  };
}
function readLogLine(log, line) {
  const event = parseEvent(line);
  if (event === void 0) {
    const text2 = stripVTControlCharacters(line);
    keepLast(log.plain, text2);
    return { level: "info", text: text2 };
  }
  switch (event.action) {
    case "start":
      return readStart2(log, event, parseId(line));
    case "stop":
      readStop(log, parseId(line));
      return void 0;
    case "result":
      return readResult(log, event, parseId(line));
    case "msg":
      return readMessage(log, event);
    default:
      return void 0;
  }
}
function findFailedBuild(log) {
  for (const error of log.errors) {
    const { derivation, reason } = (failure.exec(error) ?? failureSince231.exec(error))?.groups ?? {};
    if (derivation === void 0 || reason === void 0 || !isStorePath(derivation, dirname(derivation))) continue;
    return { derivation, reason, tail: log.tails.get(derivation) ?? [] };
  }
  return void 0;
}
var failure = /^builder for '(?<derivation>\S+\.drv)' (?<reason>failed [^;\n]+)/m;
var failureSince231 = /^Cannot build '(?<derivation>\S+\.drv)'\.\s+Reason: builder (?<reason>failed [^;\n]+?)\.?$/m;
function parseEvent(line) {
  if (!line.startsWith("@nix ")) return void 0;
  try {
    const event = JSON.parse(line.slice("@nix ".length));
    return typeof event === "object" && event !== null ? event : void 0;
  } catch {
    return void 0;
  }
}
function parseId(line) {
  return /"id":(\d+)/.exec(line)?.[1] ?? "";
}
function textOf2(value) {
  return typeof value === "string" ? stripVTControlCharacters(value) : "";
}
function fieldOf(event, index2) {
  return Array.isArray(event.fields) ? textOf2(event.fields[index2]) : "";
}
function readStart2(log, event, id) {
  const text2 = textOf2(event.text);
  const path = fieldOf(event, 0);
  switch (event.type) {
    case activities.build: {
      log.derivations.set(id, path);
      log.work.built += 1;
      log.started.set(id, log.now());
      const machine = fieldOf(event, 1);
      if (machine !== "") log.work.builtElsewhere += 1;
      return { level: "info", text: `building ${storePathName(path)}${machine === "" ? "" : ` on ${machine}`}` };
    }
    case activities.substitute:
      log.work.substituted += 1;
      return { level: "info", text: `fetching ${storePathName(path)} from ${fieldOf(event, 1)}` };
    case activities.copyPath:
      return void 0;
    case activities.postBuildHook:
      log.derivations.set(id, path);
  }
  const isTold = text2 !== "" && (isAtMost(event.level, levels.info) || text2.startsWith("fetching "));
  return isTold ? { level: "info", text: text2 } : void 0;
}
function readStop(log, id) {
  const [derivation, start] = [log.derivations.get(id), log.started.get(id)];
  if (derivation !== void 0 && start !== void 0) {
    log.builds.push({ name: storePathName(derivation), start, end: log.now() });
  }
  log.derivations.delete(id);
  log.started.delete(id);
}
function readResult(log, event, id) {
  const derivation = log.derivations.get(id);
  if (derivation === void 0) return void 0;
  const line = fieldOf(event, 0);
  const name2 = storePathName(derivation);
  switch (event.type) {
    case results.buildLogLine: {
      const tail = log.tails.get(derivation) ?? [];
      keepLast(tail, line);
      log.tails.set(derivation, tail);
      return { level: "info", text: `${name2}> ${line}` };
    }
    case results.postBuildLogLine:
      return { level: "info", text: `${name2} (post-build-hook)> ${line}` };
    default:
      return void 0;
  }
}
function readMessage(log, event) {
  const text2 = textOf2(event.msg);
  log.work.toUnpack += parseUnpacked(text2);
  if (event.level === levels.warning) return { level: "warning", text: text2.replace(/^warning: /, "") };
  if (event.level === levels.error) {
    if (text2.startsWith("error:")) log.errors.push(undent(text2.slice("error:".length)));
    const warning = /^trace: (?:evaluation )?warning: (.*)$/s.exec(text2)?.[1];
    if (warning !== void 0) return { level: "warning", text: warning };
  }
  return isAtMost(event.level, levels.info) ? { level: "info", text: text2 } : void 0;
}
var units = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };
function parseUnpacked(text2) {
  const [, amount, unit = ""] = /^th[^\n]{1,100} will be fetched \([^\n]{1,100}, ([\d.]{1,20}) (\wi?B?) unpacked\)/.exec(text2) ?? [];
  return Math.round(Number(amount ?? 0) * (units[unit] ?? 0));
}
function undent(text2) {
  return text2.replace(/^ {7}/gm, "").trim();
}
function isAtMost(level, limit) {
  return typeof level === "number" && level <= limit;
}
function keepLast(lines, line) {
  lines.push(line);
  if (lines.length > tailLength) lines.shift();
}

// src/nix/cures.ts
var lockCure = "The flake.lock is missing, out of date or not tracked by Git, so Nix chooses the versions of the inputs anew in each run. Run: nix flake lock && git add flake.lock, and commit it.";
var fileInSource = `'?"?${storeDirectory}/${storeHash}-source/([^'"\\n]{1,1000})['"]?`;
var refusedPackage = `(?:Package \u2018|Refusing to evaluate package ')([^\u2019'\\n]{1,200})['\u2019][^\\n]{0,1000}`;
var rows = [
  [
    /Path '([^'\n]{1,1000})' in the repository "[^"\n]{0,1000}" is not tracked by Git/,
    ([, file = ""]) => untracked(file)
  ],
  [
    // Nix before 2.28 does not know why the file is missing in its copy of the flake.
    new RegExp(`getting status of ${fileInSource}: No such file|path ${fileInSource} does not exist`),
    ([, older, newer], directory) => {
      const file = older ?? newer ?? "";
      return existsSync(join(directory, file)) ? missingInCopy(file) : void 0;
    }
  ],
  [
    new RegExp(`${refusedPackage} has an unfree license`),
    ([, name2]) => `The license of ${name2} is unfree, and nixpkgs must be told that it is accepted: import nixpkgs with { inherit system; config.allowUnfree = true; }, or set impure: true in this step and NIXPKGS_ALLOW_UNFREE: 1 in its env.`
  ],
  [
    new RegExp(`${refusedPackage} is marked as insecure`),
    ([, name2]) => `${name2} has known vulnerabilities: use a newer version, or accept them by importing nixpkgs with { inherit system; config.permittedInsecurePackages = [ "${name2}" ]; }.`
  ],
  [/requires lock file changes but they're not allowed|cannot write (?:modified )?lock file/, lockCure],
  [/^(?:creating|updating) lock file |^not writing modified lock file /, lockCure],
  [
    /NAR hash mismatch in input '([^'\n]{1,1000})'/,
    () => "An input of the flake changed after it was locked. If that is expected, run: nix flake update, and commit flake.lock."
  ],
  [
    /a '([\w-]{1,50})' with features \{[^}\n]{0,300}\} is required to build '[^'\n]{1,300}', but I am a '([\w-]{1,50})'/,
    wrongSystem
  ],
  [/Required system: '([\w-]{1,50})'[^\n]{0,300}\n {0,20}Current system: '([\w-]{1,50})'/, wrongSystem],
  [
    /with features \{[^}\n]{0,300}\bkvm\b[^}\n]{0,300}\} is required|Required features: \{[^}\n]{0,300}\bkvm\b/,
    "The build starts a virtual machine (runAsRoot, runInLinuxVM) and needs KVM: use a runner with /dev/kvm that this user may open, or replace runAsRoot by fakeRootCommands or extraCommands, which need none."
  ],
  [
    /with features \{([^}\n]{1,300})\} is required|Required features: \{([^}\n]{1,300})\}/,
    ([, older, newer]) => `No machine offers the system features ${older ?? newer}: add them to system-features in nix-conf if this machine has them, or to a builder.`
  ],
  [
    /API rate limit exceeded|HTTP error (?:403|429) \('rate limit exceeded'\)|github\.com[^'\n]*': HTTP error 429/,
    "GitHub's rate limit is reached: set github-token, since without a token it is 60 requests an hour for each address; with a token, wait and run again."
  ],
  [
    /user namespaces are not enabled|unable to start build process|cloning builder process|does not support the kernel namespaces|(?:mounting|unsharing)[^\n]{0,200}: Operation not permitted/,
    'The kernel refuses the sandbox of Nix: put "sandbox = false" into nix-conf, or allow user namespaces on this machine (docs/toolchain.md, "Sandbox and KVM").'
  ],
  [
    /^builder of '[^\n]{1,1000} failed (?:with exit code 137|due to signal 9)|^nix exited with code (?:137|-1) /m,
    'The kernel probably ended it because memory ran out: put "max-jobs = 1" and "cores = 2" into nix-conf, add swap, or use a larger runner.'
  ],
  [
    /unable to download '([^'\n]{1,1000}\/(?:nix-cache-info|[0-9a-z]{32}\.narinfo|nar\/[^'\n]{1,300}))': (?!.{0,300}retrying in)/,
    ([, url = ""]) => `The binary cache ${originOf(url)} cannot be reached, so Nix builds itself what it has: check substituters in nix-conf, and the network or proxy of this machine.`
  ],
  [
    /unable to download '([^'\n]{1,1000})': (?:Could(?:n't| not) (?:connect|resolve)|Timeout|Failed to connect)(?!.{0,300}retrying in)/,
    ([, url = ""]) => `${originOf(url)} cannot be reached: check the address, and the network or proxy of this machine.`
  ]
];
var quotedSource = /^ {0,20}\d{0,9} {0,20}\|.*$/gm;
function cureFor(text2, directory) {
  const end = text2.replaceAll(quotedSource, "");
  for (const [pattern, cure] of rows) {
    const match = pattern.exec(end);
    if (match === null) continue;
    const sentence = typeof cure === "string" ? cure : cure(match, directory);
    if (sentence !== void 0) return sentence;
  }
  return void 0;
}
function withCure(text2, directory) {
  const cure = cureFor(text2, directory);
  return cure === void 0 ? text2 : `${text2}
${cure}`;
}
function isDiskFull(text2) {
  return /No space left on device|database or disk is full|Disk quota exceeded/.test(text2);
}
function untracked(file) {
  return `The file ${file} exists, but Git does not track it, and a flake contains only tracked files. Run: git add ${file}`;
}
function missingInCopy(file) {
  return `The file ${file} exists, but Nix did not copy it: Git does not track it (run: git add ${file}), or .gitattributes gives it export-ignore, which Nix before 2.20 obeys.`;
}
function wrongSystem([, wanted = "", own = ""]) {
  if (wanted === own) return void 0;
  const runner = wanted === "aarch64-linux" ? ", or use a runner of that kind, such as ubuntu-24.04-arm" : "";
  return `This machine is ${own} and cannot build for ${wanted}: register QEMU (docker/setup-qemu-action) and put "extra-platforms = ${wanted}" into nix-conf, or name a remote builder in builders${runner}.`;
}
function originOf(url) {
  return URL.canParse(url) ? new URL(url).origin : url;
}

// src/nix/describe-disk.ts
async function describeDisk(nix, needed) {
  const store = storeDirectoryOf(nix.env);
  const { bsize, bavail, blocks } = await statfs(store);
  const free = `${formatSize(bavail * bsize)} of ${formatSize(blocks * bsize)} are free`;
  const wanted = needed === 0 ? "" : `, and Nix was to unpack ${formatSize(needed)}`;
  const { total, largest } = readLargestInDatabase(nix) ?? { total: 0, largest: [] };
  const paths = largest.map(({ path, narSize }) => `${storePathName(path)} ${formatSize(narSize)}`);
  const fill = total === 0 ? "" : ` The store has ${formatSize(total)}, of which the largest are ${paths.join(", ")}.`;
  return `The disk is full: on that of ${store} ${free}${wanted}.${fill} Delete preinstalled software in an earlier step, restore less with cache-max-size, or use a runner with a larger disk.`;
}

// src/nix/find-place.ts
var largestFile = 1 << 20;
var mostPositions = 100;
var mostFiles = 5e3;
var position = /\bat ([^\n]{1,1000}?):(\d{1,9}):\d{1,9}:?$/gm;
var inStore = new RegExp(`^${storeDirectory}/${storeHash}-[^/]{1,211}/(.+)$`);
function findPosition(text2, target, checkout) {
  for (const [, file = "", line] of [...text2.matchAll(position)].slice(-mostPositions).toReversed()) {
    const found = fileInCheckout(file, target, checkout);
    if (found !== void 0) return { file: found, line: Number(line) };
  }
  return void 0;
}
function fileInCheckout(file, target, checkout) {
  const copied = inStore.exec(file)?.[1];
  if (copied === void 0) return pathInside(file, checkout);
  const content = readSmall(file);
  const flake = target.kind === "installable" ? target.installable.replace(/#.*$/s, "").replace(/^path:/, "") : ".";
  return [join2(checkout, copied), join2(checkout, flake, copied)].filter((path) => content !== void 0 && readSmall(path)?.equals(content)).map((path) => pathInside(path, checkout)).find((path) => path !== void 0);
}
function pathInside(path, checkout) {
  try {
    const inside = relative(realpathSync2(checkout), realpathSync2(path));
    return inside === "" || inside.startsWith("../") || inside === ".." ? void 0 : inside;
  } catch {
    return void 0;
  }
}
function readSmall(path) {
  try {
    const facts = statSync(path);
    return facts.isFile() && facts.size <= largestFile ? readFileSync(path) : void 0;
  } catch {
    return void 0;
  }
}
async function findHash(hash2, checkout) {
  const forms = formsOf(hash2);
  const places = [];
  for (const path of await listSources(checkout)) {
    const lines = readSmall(path)?.toString("utf8").split("\n") ?? [];
    for (const [i, line] of lines.entries()) {
      if (forms.test(line)) places.push({ file: relative(checkout, path), line: i + 1 });
    }
  }
  return places.length === 1 ? places[0] : void 0;
}
async function listSources(checkout) {
  const found = [];
  const directories = [checkout];
  for (const directory of directories) {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      const path = join2(directory, entry.name);
      if (entry.isDirectory()) directories.push(path);
      if (entry.isFile() && /\.(?:nix|json|toml|lock)$/.test(entry.name)) found.push(path);
    }
    if (found.length + directories.length > mostFiles) break;
  }
  return found.slice(0, mostFiles);
}
function formsOf(hash2) {
  const [, separator, written = ""] = /^sha\d+([:-])(.+)$/.exec(hash2) ?? [];
  const bytes = separator === "-" ? Buffer.from(written, "base64") : Buffer.alloc(0);
  const others = bytes.length === 0 ? [] : [bytes.toString("hex"), base32Of(bytes)];
  const zeros2 = ["\\bfakeHash\\b", "\\bfakeSha(?:256|512)\\b", '\\b(?:hash|sha256|sha512)\\s*=\\s*""'];
  const isZero = /^(?:A+=*|0+)$/.test(written);
  return new RegExp([written.replaceAll("+", "\\+"), ...others, ...isZero ? zeros2 : []].join("|"));
}
var digits = "0123456789abcdfghijklmnpqrsvwxyz";
function base32Of(bytes) {
  const length = Math.ceil(bytes.length * 8 / 5);
  return Array.from({ length }, (_, i) => {
    const bit = (length - 1 - i) * 5;
    const pair = (bytes[bit >> 3] ?? 0) | (bytes[(bit >> 3) + 1] ?? 0) << 8;
    return digits[pair >> (bit & 7) & 31];
  }).join("");
}

// src/nix/keep-build-log.ts
var longestLog = 8 << 20;
async function keepBuildLog({ derivation, tail }, nix, runtime) {
  const kept = createTail();
  const args = ["log", ...features, "--option", "substituters", "", "--", derivation];
  const { code } = await runProgram(nix.program, args, { env: nix.env, cwd: runtime.directory, output: kept.output });
  const text2 = code === 0 ? kept.text() : `${tail.join("\n")}
`;
  const file = join3(await runtime.createDirectory(), `${storePathName(derivation)}.log`);
  await writeFile(file, runtime.log.masked(text2));
  return file;
}
function createTail() {
  let chunks = [];
  let size = 0;
  let isCut = false;
  const trim = () => {
    const all = Buffer.concat(chunks);
    isCut ||= all.length > longestLog;
    chunks = [all.subarray(-longestLog)];
    size = chunks[0]?.length ?? 0;
  };
  const output = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > 2 * longestLog) trim();
      done();
    }
  });
  const text2 = () => {
    trim();
    const kept = Buffer.concat(chunks).toString("utf8");
    return isCut ? kept.slice(kept.indexOf("\n") + 1) : kept;
  };
  return { output, text: text2 };
}

// src/nix/nearest-attributes.ts
var import_fastest_levenshtein = __toESM(require_mod(), 1);
var mostNames = 5;
async function nearestAttributes(text2, { nix, inputs, runtime }) {
  const question = questionAbout(text2, inputs);
  if (question === void 0) return [];
  const { wanted, args } = question;
  const { code, stdout } = await nix.exec(nix.program, ["eval", ...features, "--json", ...args], {
    env: nix.env,
    cwd: runtime.directory
  });
  const names2 = code === 0 ? JSON.parse(stdout) : [];
  if (!Array.isArray(names2)) return [];
  const lastOf = (name2) => name2.split(".").at(-1) ?? "";
  return names2.filter((name2) => typeof name2 === "string").map((name2) => ({ name: name2, distance: (0, import_fastest_levenshtein.distance)(lastOf(name2), lastOf(wanted)) })).sort((a, b) => a.distance - b.distance).slice(0, mostNames).map(({ name: name2 }) => name2);
}
function questionAbout(text2, { target, impure }) {
  const purity = impure ? ["--impure"] : [];
  if (target.kind === "installable") {
    if (!text2.includes("does not provide attribute")) return void 0;
    const [flake, wanted] = target.installable.split("#");
    return { wanted: wanted || "default", args: [...purity, "--apply", namesOfPackages, "--", `${flake}#packages`] };
  }
  if (!/attribute '[^'\n]{1,200}' in selection path|does not have attribute|attribute '[^'\n]{1,200}' missing/.test(text2)) {
    return void 0;
  }
  const { file, attr = "" } = target;
  const parent = attr.split(".").slice(0, -1).join(".");
  const above = parent === "" ? [] : [parent];
  return { wanted: attr, args: [...purity, "--file", file, "--apply", "builtins.attrNames", "--", ...above] };
}
var namesOfPackages = `packages:
  let
    namesIn = set: let names = builtins.tryEval (builtins.attrNames set); in if names.success then names.value else [];
    foreign = builtins.filter (name: name != "${nixSystem}") (namesIn packages);
  in namesIn (packages.${nixSystem} or {})
    ++ builtins.concatMap (of: map (name: "packages.\${of}.\${name}") (namesIn packages.\${of})) foreign`;

// src/nix/build-failure.ts
var mostExamined = 65536;
var longestError = 4e3;
async function buildFailure(run) {
  const { log, inputs, nix, runtime } = run;
  const failed = findFailedBuild(log);
  const text2 = failed === void 0 ? wordsOf(run) : wordsOfBuilder(failed);
  const end = text2.slice(-mostExamined);
  const mismatch = findMismatch(end);
  const placeOfHash = mismatch && await findHash(mismatch.specified, runtime.directory);
  const place = placeOfHash ?? findPosition(end, inputs.target, runtime.directory);
  const advice = mismatch === void 0 ? await adviceOn(end, run) : adviceOnHash(mismatch, placeOfHash);
  const message = `Cannot build ${describeTarget(inputs.target)}: ${failed === void 0 ? withoutMiddle(text2) : text2}`;
  return new Failure(advice === void 0 ? message : `${message}
${advice}`, {
    place,
    log: failed && await failedLog(failed, nix, runtime)
  });
}
async function failedLog(failed, nix, runtime) {
  const file = await keepBuildLog(failed, nix, runtime);
  return { name: storePathName(failed.derivation), tail: failed.tail, file };
}
function wordsOf({ log, code }) {
  const words = log.errors.length > 0 ? log.errors : log.plain;
  return words.length > 0 ? words.join("\n") : `nix exited with code ${code} and printed no error.`;
}
function wordsOfBuilder({ derivation, reason, tail }) {
  return [
    `builder of '${storePathName(derivation)}' (${derivation}) ${reason}.`,
    ...tail.map((line) => `  ${line}`),
    `The full log is above; or run, on the machine that built it: nix log ${derivation}`
  ].join("\n");
}
function withoutMiddle(text2) {
  if (text2.length <= longestError) return text2;
  return `${text2.slice(0, longestError / 2)}
\u2026
${text2.slice(-longestError / 2)}`;
}
async function adviceOn(text2, { log, nix, inputs, runtime }) {
  const logs = [...log.tails.values()].flat().join("\n");
  if (isDiskFull(`${text2}
${logs}`)) return describeDisk(nix, log.work.toUnpack);
  const names2 = await nearestAttributes(text2, { nix, inputs, runtime });
  if (names2.length > 0) return `The nearest names that exist: ${names2.join(", ")}.`;
  return cureFor(text2, runtime.directory);
}
var hash = "sha\\d{1,3}[:-][A-Za-z0-9+/]{1,100}={0,2}";
var mismatchPattern = new RegExp(`(?:specified|wanted):\\s+(${hash})\\s+got:\\s+(${hash})$`, "m");
function findMismatch(text2) {
  const [, specified, got] = mismatchPattern.exec(text2) ?? [];
  return specified === void 0 || got === void 0 ? void 0 : { specified, got };
}
function adviceOnHash({ got }, place) {
  const where = place === void 0 ? "" : ` at ${place.file}:${place.line}`;
  return `If you changed what is downloaded, replace the hash${where} by ${got}; if not, find out why it changed first.`;
}

// src/nix/show-progress.ts
var activities2 = { copyPath: 100, fileTransfer: 101, build: 105 };
var progressResult = 105;
var mostActivities = 1e3;
function showProgress(target, log) {
  let evaluation2 = log.activity(`evaluating ${target}`);
  const running = /* @__PURE__ */ new Map();
  const endEvaluation = () => {
    evaluation2?.end();
    evaluation2 = void 0;
  };
  const start = (id, { type, fields }) => {
    const name2 = nameOf(type, fields);
    if (name2 === void 0 || running.size >= mostActivities) return;
    if (type !== activities2.fileTransfer) endEvaluation();
    running.set(id, { ...log.activity(name2), done: 0 });
  };
  const advance = (id, { type, fields }) => {
    const [done] = Array.isArray(fields) ? fields : [];
    const one = running.get(id);
    if (type !== progressResult || one === void 0 || !Number.isSafeInteger(done) || done < one.done) return;
    one.add(done - one.done);
    one.done = done;
  };
  const stop = (id) => {
    running.get(id)?.end();
    running.delete(id);
  };
  return {
    read(line) {
      const event = eventOf(line);
      const id = /"id":(\d+)/.exec(line)?.[1] ?? "";
      if (event.action === "start") start(id, event);
      if (event.action === "result") advance(id, event);
      if (event.action === "stop") stop(id);
    },
    end() {
      endEvaluation();
      for (const id of [...running.keys()]) stop(id);
    }
  };
}
function eventOf(line) {
  if (!/^@nix \{"action":"(?:start|stop|result)"/.test(line)) return {};
  try {
    const event = JSON.parse(line.slice("@nix ".length));
    return isObject(event) ? event : {};
  } catch {
    return {};
  }
}
function nameOf(type, fields) {
  const [first] = Array.isArray(fields) ? fields : [];
  if (typeof first !== "string") return void 0;
  if (type === activities2.build) return `building ${storePathName(first)}`;
  if (type === activities2.copyPath) return `fetching ${storePathName(first)}`;
  return type === activities2.fileTransfer ? `downloading ${first.split(/[?#]/)[0]?.split("/").at(-1)}` : void 0;
}

// src/nix/build.ts
async function build(nix, inputs, runtime) {
  const log = createBuildLog(runtime.now);
  const progress = showProgress(describeTarget(inputs.target), runtime.log);
  const { code, stdout } = await nix.exec(nix.program, buildArguments(inputs, join4(runtime.temporary, `result-${randomUUID()}`)), {
    env: nix.env,
    cwd: runtime.directory,
    onErrorLine: (line) => {
      progress.read(line);
      const said = readLogLine(log, line);
      if (said?.level === "info") runtime.log.info(said.text);
      if (said?.level === "warning") runtime.log.warning(withCure(said.text, runtime.directory));
    }
  }).finally(progress.end);
  if (code !== 0) throw await buildFailure({ log, code, nix, inputs, runtime });
  const { built, substituted } = log.work;
  return { ...parseBuilt(stdout, describeTarget(inputs.target)), work: { built, substituted, builds: log.builds } };
}
function buildArguments(inputs, link) {
  const output = ["--log-format", "internal-json", "--json", "--out-link", link];
  return ["build", ...features, ...output, ...targetArguments(inputs)];
}
function parseBuilt(json, name2) {
  const results2 = JSON.parse(json);
  const [result] = results2;
  if (results2.length !== 1) {
    throw new Failure(
      `Cannot build ${name2}: it evaluates to ${results2.length} derivations, and an image is one derivation. Name one of them.`
    );
  }
  if (typeof result === "string") return { path: result };
  const { path, drvPath, outputs = {} } = result;
  const output = path ?? outputs.out ?? Object.values(outputs)[0];
  if (output === void 0) throw new Failure(`Cannot build ${name2}: Nix reported no output path in ${json.trim()}.`);
  return { path: output, ...drvPath === void 0 ? {} : { drvPath } };
}

// src/nix/facts.ts
var evaluation = `x:
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
  isStreamed = hasStream value;
  isConfigured = hasConf value;
  derivationOf = thing: if isDerivation thing then text (get "drvPath" thing) else null;
in {
  facts = {
    isDerivation = isDerivation value;
    hasStream = isStreamed;
    streamHasConf = isStreamed && hasConf stream;
    hasConf = isConfigured;
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
  };
  derivations = { "" = derivationOf value; }
    // (if isStreamed then { stream = derivationOf stream; "stream.conf" = derivationOf (get "conf" stream); } else { })
    // (if isConfigured then { conf = derivationOf value.conf; } else { });
}`;
var factsOnly = `x: { inherit ((${evaluation}) x) facts; }`;
async function readFacts(nix, inputs, runtime) {
  return (await evaluateOnce(factsOnly, inputs, { nix, runtime }))?.facts;
}
function evaluateTarget(nix, inputs, runtime) {
  return evaluateOnce(evaluation, inputs, { nix, runtime });
}
async function evaluateOnce(apply, inputs, place) {
  const target = attributeOf(inputs.target);
  if (target === void 0) return void 0;
  const evaluated = await evaluate(apply, { ...inputs, target }, place);
  if (evaluated !== void 0 || !isDefault(inputs.target)) return evaluated;
  const whole = await evaluate(apply, inputs, place);
  return whole && { ...whole, facts: { ...whole.facts, hasStream: false, streamHasConf: false, hasConf: false } };
}
function isDefault(target) {
  return target.kind === "installable" && /^[^#]*#?$/.test(target.installable);
}
async function evaluate(apply, inputs, { nix, runtime }) {
  const log = createBuildLog(runtime.now);
  const output = ["--json", "--log-format", "internal-json", "--apply", apply];
  const { code, stdout } = await nix.exec(nix.program, ["eval", ...features, ...output, ...targetArguments(inputs)], {
    env: nix.env,
    cwd: runtime.directory,
    // The build evaluates again and reports everything else.
    onErrorLine: (line) => {
      const said = readLogLine(log, line);
      if (said?.text.startsWith("fetching ")) runtime.log.info(said.text);
      if (said !== void 0 && /^(?:creating|updating) lock file /.test(said.text)) {
        runtime.log.warning(withCure(said.text, runtime.directory));
      }
    }
  });
  if (code === 0) return withPublicHomepage(JSON.parse(stdout));
  runtime.log.debug(`No facts: ${[...log.errors, ...log.plain].join("\n")}`);
  return void 0;
}
function withPublicHomepage({ facts, ...evaluated }) {
  return { ...evaluated, facts: { ...facts, homepage: facts.homepage && publicUrl(facts.homepage) } };
}
function attributeToBuild(facts, { native, preferStream }) {
  const stream = preferStream && facts.hasStream ? ["stream"] : [];
  const hasConf = stream.length > 0 ? facts.streamHasConf : facts.hasConf;
  return [...stream, ...native !== "off" && hasConf ? ["conf"] : []].join(".");
}
function chooseTarget(target, facts, preference) {
  const attribute = facts === void 0 ? "" : attributeToBuild(facts, preference);
  return attribute === "" ? target : attributeOf(target, [attribute]) ?? target;
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
async function unpackToolchain(entry, directory, system) {
  requireSystem(entry, system);
  const toolchain = toolchainOf(entry.manifest);
  if (toolchain.length === 0) return void 0;
  const sources = entry.manifest.paths.slice(toolchain.length).filter((path) => isSource(path) && !isThere(path));
  const paths = [...toolchain, ...sources];
  const size = paths.reduce((sum, { narSize }) => sum + narSize, 0);
  const store = join5(directory, "store");
  const targets = new Map(paths.map(({ path }) => [path, join5(store, basename(path))]));
  const parts = await entry.fetchParts(new Set(targets.keys()));
  await requireSpace(size, directory);
  await mkdir(store);
  await readParts({ parts, targets });
  for (const target of targets.values()) if (lstatSync(target).isDirectory()) makeReadOnly(target);
  await writeFile2(join5(directory, ".reginfo"), paths.map(registrationOf).join(""));
  return sources.map(({ path }) => path);
}
function isThere({ path }) {
  return lstatSync(path, { throwIfNoEntry: false }) !== void 0;
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
  let sources;
  const restore = async (wanted) => {
    const fetched2 = await fetching.withNix;
    if (fetched2 === void 0) return false;
    const entry = `the entry ${fetched2.matchedKey}`;
    try {
      sources = await restoreNix(expectEntry(fetched2), wanted, runtime);
      runtime.log.info(`Nix ${wanted.version} ${sources === void 0 ? "is not in" : "restored from"} ${entry}`);
      return sources !== void 0;
    } catch (error) {
      refusal2 = damagedEntryOf(error);
      runtime.log.warning(`Cannot restore Nix ${wanted.version} from ${entry}: ${messageOf(error)}`);
      return false;
    }
  };
  const nix = await openNix(settings, runtime, restore).finally(() => fetching.entry);
  if (nix.installed && name2 !== void 0) await addJobNotes(runtime, { installed: name2 });
  const fetched = await fetching.entry;
  const before = sources && await keepSources(sources, nix, runtime);
  return {
    before,
    nix: { ...nix, installed: nix.installed || installedBefore !== void 0 },
    fetched: fetched && { ...fetched, refusal: fetched.refusal ?? refusal2 }
  };
}
async function findInstalledInJob(settings, runtime) {
  const { installed } = await readJobNotes(runtime);
  const program = findNix(settings, runtime)?.program;
  return program !== void 0 && await isOwnInstallation(program) ? installed : void 0;
}
function restoreNix(entry, release, runtime) {
  return installUnpacked((directory) => unpackToolchain(entry, directory, nixSystem), release, runtime);
}
function damagedEntryOf(error) {
  if (error instanceof DamagedEntry) return error;
  return error instanceof Failure ? new DamagedEntry(error.message, { cause: error }) : void 0;
}

// src/nix/plan-build.ts
var queryPathInfo = 109;
async function planFetch(nix, inputs, runtime) {
  const log = createBuildLog(runtime.now);
  const progress = showProgress(describeTarget(inputs.target), runtime.log);
  const asked = /* @__PURE__ */ new Map();
  const messages = [];
  const warnings = [];
  const output = ["--dry-run", "--json", "--log-format", "internal-json", "--no-link"];
  const args = ["build", ...features, ...output, "--option", "narinfo-cache-positive-ttl", "0"];
  const { code, stdout } = await nix.exec(nix.program, [...args, ...targetArguments(inputs)], {
    env: nix.env,
    cwd: runtime.directory,
    onErrorLine: (line) => {
      progress.read(line);
      const said = readLogLine(log, line);
      if (said?.level === "info") messages.push(...said.text.split("\n"));
      if (said?.level === "warning") warnings.push(said.text);
      const [path2, cache] = askedIn(line) ?? [];
      if (path2 !== void 0 && cache !== void 0) asked.set(path2, cache);
    }
  }).finally(progress.end);
  const more = messages.find((text2) => /^\S.*(?:will be built|know how to build)/.test(text2));
  if (code !== 0 || more !== void 0) {
    runtime.log.debug(withoutLogins(`No plan to fetch: ${more ?? [...log.errors, ...log.plain].join("\n")}`));
    return void 0;
  }
  const fetched = messages.map((text2) => text2.trim()).filter((text2) => isStorePath(text2));
  const { path, ...others } = parseBuilt(stdout, describeTarget(inputs.target));
  return fetched.includes(path) ? { path, ...others, fetched, caches: asked, warnings } : void 0;
}
function askedIn(line) {
  if (!line.startsWith('@nix {"action":"start"')) return void 0;
  try {
    const { type, fields } = JSON.parse(line.slice("@nix ".length));
    return type === queryPathInfo && Array.isArray(fields) ? fields.map(String) : void 0;
  } catch {
    return void 0;
  }
}

// src/nix/substitutes.ts
async function openSubstitutes(plan, nix, directory) {
  const settings = await readSettings(nix);
  const missing = await askCaches(plan, nix, settings);
  const closure = await completeClosure(plan.path, missing, nix);
  await keepPaths(
    nix,
    [...closure.keys()].filter((path) => !missing.has(path)),
    directory
  );
  const files = /* @__PURE__ */ new Map();
  const open = (path) => {
    const substitute = missing.get(path);
    if (substitute === void 0) throw new TypeError(`${path} is not missing.`);
    const file = files.get(path);
    return verified(file === void 0 ? dumpPath(path, substitute, nix) : openFile(file), path, substitute);
  };
  return {
    closure,
    isMissing: (path) => missing.has(path),
    async fetchNar(path) {
      const file = join6(directory, `nar-${randomUUID2()}`);
      await pipeline(open(path), createWriteStream(file, { flags: "wx" }));
      files.set(path, file);
    },
    openNar: open
  };
}
async function askCaches({ fetched, caches }, nix, settings) {
  const found = /* @__PURE__ */ new Map();
  for (const cache of settings.substituters) {
    const isFrom = (path) => withoutParameters(caches.get(path) ?? cache) === withoutParameters(cache);
    const paths = fetched.filter((path) => !found.has(path) && isFrom(path));
    const available = await readAvailable({ ...nix, env: withStore(nix.env, cache) }, paths);
    for (const [path, info] of available) found.set(path, accepted(path, { ...info, cache }, settings));
  }
  const left = fetched.find((path) => !found.has(path));
  if (left === void 0) return found;
  throw new Failure(`no binary cache in substituters has ${left}`);
}
function withoutParameters(url) {
  return url.replace(/\?.*$/, "").replace(/\/$/, "");
}
function isTrusted(url) {
  return /[?&]trusted=(?:true|yes|1)(?:&|$)/.test(url);
}
function accepted(path, substitute, { requireSigs, trustedPublicKeys }) {
  const { cache, signatures, ...info } = substitute;
  const fingerprint = fingerprintOf({ path, ...info });
  if (isTrusted(cache) || !requireSigs || signatures.some((one) => isSigned(fingerprint, one, trustedPublicKeys))) {
    return substitute;
  }
  throw new Failure(`no trusted key has signed what ${withoutLogins(cache)} says of ${path}`);
}
async function completeClosure(root, missing, nix) {
  const reached = /* @__PURE__ */ new Set([root]);
  for (const path of reached) for (const reference of missing.get(path)?.references ?? []) reached.add(reference);
  const local = [...reached].filter((path) => !missing.has(path));
  const there = local.length === 0 ? [] : await readClosure(nix, local);
  const infos = [...reached].flatMap((path) => {
    const { narHash, narSize, references } = missing.get(path) ?? {};
    return narHash === void 0 || narSize === void 0 || references === void 0 ? [] : [[path, { narHash, narSize, references }]];
  });
  return new Map([...there, ...infos].sort(([a], [b]) => a < b ? -1 : 1));
}
async function* dumpPath(path, { cache }, nix) {
  try {
    yield* readProgram(nix.program, ["store", "dump-path", ...features, "--", path], {
      env: withStore(nix.env, cache)
    });
  } catch (cause) {
    throw new NarFault(withoutLogins(`Cannot fetch ${path} from ${cache}: ${messageOf(cause)}`), { cause });
  }
}
async function* verified(nar, path, { narHash, narSize, cache }) {
  const hash2 = createHash2("sha256");
  let size = 0;
  for await (const piece of nar) {
    hash2.update(piece);
    size += piece.length;
    if (size > narSize) break;
    yield Buffer.from(piece.buffer, piece.byteOffset, piece.length);
  }
  if (size === narSize && `sha256:${hash2.digest("hex")}` === narHash) return;
  throw new NarFault(
    `Cannot use ${path} from ${withoutLogins(cache)}: its NAR is not the one of ${narSize} bytes with the hash ${narHash} that the cache announces.`
  );
}

// src/stages/build/pass-on.ts
var NeedsStorePaths = class extends Failure {
  name = "NeedsStorePaths";
};
async function findReuse(inputs, { destination, layout }, confirmed) {
  const { reuse, compression, check, checkReproducible, nixDb } = inputs;
  const areRead = check === "error" || checkReproducible || nixDb;
  if (areRead || !isOnlyPushed(inputs) || layout !== void 0 || reuse === "off" || reuse === "verify" && !confirmed?.size)
    return void 0;
  const { layers: known2 } = await destination.readKnown();
  return known2.size === 0 ? void 0 : { reuse, known: known2, confirmed, compression, onFalseClaim() {
  } };
}
function openPassing({ opening, cache, nix, runtime }) {
  const pool = createPool(1);
  let trusting;
  return (inputs, i) => async (source, facts) => {
    const publication = (await opening)?.[i];
    const areRestored = !inputs.cache.excludeSubstitutable && (cache?.result?.restoredPaths ?? 0) > 0;
    if (publication === void 0 || areRestored || !isPackage(facts)) return void 0;
    if (findUnknown(inputs.buildArgs) !== void 0) return void 0;
    const reuse = await findReuse(inputs, publication, cache?.confirmed);
    if (reuse === void 0) return void 0;
    trusting ??= isTrusted2(nix, runtime);
    return await trusting ? pool(() => passOn({ ...inputs, target: source }, { reuse, nix, runtime })) : void 0;
  };
}
async function isTrusted2(nix, { log }) {
  try {
    if (await isTrustedBy(nix)) return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  const why = "the Nix daemon does not say that this user is one of its trusted-users";
  log.info(`Downloading all store paths, also those whose layers are in a registry: ${why}`);
  return false;
}
async function passOn(inputs, { reuse, nix, runtime }) {
  const plan = await planFetch(nix, inputs, runtime);
  if (plan === void 0) return void 0;
  const { path, drvPath, fetched, warnings } = plan;
  try {
    const substitutes = await openSubstitutes(plan, nix, runtime.temporary);
    for (const warning of warnings) runtime.log.warning(withCure(warning, runtime.directory));
    runtime.log.info(`${path}: binary caches have the ${fetched.length} store paths that are not here`);
    const work = { built: 0, substituted: 0, builds: [] };
    const realise = () => build(nix, inputs, runtime);
    return { path, ...drvPath === void 0 ? {} : { drvPath }, work, passedOn: { substitutes, reuse, realise } };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    runtime.log.info(`Downloading ${path} with all that it refers to: ${withoutLogins(messageOf(error))}`);
    return void 0;
  }
}
function isPackage(facts) {
  return facts?.isDerivation === true && facts.imageName === null && !facts.hasStream && !facts.hasConf;
}
async function orRealised(built, { log }, use) {
  try {
    return await use(built);
  } catch (error) {
    const isPassedOn = built.images.flat().some(({ passedOn }) => passedOn !== void 0);
    if (!isPassedOn || !(error instanceof NarFault || error instanceof NeedsStorePaths)) throw error;
    const text2 = `${messageOf(error)} Downloading all store paths.`;
    if (error instanceof NarFault) log.warning(text2);
    else log.info(text2);
    return use(await log.group("Build", () => realiseAll(built)));
  }
}
async function realiseAll(built) {
  let { built: count2 = 0, substituted = 0, builds = [] } = built.work ?? {};
  const realise = async ({ passedOn, ...image2 }) => {
    if (passedOn === void 0) return image2;
    const { path, work } = await passedOn.realise();
    count2 += work.built;
    substituted += work.substituted;
    builds = [...builds, ...work.builds];
    return { ...image2, path };
  };
  const images = await settleAll(built.images.map((platforms) => settleAll(platforms.map(realise))));
  return { ...built, images, work: { built: count2, substituted, builds } };
}

// src/stages/build/build-images.ts
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
async function buildImages(images, runtime, { opened, opening } = {}) {
  const [common] = images;
  const imported = prebuiltImage(common, runtime);
  if (imported !== void 0) {
    const cache2 = await restoreLayers(common, runtime);
    const save = cache2 && planSaveOfLayers(cache2, { inputs: common, runtime });
    return { images: [[imported]], nixVersion: void 0, cache: cache2?.result, confirmed: cache2?.confirmed, save };
  }
  const { nix, fetched, before, facts } = opened ?? await openBuild(images, runtime);
  const inputs = withAllBuilds(images);
  const cache = await restoreStore(fetched, nix, { inputs, runtime, before });
  return runtime.log.group("Build", async () => {
    const contents = await settleAll(common.contents.map((one) => buildInstallable(one, nix, { inputs, runtime })));
    const paths = contents.map(({ path }) => path);
    const passing = openPassing({ opening, cache, nix, runtime });
    const built = await settleAll(
      images.map((image2, i) => {
        const passOn2 = passing(image2, i);
        const builds = image2.builds.map(
          (one, j) => buildPlatform(one, nix, { inputs: image2, runtime, facts: facts?.[i]?.[j], passOn: passOn2 })
        );
        return settleAll(builds);
      })
    );
    const save = cache && await planSave(cache, [...built.flat(), ...contents], { nix, inputs, runtime });
    return {
      work: workOf([...built.flat(), ...contents]),
      images: built.map((of) => of.map((one) => ({ ...one, nix, contents: paths }))),
      contents,
      nixVersion: nix.version,
      cache: cache?.result,
      confirmed: cache?.confirmed,
      save
    };
  });
}
function openBuild(images, runtime) {
  return runtime.log.group(
    "Toolchain",
    () => openToolchain(withAllBuilds(images), toolchainInputsOf(images[0]), runtime)
  );
}
function withAllBuilds(images) {
  return { ...images[0], builds: images.flatMap((image2) => image2.builds) };
}
function toolchainInputsOf({ cache: { binaryCache, use }, nix, githubToken }) {
  const calls = binaryCache === void 0 || use === "off" ? nix : fetchingFrom(nix, binaryCache);
  return { ...calls, ...githubToken === void 0 ? {} : { githubToken } };
}
function workOf(built) {
  const sum = (key) => built.reduce((total, { work }) => total + work[key], 0);
  return { built: sum("built"), substituted: sum("substituted"), builds: built.flatMap(({ work }) => work.builds) };
}
function buildInstallable(installable, nix, { inputs, runtime }) {
  return build(nix, { ...inputs, target: { kind: "installable", installable } }, runtime);
}
async function buildPlatform({ source, platform }, nix, { inputs, runtime, facts: known2, passOn: passOn2 }) {
  if (source.kind === "path") throw new TypeError("A prebuilt image is never built.");
  const facts = known2 ?? await readFacts(nix, { ...inputs, target: source }, runtime);
  const built = await passOn2(source, facts) ?? await buildMinimal({ source, facts, nix }, { inputs, runtime });
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
  const end = written + 2 * blockSize;
  return Buffer.alloc(Math.ceil(end / recordSize) * recordSize - written);
}
function neededRecords(entry) {
  const records = [];
  const text2 = (key, value, size) => {
    if (value.length > size || !isAscii(value)) records.push([key, value]);
  };
  const number2 = (key, value, digits2) => {
    if (!fitsOctal(value, digits2)) records.push([key, String(value)]);
  };
  text2("path", entry.name, 100);
  text2("linkpath", entry.linkname, 100);
  text2("uname", entry.uname, 32);
  text2("gname", entry.gname, 32);
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
function putText(block, at, text2) {
  let sum = 0;
  for (let i = 0; i < text2.length; i++) sum += block[at + i] = text2.charCodeAt(i);
  return sum;
}
function putOctal(block, at, value, digits2 = 7) {
  let rest = fitsOctal(value, digits2) ? value : 0;
  let sum = 0;
  for (let i = at + digits2 - 1; i >= at; i--) {
    sum += block[i] = 48 + (rest & 7);
    rest = Math.floor(rest / 8);
  }
  return sum;
}
function zeros(length) {
  return Buffer.allocUnsafe(length).fill(0);
}
function fitsOctal(value, digits2) {
  return value >= 0 && value < 8 ** digits2;
}

// src/image/package/root-layer.ts
var owner = { mtime: 1, uid: 0, gid: 0, uname: "root", gname: "root" };
function rootLayer(root, at = "/") {
  const blocks = [...blocksBelow(root, at)];
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
  for (const [name2, entry] of entries) yield* blocksOf(entry, at + name2);
}
function* blocksOf(entry, name2) {
  if (entry instanceof Map) {
    yield blockOf({ name: `${name2}/`, type: "directory", mode: name2 === "/tmp" ? 1023 : 493 });
    yield* blocksBelow(entry, `${name2}/`);
  } else if ("link" in entry) {
    yield blockOf({ name: name2, type: "symlink", mode: 511, linkname: entry.link });
  } else {
    const text2 = typeof entry.text === "string" ? Buffer.from(entry.text) : entry.text;
    yield blockOf({ name: name2, type: "file", mode: 420, size: text2.length });
    yield Buffer.concat([text2], paddedSize(text2.length));
  }
}
function blockOf(fields) {
  return writeTarEntry({ size: 0, linkname: "", ...owner, ...fields }, pythonTar);
}

// src/image/nix-database/sqlite-file.ts
var pageSize = 4096;
var headerSize = 100;
var writeAheadLog = 2;
var writtenBy = 3007e3;
var pageTypes = { table: { inner: 5, leaf: 13 }, index: { inner: 2, leaf: 10 } };
function sqliteFile(schema) {
  const pages = [Buffer.alloc(pageSize)];
  const rows2 = schema.map(({ type, name: name2, table: table2, sql, content }) => {
    const root = content === void 0 ? 0 : writeTree(content, pages);
    return [type, name2, table2, root, sql];
  });
  const first = pageOf({ type: pageTypes.table.leaf, cells: rows2.map((row, i) => rowCell(i + 1, row)) }, headerSize);
  writeHeader(first, pages.length);
  pages[0] = first;
  return Buffer.concat(pages);
}
function writeHeader(page, pageCount) {
  page.write("SQLite format 3\0", 0, "latin1");
  page.writeUInt16BE(pageSize, 16);
  page.set([writeAheadLog, writeAheadLog, 0, 64, 32, 32], 18);
  const changes = 1;
  for (const [at, value] of [
    [24, changes],
    [28, pageCount],
    [40, 1],
    // the cookie of the schema
    [44, 4],
    // the format of the schema
    [56, 1],
    // UTF-8
    [92, changes],
    [96, writtenBy]
  ]) {
    page.writeUInt32BE(value, at);
  }
}
function pageOf({ type, cells, last }, start = 0) {
  const page = Buffer.alloc(pageSize);
  const length = last === void 0 ? 8 : 12;
  if (last !== void 0) page.writeUInt32BE(last, start + 8);
  let end = pageSize;
  for (const [i, cell] of cells.entries()) {
    end -= cell.length;
    page.write(cell, end, "latin1");
    page.writeUInt16BE(end, start + length + 2 * i);
  }
  if (start + length + 2 * cells.length > end) throw new TypeError("Too many cells for a page of a database.");
  page[start] = type;
  page.writeUInt16BE(cells.length, start + 3);
  page.writeUInt16BE(end, start + 5);
  return page;
}
function writeTree(content, pages) {
  const add = (page) => pages.push(pageOf(page));
  return "rows" in content ? writeTable(content, add) : writeIndex(content, add);
}
function writeTable({ rows: rows2 }, add) {
  const { leaf, inner } = pageTypes.table;
  let rowid = 0;
  const leaves = inPages(rows2.map((row, i) => rowCell(i + 1, row)));
  let level = leaves.map((cells) => {
    rowid += cells.length;
    return { page: add({ type: leaf, cells }), largestRowid: rowid };
  });
  while (level.length > 1) {
    level = evenly(level, mostChildren).map((children) => {
      const last = children.at(-1);
      const cells = children.slice(0, -1).map(({ page, largestRowid }) => bigEndian(page, 4) + varint(largestRowid));
      return { page: add({ type: inner, cells, last: last.page }), largestRowid: last.largestRowid };
    });
  }
  return level[0].page;
}
var mostChildren = Math.floor((pageSize - 12) / 11);
function evenly(list2, most) {
  const count2 = Math.ceil(list2.length / most);
  const start = (i) => Math.floor(i * list2.length / count2);
  return Array.from({ length: count2 }, (_, i) => list2.slice(start(i), start(i + 1)));
}
function inPages(cells) {
  const pages = [[]];
  let left = pageSize - 8;
  for (const cell of cells) {
    if (cell.length + 2 > left) {
      pages.push([]);
      left = pageSize - 8;
    }
    left -= cell.length + 2;
    pages.at(-1)?.push(cell);
  }
  return pages;
}
function writeIndex({ entries }, add) {
  let items = entries.map((entry) => ({ entry: entryCell(entry), before: void 0 }));
  let last;
  for (; ; ) {
    const { parts, between } = withEntriesBetween(items);
    const type = last === void 0 ? pageTypes.index.leaf : pageTypes.index.inner;
    const numbers = parts.map((part, i) => {
      const rightmost = i < between.length ? between[i]?.before : last;
      return add({ type, cells: part.map(cellOf), ...rightmost === void 0 ? {} : { last: rightmost } });
    });
    last = numbers.at(-1);
    if (between.length === 0) return last;
    items = between.map(({ entry }, i) => ({ entry, before: numbers[i] }));
  }
}
function cellOf({ entry, before }) {
  return before === void 0 ? entry : bigEndian(before, 4) + entry;
}
function withEntriesBetween(items) {
  const parts = [[]];
  const between = [];
  let left = pageSize - 12;
  for (const item of items) {
    const size = cellOf(item).length + 2;
    if (size <= left) {
      left -= size;
      parts.at(-1)?.push(item);
    } else {
      between.push(item);
      parts.push([]);
      left = pageSize - 12;
    }
  }
  if (between.length > 0 && parts.at(-1)?.length === 0) {
    parts.at(-1)?.push(between.pop());
    between.push(parts.at(-2)?.pop());
  }
  return { parts, between };
}
function rowCell(rowid, row) {
  const record = recordOf(row);
  return varint(record.length) + varint(rowid) + record;
}
var longestEntry = 1002;
function entryCell(entry) {
  const record = recordOf(entry);
  if (record.length > longestEntry) throw new TypeError(`An entry of an index has ${record.length} bytes.`);
  return varint(record.length) + record;
}
function recordOf(values) {
  let types = "";
  let content = "";
  for (const value of values) {
    const { type, bytes } = columnOf(value);
    types += varint(type);
    content += bytes;
  }
  return varint(types.length + 1) + types + content;
}
function columnOf(value) {
  if (value === null) return { type: 0, bytes: "" };
  if (typeof value === "number") return integerOf(value);
  const bytes = bytesOf(value);
  return { type: 13 + 2 * bytes.length, bytes };
}
function integerOf(value) {
  if (value < 2) return { type: 8 + value, bytes: "" };
  const lengths = [1, 2, 3, 4, 6];
  const type = lengths.findIndex((length) => value < 2 ** (8 * length - 1)) + 1;
  return { type, bytes: bigEndian(value, lengths[type - 1]) };
}
function varint(value) {
  let bytes = String.fromCharCode(value % 128);
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes = String.fromCharCode(128 + rest % 128) + bytes;
  }
  return bytes;
}
function bigEndian(value, length) {
  let bytes = "";
  for (let i = length - 1; i >= 0; i--) bytes += String.fromCharCode(Math.floor(value / 256 ** i) % 256);
  return bytes;
}

// src/image/nix-database/nix-database.ts
var databaseSchema = "10";
var registrationTime = 1;
function nixDatabase(paths) {
  const sorted2 = paths.toSorted((a, b) => a.path < b.path ? -1 : 1);
  const idOf = new Map(sorted2.map(({ path }, i) => [path, i + 1]));
  const refs = sorted2.flatMap(
    ({ references }, i) => ascending(references.map((to) => [idOf.get(to)])).map(([to]) => [i + 1, to])
  );
  const byRowid = (column) => ascending(refs.map((ref, i) => [ref[column], i + 1]));
  return sqliteFile([
    table("ValidPaths", validPaths, {
      rows: sorted2.map(({ path, narHash, narSize }) => {
        return [null, path, narHash, registrationTime, null, narSize, null, null, null];
      })
    }),
    constraint("ValidPaths", { entries: sorted2.map(({ path }, i) => [path, i + 1]) }),
    table("sqlite_sequence", "(name,seq)", { rows: [["ValidPaths", sorted2.length]] }),
    table("Refs", referrers, { rows: refs }),
    constraint("Refs", { entries: refs.map(([from, to], i) => [from, to, i + 1]) }),
    index("IndexReferrer", "Refs", "referrer", { entries: byRowid(0) }),
    index("IndexReference", "Refs", "reference", { entries: byRowid(1) }),
    { type: "trigger", name: "DeleteSelfRefs", table: "ValidPaths", sql: deleteSelfRefs },
    table("DerivationOutputs", derivationOutputs, { rows: [] }),
    constraint("DerivationOutputs", { entries: [] }),
    index("IndexDerivationOutputs", "DerivationOutputs", "path", { entries: [] })
  ]);
}
var validPaths = "(id integer primary key autoincrement not null, path text unique not null, hash text not null, registrationTime integer not null, deriver text, narSize integer, ultimate integer, sigs text, ca text)";
var referrers = "(referrer integer not null, reference integer not null, primary key (referrer, reference), foreign key (referrer) references ValidPaths(id) on delete cascade, foreign key (reference) references ValidPaths(id) on delete restrict)";
var deleteSelfRefs = "CREATE TRIGGER DeleteSelfRefs before delete on ValidPaths begin delete from Refs where referrer = old.id and reference = old.id; end";
var derivationOutputs = "(drv integer not null, id text not null, path text not null, primary key (drv, id), foreign key (drv) references ValidPaths(id) on delete cascade)";
function table(name2, columns, content) {
  return { type: "table", name: name2, table: name2, sql: `CREATE TABLE ${name2}${columns}`, content };
}
function index(name2, of, column, content) {
  return { type: "index", name: name2, table: of, sql: `CREATE INDEX ${name2} on ${of}(${column})`, content };
}
function constraint(of, content) {
  return { type: "index", name: `sqlite_autoindex_${of}_1`, table: of, sql: null, content };
}
function ascending(tuples) {
  return tuples.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d);
}

// src/image/nix-database/with-nix-database.ts
async function withNixDatabase(image2, { description: description2, readClosure: readClosure2 }) {
  const paths = [...new Set(image2.layers.flatMap((layer3) => layer3.storePaths ?? layer3.wholeStorePaths ?? []))].sort();
  if (paths.length === 0) {
    throw new Failure(
      `Cannot use nix-db for ${description2}: which store paths its layers contain is not known. Remove nix-db, or build a streamLayeredImage, a nix2container image or a package.`
    );
  }
  const valid = registrationsOf(paths, await readClosure2(paths), description2);
  const comment = "database of Nix";
  const layer2 = { ...rootLayer(filesOf(valid), "/nix/var/"), contents: { paths: [], history: comment } };
  const { rootfs: _, history: history2, ...json } = image2.config.json;
  const entries = Array.isArray(history2) ? history2 : [];
  const config = {
    ...json,
    rootfs: { type: "layers" },
    // An image without history stays without: engines require one entry for each layer, or none.
    ...entries.length === 0 ? {} : { history: [...entries, { created: "1970-01-01T00:00:01Z", comment }] }
  };
  return { ...image2, config: configOf(config, description2), layers: [...image2.layers, layer2] };
}
function registrationsOf(paths, closure, description2) {
  const inImage = new Set(paths);
  return paths.map((path) => {
    const { narHash, narSize, references } = closure.get(path);
    const missing = references.find((reference) => !inImage.has(reference));
    if (missing === void 0) return { path, narHash, narSize, references };
    throw new Failure(
      `Cannot use nix-db for ${description2}: ${path} refers to ${missing}, which is not in the image as a whole store path, so Nix could not register it. Remove nix-db, or put that path into the image.`
    );
  });
}
function filesOf(valid) {
  const referred = new Set(valid.flatMap(({ path, references }) => references.filter((to) => to !== path)));
  const roots = valid.filter(({ path }) => !referred.has(path));
  const links = roots.map(({ path }) => [bytesOf(posix.basename(path)), { link: bytesOf(path) }]);
  const database = /* @__PURE__ */ new Map([
    ["db.sqlite", { text: nixDatabase(valid) }],
    ["schema", { text: databaseSchema }]
  ]);
  const gcroots = /* @__PURE__ */ new Map([["docker", new Map(links)]]);
  return /* @__PURE__ */ new Map([
    [
      "nix",
      /* @__PURE__ */ new Map([
        ["db", database],
        ["gcroots", gcroots]
      ])
    ]
  ]);
}

// src/image/docker-archive.ts
async function openDockerArchive(archive, choice = {}) {
  const entry = chooseEntry(await readManifest(archive), choice, archive.description);
  const config = await readConfig(archive, entry.config);
  const diffIds = diffIdsOf(config) ?? [];
  if (diffIds.length !== entry.layers.length) {
    throw new Failure(
      `Cannot read ${archive.description}: manifest.json lists ${entry.layers.length} layers, but the config lists ${diffIds.length || "no"} diff_ids.`
    );
  }
  const layers = [];
  for (const [i, member] of entry.layers.entries()) layers.push(await openLayer(archive, member, diffIds[i]));
  return { config, layers, layerNames: entry.layers };
}
function chooseEntry(entries, choice, description2) {
  const { imageName } = choice === "first" ? {} : choice;
  const found = imageName === void 0 ? entries : withName(entries, imageName);
  const [entry] = found;
  if (entry !== void 0 && (found.length === 1 || choice === "first")) return entry;
  const held = entries.map(({ names: names2 }) => names2.join(" ") || "one unnamed image").join(", ");
  const why = imageName === void 0 ? `it contains ${entries.length} images (${held})` : `${found.length === 0 ? "none is" : `${found.length} are`} named ${imageName}; it contains ${held}`;
  throw new Failure(
    `Cannot choose an image from ${description2}: ${why}. Set image-name to the name of the one you want.`
  );
}
async function readManifest(archive) {
  const bytes = await archive.read("manifest.json", largestJson);
  const json = parseJson(bytes, `manifest.json of ${archive.description}`);
  const entries = Array.isArray(json) ? json.map(parseEntry) : [];
  if (entries.length > 0 && entries.every((entry) => entry !== void 0)) return entries;
  throw new Failure(
    `Cannot read manifest.json of ${archive.description}: it must be a list of images with Config and Layers.`
  );
}
function parseEntry(value) {
  if (typeof value !== "object" || value === null) return void 0;
  const { Config, Layers, RepoTags } = value;
  const names2 = RepoTags ?? [];
  const layers = Layers === null ? [] : Layers;
  if (typeof Config !== "string" || !isStrings(layers) || !isStrings(names2)) return void 0;
  return { config: Config, layers, names: names2 };
}
function isStrings(value) {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
async function readConfig(archive, member) {
  const bytes = await archive.read(member, largestJson);
  const promised = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(member)?.[1];
  if (promised !== void 0 && digestOf(bytes) !== `sha256:${promised}`) {
    throw new Failure(
      `Cannot use ${archive.description}: its config "${member}" has the digest ${digestOf(bytes)}, but its name states another. Build or download the archive again.`
    );
  }
  return parseConfig(bytes, `the config "${member}" of ${archive.description}`);
}
async function openLayer(archive, member, diffId) {
  const description2 = `the layer "${member}" of ${archive.description}`;
  const size = archive.size(member);
  const open = (options2) => archive.open(member, options2);
  const compression = compressedFormatOf(await readStart3(archive, member));
  if (size === 0) throw new Failure(`Cannot read ${description2}: it is empty.`);
  if (compression === void 0) return { diffId, encoding: "tar", description: description2, size, open };
  if (compression === "xz")
    return { diffId, encoding: "tar", description: description2, open: () => decompress(open(reuseBuffer), "xz", description2) };
  if (compression === "bzip2") {
    throw new Failure(`Cannot read ${description2}: bzip2 is not supported. Use no compression, gzip, zstd or xz.`);
  }
  const mediaType2 = compression === "gzip" ? mediaTypes.layerGzip : mediaTypes.layerZstd;
  const digest2 = blobDigestOf(member);
  const promised = digest2 === void 0 ? {} : { descriptor: { mediaType: mediaType2, digest: digest2, size } };
  return { diffId, encoding: compression, description: description2, size, ...promised, open };
}
async function readStart3(archive, member) {
  for await (const start of archive.open(member)) return start;
  return new Uint8Array(0);
}
function blobDigestOf(member) {
  const hex = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(member)?.[1];
  return hex === void 0 ? void 0 : `sha256:${hex}`;
}

// src/tar/go-tar.ts
var goTar = {
  device: "0000000",
  recordSize: 512,
  splitName(name2) {
    if (!isAscii(name2)) return void 0;
    const end = name2.length > 156 ? 156 : name2.length - Number(name2.endsWith("/"));
    const slash = name2.lastIndexOf("/", end - 1);
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
  const { RE2JS: engine } = await import("./chunk-4APCRM65.mjs");
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
    const [start, end] = [matcher.start(), matcher.end()];
    result += path.slice(done, start);
    if (end > done || start === 0) result += expand(template, path, matcher);
    done = end;
    at = end > at ? end : at + widthAt(path, at);
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
var chunkSize = 256 * 1024;
var startSize = 4 * 1024;
var memory = createBlockMemory(chunkSize + 1);
async function* packFiles(entries, dialect, options2) {
  let written = 0;
  for await (const chunk of packEntries(entries, dialect, options2)) {
    written += chunk.length;
    yield chunk;
  }
  yield writeEnd(written, dialect);
}
async function* packEntries(entries, dialect, options2) {
  const block = options2?.reuseBuffer ? memory.take() : void 0;
  const take = () => block ?? Buffer.allocUnsafeSlow(memory.size);
  try {
    for (const chunk of packChunks(entries, { dialect, take, onMember: options2?.onMember })) {
      yield chunk;
      await setImmediate();
    }
  } catch (cause) {
    if (!isFileSystemError(cause)) throw cause;
    const advice = 'Check the store with "nix-store --verify --check-contents".';
    throw new Failure(`Cannot create a layer: ${messageOf(cause)}. ${advice}`, { cause });
  } finally {
    if (block !== void 0) memory.give(block);
  }
}
var nothing = Buffer.alloc(0);
function* packChunks(entries, { dialect, take, onMember }) {
  let chunk = take();
  let used = 0;
  for (const { header, file } of entries) {
    const blocks = writeTarEntry(header, dialect);
    if (chunkSize - used < blocks.length + Math.min(header.size, startSize)) {
      yield chunk.subarray(0, used);
      chunk = take();
      used = 0;
    }
    chunk.set(blocks, used);
    used += blocks.length;
    if (file === void 0 || header.size === 0) {
      onMember?.(header, nothing);
      continue;
    }
    const descriptor = openSync2(onDisk(file.source), "r");
    try {
      for (let left = file.size; left > 0; ) {
        if (used === chunkSize) {
          yield chunk.subarray(0, used);
          chunk = take();
          used = 0;
        }
        const length = Math.min(left, chunkSize - used);
        const end = used + length;
        const room = chunk.subarray(used, left > length ? end : end + 1);
        if (readAtLeast(length, descriptor, room) !== length) throw changed(file);
        if (left === file.size) onMember?.(header, chunk.subarray(used, used + Math.min(length, startSize)));
        used = end;
        left -= length;
      }
    } finally {
      closeSync2(descriptor);
    }
    chunk.fill(0, used, paddedSize(used));
    used = paddedSize(used);
  }
  if (used > 0) yield chunk.subarray(0, used);
}
function readAtLeast(length, descriptor, into) {
  let got = 0;
  while (got < length) {
    const count2 = readSync2(descriptor, into, got, into.length - got, null);
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

// src/image/store-layer/walk-files.ts
function* walkFiles(storePath, locate) {
  const path = bytesOf(storePath);
  const source = bytesOf(locate(storePath));
  const rest = [""];
  for (let tail = rest.pop(); tail !== void 0; tail = rest.pop()) {
    const file = describe(path + tail, source + tail);
    yield file;
    if (file.type !== "directory") continue;
    for (const name2 of sortNames(readdirSync(onDisk(file.source), "latin1")).reverse()) rest.push(`${tail}/${name2}`);
  }
}
function readTarget({ source }) {
  return readlinkSync(onDisk(source), "latin1");
}
function describe(path, source) {
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

// src/image/store-layer/nix2container-layer.ts
function wholePaths(paths, store) {
  const isWhole = ({ path, options: options2 }) => options2?.rewrite === void 0 && isStorePath(path, store);
  return paths.filter(isWhole).map(({ path }) => path);
}
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
      if (name2 !== "") addFile(nodeAt(root, name2), { file, rules, name: name2 });
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
  const clean = posix3.normalize(name2).replace(/\/$/, "");
  let node = root;
  for (const part of clean.split("/")) {
    node.children ??= /* @__PURE__ */ new Map();
    const next = node.children.get(part) ?? {};
    node.children.set(part, next);
    node = next;
  }
  return node;
}
function addFile(node, { file, rules, name: name2 }) {
  const before = node.file;
  if (before !== void 0) {
    const isSame = before.type === file.type && before.mode === file.mode && before.size === file.size;
    const permsAgree = !node.rules?.hasOptions || node.rules.permsText === rules.permsText;
    if (!isSame || !permsAgree) {
      const both = `${textOf(before.path)} and ${textOf(file.path)}`;
      const difference = isSame ? "perms" : "mode or size";
      throw new Failure(`Cannot create a layer: ${both} both provide ${textOf(name2)}, with different ${difference}.`);
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
function configBlob({ created: created2, arch, "image-config": config, layers }) {
  const history2 = layers.map(({ History = oldHistory }) => new Map(withoutEmpty(Object.entries(History))));
  const rootfs = [
    ["type", "layers"],
    ["diff_ids", layers.map((layer2) => layer2.diff_ids)]
  ];
  const json = new Map([
    ...withoutEmpty([["created", created2]]),
    ["architecture", arch],
    ["os", "linux"],
    ["config", new Map(withoutEmpty(config))],
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
var text = (value, at) => typeof value === "string" ? value : rejectValue(value, at, "a string");
var flag = (value, at) => typeof value === "boolean" ? value : rejectValue(value, at, "true or false");
var count = (value, at) => {
  const number2 = isLosslessNumber(value) && /^[0-9]+$/.test(value.value) ? Number(value.value) : Number.NaN;
  return Number.isSafeInteger(number2) ? number2 : rejectValue(value, at, "a whole number");
};
function object(fields) {
  return (value, at) => {
    const entries = entriesOf(value, at);
    const read = Object.entries(fields).map(([key, shape]) => [key, shape(entries.get(key), below(at, key))]);
    const unknown = [...entries.keys()].find((key) => !Object.hasOwn(fields, key));
    if (unknown === void 0) return Object.fromEntries(read);
    throw new Failure(
      `Cannot read ${formatPosition(below(at, unknown))}: this field is unknown. Known fields are ${Object.keys(fields).join(", ")}.`
    );
  };
}
function list(item) {
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
function formatPosition({ field, file }) {
  return field === "" ? file : `${field} of ${file}`;
}
function entriesOf(value, at) {
  const isObject2 = typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
  return isObject2 ? new Map(Object.entries(value)) : rejectValue(value, at, "an object");
}
function below(at, key) {
  return { ...at, field: at.field === "" ? key : `${at.field}.${key}` };
}

// src/image/nix2container/image-config.ts
function sorted(shape) {
  return (value, at) => new Map([...shape(value, at)].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
}
var names = sorted(mapOf(object({})));
var texts = list(text);
var known = /* @__PURE__ */ new Map([
  ["User", text],
  ["ExposedPorts", names],
  ["Env", texts],
  ["Entrypoint", texts],
  ["Cmd", texts],
  ["Volumes", names],
  ["WorkingDir", text],
  ["Labels", sorted(mapOf(text))],
  ["StopSignal", text],
  ["ArgsEscaped", flag]
]);
var spellings = new Map([...known.keys()].map((name2) => [name2.toLowerCase(), name2]));
var imageConfig = (value, at) => {
  const entries = /* @__PURE__ */ new Map();
  for (const [key, one] of mapOf((any) => any)(value, at)) {
    const name2 = spellings.get(key.toLowerCase()) ?? key;
    if (entries.has(name2))
      throw new Failure(
        `Cannot read ${formatPosition(at)}: it has ${name2} twice, in different spellings. Keep one of them.`
      );
    entries.set(name2, one);
  }
  const fields = [...known].map(([name2, shape]) => {
    const field = { ...at, field: `${at.field}.${name2}` };
    return [name2, optional(nullable(shape, void 0), void 0)(entries.get(name2), field)];
  });
  return new Map([...fields, ...[...entries].filter(([name2]) => !known.has(name2))]);
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
var digest = (value, at) => parseDigest(text(value, at), formatPosition(at));
var architecture = (value, at) => text(value, at) || rejectValue(value, at, "an architecture. Pass the result of pullImage to buildImage as fromImage");
var encodings = {
  [mediaTypes.layerTar]: "tar",
  [mediaTypes.layerGzip]: "gzip",
  [mediaTypes.layerZstd]: "zstd"
};
var mediaType = (value, at) => {
  const name2 = text(value, at);
  const encoding = Object.hasOwn(encodings, name2) ? encodings[name2] : void 0;
  return { name: name2, encoding: encoding ?? rejectValue(value, at, `one of ${Object.keys(encodings).join(", ")}`) };
};
var pathInStore = (value, at) => {
  const path = text(value, at);
  return isInStore(path, at.store) ? path : rejectValue(value, at, "a path in the Nix store");
};
var options = object({
  rewrite: optional(object({ regex: text, repl: text }), void 0),
  perms: optional(list(object({ regex: text, mode: text, uid: count, gid: count, uname: text, gname: text })), [])
});
var history = object({
  created: optional(text, void 0),
  created_by: optional(text, ""),
  author: optional(text, ""),
  comment: optional(text, "")
});
var layer = object({
  digest,
  size: count,
  diff_ids: digest,
  paths: optional(list(object({ path: pathInStore, options: optional(options, void 0) })), []),
  mediatype: mediaType,
  "layer-path": optional(pathInStore, void 0),
  History: optional(history, void 0)
});
var image = object({
  version,
  "image-config": imageConfig,
  layers: nullable(list(layer), []),
  arch: architecture,
  created: optional(nullable(text, void 0), void 0)
});
function parseImageJson(bytes, file, store) {
  return image(parseJson(bytes, file, { parse, largest: longestSettings }), { field: "", file, store });
}

// src/image/nix2container/layer-version.ts
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
async function findVersion(layer2, open) {
  const versions = versionsOf(layer2);
  for (const version2 of versions.slice(0, -1)) {
    const hash2 = createHash3("sha256");
    for await (const chunk of open(version2, reuseBuffer)) hash2.update(chunk);
    if (`sha256:${hash2.digest("hex")}` === layer2.diff_ids) return version2;
  }
  return versions.at(-1) ?? newestVersion;
}

// src/image/store-layer/layer-identity.ts
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
    const hash2 = hashes.get(path);
    if (hash2 !== void 0) return hash2;
    throw new Failure(`Cannot identify a layer: the NAR hash of ${path} is missing.`);
  };
}
function named(kind, key) {
  return `${kind}:${createHash4("sha256").update(JSON.stringify(key)).digest("hex")}`;
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
  const { layers: planned, closure } = await splitPaths([...moved], { image: path, kept, alsoKnown }, split);
  const hashOf = narHashOf(new Map([...closure].map(([one, { narHash }]) => [one, narHash])));
  const open = (paths, of) => ({
    diffId: void 0,
    identity: nix2containerIdentity(paths, of, (one) => hashOf(rootOf(one, store))),
    encoding: "tar",
    contents: contentsOf(paths.map(({ path: path2 }) => path2)),
    wholeStorePaths: wholePaths(paths, store),
    open: (options2) => openNix2containerLayer(paths, locate, { version: of, options: options2 })
  });
  const history2 = asBuilt.config.json.history ?? [];
  const stable = planned.map((paths) => ({
    layer: open(
      paths.map((one) => ({ path: one })),
      version2
    ),
    history: { created_by: "nix2container", comment: storePathsComment(paths) }
  }));
  const stack = layers.flatMap((_, i) => {
    const [one, rest = []] = [divided[i], rests[i]];
    const layer2 = one === void 0 ? asBuilt.layers[i] : rest.length > 0 ? open(rest, one.version) : void 0;
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
  const image2 = parseImageJson(await readImage(path), path, store);
  const config = parseConfig(configBlob(image2), `the config of ${path}`);
  const layers = image2.layers.map((layer2, i) => openLayer2(layer2, { field: `layers[${i}]`, file: path, store }, locate));
  const asBuilt = { config, layers: await Promise.all(layers) };
  return split === void 0 ? asBuilt : splitLayers(asBuilt, { path, layers: image2.layers, store, locate, split });
}
async function readImage(path) {
  try {
    return await readWholeFile(path, longestSettings, `the image ${path}`);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot open the image ${path}: ${messageOf(cause)}.`, { cause });
  }
}
async function openLayer2(layer2, at, locate) {
  const { digest: digest2, diff_ids: diffId, mediatype } = layer2;
  if (mediatype.encoding === "tar" && digest2 !== diffId) {
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
    const position2 = below2(at, `paths[${i}]`);
    await expectThere(lstat(locate(path)), path, position2);
    await expectOptions(options2, below2(position2, "options"));
    if (!isStorePath(path, position2.store)) expectInside(dirname2(path), position2, locate);
  }
  const arePlain = paths.every(({ path, options: options2 }) => options2 === void 0 && isStorePath(path, at.store));
  return {
    diffId: diff_ids,
    encoding: "tar",
    ...size === 0 ? {} : { size },
    description: `${formatPosition(at)} (${listShort(paths.map(({ path }) => path))})`,
    contents: contentsOf(paths.map(({ path }) => path)),
    ...arePlain ? { storePaths: paths.map(({ path }) => path) } : { wholeStorePaths: wholePaths(paths, at.store) },
    reportsMembers: true,
    open: openKnown(layer2, locate)
  };
}
function openKnown(layer2, locate) {
  const [version2, ...others] = versionsOf(layer2);
  const open = (version3, options2) => openNix2containerLayer(layer2.paths, locate, { version: version3, options: options2 });
  if (others.length === 0) return (options2) => open(version2, options2);
  let found;
  return async function* (options2) {
    found ??= findVersion(layer2, open);
    yield* open(await found, options2);
  };
}
async function fileLayer({ digest: digest2, diff_ids, size, mediatype }, { file, at, locate }) {
  const { encoding, name: name2 } = mediatype;
  const facts = await expectThere(stat(locate(file)), file, below2(at, "layer-path"));
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
    ...encoding === "tar" ? {} : { descriptor: { mediaType: name2, digest: digest2, size: real } },
    description: `${formatPosition(at)} (${file})`,
    open: (options2) => openFile(locate(file), options2)
  };
}
async function expectThere(facts, path, at) {
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
function below2(at, field) {
  return { ...at, field: `${at.field}.${field}` };
}
function listShort(paths) {
  const more = paths.length - 3;
  return paths.slice(0, 3).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

// src/lib/start-stream.ts
function startStream(stream) {
  const iterator = stream[Symbol.asyncIterator]();
  let first = inBackground(iterator.next());
  const close = async () => void await iterator.return?.();
  return {
    close,
    [Symbol.asyncIterator]: () => ({
      next() {
        const piece = first ?? iterator.next();
        first = void 0;
        return piece;
      },
      async return() {
        await close();
        return { done: true, value: void 0 };
      }
    })
  };
}

// src/image/store-layer/pack-nar.ts
async function* packNar(nar, options2) {
  let blocks = [];
  const parser = parseNar(tarSink(options2, (block) => void blocks.push(block)));
  for await (const piece of nar) {
    parser.push(piece);
    if (blocks.length > 0) yield Buffer.concat(blocks);
    blocks = [];
  }
  parser.end();
}
var nothing2 = Buffer.alloc(0);
var modes = { plain: 292, executable: 365, symlink: 511 };
function tarSink({ path: storePath, headerOf, options: options2 }, write) {
  const onMember = options2?.onMember;
  const root = bytesOf(storePath);
  let header;
  let start = nothing2;
  const begin = (file, linkname = "") => {
    const { below: below3, ...others } = file;
    if (!isUtf8(below3))
      throw new NarFault(`Cannot make a layer of ${storePath}: the name ${textOf(below3)} is not UTF-8.`);
    header = headerOf({ path: root + below3, ...others }, linkname);
    write(writeTarEntry(header, pythonTar));
    start = nothing2;
    if (header.size === 0) onMember?.(header, nothing2);
  };
  return {
    startDirectory: (below3) => begin({ below: below3, type: "directory", mode: modes.executable, size: 0 }),
    endDirectory() {
    },
    symlink: (below3, target) => begin({ below: below3, type: "symlink", mode: modes.symlink, size: 0 }, target),
    startFile: (below3, isExecutable, size) => begin({ below: below3, type: "file", mode: isExecutable ? modes.executable : modes.plain, size }),
    contents(piece) {
      write(piece);
      if (header === void 0 || onMember === void 0) return;
      const wanted = Math.min(header.size, startSize);
      if (start.length >= wanted) return;
      start = Buffer.concat([start, piece.subarray(0, wanted - start.length)]);
      if (start.length === wanted) onMember(header, start);
    },
    endFile() {
      const size = header?.size ?? 0;
      write(Buffer.alloc(paddedSize(size) - size));
    }
  };
}

// src/image/store-layer/stream-layer.ts
function openStreamLayer(layer2, locate = (path) => path, options2) {
  return packFiles(entriesOf2(layer2, locate), pythonTar, options2);
}
var narsAhead = 3;
async function* openLayerFromNars(layer2, { missing, locate }, options2) {
  let written = 0;
  for await (const chunk of chunks()) {
    written += chunk.length;
    yield chunk;
  }
  yield writeEnd(written, pythonTar);
  async function* chunks() {
    yield* packEntries(storeEntries(layer2), pythonTar, options2);
    const headerOf = headersOf(layer2);
    const left = layer2.paths.filter((path) => missing.isMissing(path));
    const started = [];
    try {
      for (const path of layer2.paths) {
        const isHere = !missing.isMissing(path);
        if (isHere) yield* packEntries(entriesIn(path, layer2, locate), pythonTar, options2);
        if (isHere) continue;
        for (const next of left.splice(0, narsAhead - started.length)) {
          started.push(startStream(missing.openNar(next)));
        }
        const nar = started.shift();
        if (nar !== void 0) yield* packNar(nar, { path, headerOf, options: options2 });
      }
    } finally {
      await Promise.all(started.map((nar) => nar.close()));
    }
  }
}
function* entriesOf2(layer2, locate) {
  yield* storeEntries(layer2);
  for (const path of layer2.paths) yield* entriesIn(path, layer2, locate);
}
function* storeEntries({ nixMode, ...layer2 }) {
  const headerOf = headersOf(layer2);
  for (const path of ["/nix", "/nix/store"]) {
    yield { header: headerOf({ path, type: "directory", mode: nixMode, size: 0 }, "") };
  }
}
function* entriesIn(path, layer2, locate) {
  const headerOf = headersOf(layer2);
  for (const file of walkFiles(path, locate)) {
    yield { header: headerOf(file, file.type === "symlink" ? readTarget(file) : ""), file };
  }
}
function headersOf({ owner: owner3 }) {
  const same = { ...owner3, uname: bytesOf(owner3.uname), gname: bytesOf(owner3.gname) };
  return ({ path, type, mode, size }, linkname) => {
    const name2 = type === "directory" ? `${path}/` : path;
    return { name: name2, type, mode, size, linkname, ...same };
  };
}

// src/image/stream-layered.ts
async function openStreamLayered(options2) {
  const { settingsPath, nixMode, now, locate = (path) => path, store, openBase: openBase2 } = options2;
  const asBuilt = parseStreamSettings(readText(settingsPath), { file: settingsPath, now, store });
  const { fromImage, owner: owner3, isTimeNow } = asBuilt;
  checkPaths(asBuilt, settingsPath, locate);
  const base = fromImage === void 0 ? void 0 : await openBase2(locate(fromImage));
  const { storeLayers, hashes } = await storeLayersOf(asBuilt, base?.layers.length ?? 0, options2);
  const settings = { ...asBuilt, storeLayers };
  const storeLayer3 = (paths) => {
    const layer2 = { paths, owner: owner3, nixMode };
    return {
      diffId: void 0,
      ...hashes === void 0 ? {} : { identity: layerIdentity(layer2, narHashOf(hashes)) },
      encoding: "tar",
      contents: contentsOf(paths),
      storePaths: paths,
      reportsMembers: true,
      open: (options3) => openStreamLayer(layer2, locate, options3)
    };
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
  const { layers, closure } = await splitPaths(paths, { image: settingsPath, kept: baseLayers + 1 }, split);
  return { storeLayers: layers, hashes: new Map([...closure].map(([path, { narHash }]) => [path, narHash])) };
}
function checkPaths(settings, file, locate) {
  const check = (field, path) => {
    try {
      lstatSync3(locate(path));
    } catch (cause) {
      if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
      throw new Failure(
        `Cannot use ${file}: its "${field}" names ${path}, which does not exist. Build the image again, or repair the store with "nix-store --verify --check-contents --repair".`,
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
  const file = join7(directory, "layer.tar");
  const checksum = join7(directory, "checksum");
  const diffId = parseDigest(`sha256:${readText(checksum).trim()}`, checksum);
  const { size } = named2(file, (path) => statSync2(path));
  const description2 = `the layer ${file} (customisation_layer, its checksum next to it)`;
  return { diffId, encoding: "tar", description: description2, size, open: (options2) => openFile(file, options2) };
}
function streamBaseOf({ config, layerNames }) {
  return { layerNames, env: envOf(config.json.config ?? {}, "the base image") };
}
function readText(path) {
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
var mostBytes = 64 * 2 ** 30;
var mostRatio = 200;
var harmless = 2 ** 30;
async function unpackArchive(path, {
  compression,
  directory,
  description: description2
}) {
  const file = join8(await mkdtemp(join8(directory, "image-")), "image.tar");
  const { size } = await stat2(path);
  const { bavail, bsize } = await statfs2(directory);
  const limit = unpackLimit({ size, free: bavail * bsize, directory });
  const plain = decompressReusing(openFile(path, reuseBuffer), compression, description2);
  await writeFile3(file, withByteLimit(plain, limit, description2));
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
async function* withByteLimit(plain, { bytes, why }, description2) {
  let left = bytes;
  for await (const chunk of plain) {
    left -= chunk.length;
    if (left < 0) throw new Failure(`Cannot read ${description2}: it unpacks to more than ${bytes} bytes, ${why}.`);
    yield chunk;
  }
}

// src/image/open-image.ts
var understood = "Supported are dockerTools' buildImage, buildLayeredImage and streamLayeredImage, docker-archives, OCI layouts (directory or tar), nix2container's image.json, and packages.";
var notAStream = "an executable script, but not that of a streamLayeredImage in the Nix store, so it was not run. For an image that runs this script, build a package with it in bin/ (writeShellScriptBin)";
async function openImage(location) {
  const path = resolvePath(location.path);
  const facts = statSync3(path);
  if (facts.isDirectory()) return openDirectory(path, location);
  if (!facts.isFile()) throw refusal(path, "neither a file nor a directory");
  const shape = shapeOf(path);
  if (shape === "script" || shape === "stream-settings") return openStream(path, { ...location, shape });
  if (shape === "nix2container") {
    const image2 = await openNix2container({ path, store: storeDirectoryOf(location.env), split: location.split });
    return { image: image2, shape: "nix2container image" };
  }
  if (shape !== "unknown") rejectSplit(path, `an archive (${shape})`, location);
  if (shape === "tar") return openArchive(path, path, { ...location, shape: "plain" });
  if (shape === "unknown") throw refusal(path, describeFile(path));
  return openArchive(await unpack(path, shape, location.directory), path, { ...location, shape });
}
async function openDirectory(path, location) {
  const files = openLayoutDirectory(path, describeImage(path));
  if (files.has("oci-layout")) {
    rejectSplit(path, "an OCI layout", location);
    return { image: await openOciLayout(files, location), shape: "OCI layout" };
  }
  const found = describeDirectory(path);
  if (found !== void 0) throw refusal(path, found);
  const store = storeDirectoryOf(location.env);
  if (!isStorePath(path, store)) {
    throw refusal(path, `a directory without oci-layout. A package must be a store path, right below ${store}`);
  }
  if (location.openPackage !== void 0) return { image: await location.openPackage(path), shape: "package" };
  throw refusal(path, "a directory, but not an OCI layout; opening it as a package requires Nix");
}
async function openArchive(file, path, { shape, ...choice }) {
  const archive = await indexArchive(file, describeImage(path));
  if (archive.has("manifest.json")) {
    return { image: await openDockerArchive(archive, choice), shape: `docker-archive (${shape})` };
  }
  if (archive.has("oci-layout"))
    return { image: await openOciLayout(archive, choice), shape: `OCI archive (${shape})` };
  throw refusal(path, "a tar archive without manifest.json and without oci-layout");
}
async function openStream(path, location) {
  const { native, log, directory, now, shape } = location;
  const store = storeDirectoryOf(location.env);
  const found = native === "off" ? void 0 : findStreamSettings({ path });
  if (found?.native) {
    const openBase2 = async (archive2) => {
      if (!staysInStore(archive2, store)) throw refusal(archive2, `not in the store ${store}, where a base must be`);
      return openDockerArchive(await openBaseArchive(archive2, directory), "first");
    };
    const narHashes = location.narHashes === void 0 ? {} : { narHashes: location.narHashes };
    const image2 = await openStreamLayered({ ...found, ...narHashes, split: location.split, now, store, openBase: openBase2 });
    if (image2.isTimeNow)
      log.warning(
        'The files in the image have the time of the run (mtime = "now"), so its layers differ in every run.'
      );
    return { image: image2, shape: "streamLayeredImage, read from its settings", usesClock: usesClock(found.settingsPath) };
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
  rejectSplit(path, `an image that its script writes${found === void 0 ? "" : ` (${found.why})`}`, location);
  if (found !== void 0) log.info(`Running the script ${path}: ${found.why}.`);
  const archive = await newFile(directory);
  await writeArchive(path, script, archive);
  const opened = await openArchive(archive, path, { ...location, shape: "written by its script" });
  return { ...opened, usesClock: usesClock(script.settings) };
}
function usesClock(settingsPath) {
  const { created: created2, mtime } = parseJsonObject(readSettings2(settingsPath), settingsPath, { largest: longestSettings });
  return created2 === "now" || mtime === "now";
}
async function openBaseArchive(path, directory) {
  const shape = shapeOf(path);
  if (shape === "tar") return indexArchive(path, describeImage(path));
  if (shape !== "gzip" && shape !== "zstd" && shape !== "xz") throw refusal(path, describeFile(path));
  return indexArchive(await unpack(path, shape, directory), describeImage(path));
}
function unpack(path, compression, directory) {
  return unpackArchive(path, { compression, directory, description: describeImage(path) });
}
async function newFile(directory) {
  return join9(await mkdtemp2(join9(directory, "image-")), "image.tar");
}
async function writeArchive(path, { program, settings }, file) {
  const { code, stderr } = await runProgram(program, [settings], { env: {}, output: createWriteStream2(file) });
  if (code === 0) return;
  throw new Failure(
    `Cannot read the image ${path}: the script failed with exit code ${code}.
${stderr.slice(-4e3).trimEnd()}`
  );
}
function rejectSplit(path, description2, { split }) {
  if (split === void 0) return;
  throw new Failure(
    `Cannot use layering: stable for ${path}: it is ${description2}, whose layers are fixed. Remove layering, or build a streamLayeredImage, a nix2container image or a package.`
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
function describeImage(path) {
  return `the image ${path}`;
}
function refusal(path, found) {
  return new Failure(`Cannot use ${path} as an image: it is ${found}. ${understood}`);
}

// src/image/package/list-nar.ts
async function listNar(nar) {
  const files = /* @__PURE__ */ new Map();
  const parser = parseNar(listingSink(files));
  for await (const piece of nar) parser.push(piece);
  parser.end();
  return files;
}
function listingSink(files) {
  let [last, hash2] = [void 0, createHash5("sha256")];
  const add = (path, facts) => {
    last = { isExecutable: false, size: 0, target: "", names: [], hash: "", ...facts };
    files.set(path, last);
    const slash = path.lastIndexOf("/");
    if (path !== "") files.get(path.slice(0, slash))?.names.push(path.slice(slash + 1));
  };
  return {
    startDirectory: (path) => add(path, { type: "directory" }),
    endDirectory() {
    },
    symlink: (path, target) => add(path, { type: "symlink", target }),
    startFile(path, isExecutable, size) {
      add(path, { type: "file", isExecutable, size });
      hash2 = createHash5("sha256");
    },
    contents: (piece) => void hash2.update(piece),
    endFile() {
      if (last !== void 0) last.hash = hash2.digest("hex");
    }
  };
}

// src/image/package/link-tree.ts
function linkTree(claims, tree) {
  const merged = /* @__PURE__ */ new Map();
  function link(names2, at) {
    tree.expectListed([...names2.values()].flat());
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
    const [one, two, shared] = [first.link, paths[other] ?? "", at].map(textOf);
    throw new Failure(
      `Cannot link ${one} and ${two}: both provide ${shared}, with different content. Remove one of them.`
    );
  }
  function linkDirectory(directories, at) {
    const key = [...new Set(directories.map(({ path }) => path))].join("\0");
    const sharedPath = merged.get(key);
    if (sharedPath !== void 0) return { link: sharedPath };
    merged.set(key, at);
    return link(pathsByName(directories, tree), at);
  }
  function isSameFile(a, b) {
    if (a?.type !== "file" || b?.type !== "file") return false;
    if (a.path === b.path) return true;
    return a.isExecutable === b.isExecutable && a.size === b.size && tree.hash(a) === tree.hash(b);
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
function findMainProgram({ path, mainProgram }, tree) {
  const bin = posix5.join(path, "bin");
  if (mainProgram && tree.find(bytesOf(posix5.join(bin, mainProgram)))?.isExecutable)
    return posix5.join(bin, mainProgram);
  const directory = tree.find(bytesOf(bin));
  const names2 = directory?.type === "directory" ? tree.list(directory) : [];
  const visible = names2.filter((name2) => !name2.startsWith("."));
  tree.expectListed(visible.map((name2) => `${bytesOf(bin)}/${name2}`));
  const programs = visible.filter((name2) => tree.find(`${bytesOf(bin)}/${name2}`)?.isExecutable).map(textOf);
  const [only] = programs;
  if (!mainProgram && only !== void 0 && programs.length === 1) return posix5.join(bin, only);
  const found = programs.length === 0 ? "no executable" : `the executables ${programs.join(", ")}`;
  return new Failure(
    mainProgram ? `Cannot find the main program of ${path}: meta.mainProgram is "${mainProgram}", but its bin has ${found}. Correct meta.mainProgram, or set Entrypoint in config.` : `Cannot find the main program of ${path}: its bin has ${found}. Set meta.mainProgram of the package, or Entrypoint in config.`
  );
}

// src/image/package/package-config.ts
var description = "the config of the image";
function checkConfig(config) {
  checkSpecFields(config, description);
  if (envOf(config, description).every((entry) => /^[^=]+=/.test(entry))) return;
  throw new Failure(`Cannot use ${description}: its field "Env" is not a list of NAME=value.`);
}
function mergeConfigs(configs) {
  const merged = configs.reduce((before, config) => {
    const { Cmd: _, ...withoutCmd } = before;
    const kept = Object.hasOwn(config, "Entrypoint") ? withoutCmd : before;
    const Env = config.Env === null ? [] : mergeEnv(checkedEnv(before), checkedEnv(config));
    return { ...kept, ...config, Env: Env.length === 0 ? null : Env };
  }, {});
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}
function checkedEnv(config) {
  return envOf(config, "the base image");
}

// src/image/package/store-tree.ts
var UnlistedPaths = class extends Error {
  paths;
  constructor(paths) {
    super(`${paths.join(", ")} are not listed`);
    this.paths = paths;
  }
};
function filesOnDisk(storeDirectory2, locate) {
  const sourceOf = (path) => {
    const storePath = storePathOf(path, bytesOf(storeDirectory2));
    return onDisk(bytesOf(locate(textOf(storePath))) + path.slice(storePath.length));
  };
  return {
    describe(path) {
      try {
        const stats = lstatSync4(sourceOf(path));
        return { type: typeOf2(stats), isExecutable: (stats.mode & 73) !== 0, size: stats.size };
      } catch (error) {
        if (hasCode(error, "ENOENT", "ENOTDIR")) return void 0;
        throw error;
      }
    },
    readTarget: (path) => readlinkSync2(sourceOf(path), "latin1"),
    list: (path) => readdirSync2(sourceOf(path), "latin1"),
    hash: (path) => createHash6("sha256").update(readFileSync3(sourceOf(path))).digest("hex")
  };
}
function typeOf2(stats) {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "symlink" : "other";
}
function storePathOf(path, storeDirectory2) {
  const end = path.indexOf("/", storeDirectory2.length + 1);
  return end < 0 ? path : path.slice(0, end);
}
function openStoreTree(storeDirectory2, files) {
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
    const facts = files.describe(here);
    if (facts?.type !== "symlink") return facts && here;
    return follow(posix6.resolve(directory, files.readTarget(here)));
  }
  function unlistedFor(path) {
    try {
      follow(path);
      return [];
    } catch (error) {
      if (error instanceof UnlistedPaths) return error.paths;
      throw error;
    }
  }
  return {
    expectListed(paths) {
      const unlisted = /* @__PURE__ */ new Set();
      for (const path of paths) for (const one of unlistedFor(path)) unlisted.add(one);
      if (unlisted.size > 0) throw new UnlistedPaths([...unlisted]);
    },
    find(path) {
      const real = follow(path);
      const facts = real === void 0 || real === root ? void 0 : files.describe(real);
      if (real === void 0 || facts === void 0) return void 0;
      const { type, isExecutable, size } = facts;
      if (type !== "file" && type !== "directory") return void 0;
      return { path: real, type, isExecutable: type === "file" && isExecutable, size };
    },
    list: ({ path }) => files.list(path).toSorted(),
    hash: ({ path }) => files.hash(path)
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
  const { layersAbove = 0 } = options2;
  if (layering === "as-built") {
    throw new Failure(
      `Cannot use layering: as-built for ${path}: it is a package, which has no layers yet. Use stable, which is the default, or popularity.`
    );
  }
  checkConfig(options2.config);
  if (user !== void 0) checkUser(user, { isOnBase: base !== void 0 });
  checkClosure(options2);
  checkPlatform(options2);
  const { missing } = options2;
  const storeDirectory2 = posix7.dirname(path);
  const tree = openStoreTree(storeDirectory2, missing?.files ?? filesOnDisk(storeDirectory2, locate));
  const root = rootOf2(options2, tree);
  const top = root.size === 0 ? [] : [rootLayer(root)];
  const below3 = base?.layers ?? [];
  const room = maxLayers - below3.length - top.length - layersAbove;
  if (room < 1) {
    throw new Failure(
      `Cannot build an image of ${path} with ${maxLayers} layers: the base has ${below3.length}, links at the root and layers on top take ${top.length + layersAbove}, and the store needs at least one. Increase max-layers.`
    );
  }
  const store = layersOfClosure(layering, options2.closure, room);
  const layers = [...below3, ...store.map((paths) => storeLayer2(paths, options2)), ...top];
  const comments = [...store.map(storePathsComment), ...top.map(() => "links at /")];
  const config = mergeConfigs([baseConfigOf(base), ownConfig(options2, options2.config, tree), options2.config]);
  const history2 = [...baseHistory(base), ...comments.map((comment) => ({ created, comment }))];
  return { config: imageConfig2(options2, config, history2), layers };
}
function checkClosure({ path, contents, closure }) {
  const storeDirectory2 = posix7.dirname(path);
  for (const root of [path, ...contents]) {
    if (!closure.has(root)) throw new Failure(`Cannot build an image of ${path}: ${root} is missing from its closure.`);
  }
  for (const storePath of closure.keys()) {
    if (posix7.isAbsolute(storePath) && posix7.dirname(storePath) === storeDirectory2) continue;
    throw new Failure(
      `Cannot build an image of ${path}: "${storePath}" in its closure is not a path in ${storeDirectory2}.`
    );
  }
}
function checkPlatform({ path, base, architecture: architecture2 }) {
  if (base === void 0) return;
  const { os, architecture: of } = base.config.json;
  if (os === "linux" && of === architecture2) return;
  throw new Failure(
    `Cannot build an image of ${path} on this base: the package is for linux/${architecture2}, but the base is for ${os}/${of}.`
  );
}
function storeLayer2(paths, { closure, locate = (same) => same, missing }) {
  const layer2 = { paths, owner: owner2, nixMode: 493 };
  const isWhole = missing === void 0 || !paths.some(missing.isMissing);
  return {
    diffId: void 0,
    identity: layerIdentity(layer2, (path) => closure.get(path)?.narHash ?? ""),
    encoding: "tar",
    contents: contentsOf(paths),
    storePaths: paths,
    reportsMembers: true,
    open: (use) => isWhole ? openStreamLayer(layer2, locate, use) : openLayerFromNars(layer2, { missing, locate }, use)
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
function ownConfig(options2, config, tree) {
  const program = findMainProgram(options2, tree);
  const isNamed = Object.hasOwn(config, "Entrypoint") || Object.hasOwn(config, "Cmd");
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
  const { layers, config } = base ?? { layers: [], config: { json: {} } };
  const { history: history2 } = config.json;
  const fits = Array.isArray(history2) && history2.filter((entry) => entry?.empty_layer !== true).length === layers.length;
  return fits ? history2 : layers.map(() => ({ created }));
}
function imageConfig2({ path, architecture: architecture2, base }, config, history2) {
  const variant = base?.config.json.variant;
  const json = {
    created,
    architecture: architecture2,
    ...variant === void 0 ? {} : { variant },
    os: "linux",
    config,
    rootfs: { type: "layers" },
    history: history2
  };
  return configOf(json, `the image of ${path}`);
}

// src/image/package/open-missing-package.ts
var fetchesAtATime = 8;
async function openMissingPackage(options2, missing) {
  const { path, locate = (same) => same } = options2;
  const listings = /* @__PURE__ */ new Map();
  const pool = untilFailure(createPool(fetchesAtATime));
  const list2 = (one) => pool(async () => {
    await missing.fetchNar(one);
    listings.set(one, await listNar(missing.openNar(one)));
  });
  if (missing.isMissing(path)) await list2(path);
  const names2 = listings.get(path)?.get("")?.names ?? [];
  if (!names2.includes("bin") || names2.includes("oci-layout")) return void 0;
  const { isMissing, openNar } = missing;
  const files = listedFiles(posix8.dirname(path), {
    listings,
    isMissing,
    disk: filesOnDisk(posix8.dirname(path), locate)
  });
  for (; ; ) {
    try {
      return openPackageImage({ ...options2, missing: { isMissing, openNar, files } });
    } catch (error) {
      if (!(error instanceof UnlistedPaths)) throw error;
      await settleAll(error.paths.map(list2));
    }
  }
}
function listedFiles(storeDirectory2, { listings, isMissing, disk }) {
  const find = (path) => {
    const root = storePathOf(path, bytesOf(storeDirectory2));
    const storePath = textOf(root);
    if (!isMissing(storePath)) return "on disk";
    const listing = listings.get(storePath);
    if (listing === void 0) throw new UnlistedPaths([storePath]);
    return listing.get(path.slice(root.length));
  };
  const orOnDisk = (path, of, onDisk2) => {
    const file = find(path);
    return file === "on disk" ? onDisk2(path) : of(file);
  };
  return {
    describe: (path) => orOnDisk(path, (file) => file, disk.describe),
    readTarget: (path) => orOnDisk(path, (file) => file?.target ?? "", disk.readTarget),
    list: (path) => orOnDisk(path, (file) => file?.names ?? [], disk.list),
    hash: (path) => orOnDisk(path, (file) => file?.hash ?? "", disk.hash)
  };
}

// src/stages/open/name-layers.ts
async function nameLayers(image2, nix, known2) {
  const named3 = withContents(image2);
  const paths = named3.layers.flatMap(({ contents }) => contents?.paths.map(({ path }) => path) ?? []);
  if (nix === void 0 || paths.length === 0) return named3;
  const sizes = known2 === void 0 ? await readNarSizes(nix, [...new Set(paths)]) : void 0;
  const withSizes = ({ contents, ...layer2 }) => ({
    ...layer2,
    contents: contents && {
      ...contents,
      paths: contents.paths.map(({ path }) => ({ path, narSize: sizes?.get(path) ?? known2?.get(path)?.narSize }))
    }
  });
  return { ...named3, layers: named3.layers.map(withSizes) };
}

// src/stages/open/open-base.ts
async function openBase({ base, imageName }, platform, { runtime, access }) {
  if (base === void 0) return void 0;
  const remote = baseImageName(base);
  if (remote !== void 0) {
    const client = await openClient(remote, { ...access, actions: "pull", mountSources: [] });
    const image3 = await openRemoteImage(client, remote.name, platform);
    return { image: image3, named: { name: fullNameOf(base), digest: image3.digest } };
  }
  const { env, log, temporary: directory } = runtime;
  const location = {
    path: runtime.resolve(base),
    directory,
    env,
    log,
    now: runtime.now(),
    native: "off",
    platform
  };
  const { image: image2 } = await openImage({ ...location, ...imageName === void 0 ? {} : { imageName } });
  return { image: image2 };
}
function fullNameOf(base) {
  const [name2 = "", digest2] = base.split("@");
  const reference = parseReference(name2);
  const isTagged = name2.lastIndexOf(":") > name2.lastIndexOf("/");
  return digest2 === void 0 || isTagged ? formatReference(reference) : `${formatRepository(reference)}@${digest2}`;
}

// src/stages/open/open-source.ts
function openPrebuilt(images, context) {
  const imported = prebuiltImage(images[0], context.runtime);
  return imported && inBackground(openSources(images, { images: [[imported]] }, context));
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
function labelSources(publications, sources, { built: { images, confirmed, nixVersion }, rebuilt, runtime }) {
  return publications.map((publication, i) => {
    const { inputs, metadata } = publication;
    const platforms = (sources[i] ?? []).map(({ image: image2, description: description2, split, openAgain }, j) => {
      runtime.log.info(description2);
      const built = images[i]?.[j];
      const meta = built.facts;
      const labelled = labelImage(image2, metadata, { inputs, meta, runtime });
      const quiet = { ...runtime, log: { ...runtime.log, info: runtime.log.debug } };
      const labelAgain = async () => labelImage((await openAgain()).image, metadata, { inputs, meta, runtime: quiet });
      const isListed = inputs.sbom.formats.length > 0;
      const from = { built, source: inputs.builds[j]?.source, inputs, runtime };
      const readInventory = async () => (await import("./chunk-ZBGY6XSD.mjs")).readInventory(image2, from);
      return {
        ...labelled,
        split,
        readInventory: isListed ? readInventory : void 0,
        openAgain: inputs.checkReproducible ? labelAgain : void 0
      };
    });
    const derivations = (images[i] ?? []).flatMap(({ drvPath }) => drvPath ?? []);
    return { ...publication, platforms, confirmed, built: { nixVersion, derivations, rebuilt, reused: void 0 } };
  });
}
async function openSource(built, context) {
  const { inputs, runtime } = context;
  const { path, nix, platform: wanted, passedOn } = built;
  const { log } = runtime;
  const closure = passedOn && await wholeClosure(passedOn, built);
  const {
    image: opened,
    shape,
    usesClock: usesClock2 = false
  } = closure === void 0 ? await openBuilt(built, context) : { image: await openPackage(path, closure, { built, ...context }), shape: "package" };
  const whole = inputs.nixDb ? await register(opened, { path, shape, nix }) : opened;
  const image2 = await nameLayers(whole, nix, closure);
  if (passedOn !== void 0) expectKnown(image2, passedOn, log);
  const platform = platformOf(image2.config);
  if (shape !== "package") refusePackageInputs(inputs, shape);
  const isStable = inputs.layering === "stable" || shape === "package" && inputs.layering === void 0;
  const split = isStable || nix === void 0 ? void 0 : splitFor(inputs, path, nix);
  const description2 = `${path}: ${shape}, ${platform}, ${image2.layers.length} layers`;
  if (wanted === void 0) noticeForeign(platform, log);
  if (wanted === void 0 || closestTo(wanted, [platform], (one) => one).length > 0)
    return { image: image2, usesClock: usesClock2, shape, description: description2, split, openAgain: () => openSource(built, context) };
  throw new Failure(`Cannot use the image ${path} for ${wanted}: it is for ${platform}. Build it for that platform.`);
}
function openBuilt(built, context) {
  const { inputs, runtime } = context;
  const { path, nix, platform: wanted } = built;
  const { log, env, temporary } = runtime;
  return openImage({
    ...inputs.imageName === void 0 ? {} : { imageName: inputs.imageName },
    ...wanted === void 0 ? {} : { platform: wanted },
    path,
    directory: temporary,
    env,
    log,
    now: runtime.now(),
    native: inputs.native,
    ...nix === void 0 ? {} : { narHashes: (paths) => hashesIfKnown(paths, nix, log) },
    split: inputs.layering === "stable" ? splitFor(inputs, path, nix) : void 0,
    ...nix === void 0 ? {} : {
      openPackage: async (storePath) => {
        const closure = await readClosure(nix, [storePath, ...built.contents]);
        return openPackage(storePath, closure, { built, ...context });
      }
    }
  });
}
async function wholeClosure({ substitutes }, { contents, nix }) {
  const ofContents = contents.length === 0 || nix === void 0 ? [] : await readClosure(nix, contents);
  return new Map([...ofContents, ...substitutes.closure]);
}
function expectKnown(image2, { substitutes, reuse }, log) {
  const missing = (layers) => layers.flatMap(({ storePaths = [] }) => storePaths.filter(substitutes.isMissing));
  const needed = missing(image2.layers.filter((layer2) => reuseLayer(layer2, reuse) === void 0));
  const all = missing(image2.layers);
  const sizeOf = (paths) => formatSize(paths.reduce((sum, path) => sum + (substitutes.closure.get(path)?.narSize ?? 0), 0));
  const count2 = `${needed.length} of ${all.length} store paths (${sizeOf(needed)} of ${sizeOf(all)})`;
  if (2 * needed.length > all.length) throw new NeedsStorePaths(`New layers need ${count2}.`);
  log.info(`New layers need ${count2}. The others are not downloaded, since a registry has their layers.`);
}
function register(image2, { path, shape, nix }) {
  const description2 = `${path} (${shape})`;
  const readRegistered = async (paths) => {
    if (nix !== void 0) return readClosure(nix, paths);
    throw new Failure(
      `Cannot use nix-db for ${description2}: without Nix, its store paths are unknown. Install Nix, or remove nix-db.`
    );
  };
  return withNixDatabase(image2, { description: description2, readClosure: readRegistered });
}
function noticeForeign(platform, log) {
  const own = `linux/${hostArchitecture}`;
  if (closestTo(own, [platform], (one) => one).length > 0) return;
  log.notice(
    `The image is for ${platform}, but this machine is ${own}. If that is intended, set platform: ${platform}.`
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
function splitFor({ maxLayers, nixDb }, image2, nix) {
  return {
    maxLayers,
    layersAbove: nixDb ? 1 : 0,
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
async function openPackage(path, closure, { built, ...context }) {
  const { facts, contents, passedOn } = built;
  const { user, layering, maxLayers, nixDb, config = {} } = context.inputs;
  const architecture2 = facts?.system ? imageArchitecture(facts.system) : hostArchitecture;
  const base = await openBase(context.inputs, `linux/${architecture2}`, context);
  const options2 = {
    path,
    contents,
    closure,
    mainProgram: facts?.mainProgram,
    config,
    user,
    layering,
    maxLayers,
    layersAbove: nixDb ? 1 : 0,
    architecture: architecture2,
    base: base?.image
  };
  const image2 = passedOn === void 0 ? openPackageImage(options2) : await openMissingPackage(options2, passedOn.substitutes);
  if (image2 === void 0) throw new NeedsStorePaths(`${path} may be an image, which has to be read.`);
  return base?.named === void 0 ? image2 : { ...image2, base: base.named };
}
function refusePackageInputs(inputs, shape) {
  const imported = Object.entries({
    config: inputs.config !== void 0,
    contents: inputs.contents.length > 0,
    user: inputs.user !== void 0,
    base: inputs.base !== void 0,
    "layering: popularity": inputs.layering === "popularity",
    "max-layers": inputs.maxLayers !== void 0 && inputs.layering !== "stable"
  }).filter(([, isGiven]) => isGiven);
  if (imported.length === 0) return;
  const names2 = imported.map(([name2]) => name2).join(", ");
  throw new Failure(
    `Cannot use ${names2}: these inputs apply to packages, but Nix built an image (${shape}). Remove them.`
  );
}

export {
  createBuildLog,
  readLogLine,
  evaluateTarget,
  attributeToBuild,
  orRealised,
  prebuiltImage,
  buildImages,
  openBuild,
  openStreamLayer,
  openPrebuilt,
  openSources,
  labelSources
};
