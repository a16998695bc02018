const { join } = globalThis.process.getBuiltinModule("node:path");
const { existsSync, realpathSync } = globalThis.process.getBuiltinModule("node:fs");
const { dirname, join: join2 } = globalThis.process.getBuiltinModule("node:path");
const { readSync } = globalThis.process.getBuiltinModule("node:fs");
const { posix } = globalThis.process.getBuiltinModule("node:path");
const { closeSync, fstatSync, openSync, readdirSync, readSync: readSync2, statSync } = globalThis.process.getBuiltinModule("node:fs");
const { join: join3 } = globalThis.process.getBuiltinModule("node:path");
const { realpathSync: realpathSync2, statSync: statSync2 } = globalThis.process.getBuiltinModule("node:fs");
const { join: join4 } = globalThis.process.getBuiltinModule("node:path");
const { createHash } = globalThis.process.getBuiltinModule("node:crypto");
const { open } = globalThis.process.getBuiltinModule("node:fs/promises");
const { dirname: dirname2 } = globalThis.process.getBuiltinModule("node:path");
const { once } = globalThis.process.getBuiltinModule("node:events");
import {
  fetchResult
} from "./chunk-RCHAHIEV.mjs";
import {
  compressedFormatOf,
  decompress,
  decompressReusing
} from "./chunk-3DOYXRXT.mjs";
import {
  blobOf,
  chunkedPositionsOf,
  claimKey,
  getManifest,
  indexTypes,
  isDescriptor,
  layerEncoding,
  manifestTypes,
  mediaTypeOf,
  mediaTypes,
  nixSystem,
  openBlob,
  openClient,
  openFile,
  openRegularFile,
  openResults,
  readBlob,
  readSettings,
  readVersionToUse,
  readWholeFile,
  readsAtATime,
  resultKey,
  reuseBuffer,
  withContents,
  withFacts,
  withNixConfig
} from "./chunk-JYQXIE4E.mjs";
import {
  baseLabels,
  packageLabels
} from "./chunk-6OHNNCAZ.mjs";
import {
  diffIdsOf,
  labelsOf,
  parseConfig,
  platformOf,
  withChanges
} from "./chunk-QGRX4KWZ.mjs";
import {
  blockSize,
  decimalOf,
  paddedSize,
  readHeader,
  readPaxRecords,
  watchMembers
} from "./chunk-4GYQYVDP.mjs";
import {
  isAscii,
  textOf
} from "./chunk-25LIPGGA.mjs";
import {
  annotationsOf,
  blocksOf,
  closestTo,
  collectFiles,
  compress,
  compressionName,
  createBlockMemory,
  defaultCompression,
  defaultMaxLayers,
  encodingOf,
  isPath,
  largestJson,
  normalizePlatform,
  parseJson,
  parseJsonObject,
  stableLayers,
  startSize,
  storeDirectory,
  storeDirectoryOf,
  withoutKeys
} from "./chunk-XBGOFGJP.mjs";
import {
  digestOf,
  digestOfHash,
  formatReference,
  formatRepository,
  hexOf,
  isDigest,
  parseDigest,
  parseImageName,
  parseReference
} from "./chunk-HEI324TL.mjs";
import {
  Failure,
  createPool,
  hasCode,
  isObject,
  messageOf,
  settleAll
} from "./chunk-UH7NESJ6.mjs";

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
  impure: ({ impure: impure2 }) => impure2,
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
  // A result was built and packed twice, and its run compared the files.
  "check-reproducible": ({ checkReproducible }) => checkReproducible,
  "nix-db": ({ nixDb }) => nixDb,
  "allow-unattested": false,
  "attest-to-github": false,
  "signing-config": false,
  image: false,
  // Reused layers may come from images that a result did not have to ask for their signer.
  "require-signed": ({ require: require2 }) => require2.signer,
  "require-issuer": false,
  "require-key": false,
  "trusted-root": false,
  require: false,
  "require-repository": false,
  "require-workflow": false,
  "require-ref": false,
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

// src/nix/impure-settings.ts
var impure = /\b(pure-eval|allow-unsafe-native-code-during-evaluation|plugin-files|impure-derivations)\b/;
var largestFlake = 4 << 20;
function refuseImpureSettings(lines) {
  const found = impure.exec(lines.join("\n"))?.[0];
  if (found !== void 0) throw new Failure(`the settings of Nix have ${found}`);
}
async function refuseImpureFlake(directory) {
  const path = join(directory, "flake.nix");
  const text = (await readWholeFile(path, largestFlake, path)).toString();
  const found = /\bnixConfig\b/.test(text) ? impure.exec(text)?.[0] : void 0;
  if (found !== void 0) throw new Failure(`nixConfig in ${path} may set ${found}`);
}

// src/nix/local-flake.ts
var largestLock = 16 << 20;
async function readLocalFlake(installable, resolve) {
  const directory = findFlake(resolve(directoryOf(installable)));
  if (directory === void 0) throw new Failure(`${installable} has no flake.nix on this machine`);
  const lock = await readLock(join2(directory, "flake.lock"));
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
  return join2(path === "" ? "." : path, below ?? "");
}
function findFlake(directory) {
  if (!existsSync(directory)) return void 0;
  for (let at = realpathSync(directory); ; at = dirname(at)) {
    if (existsSync(join2(at, "flake.nix"))) return at;
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

// src/stages/open/base-image-name.ts
function baseImageName(base) {
  return isPath(base) ? void 0 : parseImageName(base);
}

// src/registry/read/stored-image.ts
var mostImages = 100;
var longestPlatform = 100;
async function readStored(client, name, platform) {
  const description = `${formatRepository(client.repository)} (${name})`;
  const bytes = await getManifest(client, name);
  const json = parseJsonObject(bytes, `the manifest of ${description}`);
  const digest = digestOf(bytes);
  const { manifests } = json;
  if (!Array.isArray(manifests)) {
    return { digest, images: [await readImage(client, { bytes, json, description })], others: 0 };
  }
  const entries = imageEntries(manifests, description);
  const [first, ...more] = await readEntries(client, entries, { platform, description });
  if (first === void 0 || platform !== void 0 && more.length > 0) {
    const there = entries.map((entry) => entry.platform ?? entry.descriptor.digest).join(", ");
    throw new Failure(
      platform === void 0 ? `Cannot use ${description}: it is an index without images.` : `Cannot choose an image for ${platform} from ${description}: it has ${there}. Name one of them by its digest.`
    );
  }
  const index = { annotations: annotationsOf2(json) };
  return { digest, index, images: [first, ...more], others: manifests.length - entries.length };
}
function imageEntries(manifests, description) {
  const descriptors = manifests.filter(isDescriptor);
  const nested = descriptors.find(({ mediaType }) => indexTypes.includes(mediaType));
  if (nested !== void 0) {
    throw new Failure(
      `Cannot use ${description}: it is an index that lists another index, ${nested.digest}. Name that index instead.`
    );
  }
  const entries = descriptors.filter(isImage).map((descriptor) => ({ descriptor, platform: platformIn(descriptor) })).filter(({ platform }) => platform !== "unknown/unknown");
  if (entries.length <= mostImages) return entries;
  throw new Failure(
    `Cannot use ${description}: it is an index of ${entries.length} images; at most ${mostImages} are allowed.`
  );
}
function isImage(entry) {
  return manifestTypes.includes(entry.mediaType) && entry.artifactType === void 0;
}
function platformIn({ platform }) {
  if (!isObject(platform)) return void 0;
  const { os, architecture, variant } = platform;
  const named = [os, architecture, variant].filter((part) => typeof part === "string" && part !== "").join("/");
  return named.length > longestPlatform ? void 0 : named;
}
async function readEntries(client, entries, { platform: wanted, description }) {
  const candidates = wanted === void 0 ? entries : entriesFor(wanted, entries);
  const pool = createPool(readsAtATime);
  const read = async ({ descriptor: { digest } }) => {
    const bytes = await getManifest(client, digest);
    return readImage(client, {
      bytes,
      json: parseJsonObject(bytes, `the manifest ${digest} of ${description}`),
      description: `${description}, ${digest}`
    });
  };
  const images = await settleAll(candidates.map((entry) => pool(() => read(entry))));
  if (wanted === void 0) return images;
  const found = images.map((image, i) => ({ image, platform: candidates[i]?.platform ?? image.platform }));
  return closestTo(wanted, found, ({ platform }) => platform).map(({ image }) => image);
}
function entriesFor(wanted, entries) {
  const named = closestTo(wanted, entries, ({ platform }) => platform ?? "");
  return entries.filter((entry) => entry.platform === void 0 || named.includes(entry));
}
async function readImage(client, { bytes, json, description }) {
  const { mediaType = mediaTypes.manifest, config: configDescriptor, layers } = json;
  const isKnown = typeof mediaType === "string" && manifestTypes.includes(mediaType);
  if (!isKnown || !isDescriptor(configDescriptor) || !Array.isArray(layers) || !layers.every(isDescriptor)) {
    throw new Failure(
      `Cannot use ${description}: it is not a supported image (media type ${JSON.stringify(mediaType)?.slice(0, 100)}).`
    );
  }
  const configBytes = await readBlob(client, configDescriptor);
  const config = parseConfig(configBytes, `the config of ${description}`);
  return {
    manifest: blobOf(bytes, mediaType),
    configBlob: blobOf(configBytes, configDescriptor.mediaType),
    config,
    platform: platformOf(config),
    layers: layers.map((descriptor) => ({ descriptor, open: () => openBlob(client, descriptor) })),
    annotations: annotationsOf2(json),
    repository: client.repository
  };
}
function annotationsOf2({ annotations }) {
  const entries = isObject(annotations) ? Object.entries(annotations) : [];
  return Object.fromEntries(entries.filter((entry) => typeof entry[1] === "string"));
}

// src/tar/index-archive.ts
var longestExtendedHeader = 1 << 20;
var longestName = 4096;
var mostNames = 64 << 20;
var mostLinks = 40;
async function indexArchive(path, description, { followsLinks = true } = {}) {
  const extents = /* @__PURE__ */ new Map();
  const links = /* @__PURE__ */ new Map();
  const file = await openRegularFile(path);
  try {
    const { size } = await file.stat();
    for (const { header, offset } of membersOf({ descriptor: file.fd, size, description })) {
      const name = memberName(header.name, description);
      extents.delete(name);
      links.delete(name);
      if (header.type === "file") extents.set(name, { offset, size: header.size });
      if (header.type === "symlink") links.set(name, memberName(targetOf(name, header.linkname), description));
      if (header.type === "hardlink") links.set(name, memberName(header.linkname, description));
    }
  } finally {
    await file.close();
  }
  return archiveOf({ path, description, extents, links, followsLinks });
}
function archiveOf({ path, description, extents, links, followsLinks }) {
  const follow = (name) => {
    if (!followsLinks && links.has(name)) {
      throw new Failure(
        `Cannot read ${description}: its file "${name}" is a symlink or hard link. Links are not allowed here.`
      );
    }
    let target = name;
    for (let hops = 0; target !== void 0 && hops < mostLinks; hops++) {
      const extent = extents.get(target);
      if (extent !== void 0) return extent;
      target = links.get(target);
    }
    return void 0;
  };
  const find = (name) => {
    const extent = follow(name);
    if (extent === void 0) throw new Failure(`Cannot read ${description}: it has no file "${name}".`);
    return extent;
  };
  const archive = {
    description,
    names: [...extents.keys(), ...links.keys()],
    has: (name) => follow(name) !== void 0,
    size: (name) => find(name).size,
    open: (name, use) => openFile(path, use, find(name)),
    async read(name, limit) {
      if (find(name).size > limit) {
        throw new Failure(
          `Cannot read ${description}: "${name}" has ${find(name).size} bytes, more than the limit of ${limit}.`
        );
      }
      const chunks = [];
      for await (const chunk of archive.open(name)) chunks.push(chunk);
      return Buffer.concat(chunks);
    }
  };
  return archive;
}
function* membersOf(file) {
  const { size: fileSize, description } = file;
  let name;
  let linkname;
  let size;
  let left = mostNames;
  for (let at = 0; at < fileSize; ) {
    const found = readHeader(readBytes(file, at, blockSize), description);
    if (found === void 0) return;
    const offset = at + blockSize;
    left -= 256;
    if (left < 0)
      throw new Failure(`Cannot read ${description}: the names of its files take more than ${mostNames} bytes.`);
    const isExtension = found.type === "pax" || found.type === "gnu-name" || found.type === "gnu-link";
    if (isExtension) {
      if (found.size > longestExtendedHeader)
        throw new Failure(`Cannot read ${description}: it has an extended header of ${found.size} bytes.`);
      const data = readBytes(file, offset, found.size);
      const records = found.type === "pax" ? readPaxRecords(data, description) : /* @__PURE__ */ new Map();
      const text = data.toString("utf8").replace(/\0.*$/s, "");
      name = records.get("path") ?? (found.type === "gnu-name" ? text : name);
      linkname = records.get("linkpath") ?? (found.type === "gnu-link" ? text : linkname);
      size = records.has("size") ? decimalOf(records.get("size") ?? "") : size;
      at = offset + paddedSize(found.size);
      continue;
    }
    const header = {
      ...found,
      name: name ?? found.name,
      linkname: linkname ?? found.linkname,
      size: size ?? found.size
    };
    const longest = Math.max(header.name.length, header.linkname.length);
    if (longest > longestName) {
      throw new Failure(
        `Cannot read ${description}: it has a name of ${longest} characters, more than the limit of ${longestName}.`
      );
    }
    left -= header.name.length + header.linkname.length;
    if (!Number.isSafeInteger(header.size)) {
      throw new Failure(`Cannot read ${description}: "${header.name}" has an invalid size.`);
    }
    if (offset + header.size > fileSize) throw cutOff(description, header.name);
    if (header.type !== "pax-global") yield { header, offset };
    at = offset + paddedSize(header.size);
    [name, linkname, size] = [void 0, void 0, void 0];
  }
}
function readBytes({ descriptor, description }, at, length) {
  const buffer = Buffer.alloc(length);
  if (readSync(descriptor, buffer, 0, length, at) < length) throw cutOff(description, "a header");
  return buffer;
}
function cutOff(description, where) {
  return new Failure(`Cannot read ${description}: it is cut off within "${where}". Build or download it again.`);
}
function targetOf(name, linkname) {
  return linkname.startsWith("/") ? linkname : posix.join(posix.dirname(name), linkname);
}
function memberName(name, description) {
  const normal = posix.normalize(name).replace(/\/$/, "");
  if (normal.startsWith("/") || normal === ".." || normal.startsWith("../")) {
    throw new Failure(
      `Cannot read ${description}: its file "${name}" points outside the archive, which may be malicious.`
    );
  }
  return normal;
}

// src/image/shape.ts
var startSize2 = 4096;
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
  const names = new Set(readdirSync(path));
  if (names.has("manifest.json") && /^Directory Transport/.test(readText(join3(path, "version")))) {
    return `an image in the format of skopeo's dir: transport. Convert it to a layout: skopeo copy dir:${path} oci:layout:latest`;
  }
  if (names.has("bin")) return void 0;
  if (names.has("tarball")) {
    return "the root file system of a NixOS system (tarball/), without an image config. Build an image from it, for example with copyToRoot of dockerTools.buildImage";
  }
  if (names.has("layers.json")) {
    return "a layer of nix2container's buildLayer, not an image. Pass it to buildImage in layers, and build that";
  }
  const source = ["flake.nix", "default.nix"].find((name) => names.has(name));
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
    const start = Buffer.alloc(startSize2);
    const length = readSync2(file, start, 0, startSize2, 0);
    return { start: start.subarray(0, length), mode: fstatSync(file).mode };
  } finally {
    closeSync(file);
  }
}

// src/image/oci-layout/layout-directory.ts
function openLayoutDirectory(path, description, links = "store") {
  const directory = { root: realpathSync2(path), description, links };
  const find = (name) => {
    const found = findFile(directory, name);
    if (found === void 0) throw new Failure(`Cannot read ${description}: it has no file "${name}".`);
    return found;
  };
  return {
    description,
    has: (name) => findFile(directory, name) !== void 0,
    size: (name) => find(name).size,
    open: (name, use) => openFile(find(name).path, use),
    async read(name, limit) {
      const { path: path2, size } = find(name);
      if (size <= limit) return readWholeFile(path2, limit, `"${name}" of ${description}`);
      throw new Failure(`Cannot read ${description}: "${name}" has ${size} bytes, more than the limit of ${limit}.`);
    }
  };
}
function findFile({ root, description, links }, name) {
  try {
    const path = realpathSync2(join4(root, name));
    if (links === "none" && path !== join4(root, name)) {
      throw new Failure(
        `Cannot read ${description}: its file "${name}" is a symlink to ${path}, or lies behind one. Links are not allowed here.`
      );
    }
    if (![root, storeDirectory].some((directory) => path.startsWith(`${directory}/`))) {
      throw new Failure(
        `Cannot read ${description}: its file "${name}" leads to ${path}, outside of the directory and of ${storeDirectory}. Put the file itself there.`
      );
    }
    const facts = statSync2(path);
    return facts.isFile() ? { path, size: facts.size } : void 0;
  } catch (cause) {
    if (hasCode(cause, "ENOENT", "ENOTDIR")) return void 0;
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot read "${name}" of ${description}: ${messageOf(cause)}.`, { cause });
  }
}

// src/image/with-name.ts
function withName(items, wanted) {
  const reference = referenceOf(wanted);
  const isWanted = (name) => name === wanted || reference !== void 0 && isSame(reference, name);
  const named = items.filter(({ names }) => names.some(isWanted));
  if (named.length > 0 || reference === void 0 || hasTag(wanted)) return named;
  return items.filter(({ names }) => names.some((name) => isSameRepository(reference, name)));
}
function isSame(reference, name) {
  const other = referenceOf(name);
  return other !== void 0 && formatReference(other) === formatReference(reference);
}
function isSameRepository(reference, name) {
  const other = referenceOf(name);
  return other !== void 0 && formatRepository(other) === formatRepository(reference);
}
function hasTag(name) {
  return name.lastIndexOf(":") > name.lastIndexOf("/");
}
function referenceOf(name) {
  try {
    return parseReference(name);
  } catch {
    return void 0;
  }
}

// src/image/oci-layout/layout-files.ts
function blobName(digest) {
  return `blobs/sha256/${hexOf(digest)}`;
}
function findBlob(files, { digest, size }, role) {
  const name = blobName(digest);
  if (!files.has(name))
    throw new Failure(`Cannot use ${files.description}: its ${role} ${digest} is missing (${name}).`);
  if (files.size(name) === size) return name;
  throw new Failure(
    `Cannot use ${files.description}: its ${role} ${digest} has ${files.size(name)} bytes, but its descriptor states ${size}.`
  );
}
async function readBlob2(files, descriptor, role) {
  const bytes = await files.read(findBlob(files, descriptor, role), largestJson);
  if (digestOf(bytes) === descriptor.digest) return bytes;
  throw new Failure(
    `Cannot use ${files.description}: the file of its ${role} ${descriptor.digest} has the digest ${digestOf(bytes)}.`
  );
}

// src/image/oci-layout/parse-descriptor.ts
function parseDescriptor(value, description) {
  if (!isObject(value)) throw new Failure(`Cannot read ${description}: it is not a descriptor.`);
  const { mediaType, size } = value;
  const digest = parseDigest(value.digest, `the digest of ${description}`);
  if (typeof mediaType !== "string") throw new Failure(`Cannot read ${description}: its "mediaType" is not a string.`);
  if (typeof size !== "number" || !Number.isSafeInteger(size)) {
    throw new Failure(`Cannot read ${description}: its "size" is not a number of bytes.`);
  }
  return { mediaType, digest, size, annotations: parseAnnotations(value.annotations, description) };
}
function parseAnnotations(value, description) {
  const annotations = value ?? {};
  if (isStrings(annotations)) return annotations;
  throw new Failure(`Cannot read ${description}: its "annotations" is not a map of strings.`);
}
function isStrings(value) {
  return isObject(value) && Object.values(value).every((item) => typeof item === "string");
}

// src/image/oci-layout/read-index.ts
var deepest = 4;
async function readIndex(files) {
  const found = [];
  let level = parseIndex(await files.read("index.json", largestJson), `index.json of ${files.description}`).entries;
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > deepest)
      throw new Failure(`Cannot read ${files.description}: its indexes are nested more than ${deepest} deep.`);
    const entries = merged(level);
    found.push(...entries.filter(({ descriptor }) => manifestTypes.includes(descriptor.mediaType)));
    const indexes = entries.filter(({ descriptor }) => indexTypes.includes(descriptor.mediaType));
    level = (await Promise.all(indexes.map((index) => readNested(files, index)))).flat();
  }
  if (found.length > 0) return merged(found);
  throw new Failure(`Cannot use ${files.description}: its index.json lists no image, directly or through an index.`);
}
async function readNested(files, { descriptor, names }) {
  const description = `the index ${blobName(descriptor.digest)} of ${files.description}`;
  const { entries, annotations, attestations } = parseIndex(await readBlob2(files, descriptor, "index"), description);
  const index = { digest: descriptor.digest, annotations, attestations };
  return entries.map((entry) => ({ ...entry, names: [...names, ...entry.names], index }));
}
function merged(entries) {
  const byDigest = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    const { digest } = entry.descriptor;
    const before = byDigest.get(digest) ?? entry;
    byDigest.set(digest, {
      descriptor: before.descriptor,
      names: [.../* @__PURE__ */ new Set([...before.names, ...entry.names])],
      platform: before.platform ?? entry.platform,
      index: before.index ?? entry.index
    });
  }
  return [...byDigest.values()];
}
function parseIndex(bytes, description) {
  const { manifests, annotations } = parseJsonObject(bytes, description);
  if (!Array.isArray(manifests)) throw new Failure(`Cannot read ${description}: its "manifests" is not a list.`);
  const all = manifests.map((item, i) => parseEntry(item, `"manifests[${i}]" of ${description}`));
  const entries = all.filter(({ platform }) => platform !== "unknown/unknown");
  return {
    entries,
    annotations: parseAnnotations(annotations, description),
    attestations: all.length - entries.length
  };
}
function parseEntry(item, description) {
  const descriptor = parseDescriptor(item, description);
  const { annotations = {} } = descriptor;
  const names = [annotations["io.containerd.image.name"], annotations["org.opencontainers.image.ref.name"]];
  return {
    descriptor,
    names: names.filter((name) => name !== void 0),
    platform: isObject(item) && isObject(item.platform) ? parsePlatform(item.platform, description) : void 0
  };
}
function parsePlatform(platform, description) {
  const { os, architecture, variant = "" } = platform;
  const parts = [os, architecture, variant];
  if (parts.every((part) => typeof part === "string")) return parts.filter((part) => part !== "").join("/");
  throw new Failure(`Cannot read ${description}: its "platform" has no os and architecture.`);
}

// src/image/oci-layout/read-manifest.ts
var configTypes = [mediaTypes.config, "application/vnd.docker.container.image.v1+json"];
async function readManifest(files, descriptor) {
  const description = `the manifest ${blobName(descriptor.digest)} of ${files.description}`;
  const { config, layers, annotations } = parseJsonObject(await readBlob2(files, descriptor, "manifest"), description);
  if (!Array.isArray(layers)) throw new Failure(`Cannot read ${description}: its "layers" is not a list.`);
  return {
    config: parseDescriptor(config, `"config" of ${description}`),
    layers: layers.map((item, i) => parseDescriptor(item, `"layers[${i}]" of ${description}`)),
    annotations: parseAnnotations(annotations, description)
  };
}
function isImageManifest({ config }) {
  return configTypes.includes(config.mediaType);
}
async function readConfig(files, manifest) {
  const { config } = manifest;
  if (!isImageManifest(manifest)) {
    throw new Failure(
      `Cannot use ${files.description}: it is not a container image, its config has the media type ${config.mediaType}.`
    );
  }
  return parseConfig(
    await readBlob2(files, config, "config"),
    `the config ${blobName(config.digest)} of ${files.description}`
  );
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
  const named = imageName === void 0 ? all : withName(all, imageName);
  const known = await Promise.all(named.map((entry) => withPlatform(files, entry)));
  const meant = platform === void 0 ? known : closestTo(platform, known, (entry) => entry.platform ?? "");
  const found = presentOf(meant, files);
  return { found, held: [found, known, all].find((entries) => entries.length > 0) ?? [] };
}
function noChoice(files, { imageName, platform }, { found, held }) {
  const asked = [
    ...imageName === void 0 ? [] : [`named ${imageName}`],
    ...platform === void 0 ? [] : [`for ${platform}`]
  ];
  const count = found.length === 0 ? "none is" : `${found.length} are`;
  return new Failure(
    `Cannot choose an image from ${files.description}: ${count} ${asked.join(" and ") || "in it"}. It contains ${held.map(describe).join(", ")}. Set image-name or platform to select exactly one.`
  );
}
function describe({ descriptor, names, platform }) {
  const name = names.length === 0 ? descriptor.digest : names.join(" ");
  return platform === void 0 ? name : `${name} (${platform})`;
}
async function withPlatform(files, entry) {
  if (entry.platform !== void 0 || !isPresent(entry, files)) return entry;
  const manifest = await readManifest(files, entry.descriptor);
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
  return openEntry(files, await chooseEntry(files, choice));
}
async function openLayoutImages(files, choice) {
  await checkVersion(files);
  const entries = await chooseEntries(files, choice);
  const images = await Promise.all(entries.map((entry) => openEntry(files, entry)));
  const index = entries[0]?.index;
  return { index, images, others: index?.attestations ?? 0 };
}
async function openEntry(files, entry) {
  const manifest = await readManifest(files, entry.descriptor);
  const config = await readConfig(files, manifest);
  checkPlatform(entry, config, files.description);
  const diffIds = diffIdsOf(config) ?? [];
  if (diffIds.length !== manifest.layers.length) {
    throw new Failure(
      `Cannot read ${files.description}: its manifest lists ${manifest.layers.length} layers, but the config lists ${diffIds.length || "no"} diff_ids.`
    );
  }
  const layers = manifest.layers.map((descriptor, i) => openLayer(files, descriptor, diffIds[i]));
  return { config, layers, annotations: manifest.annotations };
}
async function checkVersion(files) {
  if (!files.has("oci-layout")) {
    throw new Failure(
      `Cannot read ${files.description}: it has no file "oci-layout", so it is not an OCI image layout.`
    );
  }
  const description = `oci-layout of ${files.description}`;
  const { imageLayoutVersion: version } = parseJsonObject(await files.read("oci-layout", largestJson), description);
  if (version === "1.0.0") return;
  throw new Failure(
    `Cannot read ${description}: its imageLayoutVersion is ${JSON.stringify(version)}; only "1.0.0" is supported.`
  );
}
function checkPlatform({ platform, descriptor }, config, description) {
  const machineOf = (text) => normalizePlatform(text).split("/", 2).join("/");
  const found = platformOf(config);
  if (platform === void 0 || machineOf(platform) === machineOf(found)) return;
  throw new Failure(
    `Cannot use ${description}: its index lists ${descriptor.digest} for ${platform}, but its config is for ${found}.`
  );
}
function openLayer(files, descriptor, diffId) {
  const { mediaType, digest, size } = descriptor;
  const description = `the layer ${digest} of ${files.description}`;
  const encoding = layerEncoding(descriptor, diffId);
  if (encoding === void 0) {
    const isForeign = /\.(?:foreign|nondistributable)\./.test(mediaType);
    const why = isForeign ? "its content is not part of the image" : "its media type is not supported";
    throw new Failure(`Cannot use ${description}: ${why} (${mediaType}).`);
  }
  if (encoding === "tar" && digest !== diffId) {
    throw new Failure(`Cannot use ${description}: it is not compressed, but its diffID in the config is ${diffId}.`);
  }
  const name = findBlob(files, descriptor, "layer");
  return { diffId, encoding, descriptor, description, size, open: (use) => files.open(name, use) };
}

// src/registry/read/remote-image.ts
async function openRemoteImage(client, name, platform) {
  const { digest, images } = await readStored(client, name, platform);
  return { ...remoteImageOf(images[0]), digest };
}
function remoteImageOf({ config, layers, annotations, repository, manifest }) {
  const diffIds = diffIdsOf(config) ?? [];
  if (diffIds.length !== layers.length) {
    throw new Failure(
      `Cannot use ${formatRepository(repository)}@${manifest.descriptor.digest}: it lists ${layers.length} layers, but its config lists ${diffIds.length} diff_ids.`
    );
  }
  return {
    config,
    annotations,
    layers: layers.map((layer, i) => remoteLayer(layer, repository, diffIds[i]))
  };
}
function remoteLayer({ descriptor, open: open2 }, repository, diffId) {
  const { mediaType, digest, size } = descriptor;
  const encoding = layerEncoding(descriptor, diffId);
  if (encoding === void 0) {
    throw new Failure(
      `Cannot use ${formatRepository(repository)}: its layer ${digest} has the unsupported media type ${mediaType}.`
    );
  }
  const chunked = chunkedPositionsOf(descriptor);
  const blob = { mediaType: mediaTypeOf[encoding], digest, size };
  return {
    diffId,
    encoding,
    size,
    descriptor: blob,
    remote: { descriptor: blob, facts: { diffId, ...chunked === void 0 ? {} : { chunked } }, repository, open: open2 },
    open: open2
  };
}

// src/metadata/image-labels.ts
function imageLabels({ meta, base, platform }, metadata, annotate) {
  const ofPackage = meta === void 0 ? {} : packageLabels(meta);
  const labels = withoutKeys({ ...ofPackage, ...baseLabels(base), ...metadata.labels }, metadata.deleted);
  const at = (target) => annotate.includes(target) ? labels : {};
  const annotations = annotationsOf(metadata.annotations, "manifest", platform);
  return { labels, config: at("config"), manifest: { ...at("manifest"), ...annotations } };
}

// src/stages/open/label-image.ts
function labelImage(image, metadata, {
  inputs,
  meta,
  runtime
}) {
  const { created, deleted } = metadata;
  const target = { meta, base: image.base, platform: platformOf(image.config) };
  const { labels, config: ofConfig, manifest: annotations } = imageLabels(target, metadata, inputs.annotate);
  const config = withChanges(image.config, { labels: ofConfig, deleted, created });
  for (const [key, value] of Object.entries(labelsOf(config))) runtime.log.info(`${key}=${value}`);
  const print = inputs.dryRun ? runtime.log.info : runtime.log.debug;
  for (const [key, value] of Object.entries(annotations)) print(`manifest:${key}=${value}`);
  const before = withoutKeys(image.annotations ?? {}, deleted);
  return { image: { ...withContents(image), config, annotations: before }, labels, annotations };
}

// src/stages/show-reading.ts
function showReading(open2, {
  name,
  size,
  log
}) {
  return async function* (options) {
    const activity = log.activity(name, size);
    try {
      for await (const chunk of open2(options)) {
        activity.add(chunk.length);
        yield chunk;
      }
    } finally {
      activity.end();
    }
  };
}

// src/pack/meter.ts
function createMeter() {
  const hash = createHash("sha256");
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

// src/check/watch-tar.ts
var types = {
  "0": "file",
  "1": "hardlink",
  "2": "symlink",
  "5": "directory"
};
function watchTar(collector) {
  const start = Buffer.allocUnsafe(startSize);
  let isWhole = true;
  let member;
  let filled = 0;
  const report = (content) => {
    if (member === void 0) return;
    collector.add({ ...member, type: types[member.flag] ?? "other" }, content);
    member = void 0;
  };
  const watcher = watchMembers({
    onHeaders(_, headers) {
      member = headers;
      filled = 0;
      if (headers.size === 0) report(start.subarray(0, 0));
    },
    onContent(bytes) {
      if (member === void 0) return;
      const wanted = Math.min(startSize, member.size) - filled;
      start.set(bytes.subarray(0, wanted), filled);
      filled += Math.min(wanted, bytes.length);
      if (bytes.length >= wanted) report(start.subarray(0, filled));
    },
    onContentEnd() {
    },
    onEnd() {
    }
  });
  const unlessUnusual = (body) => {
    if (!isWhole) return;
    try {
      body();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      isWhole = false;
    }
  };
  return {
    read: (chunk) => unlessUnusual(() => watcher.read(chunk)),
    end() {
      unlessUnusual(() => watcher.end());
      return collector.end(isWhole);
    }
  };
}

// src/check/watch-layer.ts
function watchLayer({ reportsMembers }, budget) {
  if (budget === void 0) return { options: reuseBuffer, through: (tar) => tar, files: () => void 0 };
  const collector = collectFiles(budget);
  if (reportsMembers !== true) {
    const watcher = watchTar(collector);
    return { options: reuseBuffer, through: (tar) => passing(tar, watcher), files: watcher.end };
  }
  const onMember = (member, start) => {
    const { name, linkname } = member;
    const isText = isAscii(name) && (linkname === "" || isAscii(linkname));
    collector.add(isText ? member : { ...member, name: textOf(name), linkname: textOf(linkname) }, start);
  };
  return { options: { ...reuseBuffer, onMember }, through: (tar) => tar, files: () => collector.end(true) };
}
async function* passing(tar, watcher) {
  for await (const chunk of tar) {
    watcher.read(chunk);
    yield chunk;
  }
}

// src/pack/buffer-blob.ts
var memory = createBlockMemory(1 << 17);
var mostBlocks = 128;
var blocksKept = 0;
async function onDisk(work, file) {
  try {
    return await work;
  } catch (cause) {
    const advice = "Free some space there, or set TMPDIR (on a runner: RUNNER_TEMP) to a directory with room for all layers.";
    throw new Failure(`Cannot keep a layer in ${dirname2(file)}: ${messageOf(cause)}. ${advice}`, { cause });
  }
}
async function bufferBlob(source, file) {
  const kept = [];
  const release = () => {
    blocksKept -= kept.length;
    for (const { buffer } of kept.splice(0)) memory.give(Buffer.from(buffer));
  };
  let handle;
  try {
    for await (const { block, length } of blocksOf(source, memory)) {
      const bytes = block.subarray(0, length);
      if (handle === void 0 && blocksKept < mostBlocks) {
        kept.push(bytes);
        blocksKept += 1;
        continue;
      }
      handle ??= await onDisk(open(file, "w"), file);
      for (const part of kept) await onDisk(handle.writeFile(part), file);
      release();
      await onDisk(handle.writeFile(bytes), file);
      memory.give(block);
    }
  } catch (error) {
    release();
    throw error;
  } finally {
    await handle?.close();
  }
  if (handle !== void 0) return { open: (options) => openFile(file, options), release };
  return {
    async *open() {
      yield* kept;
    },
    release
  };
}

// src/pack/pack-layer.ts
async function packLayer(layer, file, options = {}) {
  return isPassedOn(layer, options.compression) ? keepLayer(layer, options) : makeLayer(layer, file, options);
}
function isPassedOn({ encoding, keepsBlob }, compression) {
  return compression === void 0 && (encoding !== "tar" || keepsBlob === true);
}
async function makeLayer(layer, file, { compression = defaultCompression, budget }) {
  const watch = watchLayer(layer, budget);
  const tar = createMeter();
  const blob = createMeter();
  const { bytes, chunked } = compress(tar.through(watch.through(openTar(layer, watch.options))), compression);
  const { open: open2, release } = await bufferBlob(blob.through(bytes), file);
  const diffId = checkDiffId(layer, tar.digest());
  const descriptor = {
    mediaType: mediaTypeOf[encodingOf(compression)],
    digest: blob.digest(),
    size: blob.size()
  };
  return {
    descriptor: withFacts(descriptor, {
      ...identityOf(layer),
      diffId,
      compression: compressionName(compression),
      ...chunkedFact(chunked())
    }),
    diffId,
    isCertain: true,
    files: watch.files(),
    tarSize: async () => tar.size(),
    open: open2,
    openTar: () => openTar(layer),
    release
  };
}
async function keepLayer(layer, { budget }) {
  const watch = watchLayer(layer, budget);
  const tar = createMeter();
  const blob = createMeter();
  const { encoding } = layer;
  const bytes = blob.through(layer.open(watch.options));
  const plain = encoding === "tar" ? bytes : decompressReusing(bytes, encoding, descriptionOf(layer));
  await drain(tar.through(watch.through(plain)));
  const diffId = checkDiffId(layer, tar.digest());
  const descriptor = { mediaType: mediaTypeOf[encoding], digest: blob.digest(), size: blob.size() };
  checkDescriptor(layer, descriptor);
  return {
    descriptor: withFacts(descriptor, {
      ...identityOf(layer),
      diffId,
      ...chunkedFact(layer.descriptor && chunkedPositionsOf(layer.descriptor))
    }),
    diffId,
    isCertain: false,
    files: watch.files(),
    tarSize: async () => tar.size(),
    // Compressed layers are in files. A tar that is created while being read may have chunks too small to send from one
    // buffer.
    open: (options) => layer.open(encoding === "tar" ? void 0 : options),
    openTar: () => openTar(layer),
    release() {
    }
  };
}
function openTar(layer, options) {
  const { encoding } = layer;
  if (encoding === "tar") return layer.open(options);
  const plain = options?.reuseBuffer ? decompressReusing : decompress;
  return plain(layer.open(reuseBuffer), encoding, descriptionOf(layer));
}
function descriptionOf({ description, diffId }) {
  return description ?? (diffId === void 0 ? "a layer" : `the layer ${diffId}`);
}
function identityOf({ identity }) {
  return identity === void 0 ? {} : { identity };
}
function chunkedFact(chunked) {
  return chunked === void 0 ? {} : { chunked };
}
function checkDiffId(layer, diffId) {
  if (layer.diffId === void 0 || layer.diffId === diffId) return diffId;
  throw new Failure(
    `Cannot use ${descriptionOf(layer)}: the config lists the diffID ${layer.diffId}, but its content has ${diffId}. The store paths in it changed after the build, or do not build reproducibly: rebuild all of them on this machine.`
  );
}
function checkDescriptor(layer, { digest, size }) {
  const { descriptor } = layer;
  if (descriptor === void 0 || descriptor.digest === digest && descriptor.size === size) return;
  throw new Failure(
    `Cannot use ${descriptionOf(layer)}: the manifest lists ${descriptor.digest} with ${descriptor.size} bytes, but its blob is ${digest} with ${size} bytes.`
  );
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

// src/image/layering/split-paths.ts
async function splitPaths(paths, { image, kept, alsoKnown = [] }, { maxLayers = defaultMaxLayers, layersAbove = 0, readClosure }) {
  const room = maxLayers - kept - layersAbove;
  if (room < 1) {
    const others = `${kept} layers stay unchanged${layersAbove === 0 ? "" : `, ${layersAbove} come on top`}`;
    throw new Failure(
      `Cannot use layering: stable for ${image} with ${maxLayers} layers: ${others}, and the store paths need at least one more. Raise max-layers.`
    );
  }
  const closure = await readClosure([.../* @__PURE__ */ new Set([...paths, ...alsoKnown])].sort());
  return { layers: stableLayers(closureWithin(new Set(paths), closure), room), closure };
}
function closureWithin(paths, closure) {
  const of = (path) => {
    const info = closure.get(path);
    if (info !== void 0) return info;
    throw new Failure(`Cannot distribute store paths over layers: Nix does not know ${path}.`);
  };
  const referencesOf = (path) => {
    const found = /* @__PURE__ */ new Set();
    const passed = /* @__PURE__ */ new Set([path]);
    for (const one of passed) for (const to of of(one).references) (paths.has(to) ? found : passed).add(to);
    return [...found];
  };
  return new Map([...paths].map((path) => [path, { narSize: of(path).narSize, references: referencesOf(path) }]));
}

// src/tar/read-members.ts
async function* readMembers(source, description) {
  const { default: tarStream } = await import("./chunk-RK5PMWXW.mjs");
  const extract = tarStream.extract();
  const feed = async () => {
    for await (const chunk of source) if (!extract.write(chunk)) await once(extract, "drain");
    extract.end(void 0);
  };
  feed().catch((error) => extract.destroy(error));
  try {
    for await (const entry of extract) {
      const { name, type, size = 0, mode, uid, gid, uname, gname, mtime, linkname } = entry.header;
      const header = JSON.stringify([type, mode, uid, gid, uname, gname, mtime, linkname]);
      const isFile = type === "file" || type === "contiguous-file";
      yield { name, isFile, size, header, content: entry };
      entry.resume();
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot read ${description}: it is not a tar archive, or it is damaged (${messageOf(cause)}).`, {
      cause
    });
  }
}

// src/stages/open/open-verifier.ts
var largestFile = 1 << 20;
async function openVerifier({ require: { signer } }, runtime) {
  if (signer === void 0) return void 0;
  const { openVerifier: open2 } = await import("./chunk-QEQROEJW.mjs");
  const verify = await open2(await readWanted(signer, runtime));
  if (signer.kind === "key") return { name: "the key in require-key", input: "require-key", verify };
  return { name: signer.identities.join(" or "), input: "require-signed", verify };
}
async function readSignerDigest({ require: { signer } }, runtime) {
  if (signer === void 0) return void 0;
  const wanted = await readWanted(signer, runtime);
  const bytes = wanted.kind === "key" ? wanted.pem : wanted.trustedRoot;
  return bytes && digestOf(bytes);
}
async function readWanted(signer, { resolve, temporary }) {
  const read = async (path, name) => {
    try {
      return await readWholeFile(resolve(path), largestFile, path);
    } catch (cause) {
      throw new Failure(`Cannot read ${path}, given as ${name}: ${messageOf(cause)}.`, { cause });
    }
  };
  if (signer.kind === "key") {
    const isPem = signer.key.startsWith("-----BEGIN ");
    return { kind: "key", pem: isPem ? Buffer.from(signer.key) : await read(signer.key, "require-key") };
  }
  const { identities, issuer, trustedRoot: root } = signer;
  const trustedRoot = root === void 0 ? void 0 : await read(root, "trusted-root");
  return { kind: "identity", identities, issuer, trustedRoot, directory: temporary };
}

// src/stages/build/find-decisive.ts
async function findDecisive(images, context, usedNix) {
  try {
    return await readDecisive(images, context, usedNix);
  } catch (error) {
    context.runtime.log.debug(`The result of this build has no key: ${messageOf(error)}`);
    return void 0;
  }
}
async function readDecisive(images, { runtime, access }, usedNix) {
  const { env } = runtime;
  if (env.NIX_PATH) throw new Failure("NIX_PATH is set");
  for (const inputs of images) refuseImpure(inputs);
  const installables = images.flatMap(({ builds, contents }) => [...builds.map(installableOf), ...contents]);
  const [flakes, nixVersion, settings, shapes] = await Promise.all([
    readFlakes(new Set(installables), runtime),
    usedNix ?? readVersionToUse(images[0].nix, runtime),
    readSettings(withNixConfig(env, { nixConf: images[0].nix.nixConf })),
    Promise.all(
      images.map(async (inputs) => ({
        inputs: shapingInputs(inputs),
        base: await readBaseDigest(inputs, access),
        signer: await readSignerDigest(inputs, runtime)
      }))
    )
  ]);
  refuseImpureSettings(settings);
  return {
    source: { flakes },
    nixVersion,
    system: nixSystem,
    store: storeDirectoryOf(env),
    settings,
    images: shapes
  };
}
function refuseImpure({ impure: impure2, reuse, buildArgs }) {
  if (impure2) throw new Failure("impure is set");
  if (reuse === "off") throw new Failure("reuse: off makes every layer");
  const unknown = findUnknown(buildArgs);
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
function findUnknown(buildArgs) {
  return buildArgs.find((argument) => !harmlessArguments.has(argument) && !/^\d+$/.test(argument));
}
function installableOf({ source }) {
  if (source.kind === "installable") return source.installable;
  throw new Failure(`${source.kind} is not evaluated as a flake`);
}
async function readFlakes(installables, { resolve, cleanCommit }) {
  const flakes = await Promise.all([...installables].map((installable) => readLocalFlake(installable, resolve)));
  const locks = new Map(flakes.map(({ directory, lock }) => [directory, lock]));
  const read = async ([directory, lock]) => {
    await refuseImpureFlake(directory);
    const commit = await cleanCommit(directory, lock === void 0 ? [] : ["flake.lock"]);
    if (commit !== void 0) return { commit, lock };
    throw new Failure(`the files in ${directory} differ from the commit that is checked out, or git cannot tell`);
  };
  return Promise.all([...locks].map(read));
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
  const decisive = openBackend(images, runtime) && await findDecisive(images, context);
  if (decisive === void 0) return { decisive, result: void 0, images };
  try {
    return { decisive, result: await fetchSame(images, decisive, runtime), images };
  } catch (error) {
    const [first, ...others] = images;
    if (first.cache.registry === void 0) {
      warnOfFailure(error, runtime);
      return { decisive, result: void 0, images };
    }
    runtime.log.warning(`Running without the store cache: ${messageOf(error)}`);
    const without = [{ ...first, cache: { ...first.cache, use: "off" } }, ...others];
    return { decisive: void 0, result: void 0, images: without };
  }
}
function warnOfFailure(error, { log }) {
  log.warning(`Building, since the result of an earlier run cannot be used: ${messageOf(error)}`);
}
async function fetchSame(images, decisive, runtime) {
  const backend = openBackend(images, runtime);
  if (backend === void 0 || images[0].rebuild === "always" || !images.every(isOnlyPushed)) return void 0;
  const key = resultKey(decisive);
  const ignore = (message, entry = key) => runtime.log.warning(`Ignoring the result of an earlier run ${entry}: ${message}`);
  const result = await fetchResult(key, backend, ({ message }, entry) => ignore(message, entry));
  if (result === void 0 || hasImages(result, images)) return result;
  ignore("it has images for other platforms");
  return void 0;
}
function openBackend([inputs], runtime) {
  return inputs.cache.use === "off" ? void 0 : openResults(inputs, runtime, "pull");
}
function isOnlyPushed({ push, dryRun, load, output, sbom }) {
  return (push || dryRun) && !load && output === void 0 && sbom.formats.length === 0;
}
function hasImages({ images: built }, images) {
  const wanted = images.map(({ builds, platforms }) => builds.map(({ platform = platforms[0] }) => platform));
  const areFor = (results, asked = []) => results.length === asked.length && results.every((result, i) => isFor(asked[i], result));
  return built.length === wanted.length && built.every((results, i) => areFor(results, wanted[i]));
}
function isFor(platform, { config }) {
  return platform === void 0 || closestTo(platform, [platformOf(config)], (one) => one).length > 0;
}

export {
  readLocalFlake,
  baseImageName,
  readStored,
  indexArchive,
  shapeOf,
  isBzip2,
  describeFile,
  describeDirectory,
  openLayoutDirectory,
  withName,
  readBlob2 as readBlob,
  parseDescriptor,
  readManifest,
  readConfig,
  openOciLayout,
  openLayoutImages,
  checkVersion,
  openLayer,
  openRemoteImage,
  remoteImageOf,
  labelImage,
  showReading,
  createMeter,
  drain,
  watchLayer,
  packLayer,
  isPassedOn,
  openTar,
  checkDiffId,
  checkDescriptor,
  reuseLayer,
  confirmLayer,
  splitPaths,
  readMembers,
  openVerifier,
  findDecisive,
  findUnknown,
  recallResult,
  warnOfFailure,
  fetchSame,
  isOnlyPushed
};
