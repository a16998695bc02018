import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  decompress,
  decompressReusing
} from "./chunk-I6KOPCOT.mjs";
import {
  collectFiles,
  compress,
  compressionName,
  defaultCompression,
  encodingOf,
  openFile,
  reuseBuffer,
  startSize
} from "./chunk-REXRYIA7.mjs";
import {
  chunkedPositionsOf,
  mediaTypeOf,
  withFacts
} from "./chunk-ROPKUCAE.mjs";
import {
  watchMembers
} from "./chunk-OKAHSBUE.mjs";
import {
  isAscii,
  textOf
} from "./chunk-GPVCC3OF.mjs";
import {
  blocksOf,
  createBlockMemory
} from "./chunk-CNJZ53BR.mjs";
import {
  digestOfHash
} from "./chunk-LZSYUQMR.mjs";
import {
  Failure,
  messageOf
} from "./chunk-WFDJKZW3.mjs";

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
import { open } from "node:fs/promises";
import { dirname } from "node:path";
var memory = createBlockMemory(1 << 17);
var mostBlocks = 128;
var blocksKept = 0;
async function onDisk(work, file) {
  try {
    return await work;
  } catch (cause) {
    const advice = "Free some space there, or set TMPDIR (on a runner: RUNNER_TEMP) to a directory with room for all layers.";
    throw new Failure(`Cannot keep a layer in ${dirname(file)}: ${messageOf(cause)}. ${advice}`, { cause });
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

// src/pack/meter.ts
import { createHash } from "node:crypto";
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

export {
  watchLayer,
  createMeter,
  drain,
  packLayer,
  isPassedOn,
  openTar,
  identityOf,
  checkDiffId,
  checkDescriptor
};
