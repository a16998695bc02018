import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  compareImages,
  formatPackage,
  nameLayer,
  packagesBySize,
  sizeOfLayers
} from "./chunk-4D7CEC3M.mjs";
import {
  baseImageName,
  buildImages,
  checkVersion,
  chooseTarget,
  deriveLabels,
  describeFile,
  indexArchive,
  isPrebuilt,
  labelImage,
  labelSources,
  openBuild,
  openLayer,
  openLayoutDirectory,
  openLayoutImages,
  openPrebuilt,
  openSources,
  parseDescriptor,
  readBlob as readBlob2,
  readConfig,
  readFacts,
  readManifest,
  readStored,
  remoteImageOf,
  shapeOf,
  showReading,
  splitPaths
} from "./chunk-CYB4L7XX.mjs";
import {
  attachArtifact,
  claimsSame,
  expectAttached,
  formatStatement,
  predicateTypes,
  readAttached
} from "./chunk-WKV5GGVD.mjs";
import {
  bundleType,
  parseBundle
} from "./chunk-3Y44LDC5.mjs";
import {
  restoreSources
} from "./chunk-2WX7X74Z.mjs";
import {
  checkDescriptor,
  checkDiffId,
  createMeter,
  drain,
  identityOf,
  isPassedOn,
  openTar,
  packLayer,
  watchLayer
} from "./chunk-LZ4Q3MM3.mjs";
import {
  checkImage,
  fetchResult,
  formatResult,
  largestEntry,
  parseResult,
  resultKey,
  saveAfter
} from "./chunk-7NQ5JIBW.mjs";
import {
  maySave
} from "./chunk-KHDMYFLA.mjs";
import {
  readWholeFile
} from "./chunk-26MOZYYU.mjs";
import {
  GitHubError,
  deleteTags,
  nixSystem,
  openFiles,
  openGitHubApi,
  openLogin,
  openTagStore,
  semver_default
} from "./chunk-2ZAGE6CE.mjs";
import {
  RegistryError,
  annotationsOf,
  blobOf,
  byRepository,
  checkMayPush,
  checkedImage,
  closestTo,
  compilePattern,
  efficiencyOf,
  findManifest,
  getManifest,
  hasBlob,
  isDenied,
  isPath,
  isSamePlatform,
  isSameRepository,
  isUnknownContent,
  joinMetadata,
  keysNotAllowed,
  manifestBlob,
  metadataOfEnvironment,
  noMetadata,
  normalizePlatform,
  openBlob,
  openClient,
  openTransport,
  parseMetadataJson,
  parsePlatform,
  placeAnnotations,
  putManifest,
  readBlob,
  readManifestIfThere,
  readsAtATime,
  ruleIds,
  rules,
  sortedAnnotations,
  uploadBlob,
  withoutKeys,
  withoutRepeats
} from "./chunk-ZHPDOGFP.mjs";
import {
  formatReference,
  formatRepository,
  parseImageName,
  parseReference,
  parseRepository
} from "./chunk-RYZTQ7VR.mjs";
import {
  createdOf,
  diffIdsOf,
  labelsOf,
  parseConfig,
  platformOf,
  withDiffIds
} from "./chunk-F6TB5S6D.mjs";
import {
  features,
  targetArguments
} from "./chunk-I6KOPCOT.mjs";
import {
  compressionName,
  defaultCompression,
  encodingOf,
  reuseBuffer,
  secretIn
} from "./chunk-REXRYIA7.mjs";
import {
  resolveCreated,
  sbomOf,
  sbomTypes,
  withoutLogins
} from "./chunk-PG3CCCZV.mjs";
import {
  formatSize
} from "./chunk-ANYIBTUE.mjs";
import {
  escapeControls,
  oneLine
} from "./chunk-KE3VB7AW.mjs";
import {
  findProgram,
  runProgram
} from "./chunk-MEXKEPMQ.mjs";
import {
  claimKey,
  contentsInHistory,
  layerEncoding,
  layerFactsOf,
  mediaTypeOf,
  withBlobsKept,
  withFacts
} from "./chunk-ROPKUCAE.mjs";
import {
  isDescriptor,
  mediaTypes,
  storeDirectoryOf
} from "./chunk-G5OCPV4E.mjs";
import {
  largestJson,
  objectIn,
  parseJson,
  parseJsonObject
} from "./chunk-LI5CVXRG.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import {
  digestOf,
  hexOf,
  isDigest
} from "./chunk-LZSYUQMR.mjs";
import {
  createPool,
  inBackground,
  settleAll
} from "./chunk-3M57GHHF.mjs";
import {
  Failure,
  hasCode,
  messageOf,
  sentence
} from "./chunk-WFDJKZW3.mjs";
import {
  __commonJS,
  __toESM
} from "./chunk-DNGIBJ4B.mjs";

// node_modules/@renovatebot/pep440/lib/version.js
var require_version = __commonJS({
  "node_modules/@renovatebot/pep440/lib/version.js"(exports, module) {
    var VERSION_PATTERN = [
      "v?",
      "(?:",
      /* */
      "(?:(?<epoch>[0-9]+)!)?",
      // epoch
      /* */
      "(?<release>[0-9]+(?:\\.[0-9]+)*)",
      // release segment
      /* */
      "(?<pre>",
      // pre-release
      /*    */
      "[-_\\.]?",
      /*    */
      "(?<pre_l>(a|b|c|rc|alpha|beta|pre|preview))",
      /*    */
      "[-_\\.]?",
      /*    */
      "(?<pre_n>[0-9]+)?",
      /* */
      ")?",
      /* */
      "(?<post>",
      // post release
      /*    */
      "(?:-(?<post_n1>[0-9]+))",
      /*    */
      "|",
      /*    */
      "(?:",
      /*        */
      "[-_\\.]?",
      /*        */
      "(?<post_l>post|rev|r)",
      /*        */
      "[-_\\.]?",
      /*        */
      "(?<post_n2>[0-9]+)?",
      /*    */
      ")",
      /* */
      ")?",
      /* */
      "(?<dev>",
      // dev release
      /*    */
      "[-_\\.]?",
      /*    */
      "(?<dev_l>dev)",
      /*    */
      "[-_\\.]?",
      /*    */
      "(?<dev_n>[0-9]+)?",
      /* */
      ")?",
      ")",
      "(?:\\+(?<local>[a-z0-9]+(?:[-_\\.][a-z0-9]+)*))?"
      // local version
    ].join("");
    module.exports = {
      VERSION_PATTERN,
      valid: valid2,
      clean: clean3,
      explain: explain2,
      parse,
      stringify
    };
    var validRegex = new RegExp("^" + VERSION_PATTERN + "$", "i");
    function valid2(version) {
      return validRegex.test(version) ? version : null;
    }
    var cleanRegex = new RegExp("^\\s*" + VERSION_PATTERN + "\\s*$", "i");
    function clean3(version) {
      return stringify(parse(version, cleanRegex));
    }
    function parse(version, regex) {
      const { groups } = (regex || validRegex).exec(version) || {};
      if (!groups) {
        return null;
      }
      const parsed = {
        epoch: Number(groups.epoch ? groups.epoch : 0),
        release: groups.release.split(".").map(Number),
        pre: normalize_letter_version(groups.pre_l, groups.pre_n),
        post: normalize_letter_version(
          groups.post_l,
          groups.post_n1 || groups.post_n2
        ),
        dev: normalize_letter_version(groups.dev_l, groups.dev_n),
        local: parse_local_version(groups.local)
      };
      return parsed;
    }
    function stringify(parsed) {
      if (!parsed) {
        return null;
      }
      const { epoch, release, pre, post, dev, local } = parsed;
      const parts = [];
      if (epoch !== 0) {
        parts.push(`${epoch}!`);
      }
      parts.push(release.join("."));
      if (pre) {
        parts.push(pre.join(""));
      }
      if (post) {
        parts.push("." + post.join(""));
      }
      if (dev) {
        parts.push("." + dev.join(""));
      }
      if (local) {
        parts.push(`+${local}`);
      }
      return parts.join("");
    }
    function normalize_letter_version(letterIn, numberIn) {
      let letter = letterIn;
      let number = numberIn;
      if (letter) {
        if (!number) {
          number = 0;
        }
        letter = letter.toLowerCase();
        if (letter === "alpha") {
          letter = "a";
        } else if (letter === "beta") {
          letter = "b";
        } else if (["c", "pre", "preview"].includes(letter)) {
          letter = "rc";
        } else if (["rev", "r"].includes(letter)) {
          letter = "post";
        }
        return [letter, Number(number)];
      }
      if (!letter && number) {
        letter = "post";
        return [letter, Number(number)];
      }
      return null;
    }
    function parse_local_version(local) {
      if (local) {
        return local.split(/[._-]/).map(
          (part) => Number.isNaN(Number(part)) ? part.toLowerCase() : Number(part)
        );
      }
      return null;
    }
    function explain2(version) {
      const parsed = parse(version);
      if (!parsed) {
        return parsed;
      }
      const { epoch, release, pre, post, dev, local } = parsed;
      let base_version = "";
      if (epoch !== 0) {
        base_version += epoch + "!";
      }
      base_version += release.join(".");
      const is_prerelease = Boolean(dev || pre);
      const is_devrelease = Boolean(dev);
      const is_postrelease = Boolean(post);
      return {
        epoch,
        release,
        pre,
        post: post ? post[1] : post,
        dev: dev ? dev[1] : dev,
        local: local ? local.join(".") : local,
        public: stringify(parsed).split("+", 1)[0],
        base_version,
        is_prerelease,
        is_devrelease,
        is_postrelease
      };
    }
  }
});

// node_modules/@renovatebot/pep440/lib/operator.js
var require_operator = __commonJS({
  "node_modules/@renovatebot/pep440/lib/operator.js"(exports, module) {
    var { parse } = require_version();
    module.exports = {
      compare,
      rcompare,
      lt,
      le,
      eq,
      ne,
      ge,
      gt,
      "<": lt,
      "<=": le,
      "==": eq,
      "!=": ne,
      ">=": ge,
      ">": gt,
      "===": arbitrary
    };
    function lt(version, other) {
      return compare(version, other) < 0;
    }
    function le(version, other) {
      return compare(version, other) <= 0;
    }
    function eq(version, other) {
      return compare(version, other) === 0;
    }
    function ne(version, other) {
      return compare(version, other) !== 0;
    }
    function ge(version, other) {
      return compare(version, other) >= 0;
    }
    function gt(version, other) {
      return compare(version, other) > 0;
    }
    function arbitrary(version, other) {
      return version.toLowerCase() === other.toLowerCase();
    }
    function compare(version, other) {
      const parsedVersion = parse(version);
      const parsedOther = parse(other);
      const keyVersion = calculateKey(parsedVersion);
      const keyOther = calculateKey(parsedOther);
      return pyCompare(keyVersion, keyOther);
    }
    function rcompare(version, other) {
      return -compare(version, other);
    }
    function pyCompare(elemIn, otherIn) {
      let elem = elemIn;
      let other = otherIn;
      if (elem === other) {
        return 0;
      }
      if (Array.isArray(elem) !== Array.isArray(other)) {
        elem = Array.isArray(elem) ? elem : [elem];
        other = Array.isArray(other) ? other : [other];
      }
      if (Array.isArray(elem)) {
        const len = Math.min(elem.length, other.length);
        for (let i = 0; i < len; i += 1) {
          const res = pyCompare(elem[i], other[i]);
          if (res !== 0) {
            return res;
          }
        }
        return elem.length - other.length;
      }
      if (elem === -Infinity || other === Infinity) {
        return -1;
      }
      if (elem === Infinity || other === -Infinity) {
        return 1;
      }
      return elem < other ? -1 : 1;
    }
    function calculateKey(input) {
      const { epoch } = input;
      let { release, pre, post, local, dev } = input;
      release = release.concat();
      release.reverse();
      while (release.length && release[0] === 0) {
        release.shift();
      }
      release.reverse();
      if (!pre && !post && dev) pre = -Infinity;
      else if (!pre) pre = Infinity;
      if (!post) post = -Infinity;
      if (!dev) dev = Infinity;
      if (!local) {
        local = -Infinity;
      } else {
        local = local.map(
          (i) => Number.isNaN(Number(i)) ? [-Infinity, i] : [Number(i), ""]
        );
      }
      return [epoch, release, pre, post, dev, local];
    }
  }
});

// node_modules/@renovatebot/pep440/lib/specifier.js
var require_specifier = __commonJS({
  "node_modules/@renovatebot/pep440/lib/specifier.js"(exports, module) {
    var { VERSION_PATTERN, explain: explainVersion } = require_version();
    var Operator = require_operator();
    var RANGE_PATTERN = [
      "(?<operator>(===|~=|==|!=|<=|>=|<|>))",
      "\\s*",
      "(",
      /*  */
      "(?<version>(?:" + VERSION_PATTERN.replace(/\?<\w+>/g, "?:") + "))",
      /*  */
      "(?<prefix>\\.\\*)?",
      /*  */
      "|",
      /*  */
      "(?<legacy>[^,;\\s)]+)",
      ")"
    ].join("");
    module.exports = {
      RANGE_PATTERN,
      parse,
      satisfies,
      filter,
      validRange,
      maxSatisfying,
      minSatisfying
    };
    var isEqualityOperator = (op) => ["==", "!=", "==="].includes(op);
    var rangeRegex = new RegExp("^" + RANGE_PATTERN + "$", "i");
    function parse(ranges) {
      if (!ranges.trim()) {
        return [];
      }
      const specifiers = ranges.split(",").map((range) => rangeRegex.exec(range.trim()) || {}).map(({ groups }) => {
        if (!groups) {
          return null;
        }
        let { ...spec } = groups;
        const { operator, version, prefix, legacy } = groups;
        if (version) {
          spec = { ...spec, ...explainVersion(version) };
          if (operator === "~=") {
            if (spec.release.length < 2) {
              return null;
            }
          }
          if (!isEqualityOperator(operator) && spec.local) {
            return null;
          }
          if (prefix) {
            if (!isEqualityOperator(operator) || spec.dev || spec.local) {
              return null;
            }
          }
        }
        if (legacy && operator !== "===") {
          return null;
        }
        return spec;
      });
      if (specifiers.filter(Boolean).length !== specifiers.length) {
        return null;
      }
      return specifiers;
    }
    function filter(versions2, specifier, options = {}) {
      const filtered = pick(versions2, specifier, options);
      if (filtered.length === 0 && options.prereleases === void 0) {
        return pick(versions2, specifier, { prereleases: true });
      }
      return filtered;
    }
    function maxSatisfying(versions2, range, options) {
      const found = filter(versions2, range, options).sort(Operator.compare);
      return found.length === 0 ? null : found[found.length - 1];
    }
    function minSatisfying(versions2, range, options) {
      const found = filter(versions2, range, options).sort(Operator.compare);
      return found.length === 0 ? null : found[0];
    }
    function pick(versions2, specifier, options) {
      const parsed = parse(specifier);
      if (!parsed) {
        return [];
      }
      return versions2.filter((version) => {
        const explained = explainVersion(version);
        if (!parsed.length) {
          return explained && !(explained.is_prerelease && !options.prereleases);
        }
        return parsed.reduce((pass, spec) => {
          if (!pass) {
            return false;
          }
          return contains({ ...spec, ...options }, { version, explained });
        }, true);
      });
    }
    function satisfies(version, specifier, options = {}) {
      const filtered = pick([version], specifier, options);
      return filtered.length === 1;
    }
    function arrayStartsWith(array, prefix) {
      if (prefix.length > array.length) {
        return false;
      }
      for (let i = 0; i < prefix.length; i += 1) {
        if (prefix[i] !== array[i]) {
          return false;
        }
      }
      return true;
    }
    function contains(specifier, input) {
      const { explained } = input;
      let { version } = input;
      const { ...spec } = specifier;
      if (spec.prereleases === void 0) {
        spec.prereleases = spec.is_prerelease;
      }
      if (explained && explained.is_prerelease && !spec.prereleases) {
        return false;
      }
      if (spec.operator === "~=") {
        let compatiblePrefix = spec.release.slice(0, -1).concat("*").join(".");
        if (spec.epoch) {
          compatiblePrefix = spec.epoch + "!" + compatiblePrefix;
        }
        return satisfies(version, `>=${spec.version}, ==${compatiblePrefix}`, {
          prereleases: spec.prereleases
        });
      }
      if (spec.prefix) {
        const isMatching = explained.epoch === spec.epoch && arrayStartsWith(explained.release, spec.release);
        const isEquality = spec.operator !== "!=";
        return isEquality ? isMatching : !isMatching;
      }
      if (explained) {
        if (explained.local && spec.version) {
          version = explained.public;
          spec.version = explainVersion(spec.version).public;
        }
      }
      if (spec.operator === "<" || spec.operator === ">") {
        if (Operator.eq(spec.release.join("."), explained.release.join("."))) {
          return false;
        }
      }
      const op = Operator[spec.operator];
      return op(version, spec.version || spec.legacy);
    }
    function validRange(specifier) {
      return Boolean(parse(specifier));
    }
  }
});

// node_modules/@renovatebot/pep440/lib/semantic.js
var require_semantic = __commonJS({
  "node_modules/@renovatebot/pep440/lib/semantic.js"(exports, module) {
    var { explain: explain2, parse, stringify } = require_version();
    module.exports = {
      major: major2,
      minor: minor2,
      patch: patch2,
      inc
    };
    function major2(input) {
      const version = explain2(input);
      if (!version) {
        throw new TypeError("Invalid Version: " + input);
      }
      return version.release[0];
    }
    function minor2(input) {
      const version = explain2(input);
      if (!version) {
        throw new TypeError("Invalid Version: " + input);
      }
      if (version.release.length < 2) {
        return 0;
      }
      return version.release[1];
    }
    function patch2(input) {
      const version = explain2(input);
      if (!version) {
        throw new TypeError("Invalid Version: " + input);
      }
      if (version.release.length < 3) {
        return 0;
      }
      return version.release[2];
    }
    function inc(input, release, preReleaseIdentifier) {
      let identifier = preReleaseIdentifier || `a`;
      const version = parse(input);
      if (!version) {
        return null;
      }
      if (!["a", "b", "c", "rc", "alpha", "beta", "pre", "preview"].includes(
        identifier
      )) {
        return null;
      }
      switch (release) {
        case "premajor":
          {
            const [majorVersion] = version.release;
            version.release.fill(0);
            version.release[0] = majorVersion + 1;
          }
          version.pre = [identifier, 0];
          delete version.post;
          delete version.dev;
          delete version.local;
          break;
        case "preminor":
          {
            const [majorVersion, minorVersion = 0] = version.release;
            version.release.fill(0);
            version.release[0] = majorVersion;
            version.release[1] = minorVersion + 1;
          }
          version.pre = [identifier, 0];
          delete version.post;
          delete version.dev;
          delete version.local;
          break;
        case "prepatch":
          {
            const [majorVersion, minorVersion = 0, patchVersion = 0] = version.release;
            version.release.fill(0);
            version.release[0] = majorVersion;
            version.release[1] = minorVersion;
            version.release[2] = patchVersion + 1;
          }
          version.pre = [identifier, 0];
          delete version.post;
          delete version.dev;
          delete version.local;
          break;
        case "prerelease":
          if (version.pre === null) {
            const [majorVersion, minorVersion = 0, patchVersion = 0] = version.release;
            version.release.fill(0);
            version.release[0] = majorVersion;
            version.release[1] = minorVersion;
            version.release[2] = patchVersion + 1;
            version.pre = [identifier, 0];
          } else {
            if (preReleaseIdentifier === void 0 && version.pre !== null) {
              [identifier] = version.pre;
            }
            const [letter, number] = version.pre;
            if (letter === identifier) {
              version.pre = [letter, number + 1];
            } else {
              version.pre = [identifier, 0];
            }
          }
          delete version.post;
          delete version.dev;
          delete version.local;
          break;
        case "major":
          if (version.release.slice(1).some((value) => value !== 0) || version.pre === null) {
            const [majorVersion] = version.release;
            version.release.fill(0);
            version.release[0] = majorVersion + 1;
          }
          delete version.pre;
          delete version.post;
          delete version.dev;
          delete version.local;
          break;
        case "minor":
          if (version.release.slice(2).some((value) => value !== 0) || version.pre === null) {
            const [majorVersion, minorVersion = 0] = version.release;
            version.release.fill(0);
            version.release[0] = majorVersion;
            version.release[1] = minorVersion + 1;
          }
          delete version.pre;
          delete version.post;
          delete version.dev;
          delete version.local;
          break;
        case "patch":
          if (version.release.slice(3).some((value) => value !== 0) || version.pre === null) {
            const [majorVersion, minorVersion = 0, patchVersion = 0] = version.release;
            version.release.fill(0);
            version.release[0] = majorVersion;
            version.release[1] = minorVersion;
            version.release[2] = patchVersion + 1;
          }
          delete version.pre;
          delete version.post;
          delete version.dev;
          delete version.local;
          break;
        default:
          return null;
      }
      return stringify(version);
    }
  }
});

// node_modules/@renovatebot/pep440/index.js
var require_pep440 = __commonJS({
  "node_modules/@renovatebot/pep440/index.js"(exports, module) {
    var { valid: valid2, clean: clean3, explain: explain2, parse } = require_version();
    var { lt, le, eq, ne, ge, gt, compare, rcompare } = require_operator();
    var {
      filter,
      maxSatisfying,
      minSatisfying,
      RANGE_PATTERN,
      satisfies,
      validRange
    } = require_specifier();
    var { major: major2, minor: minor2, patch: patch2, inc } = require_semantic();
    module.exports = {
      // version
      valid: valid2,
      clean: clean3,
      explain: explain2,
      parse,
      // operator
      lt,
      le,
      lte: le,
      eq,
      ne,
      neq: ne,
      ge,
      gte: ge,
      gt,
      compare,
      rcompare,
      // range
      filter,
      maxSatisfying,
      minSatisfying,
      RANGE_PATTERN,
      satisfies,
      validRange,
      // semantic
      major: major2,
      minor: minor2,
      patch: patch2,
      inc
    };
  }
});

// src/tar/write-tar.ts
import { pipeline } from "node:stream/promises";
async function* writeTar(members) {
  const { default: tarStream } = await import("./chunk-2TBTAT7O.mjs");
  const archive = tarStream.pack();
  fill(archive, members).catch((error) => archive.destroy(error));
  yield* archive;
}
async function fill(archive, members) {
  for await (const member of members) {
    const { name, size } = member;
    const entry = archive.entry({ name, size, type: "file", mode: 420, uid: 0, gid: 0, mtime: /* @__PURE__ */ new Date(0) });
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
  const blobs = [...images.flatMap((image) => [...image.layers, image.configBlob, image.manifest]), root];
  const members = blobs.map(({ descriptor, open: open2 }) => ({
    name: `blobs/sha256/${hexOf(descriptor.digest)}`,
    size: descriptor.size,
    open: open2
  }));
  return [
    ...new Map(members.map((member) => [member.name, member])).values(),
    textMember("index.json", JSON.stringify(indexOf(root, references))),
    textMember("oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" }))
  ];
}
function indexOf({ descriptor }, references) {
  const named = references.map((reference) => ({
    ...descriptor,
    annotations: {
      "io.containerd.image.name": formatReference(reference),
      "org.opencontainers.image.ref.name": reference.tag
    }
  }));
  return { schemaVersion: 2, mediaType: mediaTypes.index, manifests: named.length === 0 ? [descriptor] : named };
}
async function dockerArchiveMembers({ images, references }) {
  const image = onlyOf(images);
  const layers = await Promise.all(
    image.layers.map(async (layer) => ({
      name: `${hexOf(layer.diffId)}/layer.tar`,
      size: await layer.tarSize(),
      open: layer.openTar
    }))
  );
  const { descriptor, open: open2 } = image.configBlob;
  const config = { name: `${hexOf(descriptor.digest)}.json`, size: descriptor.size, open: open2 };
  const manifest = [
    { Config: config.name, RepoTags: references.map(formatReference), Layers: layers.map((layer) => layer.name) }
  ];
  return [
    ...new Map(layers.map((layer) => [layer.name, layer])).values(),
    config,
    textMember("manifest.json", JSON.stringify(manifest))
  ];
}
function onlyOf(images) {
  const [image] = images;
  if (image !== void 0 && images.length === 1) return image;
  throw new Failure(
    `Cannot write an image for ${images.length} platforms as a docker-archive, which holds one platform. Use oci or oci-archive.`
  );
}
function textMember(name, text2) {
  const bytes = Buffer.from(text2);
  return {
    name,
    size: bytes.length,
    async *open() {
      yield bytes;
    }
  };
}

// src/local/load-engine.ts
async function loadIntoEngine(image, env) {
  const engine = findEngine(env);
  const { code: code2, stderr } = await runProgram(engine, ["load"], {
    env,
    input: writeTar(await dockerArchiveMembers(image))
  });
  if (code2 === 0) return engine;
  throw new Failure(
    `Cannot load the image: ${engine} load failed with exit code ${code2}.
${stderr.slice(-2e3).trimEnd()}`
  );
}
function findEngine(env) {
  for (const engine of ["docker", "podman"]) {
    if (findProgram(engine, env) !== void 0) return engine;
  }
  throw new Failure("Cannot load the image: neither docker nor podman is on PATH. Install one, or set load to false.");
}

// src/nix/derivation.ts
var withoutImports = [
  ...["--option", "allow-import-from-derivation", "false"],
  ...["--option", "eval-cache", "false"]
];
async function readDerivation(nix, inputs, runtime) {
  const args = ["path-info", ...features, "--derivation", ...targetArguments(inputs)];
  const { code: code2, stdout, stderr } = await nix.exec(nix.program, args, { env: nix.env, cwd: runtime.directory });
  if (code2 === 0 && /^\S+\.drv\n$/.test(stdout)) return stdout.trim();
  runtime.log.debug(`No derivation: ${stderr.trim()}`);
  return void 0;
}

// src/inputs/shaping-inputs.ts
var shares = {
  mode: false,
  installable: ({ name, builds }) => [name, builds],
  file: ({ builds }) => builds,
  attr: ({ builds }) => builds,
  path: ({ builds }) => builds,
  from: false,
  sources: false,
  "build-args": ({ buildArgs }) => buildArgs,
  impure: ({ impure }) => impure,
  native: ({ native }) => native,
  "prefer-stream": ({ preferStream }) => preferStream,
  "image-name": ({ imageName }) => imageName,
  platform: ({ platforms }) => platforms,
  config: ({ config }) => config,
  contents: ({ contents }) => contents,
  user: ({ user }) => user,
  base: ({ base }) => base,
  layering: ({ layering }) => layering,
  "max-layers": ({ maxLayers }) => maxLayers,
  images: false,
  tags: false,
  flavor: false,
  labels: false,
  annotations: false,
  annotate: false,
  metadata: false,
  revision: false,
  created: false,
  "allow-labels": false,
  push: false,
  "push-by-digest": false,
  "if-exists": false,
  "dry-run": false,
  preflight: false,
  // A result was accepted by these rules, and its files are not looked at again.
  check: ({ check }) => check,
  "check-ignore": ({ checkIgnore }) => checkIgnore,
  comment: false,
  username: false,
  password: false,
  "github-token": false,
  "insecure-registries": false,
  compression: ({ compression = defaultCompression }) => compressionName(compression),
  // Without either, compressed layers stay unchanged.
  "compression-level": ({ compression }) => compression !== void 0,
  reuse: ({ reuse }) => reuse,
  "reuse-from": false,
  rebuild: false,
  cache: false,
  "cache-save": false,
  "cache-key-files": false,
  "cache-key-extra": ({ cache }) => cache.keyExtra,
  "cache-exclude-substitutable": false,
  "cache-max-size": false,
  "cache-keep": false,
  "cache-to": false,
  "cache-signing-key": false,
  "nix-version": ({ nix }) => nix.nixVersion,
  "nix-version-strict": ({ nix }) => nix.nixVersionStrict,
  "nix-url": ({ nix }) => nix.nixUrl,
  "nix-sha256": ({ nix }) => nix.nixSha256,
  substituters: ({ nix }) => nix.substituters,
  "trusted-public-keys": ({ nix }) => nix.trustedPublicKeys,
  builders: ({ nix }) => nix.builders,
  "nix-conf": ({ nix }) => nix.nixConf.filter((line) => !isToken(line)),
  sign: false,
  "signing-key": false,
  provenance: false,
  sbom: false,
  "sbom-file": false,
  "allow-unattested": false,
  "attest-to-github": false,
  "signing-config": false,
  load: false,
  output: false,
  "export-metadata": false
};
function isToken(line) {
  return /^(extra-)?access-tokens\s*=/.test(line);
}
function shapingInputs(inputs) {
  const shaping = Object.entries(shares).flatMap(
    ([name, share]) => share === false ? [] : [[name, share(inputs) ?? null]]
  );
  return Object.fromEntries(shaping);
}

// src/nix/local-flake.ts
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
var largestLock = 16 << 20;
async function readLocalFlake(installable, resolve) {
  const directory = findFlake(resolve(directoryOf(installable)));
  if (directory === void 0) throw new Failure(`${installable} has no flake.nix on this machine`);
  const lock = await readLock(join(directory, "flake.lock"));
  const unlocked = lock === void 0 ? void 0 : findUnlocked(lock);
  if (unlocked === void 0) return { directory, lock };
  throw new Failure(`flake.lock in ${directory} does not pin the input ${unlocked}`);
}
function directoryOf(installable) {
  const [, path, query = ""] = /^(?:git\+file:(?:\/\/(?=\/))?)?((?:\.{0,2}(?:\/[^?#]*)?))(?:\?([^#]*))?(?:#.*)?$/s.exec(installable) ?? [];
  if (path === void 0 || /^\/nix\/store\//.test(path))
    throw new Failure(`${installable} is not a flake in a Git repository on this machine`);
  const parameters = [...new URLSearchParams(query)];
  const unknown = parameters.find(([name]) => !["dir", "submodules", "lfs"].includes(name));
  if (unknown !== void 0) throw new Failure(`${installable} has the parameter ${unknown[0]}`);
  const below = parameters.find(([name]) => name === "dir")?.[1];
  return join(path === "" ? "." : path, below ?? "");
}
function findFlake(directory) {
  if (!existsSync(directory)) return void 0;
  for (let at = realpathSync(directory); ; at = dirname(at)) {
    if (existsSync(join(at, "flake.nix"))) return at;
    if (dirname(at) === at) return void 0;
  }
}
async function readLock(path) {
  try {
    return (await readWholeFile(path, largestLock, path)).toString();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return void 0;
    throw error;
  }
}
function findUnlocked(lock) {
  const json = parseJson(lock, "flake.lock", { largest: largestLock });
  const { nodes, root } = isObject(json) ? json : {};
  if (!isObject(nodes)) throw new Failure("flake.lock has no nodes");
  const isPinned = ([name, node]) => {
    if (name === root) return true;
    const { locked, parent } = isObject(node) ? node : {};
    const { narHash, rev } = isObject(locked) ? locked : {};
    return typeof narHash === "string" || typeof rev === "string" || Array.isArray(parent);
  };
  return Object.entries(nodes).find((node) => !isPinned(node))?.[0];
}

// src/stages/build/find-decisive.ts
async function findDecisive(images, context) {
  try {
    return await readDecisive(images, context);
  } catch (error) {
    context.runtime.log.debug(`The result of this build has no key: ${messageOf(error)}`);
    return void 0;
  }
}
async function readDecisive(images, { runtime, access }) {
  const { env } = runtime;
  if (env.NIX_PATH) throw new Failure("NIX_PATH is set");
  for (const inputs of images) refuseImpure(inputs);
  const installables = images.flatMap(({ builds, contents }) => [...builds.map(installableOf), ...contents]);
  return {
    source: { flakes: await readFlakes(new Set(installables), runtime) },
    system: nixSystem,
    store: storeDirectoryOf(env),
    settings: settingsOf(env.NIX_CONFIG ?? ""),
    images: await Promise.all(
      images.map(async (inputs) => ({ inputs: shapingInputs(inputs), base: await readBaseDigest(inputs, access) }))
    )
  };
}
function refuseImpure({ impure, reuse, buildArgs }) {
  if (impure) throw new Failure("impure is set");
  if (reuse === "off") throw new Failure("reuse: off makes every layer");
  const unknown = buildArgs.find((argument) => !harmlessArguments.has(argument) && !/^\d+$/.test(argument));
  if (unknown !== void 0) throw new Failure(`build-args has ${unknown}, which may read more than the checkout`);
}
var harmlessArguments = /* @__PURE__ */ new Set([
  ...["-L", "--print-build-logs", "-v", "--verbose", "--quiet", "--show-trace", "--accept-flake-config"],
  ...[
    "-k",
    "--keep-going",
    "-K",
    "--keep-failed",
    "--fallback",
    "-j",
    "--max-jobs",
    "--cores",
    "--no-update-lock-file"
  ]
]);
function installableOf({ source }) {
  if (source.kind === "installable") return source.installable;
  throw new Failure(`${source.kind} is not evaluated as a flake`);
}
async function readFlakes(installables, { resolve, cleanCommit }) {
  const flakes = await Promise.all([...installables].map((installable) => readLocalFlake(installable, resolve)));
  const locks = new Map(flakes.map(({ directory, lock }) => [directory, lock]));
  const read = async ([directory, lock]) => {
    const commit = await cleanCommit(directory);
    if (commit !== void 0) return { commit, lock };
    throw new Failure(`the files in ${directory} differ from the commit that is checked out, or git cannot tell`);
  };
  return Promise.all([...locks].map(read));
}
function settingsOf(text2) {
  return text2.split("\n").filter((line) => line.trim() !== "" && !/^\s*(extra-)?access-tokens\s*=/.test(line));
}
async function readBaseDigest({ base }, access) {
  if (base === void 0) return void 0;
  const named = baseImageName(base);
  if (named === void 0) throw new Failure("base is a file");
  if (isDigest(named.name)) return named.name;
  const client = await openClient(named, { ...access, actions: "pull", mountSources: [] });
  return digestOf(await getManifest(client, named.name));
}

// src/stages/build/recall-result.ts
async function recallResult(images, context) {
  const { runtime } = context;
  const decisive = placeOf(images, runtime) && await findDecisive(images, context);
  return { decisive, result: decisive && await fetchSame(images, decisive, runtime) };
}
async function fetchSame(images, decisive, runtime) {
  const place = placeOf(images, runtime);
  if (place === void 0 || images[0].rebuild === "always" || !images.every(isOnlyPushed)) return void 0;
  const key = resultKey(decisive);
  try {
    const result = await fetchResult(key, place);
    if (result !== void 0) expectImages(result, images);
    return result;
  } catch (error) {
    runtime.log.warning(`Building, since the result of an earlier run cannot be used (${key}): ${messageOf(error)}`);
    return void 0;
  }
}
function placeOf([{ cache }], runtime) {
  const backend = cache.use === "off" ? void 0 : openFiles(cache, runtime);
  return backend && { backend, temporary: runtime.temporary };
}
function isOnlyPushed({ push: push2, dryRun, load, output, sbom }) {
  return (push2 || dryRun) && !load && output === void 0 && sbom.formats.length === 0;
}
function expectImages({ images: built }, images) {
  const wanted = images.map(({ builds, platforms }) => builds.map(({ platform = platforms[0] }) => platform));
  const areFor = (results, asked = []) => results.length === asked.length && results.every((result, i) => isFor(asked[i], result));
  if (built.length === wanted.length && built.every((results, i) => areFor(results, wanted[i]))) return;
  throw new Failure("it has images for other platforms");
}
function isFor(platform, { config }) {
  return platform === void 0 || closestTo(platform, [platformOf(config)], (one) => one).length > 0;
}

// src/stages/build/evaluate-build.ts
async function evaluateBuild(images, { decisive, result }, runtime) {
  const opened = await openBuild(images, runtime);
  const { nix, fetched } = opened;
  const entry = fetched?.entry;
  if (decisive === void 0 || result !== void 0 || images[0].rebuild === "always" || entry === void 0) {
    return opened;
  }
  return runtime.log.group("Evaluation", async () => {
    const before = await restoreSources(entry, nix, runtime);
    const evaluated = before && await evaluate(images, nix, runtime);
    if (evaluated === void 0) return { ...opened, before };
    const { facts, derivations } = evaluated;
    const same = await fetchSame(images, { ...decisive, source: { derivations } }, runtime);
    return { ...opened, before, facts, same };
  });
}
async function evaluate(images, nix, runtime) {
  const read = async (target, inputs) => {
    const asked = { ...inputs, target, buildArgs: [...inputs.buildArgs, ...withoutImports] };
    const reading2 = inBackground(readDerivation(nix, asked, runtime));
    const facts = await readFacts(nix, asked, runtime);
    const least = chooseTarget(target, facts, inputs);
    const whole = await reading2;
    const drvPath = least === target ? whole : await readDerivation(nix, { ...asked, target: least }, runtime);
    return { facts, drvPath };
  };
  const contents = images[0].contents.map((installable) => read({ kind: "installable", installable }, images[0]));
  const builds = images.map((inputs) => settleAll(inputs.builds.map((build2) => read(targetOf(build2), inputs))));
  const reading = inBackground(settleAll(contents));
  const ofImages = await settleAll(builds);
  const known = derivationsOf(ofImages.flat(), await reading);
  return known && { facts: ofImages.map((platforms) => platforms.map(({ facts }) => facts)), derivations: known };
}
function targetOf({ source }) {
  if (source.kind === "path") throw new TypeError("A prebuilt image is never built.");
  return source;
}
function derivationsOf(images, contents) {
  const all = [
    ...images.map(({ drvPath, facts }) => [drvPath, facts]),
    ...contents.map(({ drvPath }) => [drvPath, null])
  ];
  const isKnown = (one) => one[0] !== void 0 && one[1] !== void 0;
  return all.every(isKnown) ? all : void 0;
}

// src/stages/build/remember-result.ts
async function rememberResult({ decisive }, { images, built, sources, published }, context) {
  const { runtime } = context;
  const isWanted = maySave(images[0], runtime) && published.every(({ pushed }) => pushed);
  if (decisive === void 0 || !isWanted) return [];
  const derivations = derivationsOf(built.images.flat(), built.contents ?? []);
  const same = derivations === void 0 ? [] : [{ ...decisive, source: { derivations } }];
  try {
    const result = {
      time: new Date(runtime.now()).toISOString().replace(/\.\d+Z$/, "Z"),
      run: runtime.context.runUrl,
      nixVersion: built.nixVersion ?? "",
      images: built.images.map(
        (platforms, i) => platforms.map((one, j) => builtResultOf(one, sources[i]?.[j], published[i]?.platforms[j]))
      )
    };
    return [...await rememberAs(result, decisive, { images, context }), ...same.map((one) => taskOf(result, one))];
  } catch (error) {
    runtime.log.debug(`Not remembering the result of this build: ${messageOf(error)}`);
    return [];
  }
}
async function rememberReused(result, { decisive }, { images, context }) {
  const { runtime } = context;
  if (result === void 0 || decisive === void 0) return [];
  if (!maySave(images[0], runtime) || images.some(({ dryRun }) => dryRun)) return [];
  try {
    return await rememberAs(result, decisive, { images, context });
  } catch (error) {
    runtime.log.debug(`Not remembering the result of this build: ${messageOf(error)}`);
    return [];
  }
}
async function rememberAs(result, decisive, { images, context }) {
  const now = await findDecisive(images, context);
  if (now !== void 0 && resultKey(now) === resultKey(decisive)) return [taskOf(result, decisive)];
  throw new Failure("what it was built from changed during the build");
}
function taskOf(result, decisive) {
  const key = resultKey(decisive);
  const text2 = formatResult(key, result);
  if (text2.length > largestEntry) throw new Failure(`it has ${text2.length} bytes`);
  parseResult(Buffer.from(text2), key);
  return { key, text: text2 };
}
function builtResultOf({ drvPath, facts }, { image, usesClock }, result) {
  if (usesClock) throw new Failure("it takes times from the clock, so that every run makes another image");
  if (drvPath === void 0 || result === void 0) throw new Failure("it has no derivation");
  const { config, annotations = {}, base } = image;
  const meta = facts && {
    description: facts.description,
    license: facts.license,
    homepage: facts.homepage,
    version: facts.version
  };
  return {
    drvPath,
    config,
    annotations,
    base,
    meta,
    layers: result.layers.map(({ descriptor, contents }) => ({ descriptor, contents }))
  };
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
    const { client, tagStore } = await openTagStore(repository, { runtime, access });
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

// src/github/edit-comment.ts
var mostTries = 4;
async function editComment(api, edit) {
  const base = `repos/${edit.repository.split("/").map(encodeURIComponent).join("/")}/issues`;
  const login = await readLogin(api, edit.apiUrl);
  let created;
  for (let tried = 0; tried < mostTries; tried++) {
    const [first, ...extras] = withCreated(
      await listOwn(api, `${base}/${edit.pullRequest}/comments`, { edit, login }),
      created
    );
    const body = edit.edit([first, ...extras].flatMap((one) => one?.body ?? []));
    if (first === void 0) {
      created = parseComment(await api.request("POST", `${base}/${edit.pullRequest}/comments`, { body }));
      continue;
    }
    if (first.body === body && extras.length === 0) return first.url;
    if (first.body !== body) await api.request("PATCH", `${base}/comments/${first.id}`, { body });
    for (const { id } of extras) await remove(api, `${base}/comments/${id}`);
    created = void 0;
  }
  return created?.url;
}
function withCreated(own, created) {
  const isMissing = created !== void 0 && own.every(({ id }) => id !== created.id);
  return [...own, ...isMissing ? [created] : []].sort((a, b) => a.id - b.id);
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
  try {
    const answer = await api.request("POST", path, { query: "query { viewer { login } }" });
    const data = isObject(answer) && isObject(answer.data) ? answer.data : {};
    return loginOf(data.viewer);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return loginOf(await api.get("user"));
  }
}
function loginOf(account) {
  const { login } = isObject(account) ? account : {};
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
async function remove(api, path) {
  try {
    await api.request("DELETE", path);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
function isNotFound(error) {
  return error instanceof GitHubError && error.status === 404;
}

// src/github/find-pull-request.ts
async function findPullRequest(api, repository, head) {
  const [owner = ""] = head.repository.split("/");
  const query = new URLSearchParams({ state: "open", head: `${owner}:${head.branch}`, per_page: "100" });
  const answer = await api.get(`repos/${repository.split("/").map(encodeURIComponent).join("/")}/pulls?${query}`);
  const found = (Array.isArray(answer) ? answer : []).flatMap((item) => parsePullRequest(item, head) ?? []);
  return found.length === 1 ? found[0] : void 0;
}
function parsePullRequest(item, { repository, sha }) {
  const { number, head, base } = isObject(item) ? item : {};
  if (typeof number !== "number" || !isObject(head) || head.sha !== sha) return void 0;
  if (!isObject(head.repo) || head.repo.full_name !== repository) return void 0;
  return { number, baseRef: isObject(base) && typeof base.ref === "string" ? base.ref : void 0 };
}

// src/metadata/compute-tags.ts
var import_pep440 = __toESM(require_pep440(), 1);

// src/metadata/zone-abbreviations.json
var zone_abbreviations_default = [
  {
    abbreviations: { "0": "GMT" },
    zones: [
      "Africa/Abidjan",
      "Africa/Accra",
      "Africa/Bamako",
      "Africa/Banjul",
      "Africa/Bissau",
      "Africa/Conakry",
      "Africa/Dakar",
      "Africa/Freetown",
      "Africa/Lome",
      "Africa/Monrovia",
      "Africa/Nouakchott",
      "Africa/Ouagadougou",
      "Africa/Timbuktu",
      "America/Danmarkshavn",
      "Atlantic/Reykjavik",
      "Atlantic/St_Helena",
      "Etc/GMT",
      "Etc/GMT+0",
      "Etc/GMT-0",
      "Etc/GMT0",
      "Etc/Greenwich",
      "GMT",
      "GMT+0",
      "GMT-0",
      "GMT0",
      "Greenwich",
      "Iceland"
    ]
  },
  {
    abbreviations: { "180": "EAT" },
    zones: [
      "Africa/Addis_Ababa",
      "Africa/Asmara",
      "Africa/Asmera",
      "Africa/Dar_es_Salaam",
      "Africa/Djibouti",
      "Africa/Kampala",
      "Africa/Mogadishu",
      "Africa/Nairobi",
      "Indian/Antananarivo",
      "Indian/Comoro",
      "Indian/Mayotte"
    ]
  },
  { abbreviations: { "60": "CET" }, zones: ["Africa/Algiers", "Africa/Tunis"] },
  {
    abbreviations: { "60": "WAT" },
    zones: [
      "Africa/Bangui",
      "Africa/Brazzaville",
      "Africa/Douala",
      "Africa/Kinshasa",
      "Africa/Lagos",
      "Africa/Libreville",
      "Africa/Luanda",
      "Africa/Malabo",
      "Africa/Ndjamena",
      "Africa/Niamey",
      "Africa/Porto-Novo"
    ]
  },
  {
    abbreviations: { "120": "CAT" },
    zones: [
      "Africa/Blantyre",
      "Africa/Bujumbura",
      "Africa/Gaborone",
      "Africa/Harare",
      "Africa/Kigali",
      "Africa/Lubumbashi",
      "Africa/Lusaka",
      "Africa/Maputo"
    ]
  },
  {
    abbreviations: { "120": "EET", "180": "EEST" },
    zones: [
      "Africa/Cairo",
      "Asia/Beirut",
      "Asia/Famagusta",
      "Asia/Gaza",
      "Asia/Hebron",
      "Asia/Nicosia",
      "EET",
      "Egypt",
      "Europe/Athens",
      "Europe/Bucharest",
      "Europe/Chisinau",
      "Europe/Helsinki",
      "Europe/Kiev",
      "Europe/Kyiv",
      "Europe/Mariehamn",
      "Europe/Nicosia",
      "Europe/Riga",
      "Europe/Sofia",
      "Europe/Tallinn",
      "Europe/Tiraspol",
      "Europe/Uzhgorod",
      "Europe/Vilnius",
      "Europe/Zaporozhye"
    ]
  },
  {
    abbreviations: { "60": "CET", "120": "CEST" },
    zones: [
      "Africa/Ceuta",
      "Arctic/Longyearbyen",
      "Atlantic/Jan_Mayen",
      "CET",
      "Europe/Amsterdam",
      "Europe/Andorra",
      "Europe/Belgrade",
      "Europe/Berlin",
      "Europe/Bratislava",
      "Europe/Brussels",
      "Europe/Budapest",
      "Europe/Busingen",
      "Europe/Copenhagen",
      "Europe/Gibraltar",
      "Europe/Ljubljana",
      "Europe/Luxembourg",
      "Europe/Madrid",
      "Europe/Malta",
      "Europe/Monaco",
      "Europe/Oslo",
      "Europe/Paris",
      "Europe/Podgorica",
      "Europe/Prague",
      "Europe/Rome",
      "Europe/San_Marino",
      "Europe/Sarajevo",
      "Europe/Skopje",
      "Europe/Stockholm",
      "Europe/Tirane",
      "Europe/Vaduz",
      "Europe/Vatican",
      "Europe/Vienna",
      "Europe/Warsaw",
      "Europe/Zagreb",
      "Europe/Zurich",
      "MET",
      "Poland"
    ]
  },
  { abbreviations: { "120": "SAST" }, zones: ["Africa/Johannesburg", "Africa/Maseru", "Africa/Mbabane"] },
  { abbreviations: { "120": "CAT", "180": "EAT" }, zones: ["Africa/Juba", "Africa/Khartoum"] },
  { abbreviations: { "0": "GMT", "60": "WAT" }, zones: ["Africa/Sao_Tome"] },
  {
    abbreviations: { "120": "EET" },
    zones: [
      "Africa/Tripoli",
      "Asia/Amman",
      "Asia/Damascus",
      "Asia/Istanbul",
      "Europe/Istanbul",
      "Europe/Kaliningrad",
      "Libya",
      "Turkey"
    ]
  },
  { abbreviations: { "60": "WAT", "120": "CAT" }, zones: ["Africa/Windhoek"] },
  { abbreviations: { "-600": "HST", "-540": "HDT" }, zones: ["America/Adak", "America/Atka", "US/Aleutian"] },
  {
    abbreviations: { "-540": "AKST", "-480": "AKDT" },
    zones: ["America/Anchorage", "America/Juneau", "America/Nome", "America/Sitka", "America/Yakutat", "US/Alaska"]
  },
  {
    abbreviations: { "-240": "AST" },
    zones: [
      "America/Anguilla",
      "America/Antigua",
      "America/Aruba",
      "America/Barbados",
      "America/Blanc-Sablon",
      "America/Curacao",
      "America/Dominica",
      "America/Grenada",
      "America/Guadeloupe",
      "America/Kralendijk",
      "America/Lower_Princes",
      "America/Marigot",
      "America/Martinique",
      "America/Montserrat",
      "America/Port_of_Spain",
      "America/Puerto_Rico",
      "America/Santo_Domingo",
      "America/St_Barthelemy",
      "America/St_Kitts",
      "America/St_Lucia",
      "America/St_Thomas",
      "America/St_Vincent",
      "America/Tortola",
      "America/Virgin"
    ]
  },
  {
    abbreviations: { "-300": "EST" },
    zones: [
      "America/Atikokan",
      "America/Cayman",
      "America/Coral_Harbour",
      "America/Jamaica",
      "America/Panama",
      "EST",
      "Jamaica"
    ]
  },
  {
    abbreviations: { "-360": "CST", "-300": "CDT" },
    zones: [
      "America/Bahia_Banderas",
      "America/Chicago",
      "America/Indiana/Knox",
      "America/Indiana/Tell_City",
      "America/Knox_IN",
      "America/Matamoros",
      "America/Menominee",
      "America/Merida",
      "America/Mexico_City",
      "America/Monterrey",
      "America/North_Dakota/Beulah",
      "America/North_Dakota/Center",
      "America/North_Dakota/New_Salem",
      "America/Rankin_Inlet",
      "America/Resolute",
      "CST6CDT",
      "Mexico/General",
      "US/Central",
      "US/Indiana-Starke"
    ]
  },
  {
    abbreviations: { "-360": "CST" },
    zones: [
      "America/Belize",
      "America/Costa_Rica",
      "America/El_Salvador",
      "America/Guatemala",
      "America/Managua",
      "America/Regina",
      "America/Swift_Current",
      "America/Tegucigalpa",
      "Canada/Saskatchewan"
    ]
  },
  {
    abbreviations: { "-420": "MST", "-360": "MDT" },
    zones: [
      "America/Boise",
      "America/Cambridge_Bay",
      "America/Ciudad_Juarez",
      "America/Denver",
      "America/Mazatlan",
      "America/Shiprock",
      "MST7MDT",
      "Mexico/BajaSur",
      "Navajo",
      "US/Mountain"
    ]
  },
  {
    abbreviations: { "-360": "CST", "-300": "EST" },
    zones: ["America/Cancun", "America/Rainy_River", "America/Winnipeg", "Canada/Central"]
  },
  {
    abbreviations: { "-420": "MST", "-360": "CST" },
    zones: ["America/Chihuahua", "America/Edmonton", "America/Inuvik", "America/Yellowknife", "Canada/Mountain"]
  },
  {
    abbreviations: { "-420": "MST" },
    zones: ["America/Creston", "America/Dawson_Creek", "America/Hermosillo", "America/Phoenix", "MST", "US/Arizona"]
  },
  {
    abbreviations: { "-480": "PST", "-420": "MST" },
    zones: [
      "America/Dawson",
      "America/Fort_Nelson",
      "America/Vancouver",
      "America/Whitehorse",
      "Canada/Pacific",
      "Canada/Yukon"
    ]
  },
  {
    abbreviations: { "-300": "EST", "-240": "EDT" },
    zones: [
      "America/Detroit",
      "America/Fort_Wayne",
      "America/Grand_Turk",
      "America/Indiana/Indianapolis",
      "America/Indiana/Marengo",
      "America/Indiana/Petersburg",
      "America/Indiana/Vevay",
      "America/Indiana/Vincennes",
      "America/Indiana/Winamac",
      "America/Indianapolis",
      "America/Iqaluit",
      "America/Kentucky/Louisville",
      "America/Kentucky/Monticello",
      "America/Louisville",
      "America/Montreal",
      "America/Nassau",
      "America/New_York",
      "America/Nipigon",
      "America/Pangnirtung",
      "America/Port-au-Prince",
      "America/Thunder_Bay",
      "America/Toronto",
      "Canada/Eastern",
      "EST5EDT",
      "US/East-Indiana",
      "US/Eastern",
      "US/Michigan"
    ]
  },
  {
    abbreviations: { "-480": "PST", "-420": "PDT" },
    zones: [
      "America/Ensenada",
      "America/Los_Angeles",
      "America/Santa_Isabel",
      "America/Tijuana",
      "Mexico/BajaNorte",
      "PST8PDT",
      "US/Pacific"
    ]
  },
  {
    abbreviations: { "-240": "AST", "-180": "ADT" },
    zones: [
      "America/Glace_Bay",
      "America/Goose_Bay",
      "America/Halifax",
      "America/Moncton",
      "America/Thule",
      "Atlantic/Bermuda",
      "Canada/Atlantic"
    ]
  },
  { abbreviations: { "-300": "CST", "-240": "CDT" }, zones: ["America/Havana", "Cuba"] },
  { abbreviations: { "-480": "AKDT", "-540": "AKST" }, zones: ["America/Metlakatla"] },
  { abbreviations: { "-420": "MST", "-360": "CST", "-300": "CDT" }, zones: ["America/Ojinaga"] },
  { abbreviations: { "-210": "NST", "-150": "NDT" }, zones: ["America/St_Johns", "Canada/Newfoundland"] },
  {
    abbreviations: { "600": "AEST", "660": "AEDT" },
    zones: [
      "Antarctica/Macquarie",
      "Australia/ACT",
      "Australia/Canberra",
      "Australia/Currie",
      "Australia/Hobart",
      "Australia/Melbourne",
      "Australia/NSW",
      "Australia/Sydney",
      "Australia/Tasmania",
      "Australia/Victoria"
    ]
  },
  {
    abbreviations: { "720": "NZST", "780": "NZDT" },
    zones: ["Antarctica/McMurdo", "Antarctica/South_Pole", "NZ", "Pacific/Auckland"]
  },
  { abbreviations: { "330": "IST" }, zones: ["Asia/Calcutta", "Asia/Kolkata"] },
  {
    abbreviations: { "480": "CST" },
    zones: [
      "Asia/Chongqing",
      "Asia/Chungking",
      "Asia/Harbin",
      "Asia/Macao",
      "Asia/Macau",
      "Asia/Shanghai",
      "Asia/Taipei",
      "PRC",
      "ROC"
    ]
  },
  { abbreviations: { "480": "HKT" }, zones: ["Asia/Hong_Kong", "Hongkong"] },
  { abbreviations: { "420": "WIB" }, zones: ["Asia/Jakarta", "Asia/Pontianak"] },
  { abbreviations: { "540": "WIT" }, zones: ["Asia/Jayapura"] },
  { abbreviations: { "120": "IST", "180": "IDT" }, zones: ["Asia/Jerusalem", "Asia/Tel_Aviv", "Israel"] },
  { abbreviations: { "300": "PKT" }, zones: ["Asia/Karachi"] },
  { abbreviations: { "480": "WITA" }, zones: ["Asia/Makassar", "Asia/Ujung_Pandang"] },
  { abbreviations: { "480": "PST" }, zones: ["Asia/Manila"] },
  { abbreviations: { "510": "KST", "540": "KST" }, zones: ["Asia/Pyongyang"] },
  { abbreviations: { "540": "KST" }, zones: ["Asia/Seoul", "ROK"] },
  { abbreviations: { "540": "JST" }, zones: ["Asia/Tokyo", "Japan"] },
  {
    abbreviations: { "0": "WET", "60": "WEST" },
    zones: [
      "Atlantic/Canary",
      "Atlantic/Faeroe",
      "Atlantic/Faroe",
      "Atlantic/Madeira",
      "Europe/Lisbon",
      "Portugal",
      "WET"
    ]
  },
  {
    abbreviations: { "570": "ACST", "630": "ACDT" },
    zones: ["Australia/Adelaide", "Australia/Broken_Hill", "Australia/South", "Australia/Yancowinna"]
  },
  { abbreviations: { "600": "AEST" }, zones: ["Australia/Brisbane", "Australia/Lindeman", "Australia/Queensland"] },
  { abbreviations: { "570": "ACST" }, zones: ["Australia/Darwin", "Australia/North"] },
  { abbreviations: { "480": "AWST" }, zones: ["Australia/Perth", "Australia/West"] },
  { abbreviations: { "0": "GMT", "60": "IST" }, zones: ["Eire", "Europe/Dublin"] },
  {
    abbreviations: { "0": "UTC" },
    zones: ["Etc/UCT", "Etc/UTC", "Etc/Universal", "Etc/Zulu", "UCT", "UTC", "Universal", "Zulu"]
  },
  {
    abbreviations: { "0": "GMT", "60": "BST" },
    zones: [
      "Europe/Belfast",
      "Europe/Guernsey",
      "Europe/Isle_of_Man",
      "Europe/Jersey",
      "Europe/London",
      "GB",
      "GB-Eire"
    ]
  },
  {
    abbreviations: { "180": "MSK" },
    zones: ["Europe/Kirov", "Europe/Moscow", "Europe/Simferopol", "Europe/Volgograd", "W-SU"]
  },
  { abbreviations: { "-600": "HST" }, zones: ["HST", "Pacific/Honolulu", "Pacific/Johnston", "US/Hawaii"] },
  { abbreviations: { "600": "ChST" }, zones: ["Pacific/Guam", "Pacific/Saipan"] },
  { abbreviations: { "-660": "SST" }, zones: ["Pacific/Midway", "Pacific/Pago_Pago", "Pacific/Samoa", "US/Samoa"] }
];

// src/metadata/format-time.ts
function isTimeZone(name) {
  try {
    return /^[a-z]/i.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions() !== void 0;
  } catch {
    return false;
  }
}
function formatTime(time, format, zone) {
  const offset = offsetIn(zone, time);
  const zoned = { time, clock: new Date(time + offset * 6e4), offset, zone };
  const asked = format === "" ? `YYYY-MM-DDTHH:mm:ss${offset === 0 ? "[Z]" : "Z"}` : format;
  const whole = asked.replaceAll(localizedPattern, (token) => localized[token] ?? token);
  return whole.replaceAll(tokenPattern, (token) => tokens[token]?.(zoned) ?? literalOf(token));
}
var localizedPattern = /\[[^[]*\]|\\?(?:LTS|LT|L{1,4}|l{1,4})/g;
var localized = {
  LT: "h:mm A",
  LTS: "h:mm:ss A",
  L: "MM/DD/YYYY",
  LL: "MMMM D, YYYY",
  LLL: "MMMM D, YYYY h:mm A",
  LLLL: "dddd, MMMM D, YYYY h:mm A",
  l: "M/D/YYYY",
  ll: "MMM D, YYYY",
  lll: "MMM D, YYYY h:mm A",
  llll: "ddd, MMM D, YYYY h:mm A"
};
var names = {
  months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October"].concat(
    "November",
    "December"
  ),
  days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
};
var month = ({ clock }) => clock.getUTCMonth() + 1;
var quarter = (zoned) => Math.ceil(month(zoned) / 3);
var dayOfMonth = ({ clock }) => clock.getUTCDate();
var dayOfYear = ({ clock }) => daysOf(clock) - daysOf(new Date(Date.UTC(clock.getUTCFullYear(), 0))) + 1;
var dayOfWeek = ({ clock }) => clock.getUTCDay();
var year = ({ clock }) => clock.getUTCFullYear();
var hour = ({ clock }) => clock.getUTCHours();
var hourOf12 = (zoned) => hour(zoned) % 12 || 12;
var minute = ({ clock }) => clock.getUTCMinutes();
var second = ({ clock }) => clock.getUTCSeconds();
var [weekYear, week] = weeksOf({ firstDay: 0, inFirstWeek: 1 });
var [isoWeekYear, isoWeek] = weeksOf({ firstDay: 1, inFirstWeek: 4 });
var tokens = {
  ...numbers("M", month),
  MMM: (zoned) => monthName(zoned).slice(0, 3),
  MMMM: monthName,
  Q: (zoned) => String(quarter(zoned)),
  Qo: (zoned) => ordinal(quarter(zoned)),
  ...numbers("D", dayOfMonth),
  DDD: (zoned) => String(dayOfYear(zoned)),
  DDDo: (zoned) => ordinal(dayOfYear(zoned)),
  DDDD: (zoned) => padded(dayOfYear(zoned), 3),
  d: (zoned) => String(dayOfWeek(zoned)),
  do: (zoned) => ordinal(dayOfWeek(zoned)),
  dd: (zoned) => dayName(zoned).slice(0, 2),
  ddd: (zoned) => dayName(zoned).slice(0, 3),
  dddd: dayName,
  e: (zoned) => String(dayOfWeek(zoned)),
  E: (zoned) => String(dayOfWeek(zoned) || 7),
  ...numbers("w", week),
  ...numbers("W", isoWeek),
  Y: (zoned) => padded(year(zoned), 4),
  YY: (zoned) => padded(year(zoned) % 100, 2),
  YYYY: (zoned) => padded(year(zoned), 4),
  YYYYY: (zoned) => padded(year(zoned), 5),
  YYYYYY: (zoned) => `+${padded(year(zoned), 6)}`,
  ...Object.fromEntries([1, 2, 3, 4].map((width) => ["y".repeat(width), (of) => padded(year(of), width)])),
  yo: (zoned) => ordinal(year(zoned)),
  ...Object.fromEntries(["N", "NN", "NNN", "NNNNN"].map((token) => [token, () => "AD"])),
  NNNN: () => "Anno Domini",
  gg: (zoned) => padded(weekYear(zoned) % 100, 2),
  gggg: (zoned) => padded(weekYear(zoned), 4),
  ggggg: (zoned) => padded(weekYear(zoned), 5),
  GG: (zoned) => padded(isoWeekYear(zoned) % 100, 2),
  GGGG: (zoned) => padded(isoWeekYear(zoned), 4),
  GGGGG: (zoned) => padded(isoWeekYear(zoned), 5),
  a: (zoned) => hour(zoned) < 12 ? "am" : "pm",
  A: (zoned) => hour(zoned) < 12 ? "AM" : "PM",
  H: (zoned) => String(hour(zoned)),
  HH: (zoned) => padded(hour(zoned), 2),
  h: (zoned) => String(hourOf12(zoned)),
  hh: (zoned) => padded(hourOf12(zoned), 2),
  k: (zoned) => String(hour(zoned) || 24),
  kk: (zoned) => padded(hour(zoned) || 24, 2),
  hmm: (zoned) => `${hourOf12(zoned)}${padded(minute(zoned), 2)}`,
  hmmss: (zoned) => `${hourOf12(zoned)}${padded(minute(zoned), 2)}${padded(second(zoned), 2)}`,
  Hmm: (zoned) => `${hour(zoned)}${padded(minute(zoned), 2)}`,
  Hmmss: (zoned) => `${hour(zoned)}${padded(minute(zoned), 2)}${padded(second(zoned), 2)}`,
  m: (zoned) => String(minute(zoned)),
  mm: (zoned) => padded(minute(zoned), 2),
  s: (zoned) => String(second(zoned)),
  ss: (zoned) => padded(second(zoned), 2),
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((digits) => ["S".repeat(digits), fraction(digits)])),
  x: ({ time }) => String(time),
  X: ({ time }) => String(Math.floor(time / 1e3)),
  z: abbreviation,
  zz: abbreviation,
  Z: ({ offset }) => offsetText(offset, ":"),
  ZZ: ({ offset }) => offsetText(offset, "")
};
var tokenPattern = new RegExp(
  `\\[[^[]*\\]|\\\\?(?:${Object.keys(tokens).toSorted((a, b) => b.length - a.length).join("|")}|.)`,
  "g"
);
function numbers(token, field) {
  return {
    [token]: (zoned) => String(field(zoned)),
    [`${token}o`]: (zoned) => ordinal(field(zoned)),
    [token.repeat(2)]: (zoned) => padded(field(zoned), 2)
  };
}
function fraction(digits) {
  return ({ clock }) => padded(clock.getUTCMilliseconds(), 3).padEnd(digits, "0").slice(0, digits);
}
function monthName(zoned) {
  return names.months[month(zoned) - 1] ?? "";
}
function dayName(zoned) {
  return names.days[dayOfWeek(zoned)] ?? "";
}
function padded(number, width) {
  return String(number).padStart(width, "0");
}
function ordinal(number) {
  const ending = Math.floor(number % 100 / 10) === 1 ? void 0 : ["th", "st", "nd", "rd"][number % 10];
  return `${number}${ending ?? "th"}`;
}
function daysOf(clock) {
  return Math.floor(clock.getTime() / 864e5);
}
function weeksOf({
  firstDay,
  inFirstWeek
}) {
  const weekStart = (days) => days - (new Date(days * 864e5).getUTCDay() - firstDay + 7) % 7;
  const firstOf = (of) => weekStart(daysOf(new Date(Date.UTC(of, 0, inFirstWeek))));
  const yearOf = (zoned) => {
    const start = weekStart(daysOf(zoned.clock));
    const candidates = [year(zoned) + 1, year(zoned), year(zoned) - 1];
    return candidates.find((candidate) => firstOf(candidate) <= start) ?? year(zoned);
  };
  return [yearOf, (zoned) => (weekStart(daysOf(zoned.clock)) - firstOf(yearOf(zoned))) / 7 + 1];
}
function offsetIn(zone, time) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" }
  });
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const { year: year2 = 0, month: month2 = 0, day = 0, hour: hour2 = 0, minute: minute2 = 0, second: second2 = 0 } = parts;
  return Math.round((Date.UTC(year2, month2 - 1, day, hour2, minute2, second2) - time) / 6e4);
}
function offsetText(offset, separator) {
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${offset < 0 ? "-" : "+"}${padded(hours, 2)}${separator}${padded(minutes, 2)}`;
}
function abbreviation({ zone, offset }) {
  const wanted = zone.toLowerCase();
  const group = zone_abbreviations_default.find(({ zones }) => zones.some((name) => name.toLowerCase() === wanted));
  const letters = group?.abbreviations ?? {};
  return letters[offset] ?? offsetText(offset, "").replace(/00$/, "");
}
function literalOf(text2) {
  return text2.startsWith("[") && text2.length > 1 ? text2.slice(1, -1) : text2.replaceAll("\\", "");
}

// src/metadata/expression.ts
var expressionPattern = /(\\{0,2})(?:\{\{\{([^{}]*)\}\}\}|\{\{([^{}]*)\}\})/g;
var callPattern = /^\s*([A-Za-z_][\w]*)(?:\s+('[^']*'|"[^"]*"|[^\s'"=]+))?(?:\s+(\w+)\s*=\s*('[^']*'|"[^"]*"))?\s*$/;
function fillIn(template, expressions, line) {
  const filled = template.replaceAll(
    expressionPattern,
    (match, slashes, raw, html) => {
      const whole = match.slice(slashes.length);
      if (slashes.length === 1) return whole;
      const value = evaluate2((raw ?? html ?? "").trim(), expressions, { whole, line });
      return `${slashes.slice(1)}${raw === void 0 ? escapeHtml(value) : value}`;
    }
  );
  if (template.replaceAll(expressionPattern, "").includes("{{")) {
    throw new Failure(`Cannot use the line "${line}": its "{{" has no matching "}}".`);
  }
  return filled;
}
function isRaw(template) {
  return /^\{\{\s*raw\s*\}\}$|^\{\{\{\s*raw\s*\}\}\}$/.test(template);
}
function evaluate2(text2, expressions, { whole, line }) {
  const [, name = "", format, option, zone] = callPattern.exec(text2) ?? [];
  const value = Object.hasOwn(expressions, name) ? expressions[name] : void 0;
  if (value === void 0) {
    const allowed = Object.keys(expressions).map((key) => `{{${key}}}`);
    throw new Failure(`Cannot use the line "${line}": ${whole} is unknown. Known here are ${allowed.join(", ")}.`);
  }
  if (typeof value === "string") {
    if (format === void 0 && option === void 0) return value;
    throw new Failure(`Cannot use the line "${line}": {{${name}}} takes no arguments.`);
  }
  if (format === void 0 || option !== void 0 && option !== "tz") {
    throw new Failure(
      `Cannot use the line "${line}": {{${name}}} needs a format: write {{${name} 'FORMAT'}} or {{${name} 'FORMAT' tz='ZONE'}}.`
    );
  }
  const timeZone = zone === void 0 ? "UTC" : unquote(zone);
  if (!isTimeZone(timeZone)) {
    throw new Failure(
      `Cannot use the line "${line}": "${timeZone}" is not a time zone. Use a name from the IANA database, as in Europe/Berlin.`
    );
  }
  return formatTime(value.time, /^['"]/.test(format) ? unquote(format) : "", timeZone);
}
function unquote(text2) {
  return text2.slice(1, -1);
}
var entities = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
  "`": "&#x60;",
  "=": "&#x3D;"
};
function escapeHtml(text2) {
  return text2.replaceAll(/[&<>"'`=]/g, (character) => entities[character] ?? character);
}

// src/metadata/metadata-context.ts
function branchOf({ ref }) {
  return ref?.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : void 0;
}
function tagOf({ ref }) {
  return ref?.startsWith("refs/tags/") ? ref.slice("refs/tags/".length) : void 0;
}
function pullOf({ ref }) {
  return ref?.startsWith("refs/pull/") ? ref.slice("refs/pull/".length).replace(/\/merge$/, "") : void 0;
}
function shortSha({ sha = "", shortShaLength = 7 }) {
  return sha.slice(0, shortShaLength);
}
function timeExpressions({ now, commitTime, checkoutTime }) {
  const seconds = commitTime ?? checkoutTime;
  return { date: { time: now }, commit_date: { time: seconds === void 0 ? now : seconds * 1e3 } };
}
function globalExpressions(context) {
  const onDefaultBranch = isOnDefaultBranch(context);
  return {
    branch: branchOf(context) ?? "",
    tag: tagOf(context) ?? "",
    sha: shortSha(context),
    base_ref: context.baseRef ?? "",
    is_default_branch: String(onDefaultBranch),
    is_not_default_branch: String(!onDefaultBranch),
    ...timeExpressions(context)
  };
}
function isOnDefaultBranch(context) {
  const { ref, eventName = "", defaultBranch } = context;
  if (ref === void 0 || ref === "" || ref === "refs/heads/") return false;
  return ref.replace(/^refs\/heads\//, "") === defaultBranch || /create|discussion|issues|schedule/.test(eventName);
}

// src/metadata/compute-tags.ts
var longestTag = 128;
function computeTags(rules2, flavor, context) {
  const names2 = [];
  const notes = [];
  let latest;
  for (const rule of rules2) checkExpressions(rule, context);
  for (const affix of ["prefix", "suffix"]) {
    fillIn(flavor[affix], globalExpressions(context), `${affix}=${flavor[affix]}`);
  }
  for (const rule of rules2) {
    if (!isEnabled(rule, context)) continue;
    const outcome = applyRule(rule, context);
    if (typeof outcome === "string") notes.push(`No tag from "${rule.line}": ${outcome}.`);
    if (typeof outcome !== "object") continue;
    const { prefix = flavor.prefix, suffix = flavor.suffix, value = "" } = rule.attributes;
    const tag = nameTag(outcome.value, { prefix, suffix, value, line: rule.line }, context);
    if (typeof tag === "string") notes.push(`No tag from "${rule.line}": ${tag}.`);
    if (typeof tag !== "object") continue;
    names2.push(tag.name);
    latest ??= flavor.latest === "auto" ? outcome.latest : flavor.latest === "true";
  }
  if (latest === true) {
    const tag = nameTag("latest", latestAffixes(flavor), context);
    if (typeof tag === "string") notes.push(`No tag latest: ${tag}.`);
    if (typeof tag === "object") names2.push(tag.name);
  }
  return { version: names2[0], names: withoutRepeats2(names2), notes };
}
function checkExpressions({ type, attributes, line }, context) {
  const { enable = "", value = "", prefix = "", suffix = "", pattern = "" } = attributes;
  for (const text2 of [enable, value, prefix, suffix]) fillIn(text2, globalExpressions(context), line);
  if (type === "schedule") fillIn(pattern, timeExpressions(context), line);
  if (type === "semver") fillIn(pattern, semverExpressions(new semver_default.SemVer("0.0.0")), line);
  if (type === "pep440") fillIn(pattern, pep440Expressions("0"), line);
}
function isEnabled({ attributes, line }, context) {
  const enable = fillIn(attributes.enable ?? "true", globalExpressions(context), line);
  if (enable === "true" || enable === "false") return enable === "true";
  throw new Failure(`Cannot use the tags line "${line}": enable must be true or false, not "${enable}".`);
}
function applyRule(rule, context) {
  const { type, attributes, line } = rule;
  const fill2 = (text2 = "") => fillIn(text2, globalExpressions(context), line);
  if (type === "schedule") {
    if (!/schedule/.test(context.eventName ?? "")) return void 0;
    return { value: fillIn(attributes.pattern ?? "", timeExpressions(context), line), latest: false };
  }
  if (type === "raw") return { value: fill2(attributes.value), latest: false };
  if (type === "ref") return applyRef(attributes.event, context);
  if (type === "edge") {
    const branch = attributes.branch || context.defaultBranch;
    if (branchOf(context) === void 0) return void 0;
    if (branch === void 0) return "the default branch is unknown; name it with branch=";
    return branchOf(context) === branch ? { value: "edge", latest: false } : void 0;
  }
  if (type === "sha") {
    const value2 = attributes.format === "long" ? context.sha : shortSha(context);
    return value2 === void 0 || value2 === "" ? void 0 : { value: value2, latest: false };
  }
  const value = attributes.value === "" ? tagOf(context) : fill2(attributes.value);
  if (value === void 0) return void 0;
  if (type === "match") return applyMatch(value, rule);
  return applyVersion(value, rule);
}
function applyRef(event, context) {
  const value = event === "branch" ? branchOf(context) : event === "tag" ? tagOf(context) : pullOf(context);
  return value === void 0 ? void 0 : { value, latest: event === "tag" };
}
function applyMatch(value, { attributes, line }) {
  const { pattern = "", group = "0" } = attributes;
  const match = value.match(compilePattern(pattern, line));
  if (match === null) return `${pattern} does not match ${value}`;
  const part = match[Number(group)];
  return part === void 0 ? `the match of ${pattern} has no group ${group}` : { value: part, latest: true };
}
function applyVersion(value, rule) {
  const { match = "", pattern = "" } = rule.attributes;
  const matched = match === "" ? [value, value] : value.match(match);
  if (matched !== null && matched[1] === void 0) return `the group of ${match} matches nothing in ${value}`;
  const text2 = (matched?.[1] ?? value).replaceAll("/", "-");
  return rule.type === "semver" ? applySemver(text2, pattern, rule.line) : applyPep440(text2, pattern, rule.line);
}
function applySemver(text2, pattern, line) {
  if (semver_default.valid(text2) === null) return `${text2} is not a semver version`;
  const version = semver_default.parse(text2, { loose: true });
  if (version === null) return `${text2} is not a semver version`;
  const isFinal = version.prerelease.length === 0;
  const shown = isFinal || isRaw(pattern) ? pattern : "{{version}}";
  return { value: fillIn(shown, semverExpressions(version), line), latest: isFinal };
}
function semverExpressions(version) {
  return {
    raw: version.raw,
    version: version.version,
    major: String(version.major),
    minor: String(version.minor),
    patch: String(version.patch),
    prerelease: version.prerelease.join(","),
    build: version.build.join(",")
  };
}
function applyPep440(text2, pattern, line) {
  const facts = (0, import_pep440.valid)(text2) === null ? null : (0, import_pep440.explain)(text2);
  if (facts === null) return `${text2} is not a PEP 440 version`;
  const expressions = pep440Expressions(text2);
  const isFinal = !(facts.is_prerelease || facts.is_postrelease || facts.is_devrelease);
  if (isFinal) return { value: fillIn(pattern, expressions, line), latest: true };
  return { value: isRaw(pattern) ? text2 : expressions.version, latest: false };
}
function pep440Expressions(text2) {
  return {
    raw: text2,
    version: (0, import_pep440.clean)(text2) ?? text2,
    major: String((0, import_pep440.major)(text2)),
    minor: String((0, import_pep440.minor)(text2)),
    patch: String((0, import_pep440.patch)(text2))
  };
}
function nameTag(value, { prefix, suffix, line, value: template }, context) {
  const fill2 = (text3) => fillIn(text3, globalExpressions(context), line);
  const text2 = `${fill2(prefix)}${value}${fill2(suffix)}`;
  if (text2 === "") return void 0;
  const name = toTag(text2);
  const empty = emptyExpression([prefix, template, suffix], context);
  const why = empty === void 0 ? "" : `${empty} is empty in this run, and `;
  if (name === void 0) {
    return `${why}"${text2}" cannot be turned into a valid tag, which must start with an ASCII letter, a digit or "_"`;
  }
  return why !== "" && name.toLowerCase() === "latest" ? `${why}without it the tag would be ${name}` : { name };
}
function emptyExpression(templates, context) {
  const expressions = globalExpressions(context);
  const names2 = templates.flatMap((text2) => [...text2.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = ""]) => name));
  const empty = names2.find((name) => expressions[name] === "");
  return empty === void 0 ? void 0 : `{{${empty}}}`;
}
function latestAffixes({ prefix, prefixLatest, suffix, suffixLatest }) {
  const affixes = { prefix: prefixLatest ? prefix : "", suffix: suffixLatest ? suffix : "" };
  return { ...affixes, value: "", line: `prefix=${affixes.prefix},suffix=${affixes.suffix}` };
}
function toTag(text2) {
  const tag = text2.replaceAll(/[^a-zA-Z0-9._-]+/g, "-").slice(0, longestTag);
  return /^\w/.test(tag) ? tag : void 0;
}
function withoutRepeats2(names2) {
  const seen = /* @__PURE__ */ new Set();
  return names2.filter((name) => seen.size !== seen.add(name.toLowerCase()).size);
}

// src/report/image-summary.ts
function summarizeImage({ config, platform, layers }) {
  const contents = contentsInHistory(config, layers.length);
  return { platform, layers: layers.map(({ descriptor }, i) => ({ descriptor, contents: contents[i] })) };
}

// src/report/markdown.ts
function table(head, rows) {
  if (rows.length === 0) return ["None."];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
}
var longestCode = 500;
function code(text2) {
  if (text2 === "") return "";
  const cut = text2.length > longestCode ? `${text2.slice(0, longestCode)}\u2026` : text2;
  const shown = escapeControls(cut.replaceAll(/\s*[\r\n]\s*/g, " \u23CE ")).replaceAll("|", "\\|");
  const longestRun = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return longestRun === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}
var longestBlock = 1e4;
function codeBlock(text2) {
  const cut = text2.length > longestBlock ? `${text2.slice(0, longestBlock / 2)}
\u2026
${text2.slice(-longestBlock / 2)}` : text2;
  const shown = escapeControls(cut.replaceAll(/\r\n?/g, "\n"));
  const longestRun = Math.max(2, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return [`${fence}text`, shown, fence];
}
function details(title, lines, isOpen = false) {
  return [isOpen ? "<details open>" : "<details>", `<summary>${title}</summary>`, "", ...lines, "", "</details>", ""];
}
var longestName = 150;
function plain(text2) {
  return text2.replaceAll(/[^A-Za-z0-9._+:/@=?-]/g, "?").slice(0, longestName);
}
function span(text2) {
  return code(
    text2.split(/(, |[ ])/).map((part) => /^,? $/.test(part) ? part : plain(part)).join("").slice(0, longestName)
  );
}

// src/report/change-lines.ts
function formatDifference(bytes) {
  if (bytes === 0) return "the same size";
  return `${bytes > 0 ? "+" : "\u2212"}${formatSize(Math.abs(bytes))}`;
}
var mostPackages = 50;
var mostLayers = 20;
var mostOpen = 10;
function packageLines({ packages }, isOpen = false) {
  if (packages === void 0) return [];
  const updated = packages.filter(({ kind }) => kind !== "rebuilt");
  const count = (kind) => packages.filter((one) => one.kind === kind).length;
  const rebuilt = count("rebuilt") === 0 ? "" : `, ${count("rebuilt")} rebuilt`;
  if (updated.length === 0) return [`No packages were added, removed or updated${rebuilt}.`, ""];
  const counts = ["added", "removed", "changed"].map((kind) => `${count(kind)} ${kind}`).join(", ");
  const hasSizes = updated.some(({ size }) => size !== void 0);
  const rows = updated.slice(0, mostPackages).map(({ name, kind, before, after, size }) => [
    span(name),
    kind,
    versions(before, kind === "added"),
    versions(after, kind === "removed"),
    ...hasSizes ? [size === void 0 ? "" : formatSize(size)] : []
  ]);
  const lines = [
    ...table(["Package", "", "Before", "Now", ...hasSizes ? ["Unpacked"] : []], rows),
    ...moreThan(mostPackages, updated.length)
  ];
  return details(`Packages: ${counts}${rebuilt}`, lines, isOpen && rows.length <= mostOpen);
}
function layerLines(layers, title) {
  if (layers.length === 0) return ["No new layers.", ""];
  const largest = layers.toSorted((a, b) => b.descriptor.size - a.descriptor.size).slice(0, mostLayers);
  const rows = largest.map((layer) => [span(nameLayer(layer)), formatSize(layer.descriptor.size)]);
  const total = formatSize(sizeOfLayers({ layers }));
  return details(`${title}: ${layers.length}, ${total}`, [
    ...table(["Layer", "Size"], rows),
    ...moreThan(mostLayers, layers.length)
  ]);
}
function moreThan(most, length) {
  return length > most ? ["", `and ${length - most} more`] : [];
}
function versions(list, isAbsent) {
  if (isAbsent) return "";
  return list.map((version) => version === "" ? "without version" : span(version)).join(", ");
}

// src/report/preview-comment.ts
var commentMarker = "<!-- nix-image-action -->";
var mostCommentCharacters = 65536;
function renderSection(preview) {
  const { repository, name, references, digest, images, base, revision, runUrl } = preview;
  const image = `${formatRepository(repository)}@${digest}`;
  const key = name === void 0 ? formatRepository(repository) : `${formatRepository(repository)} ${plain(name)}`;
  const built = revision === void 0 ? [] : [`Built from ${shortRevision(plain(revision))}.`];
  const tags = references.length === 0 ? [] : [`Tags: ${references.map((one) => span(formatReference(one))).join(", ")}.`];
  const link = runUrl === void 0 ? [] : [`[Run](${encodeURI(runUrl)})`];
  const lines = [
    `### Container image ${span(name ?? repository.path)}`,
    "",
    "```sh",
    `docker pull ${image}`,
    `docker run --rm ${image}`,
    "```",
    "",
    ...images.flatMap((one) => platformLines(one, base)),
    [...tags, ...built, ...workTexts(preview), ...link].join(" ")
  ];
  return { key, text: lines.join("\n") };
}
function withSection(body, { key, text: text2 }) {
  const sections = new Map(sectionsOf(body)).set(key, text2);
  const others = [...sections.keys()].filter((name) => name !== key);
  const lengthOf = (name) => sections.get(name)?.length ?? 0;
  for (const name of [key, ...others.sort((a, b) => lengthOf(b) - lengthOf(a))]) {
    if (bodyOf(sections).length <= mostCommentCharacters) break;
    sections.set(name, withoutLists(sections.get(name) ?? ""));
  }
  let left = 0;
  for (const name of others) {
    if (bodyOf(sections, left).length <= mostCommentCharacters) break;
    sections.delete(name);
    left++;
  }
  return bodyOf(sections, left);
}
function bodyOf(sections, left = 0) {
  const sorted = [...sections].sort(([a], [b]) => a < b ? -1 : 1);
  return [
    commentMarker,
    ...sorted.map(([name, section]) => `${begin(name)}
${section}
${end(name)}`),
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
    [...body.replaceAll("\r\n", "\n").matchAll(pattern)].map(([, key = "", text2 = ""]) => [key, text2])
  );
}
var begin = (key) => `<!-- nix-image-action begin ${key} -->`;
var end = (key) => `<!-- nix-image-action end ${key} -->`;
function workTexts({ work, cache }) {
  if (work === void 0) return [];
  const restored = cache === void 0 ? "" : `, ${cache.restoredPaths} restored from the store cache`;
  return [`Store paths: ${work.built} built, ${work.substituted} fetched${restored}.`];
}
var mostNames = 5;
function largestLines({ layers }) {
  const largest = packagesBySize(layers).slice(0, mostNames);
  const names2 = largest.flatMap(
    (one) => one.size === void 0 ? [] : [`${span(formatPackage(one))} ${formatSize(one.size)}`]
  );
  return names2.length === 0 ? [] : [`Largest packages, unpacked: ${names2.join(", ")}.`, ""];
}
function platformLines(image, base) {
  const size = formatSize(sizeOfLayers(image));
  const title = `**${span(image.platform)}**: ${size} in ${image.layers.length} layers`;
  const before = base?.images.find((one) => one.platform === image.platform);
  if (base === void 0 || before === void 0) {
    return [
      `${title}. The base branch has no image to compare with.`,
      "",
      ...largestLines(image),
      ...layerLines(image.layers, "Layers")
    ];
  }
  const changes = compareImages(before, image);
  return [
    `${title}, ${formatDifference(changes.size)} against ${span(formatReference(base.reference))}.`,
    "",
    ...largestLines(image),
    ...packageLines(changes),
    ...layerLines(changes.newLayers, "New layers")
  ];
}
function shortRevision(revision) {
  return `${revision.slice(0, 12)}${revision.endsWith("-dirty") ? "-dirty" : ""}`;
}

// src/stages/comment.ts
async function commentOnPullRequest(inputs, run, context) {
  const { log } = context.runtime;
  const images = run.images.flatMap((result, i) => inputs.slice(i, i + 1).map((of) => ({ inputs: of, result, run })));
  const wanted = images.filter((image) => image.inputs.comment);
  const pushed = wanted.filter(({ result }) => result.pushed);
  if (wanted.length > pushed.length) log.info("Not commenting on images that were not pushed.");
  if (pushed.length === 0) return;
  try {
    const url = await writeComment(pushed, context);
    if (url !== void 0) log.info(`Commented: ${url}`);
  } catch (error) {
    const advice = adviceFor(error, context.runtime.context);
    log.warning(`Cannot comment on the pull request: ${messageOf(error)}${advice}`);
  }
}
function adviceFor(error, { isRestricted }) {
  const isRefused = error instanceof GitHubError && [403, 404].includes(error.status) && error.retryAfter === void 0;
  if (!isRefused) return "";
  if (isRestricted) return " Pull requests from forks and by Dependabot get a read-only token.";
  return ' Add "permissions: pull-requests: write" to the job.';
}
async function writeComment(images, context) {
  const { runtime, access } = context;
  const { repository, apiUrl } = runtime.context;
  if (!isForPullRequest(runtime.context)) {
    runtime.log.info("Not commenting: the run is not for a pull request.");
    return void 0;
  }
  if (repository === void 0 || apiUrl === void 0) {
    throw new Failure("comments are written on GitHub, Gitea and Forgejo only.");
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
  for (const image of images) previews.push(await readPreview(image, pullRequest, context));
  const sections = previews.map(renderSection);
  return editComment(api, {
    repository,
    pullRequest: pullRequest.number,
    apiUrl,
    marker: commentMarker,
    edit: (bodies) => {
      const there = bodies.flatMap((body) => [...sectionsOf(body)].map(([key, text2]) => ({ key, text: text2 })));
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
async function readPreview({ inputs, result, run }, { baseRef }, { runtime, access }) {
  const { name, root, references, repositories, platforms } = result;
  const [repository] = repositories;
  if (repository === void 0) throw new Failure("the image was pushed nowhere.");
  const { context } = runtime;
  const revision = platforms[0]?.labels["org.opencontainers.image.revision"] ?? context.revision;
  const base = await readBase(baseReferences(inputs, repository, baseRef), { runtime, access });
  return {
    ...{ repository, name, references, digest: root.digest, images: platforms },
    ...{ base, revision, work: run.work, cache: run.cache, runUrl: context.runUrl }
  };
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
async function readSummaries(repository, name, access) {
  const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
  return (await readStored(client, name)).images.map(summarizeImage);
}

// src/stages/describe/as-triggering-run.ts
function asTriggeringRun(runtime) {
  const { commitTime: _, checkoutTime: __, ...context } = runtime.context;
  const sha = context.triggeringRun?.sha;
  return sha === void 0 ? runtime : { ...runtime, context: { ...context, revision: sha, sha } };
}

// src/local/read-text.ts
import { readdir, readFile } from "node:fs/promises";
import { join as join2 } from "node:path";
async function readText(path, description) {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Failure(`Cannot read ${path}, given as ${description}: ${messageOf(cause)}.`, { cause });
  }
}
async function readTexts(path, description) {
  let names2;
  try {
    names2 = await readdir(path, { recursive: true });
  } catch (error) {
    if (hasCode(error, "ENOTDIR", "ENOENT")) return [{ path, text: await readText(path, description) }];
    throw new Failure(`Cannot read ${path}, given as ${description}: ${messageOf(error)}.`, { cause: error });
  }
  const files = names2.filter((name) => name.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (name) => ({ path: join2(path, name), text: await readText(join2(path, name), description) }))
  );
}

// src/metadata/compute-metadata.ts
function computeMetadata(request, context) {
  const { tagging, imported, labels, annotations } = request;
  const { references, names: names2, notes, version } = resolveTags(tagging, imported, context);
  const expressions = tagging.rules === void 0 ? void 0 : globalExpressions(context);
  const derived = deriveLabels(context, { ...request, version });
  const fill2 = (text2, line) => expressions === void 0 ? text2 : fillIn(text2, expressions, line);
  const set = Object.entries(labels.set).map(([key, value]) => {
    const line = `${key}=${value}`;
    return [fill2(key, line), fill2(value, line)];
  });
  const kept = Object.entries({ ...derived, ...imported.labels, ...Object.fromEntries(set) }).filter(
    ([key]) => !labels.deleted.has(key)
  );
  const own = annotations.map((item) => {
    const line = `${item.key}=${item.value}`;
    return { ...item, key: fill2(item.key, line), value: fill2(item.value, line) };
  });
  const { annotationLevels = ["manifest"] } = context;
  return {
    version,
    tagNames: names2,
    references,
    repositories: repositoriesOf(references, tagging),
    labels: Object.fromEntries(kept),
    deleted: labels.deleted,
    annotations: placeAnnotations([...imported.annotations, ...own], annotationLevels),
    annotationLevels,
    created: request.created,
    notes
  };
}
function repositoriesOf(references, { rules: rules2 }) {
  const named = (rules2?.images ?? []).map(parseRepository);
  return [...new Set([...named, ...references].map(formatRepository))];
}
var versionKey = "org.opencontainers.image.version";
function resolveTags({ references, rules: rules2 }, imported, context) {
  const computed = rules2 === void 0 ? void 0 : computeTags(rules2.rules, rules2.flavor, context);
  const names2 = computed?.names ?? [];
  const tagged = (rules2?.images ?? []).flatMap((image) => names2.map((name) => parseReference(`${image}:${name}`)));
  const asked = withoutRepeats([...tagged, ...references]);
  const bare = asked.length > 0 ? [] : imported.tags.filter((tag) => !tag.includes(":"));
  const whole = imported.tags.filter((tag) => !bare.includes(tag));
  const all = asked.length > 0 ? asked : withoutRepeats(whole.map(parseReference));
  const first = all[0]?.tag === "latest" ? void 0 : all[0]?.tag;
  return {
    references: all,
    names: [.../* @__PURE__ */ new Set([...names2, ...all.map(({ tag }) => tag)])],
    notes: [
      ...computed?.notes ?? [],
      ...bare.map(
        (tag) => `No tag from "${tag}" of docker/metadata-action: it has no image name. Set images in that step.`
      )
    ],
    version: computed?.version ?? imported.labels[versionKey] ?? context.gitTag ?? first
  };
}
function referencesOf({ references }) {
  return references.map(formatReference);
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
  const ask = async (fact, question) => {
    try {
      const api = openGitHubApi({ apiUrl, token, send: transport.send, log: { ...log, info: log.debug } });
      return await inTime(question(api));
    } catch (error) {
      log.info(`Continuing without ${fact}: ${messageOf(error)}`);
      return void 0;
    }
  };
  try {
    const facts = lacksRepository ? await ask("the repository's description and license", (api) => readRepository(api, repository)) : {};
    const commitTime = lacksTime ? await ask("the time of the commit", (api) => readCommitTime(api, { repository, sha })) : void 0;
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
var [mostNames2, longestName2] = [3, 100];
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
    `${files.length === 1 ? "One tracked file differs" : `${files.length} tracked files differ`} from the commit (${namesOf(files)}). The revision label ends in "-dirty", and created: commit keeps the build's time. Commit the change or restore the files, or set created to choose a time.`
  );
  return new Set(affected);
}
function namesOf(files) {
  const names2 = files.slice(0, mostNames2).map((file) => oneLine(file, longestName2));
  return [...names2, ...files.length > mostNames2 ? ["\u2026"] : []].join(", ");
}
function isBuiltFromCheckout({ mode, builds, contents }, runtime) {
  if (mode !== "build" || builds.some(({ source }) => source.kind === "path")) return false;
  const sources = [...builds.map(({ source }) => directoryOf2(source)), ...contents.map(directoryOfFlake)];
  return sources.some((directory) => directory !== void 0 && isInCheckout(directory, runtime));
}
function isInCheckout(path, { resolve, directory }) {
  const [source, checkout] = [`${resolve(path)}/`, `${directory}/`];
  return source.startsWith(checkout) || checkout.startsWith(source);
}
function directoryOf2(source) {
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
  const [context, changed] = await Promise.all([completeContext(first, runtime), findChanged(images, runtime)]);
  const describe2 = (inputs) => describeImage(inputs, { ...runtime, context: { ...context, isDirty: changed.has(inputs) } });
  const described = [await describe2(first)];
  for (const inputs of others) described.push(await describe2(inputs));
  return described;
}
async function describeImage(inputs, runtime) {
  const { log, context } = runtime;
  const now = runtime.now();
  const created = createdOf2(inputs, runtime);
  const imported = await readGiven(inputs, runtime);
  const metadata = computeMetadata({ ...inputs, imported, created }, { ...context, now });
  for (const note of metadata.notes) log.warning(note);
  for (const reference of metadata.references) log.info(formatReference(reference));
  expectTags(metadata, inputs);
  return metadata;
}
function createdOf2(inputs, { log, context, env, now }) {
  const commitTime = context.isDirty ? void 0 : context.checkoutTime ?? context.commitTime;
  const created = resolveCreated(inputs.created, { sourceDateEpoch: env.SOURCE_DATE_EPOCH, commitTime, now });
  if (created === void 0 && inputs.created === "commit" && !context.isDirty && inputs.mode !== "cleanup") {
    log.notice("The commit time is unknown, so the image keeps the created time of its build.");
  }
  return created;
}
async function readGiven({ metadata }, { env, resolve }) {
  if (metadata === void 0) return noMetadata;
  if (metadata.kind === "env") return metadataOfEnvironment(env);
  if (metadata.kind === "json") return metadata.metadata;
  const read = async (path) => parseMetadataJson(await readText(resolve(path), "metadata"), path);
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
  const description = lines.length === 0 ? "metadata gives" : `the rules ${lines.join(", ")} give`;
  const why = notes.length > 0 ? notes.join(" ") : lines.length === 0 ? "it has none." : "none matches this event.";
  throw new Failure(
    `Cannot ${push2 ? "push" : "load"}: ${description} no tag: ${why} Add a rule for it, such as type=ref,event=branch, type=ref,event=tag, type=ref,event=pr, type=sha or type=raw,value=TAG, or do not push here.`
  );
}

// src/image/oci-layout/open-layout-files.ts
import { lstat, stat } from "node:fs/promises";
async function openLayoutFiles(path, { isTrusted }) {
  const description = `the OCI layout ${path}`;
  const facts = await factsOf(path, isTrusted ? stat : lstat);
  if (facts.isDirectory()) return openLayoutDirectory(path, description, isTrusted ? "store" : "none");
  if (facts.isSymbolicLink()) throw new Failure(`Cannot use ${description}: it is a symlink. Name the layout itself.`);
  if (facts.isFile() && shapeOf(path) === "tar") {
    return indexArchive(path, description, { followsLinks: isTrusted });
  }
  const found = facts.isFile() ? describeFile(path) : "neither a file nor a directory";
  throw new Failure(`Cannot use ${description}: it is ${found}. Name a directory or an uncompressed tar archive.`);
}
async function factsOf(path, look) {
  try {
    return await look(path);
  } catch (cause) {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new Failure(`Cannot open the OCI layout ${path}: the file does not exist.`, { cause });
  }
}

// src/registry/content/await-manifest.ts
import { setTimeout as sleep } from "node:timers/promises";
async function awaitManifest(client, tag, { pause, longest, now }) {
  const end2 = now() + longest;
  while (now() < end2) {
    await sleep(pause);
    if (await findManifest(client, tag) !== void 0) return true;
  }
  return false;
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
      (image) => labelImage(withBlobsKept(image), metadata, { inputs, meta: void 0, runtime })
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
  const { digest, index, images, others } = await readStored(client, from.name, platform);
  runtime.log.info(`From ${formatRepository(from)}@${digest}`);
  for (const { config, manifest } of images) {
    const own = platformOf(config);
    runtime.log.info(`${own}: ${manifest.descriptor.digest}`);
    if (platform === void 0 || closestTo(platform, [own], (one) => one).length > 0) continue;
    throw new Failure(`Cannot promote ${formatRepository(from)}@${digest} for ${platform}: it is for ${own}.`);
  }
  return { index, images: images.map(remoteImageOf), others };
}
var eventsOfTags = ["push", "create", "release"];
async function expectImage(client, name, { runtime: { context, log, now }, patience }) {
  if (await findManifest(client, name) !== void 0) return;
  const description = `${formatRepository(client.repository)}${isDigest(name) ? "@" : ":"}${name}`;
  const missing = `Cannot promote ${description}: the image does not exist`;
  if (isDigest(name) || !eventsOfTags.includes(context.eventName)) {
    throw new Failure(`${missing}. Check from, or push the image first.`);
  }
  const minutes = Math.ceil(patience.longest / 6e4);
  log.notice(`${description} does not exist yet. Waiting up to ${minutes} min for the run that pushes it.`);
  if (await awaitManifest(client, name, { ...patience, now })) return;
  throw new Failure(
    `${missing}, after ${minutes} min of waiting. Check from and the job that pushes the image, and run this job again.`
  );
}

// src/image/oci-layout/open-untrusted-layout.ts
var mostImages = 32;
var mostLayers2 = 127;
async function openUntrustedLayout(files, platforms) {
  await checkVersion(files);
  const index = await files.read("index.json", largestJson);
  const roots = distinct(readList(index, `index.json of ${files.description}`));
  const [root] = roots;
  if (root === void 0 || roots.length > 1) {
    throw new Failure(
      `Cannot use ${files.description}: it contains ${roots.length} images or indexes; exactly one is allowed.`
    );
  }
  const isIndex = root.mediaType === mediaTypes.index;
  const manifests = isIndex ? await readIndex(files, root) : [root];
  const images = [];
  for (const manifest of manifests) images.push(await openImage(files, manifest, platforms));
  expectPlatformsOnce(images, files);
  return { images, others: 0, ...isIndex ? { index: { annotations: {} } } : {} };
}
function expectPlatformsOnce(images, { description }) {
  const platforms = images.map(({ config }) => normalizePlatform(platformOf(config)));
  const twice = platforms.find((platform, i) => platforms.indexOf(platform) !== i);
  if (twice !== void 0) throw new Failure(`Cannot use ${description}: it contains two images for ${twice}.`);
}
async function readIndex(files, root) {
  const description = `the index ${root.digest} of ${files.description}`;
  const manifests = distinct(readList(await readSmall(files, root, "index"), description));
  if (manifests.length > 0 && manifests.length <= mostImages) return manifests;
  throw new Failure(`Cannot use ${description}: it lists ${manifests.length} images; 1 to ${mostImages} are allowed.`);
}
async function openImage(files, descriptor, platforms) {
  const description = `the image ${descriptor.digest} of ${files.description}`;
  const fail = (why) => new Failure(`Cannot use ${description}: ${why}.`);
  if (descriptor.mediaType !== mediaTypes.manifest)
    throw fail(`the index lists it with the media type ${descriptor.mediaType}`);
  checkSmall(descriptor, "manifest", files);
  const manifest = await readManifest(files, descriptor);
  checkSmall(manifest.config, "config", files);
  if (manifest.config.mediaType !== mediaTypes.config)
    throw fail(`its config has the media type ${manifest.config.mediaType}`);
  const { layers } = manifest;
  if (layers.length > mostLayers2) throw fail(`it has ${layers.length} layers, more than the limit of ${mostLayers2}`);
  const config = await readConfig(files, manifest);
  const platform = platformOf(config);
  if (!platforms.some((allowed) => isSamePlatform(allowed, platform))) {
    throw fail(
      `it is for ${JSON.stringify(platform)}; allowed: ${platforms.join(", ")}. Set the input platform to the platforms that may be pushed`
    );
  }
  const diffIds = diffIdsOf(config) ?? [];
  if (diffIds.length !== layers.length)
    throw fail(`it lists ${layers.length} layers, but its config lists ${diffIds.length} diff_ids`);
  return { config, layers: layers.map((layer, i) => openLayer(files, layer, diffIds[i])) };
}
function readList(bytes, description) {
  const { manifests } = parseJsonObject(bytes, description);
  if (!Array.isArray(manifests)) throw new Failure(`Cannot read ${description}: its "manifests" is not a list.`);
  return manifests.map((item, i) => parseDescriptor(item, `"manifests[${i}]" of ${description}`));
}
function distinct(descriptors) {
  return [...new Map(descriptors.map((descriptor) => [descriptor.digest, descriptor])).values()];
}
async function readSmall(files, descriptor, role) {
  checkSmall(descriptor, role, files);
  return readBlob2(files, descriptor, role);
}
function checkSmall({ digest, size }, role, { description }) {
  if (size <= largestJson) return;
  throw new Failure(
    `Cannot use ${description}: its ${role} ${digest} has ${size} bytes, more than the limit of ${largestJson}.`
  );
}

// src/pack/check-layer.ts
async function checkLayer(layer, most) {
  const tooLarge = () => new Failure(`Cannot use ${layer.description}: it exceeds the remaining limit of ${most} bytes.`);
  if ((layer.size ?? 0) > most) throw tooLarge();
  const blob = createMeter();
  const tar = createMeter();
  for await (const _ of tar.through(openTar({ ...layer, open: () => blob.through(layer.open()) }))) {
    if (tar.size() > most) throw tooLarge();
  }
  checkDescriptor(layer, { digest: blob.digest(), size: blob.size() });
  checkDiffId(layer, tar.digest());
  return tar.size();
}

// src/stages/open/open-untrusted.ts
var usualPlatforms = ["linux/amd64", "linux/arm64"];
var mostBytes = 16 * 2 ** 30;
async function openUntrusted(publications, { runtime }) {
  const ready = [];
  for (const publication of publications) {
    const { inputs, metadata } = publication;
    const files = await openLayoutFiles(runtime.resolve(pathOf(inputs)), { isTrusted: false });
    const { index, images } = await openUntrustedLayout(
      files,
      inputs.platforms.length === 0 ? usualPlatforms : inputs.platforms
    );
    for (const image of images) checkLabels(image, metadata, inputs);
    await checkLayers(images);
    runtime.log.info(`${files.description}: ${images.map(({ config }) => platformOf(config)).join(", ")}`);
    const platforms = images.map(
      (image) => labelImage(withBlobsKept(image), metadata, { inputs, meta: void 0, runtime })
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
function checkLabels({ config }, { labels, deleted }, { allowLabels, annotate }) {
  const isOurs = (key) => deleted.has(key) || annotate.includes("config") && Object.hasOwn(labels, key);
  const foreign = keysNotAllowed(labelsOf(config), allowLabels).filter((key) => !isOurs(key));
  if (foreign.length === 0) return;
  throw new Failure(
    `Cannot push the layout: its labels ${foreign.map((key) => JSON.stringify(key)).join(", ")} are not allowed. Allow them in allow-labels, or delete them with !KEY in labels.`
  );
}
async function checkLayers(images) {
  const layers = images.flatMap((image) => image.layers);
  const distinct2 = new Map(layers.map((layer) => [`${layer.descriptor?.digest} ${layer.diffId}`, layer]));
  let left = mostBytes;
  for (const layer of distinct2.values()) left -= await checkLayer(layer, left);
}

// src/oci/image-index.ts
function indexBlob(entries, annotations) {
  const sorted = entries.toSorted((a, b) => a.platform < b.platform ? -1 : 1);
  sorted.forEach(({ platform, descriptor }, i) => {
    const before = sorted.slice(0, i).find((earlier) => isSamePlatform(earlier.platform, platform));
    if (before === void 0) return;
    throw new Failure(
      `Cannot create an index: ${before.descriptor.digest} and ${descriptor.digest} are both for ${platform}. Keep one of them.`
    );
  });
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: sorted.map(({ descriptor: { mediaType, digest, size }, platform }) => ({
      mediaType,
      digest,
      size,
      platform: parsePlatform(platform, `the config of ${digest}`)
    })),
    ...sortedAnnotations(annotations)
  };
  return blobOf(JSON.stringify(json), mediaTypes.index);
}

// src/attest/provenance.ts
function provenancePredicate(build2) {
  const { workflow, eventName, inputs, dependencies, derivations, nixVersion, reused, identity } = build2;
  const { server, repository, path, ref } = workflow;
  return {
    buildDefinition: {
      buildType: "https://actions.github.io/buildtypes/workflow/v1",
      externalParameters: {
        workflow: { ref, repository: `${server}/${repository}`, path },
        nixImage_inputs: inputs
      },
      internalParameters: {
        github: {
          event_name: eventName,
          repository_id: workflow.repositoryId,
          repository_owner_id: workflow.ownerId,
          runner_environment: workflow.runnerEnvironment
        },
        ...derivations.length === 0 ? {} : { nixImage_derivations: derivations }
      },
      resolvedDependencies: dependencies
    },
    runDetails: {
      builder: {
        id: identity ?? `${server}/${repository}/${path}@${ref}`,
        ...nixVersion === void 0 ? {} : { version: { nix: nixVersion } }
      },
      metadata: {
        invocationId: workflow.invocation,
        ...reused === void 0 ? {} : { nixImage_reusedBuild: reused }
      }
    }
  };
}

// src/attest/flake-dependencies.ts
function flakeDependencies(lock) {
  const { nodes } = objectIn(lock);
  return Object.entries(isObject(nodes) ? nodes : {}).sort(([a], [b]) => a < b ? -1 : 1).flatMap(([name, node]) => {
    const { locked } = isObject(node) ? node : {};
    return isObject(locked) ? [dependencyOf(name, locked)] : [];
  });
}
function dependencyOf(name, locked) {
  const { rev, narHash } = locked;
  return {
    name,
    uri: uriOf(locked),
    ...typeof rev === "string" ? { digest: { gitCommit: rev } } : {},
    ...typeof narHash === "string" ? { annotations: { narHash } } : {}
  };
}
var forges = { github: "github.com", gitlab: "gitlab.com", sourcehut: "git.sr.ht" };
function uriOf({ type, host, owner, repo, url, path }) {
  const forge = typeof host === "string" ? host : forges[String(type)];
  if (forge !== void 0 && typeof owner === "string" && typeof repo === "string")
    return `git+https://${forge}/${owner}/${repo}`;
  return `${String(type)}:${withoutLogins(String(url ?? path ?? ""))}`;
}

// src/stages/publish/read-build.ts
async function readBuild(publication, runtime) {
  const { inputs, platforms = [], built, signer } = publication;
  const { workflow, eventName = "" } = runtime.context;
  if (workflow === void 0) return void 0;
  const bases = platforms.flatMap(({ image }) => image.base ?? []);
  return {
    workflow,
    eventName,
    inputs: publicInputs(inputs, runtime),
    dependencies: [
      ...checkoutOf(runtime),
      ...await flakesOf(inputs, runtime),
      ...new Map(bases.map((base) => [base.digest, baseDependency(base)])).values(),
      ...nixRelease(built?.nixVersion)
    ],
    derivations: built?.derivations ?? [],
    nixVersion: built?.nixVersion,
    reused: built?.reused,
    identity: signer?.identity
  };
}
function publicInputs({ given }, { log }) {
  const clean3 = (text2) => withoutLogins(log.masked(text2)).replaceAll(/^.*access-tokens.*$/gm, "***");
  return Object.fromEntries(Object.entries(given).map(([name, text2]) => [name, clean3(text2)]));
}
function checkoutOf({ context: { repositoryUrl, ref, revision } }) {
  if (repositoryUrl === void 0 || revision === void 0) return [];
  return [{ uri: `git+${repositoryUrl}${ref === void 0 ? "" : `@${ref}`}`, digest: { gitCommit: revision } }];
}
async function flakesOf({ builds }, runtime) {
  const locks = /* @__PURE__ */ new Set();
  for (const { source } of builds) {
    if (source.kind !== "installable") continue;
    try {
      const { lock } = await readLocalFlake(source.installable, runtime.resolve);
      if (lock !== void 0) locks.add(lock);
    } catch (error) {
      runtime.log.debug(`Provenance lacks the inputs of ${source.installable}: ${String(error)}`);
    }
  }
  return [...locks].flatMap(flakeDependencies);
}
function baseDependency({ name, digest }) {
  return { name: "base", uri: `oci://${name}`, digest: { sha256: hexOf(digest) } };
}
function nixRelease(version) {
  return version === void 0 || version === "" ? [] : [{ name: "nix", uri: `https://releases.nixos.org/nix/nix-${version}` }];
}

// src/stages/publish/attest-images.ts
async function attestImages(publications, pushed, runtime) {
  const attested = [];
  for (const [i, publication] of publications.entries()) {
    attested.push(await attestImage(publication, pushed[i], runtime));
  }
  return attested;
}
async function attestImage(publication, pushed, runtime) {
  const { signer, destination, inputs } = publication;
  if (destination.clients.length === 0 || inputs.dryRun) return pushed;
  const claims = signer === void 0 ? [] : [...await provenanceOf(publication, pushed, runtime), ...claimsOf(pushed)];
  try {
    if (signer === void 0) {
      await attachSboms(pushed, publication, runtime);
      return pushed;
    }
    for (const claim of claims) await attest(claim, { publication, signer, runtime });
    return { ...pushed, result: { ...pushed.result, attested: claims.map(({ predicateType }) => predicateType) } };
  } catch (error) {
    if (!(error instanceof AttachRefusal) || !inputs.attest.allowUnattested) throw error;
    const refusal = messageOf(error.cause);
    runtime.log.warning(`The image is pushed without attestations, as allow-unattested: true permits. ${refusal}`);
    return { ...pushed, result: { ...pushed.result, unattested: refusal } };
  }
}
function claimsOf({ root, result, sboms = [] }) {
  const bills = sboms.map(({ format, text: text2, subject }) => {
    const { predicateType } = sbomTypes[format];
    return { predicateType, predicate: JSON.parse(text2), subjects: [subject] };
  });
  return [...bills, { predicateType: predicateTypes.signature, predicate: {}, subjects: subjectsOf(root, result) }];
}
async function provenanceOf(publication, { root, result }, runtime) {
  const build2 = publication.inputs.attest.provenance ? await readBuild(publication, runtime) : void 0;
  if (build2 === void 0) return [];
  const { provenance: predicateType } = predicateTypes;
  return [{ predicateType, predicate: provenancePredicate(build2), subjects: subjectsOf(root, result) }];
}
function subjectsOf(root, { platforms }) {
  const all = [root.descriptor, ...platforms.map(({ manifest }) => manifest)];
  return [...new Map(all.map((descriptor) => [descriptor.digest, descriptor])).values()];
}
async function attest(claim, { publication, signer, runtime }) {
  const { destination, sendToGitHub } = publication;
  const [home] = destination.repositories;
  const statement = formatStatement(claim, home);
  const places = destination.clients.flatMap((client) => claim.subjects.map((subject) => ({ client, subject })));
  const before = await settleAll(places.map((place) => findBundle(place, statement, signer)));
  const missing = places.filter((_, i) => before[i] === void 0);
  if (missing.length === 0) {
    runtime.log.info(`${claim.predicateType}: already attached`);
    return;
  }
  const found = before.find((one) => one !== void 0);
  const bundle = found ?? await signer.sign(statement);
  if (found === void 0) await sendToGitHub?.(bundle);
  const artifact = {
    content: blobOf(bundle, bundleType),
    annotations: {
      "dev.sigstore.bundle.content": "dsse-envelope",
      "dev.sigstore.bundle.predicateType": claim.predicateType
    }
  };
  const attached = await settleAll(missing.map((place) => attachTo(place, artifact)));
  await settleAll(missing.map((place, i) => expectAttached(place.client, place.subject, attached[i])));
  runtime.log.info(`${claim.predicateType}: signed by ${signer.name}, attached to ${missing.length} manifests`);
}
async function findBundle({ client, subject }, statement, signer) {
  for await (const bytes of readAttached(client, subject.digest, bundleType)) {
    if (makesClaim(bytes, statement, signer)) return bytes;
  }
  return void 0;
}
function makesClaim(bytes, statement, signer) {
  try {
    const bundle = parseBundle(bytes);
    return claimsSame(bundle.statement, statement) && signer.hasMade(bundle);
  } catch {
    return false;
  }
}
async function attachTo({ client, subject }, artifact) {
  try {
    return await attachArtifact(client, subject, artifact);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new AttachRefusal(
      `Cannot attach attestations to ${formatRepository(client.repository)}@${subject.digest}: ${sentence(error.message)} No tag was moved. Use a registry that stores OCI artifacts, or set allow-unattested: true to push without them.`,
      { cause: error }
    );
  }
}
async function attachSboms({ sboms = [] }, { destination }, { log }) {
  for (const { format, text: text2, subject } of sboms) {
    const artifact = { content: blobOf(text2, sbomTypes[format].mediaType), annotations: {} };
    for (const client of destination.clients) {
      const digest = await attachTo({ client, subject }, artifact);
      await expectAttached(client, subject, digest);
    }
    log.info(`${format}: attached to ${subject.digest}, unsigned`);
  }
}
var AttachRefusal = class extends Failure {
};
function isRefusal(error) {
  return error instanceof RegistryError && error.status >= 400 && error.status < 500 && !isUnknownContent(error);
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
  configBlob,
  config
}) {
  return {
    manifest: manifest.descriptor,
    configDigest: configBlob.descriptor.digest,
    platform: platformOf(config),
    created: createdOf(config),
    labels: labelsOf(config)
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
async function moveTags(moves, options) {
  const { ifExists, log, cancelled } = options;
  const wanted = ifExists === "overwrite" ? moves : await movesLeft(moves, options);
  const named = [];
  const moved = [];
  const warn = () => {
    if (moved.length > 0)
      log.warning(`Cancelled while moving tags. These already point to the new image: ${namesOf2(moved)}`);
  };
  cancelled.addEventListener("abort", warn);
  try {
    for (const [i, move] of wanted.entries()) {
      cancelled.throwIfAborted();
      const isLast = i === wanted.length - 1;
      const mayStay = isLast && ifExists === "overwrite";
      const before = mayStay ? void 0 : await readBefore(move, options);
      if (ifExists !== "overwrite" && isTaken(move, before)) {
        leave([move], options);
        continue;
      }
      const isMoved = !isNamed(move, before) && await moveTag(move, log);
      if (isMoved) moved.push({ ...move, before });
      named.push(move.reference);
      log.info(`${formatReference(move.reference)} is ${isMoved ? "" : "already "}${move.manifest.descriptor.digest}`);
    }
  } catch (error) {
    const left = await putBack(moved, log);
    if (left.length === 0) throw error;
    throw new Failure(`${messageOf(error)} These tags already point to the new image: ${namesOf2(left)}.`, {
      cause: error
    });
  } finally {
    cancelled.removeEventListener("abort", warn);
  }
  return named;
}
async function movesLeft(moves, options) {
  const befores = await settleAll(moves.map((move) => readBefore(move, options)));
  const taken = moves.filter((move, i) => isTaken(move, befores[i]));
  if (taken.length > 0) leave(taken, options);
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
      `Cannot tag the image: ${namesOf2(taken)} already exists and points to another image. Choose a new tag, or set if-exists to overwrite or skip.`
    );
  }
  log.notice(`Not moved, because it already exists: ${namesOf2(taken)}`);
}
function namesOf2(tags) {
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
  const named = await runtime.holdExit(moveTags(moves, { ifExists, log, cancelled }));
  const moved = new Set(named.map(formatReference));
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
    return tagImages(publications, await attestImages(publications, joined, runtime), runtime);
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
  for (const image of images) platforms.push(await copyImage(image, publication));
  await destination.putManifest(root);
  return { root, result: resultOf(publication, root, platforms) };
}
async function openSourceImages({ inputs, sources, destination }, { runtime, access }) {
  const [home] = destination.repositories;
  const found = /* @__PURE__ */ new Map();
  for (const { repository = home, name } of sources) {
    if (repository === void 0) {
      throw new Failure(`Cannot find ${name}: it has no repository, and neither has tags. Give NAME@DIGEST.`);
    }
    const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
    for (const image of (await readStored(client, name)).images) {
      runtime.log.info(`${image.platform}: ${formatRepository(repository)}@${image.manifest.descriptor.digest}`);
      found.set(image.manifest.descriptor.digest, image);
    }
  }
  const images = [...found.values()];
  expectPlatforms(images, inputs);
  for (const image of images) checkImage(image);
  return images;
}
function expectPlatforms(images, { platforms: wanted }) {
  const without = images.find((image) => !image.platform.includes("/"));
  if (without !== void 0) {
    throw new Failure(
      `Cannot create an index: the config of ${without.manifest.descriptor.digest} names no platform ("${without.platform}").`
    );
  }
  if (wanted.length === 0) return;
  const there = images.map((image) => image.platform);
  const isAmong = (platforms, one) => platforms.some((other) => isSamePlatform(other, one));
  const missing = wanted.filter((one) => !isAmong(there, one));
  const foreign = there.filter((one) => !isAmong(wanted, one));
  if (missing.length + foreign.length === 0) return;
  throw new Failure(
    `Cannot make an index for ${wanted.join(", ")}: the sources are for ${there.join(", ")}. Check sources, or platform.`
  );
}
async function copyImage(image, { inputs, destination }) {
  const { manifest, configBlob, config, layers, repository } = image;
  const send = (blob) => destination.upload(blob, repository);
  const diffIds = diffIdsOf(config) ?? [];
  const contents = contentsInHistory(config, layers.length);
  const results = [];
  for (const [i, layer] of layers.entries()) {
    const { descriptor } = layer;
    const state = stateOf(await send(layer), inputs);
    results.push({ descriptor, diffId: diffIds[i] ?? descriptor.digest, state, contents: contents[i] });
  }
  await send(configBlob);
  await destination.putManifest(manifest);
  return { ...platformResultOf(image), layers: results };
}

// src/registry/read/read-known.ts
async function readKnown(tags) {
  const layers = /* @__PURE__ */ new Map();
  const configs = /* @__PURE__ */ new Map();
  const pool = createPool(readsAtATime);
  const readTag = async ({ client, tag }) => {
    const read = (name) => pool(() => readManifestIfThere(client, name));
    const manifest = await read(tag);
    const reference = { ...client.repository, tag };
    return { client, reference, images: manifest === void 0 ? [] : await imagesUnder(manifest.bytes, read) };
  };
  for (const { client, reference, images } of await settleAll(tags.map(readTag))) {
    for (const [name, known] of layersByName(images, client)) layers.set(name, [...layers.get(name) ?? [], known]);
    for (const { config, layers: listed } of images) {
      if (!isDescriptor(config) || configs.has(config.digest)) continue;
      const descriptors = Array.isArray(listed) && listed.every(isDescriptor) ? listed : [];
      let reading;
      const read = () => {
        reading ??= readBlob(client, config);
        return reading;
      };
      configs.set(config.digest, { place: client.repository, reference, layers: descriptors, read });
    }
  }
  return { layers, configs };
}
function layersByName(images, client) {
  const byName = /* @__PURE__ */ new Map();
  for (const { descriptor, facts } of images.flatMap(layersOf)) {
    const known = { descriptor, facts, repository: client.repository, open: () => openBlob(client, descriptor) };
    for (const name of [facts.identity, facts.diffId]) {
      if (name !== void 0 && !byName.has(name)) byName.set(name, known);
    }
  }
  return byName;
}
var knownMediaTypes = [mediaTypes.layerTar, mediaTypes.layerGzip, mediaTypes.layerZstd];
var mostImages2 = 32;
async function imagesUnder(bytes, readManifest2) {
  const root = objectIn(bytes);
  const { manifests } = root;
  if (!Array.isArray(manifests)) return [root];
  const images = manifests.filter(isDescriptor).filter(({ mediaType }) => mediaType === mediaTypes.manifest);
  const read = images.slice(0, mostImages2).map(({ digest }) => readManifest2(digest));
  return (await settleAll(read)).flatMap((image) => image === void 0 ? [] : [objectIn(image.bytes)]);
}
function layersOf({ layers }) {
  if (!Array.isArray(layers)) return [];
  return layers.filter(isLayerDescriptor).flatMap(({ mediaType, digest, size, annotations }) => {
    const facts = layerFactsOf({ mediaType, digest, size, annotations: annotations ?? {} });
    return facts === void 0 ? [] : [{ descriptor: { mediaType, digest, size }, facts }];
  });
}
function isLayerDescriptor(value) {
  return isDescriptor(value) && knownMediaTypes.includes(value.mediaType);
}

// src/registry/push/destination.ts
var enoughMissed = 8;
var smallBlob = 1 << 20;
var uploadsAtATime = 5;
async function openDestination(options, access) {
  const { reuseFrom, preflight, readsAhead = false, dryRun = false, pushByDigest = false } = options;
  const targets = await openTargets(options, access);
  let reading;
  const readOnce = () => {
    reading ??= openKnownTags(targets, reuseFrom, access).then(readKnown);
    return reading;
  };
  let opening;
  const openOnce = () => {
    opening ??= openPlaces(targets, options, access);
    return opening;
  };
  await settleAll([
    ...preflight && !dryRun ? targets.map(({ client }) => checkMayPush(client)) : [],
    ...readsAhead ? [readOnce()] : []
  ]);
  const pool = createPool(uploadsAtATime);
  const asking = createPool(readsAtATime);
  let uploadedBytes = 0;
  const uploadTo = async (target, blob, source) => {
    const { client } = target;
    const { size } = blob.descriptor;
    if (typeof source === "object" && isSameRepository(source, client.repository)) return "exists";
    const uploaded = await pool(async () => {
      const isHardlyThere = source === void 0 && target.missed >= enoughMissed && size <= smallBlob;
      const from = source === "new" || source?.host === client.repository.host ? source : void 0;
      if (dryRun) return await seeBlob(client, blob.descriptor) ? "exists" : "uploaded";
      return uploadBlob(client, blob, isHardlyThere ? "new" : from);
    });
    target.missed = uploaded === "uploaded" ? target.missed + 1 : Number.NEGATIVE_INFINITY;
    if (uploaded === "uploaded") uploadedBytes += size;
    return uploaded;
  };
  return {
    readKnown: readOnce,
    upload: (blob, source) => settleAll(targets.map((target) => uploadTo(target, blob, source))),
    async locate(descriptor) {
      for (const client of await openOnce()) {
        if (await asking(() => seeBlob(client, descriptor))) {
          return { repository: client.repository, open: () => openBlob(client, descriptor) };
        }
      }
      return void 0;
    },
    uploadedBytes: () => uploadedBytes,
    async putManifest(manifest) {
      if (dryRun) return;
      await settleAll(targets.map(({ client }) => putManifest(client, manifest, manifest.descriptor.digest)));
    },
    repositories: targets.map(({ client }) => client.repository),
    clients: targets.map(({ client }) => client),
    tags: dryRun || pushByDigest ? [] : targets.flatMap(({ client, tags }) => tags.map((reference) => ({ client, reference })))
  };
}
function seeBlob(client, { digest }) {
  return client.retry(`Asking for ${digest}`, () => hasBlob(client, digest));
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
async function openPlaces(targets, { reuseFrom, mountFrom = [] }, access) {
  const isTarget = (repository) => targets.some(({ client }) => isSameRepository(client.repository, repository));
  const others = byRepository([...reuseFrom, ...mountFrom]).map(([first]) => first).filter((one) => !isTarget(one));
  const opened = others.map((one) => openClient(one, { ...access, actions: "pull", mountSources: [] }));
  return [...targets.map(({ client }) => client), ...await settleAll(opened)];
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

// src/github/store-attestation.ts
async function storeAttestation(api, repository, bundle) {
  const json = parseJson(bundle, "the bundle", { largest: bundle.length });
  await api.request("POST", `repos/${repository}/attestations`, { bundle: json });
}

// src/stages/open/open-attestations-api.ts
function openAttestationsApi({ runtime, access }) {
  const { repository, apiUrl } = runtime.context;
  if (repository === void 0 || apiUrl === void 0) {
    throw new Failure("Cannot use attest-to-github: this run belongs to no repository on GitHub. Remove it.");
  }
  const api = openGitHubApi({ apiUrl, token: access.githubToken, send: access.transport.send, log: runtime.log });
  return async (bundle) => {
    try {
      await storeAttestation(api, repository, bundle);
    } catch (error) {
      const isRefused = error instanceof GitHubError && [403, 404].includes(error.status);
      if (!isRefused) throw error;
      throw new Failure(
        `Cannot send an attestation to GitHub: ${error.message} Add "permissions: attestations: write" to the job. No tag was moved.`,
        { cause: error }
      );
    }
  };
}

// src/stages/open/open-signer.ts
var largestConfig = 1 << 20;
async function openSigner({ attest: { signer } }, runtime) {
  const { keyPassword, identityToken } = runtime.signing;
  if (signer?.kind === "key") {
    const [{ parseSigningKey }, { createKeySigner }] = await Promise.all([
      import("./chunk-IYRKOIDN.mjs"),
      import("./chunk-7DHNPUHM.mjs")
    ]);
    return createKeySigner(await parseSigningKey(signer.pem, keyPassword));
  }
  if (signer === void 0) return void 0;
  const { config } = signer;
  const signingConfig = config === void 0 ? void 0 : await readWholeFile(runtime.resolve(config), largestConfig, config);
  const { openKeylessSigner } = await import("./chunk-6KQMG6XD.mjs");
  return openKeylessSigner({ identityToken, signingConfig });
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
  const texts = await readTexts(resolve(line), "sources");
  if (texts.length === 0) throw new Failure(`Cannot use the source ${line}: the directory contains no JSON files.`);
  return texts.flatMap(({ path, text: text2 }) => parseDescriptors(text2, path));
}
function parseName(line) {
  const { name, ...repository } = parseImageName(line);
  return { repository, name };
}
function parseDescriptors(text2, description) {
  let json;
  try {
    json = parseJson(text2, description);
  } catch (cause) {
    throw new Failure(`Cannot read ${description}: it is not a JSON descriptor (${messageOf(cause)}).`, { cause });
  }
  return (Array.isArray(json) ? json : [json]).map((item) => parseDescriptor2(item, description));
}
function parseDescriptor2(item, description) {
  const { digest, annotations } = isObject(item) ? item : {};
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw new Failure(`Cannot read ${description}: ${JSON.stringify(item)} is not a descriptor: it has no digest.`);
  }
  const name = isObject(annotations) ? annotations["io.containerd.image.name"] : void 0;
  if (typeof name !== "string") return { name: digest };
  const source = parseName(name);
  if (source.name === digest) return source;
  throw new Failure(`Cannot read ${description}: it names ${name}, but its digest is ${digest}.`);
}

// src/stages/publish/open-publications.ts
async function openPublications(described, { runtime, access }) {
  const isPushed = ({ inputs }) => inputs.push || inputs.dryRun;
  const mountFrom = [
    ...described.filter(isPushed).flatMap(({ metadata }) => metadata.references),
    ...described.flatMap(placesOf)
  ];
  const open2 = (one) => {
    const references = isPushed(one) ? one.metadata.references : [];
    return openDestination({ ...optionsOf(one, runtime), references, mountFrom }, access);
  };
  try {
    const opened = await settleAll(described.map(async (one) => ({ ...one, destination: await open2(one) })));
    return opened.some(isPushed) ? withSigner(opened, { runtime, access }) : opened;
  } catch (error) {
    if (!isDenied(error) || !runtime.context.isRestricted || described[0]?.inputs.mode !== "build") throw error;
    const layouts = await chooseLayouts(described, runtime);
    runtime.log.warning(
      `Not pushed: ${error.message} Pull requests from forks and by Dependabot get a read-only token. The image is built and written to ${layouts.map(({ path }) => path).join(", ")}: upload that as an artifact, and push it in a workflow_run job with the push-layout action.`
    );
    return settleAll(described.map((one, i) => forLayout(one, layouts[i], { runtime, access })));
  }
}
async function withSigner(publications, context) {
  const [{ inputs }] = publications;
  if (inputs.attest.provenance && context.runtime.context.workflow === void 0) {
    throw new Failure(
      "Cannot attach provenance: it names the workflow that builds the image, and no workflow runs here. Remove provenance."
    );
  }
  const signer = await openSigner(inputs, context.runtime);
  const sendToGitHub = inputs.attest.toGitHub ? openAttestationsApi(context) : void 0;
  return publications.map((one) => ({ ...one, signer, sendToGitHub }));
}
async function describeImages(images, runtime) {
  const all = await runtime.log.group("Metadata", () => describeRun(images, runtime));
  const describe2 = async (inputs, i) => {
    return { inputs, metadata: all[i], sources: await readSources(inputs.sources, runtime) };
  };
  const [first, ...others] = images;
  return Promise.all([describe2(first, 0), ...others.map((inputs, i) => describe2(inputs, i + 1))]);
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
    ({ inputs: { name = "layout", output } }) => output === void 0 || output.kind === "docker-archive" ? { kind: "oci", path: `${directory}/${name}` } : { kind: output.kind, path: runtime.resolve(output.path) }
  );
}
async function forLayout(one, layout, { runtime, access }) {
  const destination = await openDestination(optionsOf(one, runtime), access);
  return { ...one, inputs: { ...one.inputs, push: false }, destination, layout };
}

// src/check/layer-files.ts
var mostFileBytes = 16 << 20;

// src/pack/pack-image.ts
import { cpus } from "node:os";
import { join as join3 } from "node:path";

// src/pack/read-small-layer.ts
var mostBytes2 = 1 << 20;
async function readSmallLayer(layer, budget) {
  const { encoding, size, remote, storePaths } = layer;
  const isSmall = encoding === "tar" && size !== void 0 && size <= mostBytes2;
  if (budget === void 0 || !isSmall || remote !== void 0 || storePaths !== void 0) return void 0;
  const watch = watchLayer(layer, budget);
  await drain(watch.through(layer.open(watch.options)));
  return watch.files();
}

// src/pack/reuse-layer.ts
function reuseLayer(layer, options) {
  if (layer.remote !== void 0 && options.compression === void 0) return packedOf(layer, layer.remote, false);
  if (options.reuse === "off" || isPassedOn(layer, options.compression)) return void 0;
  const claimed = claimsAbout(layer, options);
  if (options.reuse === "verify") {
    const honest = claimed.find((blob) => isVouchedFor(blob, layer, options));
    return honest && packedOf(layer, honest, true);
  }
  const found = claimed.find(({ facts }) => layer.diffId === void 0 || layer.diffId === facts.diffId);
  return found && packedOf(layer, found, false);
}
function confirmLayer(packed, layer, options) {
  if (options.reuse === "off" || !packed.isCertain) return packed;
  const { descriptor, diffId } = packed;
  const claimed = claimsAbout({ ...layer, diffId }, options);
  const isTrue = (blob) => blob.descriptor.digest === descriptor.digest && blob.descriptor.size === descriptor.size;
  const untrue = claimed.find((blob) => !isTrue(blob));
  if (untrue !== void 0) {
    options.onFalseClaim(
      `Cannot confirm that ${nameIn(untrue)} is the layer ${diffId}: this run packed it into a different blob.`
    );
  }
  const known = claimed.find(isTrue);
  return known === void 0 ? packed : { ...packed, known };
}
function claimsAbout({ diffId, identity }, { known, compression = defaultCompression }) {
  const named = [diffId, identity].flatMap((name) => name === void 0 ? [] : known.get(name) ?? []);
  return [...new Set(named)].filter((blob) => isMadeBy(blob, compression));
}
function isMadeBy({ descriptor, facts }, compression) {
  return facts.compression === compressionName(compression) && descriptor.mediaType === mediaTypeOf[encodingOf(compression)];
}
function isVouchedFor({ descriptor, facts }, { diffId, identity }, { confirmed }) {
  if (confirmed === void 0 || diffId !== void 0 && diffId !== facts.diffId) return false;
  return [diffId, identity].some((name) => name !== void 0 && confirmed.has(claimKey(name, descriptor, facts)));
}
async function* exactly(size, known) {
  const fail = () => new Failure(`Cannot use ${nameIn(known)}: it does not have the ${size} bytes that a manifest states.`);
  let left = size;
  for await (const chunk of known.open()) {
    left -= chunk.length;
    if (left < 0) throw fail();
    yield chunk;
  }
  if (left > 0) throw fail();
}
function nameIn({ descriptor, repository }) {
  return `${descriptor.digest} in ${formatRepository(repository)}`;
}
function packedOf(layer, known, isCertain) {
  const { descriptor, facts } = known;
  const { identity: _, ...others } = facts;
  return {
    descriptor: withFacts(descriptor, { ...others, ...identityOf(layer) }),
    diffId: facts.diffId,
    isCertain,
    known,
    async tarSize() {
      const tar = createMeter();
      await drain(tar.through(openTar(layer, reuseBuffer)));
      return tar.size();
    },
    open: () => exactly(descriptor.size, known),
    openTar: () => openTar(layer),
    release() {
    }
  };
}

// src/pack/pack-image.ts
var mostLayersAtATime = 4;
function createPacker(directory, budget) {
  const pool = createPool(Math.min(cpus().length, mostLayersAtATime));
  const packed = /* @__PURE__ */ new Map();
  const pack = async (layer, file, options) => {
    const reused = reuseLayer(layer, options);
    if (reused !== void 0) return { ...reused, files: await readSmallLayer(layer, budget) };
    return confirmLayer(await packLayer(layer, file, { ...options, budget }), layer, options);
  };
  return {
    pack(layer, options) {
      const key = keyOf(layer);
      const file = join3(directory, `layer-${packed.size}`);
      const promise = packed.get(key) ?? pool(() => pack(layer, file, options));
      packed.set(key, promise);
      return promise;
    }
  };
}
function keyOf(layer) {
  const { keepsBlob, descriptor, diffId, identity } = layer;
  return (keepsBlob ? descriptor?.digest : void 0) ?? diffId ?? identity ?? layer;
}
async function packImage(image, options) {
  const { annotations, onLayer, packer } = options;
  const handled = /* @__PURE__ */ new Map();
  const handle = async (layer) => {
    const packed = { ...await packer.pack(layer, options), contents: layer.contents };
    await onLayer(packed);
    return packed;
  };
  const handleOnce = (layer) => {
    const promise = handled.get(keyOf(layer)) ?? handle(layer);
    handled.set(keyOf(layer), promise);
    return promise;
  };
  const layers = await settleAll(image.layers.map(handleOnce));
  const config = withDiffIds(
    image.config,
    layers.map((layer) => layer.diffId)
  );
  const configBlob = blobOf(config.bytes, mediaTypes.config);
  const manifest = manifestBlob({
    config: configBlob.descriptor,
    layers: layers.map((layer) => layer.descriptor),
    annotations: { ...image.annotations, ...annotations }
  });
  return { manifest, configBlob, config, layers };
}

// src/report/saving-text.ts
function savingText({ sent, stable }) {
  return `Sent layers with ${formatSize(sent)} of store paths, most of them unchanged. With layering: stable, the changed ones are in layers of ${formatSize(stable)} (before compression).`;
}

// src/local/write-text.ts
import { mkdir, writeFile } from "node:fs/promises";
import { dirname as dirname2 } from "node:path";
async function writeText(path, text2, description) {
  try {
    await mkdir(dirname2(path), { recursive: true });
    await writeFile(path, text2);
  } catch (cause) {
    throw new Failure(`Cannot write ${description} to ${path}: ${messageOf(cause)}. Name another file.`, { cause });
  }
}

// src/stages/sbom/write-sboms.ts
async function writeSboms({ inputs: { sbom, name }, platforms, destination }, packed, { log, resolve }) {
  const documents = [];
  const [repository] = destination.repositories;
  for (const [i, { manifest, config }] of packed.entries()) {
    const inventory = await platforms[i]?.readInventory?.();
    if (inventory === void 0) continue;
    const subject = {
      name: repository === void 0 ? name ?? "image" : formatRepository(repository),
      repository,
      digest: manifest.descriptor.digest,
      platform: platformOf(config),
      created: createdOf(config),
      inventory
    };
    for (const format of sbom.formats) {
      const text2 = await sbomOf(format, subject);
      documents.push({ format, text: text2, subject: manifest.descriptor });
      if (sbom.file === void 0) continue;
      const file = resolve(fileName(sbom.file, { format, platform: subject.platform }));
      await writeText(file, text2, "sbom-file");
      log.info(`Wrote ${format} with ${inventory.paths.length} store paths to ${file}`);
    }
  }
  return documents;
}
function fileName(pattern, { format, platform }) {
  return pattern.replaceAll("{{format}}", format).replaceAll("{{platform}}", platform.replaceAll("/", "-"));
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

// src/stages/publish/check-images.ts
function checkConfigs(images, runtime) {
  for (const { inputs, platforms } of images) {
    if (inputs.check !== "error") continue;
    for (const { image } of platforms) refuse(findingsOf(image, image.layers, { inputs, runtime, isEarly: true }));
  }
}
function checkPacked(image, packed, { inputs, runtime }) {
  if (inputs.check === "off") return [];
  const layers = image.layers.map(({ storePaths }, i) => ({ storePaths, files: packed.layers[i]?.files }));
  const findings = findingsOf({ ...image, config: packed.config }, layers, { inputs, runtime });
  if (inputs.check === "error") refuse(findings);
  describeLayers(layers, platformOf(packed.config), runtime);
  return findings;
}
function warnOfFindings(images, { log }) {
  const all = images.flatMap(({ name, findings = [] }) => findings.map((finding) => ({ name, finding })));
  for (const rule of new Set(all.map(({ finding }) => finding.rule))) {
    const [first, ...others] = all.filter(({ finding }) => finding.rule === rule);
    if (first === void 0) continue;
    const also = others.map(
      ({ name = "", finding }) => `${`${name} ${finding.platform}`.trim()}: ${listFacts(finding)}`
    );
    log.warning([`Check ${formatFinding(first.finding)}`, ...also].join("\nAlso "));
  }
}
function findingsOf({ config }, layers, { inputs, runtime, isEarly = false }) {
  const { repositoryUrl } = runtime.context;
  return applyRules({ config, layers, repositoryUrl }, { ignored: inputs.checkIgnore, isEarly });
}
function refuse(findings) {
  if (findings.length === 0) return;
  const lines = findings.map((finding) => `- ${formatFinding(finding)}`);
  const rulesText = findings.length === 1 ? "a rule" : `${findings.length} rules`;
  throw new Failure(
    [
      `Cannot publish the image for ${findings[0]?.platform}: it breaks ${rulesText} of the check. No tag was moved.`,
      ...lines,
      "Correct the image, or name rules in check-ignore."
    ].join("\n")
  );
}
function describeLayers(layers, platform, { log }) {
  const unread = layers.filter(({ files }) => files === void 0).length;
  const efficiency = efficiencyOf(layers);
  if (unread > 0) {
    log.info(
      `Check of ${platform}: ${unread} of ${layers.length} layers were reused without being read, so rules about their files do not see them.`
    );
  }
  if (efficiency !== void 0)
    log.info(`Check of ${platform}: the efficiency is ${(efficiency.score * 100).toFixed(1)} %.`);
}

// src/image/layering/stable-saving.ts
var leastSaving = 1e6;
function stableSaving({ sent, before, stable, closure }) {
  const known = new Set(before.flat());
  const isNew = (path) => !known.has(path);
  const sizeOf = (layers) => layers.flat().reduce((sum, path) => sum + (closure.get(path)?.narSize ?? 0), 0);
  const keyOf2 = (paths) => paths.toSorted().join();
  const keys = new Set(before.filter((paths) => paths.length > 0).map(keyOf2));
  if (sent.some((paths) => keys.has(keyOf2(paths)))) return void 0;
  if (!sent.some((paths) => 2 * sizeOf([paths.filter(isNew)]) < sizeOf([paths]))) return void 0;
  const saving = { sent: sizeOf(sent), stable: sizeOf(stable.filter((paths) => paths.some(isNew))) };
  return saving.sent - saving.stable >= Math.max(leastSaving, saving.sent / 2) ? saving : void 0;
}

// src/stages/publish/compare-with-stable.ts
async function compareWithStable({ image, split }, known, log) {
  if (split === void 0 || known === void 0) return void 0;
  const isNew = (layer) => storePathsOf(layer).length > 1 && !known.layers.has(layer.identity ?? "");
  if (!image.layers.some(isNew)) return void 0;
  try {
    const before = await readLayersBefore(known, platformOf(image.config));
    if (before.flat().length === 0) return void 0;
    const paths = new Set(image.layers.flatMap(storePathsOf));
    const kept = image.layers.filter((layer) => storePathsOf(layer).length === 0).length;
    const { layers: stable, closure } = await splitPaths([...paths], { image: "the image", kept }, split);
    return (sent) => stableSaving({ sent, before, stable, closure });
  } catch (error) {
    log.debug(`Not compared with layering: stable. ${messageOf(error)}`);
    return void 0;
  }
}
async function readLayersBefore({ configs }, platform) {
  for (const [digest, { read }] of configs) {
    const config = parseConfig(await read(), `the config ${digest}`);
    if (platformOf(config) !== platform) continue;
    const contents = contentsInHistory(config, diffIdsOf(config)?.length ?? 0);
    return contents.map(({ paths }) => paths.map(({ path }) => path));
  }
  return [];
}
function storePathsOf({ identity, contents }) {
  return identity === void 0 ? [] : (contents?.paths ?? []).map(({ path }) => path);
}

// src/stages/publish/read-previous.ts
async function readPrevious(known, images, log) {
  const [first, ...others] = known?.configs.values() ?? [];
  if (first === void 0) return void 0;
  const { reference } = first;
  const configs = [first, ...others.filter((one) => one.reference === reference)];
  const isKnown = ({ layers }) => configs.some((one) => digestsOf(one.layers) === digestsOf(layers.map((layer) => layer.descriptor)));
  if (images.every(isKnown)) return { reference, images };
  try {
    return { reference, images: await settleAll(configs.map(readSummary)) };
  } catch (error) {
    log.info(`Not compared with ${formatReference(reference)}: ${messageOf(error)}`);
    return void 0;
  }
}
function digestsOf(layers) {
  return layers.map(({ digest }) => digest).join();
}
async function readSummary({ reference, layers, read }) {
  const config = parseConfig(await read(), `the config of ${formatReference(reference)}`);
  return summarizeImage({ config, platform: platformOf(config), layers: layers.map((descriptor) => ({ descriptor })) });
}

// src/local/write-output.ts
import { randomUUID } from "node:crypto";
import { mkdir as mkdir2, open, readdir as readdir2, rename, rm } from "node:fs/promises";
import { dirname as dirname3, join as join4 } from "node:path";
import { pipeline as pipeline2 } from "node:stream/promises";
async function writeOutput(image, output) {
  const { kind, path } = output;
  if (kind === "oci") await refuseFilled(path);
  const members = kind === "docker-archive" ? await dockerArchiveMembers(image) : layoutMembers(image);
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
    throw new Failure(`Cannot write the image to oci:${directory}: it is not empty. Remove it or name another one.`);
}
async function writeDirectory(members, directory) {
  for (const member of members) {
    const file = join4(directory, member.name);
    await mkdir2(dirname3(file), { recursive: true });
    await writeFile2(member.open(), file);
  }
}
async function writeFile2(source, path) {
  const file = await open(path, "w");
  await pipeline2(source, file.createWriteStream());
}

// src/stages/publish/write-locally.ts
function isWrittenLocally({ inputs: { output, load }, layout }) {
  return output !== void 0 || layout !== void 0 || load;
}
async function writeLocally({ root, images }, { inputs, metadata, layout }, { log, env, resolve }) {
  if (inputs.dryRun) return;
  const image = { root, images, references: metadata.references };
  const output = inputs.output && { ...inputs.output, path: resolve(inputs.output.path) };
  const outputs = output?.path === layout?.path ? [output] : [output, layout];
  for (const one of outputs) {
    if (one === void 0) continue;
    await writeOutput(image, one);
    log.info(`Wrote ${one.kind}:${one.path}`);
  }
  if (inputs.load) log.info(`Loaded into ${await loadIntoEngine(image, env)}`);
}

// src/stages/publish/publish-images.ts
async function publishImages(images, runtime) {
  let isWritten = false;
  return retryWithoutReuse(
    runtime,
    (isRetry) => publishOnce(isRetry ? images.map(withoutReuse) : images, runtime, async (pushed) => {
      if (!isWritten) {
        warnOfFindings(
          pushed.map(({ result }) => result),
          runtime
        );
        for (const [i, one] of pushed.entries()) await writeLocally(one, images[i], runtime);
      }
      isWritten = true;
    })
  );
}
function publishKnown(images, runtime) {
  return publishOnce(images, runtime, async () => {
  });
}
async function publishOnce(images, runtime, write) {
  for (const { image } of images.flatMap(({ platforms }) => platforms)) checkImage(image);
  checkConfigs(images, runtime);
  const isChecked = images.some(({ inputs }) => inputs.check !== "off");
  const packer = createPacker(runtime.temporary, isChecked ? { left: mostFileBytes } : void 0);
  const keepsBlobs = images.flatMap(({ platforms }) => platforms).length > 1 || images.some(isWrittenLocally);
  const run = { runtime, packer, repositoryOf: /* @__PURE__ */ new Map(), keepsBlobs, onlyTag: onlyTagOf(images) };
  const pushed = [];
  for (const image of images) pushed.push(await packAndPush(image, run));
  await write(pushed);
  return tagImages(images, await attestImages(images, pushed, runtime), runtime);
}
function onlyTagOf(images) {
  const [tag, ...others] = images.flatMap(({ destination }) => destination.tags);
  const hasMore = images.some(({ signer, inputs }) => signer !== void 0 || inputs.sbom.formats.length > 0);
  return others.length === 0 && !hasMore && images[0]?.inputs.ifExists === "overwrite" ? tag : void 0;
}
function withoutReuse(image) {
  return { ...image, inputs: { ...image.inputs, reuse: "off" } };
}
async function packAndPush(image, run) {
  const { inputs, destination } = image;
  const known = inputs.reuse === "off" ? void 0 : await destination.readKnown();
  const packed = [];
  for (const one of image.platforms) packed.push(await packPlatform(one, { ...image, known }, run));
  const platforms = packed.map((one) => one.result);
  const readingPrevious = inBackground(readPrevious(known, platforms, run.runtime.log));
  const images = packed.map((one) => one.image);
  const findings = images.flatMap(
    (one, i) => checkPacked(image.platforms[i].image, one, { inputs, runtime: run.runtime })
  );
  const root = rootOf(images, image);
  const listed = images.map(({ manifest }) => manifest).filter((manifest) => manifest !== root);
  await settleAll(listed.map(destination.putManifest));
  if (run.onlyTag === void 0 || !destination.tags.includes(run.onlyTag)) {
    await destination.putManifest(root);
  }
  const sboms = await writeSboms(image, images, run.runtime);
  const result = { ...resultOf(image, root, platforms), findings, previous: await readingPrevious };
  return { root, images, sboms, result };
}
async function packPlatform(labelled, { inputs, destination, known, confirmed }, { runtime: { log }, packer, repositoryOf, keepsBlobs }) {
  const { image, annotations } = labelled;
  const states = /* @__PURE__ */ new Map();
  const comparing = inBackground(compareWithStable(labelled, known, log));
  const packed = await packImage(
    { ...image, layers: image.layers.map((layer) => showMaking(layer, log)) },
    {
      packer,
      annotations,
      compression: inputs.compression,
      reuse: inputs.reuse,
      known: known?.layers ?? /* @__PURE__ */ new Map(),
      confirmed,
      onFalseClaim: log.warning,
      async onLayer({ descriptor, open: open2, release, known: from, contents }) {
        const { digest, size } = descriptor;
        const name = nameLayer({ descriptor, contents });
        const shown = { descriptor, open: showReading(open2, { name: `sending ${name}`, size, log }) };
        const state = stateOf(await destination.upload(shown, from?.repository ?? repositoryOf.get(digest)), inputs);
        if (!keepsBlobs) release();
        const [repository] = destination.repositories;
        if (repository !== void 0 && !inputs.dryRun) repositoryOf.set(digest, repository);
        states.set(digest, state);
        log.info(`${name}  ${formatSize(size)}  ${state}`);
      }
    }
  );
  const configPlace = known && (known.configs.get(packed.configBlob.descriptor.digest)?.place ?? "new");
  await destination.upload(packed.configBlob, configPlace);
  const layers = packed.layers.map(({ descriptor, diffId, isCertain, contents }) => ({
    descriptor,
    diffId,
    isCertain,
    contents,
    state: states.get(descriptor.digest) ?? "not pushed"
  }));
  const sent = image.layers.filter((_, i) => layers[i]?.state === "uploaded").map(storePathsOf);
  const saving = (await comparing)?.(sent);
  if (saving !== void 0) log.notice(savingText(saving));
  return { image: packed, result: { ...platformResultOf(packed), layers, saving } };
}
function showMaking(layer, log) {
  const { contents, diffId } = layer;
  const name = contents === void 0 ? "a layer" : nameLayer({ contents, descriptor: { digest: diffId ?? "sha256:" } });
  return { ...layer, open: showReading(layer.open, { name: `making ${name}`, size: layer.size, log }) };
}
function rootOf(images, { inputs, metadata, platforms, index }) {
  const [only] = images;
  if (only !== void 0 && images.length === 1 && index === void 0) return only.manifest;
  const entries = images.map(({ manifest, config }) => ({
    descriptor: manifest.descriptor,
    platform: platformOf(config)
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

// src/report/describe-reuse.ts
function describeReuse(by) {
  return by === "commit" ? "nothing was installed, restored, evaluated or built" : "the derivations are the same, so nothing was built, and only sources were restored";
}

// src/stages/publish/publish-result.ts
async function publishResult(result, opening, publishing) {
  if (result === void 0) return void 0;
  const publications = await opening;
  if (publications.some(({ layout }) => layout !== void 0)) return void 0;
  return publishing.runtime.log.group("Push", () => publishAll(result, publications, publishing));
}
async function publishAll(result, publications, { runtime, by }) {
  const ready = [];
  for (const [i, publication] of publications.entries()) {
    const image = await openResult(result.images[i] ?? [], publication, runtime);
    if (image === void 0) {
      runtime.log.info(`The registry no longer has all layers of the build of ${result.time}: building again.`);
      return void 0;
    }
    const { nixVersion, time, run } = result;
    const derivations = (result.images[i] ?? []).map(({ drvPath }) => drvPath);
    ready.push({ ...image, built: { nixVersion, derivations, reused: { time, run } } });
  }
  try {
    const images = await publishKnown(ready, runtime);
    const { time, run, nixVersion } = result;
    const derivations = result.images.flat().map(({ drvPath }) => drvPath);
    const origin = [...derivations, ...run === void 0 ? [] : [run]].join(", ");
    runtime.log.info(
      `Reused the build of ${time} (${origin}): ${describeReuse(by)}. To build all the same, set rebuild: always.`
    );
    return { images, nixVersion, reused: { time, run, derivations, by } };
  } catch (error) {
    if (!isUnknownContent(error)) throw error;
    runtime.log.warning(`The registry lost layers of the build of ${result.time} that it listed: building again.`);
    return void 0;
  }
}
async function openResult(built, publication, runtime) {
  const { inputs, metadata, destination } = publication;
  const platforms = [];
  for (const { config, annotations, base, meta, layers: builtLayers } of built) {
    const layers = await settleAll(builtLayers.map((layer) => locateLayer(layer, destination)));
    if (layers.includes(void 0)) return void 0;
    const image = { config, annotations, layers: layers.filter((layer) => layer !== void 0), ...base && { base } };
    platforms.push(labelImage(image, metadata, { inputs, meta, runtime }));
  }
  const { compression: _, ...others } = inputs;
  return { ...publication, inputs: { ...others, reuse: "off" }, platforms };
}
async function locateLayer({ descriptor: withFacts2, contents }, destination) {
  const { mediaType, digest, size } = withFacts2;
  const descriptor = { mediaType, digest, size };
  const location = await destination.locate(descriptor);
  if (location === void 0) return void 0;
  const facts = layerFactsOf(withFacts2);
  const { diffId, identity } = facts;
  return {
    diffId,
    ...identity === void 0 ? {} : { identity },
    encoding: layerEncoding(descriptor, diffId) ?? "tar",
    size,
    contents,
    descriptor,
    remote: { descriptor, facts, ...location },
    open: location.open
  };
}

// src/stages/record-stages.ts
function recordStages(runtime) {
  const stages = [];
  const { log, now } = runtime;
  const group = async (name, body) => {
    const start = now();
    try {
      return await log.group(name, body);
    } finally {
      stages.push({ name, milliseconds: now() - start });
    }
  };
  return { runtime: { ...runtime, log: { ...log, group } }, stages };
}

// src/run.ts
var actions = {
  build: timed(build),
  index: timed(
    (images, runtime) => push(
      images,
      runtime,
      (publications, context) => runtime.log.group("Index", () => joinImages(publications, context))
    )
  ),
  promote: timed((images, runtime) => pushOpened(images, runtime, openPromoted)),
  "push-layout": timed((images, runtime) => pushOpened(images, asTriggeringRun(runtime), openUntrusted)),
  metadata: describe,
  cleanup: clean2
};
function timed(action) {
  return async (images, runtime) => {
    const { runtime: recorded, stages } = recordStages(runtime);
    return { ...await action(images, recorded), stages };
  };
}
function build(images, runtime) {
  return withRegistries(images, runtime, async (context, describing) => {
    const prebuilt = openPrebuilt(images, context);
    const recalling = inBackground(recallResult(images, context));
    const opening = inBackground(openPublications(await describing, context));
    if (prebuilt === void 0) await opening;
    const recalled = await recalling;
    const reused = await publishResult(recalled.result, opening, { runtime, by: "commit" });
    const pushed = reused ?? await buildAndPush({ images, prebuilt, opening, recalled }, context);
    await commentOnPullRequest(images, pushed, context);
    return pushed;
  });
}
async function buildAndPush({ images, prebuilt, opening, recalled }, context) {
  const { runtime } = context;
  const run = { inputs: images[0], runtime };
  const evaluated = prebuilt === void 0 ? await evaluateBuild(images, recalled, runtime) : void 0;
  const reused = await publishResult(evaluated?.same, opening, { runtime, by: "derivations" });
  if (reused !== void 0) {
    const entries = await rememberReused(evaluated?.same, recalled, { images, context });
    return saveAfter(void 0, run, async () => ({ result: reused, entries }));
  }
  const built = await buildImages(images, runtime, evaluated);
  return saveAfter(built.save, run, async () => {
    const { sources, ready } = await runtime.log.group("Image", async () => {
      const sources2 = await (prebuilt ?? openSources(images, built, context));
      return { sources: sources2, ready: labelSources(await opening, sources2, { built, runtime }) };
    });
    const published = await runtime.log.group("Push", () => publishImages(ready, runtime));
    const entries = await rememberResult(recalled, { images, built, sources, published }, context);
    const { nixVersion, work, cache } = built;
    return { result: { images: published, nixVersion, work, cache }, entries };
  });
}
function pushOpened(images, runtime, open2) {
  return push(images, runtime, async (publications, context) => {
    const ready = await runtime.log.group("Image", () => open2(publications, context));
    return runtime.log.group("Push", () => publishImages(ready, runtime));
  });
}
function push(images, runtime, publish) {
  return withRegistries(images, runtime, async (context, describing) => {
    const published = await publish(await openPublications(await describing, context), context);
    const result = { images: published, nixVersion: void 0 };
    await commentOnPullRequest(images, result, context);
    return result;
  });
}
async function describe(images, runtime) {
  const [metadata] = await runtime.log.group("Metadata", () => describeRun(images, runtime));
  return { metadata };
}
function clean2(images, ownRuntime) {
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
  referencesOf,
  table,
  code,
  codeBlock,
  details,
  plain,
  formatDifference,
  packageLines,
  describeReuse,
  listFacts,
  savingText,
  findEngine,
  actions
};
