import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  saveStore
} from "./chunk-KHDMYFLA.mjs";
import {
  readWholeFile
} from "./chunk-26MOZYYU.mjs";
import {
  openFiles
} from "./chunk-2ZAGE6CE.mjs";
import {
  diffIdsOf,
  parseConfig
} from "./chunk-F6TB5S6D.mjs";
import {
  areStorePaths,
  mostLayers
} from "./chunk-MGSFRYDV.mjs";
import {
  layerEncoding,
  layerFactsOf,
  mediaTypeOf,
  withFacts
} from "./chunk-ROPKUCAE.mjs";
import {
  isDescriptor,
  isStorePath
} from "./chunk-G5OCPV4E.mjs";
import {
  largestJson,
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
  Failure,
  messageOf
} from "./chunk-WFDJKZW3.mjs";

// src/results/results-backend.ts
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

// src/oci/check-image.ts
function checkImage(image) {
  const { json, bytes } = image.config;
  const fail = (why) => new Failure(`Cannot publish the image: its config ${why}.`);
  for (const field of ["architecture", "os"]) {
    if (!json[field]) throw fail(`has no ${field}. Engines need one, such as ${field === "os" ? "linux" : "amd64"}`);
  }
  const diffIds = diffIdsOf(image.config);
  if (diffIds !== void 0 && diffIds.length !== image.layers.length) {
    throw fail(`lists ${diffIds.length} diff_ids, but the image has ${image.layers.length} layers`);
  }
  if (diffIds !== void 0 && isObject(json.rootfs) && json.rootfs.type !== "layers") {
    throw fail('has no rootfs.type, which must be "layers"');
  }
  if (bytes.length > largestJson) {
    throw fail(`has ${bytes.length} bytes, more than the ${largestJson} that registries and engines accept`);
  }
}

// src/results/result-key.ts
var resultFormat = 1;
function resultKey(decisive) {
  return `nix-image-result-${resultFormat}-${hexOf(digestOf(JSON.stringify(decisive)))}`;
}

// src/results/result-entry.ts
var largestEntry = 24 << 20;
var mostLayers2 = 127;
var longestText = 4096;
function formatResult(key, { images, ...result }) {
  const format = ({ config, ...image }) => ({
    ...image,
    config: Buffer.from(config.bytes).toString("base64")
  });
  return JSON.stringify({
    format: resultFormat,
    key,
    ...result,
    images: images.map((platforms) => platforms.map(format))
  });
}
function parseResult(text, key) {
  const json = parseJsonObject(text, "the entry", { largest: largestEntry });
  if (json.format !== resultFormat) throw new Failure(`its format is not ${resultFormat}`);
  if (json.key !== key) throw new Failure("it was saved under another key");
  const { time, run, nixVersion, images } = json;
  if (typeof time !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time)) throw new Failure("it has no time");
  if (run !== void 0 && !isWebAddress(run)) throw new Failure("its run is not a web address");
  if (typeof nixVersion !== "string" || !/^\d[\w.+-]{0,50}$/.test(nixVersion))
    throw new Failure("it has no version of Nix");
  return {
    time,
    run,
    nixVersion,
    images: listOf(images, "images").map((platforms) => listOf(platforms, "platforms").map(parseBuilt))
  };
}
function isWebAddress(value) {
  return isText(value) && /^https?:\/\/[!-~]+$/.test(value);
}
function parseBuilt(value) {
  const { drvPath, config: encoded, annotations, base, meta, layers: list } = isObject(value) ? value : {};
  if (!isStorePath(drvPath)) throw new Failure("it has an image without a derivation");
  if (typeof encoded !== "string") throw new Failure("it has an image without a config");
  const config = parseConfig(Buffer.from(encoded, "base64"), "its config");
  const layers = listOf(list, "layers").map(parseLayer);
  const diffIds = diffIdsOf(config);
  checkImage({ config, layers });
  if (layers.length > mostLayers2) throw new Failure(`it has an image with ${layers.length} layers`);
  if (diffIds?.some((diffId, i) => diffId !== layerFactsOf(layers[i].descriptor)?.diffId)) {
    throw new Failure("a config in it lists other diffIDs than its layers have");
  }
  return {
    drvPath,
    config,
    annotations: parseAnnotations(annotations),
    base: parseBase(base),
    meta: parseMeta(meta),
    layers
  };
}
function parseLayer(value) {
  const { descriptor, contents } = isObject(value) ? value : {};
  return { descriptor: parseDescriptor(descriptor), contents: parseContents(contents) };
}
function parseDescriptor(value) {
  const facts = isDescriptor(value) ? layerFactsOf(value) : void 0;
  if (!isDescriptor(value) || facts === void 0)
    throw new Failure("it has a layer without a digest, a size or a diffID");
  const { mediaType, digest, size } = value;
  if (!Object.values(mediaTypeOf).includes(mediaType) || layerEncoding(value, facts.diffId) === void 0) {
    throw new Failure("it has a layer whose media type is not one of a layer");
  }
  if (![facts.compression ?? "", facts.identity ?? ""].every(isText))
    throw new Failure("it has a layer with a name that is too long");
  return withFacts({ mediaType, digest, size }, facts);
}
function parseContents(value) {
  if (value === void 0) return void 0;
  const { paths, history } = isObject(value) ? value : {};
  if (!Array.isArray(paths) || !paths.every(isLayerPath) || typeof history !== "string") {
    throw new Failure("it has a layer with malformed contents");
  }
  return { paths, history };
}
function isLayerPath(value) {
  const { path, narSize } = isObject(value) ? value : {};
  return isText(path) && (narSize === void 0 || Number.isSafeInteger(narSize));
}
function parseAnnotations(value) {
  if (isObject(value) && Object.values(value).every(isText)) return value;
  throw new Failure("it has an image without annotations");
}
function parseBase(value) {
  if (value === void 0) return void 0;
  const { name, digest } = isObject(value) ? value : {};
  if (isText(name) && typeof digest === "string" && isDigest(digest)) return { name, digest };
  throw new Failure("it has a base without a name or a digest");
}
function parseMeta(value) {
  if (value === void 0) return void 0;
  const json = isObject(value) ? value : {};
  const text = (name) => {
    const found = json[name];
    if (found === null || isText(found)) return found;
    throw new Failure(`what it says about a package lacks the ${name}`);
  };
  return {
    description: text("description"),
    license: text("license"),
    homepage: text("homepage"),
    version: text("version")
  };
}
function isText(value) {
  return typeof value === "string" && value.length <= longestText;
}
function listOf(value, name) {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new Failure(`it has no ${name}`);
}

// src/results/results-backend.ts
async function fetchResult(key, { backend, temporary }) {
  const file = join(temporary, "result");
  if (await backend.restore(file, key, []) !== key) return void 0;
  return parseResult(await readWholeFile(file, largestEntry, "the entry"), key);
}
async function saveResult(key, text, { backend, temporary }) {
  if (await backend.find(key, []) === key) return false;
  const file = join(temporary, "result");
  await writeFile(file, text);
  return backend.save(file, key);
}

// src/stages/build/save-task.ts
var longestKey = 512;
function parsePostTask(text) {
  const json = JSON.parse(text);
  if (!isObject(json)) throw new Failure("the main step left a malformed task.");
  const { store, results = [] } = json;
  if (!Array.isArray(results)) throw new Failure("the main step left a malformed task.");
  return {
    ...store === void 0 ? {} : { store: parseSaveTask(store) },
    results: results.map(parseResultTask)
  };
}
function parseResultTask(value) {
  const { key, text } = isObject(value) ? value : {};
  if (typeof key !== "string" || typeof text !== "string") throw new Failure("the main step left a malformed task.");
  parseResult(Buffer.from(text), key);
  return { key, text };
}
function parseSaveTask(json) {
  const { key, base, build, layers } = isObject(json) ? json : {};
  if (!isKey(key) || !isKey(base) || !Array.isArray(layers) || layers.length > mostLayers || !layers.every(isDescriptor)) {
    throw new Failure("the main step left a malformed task.");
  }
  return {
    ...key === void 0 ? {} : { key },
    ...base === void 0 ? {} : { base },
    layers,
    ...build === void 0 ? {} : { build: parseBuild(build) }
  };
}
function isKey(value) {
  return value === void 0 || typeof value === "string" && value.length <= longestKey;
}
function parseBuild(value) {
  const { outputs, paths, toolchain } = isObject(value) ? value : {};
  if (areStorePaths(outputs) && areStorePaths(paths) && areStorePaths(toolchain)) return { outputs, paths, toolchain };
  throw new Failure("the main step left a task with an invalid store path.");
}

// src/stages/build/save-after.ts
async function saveAfter(store, run, publish) {
  const isPostponed = run.runtime.afterJob !== void 0;
  if (isPostponed) await save({ store }, run);
  try {
    const { result, entries } = await publish();
    await save({ store: store && { ...store, layers: certainLayers(result.images) }, results: entries }, run);
    return result;
  } catch (error) {
    if (!isPostponed) await save({ store }, run);
    throw error;
  }
}
async function save(task, run) {
  if (task.store === void 0 && (task.results ?? []).length === 0) return;
  const text = JSON.stringify(task);
  try {
    await (run.runtime.afterJob?.(text) ?? runPostTask(text, run));
  } catch (error) {
    run.runtime.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
  }
}
async function runPostTask(text, run) {
  const { store, results = [] } = parsePostTask(text);
  for (const result of results) await saveResultOf(result, run);
  if (store !== void 0) await saveStore(store, run);
}
async function saveResultOf({ key, text }, { inputs, runtime }) {
  const backend = openFiles(inputs.cache, runtime);
  if (backend === void 0) return;
  try {
    const isSaved = await saveResult(key, text, { backend, temporary: runtime.temporary });
    if (isSaved) runtime.log.info(`Saved the result of this build as ${key}`);
  } catch (error) {
    runtime.log.warning(`Cannot save the result of this build: ${messageOf(error)}`);
  }
}
function certainLayers(images) {
  const layers = images.flatMap(({ platforms }) => platforms.flatMap(({ layers: layers2 }) => layers2));
  const certain = layers.filter(({ isCertain }) => isCertain).map(({ descriptor }) => descriptor);
  return [...new Map(certain.map((descriptor) => [JSON.stringify(descriptor), descriptor])).values()].slice(
    0,
    mostLayers
  );
}

export {
  resultKey,
  checkImage,
  largestEntry,
  formatResult,
  parseResult,
  fetchResult,
  saveAfter,
  runPostTask
};
